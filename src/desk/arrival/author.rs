//! Whose words a mail brings, by its headers.
//!
//! From says so (RFC 5322 §3.6.2), unless nobody stands behind it: contact forms write as `noreply@`, web sites and groups as the
//! desk itself, and lists put their own address there so that DMARC passes. Then the author is who another header names. That is
//! good for where answers go and nothing else: anybody can write such a header below a From that passes every check.

use crate::desk::inbound::arrival::Author;
use crate::desk::rules::Rules;
use crate::mail::{Address, Mail, address, origin, sender};

/// The requester of a mail that names no sender (RFC 2606 reserves `.invalid`).
pub const NOBODY: &str = "unknown-sender@nobody.invalid";

/// Who a mail is of.
pub fn of(rules: &Rules, mail: &Mail) -> Author {
    let named = mail.from.as_ref().and_then(|from| {
        let why = stands_in(rules, mail, from)?;
        let (header, address) = named(rules, mail, from)?;
        let reason = format!("{header}, because From ({}) is {why}", from.email);
        Some(Author { address: Some(address), reason, is_named: true })
    });
    named.unwrap_or_else(|| Author { address: mail.from.clone(), reason: mail.from_reason.clone(), is_named: false })
}

/// Where else the author of a mail wants answers (Reply-To): not at the desk's own addresses, nor where nobody reads.
pub fn answers_to<'a>(rules: &'a Rules, mail: &'a Mail, author: &'a Address) -> impl Iterator<Item = &'a Address> {
    let lists = origin::list_addresses(&mail.headers);
    mail.reply_to.iter().filter(move |address| is_somebody(rules, &lists, address) && address.email != author.email)
}

/// Why nobody stands behind From.
fn stands_in(rules: &Rules, mail: &Mail, from: &Address) -> Option<&'static str> {
    if rules.is_ours(&from.email) {
        Some("our own address")
    } else if sender::is_no_reply(&from.email) {
        Some("an address that nobody reads")
    } else if is_lists(mail, from) {
        Some("a mailing list's")
    } else {
        None
    }
}

/// The list's own address, or one that it made up for the author: the IETF's `dora=40kunde.test@dmarc.ietf.org`.
fn is_lists(mail: &Mail, from: &Address) -> bool {
    let lists = origin::list_addresses(&mail.headers);
    let rewritten = ["X-Original-From", "X-Original-Sender"].iter().any(|name| mail.headers.first(name).is_some());
    lists.contains(&from.email) || rewritten && origin::is_list_post(&mail.headers)
}

/// X-Original-From and X-Original-Sender are of Google Groups and of Mailman at the IETF; Reply-To is of all others.
fn named(rules: &Rules, mail: &Mail, from: &Address) -> Option<(&'static str, Address)> {
    let lists = origin::list_addresses(&mail.headers);
    ["X-Original-From", "Reply-To", "X-Original-Sender"].into_iter().find_map(|header| {
        let mut all = mail.headers.all(header).flat_map(address::usable);
        let found = all.find(|address| is_somebody(rules, &lists, address) && address.email != from.email)?;
        Some((header, found))
    })
}

fn is_somebody(rules: &Rules, lists: &[String], address: &Address) -> bool {
    !rules.is_ours(&address.email) && !sender::is_machine(&address.email) && !lists.contains(&address.email)
}
