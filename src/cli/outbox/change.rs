//! `caseway outbox retry` and `caseway outbox cancel`.

use std::io::Write;

use crate::cli::records::Records;
use crate::cli::{Exit, Globals, output};
use crate::store::operator::{self, Wish};

/// Send mails again that failed, wait, were cancelled or were perhaps sent
///
/// They are due at once and go out while the gateway runs. A mail that was perhaps sent may arrive twice.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  caseway outbox retry 31 32")]
pub struct RetryArgs {
    /// The mails' numbers in 'caseway outbox list'
    #[arg(value_name = "ID", required = true)]
    ids: Vec<i64>,
}

/// Withdraw mails that wait to be sent
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  caseway outbox cancel 31 32")]
pub struct CancelArgs {
    /// The mails' numbers in 'caseway outbox list'
    #[arg(value_name = "ID", required = true)]
    ids: Vec<i64>,
}

/// Makes mails due now.
pub async fn retry(args: RetryArgs, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open(globals).await?;
    let wishes = operator::retry(&records.store, &args.ids, records.now()).await?;
    let exit = tell(&wishes, |was| match was {
        "ambiguous" => "due now. It was perhaps sent before, with the same Message-ID: it may arrive twice".to_owned(),
        was => format!("due now (it was {was})"),
    })?;
    records.close(exit).await
}

/// Withdraws mails.
pub async fn cancel(args: CancelArgs, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open(globals).await?;
    let wishes = operator::cancel(&records.store, &args.ids).await?;
    let exit = tell(&wishes, |_| "cancelled; 'caseway outbox retry' brings it back".to_owned())?;
    records.close(exit).await
}

/// Tells what became of every wish: what was done on standard output, what was not on stderr.
fn tell(wishes: &[(i64, Wish)], done: impl Fn(&str) -> String) -> anyhow::Result<Exit> {
    let mut exit = Exit::Done;
    for (id, wish) in wishes {
        let refused = match wish {
            Wish::Done { was } => {
                let mut out = output::stdout();
                writeln!(out, "Mail {id}: {}.", done(was))?;
                out.flush()?;
                continue;
            }
            Wish::Missing => "there is none; 'caseway outbox list' shows which mails there are",
            Wish::Refused { state } => refusal(state),
        };
        output::remark(&format!("Mail {id}: nothing done, {refused}."))?;
        exit = Exit::Failed;
    }
    Ok(exit)
}

fn refusal(state: &str) -> &'static str {
    match state {
        "queued" => "it waits to be sent already",
        "sending" => "it is being sent at this moment",
        "sent" => "it was sent",
        "failed" => "it failed and is not tried again by itself",
        "ambiguous" => "it was perhaps sent already",
        "cancelled" => "it was cancelled",
        _ => "its state does not allow it",
    }
}
