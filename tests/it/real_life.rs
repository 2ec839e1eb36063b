//! What filters, lists and policies of the world do to honest mail and to mail that is not.

use caseway::config::Spam;

use crate::harness::mail::{Letter, from};
use crate::harness::world::World;

const ANNA: &str = "Anna Schmidt <anna@customer.test>";
const ERKKI: &str = "Erkki Virtanen <erkki@example.test>";
const PASS: &str = "mx.example.test; dmarc=pass header.from=example.test";

async fn desk() -> World {
    let world = World::new().await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world
}

/// An engineer's answer to the last new ticket.
async fn answer(world: &mut World) -> Vec<String> {
    let told = world.sent().await.into_iter().rev().find(|mail| mail.notice == "new_ticket").unwrap();
    let answer = from(ERKKI, "e1@example.test").to(told.reply_to()).on_top("Authentication-Results", PASS);
    assert_eq!(world.receive(&answer.text("Please restart the print server.")).await.verdict, "threaded");
    world.notices().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_that_asks_for_nothing_is_not_held() {
    for (words, verdict) in [
        ("fail (p=none dis=none) header.from=customer.test", "threaded"),
        ("fail (p=NONE sp=NONE dis=NONE) header.from=customer.test", "threaded"),
        ("fail action=none header.from=customer.test", "threaded"),
        ("fail header.from=customer.test policy.dmarc=none", "threaded"),
        ("fail (p=reject) header.from=customer.test", "held"),
        ("fail (p=quarantine dis=none) header.from=customer.test", "held"),
        ("fail action=oreject header.from=customer.test", "held"),
        ("fail header.from=customer.test", "held"),
    ] {
        let mut world = desk().await;
        world.receive(&from(ANNA, "a1@customer.test")).await;
        let ack = world.sent().await.into_iter().find(|mail| mail.notice == "acknowledgement").unwrap();
        let reply =
            from(ANNA, "a2@customer.test").to(ack.reply_to()).answering(ack.message_id()).text("It fails again.");
        let results = format!("mx.example.test; spf=softfail smtp.mailfrom=list.test; dmarc={words}");
        assert_eq!(world.receive(&reply.on_top("Authentication-Results", &results)).await.verdict, verdict, "{words}");
        // The sender cannot say it for the domain.
        let own = from(ANNA, "a3@customer.test").to(ack.reply_to()).text("And again.").on_top(
            "Authentication-Results",
            "mx.example.test; spf=pass smtp.mailfrom=\"x; dmarc=fail (p=none) y\"; dmarc=fail header.from=customer.test",
        );
        assert_eq!(world.receive(&own).await.verdict, "held");
    }
}

/// An engineer whose domain asks for nothing is no more proven by that.
#[tokio::test(flavor = "multi_thread")]
async fn a_domain_that_asks_for_nothing_proves_no_engineer() {
    let mut world = desk().await;
    world.receive(&from(ANNA, "a1@customer.test")).await;
    let fail = "mx.example.test; dmarc=fail (p=none dis=none) header.from=example.test";
    let forged = from(ERKKI, "x1@evil.test")
        .subject("Re: [CASE-1] The printer is broken")
        .on_top("Authentication-Results", fail);
    world.sent().await;
    assert_eq!(world.receive(&forged).await.verdict, "held");
    assert!(world.notices().await.iter().all(|notice| !notice.ends_with("anna@customer.test")));
}

fn marked(number: usize) -> Letter {
    let letter = from(&format!("Prize Office <win{number}@bulk.test>"), &format!("s{number}@bulk.test"));
    let letter = letter.subject("***SPAM*** You won").text("Claim your prize now, the office is open all day.");
    match number % 4 {
        0 => letter.header("X-Spam-Flag", "YES").header("X-Spam-Status", "Yes, score=18.4 required=5.0"),
        1 => letter.header("X-MS-Exchange-Organization-SCL", "9"),
        2 => letter.header("X-Forefront-Antispam-Report", "CIP:192.0.2.1;CTRY:;LANG:en;SCL:6;SRV:;SFV:SPM;"),
        _ => letter.on_top("Authentication-Results", "mx.example.test; spf=none; x-spam=fail"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn spam_is_not_acknowledged_and_may_be_held_or_dropped() {
    for (spam, verdict, notices) in [
        (Spam::Silent, "opened", vec!["new_ticket → erkki@example.test"]),
        (Spam::Hold, "held", vec!["held → erkki@example.test"]),
        (Spam::Drop, "dropped", vec![]),
    ] {
        let mut world = World::with(|config| config.trust.spam = spam).await;
        world.engineer("erkki@example.test", "Erkki Virtanen").await;
        for number in 0..4 {
            assert_eq!(world.receive(&marked(number)).await.verdict, verdict, "{number}");
            assert_eq!(world.notices().await, notices, "{number}");
        }
        // Who takes part is heard whatever the filter thinks, and what it found clean is acknowledged.
        world.receive(&from(ANNA, "a1@customer.test").header("X-Spam-Status", "No, score=-1")).await;
        let ack = world.sent().await.into_iter().find(|mail| mail.notice == "acknowledgement").unwrap();
        let reply =
            from(ANNA, "a2@customer.test").to(ack.reply_to()).header("X-Spam-Flag", "YES").text("It fails again.");
        assert_eq!(world.receive(&reply).await.verdict, "threaded");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn machines_in_copy_take_no_part() {
    let mut world = desk().await;
    let copied = "noreply@shop.test, MAILER-DAEMON@customer.test, Do-Not-Reply <jira-noreply@tools.test>, \
         users-request@lists.test, Bob <bob@customer.test>";
    world.receive(&from(ANNA, "a1@customer.test").header("Cc", copied)).await;
    let mut told = answer(&mut world).await;
    told.sort();
    assert_eq!(told, ["answer → anna@customer.test", "answer → bob@customer.test"]);
}
