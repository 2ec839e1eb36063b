//! Search over what was said: filled in the transaction that writes a message, asked by command line and mail.
//!
//! What SQLite does is in `fts5` alone; another database has a file of its own beside it.

mod find;
mod fts5;
mod rebuild;

pub use find::{Hit, find};
pub use rebuild::rebuild;

pub(super) use fts5::insert;
