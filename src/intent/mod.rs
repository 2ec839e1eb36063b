//! What people want, from their own words: a small linear model that was trained on mails in many languages.
//!
//! `text` cuts words and sentences, `features` numbers what is in them, `model` weighs the numbers. [`judge::judge`] says
//! what a mail asks for, [`question::answer`] what an answer to one of our questions says. All of it is arithmetic on what is
//! compiled in: no I/O, no clock, no state. Whoever uses it decides from which probability on it is believed.

mod concepts;
pub mod examples;
pub mod features;
pub mod judge;
pub mod letters;
pub mod model;
pub mod question;
mod text;
mod trained;
pub mod wish;
