//! Which form a mail begins: by what an administrator is sure of, and by what was learnt.

use crate::config::Config;
use crate::config::form::Form;
use crate::intent::judge::{Class, Judgement, judge};
use crate::intent::wish::{BEGINS, Said, Wish};
use crate::mail::{Mail, subject};

/// A form's own mailbox is taken at its word while the form is at least this likely.
const AT_HOME: f32 = 0.25;
/// From this probability on something else is believed of a mail that came to a form's mailbox.
const ELSEWHERE: f32 = 0.6;
/// The same where a form's phrase stands in the mail, or where nothing is learnt of the mailbox's form.
const SURELY_ELSEWHERE: f32 = 0.9;
/// Words of a mail in which a phrase leads to a form: longer ones tell a story, and name much that they do not ask for.
const MAX_WORDS: usize = 120;

/// What a mail begins, and why.
#[derive(Debug, Clone)]
pub struct Chosen<'a> {
    /// The form; none when it is an ordinary request.
    pub form: Option<&'a Form>,
    /// The form whose mailbox it came to.
    pub own: Option<&'a Form>,
    /// What decided: `mailbox`, `subject`, `words`, `learnt`.
    pub by: &'static str,
    /// What it seems to want.
    pub judgement: Judgement,
}

impl Chosen<'_> {
    /// Whether it asks that an account is removed: a person must see to that.
    pub fn asks_deletion(&self) -> bool {
        self.judgement.of(Wish::DeleteAccount) >= ELSEWHERE
    }

    /// What the mail seems to want, how likely, and which words say so.
    pub fn reasons(&self) -> String {
        let Some((class, probability)) = self.judgement.first() else { return "nothing was said".to_owned() };
        let class = match class {
            Class::Wish(wish) => wish.as_str(),
            Class::Form(form) => form,
        };
        format!("{class} {:.0} %: {}", probability * 100.0, self.judgement.because.join(", "))
    }
}

/// The form that a new mail to a mailbox begins. Where two forms would do, none is taken: an engineer reads the mail.
pub fn choose<'a>(config: &'a Config, mailbox: &str, mail: &Mail) -> Chosen<'a> {
    let own = config.forms.values().find(|form| form.mailboxes.iter().any(|name| name == mailbox));
    let judgement = judged(config, own, mail);
    let learnt = learnt(config, own, &judgement);
    let (form, by) = match own {
        Some(own) => at_its_mailbox(own, learnt, &judgement),
        None => match hinted(config, mail) {
            Some((hinted, by)) if !is_elsewhere(hinted, &judgement, SURELY_ELSEWHERE) => (Some(hinted), by),
            _ => (learnt, "learnt"),
        },
    };
    Chosen { form, own, by, judgement }
}

fn judged(config: &Config, own: Option<&Form>, mail: &Mail) -> Judgement {
    let said = Said {
        subject: &mail.subject,
        is_reply: subject::is_reply(&mail.subject),
        words: &mail.reply_text,
        mailbox: own.and_then(|form| form.wish),
    };
    judge(&said, &config.taught)
}

/// The form that is likely enough by what was learnt.
fn learnt<'a>(config: &'a Config, own: Option<&Form>, judgement: &Judgement) -> Option<&'a Form> {
    let scored = config.forms.values().map(|form| (form, likelihood(config, form, own, judgement)));
    let best = scored.max_by(|(_, one), (_, other)| one.total_cmp(other));
    best.filter(|(_, likelihood)| *likelihood >= BEGINS).map(|(form, _)| form)
}

/// How likely a form is: by its examples, and by what it shares with the others of its kind.
fn likelihood(config: &Config, form: &Form, own: Option<&Form>, judgement: &Judgement) -> f32 {
    let by_examples = judgement.probability(&Class::Form(form.name.clone()));
    let Some(wish) = form.wish else { return by_examples };
    let same = config.forms.values().filter(|other| other.wish == Some(wish)).count();
    let share = match own.filter(|own| own.wish == Some(wish)) {
        Some(own) if own.name == form.name => 1.0,
        Some(_) => 0.0,
        None => 1.0 / same.max(1) as f32,
    };
    by_examples + share * judgement.of(wish)
}

/// A form's own mailbox speaks for it, unless the mail says something else.
fn at_its_mailbox<'a>(
    own: &'a Form,
    learnt: Option<&'a Form>,
    judgement: &Judgement,
) -> (Option<&'a Form>, &'static str) {
    match learnt {
        Some(learnt) if learnt.name != own.name && is_known(own) => (Some(learnt), "learnt"),
        None if is_elsewhere(own, judgement, ELSEWHERE) => (None, "learnt"),
        _ => (Some(own), "mailbox"),
    }
}

/// Whether anything was learnt of a form.
fn is_known(form: &Form) -> bool {
    form.wish.is_some() || !form.examples.is_empty()
}

/// Whether a mail surely wants something else than a form that other signs lead to.
fn is_elsewhere(form: &Form, judgement: &Judgement, least: f32) -> bool {
    if !is_known(form) {
        return judgement.of(Wish::DeleteAccount) >= SURELY_ELSEWHERE;
    }
    let of_form =
        judgement.probability(&Class::Form(form.name.clone())) + form.wish.map_or(0.0, |wish| judgement.of(wish));
    of_form < AT_HOME && judgement.first().is_some_and(|(_, probability)| probability >= least)
}

/// The only form whose pattern matches the subject, else the only one whose phrase stands in the subject or in a short mail.
pub fn hinted<'a>(config: &'a Config, mail: &Mail) -> Option<(&'a Form, &'static str)> {
    let by_subject = |form: &&Form| form.subjects.iter().any(|pattern| pattern.is_match(&mail.subject));
    match config.forms.values().filter(by_subject).collect::<Vec<_>>().as_slice() {
        [only] => return Some((only, "subject")),
        [] => {}
        _ => return None,
    }
    let subject = words(&mail.subject);
    let is_short = mail.reply_text.split_whitespace().count() <= MAX_WORDS;
    let text = if is_short { words(&mail.reply_text) } else { String::new() };
    let says = |phrase: &String| {
        let phrase = words(phrase);
        subject.contains(&phrase) || text.contains(&phrase)
    };
    match config.forms.values().filter(|form| form.words.iter().any(says)).collect::<Vec<_>>().as_slice() {
        [only] => Some((only, "words")),
        _ => None,
    }
}

/// The words in lower case, with one blank around each.
fn words(text: &str) -> String {
    let letters = |c: char| !(c.is_alphanumeric() || c == '\'');
    let lower = text.to_lowercase();
    lower.split(letters).filter(|word| !word.is_empty()).fold(String::from(" "), |all, word| all + word + " ")
}
