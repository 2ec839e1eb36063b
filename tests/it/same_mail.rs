//! One mail by several ways, and mails that overtake each other.

use caseway::config::Config;

use crate::harness::mail::{Letter, from};
use crate::harness::world::World;

const ANNA: &str = "Anna Schmidt <anna@customer.test>";
const BOTH: &str = "support@example.test, info@example.test";

fn second_mailbox(config: &mut Config, name: &str, queue: &str) {
    let mut second = config.mailboxes["support"].clone();
    second.name = name.to_owned();
    second.address = format!("{name}@example.test");
    second.queue = queue.to_owned();
    config.mailboxes.insert(name.to_owned(), second);
}

async fn desk(queue: &'static str) -> World {
    let world = World::with(|config| second_mailbox(config, "info", queue)).await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world
}

fn offer() -> Letter {
    from(ANNA, "dup@customer.test").to(BOTH).subject("Offer").text("Please send an offer.")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_changed_on_its_way_is_one_mail() {
    let original = offer();
    let redirected = |id: &str| {
        offer()
            .header("Message-ID", "<PR0@outlook.test>")
            .header("X-MS-Exchange-Parent-Message-Id", &format!("<{id}>"))
            .header("Resent-From", "<info@example.test>")
    };
    for (changed, verdict) in [
        (offer().subject("[EXTERNAL] Offer").text("CAUTION: external e-mail.\n\nPlease send an offer."), "duplicate"),
        (offer().text("Please send an offer.\n\n--\nScanned by the gateway"), "duplicate"),
        (offer().text("Please send an offer.\n\nThis message is intended solely for the addressee."), "duplicate"),
        (offer().subject("[sales] Offer"), "duplicate"),
        (redirected("dup@customer.test"), "duplicate"),
        // Genuinely different mails.
        (redirected("other@customer.test"), "opened"),
        (offer().text("Please send an offer.\n\nAnd the invoice of last month, please."), "opened"),
        (offer().text("Please send an invoice."), "opened"),
        (offer().subject("Invoice"), "opened"),
        (offer().header("Date", "Mon, 2 Mar 2026 09:00:01 +0000"), "opened"),
        (offer().header("From", "Berta <berta@customer.test>"), "opened"),
    ] {
        // In one batch, in two, and the other way round.
        for (first, second, together) in
            [(&original, &changed, false), (&original, &changed, true), (&changed, &original, false)]
        {
            let world = desk("support").await;
            let one = world.store_raw_at("support", &first.bytes()).await;
            if !together {
                world.process().await;
            }
            let two = world.store_raw_at("info", &second.bytes()).await;
            world.process().await;
            assert_eq!(world.settled(one).await.verdict, "opened");
            let got = world.settled(two).await;
            assert_eq!(got.verdict, verdict, "{}", String::from_utf8(changed.bytes()).unwrap());
            assert_eq!(got.ticket == 1, verdict == "duplicate");
        }
    }
}

/// Of a redirect that comes alone, the customer's client knows the first id.
#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_threaded_by_the_id_that_its_author_knows() {
    let mut world = desk("support").await;
    let redirected = offer()
        .header("Message-ID", "<PR0@outlook.test>")
        .header("X-MS-Exchange-Parent-Message-Id", "<dup@customer.test>")
        .header("Resent-From", "<info@example.test>");
    world.receive(&redirected).await;
    let ack = world.sent().await.into_iter().find(|mail| mail.notice == "acknowledgement").unwrap();
    assert_eq!(ack.mail.in_reply_to, ["dup@customer.test"]);
}

/// What was held may have been broken on its way: the whole one is not swallowed.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_what_was_held_is_decided_by_itself() {
    let world = desk("support").await;
    let broken = offer()
        .text("Please send an offer.\n\n--\nScanned by the gateway")
        .on_top("Authentication-Results", "mx.example.test; dmarc=fail header.from=customer.test");
    assert_eq!(world.receive(&broken).await.verdict, "held");
    assert_eq!(world.receive_at("info", &offer()).await.verdict, "opened");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_departments_hear_of_one_mail() {
    let written = || from(ANNA, "court@customer.test").to("legal@example.test").header("Cc", "support@example.test");
    let banner =
        written().text("CAUTION: external e-mail.\n\nHello, the printer on the second floor does not print any more.");
    for (first, second, copy) in
        [("support", "legal", written()), ("legal", "support", written()), ("support", "legal", banner)]
    {
        let mut world = World::with(|config| second_mailbox(config, "legal", "legal")).await;
        world.engineer("erkki@example.test", "Erkki Virtanen").await;
        world.engineer("lea@example.test", "Lea").await;
        world.execute("UPDATE engineer SET queue = 'legal' WHERE person_id = (SELECT id FROM person WHERE email = 'lea@example.test')").await;
        let (own, other) = match first {
            "support" => ("erkki@example.test", "lea@example.test"),
            _ => ("lea@example.test", "erkki@example.test"),
        };
        assert_eq!(world.receive_at(first, &written()).await.verdict, "opened");
        let told = world.notices().await;
        assert!(told.contains(&format!("new_ticket → {own}")) && !told.contains(&format!("new_ticket → {other}")));
        let got = world.receive_at(second, &copy).await;
        assert_eq!((got.verdict.as_str(), got.ticket), ("duplicate", 1));
        assert_eq!(world.notices().await, [format!("new_ticket → {other}")]);
        // A third copy tells nobody once more, and both hear of what the customer adds.
        world.receive_at(second, &copy).await;
        assert!(world.notices().await.is_empty());
        world.receive(&from(ANNA, "more@customer.test").subject("[CASE-1] x").text("One more thing.")).await;
        let mut told = world.notices().await;
        told.sort();
        assert_eq!(told, ["customer_reply → erkki@example.test", "customer_reply → lea@example.test"]);
        assert_eq!(world.count("SELECT COUNT(*) FROM ticket").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_joins_the_answer_that_overtook_it() {
    // Anna's second mail before her first; a colleague's answer before Anna's; and a stranger's, which draws nobody in.
    for (author, cc, verdict) in [
        (ANNA, "", "threaded"),
        ("Bob <bob@customer.test>", "anna@customer.test", "threaded"),
        ("Mallory <mallory@evil.test>", "", "opened"),
    ] {
        let mut world = desk("support").await;
        let answer = from(author, "b@customer.test").answering("a@customer.test").text("And the scanner too.");
        let answer = if cc.is_empty() { answer } else { answer.header("Cc", cc) };
        assert_eq!(world.receive(&answer).await.verdict, "opened");
        world.sent().await;
        let got = world.receive(&from(ANNA, "a@customer.test")).await;
        assert_eq!(
            (got.verdict.as_str(), got.ticket == 1),
            (verdict, verdict == "threaded"),
            "{author}: {}",
            got.reason
        );
        let told = world.notices().await;
        assert_eq!(told.contains(&"customer_reply → erkki@example.test".to_owned()), verdict == "threaded");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_changes_nothing_and_nobody_is_mailed() {
    let outlook = "Anna Schmidt reacted to your message:\n\n\u{1f44d}";
    let gmail = "--b\nContent-Type: text/plain; charset=utf-8\n\nAnna reacted via Gmail\n\u{1f622}\n--b\nContent-Type: text/vnd.google.email-reaction+json; charset=utf-8\n\n{\"emoji\":\"x\",\"version\":1}\n--b--";
    let standard = "--b\nContent-Type: text/plain; charset=utf-8\nContent-Disposition: reaction\n\n\u{1f44d}\n--b--";
    let parts = "multipart/mixed; boundary=\"b\"";
    for (kind, words) in [("text/plain; charset=utf-8", outlook), (parts, gmail), (parts, standard)] {
        for closed in [true, false] {
            let mut world = desk("support").await;
            world.receive(&from(ANNA, "q@customer.test")).await;
            let ack = world.sent().await.into_iter().find(|mail| mail.notice == "acknowledgement").unwrap();
            if closed {
                world.execute("UPDATE ticket SET status = 'closed', closed_at = 1").await;
            }
            let before = world.ticket(1, "status").await;
            let reaction = from(ANNA, "r@customer.test").to(ack.reply_to()).answering(ack.message_id());
            let reaction = reaction.header("Content-Type", kind).text(words);
            assert_eq!(world.receive(&reaction).await.verdict, "threaded");
            assert_eq!(world.ticket(1, "status").await, before);
            assert!(world.notices().await.is_empty());
            assert!(world.events(1).await.contains(&"reaction".to_owned()));
            // One by somebody who takes no part opens nothing.
            let stranger = from("Zoe <zoe@other.test>", "z@other.test").to(ack.reply_to());
            assert_eq!(world.receive(&stranger.header("Content-Type", kind).text(words)).await.verdict, "dropped");
            assert!(world.notices().await.is_empty());
        }
    }
}

/// A thumb that somebody typed is an answer while the case is open.
#[tokio::test(flavor = "multi_thread")]
async fn a_typed_sign_is_words() {
    let mut world = desk("support").await;
    world.receive(&from(ANNA, "q@customer.test")).await;
    let ack = world.sent().await.into_iter().find(|mail| mail.notice == "acknowledgement").unwrap();
    world.receive(&from(ANNA, "r@customer.test").to(ack.reply_to()).text("\u{1f44e}")).await;
    assert_eq!(world.notices().await, ["customer_reply → erkki@example.test"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn times_are_told_in_the_desks_zone() {
    for zone in ["Europe/Helsinki", "UTC", "America/New_York"] {
        let zone = jiff::tz::TimeZone::get(zone).unwrap();
        let mut world = World::with(|config| config.desk.time_zone = zone.clone()).await;
        world.engineer("erkki@example.test", "Erkki Virtanen").await;
        world.receive(&from(ANNA, "q@customer.test")).await;
        let told = world.now().to_zoned(zone).strftime("%-d %B %Y, %H:%M %Z").to_string();
        let letter = world.sent().await.into_iter().find(|mail| mail.notice == "new_ticket").unwrap();
        let answer = from("Erkki Virtanen <erkki@example.test>", "e@example.test").to(letter.reply_to()).proven();
        world.receive(&answer.text("Please restart it.")).await;
        let answer = world.sent().await.into_iter().find(|mail| mail.notice == "answer").unwrap();
        assert!(answer.mail.text.contains(&format!("On {told}, Anna Schmidt wrote:")), "{}", answer.mail.text);
    }
}
