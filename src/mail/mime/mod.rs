//! The MIME structure of a mail (RFC 2046), found with bounded depth and number of parts. `mail-parser` decodes what is in
//! the parts; why it does not find them, docs/FIDELITY.md says and `tests/it/library.rs` shows.
//!
//! Written for hostile input: a multipart looks for its delimiter in its own text only, once; attached messages are
//! leaves, read only when somebody opens them.

pub mod fields;
pub mod params;
mod part;
pub mod transfer;
pub mod uuencode;
mod walk;

pub use part::{Disposition, Part, Parts, Shape};
pub use walk::parse;
