//! `caseway oauth status`: what is held, until when, and what went wrong last; never a token.

use std::io::Write;

use jiff::Timestamp;
use serde::Serialize;

use super::opened::Opened;
use crate::cli::output::{self, Output};
use crate::cli::{Exit, Globals};
use crate::config::Secrets;
use crate::oauth::claims::Claims;
use crate::store::oauth::{self as table, Held};

/// Show who is signed in where, until when, and the last failure
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit code 1 when a provider has signed us out.")]
pub struct Args {
    #[command(flatten)]
    output: Output,
}

/// One token; field names are a promise to other programs.
#[derive(Debug, Serialize)]
struct Line {
    /// The NAME of `[oauth.NAME]`.
    provider: String,
    grant: &'static str,
    /// The user a token is for; empty where one serves all.
    user: String,
    /// `ok`, `none`, `later` or `signed out`.
    state: &'static str,
    /// What the token allows, as far as it is known.
    scopes: String,
    renewed_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    error: String,
    /// The day on which the client secret ends, where it is configured.
    secret_ends: Option<jiff::civil::Date>,
}

/// Prints what is held for each provider.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let opened = Opened::open(globals, Secrets::Leave).await?;
    let mut lines = Vec::new();
    for (name, provider) in &opened.config.oauth {
        let mut subjects = table::subjects(&opened.store, name).await?;
        if subjects.is_empty() {
            subjects.push(String::new());
        }
        for user in subjects {
            let held = table::get(&opened.store, &opened.keys, name, &user).await?;
            let claims = held.access.as_ref().map(Claims::of).unwrap_or_default();
            lines.push(Line {
                provider: name.clone(),
                grant: provider.grant.word(),
                user,
                state: state(&held),
                scopes: if held.scopes.is_empty() { claims.scopes() } else { held.scopes.clone() },
                renewed_at: held.renewed_at,
                expires_at: held.access.as_ref().map(|_| held.expires_at),
                error: held.error,
                secret_ends: provider.ends,
            });
        }
    }
    print(&lines, args.output)?;
    opened.store.close().await;
    Ok(if lines.iter().any(|line| line.state == SIGNED_OUT) { Exit::Failed } else { Exit::Done })
}

const SIGNED_OUT: &str = "signed out";

fn state(held: &Held) -> &'static str {
    match (&held.access, held.error.as_str()) {
        (_, error) if !error.is_empty() && held.stays => SIGNED_OUT,
        (_, error) if !error.is_empty() => "later",
        (None, _) if held.refresh.is_none() => "none",
        _ => "ok",
    }
}

fn print(lines: &[Line], output: Output) -> anyhow::Result<()> {
    let mut out = output::stdout();
    if output.json {
        lines.iter().try_for_each(|line| output::write_json(&mut out, line))?;
    } else if lines.is_empty() {
        writeln!(out, "The configuration has no [oauth.NAME].")?;
    } else {
        let mut table = output::table(&["provider", "state", "user", "scopes", "renewed", "expires", "last failure"]);
        let time = |at: Option<Timestamp>| at.map(|at| format!("{at:.0}")).unwrap_or_default();
        for line in lines {
            table.add_row([
                output::cell(&line.provider),
                line.state.to_owned(),
                output::cell(&line.user),
                output::cell(&line.scopes),
                time(line.renewed_at),
                time(line.expires_at),
                output::cell(&line.error),
            ]);
        }
        output::write_table(&mut out, &table)?;
    }
    out.flush()?;
    Ok(())
}
