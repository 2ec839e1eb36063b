//! What the pages keep and show: sessions, how often somebody failed, a person's own cases.

pub mod cases;
pub mod profile;
pub mod session;
pub mod throttle;

/// The SHA-256 of a secret that a browser keeps: all that is stored of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hashed(pub [u8; 32]);
