//! What sentences say: an ID by its form, the one address, `my name is …`.

use std::sync::LazyLock;

use regex::Regex;

use super::check::email;
use super::check::identifier::dashes;
use super::people;
use super::script::Script;
use super::value::Place;
use super::vocabulary::{Target, Vocabulary, key};
use super::weigh::Candidate;
use crate::config::form::{Field, FieldKind};
use crate::mail::Address;

/// How people say their name, in the languages that customers write.
const STRONG: &str = "my (?:full )?name is|my name's|mein name ist|ich heiße|ich heisse|nimeni on|minun nimeni on|jag heter|mitt namn är|je m'appelle|mon nom est|je me nomme|me llamo|mi nombre es|mi chiamo|il mio nome è|mijn naam is|ik heet|meu nome é|o meu nome é|chamo-me|me chamo|nazywam się|mit navn er|jeg hedder|jeg heter|mitt navn er|navnet mitt er";
/// The same, said of other things as well: the sender's address must agree.
const WEAK: &str = "i am|i'm|this is|ich bin|hier ist|hier schreibt|olen|jag är|je suis|soy|sono|ik ben|sou|eu sou|jestem|jeg er|det er";
/// Whom somebody writes for.
const BEHALF: &str = "(?:my|our|the|a|new) (?:new )?(?:colleague|coworker|co-worker|employee|engineer|team member)s?|(?:unsere[nrm]?|meine[nrm]?|neue[nrm]?) (?:neue[nrm]? )?(?:kollegin|kollegen|kollege|mitarbeiter|mitarbeiterin|mitarbeiters)|kollegani|kollegamme|työkaverini|min kollega|vår kollega|(?:mon|ma|notre) collègue|(?:mi|nuestro|nuestra) (?:compañero|compañera|colega)|(?:il mio|la mia) collega|mijn collega|onze collega|(?:meu|minha|nosso|nossa) colega|(?:mojego|moją|naszego|naszą) (?:kolegę|koleżankę)|(?:min|vores|vår) kollega";

/// Words of a name: capitals first, particles between.
const NAME: &str = r"((?:(?:Dr|Prof|Mr|Mrs|Ms|Herr|Frau|Herrn)\.? )*\p{Lu}[\p{L}'\-]+(?: (?:van|von|der|den|de|del|della|di|da|dos|du|la|le|zu|zur|ter|af|av|al|el|bin|\p{Lu}\.|\p{Lu}[\p{L}'\-]*)){0,5})";

fn intro(words: &str) -> Option<Regex> {
    Regex::new(&format!(r"(?:^|[^\p{{L}}])(?i:{words})[,:]? {NAME}")).ok()
}

static SAID: LazyLock<Option<Regex>> = LazyLock::new(|| intro(STRONG));
static MAYBE: LazyLock<Option<Regex>> = LazyLock::new(|| intro(WEAK));
static OTHERS: LazyLock<Option<Regex>> = LazyLock::new(|| intro(BEHALF));

pub(super) fn read(script: &Script, vocabulary: &Vocabulary<'_>) -> Vec<Candidate> {
    let text = people::above_signature(script).join(" ");
    let mut found = names(script, vocabulary, &text);
    let targets = vocabulary.targets(|kind| *kind == FieldKind::Email);
    for email in addresses(script, &text, &found) {
        found.extend(targets.iter().map(|target| Candidate::new(*target, email.clone(), Place::Prose)));
    }
    let all = dashes(&(text + " " + &script.signature.join(" ")));
    for target in vocabulary.targets(|kind| matches!(kind, FieldKind::AccountId | FieldKind::Identifier)) {
        let Target::Field(at) = target else { continue };
        let Some(field) = vocabulary.field(at) else { continue };
        found.extend(ids(field, &all).into_iter().map(|id| Candidate::new(target, id, Place::Prose)));
    }
    found
}

/// Words for an address, as [`key`] writes them.
const ADDRESS: &[&str] = &[
    "mail",
    "email",
    "address",
    "adress",
    "osoit",
    "sahkoposti",
    "epost",
    "correo",
    "direccion",
    "indirizzo",
    "posta",
    "poczt",
    "courriel",
    "endereco",
    "user",
    "login",
    "benutzername",
    "kayttajatunnus",
];
/// What stands between such a word and the address.
const IS: &[&str] =
    &["is", "ist", "lautet", "on", "ar", "est", "es", "e", "er", "jest", "lyder", "should", "be", "sera"];

/// The addresses in sentences. One that is not the sender's, and that nobody called the address, may be anybody's: then
/// the sender's stands beside it, and which is meant is asked.
fn addresses(script: &Script, text: &str, names: &[Candidate]) -> Vec<String> {
    let mut found: Vec<String> = email::all(text).into_iter().filter(|email| !script.ours.contains(email)).collect();
    let writer: Vec<&str> = script.reply_to.iter().chain(&script.from).map(|address| address.email.as_str()).collect();
    let fits = |email: &String| {
        let address = Address::new("", email);
        writer.contains(&email.as_str())
            || is_called_address(text, email)
            || names.iter().any(|name| people::agrees(&name.text, &address))
    };
    if !found.iter().all(fits) {
        found.extend(writer.first().map(|email| (*email).to_owned()));
    }
    found
}

/// `my e-mail is …`, `hänen osoitteensa on …`
fn is_called_address(text: &str, email: &str) -> bool {
    let lower = text.to_lowercase();
    let Some((before, _)) = lower.split_once(email) else { return false };
    let words: Vec<String> = before.split_whitespace().rev().take(5).map(key).collect();
    let called = |word: &String| ADDRESS.iter().any(|known| word.contains(known));
    words.first().is_some_and(|last| IS.contains(&last.as_str())) && words.iter().skip(1).any(called)
}

fn names(script: &Script, vocabulary: &Vocabulary<'_>, text: &str) -> Vec<Candidate> {
    let named = |pattern: &LazyLock<Option<Regex>>| -> Vec<String> {
        let Some(pattern) = pattern.as_ref() else { return Vec::new() };
        pattern.captures_iter(text).filter_map(|found| Some(found.get(1)?.as_str().to_owned())).collect()
    };
    let several = |name: &String| name.split_whitespace().count() > 1;
    let others: Vec<String> = named(&OTHERS).into_iter().filter(several).collect();
    let said = match others.is_empty() {
        false => others,
        true if people::speaks_for_another(text) => Vec::new(),
        true => {
            let weak = named(&MAYBE).into_iter().filter(several);
            let weak = weak.filter(|name| script.from.as_ref().is_some_and(|from| people::agrees(name, from)));
            named(&SAID).into_iter().filter(several).chain(weak).collect()
        }
    };
    let names = vocabulary.names();
    names.iter().flat_map(|target| said.iter().map(|name| Candidate::new(*target, name, Place::Prose))).collect()
}

/// Letters or digits of an ID whose form alone tells what it is.
const TELLING: usize = 12;

/// Every ID in a text that has the field's pattern, where that cannot be a telephone number.
fn ids(field: &Field, text: &str) -> Vec<String> {
    let Some(pattern) = &field.pattern else { return Vec::new() };
    let inner = pattern.as_str().trim_start_matches('^').trim_end_matches('$');
    let Ok(search) = Regex::new(&format!(r"(?i)(?:^|[^\p{{L}}\p{{N}}@-])({inner})(?:$|[^\p{{L}}\p{{N}}@-])")) else {
        return Vec::new();
    };
    let mut found: Vec<String> = Vec::new();
    for id in search.captures_iter(text).filter_map(|found| found.get(1)) {
        let id = id.as_str().to_owned();
        let telling =
            id.starts_with(char::is_alphabetic) && id.chars().any(|c| c.is_ascii_digit()) || key(&id).len() >= TELLING;
        if telling && !found.contains(&id) {
            found.push(id);
        }
    }
    found
}
