//! Two mails that a desk sends to itself to find out what arrives: one to its plain address, one with a plus.
//!
//! A gateway that runs meanwhile takes them for its own mails, by `X-Caseway` and `Auto-Submitted`, and drops them.

use jiff::Timestamp;

use crate::config::Desk;
use crate::mail::Address;
use crate::mail::outbound::{self, Automatic, Draft};
use crate::store::outbox::Claimed;

/// The two mails.
pub(super) struct OwnMails {
    pub(super) plain: Claimed,
    pub(super) plus: Claimed,
}

impl OwnMails {
    /// Mails from `address` to itself that nobody has sent before.
    pub(super) fn new(desk: &Desk, address: &str, now: Timestamp) -> Self {
        let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
        let key = format!("{:016x}", rand::random::<u64>());
        let mail = |kind: &str, recipient: String| {
            let message_id = format!("caseway-check-{kind}-{key}@{domain}");
            let bytes = letter(desk, address, &recipient, &message_id, now);
            Claimed {
                id: 0,
                recipient,
                // Nobody wants a report about it.
                return_path: String::new(),
                message_id,
                bytes,
                attempts: 1,
                first_attempt_at: now,
                resent: false,
                has_spare: false,
            }
        };
        Self {
            plain: mail("plain", address.to_owned()),
            plus: mail("plus", format!("{local}+caseway-check-{key}@{domain}")),
        }
    }
}

fn letter(desk: &Desk, address: &str, recipient: &str, message_id: &str, now: Timestamp) -> Vec<u8> {
    let from = Address::new(desk.name.clone(), address);
    outbound::build(&Draft {
        from: &from,
        reply_to: &from,
        to: &[Address::new("", recipient)],
        cc: &[],
        subject: "caseway check: this mail can be deleted",
        date: now,
        message_id,
        in_reply_to: None,
        references: &[],
        language: desk.default_language,
        automatic: Automatic::Generated,
        case_id: "check",
        delivery: "",
        no_reactions: false,
        text: "caseway sent this mail to find out whether it arrives, and removes it as a rule.\n",
        html: "<p>caseway sent this mail to find out whether it arrives, and removes it as a rule.</p>\n",
        files: &[],
    })
}
