//! What every test stands on.

pub mod alarms;
pub mod browser;
pub mod config;
pub mod database;
pub mod hands;
pub mod identity;
pub mod imap_script;
pub mod imap_serve;
pub mod intake;
pub mod mail;
pub mod names;
pub mod post;
pub mod scim;
pub mod servers;
pub mod smtp_script;
pub mod tls;
pub mod world;
