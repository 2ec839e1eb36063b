//! The kinds of mail we send, and what a letter of any kind may say.

use jiff::Timestamp;
use serde::Serialize;

use crate::mail::language::Language;
use crate::mail::{Address, Attachment};

/// A kind of mail we send; its name is the folder of its templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// To the customer: we have your request, this is its case ID, this happens next.
    Acknowledgement,
    /// To the engineers of a queue: a new ticket, the customer's words and files, how to answer.
    NewTicket,
    /// To assignee and followers (or all engineers): a participant wrote again.
    CustomerReply,
    /// To requester and copied people: an engineer's answer. A person's mail.
    Answer,
    /// To assignee (or all engineers): a mail claims a ticket without proof and is held on a ticket of its own.
    Held,
    /// To the engineer on record: a mail in your name was held because nothing proved that it is yours.
    Unproven,
    /// To the sender: the mail was too large to take; how to send the files instead.
    Oversize,
    /// To the assignee: a mail could not be delivered, or a bounce came back; what happened and what to do.
    DeliveryFailed,
}

impl Notice {
    /// All kinds.
    pub const ALL: [Notice; 8] = [
        Notice::Acknowledgement,
        Notice::NewTicket,
        Notice::CustomerReply,
        Notice::Answer,
        Notice::Held,
        Notice::Unproven,
        Notice::Oversize,
        Notice::DeliveryFailed,
    ];

    /// The name in tables, in exports and of the template folder.
    pub fn as_str(self) -> &'static str {
        match self {
            Notice::Acknowledgement => "acknowledgement",
            Notice::NewTicket => "new_ticket",
            Notice::CustomerReply => "customer_reply",
            Notice::Answer => "answer",
            Notice::Held => "held",
            Notice::Unproven => "unproven",
            Notice::Oversize => "oversize",
            Notice::DeliveryFailed => "delivery_failed",
        }
    }

    /// Whether the customer reads it: it is part of what was said on the ticket.
    pub fn is_to_customer(self) -> bool {
        matches!(self, Notice::Acknowledgement | Notice::Answer | Notice::Oversize)
    }

    /// Whether a machine decided to send it (RFC 3834): it then carries `Auto-Submitted` and kin and counts in the caps.
    pub fn is_automatic(self) -> bool {
        self != Notice::Answer
    }
}

/// One mail to one recipient, before it becomes bytes.
#[derive(Debug, Clone)]
pub struct Letter {
    /// What it is about; chooses the template and the headers of automatic mail.
    pub notice: Notice,
    /// The recipient's; chooses the template.
    pub language: Language,
    /// The desk's address, with the desk's or the engineer's display name.
    pub from: Address,
    /// The desk's address, with the recipient's token where addresses can carry one.
    pub reply_to: Address,
    /// As shown; the envelope has the one recipient.
    pub to: Vec<Address>,
    /// As shown.
    pub cc: Vec<Address>,
    /// Without angle brackets; carries the recipient's token.
    pub message_id: String,
    /// The recipient's own thread.
    pub in_reply_to: Option<String>,
    /// The same thread, oldest first, without angle brackets.
    pub references: Vec<String>,
    /// When it was decided; the `Date` header.
    pub date: Timestamp,
    /// What the template fills in.
    pub vars: Vars,
    /// Passed on with the mail.
    pub files: Vec<Attachment>,
}

/// All that a template may name. Every field is there in every notice, so that a misspelt one is an error at start.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Vars {
    /// Who we are.
    pub desk: DeskVars,
    /// `CASE-1042`.
    pub case_id: String,
    /// The ticket's subject, without tags and `Re:`.
    pub subject: String,
    /// Who gets this mail.
    pub recipient: Address,
    /// Who wrote `words`; in `delivery_failed` whom the mail did not reach.
    pub author: Address,
    /// The ticket's requester.
    pub requester: Address,
    /// The engineer who has the ticket; empty name and address when nobody has.
    pub assignee: Address,
    /// The visible words that are passed on, as plain text; shown verbatim, never read as Markdown.
    pub words: String,
    /// What the words answer, for the quoted tail; empty text when there is nothing to quote.
    pub quote: Quote,
    /// The files of the mail that is passed on.
    pub files: Vec<FileVars>,
    /// The case the mail claimed or follows; empty when none.
    pub linked_case_id: String,
    /// Why, as a code that templates choose words by: `stranger`, `token_of_another`, `dmarc_fail`, `no_proof`, …
    pub reason: String,
    /// Somebody else's words on the reason: a server's diagnostic.
    pub detail: String,
    /// The size limit in words: `25 MB`.
    pub limit: String,
}

/// The desk as templates see it, in the letter's language.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeskVars {
    /// The desk's display name.
    pub name: String,
    /// The mailbox's own address, without a token.
    pub address: String,
    /// Opening hours in words; may be empty.
    pub hours: String,
    /// As people read them: `Helsinki +358 9 1234`.
    pub phones: Vec<String>,
    /// Knowledge base, community, portal.
    pub links: Vec<LinkVars>,
    /// What is wrong right now, in words of any length; empty when nothing is.
    pub incident: String,
}

/// A link below acknowledgements.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LinkVars {
    /// What people read.
    pub label: String,
    /// `https:`, `http:`, `mailto:` or `tel:`; others are shown as their label only.
    pub url: String,
}

/// An earlier message, quoted.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Quote {
    /// The display name of who wrote it.
    pub author: String,
    /// Date and time as the language writes them, with the zone.
    pub date: String,
    /// The words, without what they quoted themselves.
    pub text: String,
}

/// A file of the mail that is passed on.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FileVars {
    /// The file's name.
    pub name: String,
    /// In words: `184 KB`.
    pub size: String,
    /// Whether it goes with this mail or stays in the desk's records (too large to pass on).
    pub attached: bool,
}
