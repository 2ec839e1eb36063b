//! `caseway oauth login`: somebody signs in, once.

use std::io::Write;

use super::opened::{Opened, users};
use crate::cli::{Exit, Globals, output};
use crate::config::Secrets;
use crate::oauth::claims::Claims;
use crate::oauth::login::{Todo, sign_in};

/// Sign in once, so that the gateway can go on by itself
///
/// For providers whose grant needs somebody: a code that is entered on any device, or a page that is opened in a
/// browser on this machine. Sign in as the mailbox, or as somebody who may open it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  caseway oauth login support")]
pub struct Args {
    /// The NAME of [oauth.NAME]
    name: String,
}

/// Says what is to be done, waits for it, and keeps what the provider grants.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let opened = Opened::open(globals, Secrets::Fetch).await?;
    opened.provider(&args.name)?;
    let tokens = opened.tokens();
    let users = users(&opened.config, &args.name);
    let user = users.iter().next().map(String::as_str);
    let granted = sign_in(tokens.wire(&args.name)?, &opened.clock, user, |todo| {
        // Nobody reads it where there is no terminal: the command ends when nobody signs in.
        let _ = told(todo);
    })
    .await?;
    let claims = Claims::of(&granted.access).words();
    let lasts = granted.refresh.is_some();
    tokens.keep(&args.name, granted).await?;
    let mut out = output::stdout();
    let claims = if claims.is_empty() { String::new() } else { format!(" ({claims})") };
    writeln!(out, "Signed in{claims}. `caseway check` tries it on the mail servers.")?;
    if !lasts {
        writeln!(
            out,
            "The provider gave no refresh token: this ends with the access token. Add offline access to `scopes`."
        )?;
    }
    out.flush()?;
    opened.store.close().await;
    Ok(if lasts { Exit::Done } else { Exit::Failed })
}

fn told(todo: &Todo) -> std::io::Result<()> {
    let mut out = output::stdout();
    match todo {
        Todo::Code { url, code, life } => {
            let minutes = life.as_secs() / 60;
            writeln!(
                out,
                "Open {url} on any device and enter the code\n\n    {code}\n\nIt is good for {minutes} minutes. Waiting …"
            )?;
        }
        Todo::Browser { url, port } => {
            writeln!(
                out,
                "Open this address in a browser on this machine:\n\n    {url}\n\nFrom another machine, first: \
                 ssh -L {port}:127.0.0.1:{port} THIS-MACHINE. Waiting …"
            )?;
        }
    }
    out.flush()
}
