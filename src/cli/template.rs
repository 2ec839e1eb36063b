//! `caseway template …`: the words of the mails that we send.

use std::io::Write;

use serde::Serialize;

use super::listing::{Column, Listing, column};
use super::output::{self, Output};
use super::{Exit, Globals, words};
use crate::desk::notice::kind::Notice;
use crate::letters::Letters;
use crate::mail::language::Language;

/// Look at the words of the mails that go out
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    List(ListArgs),
    Preview(PreviewArgs),
}

/// List the templates, and which of them files of yours override
#[derive(Debug, clap::Args)]
struct ListArgs {
    #[command(flatten)]
    output: Output,
}

/// Show a mail as it would be sent, with invented people and words
///
/// Reads your overrides, so that a change can be looked at before the gateway is restarted.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  caseway template preview acknowledgement --language fi
  caseway template preview answer --html > answer.html
  caseway template preview answer --raw > answer.eml")]
struct PreviewArgs {
    /// The kind of mail, as in 'caseway template list'
    #[arg(value_name = "KIND", value_parser = notice)]
    notice: Notice,
    /// The language, as in 'caseway template list'
    #[arg(long, default_value = "en", value_parser = language)]
    language: Language,
    /// Print the HTML part
    #[arg(long)]
    html: bool,
    /// Print the whole mail as it goes to the server
    #[arg(long, conflicts_with = "html")]
    raw: bool,
}

fn notice(typed: &str) -> Result<Notice, String> {
    let wanted = typed.replace('-', "_");
    Notice::ALL.into_iter().find(|notice| notice.as_str() == wanted).ok_or_else(|| {
        let all: Vec<&str> = Notice::ALL.iter().map(|notice| notice.as_str()).collect();
        format!("there are {}", all.join(", "))
    })
}

fn language(typed: &str) -> Result<Language, String> {
    Language::from_code(&typed.to_lowercase()).ok_or_else(|| {
        let all: Vec<&str> = Language::ALL.iter().map(|language| language.code()).collect();
        format!("there are {}", all.join(", "))
    })
}

/// One line of `template list --json`.
#[derive(Serialize)]
struct TemplateLine {
    notice: &'static str,
    language: &'static str,
    path: String,
    overridden_by: Option<String>,
}

/// Runs the command of the group.
pub fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let letters = Letters::load(globals.config()?.templates.as_deref())?;
    let mut out = output::stdout();
    match args.command {
        Command::List(args) => list(&mut out, &letters, args.output)?,
        Command::Preview(args) => preview(&mut out, &letters, &args)?,
    }
    out.flush()?;
    Ok(Exit::Done)
}

const COLUMNS: &[Column] = &[
    column("KIND"),
    column("LANGUAGE"),
    column("FILE").shrinks_to(24).rank(2),
    column("WORDS").shrinks_to(20).rank(1),
];

fn list(out: &mut impl Write, letters: &Letters, output: Output) -> anyhow::Result<()> {
    let mut listing = Listing::new(COLUMNS);
    for template in letters.list() {
        let (notice, language) = (template.notice.as_str(), template.language.code());
        let overridden_by = template.overridden_by.map(|file| file.display().to_string());
        if output.json {
            output::write_json(out, &TemplateLine { notice, language, path: template.path, overridden_by })?;
        } else {
            let words = overridden_by.map_or("built in".to_owned(), |file| format!("yours: {file}"));
            listing.push([notice.to_owned(), language.to_owned(), template.path, words]);
        }
    }
    listing.write(out, words::terminal_width())?;
    Ok(())
}

fn preview(out: &mut impl Write, letters: &Letters, args: &PreviewArgs) -> anyhow::Result<()> {
    let mail = letters.preview(args.notice, args.language)?;
    match (args.raw, args.html) {
        (true, _) => out.write_all(&mail.bytes)?,
        (_, true) => out.write_all(mail.html.as_bytes())?,
        _ => write!(out, "Subject: {}\n\n{}", mail.subject, mail.text)?,
    }
    Ok(())
}
