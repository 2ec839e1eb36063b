//! Mails as people's clients and machines write them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use caseway::desk::arrival::author;
use caseway::desk::inbound::arrival::Arrival;
use caseway::desk::rules::Rules;
use caseway::desk::seal::link::{LinkHash, SentLink};
use caseway::desk::seal::secret::Unseen;
use caseway::desk::seal::secret::known::Known;
use caseway::mail;
use caseway::mail::content_hash::{body_hash, content_hash};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::Model;

/// What the desk's own server says of the sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// The domain sent it.
    Pass,
    /// Nothing at all.
    Nothing,
    /// It fails, and the domain only watches.
    Watched,
    /// It fails, and the domain disowns such mail.
    Disowned,
}

/// A mail in the making.
#[derive(Debug, Clone)]
pub struct Draft {
    pub from: String,
    pub to: String,
    pub cc: String,
    pub subject: String,
    /// Without angle brackets.
    pub id: String,
    /// The Message-IDs that it answers, nearest last.
    pub answers: Vec<String>,
    pub says: Says,
    /// Further headers, as lines.
    pub headers: Vec<String>,
    pub body: String,
}

impl Draft {
    /// A mail of somebody who asks for something.
    pub fn new(from: &str, to: &str, id: String) -> Self {
        Self {
            from: from.to_owned(),
            to: to.to_owned(),
            cc: String::new(),
            subject: String::new(),
            id,
            answers: Vec::new(),
            says: Says::Pass,
            headers: Vec::new(),
            body: String::new(),
        }
    }

    pub fn bytes(&self, now: Timestamp) -> Vec<u8> {
        let domain = self.from.rsplit('@').next().unwrap_or_default().trim_end_matches('>');
        let says = match self.says {
            Says::Pass => format!("mx.example.test; dmarc=pass header.from={domain}"),
            Says::Nothing => "mx.example.test; none".to_owned(),
            Says::Watched => format!("mx.example.test; dmarc=fail (p=none dis=none) header.from={domain}"),
            Says::Disowned => format!("mx.example.test; dmarc=fail (p=reject dis=none) header.from={domain}"),
        };
        let date = jiff::fmt::rfc2822::to_string(&now.to_zoned(TimeZone::UTC)).unwrap();
        let mut mail = format!(
            "Authentication-Results: {says}\r\nFrom: {}\r\nTo: {}\r\nDate: {date}\r\nMessage-ID: <{}>\r\nSubject: {}\r\nMIME-Version: 1.0\r\n",
            self.from, self.to, self.id, self.subject
        );
        if !self.cc.is_empty() {
            write!(mail, "Cc: {}\r\n", self.cc).unwrap();
        }
        if let Some(last) = self.answers.last() {
            let all: Vec<String> = self.answers.iter().map(|id| format!("<{id}>")).collect();
            write!(mail, "In-Reply-To: <{last}>\r\nReferences: {}\r\n", all.join(" ")).unwrap();
        }
        for header in &self.headers {
            write!(mail, "{header}\r\n").unwrap();
        }
        if !self.headers.iter().any(|header| header.starts_with("Content-Type")) {
            mail.push_str("Content-Type: text/plain; charset=utf-8\r\n");
        }
        mail.push_str("\r\n");
        mail.push_str(&self.body.replace('\n', "\r\n"));
        mail.push_str("\r\n");
        mail.into_bytes()
    }
}

/// A delivery report on a mail to somebody, by whom it came back to: our return path, or who knows only the Message-ID.
pub fn report(id: String, return_path: &str, recipient: &str, message_id: &str, hard: bool) -> Draft {
    let status = if hard { "5.1.1" } else { "4.2.2" };
    let mut draft = Draft::new("Mail Delivery System <MAILER-DAEMON@mx.customer.test>", return_path, id);
    draft.subject = "Undelivered Mail Returned to Sender".to_owned();
    draft.says = Says::Nothing;
    draft.headers = vec![
        "Return-Path: <>".to_owned(),
        format!("Delivered-To: {return_path}"),
        "Auto-Submitted: auto-replied".to_owned(),
        "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"".to_owned(),
    ];
    draft.body = format!(
        "--b\nContent-Type: text/plain\n\nYour mail could not be delivered.\n\n--b\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.customer.test\n\nFinal-Recipient: rfc822; {recipient}\nAction: failed\nStatus: {status}\n\
         Diagnostic-Code: smtp; 550 {status} no\n\n--b\nContent-Type: message/rfc822-headers\n\nMessage-ID: <{message_id}>\n\n--b--\n"
    );
    draft
}

/// A mail as `process` hands it to the rules.
pub fn arrival(rules: &Rules, model: &Model, mailbox: &str, raw: &[u8], now: Timestamp) -> Arrival {
    let unseen = Unseen::of(mail::read(raw));
    let candidates: BTreeSet<LinkHash> = unseen.candidates().collect();
    let known = model.links.iter().filter(|row| candidates.contains(&row.link.hash)).map(|row| SentLink {
        hash: row.link.hash,
        purpose: row.link.purpose,
        email: row.link.email.clone(),
        ticket: row.link.ticket,
        expires_at: row.link.expires_at,
        used: row.used,
    });
    let mail = unseen.shown(&Known::of(known));
    Arrival {
        ledger: i64::try_from(model.ledger.len()).unwrap() + 1,
        mailbox: mailbox.to_owned(),
        folder: String::new(),
        author: author::of(rules, &mail),
        message_id: mail.message_id.clone().unwrap_or_default(),
        mail,
        content_hash: content_hash(raw),
        body_hash: body_hash(raw),
        oversize: None,
        received_at: now,
        attempts: 1,
        dkim_verified: Vec::new(),
        past: None,
    }
}
