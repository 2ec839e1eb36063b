//! Words that came through somebody or something else: inbox rules, other desks, lists, engineers' forwards.

use crate::harness::mail::{Letter, from};
use crate::harness::world::World;

const ANNA: &str = "Anna Schmidt <anna@customer.test>";
const ERKKI: &str = "Erkki Virtanen <erkki@example.test>";

async fn desk() -> World {
    let world = World::new().await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world
}

fn proven(id: &str) -> Letter {
    from(ERKKI, id).on_top("Authentication-Results", "mx.example.test; dmarc=pass header.from=example.test")
}

/// A machine's header keeps our automatic answer back, and nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn a_customers_words_behind_a_machines_header_are_heard() {
    let marks = [
        ("Auto-Submitted", "auto-generated"),
        ("X-MS-Exchange-Generated-Message-Source", "Mailbox Rules Agent"),
        ("X-OTRS-Loop", "yes"),
    ];
    for (name, value) in marks {
        let mut world = desk().await;
        let asked = from(ANNA, "a1@customer.test").header(name, value).text("Our scanner is dark. Can you help?");
        assert_eq!(world.receive(&asked).await.verdict, "opened", "{name}");
        assert_eq!(world.notices().await, ["new_ticket → erkki@example.test"], "{name}");
        let again = from(ANNA, "a2@customer.test").subject("Re: [CASE-1] Scanner").header(name, value);
        let settled = world.receive(&again.text("It is still dark. Please call me.")).await;
        assert_eq!((settled.verdict.as_str(), settled.ticket), ("threaded", 1), "{name}");
        assert_eq!(world.notices().await, ["customer_reply → erkki@example.test"], "{name}");
    }
}

/// RFC 3834 §2; the desk's own address may be a list's.
#[tokio::test(flavor = "multi_thread")]
async fn a_post_on_another_list_is_not_acknowledged() {
    let mut world = desk().await;
    let post = |id: &str, list: &str| {
        from(ANNA, id).header("List-Post", &format!("<mailto:{list}>")).header("List-Id", "<x.y.test>")
    };
    world.receive(&post("l1@customer.test", "users@lists.test")).await;
    assert_eq!(world.notices().await, ["new_ticket → erkki@example.test"]);
    world.receive(&post("l2@customer.test", "support@example.test")).await;
    assert_eq!(world.notices().await, ["acknowledgement → anna@customer.test", "new_ticket → erkki@example.test"]);
}

/// The case is the customer's: its subject, its words, the mail that the acknowledgement hangs below.
#[tokio::test(flavor = "multi_thread")]
async fn what_an_engineer_forwards_is_the_customers() {
    let mut world = desk().await;
    let text = "Internal: please take this over.\n\n------- Forwarded Message\n\nReturn-Path: <anna@customer.test>\n\
        From: Anna Schmidt <anna@customer.test>\nTo: erkki@example.test\nSubject: Toner\nMessage-ID: <t1@customer.test>\n\n\
        We need toner on floor two, please.\n\n------- End of Forwarded Message\n\n-- \nErkki, mobile 040 000\n";
    let settled = world.receive(&proven("e1@example.test").subject("Toner (fwd)").text(text)).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket), ("opened", 1));
    assert_eq!(world.ticket(1, "subject").await, "Toner");
    let sent = world.sent().await;
    let acknowledgement = sent.iter().find(|sent| sent.notice == "acknowledgement").unwrap();
    let mail = String::from_utf8_lossy(&acknowledgement.raw);
    assert!(mail.contains("In-Reply-To: <t1@customer.test>"), "{mail}");
    assert!(!mail.contains("Internal") && !mail.contains("mobile 040"), "{mail}");
}
