//! Mail forms: requests that need certain facts before anyone can act.
//!
//! `read` finds the facts in what people write.

pub mod read;
