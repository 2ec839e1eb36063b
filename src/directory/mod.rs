//! The directory of accounts: the seam to an identity provider that exists already.
//!
//! [`Embedded`] keeps everything in the gateway's own database, [`Scim`] asks an identity provider. What the rules want of a
//! directory, and when, is in [`crate::desk::directory`].

pub mod cell;
mod embedded;
pub mod password;
mod scim;
pub mod table;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use secrecy::SecretString;

pub use embedded::Embedded;
pub use scim::Scim;

use crate::config;
use crate::desk::directory::{Answer, Known, Task};
use crate::store::Store;
pub use crate::store::directory::business::NewBusiness;
use crate::time::Clock;

/// The directory that is configured. Fails when the certificates that are to be trusted cannot be read.
pub async fn open(config: &config::Directory, store: &Store, clock: &Clock) -> anyhow::Result<Arc<dyn Directory>> {
    let (store, clock) = (store.clone(), clock.clone());
    Ok(match config {
        config::Directory::Embedded => Arc::new(Embedded::new(store, clock)),
        config::Directory::Scim(scim) => Arc::new(Scim::new(scim, store, clock).await?),
    })
}

/// Where Business Accounts are. All of it may be done twice: the second time changes nothing.
#[async_trait]
pub trait Directory: Send + Sync + std::fmt::Debug {
    /// Does or tells what the rules ask.
    async fn carry_out(&self, task: &Task) -> Result<Answer, Fault>;

    /// Sets a new password; an invited account becomes active by it. A disabled or unknown one is a permanent fault.
    async fn set_password(&self, email: &str, password: &SecretString) -> Result<(), Fault>;

    /// Whether it is the password of an active account. Takes the same time for addresses that nobody has.
    async fn verify_password(&self, email: &str, password: &SecretString) -> Result<bool, Fault>;

    /// Everything about the Business Account of an address.
    async fn find(&self, email: &str) -> Result<Option<Known>, Fault>;

    /// Creates a Business Account that an administrator wants, whose person has to set a password; whether there was none
    /// of this address.
    async fn add(&self, new: &NewBusiness) -> Result<bool, Fault>;

    /// Switches a Business Account on or off; whether there is one. Who never set a password is invited again.
    async fn set_enabled(&self, email: &str, enabled: bool) -> Result<bool, Fault>;
}

/// Why something was not done. Holds no secrets; addresses are masked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Fault {
    /// The same will never work; a person has to do something first.
    pub permanent: bool,
    /// What is wrong, in words.
    pub what: String,
    /// When the other side wants to be asked again, from now on.
    pub retry_after: Option<SignedDuration>,
}

impl Fault {
    /// The same will never work.
    pub fn permanent(what: impl Into<String>) -> Self {
        Self { permanent: true, what: what.into(), retry_after: None }
    }

    /// The same may work later.
    pub fn temporary(what: impl Into<String>) -> Self {
        Self { permanent: false, what: what.into(), retry_after: None }
    }
}

/// What the database cannot do now it can do later.
impl From<anyhow::Error> for Fault {
    fn from(error: anyhow::Error) -> Self {
        Self::temporary(format!("{error:#}"))
    }
}
