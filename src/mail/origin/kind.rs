//! What sends mails.

use serde::{Deserialize, Serialize};

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
    /// A mass mailing, or a program that writes of its own accord.
    Bulk,
    /// Our own mail come back, or that of another gateway of our kind.
    Own,
    /// An abuse report (ARF, RFC 5965), or another report on our mail (DMARC, TLS).
    Feedback,
}

/// The header or the pattern that decided, in words an administrator can follow.
pub type OriginReason = String;

/// What decided and the words for it.
pub(super) type Found = Option<(Origin, OriginReason)>;
