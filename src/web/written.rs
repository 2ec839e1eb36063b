//! What somebody writes on a page becomes a mail of theirs, and goes into the ledger. What becomes of it is decided like of
//! any other.

use std::io::Cursor;

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::StatusCode;
use axum::response::Response;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::answer_form::{files_limit, once};
use super::form::Form;
use super::pages::Word;
use super::posted::{is_foreign, refused, too_large};
use super::site::Web;
use super::visit::Visit;
use crate::config::Mailbox;
use crate::intake::pipe::{self, Format, Input};
use crate::mail::attachment::safe_name;
use crate::mail::outbound::{self, Automatic, Draft};
use crate::mail::{Address, Attachment};
use crate::store::web::{cases, profile};

/// Characters of the words.
const CHARS: usize = 100_000;
/// Characters of a subject.
const SUBJECT: usize = 200;
/// Files that come along.
const FILES: usize = 10;
/// Octets of a form beyond its files.
const OVERHEAD: u64 = 1_000_000;
/// Octets of a field that is no file.
const FIELD: usize = 500_000;

/// Octets of a request that brings words and files.
pub(super) fn body_limit(web: &Web) -> usize {
    usize::try_from(files_limit(web) + OVERHEAD).unwrap_or(usize::MAX)
}

/// Who sent a form with words and files, and what is left to be read of it.
#[derive(Debug)]
pub(super) struct Writing {
    pub(super) visit: Visit,
    /// The Business Account's user name.
    pub(super) email: String,
    parts: Multipart,
}

impl FromRequest<Web> for Writing {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, web).await?;
        let Some(email) = visit.signed_in().map(str::to_owned) else { return Err(visit.redirect("/sign-in")) };
        if is_foreign(&parts.headers) {
            return Err(refused(&visit));
        }
        match Multipart::from_request(Request::from_parts(parts, body), web).await {
            Ok(parts) => Ok(Self { visit, email, parts }),
            Err(_) => Err(refused(&visit)),
        }
    }
}

/// What was written.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) subject: String,
    pub(super) text: String,
    once: String,
    files: Vec<Attachment>,
    /// Not all files were read.
    too_many: bool,
}

/// Why nothing of it is taken.
#[derive(Debug)]
enum Refused {
    Foreign,
    TooLarge,
    Broken,
}

impl From<MultipartError> for Refused {
    fn from(error: MultipartError) -> Self {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Self::TooLarge } else { Self::Broken }
    }
}

impl Writing {
    /// Reads the form; `Err` with what the browser gets when nothing of it is taken.
    pub(super) async fn read(&mut self) -> Result<Written, Response> {
        read(&self.visit, &mut self.parts).await.map_err(|why| match why {
            Refused::Foreign | Refused::Broken => refused(&self.visit),
            Refused::TooLarge => too_large(&self.visit),
        })
    }
}

impl Written {
    /// The form as it comes back, with what is wrong: words typed are not lost.
    pub(super) fn form(&self) -> Form {
        let mut form = Form::empty(&["subject", "text", "files"]);
        form = form.with("subject", self.subject.as_str()).with("text", self.text.as_str());
        if self.too_many {
            form.problem("files", Word::TooManyFiles { most: FILES.to_string() });
        }
        if self.text.is_empty() && self.files.is_empty() {
            form.problem("text", Word::NoWords);
        }
        form
    }
}

/// The token of the form stands first, so that nothing of a foreign one is kept.
async fn read(visit: &Visit, parts: &mut Multipart) -> Result<Written, Refused> {
    let mut written = Written::default();
    let mut is_ours = false;
    let mut left = files_limit(&visit.web);
    while let Some(part) = parts.next_field().await? {
        match part.name().unwrap_or_default() {
            "csrf" => is_ours = visit.is_csrf(&text(part).await?),
            _ if !is_ours => return Err(Refused::Foreign),
            "once" => written.once = Some(text(part).await?).filter(|once| once.len() == 32).unwrap_or_else(once),
            "subject" => {
                let typed = text(part).await?;
                let words: Vec<&str> = typed.split_whitespace().collect();
                written.subject = words.join(" ").chars().take(SUBJECT).collect();
            }
            "text" => written.text = text(part).await?.replace("\r\n", "\n").trim().chars().take(CHARS).collect(),
            "files" => {
                let Some(file) = file(part, &mut left).await? else { continue };
                if written.files.len() == FILES {
                    written.too_many = true;
                    return Ok(written);
                }
                written.files.push(file);
            }
            _ => {}
        }
    }
    if is_ours { Ok(written) } else { Err(Refused::Foreign) }
}

async fn text(mut part: Field<'_>) -> Result<String, Refused> {
    let mut octets = Vec::new();
    while let Some(chunk) = part.chunk().await? {
        if octets.len() + chunk.len() > FIELD {
            return Err(Refused::TooLarge);
        }
        octets.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8_lossy(&octets).into_owned())
}

/// A file; a field without one is sent with an empty name.
async fn file(mut part: Field<'_>, left: &mut u64) -> Result<Option<Attachment>, Refused> {
    let declared = part.file_name().unwrap_or_default().to_owned();
    let content_type = part.content_type().unwrap_or("application/octet-stream").to_ascii_lowercase();
    let mut content = Vec::new();
    while let Some(chunk) = part.chunk().await? {
        *left = left.checked_sub(chunk.len() as u64).ok_or(Refused::TooLarge)?;
        content.extend_from_slice(&chunk);
    }
    if declared.is_empty() && content.is_empty() {
        return Ok(None);
    }
    let filename = safe_name(&declared).unwrap_or_else(|| "attachment".to_owned());
    Ok(Some(Attachment { filename, content_type, content_id: None, inline: false, content }))
}

/// Where a mail that was written on a page goes.
#[derive(Debug)]
pub(super) struct Way<'a> {
    pub(super) mailbox: &'a Mailbox,
    /// The mailbox's own address, or one with a token.
    pub(super) to: &'a str,
    pub(super) subject: &'a str,
    /// The Message-ID that it answers.
    pub(super) in_reply_to: Option<&'a str>,
}

/// The domain that Message-IDs of a mailbox's pages have.
pub(super) fn domain(mailbox: &Mailbox) -> &str {
    mailbox.address.rsplit_once('@').map_or("localhost", |(_, domain)| domain)
}

/// Makes the mail and takes it into the ledger, once.
pub(super) async fn store(visit: &Visit, email: &str, way: &Way<'_>, written: &Written) -> anyhow::Result<()> {
    let web = &visit.web;
    let message_id = message_id(email, &written.once, domain(way.mailbox));
    if cases::is_stored(web.store(), &message_id).await? {
        return Ok(());
    }
    let name = profile::get(web.store(), email).await?.name;
    let from = Address::new(name, email);
    let raw = outbound::build(&Draft {
        from: &from,
        reply_to: &from,
        to: &[Address::new(web.config().desk.name.clone(), way.to)],
        cc: &[],
        subject: way.subject,
        date: web.clock().now(),
        message_id: &message_id,
        in_reply_to: way.in_reply_to,
        references: &[],
        language: visit.language,
        automatic: Automatic::No,
        case_id: "",
        delivery: "",
        no_reactions: false,
        text: &written.text,
        html: &html(&written.text),
        files: &written.files,
    });
    let input = Input::Stream { name: "a mail from the pages".to_owned(), read: Box::new(Cursor::new(raw)) };
    pipe::take(web.intake(), &way.mailbox.name, input, Format::Mail).await?;
    Ok(())
}

fn html(text: &str) -> String {
    let paragraph = |part: &str| format!("<p>{}</p>\n", handlebars::html_escape(part).replace('\n', "<br>\n"));
    text.split("\n\n").map(paragraph).collect()
}

/// The same for the same form, however often it is sent.
fn message_id(email: &str, once: &str, domain: &str) -> String {
    let hash = HEXLOWER.encode(&Sha256::digest(format!("{email}\0{once}").as_bytes()));
    format!("web-{}@{domain}", hash.get(..32).unwrap_or_default())
}
