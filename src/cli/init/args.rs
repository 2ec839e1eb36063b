//! What `caseway init` is told.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::way::Guard;
use crate::cli::values::{duration, name_server};

/// Set up a mailbox: find its servers, try them, and write the configuration
///
/// Asks the address's domain for its mail servers (autoconfig, SRV and MX records), and you for what is missing; signs in
/// to both; sends the mailbox a mail and waits until it is back; learns from it whether plus-addressing works, which
/// folder is for sent mails and what the server calls itself in Authentication-Results; then writes caseway.toml, and the
/// password into a file of mode 0600 beside it. Without a terminal nothing is asked.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  caseway init support@example.test
  caseway init support@example.test --imap mail.example.test --smtp mail.example.test:587 --password-file secret
  caseway init support@example.test --offline --imap localhost:143 --smtp localhost:25 --password-file - < secret

Exit code 1 when nothing was written, or the mail did not come back.")]
pub struct Args {
    /// The address that customers write to
    pub(super) address: String,
    /// The IMAP server
    #[arg(long, value_name = "HOST[:PORT]")]
    pub(super) imap: Option<String>,
    /// How it is reached [default: by its port]
    #[arg(long, value_name = "MODE")]
    pub(super) imap_tls: Option<Guard>,
    /// The SMTP server
    #[arg(long, value_name = "HOST[:PORT]")]
    pub(super) smtp: Option<String>,
    /// How it is reached [default: by its port]
    #[arg(long, value_name = "MODE")]
    pub(super) smtp_tls: Option<Guard>,
    /// The account's user name on both [default: as the domain tells, or the address]
    #[arg(long)]
    pub(super) user: Option<String>,
    /// A file whose first line is the account's password; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(super) password_file: Option<PathBuf>,
    /// Certificates (PEM) to trust besides the system's
    #[arg(long, value_name = "FILE")]
    pub(super) ca_file: Option<PathBuf>,
    /// The desk's name as customers read it
    #[arg(long)]
    pub(super) name: Option<String>,
    /// Somebody who answers the customers
    #[arg(long, value_name = "ADDRESS")]
    pub(super) engineer: Option<String>,
    /// Where the database will be [default: /var/lib/caseway for a configuration in /etc, else beside it]
    #[arg(long, value_name = "FILE")]
    pub(super) database: Option<PathBuf>,
    /// The name server to ask, instead of the system's
    #[arg(long, value_name = "IP[:PORT]", value_parser = name_server)]
    pub(super) dns: Option<SocketAddr>,
    /// Look nothing up
    #[arg(long, conflicts_with = "dns")]
    pub(super) offline: bool,
    /// How long to wait for the mail
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = duration)]
    pub(super) wait: Duration,
}
