//! Values as options take them.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::bail;

use crate::config::Config;

/// A duration that is longer than nothing, as options take it.
pub(super) fn duration(written: &str) -> Result<Duration, String> {
    let parsed: jiff::SignedDuration = written.parse().map_err(|_| "write it like 90s or 2m".to_owned())?;
    Duration::try_from(parsed).map_err(|_| "it must be longer than nothing".to_owned())
}

/// A name server by its address, and its port where it is not 53.
pub(super) fn name_server(written: &str) -> Result<SocketAddr, String> {
    let parsed = written.parse().or_else(|_| written.parse().map(|ip| SocketAddr::new(ip, 53)));
    parsed.map_err(|_| "write it like 192.0.2.53 or 192.0.2.53:5353".to_owned())
}

/// The mailbox that an option names; without one the only one.
pub(super) fn mailbox(config: &Config, named: Option<&str>) -> anyhow::Result<String> {
    let names = || config.mailboxes.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    match named {
        Some(name) if config.mailboxes.contains_key(name) => Ok(name.to_owned()),
        Some(name) => bail!("there is no mailbox {name:?} in the configuration; there are: {}", names()),
        None if config.mailboxes.len() == 1 => Ok(names()),
        None => bail!("say which mailbox the mails are for: --mailbox with one of: {}", names()),
    }
}
