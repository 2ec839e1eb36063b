//! What filters, lists and policies of the world do to honest mail and to mail that is not.

use crate::harness::mail::from;
use crate::harness::world::World;

const ANNA: &str = "Anna Schmidt <anna@customer.test>";
const ERKKI: &str = "Erkki Virtanen <erkki@example.test>";

async fn desk() -> World {
    let world = World::new().await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world
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
