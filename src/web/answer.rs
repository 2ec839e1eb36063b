//! An answer written on a page becomes a mail: from the person, to the reply address that was given to this person on this
//! case, into the ledger. What becomes of it is decided like of any other.

use std::io::Cursor;

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, FromRequestParts, Multipart, Path, Request};
use axum::http::StatusCode;
use axum::response::Response;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::answer_form::{files_limit, once};
use super::cases;
use super::form::Form;
use super::pages::Word;
use super::posted::{is_foreign, refused, too_large};
use super::site::Web;
use super::visit::Visit;
use crate::desk::id::{PersonId, TicketId};
use crate::desk::seal::token;
use crate::intake::pipe::{self, Format, Input};
use crate::mail::attachment::safe_name;
use crate::mail::outbound::{self, Automatic, Draft};
use crate::mail::{Address, Attachment};
use crate::store::web::cases::Case;
use crate::store::web::profile;

/// Characters of an answer.
const CHARS: usize = 100_000;
/// Files of an answer.
const FILES: usize = 10;
/// Octets of an answer's form beyond its files.
const OVERHEAD: u64 = 1_000_000;
/// Octets of a field that is no file.
const FIELD: usize = 500_000;

/// Octets of a request that brings an answer.
pub(super) fn body_limit(web: &Web) -> usize {
    usize::try_from(files_limit(web) + OVERHEAD).unwrap_or(usize::MAX)
}

/// What was sent.
#[derive(Debug, Default)]
struct Sent {
    text: String,
    once: String,
    files: Vec<Attachment>,
}

/// Why it was not taken.
#[derive(Debug)]
enum Refused {
    Foreign,
    TooLarge,
    TooManyFiles,
    Broken,
}

impl From<MultipartError> for Refused {
    fn from(error: MultipartError) -> Self {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Self::TooLarge } else { Self::Broken }
    }
}

/// A form of a case's page.
pub(super) async fn send(
    Path(typed): Path<String>,
    axum::extract::State(web): axum::extract::State<Web>,
    request: Request,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let visit = match Visit::from_request_parts(&mut parts, &web).await {
        Ok(visit) => visit,
        Err(response) => return response,
    };
    let Some(email) = visit.signed_in().map(str::to_owned) else { return visit.redirect("/sign-in") };
    if is_foreign(&parts.headers) {
        return refused(&visit);
    }
    let Ok(parts) = Multipart::from_request(Request::from_parts(parts, body), &web).await else {
        return refused(&visit);
    };
    let answered = async {
        let Some(case) = cases::own(&visit, &email, &typed).await? else { return Ok(visit.not_found()) };
        let mut form = Form::empty(&["text", "files"]);
        let sent = match read(&visit, parts).await {
            Ok(sent) => sent,
            Err(Refused::Foreign | Refused::Broken) => return Ok(refused(&visit)),
            Err(Refused::TooLarge) => return Ok(too_large(&visit)),
            Err(Refused::TooManyFiles) => {
                form.problem("files", Word::TooManyFiles { most: FILES.to_string() });
                return cases::page(&visit, &case, &form).await;
            }
        };
        if sent.text.is_empty() && sent.files.is_empty() {
            form.problem("text", Word::NoWords);
            return cases::page(&visit, &case, &form).await;
        }
        store(&visit, &email, &case, sent).await?;
        Ok(visit.redirect(&format!("/cases/{}?news=answered", cases::name(&visit, &case))))
    };
    let answered = answered.await;
    visit.answer(answered)
}

/// Reads the form; its token stands first, so that nothing of a foreign one is kept.
async fn read(visit: &Visit, mut parts: Multipart) -> Result<Sent, Refused> {
    let mut sent = Sent::default();
    let mut is_ours = false;
    let mut left = files_limit(&visit.web);
    while let Some(part) = parts.next_field().await? {
        match part.name().unwrap_or_default() {
            "csrf" => is_ours = visit.is_csrf(&text(part).await?),
            _ if !is_ours => return Err(Refused::Foreign),
            "once" => sent.once = Some(text(part).await?).filter(|once| once.len() == 32).unwrap_or_else(once),
            "text" => sent.text = text(part).await?.replace("\r\n", "\n").trim().chars().take(CHARS).collect(),
            "files" => {
                let Some(file) = file(part, &mut left).await? else { continue };
                if sent.files.len() == FILES {
                    return Err(Refused::TooManyFiles);
                }
                sent.files.push(file);
            }
            _ => {}
        }
    }
    if is_ours { Ok(sent) } else { Err(Refused::Foreign) }
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

/// Makes the mail and takes it into the ledger, once.
async fn store(visit: &Visit, email: &str, case: &Case, sent: Sent) -> anyhow::Result<()> {
    let web = &visit.web;
    let rules = &web.act().rules;
    let mailbox = rules.mailbox(&case.mailbox).ok_or_else(|| anyhow::anyhow!("there is no mailbox"))?;
    let domain = mailbox.address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let token = rules.keys.reply(TicketId(case.id), PersonId(case.person), case.generation);
    let message_id = message_id(email, &sent.once, domain);
    if crate::store::web::cases::is_stored(web.store(), &message_id).await? {
        return Ok(());
    }
    let name = profile::get(web.store(), email).await?.name;
    let parent = token::root_id(&token, domain);
    // The address carries the token wherever there is room, also where mail servers would not take it: this mail meets none.
    let to = token::plus_address(&mailbox.address, &token).unwrap_or_else(|| mailbox.address.clone());
    let html: String = sent
        .text
        .split("\n\n")
        .map(|part| format!("<p>{}</p>\n", handlebars::html_escape(part).replace('\n', "<br>\n")))
        .collect();
    let from = Address::new(name, email);
    let raw = outbound::build(&Draft {
        from: &from,
        reply_to: &from,
        to: &[Address::new(web.config().desk.name.clone(), &to)],
        cc: &[],
        subject: &format!("Re: [{}] {}", cases::name(visit, case), case.subject),
        date: web.clock().now(),
        message_id: &message_id,
        in_reply_to: Some(&parent),
        references: &[],
        language: visit.language,
        automatic: Automatic::No,
        case_id: "",
        delivery: "",
        no_reactions: false,
        text: &sent.text,
        html: &html,
        files: &sent.files,
    });
    let input = Input::Stream { name: "an answer from the pages".to_owned(), read: Box::new(Cursor::new(raw)) };
    pipe::take(web.intake(), &mailbox.name, input, Format::Mail).await?;
    Ok(())
}

/// The same for the same form, however often it is sent.
fn message_id(email: &str, once: &str, domain: &str) -> String {
    let hash = HEXLOWER.encode(&Sha256::digest(format!("{email}\0{once}").as_bytes()));
    format!("web-{}@{domain}", hash.get(..32).unwrap_or_default())
}
