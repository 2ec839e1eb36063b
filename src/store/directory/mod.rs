//! Customer accounts and Business Accounts; see [`crate::desk::directory`].

pub mod account;
pub mod business;
pub mod sign_in;
