//! What people write, as the values of a form's fields.
//!
//! Readers look in one kind of place each and give candidates; `weigh` decides. A better place beats a worse one; two
//! different values in equally good places are a doubt, and so is a value that cannot be one. In doubt people are asked.

mod answers;
mod block;
mod cases;
pub mod check;
mod company;
mod dashes;
mod days;
mod display;
mod east;
mod labelled;
mod meaning;
mod months;
mod named;
mod people;
mod persons;
mod prose;
mod reason;
mod roles;
mod script;
mod sense;
mod several;
mod shape;
mod signature;
mod table;
mod told;
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

/// What is known when a mail is read.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// Decides whether a date lies ahead.
    pub today: Date,
    /// The names of the fields that the mail was asked for; none where it begins something.
    pub asked: Vec<String>,
    /// All was known before it: only what it says expressly counts.
    pub late: bool,
}

impl Context {
    /// Of a mail that answers nothing.
    pub fn first(today: Date) -> Self {
        Self { today, ..Self::default() }
    }
}

/// Reads a whole mail, the first one or a reply.
pub fn read(form: &Form, mail: &Mail, context: &Context) -> Reading {
    let vocabulary = Vocabulary::of(form);
    let script = Script::of(mail);
    let Context { today, asked, late } = context;
    let mut candidates = labelled::read(&script, &vocabulary);
    candidates.extend(table::read(&script, &vocabulary));
    candidates.extend(answers::read(&script, &vocabulary, *today));
    candidates.extend(prose::read(&script, &vocabulary, asked));
    if !late {
        candidates.extend(sense::read(&script, &vocabulary, asked, *today));
    }
    candidates.extend(people::read(&script, &vocabulary, &candidates));
    let people = persons::people(&script, &vocabulary);
    let mut readings = several::apart(candidates, &people, &vocabulary).into_iter().map(|candidates| {
        let candidates = whole_name::split_all(candidates, form, script.from.as_ref());
        weigh::weigh(form, candidates, *today, mail.language)
    });
    let first = readings.next().unwrap_or_default();
    Reading { others: readings.collect(), ..first }
}
