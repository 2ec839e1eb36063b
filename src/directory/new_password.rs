//! A new password on its way into the directory.

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use super::fault::{Fault, unusable};
use super::password;
use crate::store::Tx;
use crate::store::directory::sign_in;

/// A new password whose rows are still to be written.
#[derive(Debug)]
pub struct NewPassword {
    email: String,
    hash: SecretString,
}

impl NewPassword {
    pub(super) async fn of(email: String, password: &SecretString) -> Result<Self, Fault> {
        Ok(Self { email, hash: password::hash(password).await?.into() })
    }

    /// Writes it. A disabled or unknown account is a permanent fault.
    pub async fn write(&self, tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
        let is_set = sign_in::set_password(tx, &self.email, self.hash.expose_secret(), now).await?;
        if is_set { Ok(()) } else { Err(unusable(&self.email)) }
    }
}
