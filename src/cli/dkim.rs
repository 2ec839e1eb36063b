//! `caseway dkim …`: keys that sign what goes out, and their records in the DNS.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};
use data_encoding::BASE64;
use secrecy::ExposeSecret;

use super::{Exit, Globals, output};
use crate::config::{DkimKey, DkimKind, Secrets};
use crate::dkim;
use crate::private;

/// Octets of a text in a TXT record (RFC 1035 §3.3): a longer one is written as several.
const TEXT: usize = 255;

/// Sign what goes out (DKIM), so that receivers know it for yours
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Keygen(KeygenArgs),
    Records(RecordsArgs),
}

/// Make a key, and print its record and the lines for caseway.toml
///
/// The file is its owner's alone; one that is there is never overwritten. Put the record into the DNS first, then the
/// lines into the configuration: a signature whose key nobody finds counts for nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  caseway dkim keygen example.com --file /etc/caseway/dkim-2026.pem --selector caseway-2026
  caseway dkim keygen example.com --file /etc/caseway/dkim-ed.pem --selector caseway-ed --kind ed25519

Receivers that do not know Ed25519 look at the RSA signature: use both or RSA alone.")]
struct KeygenArgs {
    /// The domain of your addresses
    domain: String,
    /// Where the private key is kept
    #[arg(long)]
    file: PathBuf,
    /// The name of the key in the DNS
    #[arg(long, default_value = "caseway")]
    selector: String,
    /// The kind of key: rsa (2048 bits) or ed25519
    #[arg(long, default_value = "rsa", value_parser = kind)]
    kind: DkimKind,
}

/// Print the DNS records of the keys in caseway.toml
#[derive(Debug, clap::Args)]
struct RecordsArgs {}

fn kind(typed: &str) -> Result<DkimKind, String> {
    let kinds = [DkimKind::Rsa, DkimKind::Ed25519];
    kinds.into_iter().find(|kind| kind.word() == typed).ok_or_else(|| "use rsa or ed25519".to_owned())
}

/// Runs the command.
pub fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    match args.command {
        Command::Keygen(args) => keygen(args),
        Command::Records(_) => records(globals),
    }
}

fn keygen(args: KeygenArgs) -> anyhow::Result<Exit> {
    let key =
        DkimKey::new(&args.selector, &args.domain, dkim::keygen(args.kind)?).map_err(|what| anyhow::anyhow!(what))?;
    let mut options = OpenOptions::new();
    let mut file = match private::file(options.write(true).create_new(true), &args.file) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            bail!("{} is there already, and a key is never overwritten: name another file", args.file.display())
        }
        opened => opened.with_context(|| format!("creating {}", args.file.display()))?,
    };
    file.write_all(key.pem.expose_secret().as_bytes())
        .and_then(|()| file.sync_all())
        .with_context(|| format!("writing {}", args.file.display()))?;
    let mut out = output::stdout();
    writeln!(out, "1. Put this record into the DNS:\n\n{}\n", record(&key)?)?;
    writeln!(out, "2. Add to caseway.toml, and restart the gateway:\n")?;
    writeln!(out, "[dkim.{}]\ndomain = \"{}\"\nkey_file = {:?}", key.selector, key.domain, args.file)?;
    out.flush()?;
    Ok(Exit::Done)
}

fn records(globals: &Globals) -> anyhow::Result<Exit> {
    let config = globals.load(Secrets::Fetch)?.config;
    if config.dkim.is_empty() {
        bail!("there is no [dkim.SELECTOR] in the configuration; `caseway dkim keygen DOMAIN --file FILE` makes a key");
    }
    let mut out = output::stdout();
    for key in config.dkim.values() {
        writeln!(out, "{}", record(key)?)?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// A record as a zone file has it (RFC 1035 §5.1, RFC 6376 §3.6.1).
fn record(key: &DkimKey) -> anyhow::Result<String> {
    let public = key.public().context("the key has no public half")?;
    let text = format!("v=DKIM1; k={}; p={}", key.kind.word(), BASE64.encode(&public));
    let texts: Vec<String> =
        text.as_bytes().chunks(TEXT).map(|part| format!("\"{}\"", String::from_utf8_lossy(part))).collect();
    let texts = if texts.len() == 1 { texts.concat() } else { format!("( {} )", texts.join("\n    ")) };
    Ok(format!("{}. IN TXT {texts}", key.record_name()))
}
