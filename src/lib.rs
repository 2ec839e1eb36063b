//! Caseway turns mailboxes into a service desk. The modules in reading order:
//!
//! ```text
//!  IMAP / Maildir / stdin            one transaction per batch            SMTP
//!       │                                                                  ▲
//!       ▼                                                                  │
//!    intake ──► ledger ──► process: read → judge → decide → commit ──► outbox ──► send
//!  (raw stored,  (table)      bytes→Mail  origin,   pure     ticket,    (table)   (retry,
//!   then server               (mail/)     sender,   rules    messages,            bounce)
//!   is told)                              thread    (desk/)  events, mails
//! ```

#[macro_use]
mod words;

pub mod intent;
pub mod mail;

pub mod config;
pub mod cores;
pub mod dns;
pub mod http;
pub mod private;
pub mod time;
pub mod tls;

pub mod desk;

pub mod letters;
pub mod store;

pub mod metrics;

pub mod act;
pub mod belongs;
pub mod directory;
pub mod oauth;

pub mod alarm;
pub mod canary;
pub mod clock;
pub mod discover;
pub mod dkim;
pub mod intake;
pub mod past;
pub mod probe;
pub mod process;
pub mod provision;
pub mod readers;
pub mod send;
pub mod web;
pub mod worker;

pub mod app;

pub mod log;

pub mod cli;
