//! Values of forms: what real people write, and the lines that we ask them to fill in.

use std::path::Path;

use caseway::config::form::{FieldKind, Form};
use caseway::config::{self, Secrets};
use caseway::desk::form::choose::choose;
use caseway::desk::form::read::{Context, Place, Value, block, check, read};
use caseway::mail::language::Language;
use jiff::civil::date;
use proptest::prelude::*;

#[path = "../forms/score.rs"]
mod score;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms")
}

fn example() -> config::Config {
    config::load(&folder().join("../../deploy/example/caseway.toml"), Secrets::Leave).unwrap().config
}

fn forms() -> std::collections::BTreeMap<String, Form> {
    example().forms
}

/// Goals: nothing wrong is taken, and nearly everything is read.
fn reaches_its_goals(file: &str, least: usize) {
    let (scores, misses) = score::score(&folder(), file);
    let sum = |part: fn(&score::Score) -> usize| scores.values().map(part).sum::<usize>();
    let (fields, right, wrong) = (sum(|score| score.fields), sum(|score| score.right), sum(|score| score.wrong));
    assert!(fields >= least, "only {fields} fields");
    assert_eq!(wrong, 0, "wrong values were taken: {misses:#?}");
    assert_eq!(sum(|score| score.asked), fields - right);
    assert!(right * 100 >= fields * 95, "{right} of {fields} fields are read right: {misses:#?}");
}

#[test]
fn mails_of_real_people_are_read() {
    reaches_its_goals("expected.jsonl", 300);
}

#[test]
fn mails_that_were_written_after_the_rules_are_read() {
    reaches_its_goals("held_back.jsonl", 80);
}

/// A form is short. What stands below a text as long as a book is not looked for, so that nobody waits while it is read.
#[test]
fn a_form_below_a_book_is_not_read() {
    let form = &forms()["registration"];
    let values = |text: &str, kind: &str| {
        let mail = format!(
            "From: Jane Doe <jane@customer.test>\r\nSubject: account\r\nContent-Type: text/{kind}\r\n\r\n{text}"
        );
        let reading = read(form, &caseway::mail::read(mail.as_bytes()), &Context::first(date(2026, 3, 2)));
        reading.found.iter().any(|found| found.field == "account_id")
    };
    let line = "Account ID: AC-100234\r\n";
    let row = "<table><tr><td>Account ID</td><td>AC-100234</td></tr></table>";
    for book in ["Once upon a time. ".repeat(1_500), "Once upon a time.\r\n".repeat(1_500)] {
        let html = format!("<p>{book}</p>");
        assert!(values(&format!("{line}{book}"), "plain") && values(&format!("{row}{html}"), "html"));
        assert!(!values(&format!("{book}\r\n{line}"), "plain"), "below {}", &book[..20]);
        assert!(!values(&format!("{html}{row}"), "html"), "below {}", &book[..20]);
    }
}

#[test]
fn every_mail_of_the_folder_is_listed() {
    let listed =
        ["expected.jsonl", "held_back.jsonl"].map(|file| std::fs::read_to_string(folder().join(file)).unwrap());
    let mails = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut count = 0;
    for mail in mails.filter(|name| name.ends_with(".eml")) {
        assert!(listed.iter().any(|list| list.contains(&format!("\"{mail}\""))), "{mail} is in no list");
        count += 1;
    }
    assert!(count >= 80, "only {count} mails");
}

#[test]
fn the_example_has_the_forms_of_a_whole_desk() {
    let names: Vec<String> = forms().into_keys().collect();
    let wanted = ["allow-list", "offline", "partner-sign-in", "password", "registration", "second-factor", "sign-in"];
    assert_eq!(names, wanted);
}

fn mail(subject: &str, text: &str) -> caseway::mail::Mail {
    let raw = format!(
        "From: Jane Doe <jane@example.test>\r\nTo: support@example.test\r\nSubject: {subject}\r\n\r\n{text}\r\n"
    );
    caseway::mail::read(raw.as_bytes())
}

#[test]
fn an_ordinary_request_becomes_no_form_by_accident() {
    let config = example();
    let name = |mailbox: &str, subject: &str, text: &str| {
        choose(&config, mailbox, &mail(subject, text)).form.map(|form| form.name.as_str())
    };
    assert_eq!(name("registration", "hello", "hello"), Some("registration"));
    assert_eq!(name("support", "Password reset", "please"), Some("password"));
    assert_eq!(name("support", "Help", "I cannot log in since yesterday."), Some("sign-in"));
    assert_eq!(name("support", "Scan is slow", "The scan takes hours since the update."), None);
    let story = format!("Some users cannot log in. {}", "The server was updated and then restarted. ".repeat(30));
    assert_eq!(name("support", "Slow server", &story), None);
}

#[test]
fn one_value_as_an_engineer_types_it() {
    let forms = forms();
    let today = date(2026, 11, 24);
    let one = |form: &str, field: &str, typed: &str| check(forms[form].field(field).unwrap(), typed, today);
    let is = |text: &str| Ok(Value::One(text.to_owned()));
    assert_eq!(one("registration", "account_id", " ac–104 211 "), is("AC-104211"));
    assert_eq!(one("registration", "last_name", "Prof. Dr. VON DER HEIDE"), is("von der Heide"));
    assert_eq!(one("registration", "email", "Jane <Jane.Doe@Example.Test>"), is("jane.doe@example.test"));
    for typed in [
        "31.12.2027",
        "2027-12-31",
        "12/31/2027",
        "31 December 2027",
        "31. joulukuuta 2027",
        "den 31 december 2027",
        "31 de diciembre de 2027",
    ] {
        assert_eq!(one("offline", "expires", typed), is("2027-12-31"), "{typed}");
    }
    for typed in ["3/4/2027", "31.2.2027", "2026-01-01", "soon", "12345678901"] {
        assert!(one("offline", "expires", typed).is_err(), "{typed}");
    }
    assert_eq!(one("second-factor", "device_at_hand", "Kyllä."), is("yes"));
    assert_eq!(one("allow-list", "product", "ENDPOINT protection"), is("Endpoint Protection"));
    let near = one("allow-list", "product", "Endpoint Protektion").unwrap_err().to_string();
    assert!(near.contains("did you mean Endpoint Protection?"), "{near}");
    assert!(one("allow-list", "detections", "DET-10000001, DET-10000002").is_err());
    assert!(one("registration", "email", "jane@example.test\r\nBcc: x@example.test").is_err());
}

/// A value as a person would fill it in.
fn typed(kind: &FieldKind, seed: u32) -> String {
    match kind {
        FieldKind::FirstName => ["Jane", "Åsa", "Anna-Lena", "Jean Paul"][seed as usize % 4].to_owned(),
        FieldKind::LastName => ["Doe", "van der Berg", "O'Brien", "Müller"][seed as usize % 4].to_owned(),
        FieldKind::Email => format!("user{seed}@example.test"),
        _ => format!("AC-{:06}", seed % 999_999 + 1),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What the block asks and a person fills in is read back, above the quote, inside of it, or both.
    #[test]
    fn what_the_block_asks_is_read_back(seed in 0u32..1_000_000, language in 0usize..Language::ALL.len(), quoted in any::<bool>(), spaced in any::<bool>()) {
        let form = &forms()["registration"];
        let mut lines = String::new();
        let mut wanted = Vec::new();
        for (asked, field) in block(&form.fields, Language::ALL[language]).lines().zip(&form.fields) {
            let value = typed(&field.kind, seed);
            lines += &format!("{asked}{}{value}\n", if spaced { "  " } else { " " });
            wanted.push((field.name.clone(), value));
        }
        let text = match quoted {
            false => lines,
            true => {
                let inside: String = lines.lines().map(|line| format!("> {line}\n")).collect();
                format!("Done.\n\nOn Mon, 23 Nov 2026 at 17:02, Desk <desk@example.test> wrote:\n> ##- Reply above this line -##\n>\n{inside}")
            }
        };
        let reading = read(form, &mail("Re: [CASE-1] Portal account", &text), &Context::first(date(2026, 11, 24)));
        prop_assert_eq!(&reading.doubts, &vec![]);
        let found: Vec<(String, String)> = reading.found.iter().map(|found| (found.field.clone(), found.value.to_string())).collect();
        prop_assert_eq!(found, wanted);
        prop_assert!(reading.found.iter().all(|found| found.place == Place::Label));
    }

    /// Whatever is written, reading ends, and a field is found or in doubt, never both.
    #[test]
    fn any_text_is_read(text in "\\PC{0,400}") {
        let form = &forms()["second-factor"];
        let reading = read(form, &mail("2FA", &text), &Context::first(date(2026, 11, 24)));
        for found in &reading.found {
            prop_assert!(reading.doubts.iter().all(|doubt| doubt.field != found.field));
        }
    }
}
