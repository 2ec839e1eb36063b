//! Mails in an engineer's name that somebody else wrote: whatever becomes of them, somebody is told.

use crate::harness::mail::{Letter, from};
use crate::harness::world::World;

const ANNA: &str = "Anna Schmidt <anna@customer.test>";
const ERKKI: &str = "Erkki Virtanen <erkki@example.test>";
const PASS: &str = "mx.example.test; dmarc=pass header.from=example.test";
const FAIL: &str = "mx.example.test; dmarc=fail header.from=example.test";

/// A desk with one case of Anna's that Erkki has taken; `colleague` is whether he has one.
async fn taken(colleague: bool) -> World {
    let mut world = World::new().await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    if colleague {
        world.engineer("liisa@example.test", "Liisa Korhonen").await;
    }
    world.receive(&from(ANNA, "a1@customer.test")).await;
    let answer = forged("e1@example.test").text("I look into it.").on_top("Authentication-Results", PASS);
    assert_eq!(world.receive(&answer).await.verdict, "threaded");
    world.sent().await;
    world
}

/// A mail in Erkki's name that names the case.
fn forged(id: &str) -> Letter {
    from(ERKKI, id).subject("Re: [CASE-1] The printer is broken").text("Please send me your password.")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_in_the_assignees_name_is_told_to_somebody() {
    for (colleague, fail, told) in [
        (true, true, vec!["held → liisa@example.test", "unproven → erkki@example.test"]),
        (false, true, vec!["held → erkki@example.test", "unproven → erkki@example.test"]),
        (true, false, vec!["unproven → erkki@example.test"]),
        (false, false, vec!["unproven → erkki@example.test"]),
    ] {
        let mut world = taken(colleague).await;
        let letter = forged("x1@evil.test");
        let letter = if fail { letter.on_top("Authentication-Results", FAIL) } else { letter };
        assert_eq!(world.receive(&letter).await.verdict, "held");
        let mut notices = world.notices().await;
        notices.sort();
        assert_eq!(notices, told, "colleague: {colleague}, fail: {fail}");
    }
}

/// Whoever's machine it is, it would answer what the engineer on record is told.
#[tokio::test(flavor = "multi_thread")]
async fn a_machine_in_an_engineers_name_is_not_answered() {
    for (mark, value) in
        [("Auto-Submitted", "auto-generated"), ("Auto-Submitted", "auto-replied"), ("Precedence", "bulk")]
    {
        for (fail, colleague) in [(true, true), (true, false), (false, true), (false, false)] {
            let mut world = taken(colleague).await;
            let letter = forged("x1@evil.test").header(mark, value);
            let letter = if fail { letter.on_top("Authentication-Results", FAIL) } else { letter };
            assert_eq!(world.receive(&letter).await.verdict, "held", "{mark}: {value}");
            let told = world.notices().await;
            assert!(!told.iter().any(|notice| notice.ends_with("erkki@example.test")), "{mark}: {value}: {told:?}");
        }
    }
}

/// Neither what came back from an address nor how much went there lately keeps news from an engineer.
#[tokio::test(flavor = "multi_thread")]
async fn caps_and_bounces_hold_no_news_back() {
    let mut world = taken(false).await;
    world.execute("UPDATE person SET suppressed = 1, bounce_score = 100 WHERE email = 'erkki@example.test'").await;
    for number in 0..15 {
        world.receive(&forged(&format!("x{number}@evil.test"))).await;
    }
    assert_eq!(world.notices().await, ["unproven → erkki@example.test"; 15]);
    assert_eq!(world.count("SELECT COUNT(*) FROM event WHERE kind = 'suppressed'").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_in_an_engineers_name_is_told_once_to_somebody() {
    for (colleague, fail, told) in [
        (true, false, "customer_reply → liisa@example.test"),
        (false, false, "customer_reply → erkki@example.test"),
        (true, true, "customer_reply → liisa@example.test"),
        (false, true, "customer_reply → erkki@example.test"),
    ] {
        let mut world = taken(colleague).await;
        for number in 0..60 {
            let letter = forged(&format!("x{number}@evil.test"));
            let letter = if fail { letter.on_top("Authentication-Results", FAIL) } else { letter };
            world.receive(&letter).await;
        }
        let notices = world.notices().await;
        let floods: Vec<&String> = notices.iter().filter(|notice| notice.starts_with("customer_reply")).collect();
        assert_eq!(floods, [told], "colleague: {colleague}, fail: {fail}: {notices:?}");
    }
}

/// The same where the forged mail names no case at all.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_in_the_only_engineers_name_is_told_as_well() {
    let mut world = World::new().await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    let fail = from(ERKKI, "x1@evil.test").on_top("Authentication-Results", FAIL);
    assert_eq!(world.receive(&fail).await.verdict, "held");
    let notices = world.notices().await;
    assert!(notices.contains(&"unproven → erkki@example.test".to_owned()), "{notices:?}");
}
