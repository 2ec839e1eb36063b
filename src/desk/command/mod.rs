//! An engineer orders: lines that begin with `#` at the top of a mail.

pub(super) mod form;
pub mod grammar;
