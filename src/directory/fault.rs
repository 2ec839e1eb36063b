//! Why something was not done.

use jiff::SignedDuration;

use crate::mail::address::masked;

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

/// There is no account of the address that can be used.
pub(super) fn unusable(email: &str) -> Fault {
    let what = format!("{} has no Business Account that can be used", masked(email));
    Fault { cause: Cause::Account, ..Fault::permanent(what) }
}
