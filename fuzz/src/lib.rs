//! The reading of mail as the product has it, alone: without servers, database and letters a target is built in a
//! minute. What must hold for any input is in the targets, one file each.

#[path = "../../src/mail/mod.rs"]
pub mod mail;

#[path = "../../src/desk/ticket/case_id.rs"]
pub mod case_id;
