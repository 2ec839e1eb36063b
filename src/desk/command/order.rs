//! What engineers can order, family by family.

use crate::desk::ticket::Priority;
use crate::mail::Address;
use crate::mail::language::Language;

/// A command, with what stands behind its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// What there is to be ordered.
    Help,
    /// About the form of the case.
    Form(FormOrder),
    /// About where the case stands.
    State(StateOrder),
    /// About who is on the case.
    People(PeopleOrder),
    /// About who reads the mail.
    Note(NoteOrder),
}

/// What an engineer wants of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormOrder {
    /// It may be carried out.
    Approve,
    /// It may not.
    Reject,
    /// This is the right value.
    Set {
        /// The field, by its name or one of its labels; and the value.
        words: String,
    },
}

/// Where a case is to stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StateOrder {
    /// The customer waits for us.
    Open,
    /// We wait for the customer.
    Wait,
    /// It is done.
    Close {
        /// The customer hears nothing of it.
        quietly: bool,
    },
    /// It is not done after all.
    Reopen,
    /// How soon somebody should see to it.
    Priority(Priority),
    /// Other engineers look after it.
    Queue(String),
    /// Words that are given to it.
    Tag {
        /// They come.
        add: Vec<String>,
        /// They go.
        remove: Vec<String>,
    },
    /// What it is called.
    Subject(String),
    /// The language to write to the customer in.
    Language(Language),
}

/// Who is to be on a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeopleOrder {
    /// Somebody has it.
    Assign(Whom),
    /// They read what goes to the customer.
    Copy(Vec<Address>),
    /// They do not any more.
    Uncopy(Vec<Address>),
    /// Who orders this hears what the assignee hears.
    Follow,
    /// And not any more.
    Unfollow,
    /// Whose case it is.
    Requester(Address),
}

/// Who is to have a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// Who orders it.
    Me,
    /// Nobody: the whole queue looks after it.
    Nobody,
    /// An engineer by name or address.
    Named(String),
}

/// Who is to read a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteOrder {
    /// Colleagues alone.
    Note {
        /// Words behind the command, which belong to the note.
        words: String,
    },
    /// The customer, whatever it answers.
    Publish,
}

/// Why a line is no command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// No command is called so.
    Unknown {
        /// The name of the one that was probably meant.
        meant: Option<&'static str>,
    },
    /// The command of this name needs something else behind it.
    Arguments(&'static str),
}

impl Order {
    /// The addresses that it names: what is known of them must be loaded.
    pub fn addresses(&self) -> &[Address] {
        match self {
            Self::People(PeopleOrder::Copy(addresses) | PeopleOrder::Uncopy(addresses)) => addresses,
            Self::People(PeopleOrder::Requester(address)) => std::slice::from_ref(address),
            _ => &[],
        }
    }
}
