//! What the directory of accounts is asked, and what its answer is for.

use crate::desk::directory::{Answer, Task};
use crate::desk::id::TicketId;

words! {
    /// Why the directory was asked.
    pub enum Purpose {
        /// To register somebody, or to say again how far that is.
        Register = "register",
        /// To enable the portal of somebody who has just become active.
        Portal = "portal",
        /// To send a link for a new password.
        Password = "password",
        /// The same, in a browser in which its owner signed in before.
        OwnPassword = "own_password",
        /// To know who asks for a new second factor.
        SecondFactor = "second_factor",
        /// To fill in the facts of somebody who cannot sign in.
        SignIn = "sign_in",
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
