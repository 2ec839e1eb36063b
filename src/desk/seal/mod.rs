//! What is sealed or secret: tokens in addresses and Message-IDs, links and codes in letters.

pub mod keys;
pub mod link;
pub mod marks;
pub mod secret;
pub mod token;
