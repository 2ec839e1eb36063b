//! What every test stands on.

pub mod config;
pub mod mail;
pub mod world;
