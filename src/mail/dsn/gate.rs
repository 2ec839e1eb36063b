//! Whether a mail may be a delivery report, and whether what was found in it suffices.

use super::super::mime::Parts;
use super::super::sender::{self, Sender, SenderKind};
use super::super::{Headers, reply_mark};
use super::material::{self, Material};
use super::notice::Notice;
use super::report::Entry;
use super::{address_scan, ses, subjects};

/// What speaks for a report before it is read.
#[derive(Debug)]
pub struct Evidence {
    /// `multipart/report; report-type=delivery-status`, or the same without a type.
    pub report: bool,
    /// `report-type=delivery-status` itself.
    pub typed: bool,
    /// A receipt (RFC 8098) by which a mailbox refuses the mail after all.
    pub rejected: bool,
    /// A part of status fields.
    pub status_part: bool,
    /// The sender line.
    pub sender: SenderKind,
    /// The null return path.
    pub null_path: bool,
    /// A subject of delivery reports without an answer mark.
    pub subject: bool,
    /// A subject of a server that is still trying.
    pub delay_subject: bool,
    /// A header that only reports carry.
    pub header: bool,
    /// Sent by a machine in its own words (RFC 3834), or through the manager of a mailing list.
    pub automatic: bool,
    /// Signs of a conversation: an answer mark, or an answered mail.
    pub answer: bool,
    /// A client that people write with has left its name.
    pub client: bool,
    /// A notification of a sending service in JSON.
    pub notification: bool,
    /// Who the report goes to.
    pub reported_to: Vec<String>,
}

/// Headers that only delivery reports carry: Exim and Google, Exchange, Active! hunter, IndiMail, MX Logic.
const REPORT_HEADERS: &[&str] =
    &["X-Failed-Recipients", "X-MS-Embedded-Report", "X-AHMailID", "X-Bounced-Address", "X-MX-Bounce"];

/// Gathers the evidence; `None` for mail that nothing speaks for, which is nearly all mail.
pub fn evidence(parts: &Parts<'_>, headers: &Headers, subject: &str, text: &str) -> Option<Evidence> {
    let kind = headers.first("Content-Type").unwrap_or_default().to_ascii_lowercase();
    let is_report = kind.trim_start().starts_with("multipart/report");
    let receipt = is_report && kind.contains("disposition-notification");
    let rejected = receipt && says_rejected(headers, subject);
    if is_report && ["feedback-report", "tlsrpt"].iter().any(|other| kind.contains(other)) || receipt && !rejected {
        return None;
    }
    let sender = Sender::of(headers);
    let notification = ses::is_notification(text)
        && (sender.domain().ends_with("amazonaws.com") || sender.kind == SenderKind::NoReply);
    let answer = reply_mark::is_marked(subject);
    let evidence = Evidence {
        report: is_report,
        typed: is_report && kind.contains("delivery-status") || rejected,
        rejected,
        status_part: parts.list.iter().any(|part| material::is_status(part.kind())),
        sender: sender.kind,
        null_path: sender::null_return_path(headers),
        subject: !answer && subjects::is_report(subject),
        delay_subject: !answer && subjects::is_delay(subject),
        header: REPORT_HEADERS.iter().any(|name| headers.first(name).is_some()),
        automatic: headers.first("X-MLServer").is_some()
            || headers
                .first("Auto-Submitted")
                .is_some_and(|value| !value.trim().to_ascii_lowercase().starts_with("no")),
        answer,
        client: ["User-Agent", "X-Mailer", "Thread-Index", "X-MS-Has-Attach"]
            .iter()
            .any(|name| headers.first(name).is_some()),
        notification,
        reported_to: headers.first("To").map(address_scan::addresses).unwrap_or_default(),
    };
    evidence.any().then_some(evidence)
}

/// A filter's refusal in the form of a receipt (RFC 5429 §2.2): Dovecot and Cyrus write so. A person's client that
/// deletes a mail unread sends one of the same disposition, but says nothing of a rejection.
fn says_rejected(headers: &Headers, subject: &str) -> bool {
    let subject = subject.trim().to_lowercase();
    headers.all("Auto-Submitted").any(|value| value.to_ascii_lowercase().contains("rejected"))
        || ["automatically rejected", "rejected:", "message rejected", "mail rejected"]
            .iter()
            .any(|start| subject.starts_with(start))
}

impl Evidence {
    fn any(&self) -> bool {
        self.notification
            || self.report
            || self.status_part
            || self.sender != SenderKind::Anybody
            || self.null_path
            || self.subject
            || self.header
    }

    /// The mail system itself has sent it, for sure.
    fn system_wrote(&self) -> bool {
        self.header || self.sender == SenderKind::Daemon
    }

    /// Whether what was read makes it a report. A person may ask about a bounce, forward one, or paste one; a
    /// person may write as `postmaster`; a vacation reply may come with the null return path. So words alone
    /// need a sender that is a mail system, or several lesser signs together.
    pub fn accepts(&self, material: &Material, notice: &Notice, entries: &[Entry]) -> bool {
        if self.rejected {
            return true;
        }
        let fields = self.status_part && !material.status.is_empty();
        let signs = [self.null_path, self.subject, self.sender != SenderKind::Anybody, self.automatic];
        let signs = signs.into_iter().filter(|sign| *sign).count();
        let by_machine = self.report || (!self.answer && (self.system_wrote() || signs > 0));
        if fields && by_machine {
            return true;
        }
        let words = notice.failed || notice.family.is_some() || !entries.is_empty();
        let evident = (self.null_path && self.subject)
            || notice.names_anybody()
            || material.original.is_some()
            || !entries.is_empty();
        if self.report || self.system_wrote() {
            return words || ((self.subject || self.typed) && evident);
        }
        let opened = notice.family.is_some();
        match signs {
            0 => false,
            1 if self.subject => {
                words && notice.names_anybody() && notice.speaks_of_yours && !notice.greets && !self.client
            }
            // A mail system under a role's name, in words of no known program.
            1 if self.sender != SenderKind::Anybody && notice.failed && notice.speaks_of_yours => {
                notice.names_anybody() && !notice.greets && !self.client && !self.answer
            }
            1 => notice.opens && notice.names_anybody() && !self.automatic,
            // a person writes as `postmaster`, too, of mail that did not arrive: from a client, with a greeting
            2 if self.sender == SenderKind::Role && self.subject => {
                let greets = notice.greets && !notice.speaks_of_yours;
                let machine = !self.client && !greets && notice.names_anybody();
                words && (opened || material.original.is_some() || machine)
            }
            3.. if self.null_path && self.subject => evident,
            _ => words && evident && (self.subject || self.sender != SenderKind::Anybody || opened),
        }
    }
}
