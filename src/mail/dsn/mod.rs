//! Delivery reports: RFC 3464 and the many that do not follow it.
//!
//! ```text
//!  gate      what about the mail speaks for a mail system? (headers only; ends here for ordinary mail)
//!  material  its parts: status fields, words for people, the original mail
//!  fields    RFC 3464 fields, in their part or pasted in the words
//!  notice    recipients in the words, by the shapes that `family` lists
//!  judge     what was stated of a recipient, turned into what it means
//!  undelivered  "it was not delivered", in whatever language and order
//!  reason    what a remote server's words and codes mean: status and kind
//! ```

mod address_scan;
mod family;
pub mod feedback;
mod fields;
mod gate;
mod judge;
mod material;
mod notice;
mod original;
mod own_trouble;
mod pairs;
mod reason;
mod report;
mod ses;
mod smtp;
mod subjects;
mod undelivered;

use super::mime::Parts;
use super::{Headers, limits, message_id};
pub use original::DELIVERY_HEADER;
pub use own_trouble::{OwnTrouble, own_trouble};
pub use report::{Bounce, BounceKind, BounceReport};

use gate::Evidence;
use judge::judge;
use material::Material;
use original::Original;
use report::Entry;

/// Reads a delivery report; `None` when the mail is none. `text` is the readable text of the mail.
///
/// Ordinary mail is turned away by `gate::evidence` on a look at its headers.
pub fn read(parts: &Parts<'_>, headers: &Headers, subject: &str, text: &str) -> Option<Bounce> {
    if let Some(form) = feedback::kind(headers, subject, text) {
        let original = Material::of(parts, text).original.unwrap_or_default();
        return Some(Bounce {
            reports: Vec::new(),
            original_message_id: original.message_id,
            original_delivery: original.delivery,
            original_return_path: None,
            form,
        });
    }
    let evidence = gate::evidence(parts, headers, subject, text)?;
    if evidence.notification {
        return ses::read(text);
    }
    let mut material = Material::of(parts, text);
    let mut entries = fields::read(&material.status);
    entries.extend(fields::read(&material.inner_status));
    let standard = !entries.is_empty();
    if evidence.rejected {
        entries.extend(fields::read(&material.receipt));
        for fields in std::mem::take(&mut material.receipt) {
            material.keep(Original::of_bytes(fields.as_bytes()));
        }
    }
    let mut notice = notice::read(&material.notice);
    if !standard {
        entries = fields::read(std::slice::from_ref(&material.notice));
    }
    if !evidence.accepts(&material, &notice, &entries) {
        return None;
    }
    let pasted = !entries.is_empty();
    if entries.is_empty() {
        entries = words_entries(&evidence, &material, &mut notice, headers);
    } else {
        enrich(&mut entries, &notice);
    }
    let delayed = notice.delayed || (evidence.delay_subject && !notice.given_up);
    let reports = entries
        .into_iter()
        .filter(|entry| !entry.recipient.is_empty())
        .take(limits::MAX_BOUNCE_REPORTS)
        .map(|entry| judge(entry, &notice.common, delayed))
        .collect();
    Some(Bounce {
        reports,
        original_message_id: original_id(&material, headers),
        original_delivery: material.original.as_ref().and_then(|original| original.delivery.clone()),
        original_return_path: None,
        form: form(&evidence, standard, pasted, &notice),
    })
}

/// What a server that refuses a recipient for good means by these words: the rule for the same words in a report.
pub fn refusal(words: &str) -> BounceKind {
    reason::judge(reason::Stated { action: "failed", diagnostic: words, ..reason::Stated::default() }).kind
}

/// The recipients of a report without fields: those in its words, else those a header names, else those of the
/// mail it returns.
fn words_entries(
    evidence: &Evidence,
    material: &Material,
    notice: &mut notice::Notice,
    headers: &Headers,
) -> Vec<Entry> {
    let original = material.original.as_ref();
    let mut found = notice.take_recipients(original.map(|original| original.to.as_slice()), &evidence.reported_to);
    let known: Vec<String> = found.iter().map(|entry| entry.recipient.clone()).collect();
    let named =
        headers.all("X-Failed-Recipients").flat_map(address_scan::addresses).filter(|name| !known.contains(name));
    found.extend(named.map(|recipient| Entry { recipient, ..Entry::default() }));
    if found.is_empty() {
        let only = original.map(|original| original.to.as_slice()).filter(|to| to.len() == 1).unwrap_or_default();
        let only = only.iter().filter(|to| !evidence.reported_to.contains(to));
        found.extend(only.map(|to| Entry { recipient: to.clone(), ..Entry::default() }));
    }
    found
}

/// Adds the words for people to entries whose fields say nothing of the cause.
fn enrich(entries: &mut [Entry], notice: &notice::Notice) {
    for entry in entries {
        if let Some(words) = notice.detail_of(&entry.recipient).filter(|_| reason::of(&entry.diagnostic).is_none()) {
            entry.said = words.to_owned();
        }
    }
}

/// The returned mail's own id; without it, what the report claims to answer (Exim, Google and Exchange Online
/// put the original there).
fn original_id(material: &Material, headers: &Headers) -> Option<String> {
    material.original.as_ref().and_then(|original| original.message_id.clone()).or_else(|| {
        ["X-Original-Message-ID", "In-Reply-To", "References"]
            .into_iter()
            .filter_map(|name| headers.first(name))
            .find_map(|value| message_id::list(value).pop())
    })
}

fn form(evidence: &Evidence, standard: bool, pasted: bool, notice: &notice::Notice) -> &'static str {
    match notice.family {
        _ if evidence.rejected => "a filter's refusal as a receipt (RFC 5429)",
        _ if standard => "RFC 3464",
        None if pasted => "fields of RFC 3464 in its words",
        Some(family) => family,
        None if evidence.report => "multipart/report without status fields",
        None => "words of a mail system",
    }
}

#[cfg(test)]
mod tests;
