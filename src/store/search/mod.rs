//! Search over what was said: filled in the transaction that writes a message, asked by command line and mail.
//!
//! What SQLite does is in `fts5` alone, what PostgreSQL does in `tsvector`.

mod choice;
mod find;
mod fts5;
mod index;
mod rebuild;
mod tsvector;

pub use find::{Hit, find};
pub use rebuild::rebuild;

pub(super) use choice::insert;
