//! What an administrator writes about an account: each value parsed into what it means, or refused with what to write.

use crate::desk::directory;
use crate::mail::address::normalise;
use crate::mail::limits::MAX_ADDRESS_OCTETS;

/// Characters of an account ID.
const MAX_ID: usize = 64;
/// Characters of a company's name, a product, a support level.
const MAX_WORDS: usize = 200;

/// Whole providers of mail for everybody: a domain like this would make all their users customers.
const FOR_EVERYBODY: [&str; 26] = [
    "aol.com",
    "fastmail.com",
    "freenet.de",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "kolumbus.fi",
    "live.com",
    "luukku.com",
    "mac.com",
    "mail.com",
    "me.com",
    "msn.com",
    "outlook.com",
    "pp.inet.fi",
    "proton.me",
    "protonmail.com",
    "t-online.de",
    "web.de",
    "yahoo.com",
    "yandex.ru",
];

/// Why a value is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub advice: String,
}

fn refuse<T>(what: impl Into<String>, advice: impl Into<String>) -> Result<T, Refused> {
    Err(Refused { what: what.into(), advice: advice.into() })
}

/// An account ID, normalised.
pub fn account_id(written: &str) -> Result<String, Refused> {
    let id = directory::account_id(written);
    if id.is_empty() {
        return refuse("is empty", "write the account ID that the customer knows, like AC-1001");
    }
    let fine = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    if id.chars().count() > MAX_ID || !id.chars().all(fine) {
        let advice = format!("use up to {MAX_ID} letters, digits, - _ . and /");
        return refuse(format!("{:?} is no account ID", written.trim()), advice);
    }
    Ok(id)
}

/// A company's name.
pub fn company(written: &str) -> Result<String, Refused> {
    match words(written)? {
        name if name.is_empty() => refuse("is empty", "write the company's name"),
        name => Ok(name),
    }
}

/// Words on one line; may be empty.
pub fn words(written: &str) -> Result<String, Refused> {
    let words = directory::name(written);
    let length = written.split_whitespace().map(|word| word.chars().count() + 1).sum::<usize>();
    if length > MAX_WORDS + 1 {
        return refuse(format!("is longer than {MAX_WORDS} characters"), "shorten it");
    }
    Ok(words)
}

/// A mail domain, normalised.
pub fn domain(written: &str) -> Result<String, Refused> {
    let domain = directory::domain(written);
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    if domain.len() > 253 || !domain.split('.').all(label) {
        let advice = "write what follows the @ of the company's addresses, like example.com";
        return refuse(format!("{:?} is no mail domain", written.trim()), advice);
    }
    if !domain.contains('.') {
        return refuse(format!("{domain} is not one company's"), "write the whole domain, like example.com");
    }
    if FOR_EVERYBODY.contains(&domain.as_str()) {
        let what = format!("{domain} gives addresses to everybody, who could then register for this account");
        return refuse(what, "name the people of the account as contacts instead");
    }
    Ok(domain)
}

/// The address of a person, normalised.
pub fn contact(written: &str) -> Result<String, Refused> {
    let email = normalise(written);
    let fine = email.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !domain.is_empty()
            && !local.contains('@')
            && !email.chars().any(|c| c.is_whitespace() || c.is_control() || "<>(),;:\"\\".contains(c))
    });
    if !fine || email.len() > MAX_ADDRESS_OCTETS {
        return refuse(format!("{:?} is no mail address", written.trim()), "write it like name@example.com");
    }
    Ok(email)
}

/// Yes or no; empty is no.
pub fn yes_or_no(written: &str) -> Result<bool, Refused> {
    match written.trim().to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "x" => Ok(true),
        "" | "no" | "n" | "false" | "0" => Ok(false),
        other => refuse(format!("{other:?} is neither yes nor no"), "write yes or no"),
    }
}
