//! Caseway turns mailboxes into a service desk.
pub mod cli;
pub mod mail;
