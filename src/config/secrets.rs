//! What becomes of secrets while the configuration is read.

/// Whether secrets are fetched while the configuration is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrets {
    /// Files are read and commands run; what cannot be had is a problem.
    Fetch,
    /// They are left empty: for commands that connect to nothing. Whoever runs them needs no access to the secrets.
    Leave,
}
