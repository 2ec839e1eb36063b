//! Everything by the front door: mail in, mail out, ticket state.

mod harness;

mod answering;
mod config;
mod edges;
mod letters;
mod quoting;
mod threading;
mod views;
