//! Who writes, and for whom: signatures and addresses, the last resort.

use super::check::email;
use super::display;
use super::persons;
use super::roles::{agrees, is_person, is_role};
use super::script::Script;
use super::signature::closing;
use super::value::Place;
use super::vocabulary::{Vocabulary, halves};
use super::weigh::Candidate;
use crate::config::form::FieldKind;
use crate::mail::Address;

/// Names and addresses of who writes, unless the mail is about somebody else.
pub(super) fn read(script: &Script, vocabulary: &Vocabulary<'_>, said: &[Candidate]) -> Vec<Candidate> {
    let own: Vec<&str> = script.own().collect();
    let emails = vocabulary.targets(|kind| *kind == FieldKind::Email);
    let writer: Vec<&Address> = script.reply_to.iter().chain(&script.from).collect();
    let is_writers = |email: &String| writer.iter().any(|address| address.email == *email);
    let named = said.iter().filter(|candidate| emails.contains(&candidate.target));
    let elsewhere = named.flat_map(|candidate| email::all(&candidate.text)).any(|email| !is_writers(&email));
    let for_another =
        persons::is_for_another(script, vocabulary) || elsewhere && !persons::is_alias(script, vocabulary);
    if !script.forwarded && for_another {
        return Vec::new();
    }
    let mut found = Vec::new();
    let names = vocabulary.names();
    let name = |name: &str, place: Place| -> Vec<Candidate> {
        names.iter().map(|target| Candidate::new(*target, name, place)).collect()
    };
    let own_name = persons::own_name(script).or_else(|| signed(script, &own)).or_else(|| persons::card(script));
    let named = own_name.is_some() || said.iter().any(|one| names.contains(&one.target) && one.place == Place::Prose);
    match own_name {
        Some(signed) => found.extend(name(&signed, Place::Signature)),
        None => {
            found.extend(display::eastern_name(script).into_iter().flat_map(|signed| name(&signed, Place::Signature)))
        }
    }
    found.extend(
        signed_addresses(script, &own, &writer).into_iter().flat_map(|email| {
            emails.iter().map(move |target| Candidate::new(*target, email.clone(), Place::Signature))
        }),
    );
    for (address, place) in
        script.reply_to.iter().map(|one| (one, Place::ReplyTo)).chain(script.from.iter().map(|one| (one, Place::From)))
    {
        let shown = display::display_name(address);
        // What a department's mailbox asks for is another's, where names are asked for.
        let of_names = halves(vocabulary.form).is_some();
        if !(is_role(address) && of_names && shown.is_none() && !named) {
            found.extend(emails.iter().map(|target| Candidate::new(*target, address.email.clone(), place)));
        }
        match shown {
            Some(shown) if shown.split_whitespace().count() > 1 || super::east::split(&shown).is_some() => {
                found.extend(name(&shown, place))
            }
            Some(shown) => found.extend(
                display::half(&shown, vocabulary.form)
                    .into_iter()
                    .map(|target| Candidate::new(target, shown.clone(), place)),
            ),
            None => {}
        }
    }
    found
}

/// An address in the signature that is not the writer's: which of the two is meant must be asked.
fn signed_addresses(script: &Script, own: &[&str], writer: &[&Address]) -> Vec<String> {
    let below = own.iter().skip(closing(own).unwrap_or(own.len())).copied();
    let lines = below.chain(script.signature.iter().map(String::as_str));
    let mut all: Vec<String> = lines.flat_map(email::all).filter(|email| !script.ours.contains(email)).collect();
    // Who signs with their own address names others for other reasons.
    if all.iter().any(|email| writer.iter().any(|address| address.email == *email)) {
        return Vec::new();
    }
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
        // `Helena Stjernberg, rektor`
        let name = line.split(',').next().unwrap_or(line).trim();
        let name = if name.contains(' ') { name } else { line };
        return (is_person(name) && agreed).then(|| name.to_owned());
    }
    let last = own.iter().rposition(|line| !line.is_empty())?;
    let start = own.iter().take(last).rposition(|line| line.is_empty()).map_or(0, |blank| blank + 1);
    let first_line = own.get(start).filter(|_| start > 0).map(|line| tidy_name(line));
    let separate = script.signature.iter().map(|line| tidy_name(line)).find(|line| !line.is_empty() && *line != "--");
    let agreed = |line: &&str| is_person(line) && from.is_some_and(|from| agrees(line, from));
    // `Terkuin Anneli Kukkonen, Saimaan Leipä`
    let name = |line: &str| {
        let words = line.split(',').next().unwrap_or(line).split_whitespace();
        words.skip_while(|word| super::named::is_title(word)).collect::<Vec<_>>().join(" ")
    };
    let found = first_line.into_iter().chain(separate).find(agreed)?;
    let short = name(found);
    Some(if is_person(&short) { short } else { found.to_owned() })
}

fn tidy_name(line: &str) -> &str {
    line.trim().trim_matches(|c: char| matches!(c, '-' | '–' | '/' | '*' | '_' | ',' | ' '))
}
