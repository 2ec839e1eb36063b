//! One mail as an owned, bounded value.

pub(super) mod armour;
mod calendar;
mod content;
mod data_uri;
mod files;
mod flowed;
mod sender;
mod smime;
mod text;
mod tnef;

use std::borrow::Cow;

use jiff::Timestamp;

use super::{
    Address, Attachment, Bounce, Conduct, Headers, Origin, OriginReason, Signal, banner, dsn, forward, language,
    limits, message_id, mime, origin, quote, reply_mark, signal, subject,
};

/// Everything the desk wants to know of a mail. Reading never fails; what was odd is in `warnings`.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The author: the first usable address of From, else Reply-To, Sender, Return-Path.
    pub from: Option<Address>,
    /// Which header gave `from`, and why not an earlier one.
    pub from_reason: String,
    /// Where the author wants answers (Reply-To).
    pub reply_to: Vec<Address>,
    /// To, in order.
    pub to: Vec<Address>,
    /// Cc, in order.
    pub cc: Vec<Address>,
    /// Addresses the mail was really delivered to: Delivered-To, X-Original-To, Envelope-To and kin.
    pub delivered_to: Vec<String>,
    /// The null return path or the bounce address: Return-Path, normalised, `Some("")` for `<>`.
    pub return_path: Option<String>,
    /// The decoded subject on one line, empty when there is none.
    pub subject: String,
    /// Without angle brackets.
    pub message_id: Option<String>,
    /// The Date header: what the author's clock said. `None` when missing or unreadable.
    pub date: Option<Timestamp>,
    /// Message-IDs of In-Reply-To, without angle brackets.
    pub in_reply_to: Vec<String>,
    /// Message-IDs of References, the parent last, without angle brackets.
    pub references: Vec<String>,
    /// The readable text: the text parts, or the HTML rendered.
    pub text: String,
    /// What the person wrote now ([`quote::split`]).
    pub reply_text: String,
    /// The quoted rest and the signature; first of all what a gateway put above the words ([`banner::cut`]).
    pub quoted_text: String,
    /// A gateway put a warning above the words: it stands in `quoted_text`.
    pub has_banner: bool,
    /// The HTML part as it came. Sanitise it with [`super::html::sanitise`] before showing.
    pub html: Option<String>,
    /// Everything that is not the text: files, inline pictures, attached mails.
    pub attachments: Vec<Attachment>,
    /// What sent the mail.
    pub origin: Origin,
    /// The header or the pattern that decided on the origin.
    pub origin_reason: OriginReason,
    /// What a click of somebody's sent, when nobody wrote words.
    pub signal: Option<Signal>,
    /// What may follow from the mail, by what sent it.
    pub conduct: Conduct,
    /// What a delivery report says; `None` for other mail.
    pub bounce: Option<Bounce>,
    /// ISO 639-1 code of the language of `reply_text`.
    pub language: Option<&'static str>,
    /// All headers.
    pub headers: Headers,
    /// What was odd, in words for administrators; at most [`limits::MAX_WARNINGS`].
    pub warnings: Vec<String>,
}

impl Mail {
    /// Everybody the mail went to, as far as it tells: To, Cc and the addresses it was delivered to, each once.
    pub fn recipients(&self) -> Vec<String> {
        let shown = self.to.iter().chain(&self.cc).map(|address| &address.email);
        let mut all: Vec<String> = Vec::new();
        for email in shown.chain(&self.delivered_to) {
            if !all.contains(email) {
                all.push(email.clone());
            }
        }
        all
    }
}

/// Reads any byte string. Never fails, never panics, and costs time and memory in proportion to the length.
pub fn read(raw: &[u8]) -> Mail {
    let raw = line_ends(raw);
    let parts = mime::parse(&raw);
    let mut warnings = parts.odd.clone();
    let hint = parts.charset_hint();
    let headers = parts.get(0).map(|top| Headers::from_block(&top.block, hint.as_deref())).unwrap_or_default();
    // A mail inside of an S/MIME signature is read in the place of the signature.
    let opened = smime::open(&parts);
    let inner = opened.as_deref().map(mime::parse);
    if inner.is_some() {
        warnings.push("signed with S/MIME: not checked".to_owned());
    }
    let shown = inner.as_ref().unwrap_or(&parts);
    let contents = content::decode(shown, &mut warnings);
    let mut body = text::body(shown, &contents, &mut warnings);
    let (from, from_reason) = sender::author(&headers, &mut warnings);
    let subject = headers.first("Subject").map(subject::decode).unwrap_or_default();
    let bounce = dsn::read(&parts, &headers, &subject, &body.text);
    let attachments = files::attachments(shown, contents, &mut body, &mut warnings);
    let (origin, origin_reason) = origin::classify(&headers, &subject, &body.text, bounce.as_ref());
    let (warning, words) = banner::cut(&body.text);
    let ids = |name: &str| ids(&headers, name);
    let (in_reply_to, references) = (ids("In-Reply-To"), ids("References"));
    let answers = reply_mark::is_marked(&subject) || in_reply_to.iter().chain(&references).any(|id| id.contains('@'));
    let split = match forward::says_so(&subject) {
        true => quote::split_forward(words),
        false if answers => quote::split_answer(words, body.html.as_deref()),
        false => quote::split(words, body.html.as_deref()),
    };
    let has_banner = !warning.is_empty();
    let signal = signal::of(shown, &headers, &subject, &split.reply);
    let date = date(&headers, &mut warnings);
    let conduct = Conduct::of(origin, &headers, &subject, &split.reply);
    warnings.truncate(limits::MAX_WARNINGS);
    Mail {
        from,
        from_reason,
        reply_to: sender::addresses(&headers, "Reply-To"),
        to: sender::addresses(&headers, "To"),
        cc: sender::addresses(&headers, "Cc"),
        delivered_to: sender::delivered_to(&headers),
        return_path: sender::return_path(&headers),
        subject,
        message_id: ids("Message-ID").into_iter().next(),
        date,
        in_reply_to,
        references,
        language: language::detect(&split.reply),
        reply_text: split.reply,
        quoted_text: [warning.trim_end(), &split.quoted]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("\n\n"),
        has_banner,
        signal,
        text: body.text,
        html: body.html,
        attachments,
        conduct,
        origin,
        origin_reason,
        bounce,
        headers,
        warnings,
    }
}

/// Mails from old Macintosh files end their lines with CR alone.
fn line_ends(raw: &[u8]) -> Cow<'_, [u8]> {
    match memchr::memchr(b'\n', raw).is_none() && memchr::memchr(b'\r', raw).is_some() {
        true => Cow::Owned(raw.iter().map(|&byte| if byte == b'\r' { b'\n' } else { byte }).collect()),
        false => Cow::Borrowed(raw),
    }
}

/// The Message-IDs of every header of that name, in order, each once.
fn ids(headers: &Headers, name: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for id in headers.all(name).flat_map(message_id::list) {
        if all.len() < limits::MAX_REFERENCES && !all.contains(&id) {
            all.push(id);
        }
    }
    all
}

/// The Date header as a point in time.
fn date(headers: &Headers, warnings: &mut Vec<String>) -> Option<Timestamp> {
    let found = point_in_time(headers.first("Date")?);
    if found.is_none() {
        warnings.push("the Date header cannot be read".to_owned());
    }
    found
}

/// What a date of a header says (RFC 5322 §3.3), as far as it can be read.
pub(super) fn point_in_time(value: &str) -> Option<Timestamp> {
    let strict = mail_parser::DateTime::parse_rfc822(value).filter(mail_parser::DateTime::is_valid);
    strict.and_then(|date| Timestamp::from_second(date.to_timestamp()).ok()).or_else(|| obsolete_date(value))
}

/// Dates without seconds, without a zone (taken as UTC), with a zone's name (RFC 5322 §4.3).
fn obsolete_date(value: &str) -> Option<Timestamp> {
    let parser = jiff::fmt::rfc2822::DateTimeParser::new();
    let with_zone = format!("{value} +0000");
    parser.parse_timestamp(value).or_else(|_| parser.parse_timestamp(&with_zone)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date_of(value: &str) -> Option<String> {
        date(&Headers::of(format!("Date: {value}\n").as_bytes()), &mut Vec::new()).map(|date| date.to_string())
    }

    #[test]
    fn dates() {
        let seen = Some("2030-01-02T10:00:00Z".to_owned());
        for value in [
            "Wed, 2 Jan 2030 12:00:00 +0200",
            "2 Jan 2030 12:00 +0200",
            "Wed, 02 Jan 2030 10:00:00 GMT",
            "Wed,  2 Jan 2030 05:00:00 EST",
            "Wed, 2 Jan 2030 10:00:00",
            "Wed, 2 Jan 2030 12:00:00 +0200 (EET)",
        ] {
            assert_eq!(date_of(value), seen, "{value}");
        }
        for value in ["", "yesterday", "Wed, 99 Jan 2030 10:00:00 +0000", "Wed, 2 Jan 99999 10:00:00 +0000"] {
            assert_eq!(date_of(value), None, "{value}");
        }
    }
}
