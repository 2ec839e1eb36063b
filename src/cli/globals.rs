//! The options that every command takes.

use std::path::PathBuf;

use crate::config::{self, Config, Loaded, Secrets};
use crate::log;

/// Options before or after any command.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct Globals {
    /// The configuration [default: $CASEWAY_CONFIG, ./caseway.toml, /etc/caseway/caseway.toml]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to log on stderr, instead of the configured level: info, debug, caseway::intake=trace
    #[arg(long, global = true, value_name = "FILTER")]
    pub log: Option<String>,
}

impl Globals {
    /// The configuration for a command that looks at the database and connects to nothing: secrets are left alone.
    /// Starts the log, which tells warnings only, and not that a statement on the whole database takes its time.
    pub fn config(&self) -> anyhow::Result<Config> {
        log::start(config::LogFormat::Readable, self.log.as_deref().unwrap_or("warn,sqlx=error"))?;
        Ok(self.load(Secrets::Leave)?.config)
    }

    /// The configuration for a command that does the gateway's work: with secrets. Starts the log as configured.
    pub fn service_config(&self) -> anyhow::Result<Config> {
        let loaded = self.load(Secrets::Fetch)?;
        let config = loaded.config;
        log::start(config.log.format, self.log.as_deref().unwrap_or(&config.log.level))?;
        for warning in &loaded.warnings {
            tracing::warn!(event = "config.warning", "{warning}");
        }
        Ok(config)
    }

    /// Finds and validates the configuration.
    pub fn load(&self, secrets: Secrets) -> anyhow::Result<Loaded> {
        config::load(&self.config_file()?, secrets)
    }

    /// Which file is the configuration.
    pub fn config_file(&self) -> anyhow::Result<PathBuf> {
        config::find(self.config.as_deref())
    }
}
