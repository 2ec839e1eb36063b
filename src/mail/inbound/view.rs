//! The parts as `mail-parser` would give them, for readers that are written against its types.
//!
//! `mail-parser` itself is not asked for whole mails: it looks for boundaries to the end of the mail once for every
//! multipart, and drops nested messages recursively, so that a hostile mail could cost hours or the process.

use std::borrow::Cow;

use mail_parser::{ContentType, Encoding, Header, HeaderName, HeaderValue, Message, MessagePart, PartType};

use crate::mail::{
    headers,
    mime::{Part, Parts, fields, transfer::Transfer},
};

use super::content::{Content, Contents};

/// The mail as a `mail-parser` value: of headers only the types of the parts are in it (the others are in
/// [`Headers`](crate::mail::Headers)); of attached mails the header block and the bytes, not their parts.
pub fn message<'v>(raw: &'v [u8], parts: &'v Parts<'_>, contents: &'v Contents<'_>) -> Message<'v> {
    let mut message = Message { raw_message: Cow::Borrowed(raw), ..Message::default() };
    for ((index, part), content) in parts.list.iter().enumerate().zip(&contents.list) {
        let id = number(index);
        let body = match content {
            Content::Parts => PartType::Multipart(parts.children(index).map(number).collect()),
            Content::Plain(text) => {
                message.text_body.push(id);
                PartType::Text(Cow::Borrowed(text))
            }
            Content::Html(html) => {
                message.html_body.push(id);
                PartType::Html(Cow::Borrowed(html))
            }
            Content::Data(bytes) => {
                message.attachments.push(id);
                data(part, bytes)
            }
        };
        let ends = (part.start, part.body_start, part.body_start + part.body.len());
        message.parts.push(MessagePart { headers: kind(part), encoding: encoding(part.transfer), ..plain(body, ends) });
    }
    message
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn plain(body: PartType<'_>, (header, start, end): (usize, usize, usize)) -> MessagePart<'_> {
    MessagePart {
        headers: Vec::new(),
        is_encoding_problem: false,
        body,
        encoding: Encoding::None,
        offset_header: number(header),
        offset_body: number(start),
        offset_end: number(end),
    }
}

fn encoding(transfer: Transfer) -> Encoding {
    match transfer {
        Transfer::Base64 => Encoding::Base64,
        Transfer::QuotedPrintable => Encoding::QuotedPrintable,
        Transfer::Identity | Transfer::Uuencode => Encoding::None,
    }
}

fn kind<'v>(part: &'v Part<'_>) -> Vec<Header<'v>> {
    let Some((main, sub)) = part.kind().split_once('/') else { return Vec::new() };
    let value = ContentType { c_type: main.into(), c_subtype: Some(sub.into()), attributes: None };
    let value = HeaderValue::ContentType(value);
    vec![Header { name: HeaderName::ContentType, value, offset_field: 0, offset_start: 0, offset_end: 0 }]
}

fn data<'v>(part: &Part<'_>, bytes: &'v [u8]) -> PartType<'v> {
    match part.kind() {
        "message/rfc822" | "message/global" => {
            let start = headers::leading(bytes);
            let body = fields::split(bytes, start, |_| false).body;
            let head = plain(PartType::Text(Cow::Borrowed("")), (start, body, bytes.len()));
            PartType::Message(Message { raw_message: Cow::Borrowed(bytes), parts: vec![head], ..Message::default() })
        }
        kind if kind.starts_with("text/") => PartType::Text(String::from_utf8_lossy(bytes)),
        _ => PartType::Binary(Cow::Borrowed(bytes)),
    }
}
