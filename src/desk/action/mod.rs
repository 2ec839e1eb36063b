//! The verbs: what is done to a ticket, whoever does it. None of them knows a mail.

pub(super) mod assign;
pub(super) mod close;
pub(super) mod colleague;
pub mod deliverability;
pub(super) mod join;
pub(super) mod note;
pub(super) mod open;
pub(super) mod send;
pub(super) mod tell;
pub(super) mod wait;
