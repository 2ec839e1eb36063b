//! `caseway mail replay`: quarantined mails are processed again.

use std::io::Write;

use crate::app::App;
use crate::cli::records::Records;
use crate::cli::{Exit, Globals, output, words};
use crate::store::operator::{self, Wish};
use crate::time::Clock;

/// Process quarantined mails again, as if they had just come in
///
/// A running gateway takes them; when none runs, they are processed by this command. Only quarantined mails: what
/// became of another was acted on already, and acting twice would open and send twice.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  caseway mail replay 12 15
  caseway mail replay --quarantined")]
pub struct Args {
    /// The mails' numbers in 'caseway mail list'
    #[arg(value_name = "ID", required_unless_present = "quarantined")]
    ids: Vec<i64>,
    /// All quarantined mails
    #[arg(long, conflicts_with = "ids")]
    quarantined: bool,
}

/// Sets the mails back, has them processed, and tells what became of each.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open(globals).await?;
    let ids = if args.quarantined { operator::quarantined(&records.store).await? } else { args.ids };
    let wishes = operator::replay(&records.store, &ids).await?;
    let again: Vec<i64> =
        wishes.iter().filter(|(_, wish)| matches!(wish, Wish::Done { .. })).map(|(id, _)| *id).collect();
    let mut out = output::stdout();
    if wishes.is_empty() {
        writeln!(out, "No mail is quarantined.")?;
    }
    out.flush()?;
    let mut exit = Exit::Done;
    for (id, wish) in &wishes {
        exit = tell_refusal(*id, wish)?.unwrap_or(exit);
    }
    if !again.is_empty() {
        process(&mut out, &records, &again).await?;
        out.flush()?;
    }
    records.close(exit).await
}

fn tell_refusal(id: i64, wish: &Wish) -> std::io::Result<Option<Exit>> {
    let told = match wish {
        Wish::Done { .. } => return Ok(None),
        Wish::Missing => format!("Mail {id}: there is none; 'caseway mail list' shows which mails there are."),
        Wish::Refused { state } if state == "new" => format!("Mail {id}: waits to be processed already."),
        Wish::Refused { state } => format!(
            "Mail {id}: not replayed, it is {state} and not quarantined. 'caseway mail explain {id}' tells what became of it."
        ),
    };
    output::remark(&told)?;
    Ok(Some(Exit::Failed))
}

async fn process(out: &mut impl Write, records: &Records, ids: &[i64]) -> anyhow::Result<()> {
    let app = App::build(records.config.clone(), Clock::system()).await?;
    let here = app.process_here().await?;
    app.store.close().await;
    if here.is_none() {
        let mails = words::count(ids.len(), "mail", "mails");
        writeln!(
            out,
            "{mails} put back; the running gateway processes {} now.",
            if ids.len() == 1 { "it" } else { "them" }
        )?;
        return Ok(());
    }
    for id in ids {
        let row = super::find::mail(records, *id).await?;
        writeln!(out, "Mail {id}: {}", super::show::verdict(records, &row))?;
    }
    Ok(())
}
