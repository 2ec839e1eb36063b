//! The rules: facts in, decisions out. No I/O, no clock, no randomness, no SQL.
//!
//! [`decide::arrival`] is the whole desk: what becomes of one mail. It reads [`facts::Facts`] and gives an
//! [`outcome::Outcome`], which `act` turns into letters and rows.

pub mod answer;
pub mod arrival;
pub mod author;
pub mod bounce;
pub mod caps;
pub mod case_id;
mod change;
mod close;
mod colleagues;
pub mod command;
mod correspondence;
pub mod decide;
pub mod directory;
pub mod facts;
pub mod first_contact;
pub mod flood;
pub mod follow_up;
pub mod form;
pub mod gate;
pub mod identity;
pub mod keys;
pub mod link;
pub mod marks;
pub mod notice;
pub mod outcome;
pub mod own_words;
pub mod portal;
pub mod post;
pub mod quoted;
pub mod request;
mod returned;
pub mod rules;
pub mod secret;
mod seen;
mod thanks;
pub mod thread;
pub mod token;
mod waiting;

/// A ticket's number: the `1042` of `CASE-1042`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TicketId(pub i64);

/// A person's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonId(pub i64);
