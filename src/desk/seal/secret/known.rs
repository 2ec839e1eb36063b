//! What a lookup found.

use std::collections::HashMap;

use crate::desk::seal::link::{LinkHash, SentLink};

/// The links and codes that a lookup found.
#[derive(Debug, Clone, Default)]
pub struct Known {
    pub(super) links: HashMap<LinkHash, SentLink>,
    /// Too many candidates to look up.
    pub(super) all: bool,
}

impl Known {
    /// What was found of some candidates.
    pub fn of(links: impl IntoIterator<Item = SentLink>) -> Self {
        Self { links: links.into_iter().map(|link| (link.hash, link)).collect(), all: false }
    }

    pub(super) fn has(&self, hash: &LinkHash) -> bool {
        self.all || self.links.contains_key(hash)
    }
}
