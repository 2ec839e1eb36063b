//! `/cases/new`: a request written on a page, to the mailbox that takes such.

use axum::response::Response;
use serde_json::json;

use super::answer_form::{files_limit, once};
use super::form::Form;
use super::pages::{Page, Word};
use super::visit::{SignedIn, Visit};
use super::written::{self, Way, Writing};
use crate::config::Config;
use crate::desk::post::human_size;

/// The mailbox: the one that is named, or the only one that begins no form of its own.
pub(super) fn mailbox(config: &Config) -> Option<&str> {
    if let Some(named) = config.web.as_ref().and_then(|web| web.new_cases.as_deref()) {
        return Some(named);
    }
    let begins_one = |name: &str| config.forms.values().any(|form| form.mailboxes.iter().any(|taken| taken == name));
    let mut others = config.mailboxes.keys().map(String::as_str).filter(|name| !begins_one(name));
    others.next().filter(|_| others.next().is_none())
}

/// The form.
pub(super) async fn show(SignedIn { visit, .. }: SignedIn) -> Response {
    if mailbox(visit.web.config()).is_none() {
        return visit.not_found();
    }
    page(&visit, &Form::empty(&["subject", "text", "files"]))
}

fn page(visit: &Visit, form: &Form) -> Response {
    let values = json!({ "once": once(), "limit": human_size(files_limit(&visit.web)) });
    visit.form(Page::NewCase, None, &values, form)
}

/// The form, filled in.
pub(super) async fn send(mut writing: Writing) -> Response {
    let sent = async {
        let written = match writing.read().await {
            Ok(written) => written,
            Err(response) => return Ok(response),
        };
        let visit = &writing.visit;
        let rules = &visit.web.act().rules;
        let Some(mailbox) = mailbox(&rules.config).and_then(|name| rules.mailbox(name)) else {
            return Ok(visit.not_found());
        };
        let mut form = written.form();
        if written.subject.is_empty() {
            form.problem("subject", Word::NoSubjectTyped);
        }
        if !form.is_fine() {
            return Ok(page(visit, &form));
        }
        let way = Way { mailbox, to: &mailbox.address, subject: &written.subject, in_reply_to: None };
        written::store(visit, &writing.email, &way, &written).await?;
        Ok(visit.redirect("/cases?news=opened"))
    };
    let sent = sent.await;
    writing.visit.answer(sent)
}
