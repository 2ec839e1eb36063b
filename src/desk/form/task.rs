//! What the directory of accounts is asked, and what its answer is for.

use crate::desk::directory::{Answer, Task};
use crate::desk::id::TicketId;

/// Why the directory was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To register somebody, or to say again how far that is.
    Register,
    /// To enable the portal of somebody who has just become active.
    Portal,
    /// To send a link for a new password.
    Password,
    /// The same, in a browser in which its owner signed in before.
    OwnPassword,
    /// To know who asks for a new second factor.
    SecondFactor,
    /// To fill in the facts of somebody who cannot sign in.
    SignIn,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Register, Self::Portal, Self::Password, Self::OwnPassword, Self::SecondFactor, Self::SignIn];

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Portal => "portal",
            Self::Password => "password",
            Self::OwnPassword => "own_password",
            Self::SecondFactor => "second_factor",
            Self::SignIn => "sign_in",
        }
    }

    /// The purpose of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == word)
    }
}

/// A question to the directory, to be kept until it is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTask {
    /// The row.
    pub id: i64,
    /// The ticket it is about; none when a page asked.
    pub ticket: Option<TicketId>,
    /// What the answer is for.
    pub purpose: Purpose,
    /// The question.
    pub task: Task,
}

/// A question with its answer.
#[derive(Debug, Clone)]
pub struct Answered {
    /// What was asked.
    pub asked: NewTask,
    /// What the directory said; an error in words when it could not be asked for good.
    pub answer: Result<Answer, String>,
}
