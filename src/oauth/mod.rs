//! Access tokens for mailboxes and transports (RFC 6749): fetched when first needed, kept sealed in the database, renewed
//! before they end.
//!
//! Why the exchange is our own: a grant is a form of a few fields, and half of those that mail providers want (the signed
//! statements of RFC 7523) are in no library that speaks through the client we have. Signing is `rustls`', HTTP `hyper`'s.

pub mod advice;
mod assertion;
pub mod claims;
mod fault;
mod form;
pub mod login;
pub mod sasl;
mod wire;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};

pub use self::fault::{Cause, Fault};
use self::wire::{Granted, Wire};
use crate::config::{Grant, OAuth};
use crate::desk::seal::keys::Keys;
use crate::store::Store;
use crate::store::oauth::{self as table, Held};
use crate::time::Clock;

/// A renewal begins when less than this share of a token's life is left: one fifth.
const RENEW_SHARE: i32 = 5;
/// How much earlier than that at most, as a share of the life: many tokens of one hour are not renewed together.
const JITTER_SHARE: i32 = 10;
/// How long a token is taken to live whose provider does not say (RFC 6749 §5.1 leaves it open).
const ASSUMED_LIFE: SignedDuration = SignedDuration::from_mins(30);
/// After a failure that may pass, the provider is left alone for so long, however many connections want a token.
const PAUSE: SignedDuration = SignedDuration::from_secs(10);
/// After a failure that a person must mend.
const LONG_PAUSE: SignedDuration = SignedDuration::from_mins(10);
/// Another process that renews the same token is waited for no longer than its requests may take, and this.
const LEASE_SLACK: SignedDuration = SignedDuration::from_secs(10);
/// How often it is looked whether the other process has done it.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_millis(200);

/// All providers. Clones share connections and turns.
#[derive(Debug, Clone)]
pub struct Tokens(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    providers: BTreeMap<String, Wire>,
    store: Store,
    keys: Keys,
    clock: Clock,
    /// One renewal of a token at a time in this process.
    turns: Mutex<HashMap<(String, String), Turn>>,
}

/// Held by who renews a token.
type Turn = Arc<tokio::sync::Mutex<()>>;

impl Tokens {
    /// Connects to nothing yet.
    pub fn new(providers: &BTreeMap<String, OAuth>, store: Store, keys: Keys, clock: Clock) -> Self {
        let providers = providers.iter().map(|(name, config)| (name.clone(), Wire::new(config.clone()))).collect();
        Self(Arc::new(Inner { providers, store, keys, clock, turns: Mutex::default() }))
    }

    /// A token that signs `user` in, renewed where it is about to end.
    ///
    /// Fails where there is none and none can be had: [`Cause::SignedOut`] stays until a person does something.
    pub async fn access(&self, provider: &str, user: &str) -> Result<SecretString, Fault> {
        let wire = self.wire(provider)?;
        let subject = subject(&wire.config, user);
        let turn = self.turn(provider, subject);
        let _turn = turn.lock().await;
        let waits_until = self.0.clock.now().checked_add(lease_time(wire)).unwrap_or(Timestamp::MAX);
        loop {
            let now = self.0.clock.now();
            let held = self.held(provider, subject).await?;
            if let Some(token) = held.access.clone().filter(|_| now < held.renew_at) {
                return Ok(token);
            }
            if now < held.retry_at {
                return usable(held, now);
            }
            let lease = table::lease(
                &self.0.store,
                provider,
                subject,
                Some(&held),
                now,
                now.saturating_add(lease_time(wire)).unwrap_or(now),
            );
            match lease.await.map_err(|error| Fault::database(&error))? {
                Some(number) => return self.renew(wire, subject, held, number).await,
                None if now > waits_until => return usable(held, now),
                None => tokio::time::sleep(LOOK_AGAIN).await,
            }
        }
    }

    /// A token that was fetched just now, whatever is held.
    pub async fn fresh(&self, provider: &str, user: &str) -> Result<SecretString, Fault> {
        let subject = subject(&self.wire(provider)?.config, user);
        table::due(&self.0.store, provider, subject).await.map_err(|error| Fault::database(&error))?;
        self.access(provider, user).await
    }

    /// A mail server looked at this token and refused it: the next wish for one renews it, unless that was just done.
    pub async fn refused(&self, provider: &str, user: &str, token: &SecretString) -> Result<(), Fault> {
        let wire = self.wire(provider)?;
        let subject = subject(&wire.config, user);
        let turn = self.turn(provider, subject);
        let _turn = turn.lock().await;
        let held = self.held(provider, subject).await?;
        if held.access.is_none_or(|held| held.expose_secret() != token.expose_secret()) {
            return Ok(());
        }
        table::stale(&self.0.store, provider, subject).await.map_err(|error| Fault::database(&error))
    }

    /// Keeps what somebody's sign-in gave.
    pub async fn keep(&self, provider: &str, granted: Granted) -> Result<(), Fault> {
        let now = self.0.clock.now();
        // Whoever is renewing the old token writes nothing any more.
        let number = table::lease(&self.0.store, provider, "", None, Timestamp::MAX, now).await;
        let number = number.map_err(|error| Fault::database(&error))?;
        self.store(provider, "", &granted, None, number.unwrap_or_default()).await
    }

    /// The provider with its connection.
    pub fn wire(&self, provider: &str) -> Result<&Wire, Fault> {
        let unknown = || Fault::signed_out(format!("there is no [oauth.{provider}] in the configuration"));
        self.0.providers.get(provider).ok_or_else(unknown)
    }

    async fn renew(&self, wire: &Wire, subject: &str, held: Held, number: i64) -> Result<SecretString, Fault> {
        let provider = wire.config.name.as_str();
        let answer = match (&wire.config.grant, &held.refresh) {
            (grant, None) if grant.is_delegated() => Err(Fault::nobody(provider)),
            _ => wire.renew(subject, held.refresh.as_ref(), self.0.clock.now()).await,
        };
        match answer {
            Ok(granted) => {
                self.store(provider, subject, &granted, held.refresh, number).await?;
                tracing::info!(event = "oauth.renewed", provider, "a new access token was fetched");
                Ok(granted.access)
            }
            Err(fault) => self.failed(provider, subject, held, number, fault).await,
        }
    }

    async fn failed(
        &self,
        provider: &str,
        subject: &str,
        held: Held,
        number: i64,
        fault: Fault,
    ) -> Result<SecretString, Fault> {
        let now = self.0.clock.now();
        let pause = if fault.cause == Cause::Temporary { PAUSE } else { LONG_PAUSE };
        let retry_at = now.saturating_add(pause).unwrap_or(now);
        let failure =
            table::Failure { error: fault.what.clone(), stays: fault.cause == Cause::SignedOut, at: now, retry_at };
        table::failed(&self.0.store, provider, subject, number, &failure)
            .await
            .map_err(|error| Fault::database(&error))?;
        match fault.cause {
            Cause::SignedOut => {
                tracing::error!(event = "oauth.signed_out", provider, "no new access token: {}", fault.what)
            }
            Cause::Temporary => {
                tracing::warn!(event = "oauth.later", provider, "no new access token yet: {}", fault.what)
            }
        }
        let held = Held { error: fault.what, stays: fault.cause == Cause::SignedOut, ..held };
        usable(held, now)
    }

    async fn store(
        &self,
        provider: &str,
        subject: &str,
        granted: &Granted,
        old: Option<SecretString>,
        number: i64,
    ) -> Result<(), Fault> {
        let now = self.0.clock.now();
        let life = granted.life.unwrap_or(ASSUMED_LIFE);
        let jitter = life.checked_div(JITTER_SHARE).unwrap_or_default().mul_f64(rand::random::<f64>());
        let early = life.checked_div(RENEW_SHARE).unwrap_or_default().saturating_add(jitter);
        let expires_at = now.saturating_add(life).unwrap_or(now);
        let row = table::Renewed {
            access: &granted.access,
            // RFC 6749 §6: no new one means that the old one stays good.
            refresh: granted.refresh.as_ref().or(old.as_ref()),
            scopes: granted.scopes.clone().unwrap_or_default(),
            at: now,
            renew_at: expires_at.saturating_sub(early).unwrap_or(now),
            expires_at,
        };
        let kept = table::renewed(&self.0.store, &self.0.keys, provider, subject, number, &row).await;
        kept.map_err(|error| Fault::database(&error))
    }

    async fn held(&self, provider: &str, subject: &str) -> Result<Held, Fault> {
        let held = table::get(&self.0.store, &self.0.keys, provider, subject).await;
        held.map_err(|error| Fault::database(&error))
    }

    fn turn(&self, provider: &str, subject: &str) -> Turn {
        let mut turns = self.0.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.entry((provider.to_owned(), subject.to_owned())).or_default().clone()
    }
}

/// Whom a token is for: a service account fetches one for each user, everybody else has one.
fn subject<'a>(config: &OAuth, user: &'a str) -> &'a str {
    if matches!(config.grant, Grant::JwtBearer { .. }) { user } else { "" }
}

fn lease_time(wire: &Wire) -> SignedDuration {
    SignedDuration::try_from(wire.config.timeout).unwrap_or_default().saturating_add(LEASE_SLACK)
}

/// The old token as long as it lives, though it could not be renewed; else why not.
fn usable(held: Held, now: Timestamp) -> Result<SecretString, Fault> {
    match held.access.filter(|_| now < held.expires_at) {
        Some(token) => Ok(token),
        None if held.stays => Err(Fault::signed_out(held.error)),
        None => Err(Fault::temporary(held.error)),
    }
}
