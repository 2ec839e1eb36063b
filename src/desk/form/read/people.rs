//! Who writes, and for whom: signatures and addresses, the last resort.

use super::check::email;
use super::script::Script;
use super::value::Place;
use super::vocabulary::{Target, Vocabulary, key};
use super::weigh::Candidate;
use crate::config::form::{FieldKind, Form};
use crate::mail::Address;

/// What letters end with.
const CLOSINGS: &[&str] = &[
    "regards",
    "bestregards",
    "kindregards",
    "warmregards",
    "sincerely",
    "yours",
    "thanks",
    "thankyou",
    "thx",
    "cheers",
    "br",
    "kr",
    "rgds",
    "best",
    "mfg",
    "gruß",
    "grüße",
    "grüßen",
    "gruss",
    "grusse",
    "vg",
    "lg",
    "danke",
    "terveisin",
    "terv",
    "ystävällisin",
    "kiitos",
    "kiittäen",
    "hälsningar",
    "hälsning",
    "mvh",
    "vänligen",
    "tack",
    "cordialement",
    "merci",
    "salutations",
    "bienàvous",
    "saludo",
    "saludos",
    "gracias",
    "saluti",
    "grazie",
    "groet",
    "groeten",
    "bedankt",
    "cumprimentos",
    "obrigado",
    "obrigada",
    "pozdrawiam",
    "pozdrowieniami",
    "hilsen",
    "tak",
    "takk",
    "t",
];
/// Words of a name that is nobody's.
const ROLES: &[&str] = &[
    "helpdesk",
    "support",
    "servicedesk",
    "service",
    "desk",
    "it",
    "team",
    "info",
    "office",
    "admin",
    "administrator",
    "noreply",
    "sales",
    "gmbh",
    "ag",
    "oy",
    "oyj",
    "ab",
    "ltd",
    "limited",
    "inc",
    "llc",
    "plc",
    "corp",
    "company",
    "group",
    "department",
    "form",
    "web",
    "mail",
    "postmaster",
    "kontakt",
    "contact",
    "accounts",
    "buchhaltung",
    "einkauf",
    "security",
    "itsupport",
    "systems",
    "hotline",
    "sent",
    "from",
    "my",
    "head",
    "of",
    "lead",
    "manager",
    "engineer",
    "director",
    "leiter",
    "tel",
    "phone",
    "street",
];
/// Words that say that somebody else is to get what is asked for.
const OTHERS: &[&str] = &[
    "colleague",
    "coworker",
    "employee",
    "newuser",
    "thisuser",
    "onbehalf",
    "ournewengineer",
    "accountsforour",
    "thefollowing",
    "forthese",
    "kolleg",
    "mitarbeiter",
    "imauftrag",
    "neuenbenutzer",
    "folgendebenutzer",
    "tyokaver",
    "kollega",
    "puolesta",
    "medarbet",
    "collegue",
    "companero",
    "colega",
    "collega",
    "collaborateur",
    "dipendente",
    "medewerker",
    "koleg",
    "kolezank",
    "pracownik",
    "ansatt",
    "forhim",
    "forher",
];

/// Whether somebody else than the writer is to get what is asked for.
pub(super) fn speaks_for_another(text: &str) -> bool {
    let text = key(text);
    OTHERS.iter().any(|word| text.contains(word))
}

/// Whether a line ends a letter: it is short and begins or ends with a word of that kind.
pub(super) fn is_closing(line: &str) -> bool {
    let words: Vec<String> = line.split_whitespace().map(key).filter(|word| !word.is_empty()).collect();
    let closes = |word: &String| CLOSINGS.iter().any(|closing| key(closing) == *word);
    let anywhere = line.trim_end().ends_with([',', '!', '.']) && words.iter().any(closes);
    let short = (1..=6).contains(&words.len()) && !line.contains(['@', '?', ':']);
    short && (anywhere || words.first().is_some_and(closes) || words.last().is_some_and(closes))
}

/// The lines that the writer wrote above the closing.
pub(super) fn above_signature(script: &Script) -> Vec<&str> {
    let own: Vec<&str> = script.own().collect();
    let end = closing(&own).unwrap_or(own.len());
    own.into_iter().take(end).collect()
}

/// The last closing, where only a signature follows.
fn closing(own: &[&str]) -> Option<usize> {
    let at = own.iter().rposition(|line| is_closing(line))?;
    (at > 0 && own.len() - at <= 16).then_some(at)
}

/// Names and addresses of who writes, unless the mail is about somebody else.
pub(super) fn read(script: &Script, vocabulary: &Vocabulary<'_>, said: &[Candidate]) -> Vec<Candidate> {
    let own: Vec<&str> = script.own().collect();
    let text = own.join(" ");
    let emails = vocabulary.targets(|kind| *kind == FieldKind::Email);
    let writer: Vec<&Address> = script.reply_to.iter().chain(&script.from).collect();
    let is_writers = |email: &String| writer.iter().any(|address| address.email == *email);
    let named = said.iter().filter(|candidate| emails.contains(&candidate.target));
    let elsewhere = named.flat_map(|candidate| email::all(&candidate.text)).any(|email| !is_writers(&email));
    if !script.forwarded && (speaks_for_another(&text) || elsewhere) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let names = vocabulary.names();
    let name = |name: &str, place: Place| -> Vec<Candidate> {
        names.iter().map(|target| Candidate::new(*target, name, place)).collect()
    };
    if let Some(signed) = signed(script, &own) {
        found.extend(name(&signed, Place::Signature));
    }
    found.extend(
        signed_addresses(script, &own, &writer).into_iter().flat_map(|email| {
            emails.iter().map(move |target| Candidate::new(*target, email.clone(), Place::Signature))
        }),
    );
    for (address, place) in
        script.reply_to.iter().map(|one| (one, Place::ReplyTo)).chain(script.from.iter().map(|one| (one, Place::From)))
    {
        if is_role(address) {
            continue;
        }
        found.extend(emails.iter().map(|target| Candidate::new(*target, address.email.clone(), place)));
        if is_person(&address.name) && agrees(&address.name, address) {
            found.extend(name(&address.name, place));
        }
    }
    found
}

/// An address in the signature that is not the writer's: which of the two is meant must be asked.
fn signed_addresses(script: &Script, own: &[&str], writer: &[&Address]) -> Vec<String> {
    let below = own.iter().skip(closing(own).unwrap_or(own.len())).copied();
    let lines = below.chain(script.signature.iter().map(String::as_str));
    let mut all: Vec<String> = lines.flat_map(email::all).filter(|email| !script.ours.contains(email)).collect();
    all.retain(|email| !writer.iter().any(|address| address.email == *email));
    if !all.is_empty() {
        all.extend(writer.first().map(|address| address.email.clone()));
    }
    all
}

/// The name in a signature: below the closing, behind it on its line, or the first line of the last paragraph when the
/// address agrees.
fn signed(script: &Script, own: &[&str]) -> Option<String> {
    let from = script.from.as_ref();
    if let Some(at) = closing(own) {
        let below = own.iter().skip(at + 1).copied().chain(script.signature.iter().map(String::as_str));
        let line = below.map(tidy_name).find(|line| !line.is_empty())?;
        let agreed = from.is_some_and(|from| agrees(line, from)) || script.reply_to.iter().any(|one| agrees(line, one));
        return (is_person(line) && agreed).then(|| line.to_owned());
    }
    let last = own.iter().rposition(|line| !line.is_empty())?;
    let start = own.iter().take(last).rposition(|line| line.is_empty()).map_or(0, |blank| blank + 1);
    let first_line = own.get(start).filter(|_| start > 0).map(|line| tidy_name(line));
    let separate = script.signature.iter().map(|line| tidy_name(line)).find(|line| !line.is_empty() && *line != "--");
    let agreed = |line: &&str| is_person(line) && from.is_some_and(|from| agrees(line, from));
    first_line.into_iter().chain(separate).find(agreed).map(ToOwned::to_owned)
}

fn tidy_name(line: &str) -> &str {
    line.trim().trim_matches(|c: char| matches!(c, '-' | '–' | '/' | '*' | '_' | ',' | ' '))
}

/// Two to five words with capitals, none of which a role or a company has.
fn is_person(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let fine = |word: &&str| {
        let letters = word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '-' | '.' | ',' | '’'));
        letters && !ROLES.contains(&key(word).as_str())
    };
    let capital = |word: &&&str| word.starts_with(char::is_uppercase);
    (2..=5).contains(&words.len()) && words.iter().all(fine) && words.iter().filter(capital).count() >= 2
}

/// A mailbox of a department or a machine.
fn is_role(address: &Address) -> bool {
    let local = address.email.split('@').next().unwrap_or_default();
    local.split(['.', '-', '_', '+']).map(key).any(|word| ROLES.contains(&word.as_str()))
        || ROLES.contains(&key(local).as_str())
        || ["noreply", "donotreply", "helpdesk", "servicedesk"].iter().any(|role| key(local).contains(role))
}

/// Whether a name is that of an address: one of its words stands before the `@`. A display name proves nothing, as
/// companies have them too.
pub(super) fn agrees(name: &str, address: &Address) -> bool {
    let local = key(address.email.split('@').next().unwrap_or_default());
    name.split_whitespace().map(key).filter(|word| word.chars().count() >= 3).any(|word| local.contains(&word))
}

/// The first and last name of a form, where it asks for both.
pub(super) fn halves(form: &Form) -> Option<(Target, Target)> {
    let at = |kind: FieldKind| form.fields.iter().position(|field| field.kind == kind).map(Target::Field);
    Some((at(FieldKind::FirstName)?, at(FieldKind::LastName)?))
}
