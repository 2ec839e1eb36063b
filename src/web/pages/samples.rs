//! Invented values by which every page is tried at the start: once with all that can be on it, once with the least.

use serde_json::{Map, Value, json};

use super::Page;
use crate::mail::language::Language;

type Values = Map<String, Value>;

/// Frames and values that together go through both sides of every condition.
pub(super) fn of(page: Page, language: Language) -> Vec<(Values, Values)> {
    let values = match page {
        Page::Message => [
            json!({ "text": "Text.", "link": "/", "label": "Label" }),
            json!({ "text": "Text.", "link": "", "label": "" }),
        ],
    };
    let frames = [full_frame(language), bare_frame(language)];
    frames.into_iter().flat_map(|frame| values.clone().map(|values| (frame.clone(), object(values)))).collect()
}

fn full_frame(language: Language) -> Values {
    object(json!({
        "language": language.code(),
        "languages": [
            { "code": "en", "name": "English", "current": true },
            { "code": "de", "name": "Deutsch", "current": false },
        ],
        "desk": "Example Support",
        "title": "Title",
        "csrf": "token",
        "signed_in": true,
        "person": "Anna Schmidt",
        "in_cases": true,
        "in_profile": true,
        "problems": [{ "field": "email", "text": "It is missing." }],
        "news": "Done.",
    }))
}

fn bare_frame(language: Language) -> Values {
    object(json!({
        "language": language.code(),
        "languages": [],
        "desk": "Example Support",
        "title": "Title",
        "csrf": "",
        "signed_in": false,
        "person": "",
        "in_cases": false,
        "in_profile": false,
        "problems": [],
        "news": "",
    }))
}

fn object(value: Value) -> Values {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
