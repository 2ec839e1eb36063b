//! What people write, as the values of a form's fields.
//!
//! Readers look in one kind of place each and give candidates; `weigh` decides. A better place beats a worse one; two
//! different values in equally good places are a doubt, and so is a value that cannot be one. In doubt people are asked.

mod answers;
mod block;
pub mod check;
mod labelled;
mod people;
mod prose;
mod reason;
mod script;
mod table;
mod value;
mod vocabulary;
mod weigh;
mod whole_name;

use jiff::civil::Date;

pub use block::block;
pub use check::check;
pub use reason::Reason;
pub use value::{Doubt, Found, Place, Reading, Trouble, Value};

use self::script::Script;
use self::vocabulary::Vocabulary;
use crate::config::form::Form;
use crate::mail::Mail;

/// Reads a whole mail, the first one or a reply. `today` decides whether a date lies ahead.
pub fn read(form: &Form, mail: &Mail, today: Date) -> Reading {
    let vocabulary = Vocabulary::of(form);
    let script = Script::of(mail);
    let mut candidates = labelled::read(&script, &vocabulary);
    candidates.extend(table::read(&script, &vocabulary));
    candidates.extend(answers::read(&script, &vocabulary, today));
    candidates.extend(prose::read(&script, &vocabulary));
    candidates.extend(people::read(&script, &vocabulary, &candidates));
    let candidates = whole_name::split_all(candidates, form, script.from.as_ref());
    weigh::weigh(form, candidates, today, mail.language)
}
