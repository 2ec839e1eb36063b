//! `[portal.NAME]`: the portals that a registration enables.

use std::collections::BTreeMap;

use crate::config::section::Section;
use crate::config::{Portal, values};

pub(super) fn portals(root: &Section<'_>) -> BTreeMap<String, Portal> {
    let Some(section) = root.section("portal") else { return BTreeMap::new() };
    let mut portals = BTreeMap::new();
    for entry in section.entries() {
        if let Err(what) = values::name(entry.key()) {
            entry.problem(what);
        }
        if let Some(portal) = entry.section("portal.NAME").and_then(|section| portal(&section)) {
            portals.insert(entry.key().to_owned(), portal);
        }
    }
    portals
}

fn portal(section: &Section<'_>) -> Option<Portal> {
    let title = section.text("title");
    let title = section.required("title", title, "what the portal is called, like \"Case portal\"");
    let url = section.parsed("url", values::url);
    let url = section.required("url", url, "where people sign in, like \"https://portal.example.test/\"");
    let forgot_url = section.parsed("forgot_url", values::url);
    section.refuse_unknown();
    Some(Portal { title: title?, url: url?, forgot_url })
}
