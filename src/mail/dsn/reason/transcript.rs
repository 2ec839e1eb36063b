//! The transcript of a session, as sendmail writes it: `<<<` before what the other server said.

use std::borrow::Cow;

use super::super::smtp;

/// What the other server said, without the line in which sendmail sums it up. That line (`550 5.1.1 <kim@…>... User
/// unknown`) is made of the reply code alone: it says "User unknown" of every 550, whatever the server meant.
///
/// Above the transcript it repeats what the server said: `(reason: 550 5.7.1 Access denied)`.
pub fn remote(words: &str) -> Cow<'_, str> {
    let repeated = words.split_once("(reason: ").and_then(|(_, rest)| rest.split_once(')'));
    if let Some((reply, _)) = repeated.filter(|(reply, _)| says_another_reason(reply)) {
        return Cow::Borrowed(reply);
    }
    let told = |line: &str| line.split_once("<<<").is_some_and(|(_, reply)| says_another_reason(reply));
    if !words.lines().any(told) {
        return Cow::Borrowed(words);
    }
    Cow::Owned(words.lines().filter(|line| !is_summary(line)).collect::<Vec<_>>().join("\n"))
}

/// The reply has a code of its own, and that is not about the recipient's address.
fn says_another_reason(reply: &str) -> bool {
    smtp::enhanced(reply).is_some_and(|code| !matches!(code.get(1..3), Some(".1" | ".0")))
}

fn is_summary(line: &str) -> bool {
    !line.contains("<<<")
        && line.contains("... ")
        && smtp::reply(line.trim_start().get(..4).unwrap_or_default()).is_some()
}
