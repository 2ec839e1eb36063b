//! An engineer orders: lines that begin with `#` at the top of a mail. `table` has the commands, `grammar` finds them, `run`
//! carries them out, and `transcript` says what came of each; a family of commands is one file.

mod arguments;
pub(super) mod errand;
mod form;
pub mod grammar;
mod note;
pub mod order;
mod people;
pub mod row;
pub(super) mod run;
mod said;
mod state;
pub mod table;
pub(super) mod transcript;
