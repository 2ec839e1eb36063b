//! Who a mail is from, and whom it went to.

use crate::mail::{Address, Headers, address, headers, limits};

/// The author, and which header gave it and why not an earlier one.
///
/// From (RFC 5322 §3.6.2) counts as long as it holds one usable address. What follows it is asked in the order in
/// which it is likely to be the person and not a machine in between.
pub fn author(headers: &Headers, warnings: &mut Vec<String>) -> (Option<Address>, String) {
    let count = headers.all("From").count();
    if count > 1 {
        warnings.push(format!("{count} From headers: the first with an address counts"));
    }
    let entries: Vec<_> = headers.all("From").flat_map(address::parse).take(limits::MAX_ADDRESSES).collect();
    let usable = entries.iter().filter(|entry| entry.email.is_some()).count();
    let found =
        entries.iter().find_map(|entry| Some(Address { name: entry.name.clone(), email: entry.email.clone()? }));
    if let Some(found) = found {
        if usable > 1 {
            warnings.push(format!("From holds {usable} addresses: the first counts"));
        }
        return (Some(found), "From".to_owned());
    }
    let why = match (count, entries.first()) {
        (0, _) => "there is no From",
        (_, None) => "From is empty",
        _ => "From holds no usable address",
    };
    let name = entries.into_iter().map(|entry| entry.name).find(|name| !name.is_empty());
    for header in ["Reply-To", "Sender", "Return-Path", "X-Original-From", "X-Envelope-From"] {
        if let Some(mut found) = headers.all(header).flat_map(address::usable).next() {
            if found.name.is_empty() {
                found.name = name.unwrap_or_default();
            }
            warnings.push(format!("the sender is taken from {header}, because {why}"));
            return (Some(found), format!("{header}, because {why}"));
        }
    }
    warnings.push(format!("no sender: {why}, and no other header has an address"));
    (None, format!("none: {why}, and no other header has an address"))
}

/// The usable addresses of every header of that name.
pub fn addresses(headers: &Headers, name: &str) -> Vec<Address> {
    headers.all(name).flat_map(address::usable).take(limits::MAX_ADDRESSES).collect()
}

/// What the servers on the way wrote down as the recipient: of Postfix, Exim, Gmail, Exchange, Fastmail and MDaemon.
pub fn delivered_to(headers: &Headers) -> Vec<String> {
    let names = [
        "Delivered-To",
        "X-Original-To",
        "Envelope-To",
        "X-Envelope-To",
        "X-Delivered-To",
        "X-RCPT-To",
        "X-MDRcpt-To",
        "X-Forwarded-To",
    ];
    let mut found: Vec<String> = Vec::new();
    for address in names.into_iter().flat_map(|name| headers.all(name)).flat_map(address::usable) {
        if found.len() < limits::MAX_ADDRESSES && !found.contains(&address.email) {
            found.push(address.email);
        }
    }
    found
}

/// The envelope sender: `Some("")` for the null path `<>` (RFC 5321 §4.5.5), `None` when unknown.
pub fn return_path(headers: &Headers) -> Option<String> {
    let value = headers.first("Return-Path")?;
    match address::usable(value).into_iter().next() {
        Some(address) => Some(address.email),
        None if value.trim_matches(['<', '>', ' ', '"']).is_empty() => Some(String::new()),
        None => Some(address::normalise(&headers::clean(value, limits::MAX_ADDRESS_OCTETS))),
    }
}
