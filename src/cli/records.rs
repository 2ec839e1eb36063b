//! The configuration and the database, opened for a command, and the numbers that people type to name what is in it.

use anyhow::Context;
use jiff::Timestamp;
use secrecy::ExposeSecret;

use super::{Exit, Globals};
use crate::config::Config;
use crate::desk::ticket::case_id;
use crate::store::Store;
use crate::time::Clock;

/// What commands about stored things work with.
#[derive(Debug)]
pub struct Records {
    /// The configuration.
    pub config: Config,
    /// The database.
    pub store: Store,
}

impl Records {
    /// Opens the configured database, which must be there: looking for a ticket in a database that was just created is
    /// a mistake about the configuration.
    pub async fn open(globals: &Globals) -> anyhow::Result<Self> {
        let config = globals.config()?;
        if let Some(file) = Store::missing_file(&config.database.url) {
            anyhow::bail!(
                "there is no database at {}. 'caseway serve' creates it; if it runs already, name its configuration \
                 with --config",
                file.display()
            );
        }
        let store = Store::open(config.database.connection().expose_secret()).await?;
        Ok(Self { config, store })
    }

    /// Opens the configured database, or creates it.
    pub async fn open_or_create(globals: &Globals) -> anyhow::Result<Self> {
        let config = globals.config()?;
        let store = Store::open(config.database.connection().expose_secret()).await?;
        Ok(Self { config, store })
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        Clock::system().now()
    }

    /// `CASE-7`.
    pub fn case(&self, ticket: i64) -> String {
        case_id::format(&self.config.desk.case_prefix, ticket)
    }

    /// The ticket number that somebody typed as `CASE-7`, `[CASE-7]` or `7`.
    pub fn ticket_number(&self, typed: &str) -> anyhow::Result<i64> {
        let prefix = &self.config.desk.case_prefix;
        case_id::parse(prefix, typed).with_context(|| format!("{typed} is no case ID: write {prefix}-7, or 7"))
    }

    /// Closes the database.
    pub async fn close(self, exit: Exit) -> anyhow::Result<Exit> {
        self.store.close().await;
        Ok(exit)
    }
}

/// How many entries a list shows.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Limit {
    /// Show at most this many, 0 for all
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: usize,
}

impl Limit {
    /// As a number of entries.
    pub fn entries(self) -> usize {
        if self.limit == 0 { usize::MAX } else { self.limit }
    }

    /// Rows worth asking for at once, when each is an entry: one more than shown tells that there are more.
    pub fn page(self) -> u32 {
        u32::try_from(self.entries().saturating_add(1)).unwrap_or(u32::MAX).min(PAGE)
    }
}

/// Rows read at once.
pub const PAGE: u32 = 500;
