//! Where everything will be.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::config::find::{PLACES, VARIABLE};

/// The files that will be written, and those that are named in them.
pub(super) struct Place {
    pub(super) config: PathBuf,
    pub(super) database: PathBuf,
    /// The name of the mailbox, which names the password's file, too.
    pub(super) mailbox: String,
    pub(super) password: PathBuf,
    /// The configuration is looked for where it will be.
    is_usual: bool,
}

impl Place {
    /// Fails when something is in the way: nobody should answer questions in vain.
    pub(super) fn plan(named: Option<&Path>, address: &str, database: Option<&Path>) -> anyhow::Result<Self> {
        let told = std::env::var_os(VARIABLE).filter(|file| !file.is_empty()).map(PathBuf::from);
        let [here, _] = PLACES;
        let is_usual = named.is_none();
        let config = named.map(Path::to_owned).or(told).unwrap_or_else(|| PathBuf::from(here));
        let config = std::path::absolute(&config).with_context(|| format!("{} is no path", config.display()))?;
        let folder = config.parent().unwrap_or(Path::new("/")).to_owned();
        let mailbox = mailbox_name(address);
        let password = folder.join(format!("{mailbox}.password"));
        for file in [&config, &password] {
            if file.symlink_metadata().is_ok() {
                bail!(
                    "{} is there already, and is not written over; move it away, or name another configuration: \
                     caseway --config FILE init {address}",
                    file.display()
                );
            }
        }
        if !folder.is_dir() {
            bail!("the folder {} is not there; create it: mkdir -p {}", folder.display(), folder.display());
        }
        let database = match database {
            Some(file) => std::path::absolute(file).with_context(|| format!("{} is no path", file.display()))?,
            None if folder.starts_with("/etc") => PathBuf::from("/var/lib/caseway/caseway.db"),
            None => PathBuf::from("caseway.db"),
        };
        Ok(Self { config, database, mailbox, password, is_usual })
    }

    /// The option by which other commands find the configuration.
    pub(super) fn option(&self) -> String {
        if self.is_usual { String::new() } else { format!(" --config {}", self.config.display()) }
    }
}

/// The local part, as far as a name may have its characters.
fn mailbox_name(address: &str) -> String {
    let local = address.rsplit_once('@').map_or(address, |(local, _)| local);
    let name: String = local.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(40).collect();
    if name.is_empty() { "desk".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::mailbox_name;

    #[test]
    fn a_mailbox_is_called_by_what_a_name_may_have() {
        for (address, name) in [
            ("support@example.test", "support"),
            ("first.line+x@example.test", "firstlinex"),
            ("\"../etc\"@example.test", "etc"),
            ("台@example.test", "desk"),
        ] {
            assert_eq!(mailbox_name(address), name);
        }
    }
}
