//! What can be found of a message.

use std::borrow::Cow;

use super::fold::fold;
use crate::desk::seal::keys::Keys;
use crate::desk::seal::marks;
use crate::desk::seal::secret::Shown;

/// Octets of the words of one message that can be found; a mail with more is a log that somebody pasted.
const MAX_WORDS: usize = 128 * 1024;
/// The same of the names of its files.
const MAX_FILES: usize = 8 * 1024;
/// The same of its subject, and of its author's name and address.
const MAX_LINE: usize = 1024;

/// What can be found of a message, as the index takes it. It is read from a mail that was looked through, so no link or code
/// of ours is in it, and no token either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The message.
    pub message: i64,
    /// Of its ticket.
    pub subject: String,
    /// What its author wrote; of the mail that opened a ticket also what that quotes or forwards, which stands nowhere else.
    pub words: String,
    /// The author's name and address.
    pub author: String,
    /// The names of its files.
    pub files: String,
}

impl Entry {
    /// Of a message that is a mail.
    pub fn of(keys: &Keys, message: i64, subject: &str, mail: &Shown, opens: bool) -> Self {
        let words = if opens { &mail.text } else { &mail.reply_text };
        let author = mail.from.as_ref().map(|from| format!("{} {}", from.name, from.email)).unwrap_or_default();
        let files: Vec<&str> =
            mail.attachments.iter().filter(|file| !file.inline).map(|file| file.filename.as_str()).collect();
        Self {
            message,
            subject: found(keys, subject, MAX_LINE),
            words: found(keys, words, MAX_WORDS),
            author: found(keys, &author, MAX_LINE),
            files: found(keys, &files.join(" "), MAX_FILES),
        }
    }
}

/// The beginning of a text without our marks, as it is compared.
fn found(keys: &Keys, text: &str, most: usize) -> String {
    let beginning = text.get(..text.floor_char_boundary(most)).unwrap_or_default();
    match marks::words(keys, beginning) {
        Cow::Borrowed(text) => fold(text).into_owned(),
        Cow::Owned(text) => fold(&text).into_owned(),
    }
}
