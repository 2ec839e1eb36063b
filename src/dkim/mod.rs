//! DKIM signatures (RFC 6376): those of what arrives, and those of what we send.

mod sign;
mod verify;

pub use sign::{Signer, keygen};
pub use verify::Dkim;
