use proptest::prelude::*;

use super::super::{mime, origin, read as read_mail, sender::Sender};
use super::*;

/// Pieces that lead into every branch, between them anything.
fn piece() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "<kim@example.test>:",
        "550 5.1.1 ",
        "\n\n",
        "\n  ",
        "Final-Recipient: rfc822; kim@example.test\n",
        "Action: failed\n",
        "Status: 5.0.0\n",
        "Diagnostic-Code: smtp; ",
        ">>> RCPT To:<kim@example.test>\n<<< 550 ",
        "Received: from a\n",
        "Message-ID: <a@b>\n",
        "Content-Type: message/rfc822\n\n",
        "the following addresses failed:\n",
        "could not be delivered to: ",
        "generated from kim@example.test",
        "--b1\n",
        "-----",
        "\u{130}@\u{130}",
        "\"@x",
        "@",
        "{\"notificationType\":\"Bounce\"",
        "\\x{",
        "=?utf-8?B?",
        "http://",
        "doesn't have a ",
    ]);
    prop_oneof![2 => known.prop_map(str::to_owned), 1 => ".{0,40}", 1 => "\\PC{0,40}"]
}

fn words() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    /// Whatever stands in a mail that looks like a report, it is read, and within its bounds.
    #[test]
    fn any_words(subject in ".{0,60}", body in words(), head in prop::sample::select(vec![
        "", "Return-Path: <>\n", "From: MAILER-DAEMON@x\n", "From: no-reply@sns.amazonaws.com\n", "Auto-Submitted: auto-replied\n",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b1\n", "Content-Type: multipart/report; report-type=feedback-report; boundary=b1\n",
        "Content-Type: message/delivery-status\nFrom: mailer-daemon\n",
    ])) {
        let subject = subject.replace(['\r', '\n'], " ");
        let mail = read_mail(format!("{head}Subject: {subject}\n\n{body}").as_bytes());
        for report in mail.bounce.iter().flat_map(|bounce| &bounce.reports) {
            prop_assert!(report.recipient.contains('@'));
            prop_assert!(report.diagnostic.chars().count() <= limits::MAX_DIAGNOSTIC_CHARS);
        }
        prop_assert!(!mail.origin_reason.is_empty());
    }

    /// The same bytes give the same reading.
    #[test]
    fn any_bytes(raw in prop::collection::vec(any::<u8>(), 0..400)) {
        let parts = mime::parse(&raw);
        let headers = Headers::of(&raw);
        let text = String::from_utf8_lossy(&raw);
        let first = read(&parts, &headers, &text, &text);
        prop_assert_eq!(&first, &read(&parts, &headers, &text, &text));
        let _ = (origin::classify(&headers, &text, &text, first.as_ref()), Sender::parse(&text));
    }
}

#[test]
fn ordinary_mail_ends_at_the_gate() {
    let raw = b"From: Kim <kim@example.test>\nTo: desk@example.test\nSubject: Re: Undeliverable: x\n\n<lee@example.test>: 550 5.1.1 no such user\n";
    let evidence = gate::evidence(&mime::parse(raw), &Headers::of(raw), "Re: Undeliverable: x", "");
    assert!(evidence.is_none(), "{evidence:?}");
}
