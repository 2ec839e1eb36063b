//! The rules: facts in, decisions out. No I/O, no clock, no randomness, no SQL.
//!
//! [`decide`] is the whole desk: what becomes of one event. It reads [`facts::Facts`] and gives an [`outcome::Outcome`], which
//! `act` turns into letters and rows. The rooms stand on each other in this order:

// Nouns: values.
pub mod directory;
pub mod follow_up;
pub mod form;
pub mod id;
pub mod inbound;
pub mod notice;
pub mod seal;
pub mod search;
pub mod ticket;

// The spine: what is known, what was decided.
pub mod caps;
mod change;
pub mod event;
pub mod facts;
pub mod outcome;
pub mod post;
pub mod rules;

// Verbs: what is done to a ticket, whoever does it.
pub mod action;

// Actors: who caused it.
pub mod arrival;
pub mod command;
mod due;
mod flow;
pub mod gate;
mod page;

pub mod decide;
