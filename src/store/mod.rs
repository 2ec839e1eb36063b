//! All SQL: one file a family of tables.
//!
//! Statements keep to the dialect that SQLite and PostgreSQL share, through `sqlx::Any`: booleans and times are
//! BIGINT (0/1, UTC microseconds), placeholders are `$n`, or `?` where a statement has very many. What differs is in `dialect`.

pub mod alarm;
pub mod backup;
pub mod commit;
pub mod cursor;
mod database;
mod dialect;
pub mod directory;
pub mod facts;
pub mod first_sight;
pub mod follow_up;
pub mod form;
mod fresh;
mod holdings;
mod incoming;
pub mod ledger;
pub mod link;
pub mod moved;
pub mod oauth;
pub mod operator;
pub mod outbox;
mod owner;
mod postgres;
mod proof;
pub mod search;
pub mod sent_copy;
mod sql;
mod sqlite;
mod tags;
pub mod task;
pub mod unplaced;
pub mod view;
pub mod watch;
pub mod web;
pub mod work;

pub use database::Store;
pub use owner::Owner;
pub use postgres::{advice, gave_way};
pub use sql::{Query, Tx};

pub(crate) use dialect::{NUMBER, VALUE};
pub(crate) use sql::{
    insert_many, known_language, member, micros, placeholders, select_in, take_ids, timestamp, update_many, value_list,
    value_rows, write_many,
};
