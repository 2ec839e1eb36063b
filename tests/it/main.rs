//! Everything by the front door: mail in, mail out, ticket state.

mod harness;

mod answering;
mod cli_check;
mod cli_help;
mod cli_inspect;
mod cli_program;
mod config;
mod edges;
mod letters;
mod quoting;
mod threading;
mod views;
