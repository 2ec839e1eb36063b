//! Invented values by which every page is tried at the start: with all that can be on it, and with the least.

use serde_json::{Map, Value, json};

use super::page::Page;
use crate::mail::language::Language;

type Values = Map<String, Value>;

/// Frames and values that together go through both sides of every condition.
pub(super) fn of(page: Page, language: Language) -> Vec<(Values, Values)> {
    let (full, bare) = values(page);
    let frames = [frame(language, true), frame(language, false)];
    frames.into_iter().flat_map(|frame| [&full, &bare].map(|values| (frame.clone(), object(values.clone())))).collect()
}

fn values(page: Page) -> (Value, Value) {
    match page {
        Page::Message => (
            json!({ "text": "Text.", "link": "/", "label": "Label" }),
            json!({ "text": "Text.", "link": "", "label": "" }),
        ),
        Page::SignIn => both(&["email", "password"], &json!({ "next": "/cases" })),
        Page::Code => both(&["code"], &json!({ "next": "/cases" })),
        Page::Forgot => both(&["email"], &json!({})),
        Page::Password => (
            with_form(&["password", "again"], "x", json!({ "email": "anna@customer.test", "first": true })),
            with_form(&["password", "again"], "", json!({ "email": "anna@customer.test", "first": false })),
        ),
        Page::Activate => both(&["email", "code", "password", "again"], &json!({})),
        Page::Enrol => {
            let factor = json!({ "qr": "data:image/svg+xml;base64,eA==", "secret": "GEZD GNBV" });
            both(&["password", "code"], &json!({ "email": "anna@customer.test", "factor": factor }))
        }
        Page::FactorOff => both(&["password", "code"], &json!({})),
        Page::Stop => (json!({ "email": "anna@customer.test" }), json!({ "email": "" })),
        Page::Cases => cases(),
        Page::Case => case(),
        Page::NewCase => both(&["subject", "text", "files"], &json!({ "once": "1", "limit": "10 MB" })),
        Page::Mail => (mail("<p>Text.</p>"), mail("")),
        Page::Profile => {
            let choices = json!([
                { "code": "en", "name": "English", "current": true },
                { "code": "de", "name": "Deutsch", "current": false },
            ]);
            let shown = |factor: bool| json!({ "email": "anna@customer.test", "choices": choices, "factor": factor });
            (with_form(&["name", "language"], "x", shown(true)), with_form(&["name", "language"], "", shown(false)))
        }
        Page::ChangePassword => both(&["current", "password", "again"], &json!({ "email": "anna@customer.test" })),
    }
}

fn cases() -> (Value, Value) {
    let line = |requester: &str| {
        json!({
            "case_id": "CASE-7", "subject": "Printer", "status": "Open", "mark": "open", "updated": "2 March 2026",
            "updated_iso": "2026-03-02T09:00:00Z", "requester": requester,
        })
    };
    let full = json!({ "cases": [line("Erkki"), line("")], "next": "?after=1-7", "first": true, "may_open": true });
    (full, json!({ "cases": [], "next": "", "first": false, "may_open": false }))
}

fn case() -> (Value, Value) {
    let message = |ours: bool, files: Value, whole: &str| {
        json!({
            "author": "Anna", "ours": ours, "at": "2 March 2026", "at_iso": "2026-03-02T09:00:00Z", "words": "Text.",
            "files": files, "whole": whole,
        })
    };
    let file = json!([{ "name": "log.txt", "size": "3 KB", "href": "/cases/CASE-7/messages/1/files/1" }]);
    let shown = |full: bool| {
        json!({
            "case_id": "CASE-7", "path": "/cases/CASE-7", "status": "Open", "mark": "open", "closed": full, "may_close": !full,
            "opened": "2 March 2026", "requester": "Anna", "once": "1", "limit": "10 MB", "latest": full,
            "earlier": if full { "?before=3" } else { "" },
            "messages": if full { json!([message(true, file.clone(), "/x"), message(false, json!([]), "")]) } else { json!([]) },
        })
    };
    (with_form(&["text", "files"], "x", shown(true)), with_form(&["text", "files"], "", shown(false)))
}

fn mail(html: &str) -> Value {
    json!({
        "case_id": "CASE-7", "path": "/cases/CASE-7", "at": "2 March 2026", "at_iso": "2026-03-02T09:00:00Z",
        "text": "Text.", "html": html,
    })
}

/// With a form that is wrong in every field, and with an empty one.
fn both(fields: &[&str], values: &Value) -> (Value, Value) {
    (with_form(fields, "x", values.clone()), with_form(fields, "", values.clone()))
}

fn with_form(fields: &[&str], typed: &str, values: Value) -> Value {
    let typed: Values = fields.iter().map(|field| ((*field).to_owned(), typed.into())).collect();
    let mut values = object(values);
    values.insert("form".to_owned(), json!({ "values": typed, "errors": typed }));
    Value::Object(values)
}

fn frame(language: Language, full: bool) -> Values {
    let languages = json!([
        { "code": "en", "name": "English", "current": true },
        { "code": "de", "name": "Deutsch", "current": false },
    ]);
    let problems = json!([{ "field": "email", "text": "It is missing." }, { "field": "", "text": "Try later." }]);
    object(json!({
        "language": language.code(),
        "languages": if full { languages } else { json!([]) },
        "desk": "Example Support",
        "title": "Title",
        "csrf": "token",
        "signed_in": full,
        "person": if full { "anna@customer.test" } else { "" },
        "in_cases": full,
        "in_profile": full,
        "elsewhere": full,
        "problems": if full { problems } else { json!([]) },
        "news": if full { "Done." } else { "" },
    }))
}

fn object(value: Value) -> Values {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
