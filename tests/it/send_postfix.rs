//! A real Postfix in front of a real Dovecot.

use caseway::config::{Smtp, Tls};
use caseway::send::probe;
use jiff::SignedDuration;

use crate::harness::post::{Post, smtp, transport};
use crate::harness::servers::{Dovecot, Postfix};

/// What mail systems are wont to change when they are not careful: dots, blanks at line ends, tabs, empty lines, 8 bits.
const BODY: &str = ".\r\n..\r\n.two\r\n\r\nGrüße \t \r\n\tan alle \r\nFrom here on\r\n-- \r\n\r\n\r\n";

fn text(recipient: &str, number: usize) -> Vec<u8> {
    format!(
        "From: Example Support <support@example.test>\r\nTo: {recipient}\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\n\
         Message-ID: <{number}@example.test>\r\nSubject: [CASE-{number}] Printer\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{BODY}"
    )
    .into_bytes()
}

/// Mails in a user's inbox, with the line ends of the wire.
fn inbox(dovecot: &Dovecot, user: &str) -> Vec<Vec<u8>> {
    let read = |file| std::fs::read_to_string(file).unwrap().replace('\n', "\r\n").into_bytes();
    dovecot.files(user, "").into_iter().map(read).collect()
}

fn log_in(smtp: &mut Smtp) {
    smtp.login = Some(("support".to_owned(), caseway::config::Credential::Password("support-pw".into())));
}

#[tokio::test]
async fn mails_reach_the_mailbox_as_they_were_written_and_every_refusal_is_understood() {
    let dovecot = Dovecot::start();
    let postfix = Postfix::start(&dovecot);
    let ca_file = Some(postfix.ca_file());
    let mut open = smtp(postfix.smtp);
    open.connections = 3;
    let mut starttls = Smtp { port: postfix.smtp + 1, tls: Tls::StartTls { ca_file: ca_file.clone() }, ..open.clone() };
    log_in(&mut starttls);
    let mut implicit = Smtp { port: postfix.smtp + 2, tls: Tls::Implicit { ca_file }, ..open.clone() };
    log_in(&mut implicit);

    for (user, smtp) in [("alice", &open), ("bob", &starttls), ("carol", &implicit)] {
        let report = probe(smtp, None).await.unwrap();
        assert!(report.greeting.starts_with("220 mail.example.test ESMTP"), "{}", report.greeting);
        assert_eq!(report.size_limit, Some(52_428_800));
        assert_eq!(report.starttls, smtp.port != implicit.port);
        assert_eq!(report.mechanisms.contains(&"PLAIN".to_owned()), smtp.login.is_some(), "{:?}", report.mechanisms);

        let recipient = format!("{user}@example.test");
        let mut recipients = vec![recipient.as_str(); 20];
        recipients.extend(["unknown@example.test", "tempfail@example.test"]);
        let post = Post::new().await;
        post.queue_as(&recipients, |mail| {
            mail.bytes = text(&mail.recipient, usize::try_from(mail.id).unwrap());
        })
        .await;
        let tally = post.send(&transport(smtp.clone())).await;
        assert_eq!((tally.sent, tally.failed, tally.later), (20, 1, 1), "{:?}", post.shown().await);
        let shown = post.shown().await;
        assert_eq!(shown[20].state, "failed");
        assert!(shown[20].error.starts_with("550 5.1.1 <unknown@example.test>"), "{}", shown[20].error);
        assert_eq!(shown[21].state, "later");
        assert!(shown[21].error.starts_with("450 4.7.1 <tempfail@example.test>"), "{}", shown[21].error);
        assert!(shown[21].next.unwrap().duration_since(post.now()) >= SignedDuration::from_mins(1));

        postfix.wait_until_delivered();
        let arrived = inbox(&dovecot, user);
        assert_eq!(arrived.len(), 20);
        for number in 1..=20 {
            let written = text(&recipient, number);
            let same = arrived.iter().filter(|mail| mail.ends_with(&written)).count();
            assert_eq!(same, 1, "mail {number} arrives once, with nothing but trace lines before it");
        }
        let trace = &arrived[0][..arrived[0].len() - text(&recipient, 1).len()];
        assert!(String::from_utf8_lossy(trace).contains("Return-Path: <support+v1@example.test>"));
    }
}

#[tokio::test]
async fn a_wrong_password_stops_the_transport_and_charges_no_mail() {
    let dovecot = Dovecot::start();
    let postfix = Postfix::start(&dovecot);
    let mut wrong = smtp(postfix.smtp + 1);
    wrong.tls = Tls::StartTls { ca_file: Some(postfix.ca_file()) };
    wrong.login = Some(("support".to_owned(), caseway::config::Credential::Password("nonsense".into())));
    let post = Post::new().await;
    post.queue(&["alice@example.test"]).await;
    assert_eq!(post.send(&transport(wrong.clone())).await.not_tried, 1);
    let shown = post.only().await;
    assert_eq!((shown.state.as_str(), shown.attempts), ("queued", 0));
    assert!(shown.error.contains("535 5.7.8"), "{}", shown.error);
    log_in(&mut wrong);
    post.pass(SignedDuration::from_mins(1));
    assert_eq!(post.send(&transport(wrong)).await.sent, 1);
}
