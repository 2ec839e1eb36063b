//! The form in which addresses are compared.

use std::borrow::Cow;

/// The form in which addresses are compared: trimmed and lower-cased. Local parts are case-sensitive
/// by RFC 5321 §2.4, but no mail provider in use treats them so, and people write them either way.
///
/// No letter beyond ASCII becomes one of ASCII: the Kelvin sign is no `k` in a mailbox's name, and who owns a domain of
/// full-width letters, if anybody, is for its registry.
pub fn normalise(email: &str) -> String {
    let bare = email.trim().trim_start_matches('<').trim_end_matches('>').trim();
    let (local, domain) = bare.rsplit_once('@').map_or((bare, None), |(local, domain)| (local, Some(domain)));
    let mut folded = local.to_ascii_lowercase();
    if let Some(domain) = domain {
        folded.push('@');
        domain.chars().for_each(|letter| fold(&mut folded, letter));
    }
    folded
}

/// The address with its domain in A-labels (RFC 5890 §2.3.2.1), as it can be written in a header without SMTPUTF8: `joerg@xn--mller-kva.test`.
/// As it is, when it is ASCII already or the domain is no valid name.
pub fn to_ascii(email: &str) -> Cow<'_, str> {
    if email.is_ascii() {
        return Cow::Borrowed(email);
    }
    let parts = email.rsplit_once('@');
    let written = parts.and_then(|(local, domain)| Some(format!("{local}@{}", idna::domain_to_ascii(domain).ok()?)));
    written.map_or(Cow::Borrowed(email), Cow::Owned)
}

/// A letter of a domain in lower case: names of domains are the same in either (RFC 5890 §2.3.2.1).
fn fold(folded: &mut String, letter: char) {
    if letter.is_ascii() {
        folded.push(letter.to_ascii_lowercase());
    } else if letter.to_lowercase().any(|lower| lower.is_ascii()) {
        folded.push(letter);
    } else {
        folded.extend(letter.to_lowercase());
    }
}
