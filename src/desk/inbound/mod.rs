//! What comes in: mails, news of mails that were sent, what people do on pages.

pub mod arrival;
pub mod held;
pub mod page;
pub mod sent;
pub mod verdict;
