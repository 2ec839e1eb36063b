//! The rules: facts in, decisions out. No I/O, no clock, no randomness, no SQL.

pub mod case_id;
pub mod notice;
pub mod token;
