//! How far the form of a ticket is, and what is known of its fields.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::hand_over::{self, HandOver};
use super::read::{Doubt, Found, Place, Reading, Reason, Trouble, Value};
use crate::config::form::{Field, FieldKind, Form};
use crate::desk::directory::{BusinessAccount, Known};
use crate::desk::id::{PersonId, TicketId};

words! {
    /// Where a form stands.
    pub enum Stage {
        /// Something is missing or in doubt, and its sender was asked.
        Asking = "asking",
        /// Complete; the directory of accounts is at work.
        Working = "working",
        /// Engineers decide.
        Approval = "approval",
        /// A link or steps were sent; the person is to act.
        Sent = "sent",
        /// Approved, and may still be stopped by those concerned.
        Cooling = "cooling",
        /// An engineer has it.
        Engineer = "engineer",
        /// Carried out.
        Done = "done",
        /// Rejected, expired or closed with its case.
        Declined = "declined",
    }
}

/// A value, and where it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    /// As the field's type writes it.
    pub value: Value,
    /// Where it was found.
    pub place: Place,
    /// As written, where an ID was completed; empty where nothing was.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub typed: String,
}

impl Filled {
    /// A value as it came.
    fn of(value: Value, place: Place) -> Self {
        Self { value, place, typed: String::new() }
    }
}

/// What the directory told of the person a form is about; for engineers' eyes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownPerson {
    /// `invited`, `active`, `disabled`; empty when the directory knows nobody of that address.
    pub state: String,
    /// The company of the account.
    pub company: String,
    /// A second factor is enrolled.
    pub second_factor: bool,
    /// The portals that are enabled.
    pub portals: Vec<String>,
    /// The addresses of the account's other active administrators.
    pub administrators: Vec<String>,
}

/// All that is kept of a form; the JSON of the table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FormData {
    /// By the field's name.
    pub values: BTreeMap<String, Filled>,
    /// What must be asked, by the field's name.
    pub doubts: BTreeMap<String, Trouble>,
    /// The first mail was proven to be its sender's.
    pub proven: bool,
    /// Who asked for a link last is proven to be whose account it is.
    pub by_owner: bool,
    /// Questions asked.
    pub rounds: u32,
    /// Reminders of the last question.
    pub reminders: u32,
    /// How often the person asked again after everything was sent.
    pub again: u32,
    /// Corrections after all was known.
    pub corrections: u32,
    /// The question to the directory whose answer it waits for; answers to others come too late.
    pub task: i64,
    /// Engineers who approved it.
    pub approved_by: Vec<i64>,
    /// Why an engineer has it.
    #[serde(with = "hand_over::stored")]
    pub handed_over: Option<HandOver>,
    /// What the directory told.
    pub known: KnownPerson,
}

/// The form of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormState {
    /// The ticket; a ticket has one form at most.
    pub ticket: TicketId,
    /// The configured form by its name.
    pub form: String,
    /// Where it stands.
    pub stage: Stage,
    /// The address it is about, as it was when it was kept.
    pub about: String,
    /// The rest.
    pub data: FormData,
}

impl KnownPerson {
    /// What engineers may see of what the directory answered.
    pub fn of(known: &Known) -> Self {
        Self {
            state: known.business.state.as_str().to_owned(),
            company: known.account.as_ref().map(|account| account.company.clone()).unwrap_or_default(),
            second_factor: known.business.second_factor,
            portals: known.business.portals.clone(),
            administrators: known.administrators.clone(),
        }
    }
}

impl FormState {
    /// A form of which nothing is known yet.
    pub fn new(ticket: TicketId, form: &Form) -> Self {
        Self { ticket, form: form.name.clone(), stage: Stage::Asking, about: String::new(), data: FormData::default() }
    }

    /// A form that a page began for somebody whom the directory knows.
    pub fn about(ticket: TicketId, form: &Form, business: &BusinessAccount) -> Self {
        let mut state = Self::new(ticket, form);
        for field in &form.fields {
            let typed = match field.kind {
                FieldKind::Email => &business.email,
                FieldKind::FirstName => &business.first_name,
                FieldKind::LastName => &business.last_name,
                _ => continue,
            };
            if !typed.is_empty() {
                let value = Value::One(typed.clone());
                state.data.values.insert(field.name.clone(), Filled::of(value, Place::Page));
            }
        }
        state
    }

    /// A field's value on one line; empty when it has none.
    pub fn value(&self, field: &str) -> String {
        self.data.values.get(field).map(|filled| filled.value.to_string()).unwrap_or_default()
    }

    /// The value of the first field of a kind; empty when there is none.
    pub fn of_kind(&self, form: &Form, kind: impl Fn(&FieldKind) -> bool) -> String {
        let field = form.fields.iter().find(|field| kind(&field.kind));
        field.map(|field| self.value(&field.name)).unwrap_or_default()
    }

    /// The address it is about; empty while unknown.
    pub fn email(&self, form: &Form) -> String {
        self.of_kind(form, |kind| matches!(kind, FieldKind::Email))
    }

    /// First and last name of the person it is about, as far as they are known.
    pub fn names(&self, form: &Form) -> (String, String) {
        let first = self.of_kind(form, |kind| matches!(kind, FieldKind::FirstName));
        let last = self.of_kind(form, |kind| matches!(kind, FieldKind::LastName));
        let whole = self.of_kind(form, |kind| matches!(kind, FieldKind::Name));
        match whole.rsplit_once(' ') {
            Some((before, after)) if first.is_empty() && last.is_empty() => (before.to_owned(), after.to_owned()),
            None if first.is_empty() && last.is_empty() => (String::new(), whole),
            _ => (first, last),
        }
    }

    /// Takes over what a mail says. What is known gives way only to what was said expressly; items of a list that had too few
    /// join them. Whether anything changed.
    pub fn merge(&mut self, form: &Form, reading: Reading) -> bool {
        let before = self.data.clone();
        let Reading { found, mut doubts, .. } = reading;
        for mut found in found {
            self.join(form, &mut found, &mut doubts);
            let known = self.data.values.contains_key(&found.field);
            // What one sentence of another answer may mean changes no choice that was made.
            let choice = form.field(&found.field).is_some_and(|field| matches!(field.kind, FieldKind::Choice(_)));
            if !known || found.place.is_express() && !(choice && found.place == Place::Prose) {
                self.data.doubts.remove(&found.field);
                let Found { field, value, place, typed } = found;
                self.data.values.insert(field, Filled { value, place, typed });
            }
        }
        for Doubt { field, trouble } in doubts {
            // Somebody who writes the label again means to correct it.
            let known = self.data.values.contains_key(&field);
            let few = matches!(&trouble, Trouble::Invalid { why: Reason::Items { .. }, .. });
            if !known || matches!(trouble, Trouble::Invalid { .. }) {
                if !few {
                    self.data.values.remove(&field);
                }
                self.data.doubts.insert(field, trouble);
            }
        }
        self.data != before
    }

    /// Items that come later join those of a list that has too few of them; its doubt goes when they are enough.
    fn join(&self, form: &Form, found: &mut Found, doubts: &mut Vec<Doubt>) {
        let field = form.field(&found.field);
        let Some(FieldKind::List { min, max }) = field.map(|field| &field.kind) else { return };
        let lacked = self.data.doubts.contains_key(&found.field);
        let known = self.data.values.get(&found.field).filter(|_| lacked).map(|known| &known.value);
        if let (Value::Many(items), Some(Value::Many(known))) = (&mut found.value, known) {
            let mut all = known.clone();
            all.extend(items.iter().filter(|item| !known.contains(item)).cloned());
            let count = u32::try_from(all.len()).unwrap_or(u32::MAX);
            doubts.retain(|doubt| doubt.field != found.field);
            if count < *min || count > *max {
                let why = Reason::Items { count, min: *min, max: *max };
                doubts.push(Doubt {
                    field: found.field.clone(),
                    trouble: Trouble::Invalid { typed: all.join(", "), why },
                });
            }
            *items = all;
        }
    }

    /// Sets a value on an engineer's word.
    pub fn set(&mut self, field: &str, value: Value) {
        self.data.doubts.remove(field);
        self.data.values.insert(field.to_owned(), Filled::of(value, Place::Engineer));
    }

    /// The fields that must be asked: in doubt, or required and without a value.
    pub fn missing<'f>(&self, form: &'f Form) -> Vec<&'f Field> {
        let lacks = |field: &&Field| {
            self.data.doubts.contains_key(&field.name) || field.required && !self.data.values.contains_key(&field.name)
        };
        form.fields.iter().filter(lacks).collect()
    }

    /// Counts an engineer's approval; false when it was counted before.
    pub fn approve(&mut self, engineer: PersonId) -> bool {
        let new = !self.data.approved_by.contains(&engineer.0);
        if new {
            self.data.approved_by.push(engineer.0);
        }
        new
    }
}
