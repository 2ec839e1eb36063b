//! One mail as an owned, bounded value.

use jiff::Timestamp;
use mail_parser::{Message, MessageParser, MimeHeaders};

use super::{
    Address, Attachment, Bounce, Headers, Origin, OriginReason, address, dsn, html, language, limits, message_id,
    origin, quote,
};

/// Everything the desk wants to know of a mail. Reading never fails; what was odd is in `warnings`.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The author: the first usable address of From, else Reply-To, Sender, Return-Path.
    pub from: Option<Address>,
    /// Which header gave `from`, and why not an earlier one.
    pub from_reason: String,
    pub reply_to: Vec<Address>,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    /// Addresses the mail was really delivered to: Delivered-To, X-Original-To, Envelope-To and kin.
    pub delivered_to: Vec<String>,
    /// The null return path or the bounce address: Return-Path, normalised, `Some("")` for `<>`.
    pub return_path: Option<String>,
    pub subject: String,
    pub message_id: Option<String>,
    pub date: Option<Timestamp>,
    pub in_reply_to: Vec<String>,
    pub references: Vec<String>,
    /// The readable text: the text parts, or the HTML rendered.
    pub text: String,
    /// What the person wrote now ([`quote::split`]).
    pub reply_text: String,
    /// The quoted rest and the signature.
    pub quoted_text: String,
    /// The HTML part as it came. Sanitise it with [`html::sanitise`] before showing.
    pub html: Option<String>,
    pub attachments: Vec<Attachment>,
    pub origin: Origin,
    pub origin_reason: OriginReason,
    pub bounce: Option<Bounce>,
    /// ISO 639-1 code of the language of `reply_text`.
    pub language: Option<&'static str>,
    pub headers: Headers,
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

/// Reads any byte string.
pub fn read(raw: &[u8]) -> Mail {
    let headers = Headers::of(raw);
    let message = MessageParser::default().parse(raw).unwrap_or_default();
    let html_part = message.body_html(0).filter(|_| has_html(&message)).map(|part| part.into_owned());
    let text = readable_text(&message);
    let subject: String = message.subject().unwrap_or_default().chars().take(limits::MAX_SUBJECT_CHARS).collect();
    let bounce = dsn::read(&message, &headers, &subject, &text);
    let (origin, origin_reason) = origin::classify(&headers, &subject, &text, bounce.as_ref());
    let split = quote::split(&text, html_part.as_deref());
    let ids = |name: &str| headers.all(name).flat_map(message_id::list).collect::<Vec<_>>();
    Mail {
        from: message.from().and_then(|list| addresses(list).into_iter().next()),
        from_reason: "From".to_owned(),
        reply_to: message.reply_to().map(addresses).unwrap_or_default(),
        to: message.to().map(addresses).unwrap_or_default(),
        cc: message.cc().map(addresses).unwrap_or_default(),
        delivered_to: ["Delivered-To", "X-Original-To", "Envelope-To"]
            .into_iter()
            .flat_map(|name| headers.all(name))
            .map(address::normalise)
            .collect(),
        return_path: headers.first("Return-Path").map(address::normalise),
        subject,
        message_id: ids("Message-ID").into_iter().next(),
        date: message.date().and_then(|date| Timestamp::from_second(date.to_timestamp()).ok()),
        in_reply_to: ids("In-Reply-To"),
        references: ids("References"),
        language: language::detect(&split.reply),
        reply_text: split.reply,
        quoted_text: split.quoted,
        text,
        html: html_part,
        attachments: attachments(&message),
        origin,
        origin_reason,
        bounce,
        headers,
        warnings: Vec::new(),
    }
}

fn has_html(message: &Message<'_>) -> bool {
    message.html_body.iter().any(|&id| message.part(id).is_some_and(|part| part.is_text_html()))
}

fn readable_text(message: &Message<'_>) -> String {
    match message.body_html(0) {
        Some(part) if message.text_body.iter().all(|&id| message.part(id).is_some_and(|part| part.is_text_html())) => {
            html::to_text(&part)
        }
        _ => message.body_text(0).unwrap_or_default().into_owned(),
    }
}

fn addresses(list: &mail_parser::Address<'_>) -> Vec<Address> {
    list.iter()
        .filter_map(|addr| Some(Address::new(addr.name().unwrap_or_default(), addr.address()?)))
        .take(limits::MAX_ADDRESSES)
        .collect()
}

fn attachments(message: &Message<'_>) -> Vec<Attachment> {
    message
        .attachments()
        .take(limits::MAX_PARTS)
        .map(|part| Attachment {
            filename: part.attachment_name().unwrap_or("attachment").to_owned(),
            content_type: part.content_type().map_or("application/octet-stream".to_owned(), |kind| {
                format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("octet-stream"))
            }),
            content_id: part.content_id().map(str::to_owned),
            inline: part.content_disposition().is_some_and(|disposition| disposition.is_inline()),
            content: part.contents().to_vec(),
        })
        .collect()
}
