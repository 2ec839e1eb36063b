//! `caseway init`: from an address to a configuration that was tried.
//!
//! ```text
//!  flags ─► servers (what is missing: looked up, then asked) ─► draft ─► trial: sign in, send, receive ─► files ─► what is next
//! ```
//! Nothing is written before the servers let us in, and never over a file that is there. Without a terminal nothing is asked: what
//! is missing is an error that names its flag.

mod args;
mod draft;
mod files;
mod person;
mod place;
mod servers;
mod steps;
mod trial;
mod way;

use std::io::Write;

use anyhow::bail;

pub use self::args::Args;
use self::draft::Draft;
use self::person::Person;
use self::place::Place;
use self::steps::Steps;
use super::{Exit, Globals, engineer, output};
use crate::config::{self, LogFormat, Secrets};
use crate::discover::domain_of;
use crate::log;
use crate::mail::address::{normalise, usable};

/// Asks, tries, writes.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    log::start(LogFormat::Readable, globals.log.as_deref().unwrap_or("error"))?;
    let address = desk_address(&args.address)?;
    let engineer = args.engineer.as_deref().map(|engineer| other_address(engineer, &address)).transpose()?;
    let place = Place::plan(globals.config.as_deref(), &address, args.database.as_deref())?;
    let (person, mut steps) = (Person::new(), Steps::new());
    let servers = servers::choose(&args, &address, &person, &mut steps).await?;
    let password = match &args.password_file {
        Some(file) => files::password(file)?,
        None => person.password(&servers.imap.user)?,
    };
    let name = match &args.name {
        Some(name) => name.clone(),
        None => person.ask("The desk's name, as customers read it", &format!("{} support", domain_of(&address)))?,
    };
    let mut draft = Draft::new(name, address, servers, password, &place, args.ca_file.as_deref());
    let typed = args.password_file.is_none();
    trial::sign_in(&mut draft, &place, typed.then_some(&person), &mut steps).await?;
    let is_back = trial::round_trip(&mut draft, &place, args.wait, &mut steps).await?;
    files::write(&place, &draft, &mut steps)?;
    if let Some(engineer) = &engineer {
        let config = config::load(&place.config, Secrets::Leave)?.config;
        engineer::enlist(config, engineer, &draft.mailbox).await?;
        steps.done(&format!("{engineer} answers the mails of {}", draft.mailbox))?;
    }
    next(&place, &draft, engineer.is_some())?;
    Ok(if is_back { Exit::Done } else { Exit::Failed })
}

/// The address as the configuration will read it.
fn desk_address(written: &str) -> anyhow::Result<String> {
    match usable(written).as_slice() {
        [only] if !domain_of(&only.email).is_empty() => Ok(normalise(&only.email)),
        _ => bail!("{written} is no address; write it like support@example.test"),
    }
}

/// An engineer with the desk's address would be written to by the desk, and answered by it.
fn other_address(written: &str, desk: &str) -> anyhow::Result<String> {
    let address = desk_address(written)?;
    if address == desk {
        bail!("--engineer {written} is the desk's own address; an engineer needs an address of their own");
    }
    Ok(address)
}

/// The next three commands.
fn next(place: &Place, draft: &Draft, has_engineer: bool) -> std::io::Result<()> {
    let config = place.option();
    let add = format!("caseway{config} engineer add YOUR-ADDRESS --queue {}", draft.mailbox);
    let (check, serve) = (format!("caseway{config} check"), format!("caseway{config} serve"));
    let list = format!("caseway{config} ticket list");
    let commands = if has_engineer {
        [(check, "look at everything once more"), (serve, "run the gateway"), (list, "see what came in")]
    } else {
        [(add, "say who answers"), (check, "look at everything once more"), (serve, "run the gateway")]
    };
    let width = commands.iter().map(|(command, _)| command.chars().count()).max().unwrap_or_default();
    let mut out = output::stdout();
    writeln!(out, "\nNext:")?;
    commands.iter().try_for_each(|(command, why)| writeln!(out, "  {command:width$}   {why}"))?;
    out.flush()
}
