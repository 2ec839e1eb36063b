//! The mails we send: their kinds, and what each may say.

pub mod flow;
pub mod kind;
pub mod letter;
pub mod own_words;
pub mod post;
pub mod vars;
