//! What the commands of one mail leave to be done with the mail itself.

use super::said::Said;
use crate::desk::id::PersonId;
use crate::desk::ticket::Status;

/// What the words below the commands are to do, and not to do.
#[derive(Debug, Clone, Default)]
pub(in crate::desk) struct Errand {
    /// A command said where the case stands: an answer changes nothing of it.
    pub keeps_status: bool,
    /// A command said who has the case: an answer takes nothing.
    pub keeps_assignee: bool,
    /// Only colleagues read the mail.
    pub note: bool,
    /// Words of the note that stand behind its command.
    pub note_words: String,
    /// The customer reads it, whatever it answers.
    pub published: bool,
    /// The case was closed by this, from this status, and its customer should hear of it.
    pub closed_from: Option<Status>,
    /// Colleagues who hear that the case is theirs to look after.
    pub handed_over: Vec<HandOver>,
}

/// A colleague gets a case.
#[derive(Debug, Clone)]
pub(in crate::desk) struct HandOver {
    /// Who.
    pub to: PersonId,
    /// How, as the letter's code: `assigned`, `queue`.
    pub reason: &'static str,
}

impl Errand {
    /// A colleague is told; what is said of one last counts.
    pub(super) fn hand_over(&mut self, to: PersonId, reason: &'static str) {
        self.handed_over.retain(|given| given.to != to);
        self.handed_over.push(HandOver { to, reason });
    }
}

/// What a command did, and the line that takes it back; empty where nothing can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Done {
    pub said: Said,
    pub undo: String,
}

impl Done {
    /// Something that nothing has to take back.
    pub(super) fn only(said: Said) -> Self {
        Self { said, undo: String::new() }
    }
}
