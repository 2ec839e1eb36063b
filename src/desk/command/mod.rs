//! An engineer orders: lines that begin with `#` at the top of a mail. `table` has the commands, `grammar` finds them, `run`
//! carries them out, and `transcript` says what came of each; a family of commands is one file.

mod arguments;
mod form;
pub mod grammar;
pub mod order;
pub(super) mod run;
pub mod table;
pub(super) mod transcript;
