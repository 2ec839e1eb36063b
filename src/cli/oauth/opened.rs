//! What these commands work with.

use std::collections::BTreeSet;

use anyhow::{Context, bail};
use secrecy::ExposeSecret;

use crate::cli::Globals;
use crate::config::{Config, OAuth, Secrets, Source, Transport};
use crate::desk::seal::keys::Keys;
use crate::log;
use crate::oauth::Tokens;
use crate::store::{Store, commit};
use crate::time::Clock;

/// What these commands work with.
pub(super) struct Opened {
    pub(super) config: Config,
    pub(super) store: Store,
    pub(super) keys: Keys,
    pub(super) clock: Clock,
}

impl Opened {
    /// Opens the database, or creates it: signing in comes before the gateway's first start.
    pub(super) async fn open(globals: &Globals, secrets: Secrets) -> anyhow::Result<Self> {
        log::start(crate::config::LogFormat::Readable, globals.log.as_deref().unwrap_or("error"))?;
        let config = globals.load(secrets)?.config;
        let store = Store::open(config.database.connection().expose_secret()).await?;
        let clock = Clock::system();
        let keys = Keys::new(commit::token_keys(&store, rand::random(), clock.now()).await?)?;
        Ok(Self { config, store, keys, clock })
    }

    pub(super) fn tokens(&self) -> Tokens {
        Tokens::new(&self.config.oauth, self.store.clone(), self.keys.clone(), self.clock.clone())
    }

    /// The provider of that name.
    pub(super) fn provider(&self, name: &str) -> anyhow::Result<&OAuth> {
        if self.config.oauth.is_empty() {
            bail!("the configuration has no [oauth.NAME]; docs/PROVIDERS.md shows one for each provider");
        }
        self.config.oauth.get(name).with_context(|| {
            let known: Vec<&str> = self.config.oauth.keys().map(String::as_str).collect();
            format!("there is no [oauth.{name}] in the configuration; there is {}", known.join(", "))
        })
    }
}

/// Who signs in by a provider: users of mailboxes and transports, each once.
pub(super) fn users(config: &Config, provider: &str) -> BTreeSet<String> {
    let mailboxes = config.mailboxes.values().filter_map(|mailbox| match &mailbox.source {
        Source::Imap(imap) => Some((&imap.user, &imap.credential)),
        Source::Maildir(_) | Source::Pipe => None,
    });
    let transports = config.transports.values().filter_map(|transport| match transport {
        Transport::Smtp(smtp) => smtp.login.as_ref().map(|(user, credential)| (user, credential)),
        Transport::Folder { .. } => None,
    });
    let all = mailboxes.chain(transports);
    all.filter(|(_, credential)| credential.provider() == Some(provider)).map(|(user, _)| user.clone()).collect()
}
