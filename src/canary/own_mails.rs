//! Mails that a desk sends to itself to find out what arrives.
//!
//! A gateway that runs meanwhile takes them for its own mails, by `X-Caseway` and `Auto-Submitted`, and drops them.

use jiff::Timestamp;

use crate::config::Desk;
use crate::mail::Address;
use crate::mail::outbound::{self, Automatic, Draft};
use crate::store::ledger::CANARY;
use crate::store::outbox::Claimed;

/// One to its plain address, one with a plus.
#[derive(Debug)]
pub struct OwnMails {
    /// To the plain address.
    pub plain: Claimed,
    /// To the address with a plus and more.
    pub plus: Claimed,
}

impl OwnMails {
    /// Mails from `address` to itself that nobody has sent before.
    pub fn new(desk: &Desk, address: &str, now: Timestamp) -> Self {
        let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
        let key = format!("{:016x}", rand::random::<u64>());
        let mail =
            |kind: &str, recipient| mail(desk, address, recipient, format!("caseway-check-{kind}-{key}@{domain}"), now);
        Self {
            plain: mail("plain", address.to_owned()),
            plus: mail("plus", format!("{local}+caseway-check-{key}@{domain}")),
        }
    }

    /// One mail to the plain address that tells by its Message-ID what it is.
    pub fn canary(desk: &Desk, address: &str, now: Timestamp) -> Claimed {
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        let message_id = format!("{CANARY}{:016x}@{domain}", rand::random::<u64>());
        mail(desk, address, address.to_owned(), message_id, now)
    }
}

fn mail(desk: &Desk, address: &str, recipient: String, message_id: String, now: Timestamp) -> Claimed {
    Claimed {
        id: 0,
        // Nobody wants a report about it.
        return_path: String::new(),
        bytes: letter(desk, address, &recipient, &message_id, now),
        recipient,
        message_id,
        attempts: 1,
        first_attempt_at: now,
        resent: false,
        has_spare: false,
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
