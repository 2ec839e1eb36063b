//! `caseway check`: is everything as it must be, before anybody relies on it.

mod alarm;
mod database;
mod deliverability;
mod directory;
mod finding;
mod mailbox;
mod oauth;
mod plus;
mod private;
mod transport;
mod web;

use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use futures_util::future::join_all;

use self::finding::{Finding, State};
use super::output::{self, Output};
use super::values::{duration, name_server};
use super::{Exit, Globals};
use crate::config::{self, Config, Invalid, LogFormat, Secrets};
use crate::letters::Letters;
use crate::log;
use crate::web::Pages;

/// Check the configuration, and connect to everything that is in it
///
/// Reads the configuration with its secrets, opens the database, logs in to every mailbox and every SMTP server, and
/// tries all templates. Run it as the user that the gateway runs as: then it also tells whether that user may write what
/// it must. Nothing is fetched, sent or changed, except with --probe-plus; only the folders into which
/// mails will be put (`sent_folder`, `after = { move = … }`) are made where they are missing.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  caseway check
  caseway check --config new.toml --json | jq 'select(.state != \"ok\")'
  caseway check --probe-plus
  caseway check --deliverability --sends-from 192.0.2.25

Exit code 1 when anything is wrong; warnings alone are 0.")]
pub struct Args {
    /// Find out which mailboxes get mail to support+anything@…: sends two mails to each, and removes them
    #[arg(long)]
    probe_plus: bool,
    /// Look up what the domains of your addresses publish (SPF, DKIM, DMARC, PTR, MX, MTA-STS), and say what receivers will hold against
    /// your mails
    #[arg(long, conflicts_with = "offline")]
    deliverability: bool,
    /// An address from which receivers get your mails [default: those of the SMTP servers in the configuration, where public]
    #[arg(long, value_name = "IP", requires = "deliverability")]
    sends_from: Vec<IpAddr>,
    /// The name server to ask about them, instead of the system's
    #[arg(long, value_name = "IP[:PORT]", requires = "deliverability", value_parser = name_server)]
    dns: Option<SocketAddr>,
    /// Ask no name server about your domains
    #[arg(long)]
    offline: bool,
    /// How long to wait for these mails
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = duration)]
    wait: Duration,
    #[command(flatten)]
    output: Output,
}

/// Looks at everything and prints what was found.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    log::start(LogFormat::Readable, globals.log.as_deref().unwrap_or("error"))?;
    let file = globals.config_file()?;
    let findings = match config::load(&file, Secrets::Fetch) {
        Ok(loaded) => {
            let mut findings = configuration(&file, &loaded);
            findings.extend(look(&loaded.config, &args).await);
            findings
        }
        Err(error) if args.output.json => unusable(&file, &error),
        Err(error) => return Err(error),
    };
    print(&findings, args.output)?;
    let is_wrong = findings.iter().any(|finding| finding.state == State::Wrong);
    Ok(if is_wrong { Exit::Failed } else { Exit::Done })
}

/// All looks at once; the answers in the order of the file.
async fn look(config: &Config, args: &Args) -> Vec<Finding> {
    let opened = oauth::open(config).await;
    let tokens = opened.as_ref().map(|opened| &opened.tokens);
    let mailboxes = join_all(config.mailboxes.values().map(|mailbox| mailbox::look(mailbox, tokens)));
    let ways = config.transports.iter();
    let transports = join_all(ways.map(|(name, way)| transport::look(name, way, &config.limits, tokens)));
    let (mut findings, mailboxes, transports, directory) =
        tokio::join!(database::look(config), mailboxes, transports, directory::look(config));
    findings.extend(private::look(config));
    findings.extend(mailboxes.into_iter().flatten());
    findings.extend(transports.into_iter().flatten());
    findings.extend(directory);
    findings.extend(oauth::ends(config));
    findings.push(templates(config.templates.as_deref()));
    findings.extend(config.web.as_ref().map(web::look));
    findings.extend(alarm::look(config).await);
    if args.deliverability {
        findings.extend(deliverability::look(config, args.dns, &args.sends_from).await);
    }
    if args.probe_plus {
        // After the others: what cannot be connected to is told already.
        findings.extend(plus::look(config, args.wait, tokens).await);
    }
    if let Some(opened) = opened {
        opened.close().await;
    }
    findings
}

fn configuration(file: &Path, loaded: &config::Loaded) -> Vec<Finding> {
    let (mailboxes, transports) = (loaded.config.mailboxes.len(), loaded.config.transports.len());
    let found = format!("{}: mailboxes {mailboxes}, transports {transports}", file.display());
    let warnings = loaded.warnings.iter().map(|warning| {
        // Our own words: what is wrong; what to do.
        let text = warning.to_string();
        let (found, advice) = text.split_once("; ").unwrap_or((&text, ""));
        Finding::warning("configuration", found, advice)
    });
    std::iter::once(Finding::ok("configuration", found)).chain(warnings).collect()
}

/// A configuration that cannot be used, for machines: one finding a problem.
fn unusable(file: &Path, error: &anyhow::Error) -> Vec<Finding> {
    match error.downcast_ref::<Invalid>() {
        Some(invalid) => {
            invalid.problems.iter().map(|problem| Finding::wrong("configuration", problem.to_string(), "")).collect()
        }
        None => vec![Finding::wrong("configuration", format!("{error:#}"), format!("check {}", file.display()))],
    }
}

fn templates(overrides: Option<&Path>) -> Finding {
    let loaded = Letters::load(overrides).and_then(|letters| Pages::load(overrides).map(|_| letters));
    match (loaded, overrides) {
        (Ok(_), None) => Finding::ok("templates", "built in"),
        (Ok(letters), Some(folder)) => {
            let replaced = letters.list().filter(|letter| letter.overridden_by.is_some()).count();
            Finding::ok(
                "templates",
                format!("{replaced} of {} replaced by {}", letters.list().count(), folder.display()),
            )
        }
        (Err(error), _) => Finding::wrong(
            "templates",
            format!("{error:#}"),
            "correct the files, or remove them to get the built-in ones",
        ),
    }
}

fn print(findings: &[Finding], output: Output) -> anyhow::Result<()> {
    let mut out = output::stdout();
    if output.json {
        findings.iter().try_for_each(|finding| output::write_json(&mut out, finding))?;
    } else {
        let mut table = output::table(&["state", "check", "found", "what to do"]);
        for finding in findings {
            let state = match finding.state {
                State::Ok => "ok",
                State::Warning => "warning",
                State::Wrong => "WRONG",
            };
            table.add_row([
                state.to_owned(),
                output::cell(&finding.check),
                lines(&finding.found),
                lines(&finding.advice),
            ]);
        }
        output::write_table(&mut out, &table)?;
    }
    out.flush()?;
    Ok(())
}

/// A cell of several lines.
fn lines(text: &str) -> String {
    text.lines().map(output::cell).collect::<Vec<_>>().join("\n")
}
