//! `caseway oauth test`: fetches a token now.

use std::io::Write;

use super::opened::{Opened, users};
use crate::cli::{Exit, Globals, output};
use crate::config::Secrets;
use crate::oauth::claims::Claims;

/// Fetch a new access token, and say what it allows
///
/// The token itself is never shown. `caseway check` goes on from here: it signs in to the mail servers with it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  caseway oauth test support")]
pub struct Args {
    /// The NAME of [oauth.NAME]
    name: String,
}

/// Renews the token of each user that signs in by this provider.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let opened = Opened::open(globals, Secrets::Fetch).await?;
    opened.provider(&args.name)?;
    let tokens = opened.tokens();
    let mut users = users(&opened.config, &args.name);
    if users.is_empty() {
        users.insert(String::new());
    }
    let mut out = output::stdout();
    let mut exit = Exit::Done;
    for user in users {
        match tokens.fresh(&args.name, &user).await {
            Ok(token) => {
                let claims = Claims::of(&token).words();
                let claims = if claims.is_empty() { "a token that says nothing of itself".to_owned() } else { claims };
                writeln!(out, "{}: {claims}", if user.is_empty() { "ok" } else { &user })?;
            }
            Err(fault) => {
                exit = Exit::Failed;
                writeln!(out, "{}: {fault}", if user.is_empty() { "failed" } else { &user })?;
            }
        }
    }
    out.flush()?;
    opened.store.close().await;
    Ok(exit)
}
