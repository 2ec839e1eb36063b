//! The files of a mail.

use std::{borrow::Cow, collections::HashSet};

use crate::mail::{
    Attachment, Headers, attachment, html, limits,
    mime::{Disposition, Part, Parts},
    subject,
};

use super::{
    content::{self, Content, Contents},
    data_uri,
    text::Body,
    tnef,
};

/// Everything that is not the words: attachments, inline pictures, also those pasted into the HTML, attached mails, what was
/// packed in containers.
///
/// A winmail.dat also gives the words when no part does.
pub fn attachments(
    parts: &Parts<'_>,
    contents: Contents<'_>,
    body: &mut Body,
    warnings: &mut Vec<String>,
) -> Vec<Attachment> {
    let hint = parts.charset_hint();
    let mut files = Vec::new();
    let mut pasted: Vec<Attachment> = Vec::new();
    for (part, content) in parts.list.iter().zip(contents.list) {
        let is_file = part.is_named() || part.disposition == Disposition::Attachment;
        if let Content::Html(html) = &content
            && !is_file
        {
            pasted.extend(data_uri::pictures(html, files.len() + pasted.len()));
        }
        let bytes = match content {
            Content::Parts => continue,
            Content::Data(bytes) => bytes,
            // A file by its name that is read as words too, for want of others.
            Content::Plain(_) | Content::Html(_) if is_file => part.transfer.decode(part.body).0,
            Content::Plain(_) | Content::Html(_) => continue,
        };
        if is_other_form(parts, part) {
            continue;
        }
        let declared = part.declared_name(hint.as_deref());
        if is_tnef(part.kind(), declared.as_deref()) && unpack(&bytes, &mut files, body, warnings) {
            continue;
        }
        let content_id = part.content_id();
        files.push(Attachment {
            filename: name(part, declared.as_deref(), &bytes, files.len() + 1),
            content_type: part.kind().to_owned(),
            inline: is_inline(parts, part),
            content_id,
            content: if is_mail(part.kind()) { without_end(&bytes).to_vec() } else { bytes.into_owned() },
        });
    }
    files.extend(pasted);
    for (number, packed) in contents.packed.into_iter().enumerate() {
        files.push(Attachment {
            filename: attachment::safe_name(&packed.name).unwrap_or_else(|| attachment::invented_name("", number + 1)),
            content_type: "application/octet-stream".to_owned(),
            content_id: None,
            inline: false,
            content: packed.content,
        });
    }
    let shown = content_ids(body.html.as_deref().unwrap_or_default());
    for file in &mut files {
        file.inline |= file.content_id.as_deref().is_some_and(|id| shown.contains(id));
    }
    files
}

fn is_mail(kind: &str) -> bool {
    matches!(kind, "message/rfc822" | "message/global")
}

/// Without the empty lines at its end: how many there are is up to the mailer that attached the mail, and so the same
/// mail attached twice is the same file (RFC 6376 §3.4.3 leaves them out for the same reason).
fn without_end(mail: &[u8]) -> &[u8] {
    let end = mail.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last + 1);
    mail.get(..end).unwrap_or_default()
}

/// A further form of the words that is not read (`text/x-amp-html`, `text/watch-html`), or the Macintosh half of a
/// file (RFC 1740).
fn is_other_form(parts: &Parts<'_>, part: &Part<'_>) -> bool {
    let Some(around) = part.parent.and_then(|parent| parts.get(parent)) else { return false };
    let unnamed = part.disposition != Disposition::Attachment && !part.is_named();
    match around.kind() {
        "multipart/alternative" => unnamed && part.kind().starts_with("text/") && part.kind() != "text/calendar",
        "multipart/appledouble" => part.kind() == "application/applefile",
        _ => false,
    }
}

fn name(part: &Part<'_>, declared: Option<&str>, bytes: &[u8], number: usize) -> String {
    if let Some(name) = declared.and_then(attachment::safe_name) {
        return name;
    }
    if is_mail(part.kind()) {
        let title = Headers::of(bytes).first("Subject").map(subject::decode).unwrap_or_default();
        let title: String = title.chars().take(100).collect();
        let bare = attachment::safe_name(&title);
        if let Some(name) = bare.and_then(|name| attachment::safe_name(&format!("{name}.eml"))) {
            return name;
        }
    }
    // Some mailers put the name of the file into its description.
    let described =
        part.block.first("Content-Description").map(|value| subject::decode(&String::from_utf8_lossy(value)));
    let described = described.filter(|name| {
        name.rsplit_once('.')
            .is_some_and(|(_, extension)| (1..=5).contains(&extension.len()) && !extension.contains(' '))
    });
    described
        .as_deref()
        .and_then(attachment::safe_name)
        .unwrap_or_else(|| attachment::invented_name(part.kind(), number))
}

/// A picture that belongs to the HTML and says so.
fn is_inline(parts: &Parts<'_>, part: &Part<'_>) -> bool {
    let related =
        part.parent.and_then(|parent| parts.get(parent)).is_some_and(|around| around.kind() == "multipart/related");
    let picture = part.kind().starts_with("image/") && part.disposition != Disposition::Attachment;
    picture && (related || part.disposition == Disposition::Inline)
}

/// The Content-IDs that an HTML text points to (RFC 2392).
fn content_ids(html: &str) -> HashSet<Cow<'_, str>> {
    let mut ids = HashSet::new();
    let mut rest = html;
    while let Some(at) = memchr::memmem::find(rest.as_bytes(), b"cid:") {
        rest = rest.get(at + 4..).unwrap_or_default();
        let ends = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'>' | b'<' | b')' | b'&');
        let end = rest.bytes().take(limits::MAX_MESSAGE_ID).position(ends);
        // What was looked at is not looked at again: an id holds no other.
        let looked_at = end.unwrap_or_else(|| rest.floor_char_boundary(limits::MAX_MESSAGE_ID));
        let (id, behind) = rest.split_at_checked(looked_at).unwrap_or_default();
        rest = behind;
        if end.is_none() {
            continue;
        }
        ids.insert(if id.contains('%') {
            Cow::Owned(id.replace("%40", "@").replace("%24", "$").replace("%25", "%"))
        } else {
            Cow::Borrowed(id)
        });
        if ids.len() >= limits::MAX_PARTS {
            break;
        }
    }
    ids
}

fn is_tnef(kind: &str, name: Option<&str>) -> bool {
    matches!(kind, "application/ms-tnef" | "application/vnd.ms-tnef")
        || name.is_some_and(|name| name.eq_ignore_ascii_case("winmail.dat"))
}

/// Puts the files of a winmail.dat in its place; `false` when it must be listed itself.
fn unpack(bytes: &[u8], files: &mut Vec<Attachment>, body: &mut Body, warnings: &mut Vec<String>) -> bool {
    let Some(found) = tnef::unpack(bytes) else {
        warnings.push("winmail.dat cannot be unpacked".to_owned());
        return false;
    };
    if !found.whole {
        warnings.push("winmail.dat is damaged: not all of it could be unpacked".to_owned());
    }
    for (number, file) in found.files.into_iter().enumerate() {
        let kind = file.content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
        files.push(Attachment {
            filename: attachment::safe_name(&file.name).unwrap_or_else(|| attachment::invented_name(&kind, number + 1)),
            content_type: kind,
            content_id: file.content_id,
            inline: false,
            content: file.content,
        });
    }
    if body.text.trim().is_empty() {
        body.text = found
            .text
            .map(|text| content::tidy(&text))
            .or_else(|| found.html.as_deref().map(html::to_text))
            .unwrap_or_default();
        body.html = body.html.take().or(found.html);
    }
    found.whole
}
