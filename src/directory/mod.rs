//! The directory of accounts: the seam to an identity provider that exists already.
//!
//! [`Embedded`] keeps everything in the gateway's own database, [`Scim`] asks an identity provider. What the rules want of a
//! directory, and when, is in [`crate::desk::directory`].

pub mod cell;
mod embedded;
mod fault;
mod new_password;
pub mod password;
mod scim;
mod seam;
pub mod table;

use std::sync::Arc;

pub use embedded::Embedded;
pub use fault::{Cause, Fault};
pub use new_password::NewPassword;
pub use scim::Scim;
pub use seam::Directory;

use crate::config;
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
