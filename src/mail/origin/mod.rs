//! What sent a mail: a person or one of the many machines.
//!
//! The signs are asked in the order of their worth: our own mark, a delivery or feedback report, what a machine says
//! of itself in its headers, the envelope and the sender, and last the words of the subject and the text.

mod absence;
mod conduct;
mod headers;
mod kind;
mod list;
mod value;

use super::dsn::{Bounce, feedback};
use super::sender::{self, Sender, SenderKind};
use super::{Headers, reply_mark};
pub use conduct::Conduct;
use kind::Found;
pub use kind::{Origin, OriginReason};
pub use list::{addresses as list_addresses, is_post as is_list_post};

/// The header our own mails carry; its value is the gateway's desk.
pub const OWN_HEADER: &str = "X-Caseway";

/// Decides from the headers first, then from shape and subject. `bounce` is what [`super::dsn`] found.
/// A person must not be taken for a machine: that is worse than the reverse, which caps catch.
pub fn classify(headers: &Headers, subject: &str, text: &str, bounce: Option<&Bounce>) -> (Origin, OriginReason) {
    let sender = Sender::of(headers);
    let mail = Look { headers, subject, text, sender };
    mail.own()
        .or_else(|| feedback::kind(headers, subject, text).map(|words| (Origin::Feedback, words.to_owned())))
        .or_else(|| bounce.map(|bounce| (Origin::Bounce, format!("delivery report ({})", bounce.form))))
        .or_else(|| headers::auto_submitted(headers))
        .or_else(|| headers::report(headers))
        .or_else(|| headers::marked_reply(headers))
        .or_else(|| headers::program(headers))
        .or_else(|| list::bulk(headers, &mail.sender, mail.answers()))
        .or_else(|| mail.words())
        .or_else(|| mail.envelope())
        .or_else(|| mail.suppressed())
        .unwrap_or_else(|| (Origin::Person, mail.person()))
}

/// One mail while it is looked at.
struct Look<'a> {
    headers: &'a Headers,
    subject: &'a str,
    text: &'a str,
    sender: Sender,
}

impl Look<'_> {
    /// Mail of a gateway of our kind, this one or another: nothing it sends by itself may be answered by itself.
    /// People's answers that it relays do not carry the mark.
    fn own(&self) -> Found {
        let value = self.headers.first(OWN_HEADER)?;
        let automatic = self.headers.first("Auto-Submitted").is_some_and(|value| value::keyword(value) != "no");
        let origin = if automatic { Origin::Own } else { Origin::AutoReply };
        Some((origin, format!("{OWN_HEADER}: {}", value::shown(value))))
    }

    /// Whether the mail belongs to a conversation.
    fn answers(&self) -> bool {
        self.headers.first("In-Reply-To").is_some_and(|value| value.contains('@'))
            || self.headers.first("References").is_some_and(|value| value.contains('@'))
            || reply_mark::is_marked(self.subject)
    }

    /// Subjects and texts of responders. A subject behind an answer mark is somebody else's.
    fn words(&self) -> Found {
        if reply_mark::is_marked(self.subject) {
            return None;
        }
        if let Some(words) = absence::reply_subject(self.subject) {
            return Some((Origin::AutoReply, format!("the subject of an automatic reply: {words}")));
        }
        if let Some(words) = absence::away(self.subject, self.text) {
            return Some((Origin::AutoReply, format!("subject and text of an absence: {words}")));
        }
        let words = absence::statement(self.text)?;
        let origin = if self.answers() { Origin::AutoReply } else { Origin::Bulk };
        Some((origin, format!("the text begins with: {words}")))
    }

    /// Senders that no person writes from. A form on a web site writes as `noreply@` too, but says in `Reply-To` who filled
    /// it in.
    fn envelope(&self) -> Found {
        let answer = if self.answers() { Origin::AutoReply } else { Origin::Bulk };
        if self.sender.kind == SenderKind::Daemon {
            return Some((Origin::AutoReply, format!("From: {}, a mail system", self.shown_sender())));
        }
        if sender::null_return_path(self.headers) {
            return Some((answer, "the null return path".to_owned()));
        }
        let reachable = self
            .headers
            .first("Reply-To")
            .is_some_and(|to| to.contains('@') && !sender::is_no_reply(&Sender::parse(to).address));
        (self.sender.kind == SenderKind::NoReply && !reachable)
            .then(|| (answer, format!("From: {}, which takes no answers", self.sender.address)))
    }

    fn shown_sender(&self) -> &str {
        if self.sender.address.is_empty() { "<>" } else { &self.sender.address }
    }

    /// `X-Auto-Response-Suppress: All` on mail that no client of Exchange wrote. Outlook and Exchange put the header on
    /// people's mail as well, so with their other marks, or in a conversation, it says nothing.
    fn suppressed(&self) -> Found {
        let value = self.headers.first("X-Auto-Response-Suppress")?;
        let client =
            ["Thread-Index", "Thread-Topic", "X-MS-Has-Attach", "X-MS-TNEF-Correlator", "X-Mailer", "User-Agent"];
        let human = self.answers() || client.iter().any(|name| self.headers.first(name).is_some());
        (value::keyword(value) == "all" && !human)
            .then(|| (Origin::Bulk, format!("X-Auto-Response-Suppress: {}", value::shown(value))))
    }

    fn person(&self) -> String {
        match list::post(self.headers) {
            Some(name) => format!("a person's post on the list {name}"),
            None => "no header and no pattern of a machine".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
