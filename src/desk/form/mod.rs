//! Mail forms: requests that need certain facts before anyone can act.
//!
//! `read` finds the facts in what people write, [`state`] keeps them, [`wanted`] tells what is missing; [`task`] is what is asked
//! of the directory of accounts. How a form goes on is in `flow`. One mechanism for every form, configured by `[form.NAME]`.

pub mod choose;
pub mod hand_over;
pub(super) mod phrases;
pub mod read;
pub(super) mod said;
pub mod state;
pub mod task;
pub mod wanted;
