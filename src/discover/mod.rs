//! Where an address's mail servers are, and what receivers will hold against it: what its domain publishes, over DNS and HTTPS.
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
mod receivers;
mod record;

pub use find::find;
pub use found::{Found, Kind, Known, Mx, Protection, Provider, Server, domain_of};
pub use network::Network;
pub use receivers::{Remark, Sending, Weight, judge};
