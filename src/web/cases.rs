//! `/cases`: a person's own cases, and what was said on them in public. Somebody else's case is not there at all.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use super::answer_form;
use super::form::Form;
use super::new_case;
use super::pages::{Page, Word};
use super::posted::Posted;
use super::reading::{self, Shown};
use super::visit::{SignedIn, Visit};
use crate::desk::event::Event;
use crate::desk::id::{PersonId, TicketId};
use crate::desk::post::human_size;
use crate::desk::ticket::{Status, case_id};
use crate::mail::language::date_time;
use crate::store::web::cases::{self, Case, Message};

/// Cases on one page.
const CASES: u32 = 25;
/// Messages on one page.
const MESSAGES: u32 = 30;
/// Octets of mails read for one page, beyond the first of them.
const OCTETS: i64 = 30_000_000;
/// Characters of a message's words that its case shows; the rest is on its own page.
const WORDS: usize = 20_000;

/// The list.
pub(super) async fn list(SignedIn { visit, email }: SignedIn) -> Response {
    let shown = async {
        let after = visit.parameter("after").and_then(place);
        let mut found = cases::list(visit.web.store(), &email, after, CASES + 1).await?;
        let more = found.len() > CASES as usize;
        found.truncate(CASES as usize);
        let next = found.last().filter(|_| more).map(|case| format!("?after={}", written(case))).unwrap_or_default();
        let heads: Vec<Value> = found.iter().map(|case| head(&visit, &email, case)).collect();
        Ok(visit.show(Page::Cases, &json!({ "cases": heads, "next": next, "first": after.is_none(), "may_open": new_case::mailbox(visit.web.config()).is_some() })))
    };
    let shown = shown.await;
    visit.answer(shown)
}

/// The place behind a case in the list.
fn written(case: &Case) -> String {
    format!("{}-{}", case.updated_at.as_microsecond(), case.id)
}

fn place(text: &str) -> Option<(Timestamp, i64)> {
    let (at, id) = text.split_once('-')?;
    Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, id.parse().ok()?))
}

fn head(visit: &Visit, email: &str, case: &Case) -> Value {
    let mine = case.requester.email == email;
    let requester = if case.requester.name.is_empty() { &case.requester.email } else { &case.requester.name };
    json!({
        "case_id": name(visit, case),
        "subject": if case.subject.is_empty() { visit.say(Word::NoSubject) } else { case.subject.clone() },
        "status": visit.say(status(case)),
        "mark": mark(case),
        "updated": date(visit, case.updated_at),
        "updated_iso": case.updated_at.to_string(),
        "requester": if mine { "" } else { requester },
    })
}

/// `CASE-7`.
pub(super) fn name(visit: &Visit, case: &Case) -> String {
    visit.web.act().rules.case_id(TicketId(case.id))
}

/// What a status means to the person who asked. While a form is at work nobody waits for them.
fn status(case: &Case) -> Word {
    match case.status {
        Status::Waiting if case.is_at_work => Word::StatusOpen,
        Status::New => Word::StatusNew,
        Status::Open | Status::Held | Status::Merged => Word::StatusOpen,
        Status::Waiting => Word::StatusWaiting,
        Status::Closed => Word::StatusClosed,
    }
}

/// The class by which the stylesheet tells them apart.
fn mark(case: &Case) -> &'static str {
    match case.status {
        Status::Waiting if !case.is_at_work => "waiting",
        Status::Closed => "closed",
        _ => "open",
    }
}

/// A time as people write it, in the desk's zone: where they are is not known.
fn date(visit: &Visit, at: Timestamp) -> String {
    date_time(at, visit.language, &visit.web.config().desk.time_zone)
}

/// The case of a path, when it is this person's.
pub(super) async fn own(visit: &Visit, email: &str, typed: &str) -> anyhow::Result<Option<Case>> {
    match case_id::parse(&visit.web.config().desk.case_prefix, typed) {
        Some(ticket) => cases::get(visit.web.store(), email, ticket).await,
        None => Ok(None),
    }
}

/// One case: its conversation, and the form for an answer.
pub(super) async fn show(SignedIn { visit, email }: SignedIn, Path(typed): Path<String>) -> Response {
    let shown = async {
        match own(&visit, &email, &typed).await? {
            Some(case) => page(&visit, &case, &Form::empty(&["text", "files"])).await,
            None => Ok(visit.not_found()),
        }
    };
    let shown = shown.await;
    visit.answer(shown)
}

/// A message on the page.
#[derive(Debug, Serialize)]
struct Line {
    author: String,
    ours: bool,
    at: String,
    at_iso: String,
    words: String,
    files: Vec<Link>,
    /// Where the whole mail is, when there is more to see.
    whole: String,
}

#[derive(Debug, Serialize)]
struct Link {
    name: String,
    size: String,
    href: String,
}

/// The page of a case, with what is wrong with an answer.
pub(super) async fn page(visit: &Visit, case: &Case, form: &Form) -> anyhow::Result<Response> {
    let before = visit.parameter("before").and_then(|id| id.parse().ok()).unwrap_or(i64::MAX);
    let mut found = cases::messages(visit.web.store(), case.id, before, MESSAGES + 1).await?;
    let count = fitting(&found);
    let more = found.len() > count;
    found.truncate(count);
    let earlier =
        found.last().filter(|_| more).map(|message| format!("?before={}", message.number)).unwrap_or_default();
    found.reverse();
    let path = format!("/cases/{}", name(visit, case));
    let mut lines = Vec::with_capacity(found.len());
    for message in &found {
        lines.push(line(visit, message, &path).await?);
    }
    let requester = if case.requester.name.is_empty() { &case.requester.email } else { &case.requester.name };
    let subject = if case.subject.is_empty() { visit.say(Word::NoSubject) } else { case.subject.clone() };
    let values = json!({
        "case_id": name(visit, case),
        "path": path,
        "status": visit.say(status(case)),
        "mark": mark(case),
        "closed": case.status == Status::Closed,
        "opened": date(visit, case.created_at),
        "requester": requester,
        "messages": lines,
        "earlier": earlier,
        "latest": before == i64::MAX,
        "may_close": case.status != Status::Closed && is_mine(visit, case),
        "once": answer_form::once(),
        "limit": human_size(answer_form::files_limit(&visit.web)),
    });
    Ok(visit.form(Page::Case, Some(subject), &values, form))
}

/// How many messages one page shows: few enough that reading their mails is bounded, and at least one.
fn fitting(found: &[Message]) -> usize {
    let mut octets = 0;
    let fits = found.iter().take(MESSAGES as usize).take_while(|message| {
        let first = octets == 0;
        octets += message.size.max(1);
        first || octets <= OCTETS
    });
    fits.count()
}

async fn line(visit: &Visit, message: &Message, path: &str) -> anyhow::Result<Line> {
    let Shown { author, words, files, has_more, .. } = reading::read(visit, message).await?;
    let long = words.chars().nth(WORDS).is_some();
    let own_page = format!("{path}/messages/{}", message.number);
    let files = files.iter().enumerate().map(|(at, file)| Link {
        name: file.filename.clone(),
        size: human_size(file.content.len() as u64),
        href: format!("{own_page}/files/{}", at + 1),
    });
    Ok(Line {
        author,
        ours: message.ours,
        at: date(visit, message.at),
        at_iso: message.at.to_string(),
        files: files.collect(),
        words: if long { words.chars().take(WORDS).collect() } else { words },
        whole: if has_more || long { own_page } else { String::new() },
    })
}

/// Whether the visitor asked for it, and is not only copied.
fn is_mine(visit: &Visit, case: &Case) -> bool {
    visit.signed_in() == Some(case.requester.email.as_str())
}

/// Closes a case: it is settled for the person who asked, and only they can say so.
pub(super) async fn close(Path(typed): Path<String>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let Some(email) = visit.signed_in() else { return visit.redirect("/sign-in") };
    let closed = async {
        let Some(case) = own(visit, email, &typed).await? else { return Ok(visit.not_found()) };
        if !is_mine(visit, &case) {
            let back = format!("/cases/{}", name(visit, &case));
            return Ok(visit.message(
                StatusCode::FORBIDDEN,
                Word::NotYoursToClose,
                Word::NotYoursToCloseText,
                (&back, Word::ToCase),
            ));
        }
        if case.status != Status::Closed {
            let close = Event::Close { ticket: TicketId(case.id), by: Some(PersonId(case.person)) };
            visit.web.act().events(&[close]).await?;
            visit.web.wake();
        }
        Ok(visit.redirect(&format!("/cases/{}?news=closed", name(visit, &case))))
    };
    let closed = closed.await;
    visit.answer(closed)
}

/// `/cases/CASE-7/messages/12`: a whole mail, as HTML where it is some.
pub(super) async fn whole(
    SignedIn { visit, email }: SignedIn,
    Path((typed, message)): Path<(String, i64)>,
) -> Response {
    let shown = async {
        let Some(case) = own(&visit, &email, &typed).await? else { return Ok(visit.not_found()) };
        let Some(message) = cases::message_of(visit.web.store(), case.id, message).await? else {
            return Ok(visit.not_found());
        };
        let Shown { author, whole, html, .. } = reading::read(&visit, &message).await?;
        if whole.is_empty() && html.is_empty() {
            return Ok(visit.not_found());
        }
        let title = visit.say(Word::WholeMail { author });
        let values = json!({
            "case_id": name(&visit, &case),
            "path": format!("/cases/{}", name(&visit, &case)),
            "at": date(&visit, message.at),
            "at_iso": message.at.to_string(),
            "text": whole,
            "html": html,
        });
        Ok(visit.page(StatusCode::OK, Page::Mail, title, &values, None))
    };
    let shown = shown.await;
    visit.answer(shown)
}

/// `/cases/CASE-7/messages/12/files/1`: a file, to be kept and never shown here.
pub(super) async fn file(
    SignedIn { visit, email }: SignedIn,
    Path((typed, message, number)): Path<(String, i64, usize)>,
) -> Response {
    let sent = async {
        let Some(case) = own(&visit, &email, &typed).await? else { return Ok(visit.not_found()) };
        let Some(message) = cases::message_of(visit.web.store(), case.id, message).await? else {
            return Ok(visit.not_found());
        };
        let files = reading::read(&visit, &message).await?.files;
        let file = number.checked_sub(1).and_then(|at| files.into_iter().nth(at));
        Ok(file.map_or_else(|| visit.not_found(), super::reading::download))
    };
    let sent = sent.await;
    visit.answer(sent)
}
