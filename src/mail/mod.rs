//! Bytes ⇄ values. Everything here is pure: no I/O, no clock, no randomness, no SQL.
//!
//! [`inbound::read`] turns any byte string into one owned, bounded [`Mail`]; the other modules are the
//! questions asked of it, each answered in one place.

pub mod address;
pub mod attachment;
pub mod auth_results;
pub mod banner;
pub mod charset;
pub mod content_hash;
pub mod dmarc_policy;
pub mod dsn;
pub mod encoded_word;
pub mod forward;
pub mod headers;
pub mod html;
pub mod inbound;
pub mod invisible;
pub mod kept;
pub mod language;
pub mod likeness;
pub mod limits;
pub mod message_id;
pub mod mime;
pub mod origin;
pub mod outbound;
pub mod passed_on;
pub mod quote;
pub mod reply_mark;
pub mod sender;
pub mod signal;
pub mod spam;
pub mod subject;
pub mod top;

pub use address::Address;
pub use attachment::Attachment;
pub use dsn::{Bounce, BounceKind, BounceReport, OwnTrouble, own_trouble};
pub use forward::Forwarded;
pub use headers::Headers;
pub use inbound::{Mail, read};
pub use origin::{Conduct, Origin, OriginReason};
pub use signal::Signal;
