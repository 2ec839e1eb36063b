//! What people call the choices that service desks offer, in their own words: read from sentences and from answers.

mod administrator;
mod device;
mod doubt;
mod kinds;

use super::told::{Told, sentences};
use crate::config::form::{ADMINISTRATOR, Choice, DEVICE, Field, FieldKind};
use crate::intent::question::{self, Answer, Question};

/// The choice that a text means, where it means exactly one: by the words for it, and by what is learnt of how people say
/// it. `asked`: it answers this very question; `begins`: it is a whole mail that answers nothing.
pub(super) fn choose(field: &Field, subject: &str, text: &str, asked: bool, begins: bool) -> Option<String> {
    let FieldKind::Choice(choices) = &field.kind else { return None };
    let names: Vec<&str> = choices.iter().map(|choice| choice.name.as_str()).collect();
    let whole = format!("{subject}\n{text}");
    let words = if asked { text } else { &whole };
    let polar_names = names.contains(&"yes") && names.contains(&"no");
    // Whoever does not know or asks back has answered nothing.
    let unclear = doubt::is_unsure(text) || polar_names && doubt::asks(text);
    if asked && unclear && !(polar_names && spoken(text).is_some()) {
        return None;
    }
    let told = match polar_names {
        true => polar(field, words, asked).map(ToOwned::to_owned).filter(|name| names.contains(&name.as_str())),
        false => kinds::choose(choices, words, asked),
    };
    let question = Question::of(&field.name, &names);
    let learnt = question.and_then(|question| match asked {
        true => question::answer(question, text),
        // A platform is known from its name alone: a mail without one says nothing of it, whatever such mails are mostly about.
        false if question == Question::Platform => None,
        false => question::stated(question, subject, text).filter(|_| begins),
    });
    let denied = field.name == ADMINISTRATOR && administrator::is_denied(words);
    settled(told, learnt.filter(|_| !denied))
}

/// What both ways of reading agree upon, or what one is sure of.
fn settled(told: Option<String>, learnt: Option<Answer>) -> Option<String> {
    match (told, learnt) {
        (Some(told), Some(learnt)) if told != learnt.label => None,
        (Some(told), _) => Some(told),
        (None, Some(learnt)) => (learnt.probability >= SURE).then(|| learnt.label.to_owned()),
        (None, None) => None,
    }
}

/// From which probability on what is learnt is believed alone.
const SURE: f32 = 0.9;

/// The same of a value that stands behind its label.
pub(super) fn of(choices: &[Choice], typed: &str) -> Option<String> {
    let named = |name: &str| choices.iter().any(|choice| choice.name == name);
    if named("yes") && named("no") {
        return spoken(typed).map(ToOwned::to_owned);
    }
    kinds::choose(choices, typed, true)
}

/// Yes or no.
fn polar(field: &Field, text: &str, asked: bool) -> Option<&'static str> {
    let said = asked.then(|| spoken(text)).flatten();
    let meant = match field.name.as_str() {
        DEVICE => device::at_hand(text, asked),
        ADMINISTRATOR => administrator::another(text, asked),
        _ => None,
    };
    match (said, meant) {
        (Some(said), Some(meant)) if said != meant => None,
        (said, meant) => said.or(meant),
    }
}

#[rustfmt::skip]
const YES: &[&str] = &[
    "yes", "yep", "yeah", "yup", "aye", "sure", "correct", "of course", "ja", "jawohl", "jo", "joo", "jepp", "japp", "klar", "freilich",
    "kylla", "juu", "on", "jep", "oui", "ouais", "si", "sisi", "sim", "tak", "ano", "jasne", "да", "так", "evet", "はい", "ええ", "是的", "有的", "在的",
    "네", "예", "ja", "jau", "certo", "claro", "jap", "jup", "yess",
];
#[rustfmt::skip]
const NO: &[&str] = &[
    "no", "nope", "nah", "nein", "na", "nee", "nej", "nei", "ei", "eipa", "non", "nao", "nie", "ne", "neen", "нет", "неа", "ні", "hayir", "yok",
    "いいえ", "いえ", "没有", "不在", "没", "아니", "아뇨", "없", "noo", "nooo", "nö", "niet",
];

/// The yes or no that an answer begins with, past greetings and thanks.
fn spoken(text: &str) -> Option<&'static str> {
    for sentence in sentences(text).take(4).filter(|sentence| !doubt::is_unsure(sentence)) {
        for clause in sentence.split([',', ':', '-', '–', '—', '、', '，', '(']).take(3) {
            let told = Told::of(clause);
            let Some(first) = told.words().next() else { continue };
            let is = |list: &[&str]| {
                list.iter().any(|word| match word.chars().next().is_some_and(super::told::is_joined) {
                    // `아니면` is an `or`.
                    true => first.starts_with(word) && !first.starts_with("아니면"),
                    false => first == *word,
                })
            };
            match (is(YES), is(NO)) {
                (true, false) => return Some("yes"),
                (false, true) => return Some("no"),
                _ => {}
            }
        }
    }
    None
}

/// The sentence of a text that tells why.
pub(super) fn reason(text: &str) -> Option<&str> {
    let told = sentences(text).find(|sentence| device::tells(sentence));
    let found = told.or_else(|| sentences(text).find(|sentence| kinds::explains(sentence)))?;
    let found = found.trim_end_matches(['.', '。', '!', ',']);
    // `Hello, I have a new phone`
    let greeted = found
        .split_once(',')
        .filter(|(greeting, rest)| greeting.split_whitespace().count() <= 2 && !rest.trim().is_empty());
    Some(greeted.map_or(found, |(_, rest)| rest.trim()))
}
