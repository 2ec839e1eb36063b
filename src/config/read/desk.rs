//! `[desk]`: who we are to the customer.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::config::section::Section;
use crate::config::{Desk, values};
use crate::mail::language::Language;

/// Two weeks: most "it came back" mails come within days, and later ones are new requests as a rule.
const REOPEN_WITHIN: SignedDuration = SignedDuration::from_hours(14 * 24);

pub(super) fn desk(section: &Section<'_>) -> Option<Desk> {
    let name = section.text("name");
    let name = section.required("name", name, "the desk's name as customers read it, like \"Example Support\"");
    let case_prefix = section.parsed("case_prefix", values::case_prefix).unwrap_or_else(|| "CASE".to_owned());
    let default_language = section.parsed("default_language", language).unwrap_or(Language::En);
    let phones = section.list("phones").iter().filter_map(|phone| phone.parsed(values::text)).collect();
    let reopen_within = section.parsed("reopen_within", values::duration).unwrap_or(REOPEN_WITHIN);
    let time_zone = section.parsed("time_zone", time_zone).unwrap_or(TimeZone::UTC);
    let lead = section.parsed("lead", values::address);
    let reactions = section.flag("reactions", false);
    let hours = by_language(section, "hours");
    let incident = by_language(section, "incident");
    let links = section.list("links").iter().filter_map(|entry| link(&entry.section("desk.links")?)).collect();
    section.refuse_unknown();
    Some(Desk {
        name: name?,
        case_prefix,
        default_language,
        hours,
        phones,
        links,
        incident,
        reopen_within,
        time_zone,
        lead,
        reactions,
    })
}

/// A zone by its name in the system's time zone database: fixed distances from UTC know no summer time.
fn time_zone(written: &str) -> Result<TimeZone, String> {
    let name = written.trim();
    TimeZone::get(name).map_err(|_| {
        format!("{name:?} is no time zone that this machine knows (package tzdata); it is one like \"Europe/Helsinki\"")
    })
}

fn link(section: &Section<'_>) -> Option<(String, String)> {
    let label = section.text("label");
    let label = section.required("label", label, "what the link is called");
    let url = section.parsed("url", values::url);
    let url = section.required("url", url, "where the link leads");
    section.refuse_unknown();
    Some((label?, url?))
}

/// A text in each of several languages; the keys are the languages' codes.
pub(super) fn by_language(section: &Section<'_>, key: &'static str) -> BTreeMap<Language, String> {
    let Some(texts) = section.section(key) else { return BTreeMap::new() };
    let mut by_language = BTreeMap::new();
    for entry in texts.entries() {
        match language(entry.key()) {
            Ok(language) => {
                if let Some(text) = entry.parsed(values::text) {
                    by_language.insert(language, text);
                }
            }
            Err(what) => entry.problem(what),
        }
    }
    by_language
}

/// A language that the desk's mails exist in.
pub(super) fn language(written: &str) -> Result<Language, String> {
    Language::from_code(written).ok_or_else(|| {
        let known = Language::ALL.map(Language::code).join(", ");
        format!("{written:?} is no language that mails exist in; there are {known}")
    })
}
