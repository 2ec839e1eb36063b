//! What the gateway wants of a directory.

use async_trait::async_trait;
use secrecy::SecretString;

use super::fault::Fault;
use super::new_password::NewPassword;
use crate::desk::directory::{Answer, Known, Task};
use crate::store::directory::business::NewBusiness;

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
