//! `caseway form try`: what would be understood of a mail.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::cli::mail::reading;
use crate::cli::output::{self, Output, cell};
use crate::cli::{Exit, Globals, words};
use crate::config::Config;
use crate::desk::form::choose::{Chosen, choose};
use crate::desk::form::read;
use crate::desk::form::state::{Filled, FormState};
use crate::desk::id::TicketId;
use crate::intent::judge::Class;
use crate::mail::language::Language;
use crate::mail::{self, Mail};
use crate::time::Clock;

/// Show what would be understood of a mail: what it wants, which form it begins, which values are read
///
/// Nothing is stored and nothing is sent. Likely wishes are told with the words that speak for them; a form begins by its
/// mailbox, subjects and words, or when it is likely enough by what was learnt and by the form's examples.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  caseway form try mail.eml
  caseway form try --mailbox registration *.eml --json | jq .form
  caseway form try --text \"hi, I got a new phone and the codes are gone\"")]
pub struct Args {
    /// Mails (RFC 5322) to try; - is standard input
    #[arg(value_name = "FILE", required_unless_present = "text")]
    files: Vec<PathBuf>,
    /// The words of a mail, instead of files
    #[arg(long, conflicts_with = "files")]
    text: Option<String>,
    /// The subject, with --text
    #[arg(long, default_value = "", requires = "text")]
    subject: String,
    /// The sender, with --text
    #[arg(long, value_name = "ADDRESS", default_value = "Jane Doe <jane.doe@customer.test>", requires = "text")]
    from: String,
    /// The mailbox that it comes to [default: the first that no form has]
    #[arg(long, value_name = "NAME")]
    mailbox: Option<String>,
    #[command(flatten)]
    output: Output,
}

/// What was understood of one mail; a line of `--json`.
#[derive(Debug, Serialize)]
struct Tried {
    file: String,
    wishes: Vec<Likely>,
    because: Vec<String>,
    form: Option<String>,
    by: &'static str,
    values: BTreeMap<String, String>,
    doubts: BTreeMap<String, String>,
    missing: Vec<String>,
}

/// What a mail may want.
#[derive(Debug, Serialize)]
struct Likely {
    wish: String,
    probability: f32,
}

/// Wishes less likely than this are not told.
const LEAST: f32 = 0.05;

/// Prints what is understood of every mail.
pub fn run(args: &Args, globals: &Globals) -> anyhow::Result<Exit> {
    let config = globals.config()?;
    let mailbox = mailbox(&config, args.mailbox.as_deref())?;
    let mut out = output::stdout();
    let mut tried = |name: &str, mail: &Mail| -> anyhow::Result<()> {
        let tried = attempt(&config, &mailbox, name, mail);
        if args.output.json { output::write_json(&mut out, &tried) } else { Ok(write(&mut out, &tried)?) }
    };
    if let Some(text) = &args.text {
        let head = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit";
        let body = text.replace('\n', "\r\n");
        let raw = format!("From: {}\r\nSubject: {}\r\n{head}\r\n\r\n{body}\r\n", cell(&args.from), cell(&args.subject));
        tried("the text", &mail::read(raw.as_bytes()))?;
    }
    let mut exit = Exit::Done;
    for file in &args.files {
        match reading::bytes(Path::new(file)) {
            Ok(raw) => tried(&file.to_string_lossy(), &mail::read(&raw))?,
            Err(error) => {
                output::complain(&error);
                exit = Exit::Failed;
            }
        }
    }
    out.flush()?;
    Ok(exit)
}

fn mailbox(config: &Config, typed: Option<&str>) -> anyhow::Result<String> {
    let names: Vec<&str> = config.mailboxes.keys().map(String::as_str).collect();
    let has_form = |name: &str| config.forms.values().any(|form| form.mailboxes.iter().any(|mailbox| mailbox == name));
    let found = match typed {
        Some(typed) => names.iter().find(|name| **name == typed),
        None => names.iter().find(|name| !has_form(name)).or(names.first()),
    };
    let found = found.with_context(|| format!("there is no such mailbox; there is {}", names.join(", ")))?;
    Ok((*found).to_owned())
}

fn attempt(config: &Config, mailbox: &str, name: &str, mail: &Mail) -> Tried {
    let Chosen { form, by, judgement, .. } = choose(config, mailbox, mail);
    let today = Clock::system().now().to_zoned(TimeZone::UTC).date();
    let state = form.map(|form| {
        let mut state = FormState::new(TicketId(0), form);
        state.merge(form, read::read(form, mail, &read::Context::first(today)));
        state
    });
    let data = state.as_ref().map(|state| &state.data);
    let likely = judgement.ranked.iter().filter(|(_, probability)| *probability >= LEAST);
    let wish = |class: &Class| match class {
        Class::Wish(wish) => wish.as_str().to_owned(),
        Class::Form(form) => form.clone(),
    };
    let value = |(name, filled): (&String, &Filled)| (name.clone(), filled.value.to_string());
    let missing = form.zip(state.as_ref()).map(|(form, state)| state.missing(form)).unwrap_or_default();
    Tried {
        file: name.to_owned(),
        wishes: likely.map(|(class, probability)| Likely { wish: wish(class), probability: *probability }).collect(),
        because: judgement.because,
        form: form.map(|form| form.name.clone()),
        by: if form.is_some() { by } else { "" },
        values: data.map(|data| data.values.iter().map(value).collect()).unwrap_or_default(),
        doubts: data
            .map(|data| data.doubts.iter().map(|(name, trouble)| (name.clone(), trouble.words(Language::En))).collect())
            .unwrap_or_default(),
        missing: missing.iter().map(|field| field.name.clone()).collect(),
    }
}

/// Columns of the names.
const NAME: usize = 20;

fn write(out: &mut impl Write, tried: &Tried) -> std::io::Result<()> {
    let width = words::terminal_width();
    words::hanging(out, "Mail", NAME, &cell(&tried.file), width)?;
    let wishes = tried.wishes.iter().map(|likely| format!("{} {:.0} %", likely.wish, likely.probability * 100.0));
    words::hanging(out, "Wants", NAME, &wishes.collect::<Vec<_>>().join(", "), width)?;
    words::hanging(out, "Because of", NAME, &cell(&tried.because.join(", ")), width)?;
    let form = match &tried.form {
        Some(form) => format!("{form}, by {}", tried.by),
        None => "none: an ordinary request".to_owned(),
    };
    words::hanging(out, "Form", NAME, &form, width)?;
    for (name, value) in &tried.values {
        words::hanging(out, &format!("  {name}"), NAME, &cell(value), width)?;
    }
    for (name, doubt) in &tried.doubts {
        words::hanging(out, &format!("  {name}"), NAME, &format!("is asked: {}", cell(doubt)), width)?;
    }
    let undoubted: Vec<&str> =
        tried.missing.iter().filter(|name| !tried.doubts.contains_key(*name)).map(String::as_str).collect();
    if !undoubted.is_empty() {
        words::hanging(out, "Missing", NAME, &undoubted.join(", "), width)?;
    }
    writeln!(out)
}
