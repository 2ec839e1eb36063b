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
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};

pub use embedded::Embedded;
pub use scim::Scim;

use crate::config;
use crate::desk::directory::{Answer, Known, Task};
use crate::mail::address::masked;
pub use crate::store::directory::business::NewBusiness;
use crate::store::directory::sign_in;
use crate::store::{Store, Tx};
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

    /// Makes a new password ready to be set; an invited account becomes active by it. What is left to do are rows of ours,
    /// which [`NewPassword::write`] adds to a transaction of the caller's. A disabled or unknown account is a permanent
    /// fault, here or there.
    async fn prepare_password(&self, email: &str, password: &SecretString) -> Result<NewPassword, Fault>;

    /// Whether an identity provider has taken a new password as soon as it is prepared. A transaction that is given up
    /// takes nothing back there, so the right to set it must be used up before.
    fn is_elsewhere(&self) -> bool;

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

/// A new password whose rows are still to be written.
#[derive(Debug)]
pub struct NewPassword {
    email: String,
    hash: SecretString,
}

impl NewPassword {
    async fn of(email: String, password: &SecretString) -> Result<Self, Fault> {
        Ok(Self { email, hash: password::hash(password).await?.into() })
    }

    /// Writes it. A disabled or unknown account is a permanent fault.
    pub async fn write(&self, tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
        let is_set = sign_in::set_password(tx, &self.email, self.hash.expose_secret(), now).await?;
        if is_set { Ok(()) } else { Err(unusable(&self.email)) }
    }
}

fn unusable(email: &str) -> Fault {
    let what = format!("{} has no Business Account that can be used", masked(email));
    Fault { cause: Cause::Account, ..Fault::permanent(what) }
}

/// Why something was not done. Holds no secrets; addresses are masked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Fault {
    /// The same will never work; a person has to do something first.
    pub permanent: bool,
    /// What it is about.
    pub cause: Cause,
    /// What was asked for may have been done there all the same, so nobody can say that nothing was changed.
    pub is_unsure: bool,
    /// What is wrong, in words.
    pub what: String,
    /// When the other side wants to be asked again, from now on.
    pub retry_after: Option<SignedDuration>,
}

/// What a fault is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The directory: it does not answer, refuses us, or cannot do what we need.
    Directory,
    /// The new password: another one may be taken.
    Password,
    /// There is no account of the address that can be used.
    Account,
    /// Our own database, or something else of ours.
    Ours,
}

impl Fault {
    /// The same will never work.
    pub fn permanent(what: impl Into<String>) -> Self {
        Self { permanent: true, cause: Cause::Directory, is_unsure: false, what: what.into(), retry_after: None }
    }

    /// The same may work later.
    pub fn temporary(what: impl Into<String>) -> Self {
        Self { permanent: false, ..Self::permanent(what) }
    }

    /// The same, of something that may have been done all the same.
    pub fn unsure(self) -> Self {
        Self { is_unsure: true, ..self }
    }
}

/// What the database cannot do now it can do later.
impl From<anyhow::Error> for Fault {
    fn from(error: anyhow::Error) -> Self {
        Self { cause: Cause::Ours, ..Self::temporary(format!("{error:#}")) }
    }
}
