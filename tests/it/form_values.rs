//! What is read of a mail in people's own words, and what is asked rather than guessed.

use std::path::Path;

use caseway::config::{self, Secrets};
use caseway::desk::form::read::{Context, read};
use caseway::mail::language::Language;
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

/// Until when a licence holds, as people write it.
fn expiry(text: &str) -> String {
    value("offline", "expires", ANNA, text)
}

#[test]
fn days_in_every_language() {
    for text in [
        "Valid until: 31 December 2026",
        "Valid until: 31st of December, 2026",
        "Expires: December 31, 2026",
        "Expires: Thu, 31 Dec 2026",
        "Expires: 31-Dec-2026",
        "Expires: 31DEC2026",
        "Expires: 2026-12-31",
        "Expires: 2026/12/31",
        "Expires: 2026-12-31T23:59:59Z",
        "Expires: 2026-12-31 23:59",
        "Expires: 12/31/2026",
        "Expires: 31/12/26",
        "Expires: 31 / 12 / 2026",
        "Gültig bis: 31. Dezember 2026",
        "Gültig bis: 31. Dez. 2026",
        "Gültig bis: 31.12.2026",
        "Gültig bis: 31.12.26",
        "Gültig bis: 31. 12. 2026",
        "Gültig bis: Donnerstag, 31.12.2026, 24 Uhr",
        "Gültig bis: Ende Dezember 2026",
        "Gültig bis: Ende 2026",
        "Lisenssi päättyy: 31. joulukuuta 2026",
        "Lisenssi päättyy: 31.12.2026 klo 23.59",
        "Lisenssi päättyy: joulukuun loppu 2026",
        "Licensen går ut: den 31 december 2026",
        "Licensen går ut: 2026-12-31",
        "Date d'expiration : 31 décembre 2026",
        "Date d'expiration : jeudi 31 déc. 2026",
        "Date d'expiration : fin décembre 2026",
        "Fecha de caducidad: 31 de diciembre de 2026",
        "Scadenza: 31 dicembre 2026",
        "Vervaldatum: 31 december 2026",
        "Data wygaśnięcia: 31 grudnia 2026 r.",
        "Data de validade: 31 de dezembro de 2026",
        "Udløbsdato: d. 31. december 2026",
        "Utløpsdato: 31. desember 2026",
        "Platnost do: 31. prosince 2026",
        "有効期限：2026年12月31日",
        "Our licence is valid until 31 December 2026.",
        "Die Lizenz läuft am 31. Dezember 2026 ab.",
        "Lisenssi on voimassa 31. joulukuuta 2026 asti.",
        "La licence est valable jusqu'au 31 décembre 2026.",
        "La licencia vence el 31 de diciembre de 2026.",
        "Licencja ważna do 31 grudnia 2026 r.",
        "Лицензия действует до 31 декабря 2026 г.",
        "Lisans 31 Aralık 2026 tarihine kadar geçerli.",
    ] {
        assert_eq!(expiry(text), "2026-12-31", "{text}");
    }
}

/// A day that may be two, that is none, or that is over, is asked.
#[test]
fn days_that_are_not_sure_are_asked() {
    for text in [
        "Expires: 3/4/2027",
        "Our licence is valid until 3/4/2027.",
        "Expires: 03-04-2027",
        "Expires: 31.12.",
        "Expires: 12/2026",
        "Expires: December",
        "Expires: December 2026",
        "Expires: 31.11.2026",
        "Expires: 29.2.2027",
        "Expires: 31.12.2025",
        "Gültig bis: nächstes Jahr",
        "Expires: 2026-12-31 or 2027-01-31",
        "Expires: 20 mailboxes 2027",
        "We need 10 licenses 2027.",
        "Tarvitsemme 10 lisenssiä 2027 alkaen.",
        "Vi trenger 10 lisenser 2027.",
        "Wir brauchen 20 Mailboxen 2027.",
        "Wir haben 12 Maschinen, 2027 werden es 30.",
    ] {
        assert_eq!(expiry(text), "?", "{text}");
    }
    for (text, day) in [("Expires: 5/5/2027", "2027-05-05"), ("Gültig bis: 3.4.2027", "2027-04-03")] {
        assert_eq!(expiry(text), day, "{text}");
    }
}

/// Who copies the example asks in the language of the mail.
#[test]
fn the_example_speaks_every_language() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/example/caseway.toml");
    for form in config::load(&example, Secrets::Leave).unwrap().config.forms.values() {
        for language in Language::ALL {
            assert!(form.title.contains_key(&language), "{} in {}", form.name, language.code());
            for field in &form.fields {
                assert!(field.labels.contains_key(language.code()), "{} in {}", field.name, language.code());
            }
        }
    }
}

/// IDs of a list with words between them.
#[test]
fn lists_with_words_between() {
    let detections = |text: &str| value("allow-list", "detections", ANNA, text);
    let all = "DET-10022871, DET-10022872, DET-10022990";
    for text in [
        "Detection IDs: DET-10022871, DET-10022872 and DET-10022990.",
        "Erkennungs-IDs: DET-10022871, DET-10022872 sowie DET-10022990",
        "Havainnot: DET-10022871, DET-10022872 ja DET-10022990",
        "Detecciones: DET-10022871, DET-10022872 y DET-10022990.",
        "Detection IDs: det 10022871 / det 10022872 / det 10022990",
        "Detection IDs: DET-10022871 DET-10022872 DET-10022990",
        "Detection IDs: 10022871, 10022872, 10022990",
    ] {
        assert_eq!(detections(text), all, "{text}");
    }
    for text in
        ["Detection IDs: DET-10022871 and DET-10022872", "Detection IDs: DET-10022871, DET-10022872 and DET-1002299"]
    {
        assert_eq!(detections(text), "?", "{text}");
    }
}

/// Who is alone as an administrator, and who is not.
#[test]
fn the_only_administrator() {
    let other = |text: &str| value("second-factor", "other_administrator", ANNA, text);
    for (text, said) in [
        ("My phone broke. I am the only administrator.", "no"),
        ("Handy kaputt. Ich bin der einzige Administrator.", "no"),
        ("Puhelin hajosi. Olen ainoa pääkäyttäjä.", "no"),
        ("Mon téléphone est cassé. Je suis le seul administrateur.", "no"),
        ("My phone broke. I am not the only administrator, Ben is one as well.", "yes"),
        ("Handy kaputt. Ich bin nicht der einzige Administrator.", "yes"),
        ("Handy kaputt. Ich bin nicht die einzige Administratorin, Frau Lange ist auch eine.", "yes"),
        ("Puhelin hajosi. En ole ainoa pääkäyttäjä.", "yes"),
        ("Telefonen är sönder. Jag är inte ensam administratör.", "yes"),
        ("Mon téléphone est cassé. Je ne suis pas le seul administrateur.", "yes"),
        ("Se me rompió el móvil. No soy el único administrador.", "yes"),
        ("Il telefono si è rotto. Non sono l'unico amministratore.", "yes"),
        ("Telefoon kapot. Ik ben niet de enige beheerder.", "yes"),
        ("Telefon się zepsuł. Nie jestem jedynym administratorem.", "yes"),
        ("Telefonen er gået i stykker. Jeg er ikke den eneste administrator.", "yes"),
        ("Telefonen min er knust. Jeg er ikke alene om å være administrator.", "yes"),
        ("O telemóvel avariou. Não sou a única administradora.", "yes"),
        ("Telefon se rozbil. Nejsem jediný správce.", "yes"),
        ("スマホが壊れました。管理者は私だけではありません。", "yes"),
        ("手机坏了。我不是唯一的管理员。", "yes"),
        ("Телефон сломался. Я не единственный администратор.", "yes"),
        ("My phone broke. I am not the only one here whose phone did. I am the only administrator.", "no"),
    ] {
        assert_eq!(other(text), said, "{text}");
    }
}

/// Whoever does not know, will ask or asks back is asked again; a plain yes or no beside it counts.
#[test]
fn who_does_not_know_has_not_answered() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/example/caseway.toml");
    let forms = config::load(&example, Secrets::Leave).unwrap().config.forms;
    let answer = |field: &str, text: &str| {
        let raw = format!(
            "From: {ANNA}\r\nSubject: Re: hello\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
        );
        let form = forms.values().find(|form| form.field(field).is_some()).unwrap();
        let context = Context { asked: vec![field.to_owned()], ..Context::first(date(2026, 11, 30)) };
        let reading = read(form, &caseway::mail::read(raw.as_bytes()), &context);
        reading.found.iter().find(|found| found.field == field).map_or("?".to_owned(), |found| found.value.to_string())
    };
    for text in [
        "I don't know who else has those rights.",
        "No idea, I will ask my boss.",
        "Perhaps Ben? Could you check on your side?",
        "Keine Ahnung, da muss ich erst nachfragen.",
        "Was meinen Sie mit Administrator?",
        "En tiedä, kysyn huomenna.",
        "Jag vet inte, kanske Ronny.",
        "Je ne sais pas, je vais demander.",
        "No sé si Paco cuenta como administrador o no.",
        "Non lo so, forse Aldo.",
        "Geen idee, dat moet ik navragen.",
        "Nie wiem, muszę zapytać.",
        "分かりません。確認します。",
    ] {
        assert_eq!(answer("other_administrator", text), "?", "{text}");
    }
    for (text, said) in [
        ("Yes, Ben. Why do you ask?", "yes"),
        ("No. I don't know what that has to do with it, but no.", "no"),
        ("Nein, nur ich. Was brauchen Sie noch?", "no"),
        ("Kyllä, Liisa on pääkäyttäjä.", "yes"),
        ("Non, personne d'autre.", "no"),
    ] {
        assert_eq!(answer("other_administrator", text), said, "{text}");
    }
    for (text, said) in [("No idea, sorry, Windows or Linux, I have to ask.", "?"), ("Debian 12, why?", "linux")] {
        assert_eq!(answer("platform", text), said, "{text}");
    }
}
