//! Delivery reports that somebody made up: whoever saw a Message-ID of ours must not silence its reader, and what they
//! write reaches nobody as our news.

use crate::harness::mail::{Letter, from};
use crate::harness::world::{Sent, World};

const ANNA: &str = "Anna Schmidt <anna@customer.test>";
const LURE: &str = "call +1 900 555 and see http://evil.test/";

/// A desk with one engineer, and the acknowledgement of Anna's request.
async fn acknowledged() -> (World, Sent) {
    let mut world = World::new().await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world.receive(&from(ANNA, "a1@customer.test")).await;
    let ack = world.sent().await.into_iter().find(|mail| mail.notice == "acknowledgement").unwrap();
    (world, ack)
}

/// A report of RFC 3464 that returns these headers.
fn report(id: &str, returned: &str) -> Letter {
    from("Mail Delivery System <MAILER-DAEMON@mx.customer.test>", id)
        .subject("Undelivered Mail Returned to Sender")
        .on_top("Return-Path", "<>")
        .header("Auto-Submitted", "auto-replied")
        .header("Content-Type", "multipart/report; report-type=delivery-status; boundary=b1")
        .text(&format!(
            "--b1\nContent-Type: text/plain\n\nI could not deliver your mail.\n--b1\nContent-Type: message/delivery-status\n\n\
             Reporting-MTA: dns; mx.customer.test\n\nFinal-Recipient: rfc822; anna@customer.test\nAction: failed\n\
             Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 {LURE}\n--b1\nContent-Type: text/rfc822-headers\n\n{returned}\n--b1--"
        ))
}

/// What servers return of a mail of ours: its headers.
fn headers(mail: &Sent) -> String {
    let text = String::from_utf8_lossy(&mail.raw).replace("\r\n", "\n");
    text.split_once("\n\n").unwrap().0.to_owned()
}

async fn suppressed(world: &World) -> i64 {
    world.count("SELECT COUNT(*) FROM person WHERE suppressed = 1 OR bounce_score > 0").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_only_names_a_message_id_changes_nothing() {
    let (mut world, ack) = acknowledged().await;
    let id = ack.message_id().to_owned();
    let domain = from("Mail Delivery System <MAILER-DAEMON@mx.customer.test>", "b4@mx.customer.test")
        .subject("Mail delivery failed: returning message to sender")
        .on_top("Return-Path", "<>")
        .answering(&id)
        .text(&format!(
            "A message that you sent could not be delivered:\n\n  anna@customer.test\n    550 5.1.1 {LURE}"
        ));
    let wrong = format!("Message-ID: <{id}>\nX-Caseway-Delivery: b0123456789bcdfghjklmnpqrstuvwxyz");
    let notification = format!(
        r#"{{"notificationType":"Bounce","bounce":{{"bounceType":"Permanent","bouncedRecipients":[{{"emailAddress":"anna@customer.test","status":"5.1.1","diagnosticCode":"smtp; 550 {LURE}"}}]}},"mail":{{"source":"support@example.test","headers":[{{"name":"Message-ID","value":"<{id}>"}}]}}}}"#
    );
    let ses = from("no-reply@sns.amazonaws.test", "b5@amazonaws.test")
        .subject("AWS Notification Message")
        .text(&notification);
    let forged = [
        report("b1@mx.customer.test", &format!("Message-ID: <{id}>\nSubject: x")),
        report(
            "b2@mx.customer.test",
            &format!("Message-ID: <{id}>\nSubject: {}\nTo: anna@customer.test", ack.mail.subject),
        ),
        report("b3@mx.customer.test", &wrong),
        // The reply address is in every answer of hers.
        report("b6@mx.customer.test", &format!("Message-ID: <{id}>")).to(ack.reply_to()),
        domain,
        ses,
    ];
    for letter in forged {
        let settled = world.receive(&letter).await;
        assert_eq!((settled.verdict.as_str(), settled.ticket), ("bounce", 1), "{settled:?}");
        assert!(settled.reason.contains("anybody could have written"), "{settled:?}");
    }
    assert!(world.notices().await.is_empty());
    assert_eq!(suppressed(&world).await, 0);
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE state = 'failed'").await, 0);
    assert_eq!(world.count("SELECT COUNT(*) FROM event WHERE detail LIKE '%evil%' OR detail LIKE '%900%'").await, 0);
    assert_eq!(world.events(1).await[1..], ["bounce_unproven"; 6]);
}

/// Servers that answer to another address than the return path still return what only they and we know.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_returns_our_mail_is_believed() {
    let (_, sample) = acknowledged().await;
    assert!(headers(&sample).contains("\nX-Caseway-Delivery: b"), "{}", headers(&sample));
    for (way, to_path, ses) in [("headers", false, false), ("path", true, false), ("ses", false, true)] {
        let (mut world, ack) = acknowledged().await;
        let letter = match (to_path, ses) {
            (true, _) => report("b1@mx.customer.test", "Subject: x").to(&ack.return_path),
            (_, true) => from("no-reply@sns.amazonaws.test", "b5@amazonaws.test").subject("AWS Notification Message").text(&format!(
                r#"{{"notificationType":"Bounce","bounce":{{"bounceType":"Permanent","bouncedRecipients":[{{"emailAddress":"anna@customer.test","status":"5.1.1"}}]}},"mail":{{"messageId":"0100","source":"{}"}}}}"#,
                ack.return_path
            )),
            _ => report("b1@mx.customer.test", &headers(&ack)),
        };
        assert_eq!(world.receive(&letter).await.ticket, 1, "{way}");
        assert_eq!(world.notices().await, ["delivery_failed → erkki@example.test"], "{way}");
        assert_eq!(suppressed(&world).await, 1, "{way}");
    }
}

/// Where addresses cannot carry a token, the returned mail is all there is.
#[tokio::test(flavor = "multi_thread")]
async fn without_plus_addresses_the_returned_mail_proves() {
    let mut world = World::with(|config| config.mailboxes.get_mut("support").unwrap().plus_addressing = false).await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world.receive(&from(ANNA, "a1@customer.test")).await;
    let ack = world.sent().await.into_iter().find(|mail| mail.notice == "acknowledgement").unwrap();
    let named = report("b1@mx.customer.test", &format!("Message-ID: <{}>", ack.message_id()));
    world.receive(&named).await;
    assert_eq!(suppressed(&world).await, 0);
    world.receive(&report("b2@mx.customer.test", &headers(&ack))).await;
    assert_eq!(suppressed(&world).await, 1);
    assert_eq!(world.notices().await, ["delivery_failed → erkki@example.test"]);
}
