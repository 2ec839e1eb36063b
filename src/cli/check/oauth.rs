//! A look at the providers of access tokens, and the tokens for the other looks.

use std::path::PathBuf;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use secrecy::{ExposeSecret, SecretString};

use super::finding::Finding;
use crate::config::{Config, OAuth};
use crate::desk::seal::keys::Keys;
use crate::oauth::Tokens;
use crate::store::{Store, commit};
use crate::time::Clock;

/// Days before the end of a client secret from which it is told.
const SOON: i32 = 30;

/// What signs in while everything is looked at.
pub(super) struct Opened {
    pub(super) tokens: Tokens,
    store: Store,
    /// Before the first start there is no database, and looking must not create it: another user's it would be.
    passing: Option<PathBuf>,
}

/// `None` where no provider is configured, or the database cannot be opened, which is told elsewhere.
pub(super) async fn open(config: &Config) -> Option<Opened> {
    if config.oauth.is_empty() {
        return None;
    }
    let is_missing = config.database.file().is_some_and(|file| !file.exists());
    let passing =
        is_missing.then(|| std::env::temp_dir().join(format!("caseway-check-{:016x}.db", rand::random::<u64>())));
    let url = match &passing {
        Some(file) => SecretString::from(format!("sqlite://{}", file.display())),
        None => config.database.connection(),
    };
    let clock = Clock::system();
    let store = Store::open(url.expose_secret()).await.ok()?;
    let keys = commit::token_keys(&store, rand::random(), clock.now()).await.and_then(Keys::new).ok()?;
    Some(Opened { tokens: Tokens::new(&config.oauth, store.clone(), keys, clock), store, passing })
}

impl Opened {
    pub(super) async fn close(self) {
        self.store.close().await;
        if let Some(file) = self.passing {
            // What a temporary folder keeps of it, the system clears away.
            for end in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{}{end}", file.display()));
            }
        }
    }
}

/// Client secrets and certificates that end soon, where their end is written down.
pub(super) fn ends(config: &Config) -> Vec<Finding> {
    let today = Clock::system().now().to_zoned(TimeZone::UTC).date();
    config.oauth.values().filter_map(|provider| end(provider, today)).collect()
}

fn end(provider: &OAuth, today: Date) -> Option<Finding> {
    let ends = provider.ends?;
    let left = today.until(ends).ok()?.get_days();
    let check = format!("oauth {}", provider.name);
    let advice = "make a new one at the provider, write it into `client_secret` or `certificate`, and the new day into `secret_ends`";
    match left {
        ..=0 => Some(Finding::wrong(&check, format!("the client secret ended on {ends}"), advice)),
        1..=SOON => Some(Finding::warning(&check, format!("the client secret ends in {left} days, on {ends}"), advice)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::check::finding::State;
    use crate::config::{ClientAuth, Grant};

    #[test]
    fn an_end_is_told_thirty_days_before() {
        let provider = |ends: &str| OAuth {
            name: "main".to_owned(),
            grant: Grant::ClientCredentials,
            token_url: String::new(),
            client_id: String::new(),
            client: ClientAuth::None,
            scopes: Vec::new(),
            ca_file: None,
            timeout: std::time::Duration::from_secs(1),
            ends: Some(ends.parse().unwrap()),
        };
        let today = "2026-11-30".parse().unwrap();
        let state = |ends: &str| end(&provider(ends), today).map(|finding| finding.state);
        assert_eq!(state("2027-01-01"), None);
        assert_eq!(state("2026-12-30"), Some(State::Warning));
        assert_eq!(state("2026-12-01"), Some(State::Warning));
        assert_eq!(state("2026-11-30"), Some(State::Wrong));
        assert_eq!(state("2020-01-01"), Some(State::Wrong));
    }
}
