//! Which form a mail is.

use crate::config::form::Form;
use crate::mail::Mail;

/// Words of a mail in which a phrase leads to a form: longer ones tell a story, and name much that they do not ask for.
const MAX_WORDS: usize = 120;

/// The form that a mail leads to: the mailbox's, else one that its subject matches, else one whose phrase stands in the
/// subject or in a short mail. Where two forms would do, none is taken: an engineer reads the mail.
pub fn leads_to<'a>(forms: impl Iterator<Item = &'a Form>, mailbox: &str, mail: &Mail) -> Option<&'a Form> {
    let forms: Vec<&Form> = forms.collect();
    if let Some(form) = forms.iter().find(|form| form.mailboxes.iter().any(|name| name == mailbox)) {
        return Some(form);
    }
    let by_subject = forms.iter().filter(|form| form.subjects.iter().any(|pattern| pattern.is_match(&mail.subject)));
    match by_subject.copied().collect::<Vec<_>>().as_slice() {
        [only] => return Some(only),
        [] => {}
        _ => return None,
    }
    let subject = words(&mail.subject);
    let text =
        if mail.reply_text.split_whitespace().count() <= MAX_WORDS { words(&mail.reply_text) } else { String::new() };
    let says = |phrase: &String| {
        let phrase = words(phrase);
        subject.contains(&phrase) || text.contains(&phrase)
    };
    match forms.iter().filter(|form| form.words.iter().any(says)).copied().collect::<Vec<_>>().as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// The words in lower case, with one blank around each.
fn words(text: &str) -> String {
    let letters = |c: char| !(c.is_alphanumeric() || c == '\'');
    let lower = text.to_lowercase();
    lower.split(letters).filter(|word| !word.is_empty()).fold(String::from(" "), |all, word| all + word + " ")
}
