//! What a reader outside of the desk may see of a message: words, files, the whole mail; never an engineer's address, and
//! nothing that a browser would load or run.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::pages::Word;
use super::visit::Visit;
use crate::desk::arrival::author;
use crate::desk::rules::Rules;
use crate::desk::seal::marks;
use crate::mail::{Attachment, Mail, forward, html, quote};
use crate::store::link;
use crate::store::view::conversation;
use crate::store::web::cases::Message;

/// A message for its reader.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// A name, or the desk's.
    pub(super) author: String,
    /// What was written now, without quotes.
    pub(super) words: String,
    pub(super) files: Vec<Attachment>,
    /// All of the mail, when it came from outside.
    pub(super) whole: String,
    /// The same as HTML that is safe to show; empty when it has none.
    pub(super) html: String,
    /// The whole is more than the words.
    pub(super) has_more: bool,
}

/// Reads the mail of a message.
pub(super) async fn read(visit: &Visit, message: &Message) -> anyhow::Result<Shown> {
    let author = author(visit, message);
    let mut bytes = conversation::bytes(visit.web.store(), &[message.content]).await?;
    let Some(raw) = bytes.remove(&message.content) else { return Ok(Shown { author, ..Shown::default() }) };
    let mail = link::shown(visit.web.store(), raw).await?.into_mail();
    let email = message.author.as_ref().map(|author| &author.email);
    let wrote = author::of(&visit.web.act().rules, &mail).address.map(|address| address.email);
    let (ours, own) = (message.ours, wrote.as_ref() == email);
    // Sanitising never panics by design; if it does, the message is shown without its words.
    let rules = Arc::clone(&visit.web.act().rules);
    let shown = tokio::task::spawn_blocking(move || unmarked(&rules, of_mail(mail, ours, own))).await;
    Ok(Shown { author, ..shown.unwrap_or_default() })
}

fn author(visit: &Visit, message: &Message) -> String {
    let named = message.author.as_ref().map(|author| author.name.clone()).filter(|name| !name.is_empty());
    match (named, message.ours, &message.author) {
        (Some(name), ..) => name,
        (None, false, Some(author)) => author.email.clone(),
        (None, true, _) => visit.web.config().desk.name.clone(),
        (None, false, None) => visit.say(Word::Somebody),
    }
}

fn of_mail(mail: Mail, ours: bool, own: bool) -> Shown {
    if ours {
        return Shown { words: answered(&mail), files: mail.attachments, ..Shown::default() };
    }
    if !own {
        // An engineer forwarded it: only the forwarded words are the customer's, and the rest is the desk's own.
        let original = forward::original(&mail.text, &mail.subject, &mail.attachments);
        return Shown { words: original.map(|original| original.body).unwrap_or_default(), ..Shown::default() };
    }
    let html = mail.html.as_deref().map(safe).unwrap_or_default();
    Shown {
        has_more: !mail.quoted_text.trim().is_empty() || is_rich(&html),
        words: mail.reply_text,
        files: mail.attachments,
        whole: mail.text,
        html,
        ..Shown::default()
    }
}

/// What one person wrote and another reads names no token: its holder would be taken for the other.
fn unmarked(rules: &Rules, shown: Shown) -> Shown {
    let clean = |text: &str| marks::words(&rules.keys, text).into_owned();
    Shown {
        words: clean(&shown.words),
        whole: clean(&shown.whole),
        html: clean(&shown.html),
        files: shown.files.iter().filter_map(|file| marks::file(&rules.keys, file)).collect(),
        ..shown
    }
}

/// What an engineer wrote, whether it is the engineer's own mail or the one that we made of it.
fn answered(mail: &Mail) -> String {
    let separates = |line: &str| line.starts_with(quote::SEPARATOR.0) && line.ends_with(quote::SEPARATOR.1);
    let lines: Vec<&str> = mail.reply_text.lines().filter(|line| !separates(line.trim())).collect();
    lines.join("\n").trim().to_owned()
}

/// Whether there is more to see than in the words: tables, pictures, lists.
fn is_rich(html: &str) -> bool {
    ["<table", "<img", "<ul", "<ol"].iter().any(|tag| html.contains(tag))
}

/// HTML for a page of ours: sanitised as for a mail, then without headings, which are the page's, and without pictures,
/// which would be loaded from elsewhere.
fn safe(raw: &str) -> String {
    static STRICTER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
        let mut builder = ammonia::Builder::default();
        builder
            .rm_tags([
                "h1", "h2", "h3", "h4", "h5", "h6", "img", "map", "area", "header", "footer", "nav", "aside", "article",
            ])
            .generic_attributes(HashSet::new())
            .tag_attributes(HashMap::from([
                ("a", HashSet::from(["href"])),
                ("td", HashSet::from(["colspan", "rowspan"])),
                ("th", HashSet::from(["colspan", "rowspan"])),
            ]))
            .url_schemes(HashSet::from(["https", "http", "mailto", "tel"]))
            .url_relative(ammonia::UrlRelative::Deny)
            .link_rel(Some("noopener noreferrer nofollow"));
        builder
    });
    STRICTER.clean(&html::sanitise(raw)).to_string()
}

/// A file as an answer that no browser shows, runs or guesses the kind of (RFC 6266; names are safe already).
pub(super) fn download(file: Attachment) -> Response {
    let plain: String = file
        .filename
        .chars()
        .map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%' | ';') || c == ' ' { c } else { '_' })
        .collect();
    let full: String = file.filename.bytes().fold(String::new(), |mut text, octet| {
        match octet {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => text.push(char::from(octet)),
            other => text.push_str(&format!("%{other:02X}")),
        }
        text
    });
    let disposition = HeaderValue::try_from(format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}"));
    let disposition = disposition.unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_DISPOSITION, disposition),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'"),
        ),
    ];
    (headers, file.content).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_of_mails_loads_and_runs_nothing() {
        let raw = "<h1>Hi</h1><p style='x' class='y' id='content' onclick='z()'>Text <a href='javascript:a()'>no</a> \
                   <a href='/sign-out'>no</a> <a href='https://x.test'>yes</a></p><img src='https://x.test/p.png'>\
                   <form action='/sign-out'><button>b</button></form><script>s()</script><style>p{}</style>\
                   <table background='x'><tr><td colspan=2 style='c'>cell</td></tr></table>";
        let safe = safe(raw);
        for gone in [
            "<h1",
            "style",
            "class",
            "id=",
            "onclick",
            "javascript",
            "sign-out",
            "<img",
            "<form",
            "<button",
            "script",
            "background",
        ] {
            assert!(!safe.contains(gone), "{gone} in {safe}");
        }
        assert!(safe.contains("Hi") && safe.contains("href=\"https://x.test\"") && safe.contains("colspan"), "{safe}");
    }

    #[test]
    fn a_file_name_stays_in_its_header() {
        let file = |filename: &str| Attachment {
            filename: filename.to_owned(),
            content_type: "text/html".to_owned(),
            content_id: None,
            inline: false,
            content: b"<script>".to_vec(),
        };
        for name in ["a\"; x=\"b.html", "ä\r\nSet-Cookie: x=y", "%2e%2e", "rechnung.pdf"] {
            let answer = download(file(name));
            let disposition = answer.headers()[header::CONTENT_DISPOSITION].to_str().unwrap();
            assert!(disposition.starts_with("attachment; filename=\""), "{disposition}");
            assert_eq!(disposition.matches('"').count(), 2, "{disposition}");
            assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/octet-stream");
        }
    }
}
