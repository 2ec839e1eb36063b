//! The mails we send, as finished bytes: the same value always gives the same bytes.
//!
//! Everything that goes into a header is cleaned here, whatever the caller did: a name or a subject can never start
//! a header of its own. What is written is 7-bit with CRLF ends and lines below 998 octets (RFC 5322 §2.1.1), so no
//! server on the way has a reason to re-encode it.

use std::borrow::Cow;

use jiff::Timestamp;
use mail_builder::MessageBuilder;
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::{Address as Mailbox, EmailAddress, GroupedAddresses};
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::message_id::MessageId;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::mime::{BodyPart, MimePart};
use sha2::{Digest, Sha256};

use super::dsn::DELIVERY_HEADER;
use super::encoded_word;
use super::invisible::is_direction_override;
use super::language::Language;
use super::origin::OWN_HEADER;
use super::{Address, Attachment, address, limits};

/// Most Message-IDs written to `References`: the first and the last ones. RFC 5322 §3.6.4 sets no bound, but some
/// servers refuse headers of several thousand octets, and clients thread by the first and the last few.
const MAX_SENT_REFERENCES: usize = 20;
/// Octets of a Message-ID that we repeat; a longer one could not be written on one line.
const MAX_ID_OCTETS: usize = 500;
/// Octets of a file name that also goes into `Content-Type`; longer ones stand in `Content-Disposition` alone.
const MAX_NAME_PARAMETER: usize = 150;

/// How automatic a mail is, in the words of RFC 3834 §5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Automatic {
    /// A person decided to send it.
    No,
    /// A machine answered a mail.
    Replied,
    /// A machine reports something.
    Generated,
}

/// One mail before it becomes bytes.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// The desk.
    pub from: &'a Address,
    /// Where answers go; not written when that is the address of `from`.
    pub reply_to: &'a Address,
    /// Shown recipients; when empty, `undisclosed-recipients:;` stands there.
    pub to: &'a [Address],
    /// Shown recipients of a copy.
    pub cc: &'a [Address],
    /// One line; whatever is not, becomes one.
    pub subject: &'a str,
    /// The `Date` header, in UTC.
    pub date: Timestamp,
    /// Without angle brackets.
    pub message_id: &'a str,
    /// Without angle brackets.
    pub in_reply_to: Option<&'a str>,
    /// Without angle brackets, oldest first.
    pub references: &'a [String],
    /// For `Content-Language` (RFC 3282): screen readers and translators choose by it.
    pub language: Language,
    /// Which headers tell other machines who decided.
    pub automatic: Automatic,
    /// The case ID for our own marker on automatic mails; may be empty.
    pub case_id: &'a str,
    /// The value of [`DELIVERY_HEADER`]; none when empty.
    pub delivery: &'a str,
    /// Outlook is asked to offer no reactions (`X-MS-Reactions`).
    pub no_reactions: bool,
    /// The `text/plain` part, lines ended by LF.
    pub text: &'a str,
    /// The `text/html` part.
    pub html: &'a str,
    /// Attached, whatever they were in the mail they came with.
    pub files: &'a [Attachment],
}

/// The mail as bytes. Never fails: what cannot be written as it is (an address that is not ASCII, a reference with
/// a space in it) is written as a form that every client reads, or left out.
pub fn build(draft: &Draft<'_>) -> Vec<u8> {
    let mut mail = MessageBuilder::new()
        .header("Date", Date::new(draft.date.as_second()))
        .header("From", mailbox(draft.from))
        .header("To", mailboxes(draft.to));
    if !draft.cc.is_empty() {
        mail = mail.header("Cc", mailboxes(draft.cc));
    }
    if !draft.reply_to.email.is_empty() && draft.reply_to.email != draft.from.email {
        mail = mail.header("Reply-To", mailbox(draft.reply_to));
    }
    mail = mail.header("Subject", subject(draft.subject)).header("Message-ID", MessageId::new(id(draft.message_id)));
    if let Some(parent) = draft.in_reply_to.map(id).filter(|parent| usable(parent)) {
        mail = mail.header("In-Reply-To", MessageId::new(parent));
    }
    let references = references(draft);
    if !references.is_empty() {
        mail = mail.header("References", MessageId::new_list(references.into_iter()));
    }
    mail = automatic_headers(mail, draft).header("Content-Language", Raw::new(draft.language.code()));
    if draft.no_reactions {
        // https://learn.microsoft.com/exchange/troubleshoot/email-delivery/disable-reactions-in-email
        mail = mail.header("X-MS-Reactions", Raw::new("disallow"));
    }
    if !draft.delivery.is_empty() {
        mail = mail.header(DELIVERY_HEADER, Raw::new(clean(draft.delivery, 100)));
    }
    let mut bytes = Vec::with_capacity(size_guess(draft));
    mail.body(body(draft)).serialize(&mut bytes);
    bytes
}

/// What tells other machines that nobody wrote this (RFC 3834 §5; MS-OXCMAIL §2.1.3.2.20 for the `X-Auto-` one).
///
/// `Precedence` is left to the answers to a stranger's mail. RFC 3834 §3.1.8 does not recommend it, for its readings
/// differ; but vacation programs and ticket systems older than that RFC look at nothing else, and an endless exchange
/// with one of them is worse. A report to an engineer has no such partner, and filters that move bulk mail out of the
/// inbox would hide it.
fn automatic_headers<'a>(mail: MessageBuilder<'a>, draft: &Draft<'a>) -> MessageBuilder<'a> {
    let mail = match draft.automatic {
        Automatic::No => return mail,
        Automatic::Replied => {
            mail.header("Auto-Submitted", Raw::new("auto-replied")).header("Precedence", Raw::new("bulk"))
        }
        Automatic::Generated => mail.header("Auto-Submitted", Raw::new("auto-generated")),
    };
    mail.header("X-Auto-Response-Suppress", Raw::new("All")).header(OWN_HEADER, Text::new(own_marker(draft.case_id)))
}

/// A value is needed even without a case: an empty header is dropped by some servers.
fn own_marker(case_id: &str) -> Cow<'_, str> {
    if case_id.is_empty() { Cow::Borrowed("-") } else { clean(case_id, 100) }
}

/// `text` as one line: control characters and line separators become spaces, direction overrides (which make a name
/// or a file type read as another one) go, and no more than `most` characters stay.
pub fn clean(text: &str, most: usize) -> Cow<'_, str> {
    let trimmed = text.trim();
    if trimmed.len() <= most && trimmed.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        return Cow::Borrowed(trimmed);
    }
    let line: String = trimmed
        .chars()
        .filter(|&c| !is_direction_override(c))
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .take(most)
        .collect();
    Cow::Owned(line.trim().to_owned())
}

fn subject(text: &str) -> HeaderType<'_> {
    let line = clean(text, limits::MAX_SUBJECT_CHARS);
    // What looks like an encoded word would be decoded by the reader: encoded once more, it arrives as it is.
    if line.contains("=?") { Raw::new(encoded_word::encode(&line)).into() } else { Text::new(line).into() }
}

fn mailboxes(list: &[Address]) -> Mailbox<'_> {
    if list.is_empty() {
        return Mailbox::new_group(Some("undisclosed-recipients"), Vec::new());
    }
    Mailbox::new_list(list.iter().take(limits::MAX_ADDRESSES).map(mailbox).collect())
}

fn mailbox(address: &Address) -> Mailbox<'_> {
    let name = clean(&address.name, limits::MAX_NAME_CHARS);
    // Many clients decode an encoded word even within the quotes, where RFC 2047 §5 forbids it.
    let name = if name.contains("=?") { Cow::Owned(name.replace("=?", "= ?")) } else { name };
    let written = address::to_ascii(&address.email);
    if !written.is_ascii() {
        // Without SMTPUTF8 such an address cannot be written; RFC 6857 §3.1 shows it as a group without members.
        let shown = if name.is_empty() { address.email.clone() } else { format!("{name} {}", address.email) };
        let shown = clean(&shown, limits::MAX_NAME_CHARS).into_owned();
        return Mailbox::Group(GroupedAddresses { name: Some(shown.into()), addresses: Vec::new() });
    }
    let email: Cow<'_, str> = if written.chars().any(breaks_address) {
        Cow::Owned(written.chars().filter(|&c| !breaks_address(c)).collect())
    } else {
        written
    };
    Mailbox::Address(EmailAddress { name: Some(name).filter(|name| !name.is_empty()), email })
}

/// What would end an address before its end.
fn breaks_address(c: char) -> bool {
    c.is_control() || matches!(c, '<' | '>')
}

fn id(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| c.is_ascii_graphic() && c != '<' && c != '>') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|&c| c.is_ascii_graphic() && c != '<' && c != '>').collect())
}

fn usable(id: &str) -> bool {
    !id.is_empty() && id.len() <= MAX_ID_OCTETS
}

/// The thread, oldest first, with the parent last (RFC 5322 §3.6.4), bounded.
fn references<'a>(draft: &Draft<'a>) -> Vec<Cow<'a, str>> {
    let mut list: Vec<Cow<'a, str>> = Vec::with_capacity(draft.references.len().min(limits::MAX_REFERENCES) + 1);
    let parent = draft.in_reply_to.map(id);
    let skipped = draft.references.len().saturating_sub(limits::MAX_REFERENCES).max(1);
    let kept = draft.references.iter().take(1).chain(draft.references.iter().skip(skipped));
    for one in kept.map(|one| id(one)).filter(|one| usable(one) && Some(one) != parent.as_ref()) {
        if !list.contains(&one) {
            list.push(one);
        }
    }
    list.extend(parent.filter(|parent| usable(parent)));
    let excess = list.len().saturating_sub(MAX_SENT_REFERENCES);
    list.drain(1.min(list.len())..(1 + excess).min(list.len()));
    list
}

fn body<'a>(draft: &Draft<'a>) -> MimePart<'a> {
    let seed = data_encoding::HEXLOWER.encode(Sha256::digest(draft.message_id.as_bytes()).get(..12).unwrap_or(&[]));
    let alternative = multipart(
        "alternative",
        format!("=_{seed}.a"),
        vec![MimePart::new("text/plain", draft.text), MimePart::new("text/html", draft.html)],
    );
    if draft.files.is_empty() {
        return alternative;
    }
    let mut parts = Vec::with_capacity(draft.files.len() + 1);
    parts.push(alternative);
    parts.extend(draft.files.iter().map(file));
    multipart("mixed", format!("=_{seed}.m"), parts)
}

/// The boundary comes from the Message-ID, which nobody can guess before it is sent; and `=_` occurs in no
/// quoted-printable and no base64 text (RFC 2045 §6.7 suggests it for that).
fn multipart<'a>(subtype: &str, boundary: String, parts: Vec<MimePart<'a>>) -> MimePart<'a> {
    MimePart::new(ContentType::new(format!("multipart/{subtype}")).attribute("boundary", boundary), parts)
}

/// A file, always in base64: its octets arrive as they are. The name stands twice, as RFC 2231 has it and, for
/// Outlook and others that do not read that, as an encoded word in `Content-Type`.
fn file(file: &Attachment) -> MimePart<'_> {
    let name = clean(&file.filename, 255);
    let name = if name.is_empty() { Cow::Borrowed("attachment") } else { name };
    let mut kind = content_type(&file.content_type).to_owned();
    if name.len() <= MAX_NAME_PARAMETER {
        if name.is_ascii() && !name.contains(['"', '\\']) && !name.contains("=?") {
            kind.push_str(&format!("; name=\"{name}\""));
        } else {
            kind.push_str(&format!("; name=\"{}\"", encoded_word::encode(&name)));
        }
    }
    MimePart::raw(BodyPart::Binary(Cow::Borrowed(&file.content)))
        .header("Content-Type", Raw::new(kind))
        .header("Content-Disposition", ContentType::new("attachment").attribute("filename", name))
}

/// The type as given when it is one that may be in base64. Messages and multiparts may not (RFC 2046 §5.2.1): they
/// go as octets, and their name tells clients what they are.
fn content_type(kind: &str) -> &str {
    let is_token = |part: &str| {
        !part.is_empty()
            && part.len() < 80
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    match kind.split_once('/') {
        Some((main, sub)) if is_token(main) && is_token(sub) && main != "message" && main != "multipart" => kind,
        _ => "application/octet-stream",
    }
}

/// Octets to set aside: quoted-printable adds little, base64 a third and the line ends.
fn size_guess(draft: &Draft<'_>) -> usize {
    let files: usize = draft.files.iter().map(|file| file.content.len() / 5 * 7 + 1_000).sum();
    2_048 + draft.text.len() * 5 / 4 + draft.html.len() * 5 / 4 + files
}
