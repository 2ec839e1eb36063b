//! Caseway turns mailboxes into a service desk.
pub mod mail;
pub mod config;
pub mod desk;
pub mod time;
pub mod store;
pub mod cli;
