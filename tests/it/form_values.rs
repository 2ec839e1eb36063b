//! What is read of a mail in people's own words, and what is asked rather than guessed.

use std::path::Path;

use caseway::config::{self, Secrets};
use caseway::desk::form::read::{Context, read};
use jiff::civil::date;

/// The values of a field that were read, or `?` where it is asked, as it was not said or is not sure.
fn value(form: &str, field: &str, from: &str, text: &str) -> String {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/example/caseway.toml");
    let forms = config::load(&example, Secrets::Leave).unwrap().config.forms;
    let raw = format!(
        "From: {from}\r\nTo: support@example.test\r\nSubject: hello\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    );
    let reading = read(&forms[form], &caseway::mail::read(raw.as_bytes()), &Context::first(date(2026, 11, 30)));
    let doubtful = reading.doubts.iter().any(|doubt| doubt.field == field);
    let found = reading.found.iter().find(|found| found.field == field && !doubtful);
    found.map_or("?".to_owned(), |found| found.value.to_string())
}

const ANNA: &str = "Anna Schmidt <anna@customer.test>";

fn account(text: &str) -> String {
    value("registration", "account_id", ANNA, text)
}

/// A number of six digits may be anything: a telephone's, an order's, money.
#[test]
fn numbers_of_something_else_are_no_account() {
    for text in [
        "I need a portal login, please call me at 204417.",
        "Ich brauche einen Zugang, Sie erreichen mich unter 204417.",
        "Tarvitsen tunnuksen. Soita minulle numeroon 204417.",
        "Jag behöver ett konto. Ring mig på 204417.",
        "Portal login please. Phone: 204417",
        "Portal login please. Tel. 089 204417",
        "Portal login please. Mobile +49 170 204417",
        "Portal login please, order number 204417.",
        "Portal login please, 204417 is the order number.",
        "We ordered with PO 204417 and need a portal login.",
        "Unsere Bestellnummer ist 204417, wir brauchen einen Zugang.",
        "Tilausnumero 204417, tarvitsemme tunnuksen portaaliin.",
        "Numéro de commande 204417, il nous faut un accès.",
        "We spend 250000 a year and I still have no login.",
        "Portal login please. It is 204417.",
        "First name: Anna\nAccount ID: do not know, my phone is 204417",
        "First name: Anna\nAccount ID: call me: 0401 204417",
        "Please give me a login.\n\nAnna Schmidt\nBahnhofstr. 7\n204417 Hamburg",
        "Please give me a login.\nAnna\nTel 204417",
    ] {
        assert_eq!(account(text), "?", "{text}");
    }
}

/// The only number of its length is an account's where its sentence says so, behind the company, or in a list.
#[test]
fn digits_alone_are_an_account_where_the_words_around_say_so() {
    for (text, id) in [
        ("Portal login please, account 204417.", "AC-204417"),
        ("Behöver konto i kundportalen. Anna Schmidt, Navcykel, 204417.", "AC-204417"),
        ("need login for portal. anna schmidt customer 204417", "AC-204417"),
        ("He read me 204417 and hopes that it is the account number.", "AC-204417"),
        ("Portal login please.\n204417", "AC-204417"),
        ("Portal login please, account 204417. My phone is 0401234567.", "AC-204417"),
    ] {
        assert_eq!(account(text), id, "{text}");
    }
    for two in ["account 204417 or account 204418", "204417, 204418"] {
        assert_eq!(account(two), "?", "{two}");
    }
}

/// One letter before a number is an abbreviation as often as an ID's beginning.
#[test]
fn one_letter_before_a_number_is_no_customer_by_itself() {
    let customer = |text: &str| value("offline", "customer_id", ANNA, text);
    for text in ["We have c. 250000 files offline.", "C: 204417", "Offline file please, call C: 040 204417."] {
        assert_eq!(customer(text), "?", "{text}");
    }
    for text in ["We are C204417.", "Customer C 204417 here.", "Customer ID: c204417. Thanks!", "customer c-204417"] {
        assert_eq!(customer(text), "C204417", "{text}");
    }
}

/// A company without capitals begins where the writer's domain does; greetings and verbs are none of it.
#[test]
fn companies_in_small_letters() {
    let company = |from: &str, text: &str| value("offline", "account", from, text);
    let acme = "Jo Bloggs <jo@acme.test>";
    for (from, text, name) in [
        (acme, "We are acme GmbH. Offline file, please.", "acme GmbH"),
        (acme, "Hier schreibt acme GmbH, wir brauchen die Datei.", "acme GmbH"),
        (acme, "Hello, acme GmbH here.", "acme GmbH"),
        (acme, "We are Acme GmbH.", "Acme GmbH"),
        (acme, "Ich schreibe für die Acme Nord GmbH & Co. KG.", "Acme Nord GmbH & Co. KG"),
        ("Radek Šimek <simek@moravskapila.test>", "Moravská pila s.r.o., prosím", "Moravská pila s.r.o."),
        (ANNA, "We are acme GmbH.", "?"),
        (ANNA, "Hier schreibt acme GmbH.", "?"),
        (ANNA, "Hello acme GmbH", "?"),
    ] {
        assert_eq!(company(from, text), name, "{from}: {text}");
    }
}

/// A family name before a comma stands first, and what follows a whole name is a job or a place.
#[test]
fn names_with_a_comma() {
    let whole = |from: &str, text: &str| {
        ["first_name", "last_name"].map(|field| value("registration", field, from, text)).join("+")
    };
    for (from, text, name) in [
        ("\"Schmidt, Anna\" <anna@customer.test>", "I need a login.", "Anna+Schmidt"),
        ("\"Schmidt, Anna\" <schmidt@customer.test>", "I need a login.", "Anna+Schmidt"),
        ("\"von der Heide, Anna\" <anna@customer.test>", "I need a login.", "Anna+von der Heide"),
        ("a@customer.test", "Name: Schmidt, Anna\nPlease a login.", "Anna+Schmidt"),
        ("a@customer.test", "Name: Schmidt, Anna Maria\nPlease a login.", "Anna Maria+Schmidt"),
        ("\"García López, María\" <maria.garcia@customer.test>", "Necesito acceso.", "María+García López"),
        ("\"García López, María\" <mgarcia@customer.test>", "Necesito acceso.", "María+García López"),
        ("anna.schmidt@customer.test", "Name: Anna Schmidt, Helsinki\nPlease a login.", "Anna+Schmidt"),
        ("x1@customer.test", "Name: Anna Schmidt, Helsinki\nPlease a login.", "?+?"),
    ] {
        assert_eq!(whole(from, text), name, "{from}: {text}");
    }
    let field = |name: &str| value("second-factor", "name", "x1@customer.test", &format!("Name: {name}\nPhone lost."));
    assert_eq!(field("Schmidt, Anna"), "Anna Schmidt");
    assert_eq!(field("Schmidt, Dr. Anna"), "Anna Schmidt");
    for kept in ["Anna Schmidt, Leiterin", "García López, María"] {
        assert_eq!(field(kept), kept);
    }
}
