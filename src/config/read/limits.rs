//! `[limits]`: what one mail or one correspondent may cause.

use jiff::SignedDuration;

use crate::config::section::Section;
use crate::config::{Limits, values};

/// Windows of one limit; each costs a look into the outbox for every automatic mail.
const MAX_WINDOWS: usize = 8;

pub(super) fn limits(section: Option<&Section<'_>>) -> Limits {
    let Some(section) = section else { return Limits::default() };
    let default = Limits::default();
    let limits = Limits {
        mail_size: section.parsed("mail_size", values::size).unwrap_or(default.mail_size),
        attach_size: section.parsed("attach_size", values::size).unwrap_or(default.attach_size),
        attempts: section.number("attempts", 1..=100).unwrap_or(default.attempts),
        shutdown: section.parsed("shutdown", values::wait).unwrap_or(default.shutdown),
        per_recipient: windows(section, "per_recipient", default.per_recipient),
        per_ticket: windows(section, "per_ticket", default.per_ticket),
        total: windows(section, "total", default.total),
        links: windows(section, "links", default.links),
        per_sender: windows(section, "per_sender", default.per_sender),
        first_contacts: section.number("first_contacts", 1..=1_000_000).unwrap_or(default.first_contacts),
    };
    section.refuse_unknown();
    limits
}

/// `[{ within = "1h", most = 10 }, …]`: at least one, because these limits are what ends a loop between machines.
fn windows(
    section: &Section<'_>,
    key: &'static str,
    default: Vec<(SignedDuration, u32)>,
) -> Vec<(SignedDuration, u32)> {
    if section.is_absent(key) {
        // Asked for all the same, so that the key is known.
        let _ = section.get(key);
        return default;
    }
    let entries = section.list(key);
    if entries.is_empty() || entries.len() > MAX_WINDOWS {
        section.problem_at(key, format!("needs 1 to {MAX_WINDOWS} entries like {{ within = \"1h\", most = 10 }}"));
    }
    entries.iter().filter_map(|entry| window(&entry.section("WINDOW")?)).collect()
}

fn window(section: &Section<'_>) -> Option<(SignedDuration, u32)> {
    let within = section.parsed("within", values::duration);
    let within = section.required("within", within, "the length of the window, like \"1h\"");
    let most = section.number("most", 1..=1_000_000_000);
    let most = section.required("most", most, "how many mails go out within it");
    section.refuse_unknown();
    Some((within?, most?))
}
