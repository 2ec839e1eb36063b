//! Everything by the front door: mail in, mail out, ticket state.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking, in its helpers too"
)]

mod harness;

mod alarms;
mod answering;
mod authors;
mod bounds;
mod canary;
mod cli_check;
mod cli_help;
mod cli_inspect;
mod cli_program;
mod cli_serve;
mod commands;
mod config;
mod contents;
mod crash;
mod deliverability;
mod directory;
mod disk;
mod dkim;
mod first_contact;
mod follow_up;
mod forged_names;
mod forged_reports;
mod form_values;
mod forms;
mod gate;
mod gate_property;
mod hostile;
mod init;
mod intake_dovecot;
mod intake_first_start;
mod intake_folders;
mod intake_imap;
mod intake_imap_account;
mod intake_imap_faults;
mod intake_maildir;
mod intake_pipe;
mod intake_sent;
mod json;
mod languages;
mod letters;
mod library;
mod log;
mod loops;
mod metrics;
mod migrations;
mod moving_desk;
mod moving_in;
mod oauth;
mod oauth_servers;
mod passed_on;
mod postgres;
mod proof;
mod quoting;
mod reading;
mod reading_slow;
mod real_life;
mod receivers;
mod robots;
mod same_mail;
mod same_person;
mod search;
mod send_circuit;
mod send_connection;
mod send_faults;
mod send_folder;
mod send_postfix;
mod send_replies;
mod send_run;
mod stories;
mod threading;
mod threats;
mod tidy;
mod views;
mod web_account;
mod web_cases;
mod web_cut_short;
mod web_frame;
mod web_pages;
mod wishes;
