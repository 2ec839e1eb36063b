//! Search: what can be found of a mail (`entry`), how words are compared (`fold`), and what somebody asks (`query`).

pub mod entry;
pub mod fold;
pub mod query;
