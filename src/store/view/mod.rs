//! What people and programs are shown: lists, single entries, and pages of an export.
//!
//! Nothing here writes. Lists go from the newest entry back and exports from the oldest on; both by the key of the
//! last row seen rather than by an offset, so that a page costs the same at any depth and no row is shown twice.

pub mod conversation;
pub(super) mod filter;
pub mod mails;
pub mod moving;
pub mod outgoing;
pub mod people;
pub mod tickets;

use filter::Filter;
