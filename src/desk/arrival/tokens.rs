//! What a mail names of ours: tokens, Message-IDs, case numbers.

use crate::desk::inbound::arrival::Arrival;
use crate::desk::rules::Rules;
use crate::desk::seal::token::{self, ReplyToken};
use crate::mail::subject;

/// References looked up of one mail, right-most first: the parent is last (RFC 5322 §3.6.4).
pub const MAX_REFERENCES: usize = 20;

/// Case numbers looked up of one subject, in order. A subject can name hundreds of cases, and anybody can write one.
const MAX_CASE_NUMBERS: usize = 5;

/// Genuine tokens looked at of one mail: a long reply names its few of the case over and over.
const MAX_TOKENS: usize = 20;

/// The genuine reply tokens of a mail: of its recipients first, then of the Message-IDs it answers, right-most first.
pub fn tokens(rules: &Rules, arrival: &Arrival) -> Vec<ReplyToken> {
    let recipients = arrival.mail.recipients();
    let open = |token: &str| rules.keys.open_reply(token).or_else(|| rules.keys.open_note(token));
    let mut found: Vec<ReplyToken> = rules.address_tokens(&recipients).filter_map(open).collect();
    let ids = references(arrival).filter_map(token::token_in_message_id);
    found.extend(ids.filter_map(|token| rules.keys.open_reply(token)));
    found.dedup();
    found.truncate(MAX_TOKENS);
    found
}

/// The Message-IDs a mail answers, nearest first.
pub fn references(arrival: &Arrival) -> impl Iterator<Item = &str> {
    let mail = &arrival.mail;
    mail.in_reply_to.iter().chain(mail.references.iter().rev()).map(String::as_str).take(MAX_REFERENCES)
}

/// The case numbers that a mail's subject names.
pub fn case_numbers(rules: &Rules, arrival: &Arrival) -> impl Iterator<Item = i64> + use<> {
    subject::case_numbers(&arrival.mail.subject, &rules.config.desk.case_prefix).into_iter().take(MAX_CASE_NUMBERS)
}

/// Those that it names without brackets.
pub fn bare_case_numbers(rules: &Rules, arrival: &Arrival) -> impl Iterator<Item = i64> + use<> {
    let found = subject::bare_case_numbers(&arrival.mail.subject, &rules.config.desk.case_prefix);
    found.into_iter().take(MAX_CASE_NUMBERS)
}
