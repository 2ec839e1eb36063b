//! What the gate is asked, and what it says.

use crate::mail::{Attachment, Mail};

/// What may go to the customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// The words.
    pub words: String,
    /// The files.
    pub files: Vec<Attachment>,
    /// Files that say what the customer must not read: the engineer is told of them.
    pub withheld: Vec<Attachment>,
    /// Names of files that no customer has a use for: signatures, keys, cards.
    pub left_out: Vec<String>,
}

/// What may not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// Why.
    pub reason: Reason,
    /// The words, ready to be sent again: without what is ours.
    pub words: String,
    /// Files that say what the customer must not read.
    pub withheld: Vec<Attachment>,
}

/// An engineer's answer, its commands taken off.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The mail.
    pub mail: &'a Mail,
    /// Its visible words.
    pub words: &'a str,
    /// Commands stood above them.
    pub commanded: bool,
}

/// Why, as a code that the words of the letter are chosen by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// No words and no files.
    Empty,
    /// Another mail was passed on.
    Forward,
    /// A machine wrote it.
    Automatic,
    /// A thumb or a heart.
    Reaction,
    /// An answer to an invitation.
    Calendar,
    /// The mail was read.
    Receipt,
    /// A mail is wanted back.
    Recall,
    /// We cannot read it.
    Encrypted,
    /// A line of our mail to the engineer, our separator, or one of our tokens.
    Notice,
    /// An engineer's address.
    Address,
    /// A line that looks like a command.
    Command,
    /// Words below commands below a warning of a gateway.
    Banner,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Empty,
        Self::Forward,
        Self::Automatic,
        Self::Reaction,
        Self::Calendar,
        Self::Receipt,
        Self::Recall,
        Self::Encrypted,
        Self::Notice,
        Self::Address,
        Self::Command,
        Self::Banner,
    ];

    /// The code in templates.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Forward => "forward",
            Self::Automatic => "automatic",
            Self::Reaction => "reaction",
            Self::Calendar => "calendar",
            Self::Receipt => "receipt",
            Self::Recall => "recall",
            Self::Encrypted => "encrypted",
            Self::Notice => "notice",
            Self::Address => "address",
            Self::Command => "command",
            Self::Banner => "banner",
        }
    }

    /// In words for the ticket's history.
    pub fn words(self) -> &'static str {
        match self {
            Self::Empty => "it has no words and no files",
            Self::Forward => "it is a forwarded mail",
            Self::Automatic => "a machine sent it",
            Self::Reaction => "it is a reaction",
            Self::Calendar => "it answers an invitation",
            Self::Receipt => "it is a receipt",
            Self::Recall => "it asks for a mail back",
            Self::Encrypted => "it is encrypted",
            Self::Notice => "it holds lines of our own mail to the engineer",
            Self::Address => "it holds an engineer's address",
            Self::Command => "a line of it looks like a command",
            Self::Banner => "it has commands below a gateway's warning",
        }
    }

    /// Whether the engineer is told: not of what a machine sent in their name, or two machines would talk.
    pub fn is_told(self) -> bool {
        !matches!(self, Self::Automatic | Self::Receipt)
    }
}
