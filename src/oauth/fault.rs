//! Why there is no token.

/// Whether it may pass by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The provider is away, busy or broken.
    Temporary,
    /// It stays until a person does something: signs in, consents, renews a secret.
    SignedOut,
}

/// Why there is no token; what, then `; ` and what to do. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Fault {
    /// Whether it may pass by itself.
    pub cause: Cause,
    /// In words.
    pub what: String,
}

impl Fault {
    pub(super) fn temporary(what: impl Into<String>) -> Self {
        Self { cause: Cause::Temporary, what: what.into() }
    }

    pub(super) fn signed_out(what: impl Into<String>) -> Self {
        Self { cause: Cause::SignedOut, what: what.into() }
    }

    pub(super) fn database(error: &anyhow::Error) -> Self {
        Self::temporary(format!("the tokens in the database cannot be used: {error:#}"))
    }

    /// Nobody signed in for a grant that needs somebody.
    pub(super) fn nobody(provider: &str) -> Self {
        Self::signed_out(format!("nobody has signed in yet; run: caseway oauth login {provider}"))
    }
}
