//! A look at the identity provider: does it answer, take our token, and can it do what we need.

use super::finding::Finding;
use crate::config::{Config, Directory};
use crate::directory::Scim;
use crate::time::Clock;

const CHECK: &str = "directory";

/// Nothing is found where the accounts are in our own database: that has a look of its own.
pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let Directory::Scim(scim) = &config.directory else { return Vec::new() };
    vec![match Scim::probe(scim, Clock::system()).await {
        Ok(lacks) if lacks.is_empty() => Finding::ok(CHECK, format!("{}: an identity provider (SCIM 2.0)", scim.url)),
        Ok(lacks) => Finding::wrong(
            CHECK,
            format!("{}: it says that it has no {}", scim.url, lacks.join(" and no ")),
            "switch it on at the identity provider",
        ),
        Err(fault) => match fault.what.rsplit_once("; ") {
            Some((found, advice)) => Finding::wrong(CHECK, found, advice),
            None => Finding::wrong(CHECK, fault.what, ""),
        },
    }]
}
