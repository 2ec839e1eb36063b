//! Delivery reports: a whole mail, and the same bytes as the words of something that looks like a report.

#![no_main]

use caseway_fuzz::mail::{Mail, Origin, limits, read};
use libfuzzer_sys::fuzz_target;

/// Heads that open each way of reading a report.
const HEADS: [&str; 5] = [
    "From: MAILER-DAEMON@mx.example.test\nReturn-Path: <>\nSubject: Undelivered Mail Returned to Sender\n",
    "From: MAILER-DAEMON@mx.example.test\nContent-Type: multipart/report; report-type=delivery-status; boundary=b1\n",
    "From: mailer-daemon@example.test\nContent-Type: message/delivery-status\n",
    "From: no-reply@sns.amazonaws.com\nSubject: AWS Notification Message\n",
    "From: abuse@example.test\nContent-Type: multipart/report; report-type=feedback-report; boundary=b1\n",
];

fuzz_target!(|raw: &[u8]| {
    let Some((&choice, rest)) = raw.split_first() else { return };
    match HEADS.get(usize::from(choice)) {
        Some(head) => bounded(&read(&[head.as_bytes(), b"\n", rest].concat())),
        None => bounded(&read(raw)),
    }
});

fn bounded(mail: &Mail) {
    let Some(bounce) = &mail.bounce else {
        return assert_ne!(mail.origin, Origin::Bounce, "a report that says nothing: {}", mail.origin_reason);
    };
    assert!(bounce.reports.len() <= limits::MAX_BOUNCE_REPORTS);
    for report in &bounce.reports {
        assert!(report.recipient.contains('@'), "{report:?}");
        assert!(report.diagnostic.chars().count() <= limits::MAX_DIAGNOSTIC_CHARS);
        assert!(!report.recipient.chars().any(char::is_control), "{report:?}");
    }
    let id = bounce.original_message_id.iter();
    assert!(id.into_iter().all(|id| !id.is_empty() && id.len() <= limits::MAX_MESSAGE_ID));
}
