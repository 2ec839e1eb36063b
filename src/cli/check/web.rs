//! A look at what the pages need before they can be served.

use super::finding::Finding;
use crate::config;
use crate::web;

const CHECK: &str = "pages";

/// Reads the certificate and the list of stolen passwords; opens no port, as a running gateway has it.
pub(super) fn look(settings: &config::Web) -> Finding {
    match web::probe(settings) {
        Ok(()) => Finding::ok(CHECK, format!("{} on {}", settings.base_url, settings.listen)),
        Err(error) => {
            Finding::wrong(CHECK, format!("{error:#}"), "check the files that [web] names, and who may read them")
        }
    }
}
