//! Where an address's mail servers are: what its domain publishes of them, over DNS and HTTPS.
//!
//! ```text
//!  address ─► autoconfig (XML over HTTPS) ─┐
//!          ─► SRV records ─────────────────┼─► Found: servers, who told of them, and where nothing was found
//!          ─► MX records ──────────────────┘   (Microsoft and Google by their hosts)
//! ```
//! All of the network is in `network`; what is read is judged without it.

mod autoconfig;
mod find;
mod found;
mod network;

pub use find::find;
pub use found::{Found, Kind, Known, Mx, Protection, Provider, Server, domain_of};
pub use network::Network;
