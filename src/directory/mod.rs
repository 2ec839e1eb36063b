//! The directory of accounts: the seam to an identity provider that exists already.
//!
//! [`Embedded`] keeps everything in the gateway's own database. What the rules want of a directory, and when, is
//! in [`crate::desk::directory`].

mod embedded;
pub mod password;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use secrecy::SecretString;

pub use embedded::Embedded;

use crate::desk::directory::{Answer, Known, Task};
use crate::store::Store;
use crate::time::Clock;

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
}

/// The directory that is configured.
pub fn open(store: &Store, clock: &Clock) -> Arc<dyn Directory> {
    Arc::new(Embedded::new(store.clone(), clock.clone()))
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
