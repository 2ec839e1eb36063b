//! Ten thousand requests about somebody: they get a few mails, the desk one case with a count, and nothing is lost.

use std::fmt::Write;
use std::io::Cursor;

use caseway::desk::directory::AccountState;
use caseway::intake::pipe::{self, Format, Input};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::harness::browser::Site;

const REQUESTS: usize = 10_000;
const VICTIM: &str = "anna@customer.test";

/// `limits.links` of the tests' configuration: four an hour.
const LINKS: usize = 4;
/// `limits.per_sender`: twenty new tickets an hour.
const TICKETS: usize = 20;
/// More than there may be links, and fewer than there may be tickets.
const ONE_BY_ONE: usize = 12;

/// Every other mail is about the victim, the others about somebody else each.
fn request(number: usize) -> Letter {
    let about = if number.is_multiple_of(2) { VICTIM.to_owned() } else { format!("somebody{number}@customer.test") };
    let asking = from("Mallory <mallory@evil.test>", &format!("m{number}@evil.test")).subject("reset my password");
    asking.text(&format!("Number {number}.\nE-mail: {about}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_mails_from_one_sender_are_one_case_with_a_count() {
    let mut world = desk().await;
    person(&world, VICTIM, AccountState::Active, false).await;
    // The first ones one by one, so that each is answered before the next comes.
    for number in 0..ONE_BY_ONE {
        receive(&world, "support", &request(number)).await;
    }
    let mut mbox = String::new();
    for number in ONE_BY_ONE..REQUESTS {
        let mail = String::from_utf8(request(number).bytes()).unwrap();
        write!(mbox, "From mallory@evil.test Mon Mar  2 09:00:00 2026\n{mail}\n").unwrap();
    }
    let input = Input::Stream { name: "a flood".to_owned(), read: Box::new(Cursor::new(mbox)) };
    pipe::take(&world.app.intake(&CancellationToken::new()), "support", input, Format::Mbox).await.unwrap();
    world.process().await;
    world.settle().await;

    let sent = world.sent().await;
    let told = |email| -> Vec<&str> {
        let mails = sent.iter().filter(|mail: &&Sent| mail.recipient == email);
        mails.map(|mail| mail.notice.as_str()).collect()
    };
    assert_eq!(told(VICTIM), ["password_reset"; LINKS]);
    assert_eq!(told("erkki@example.test"), ["customer_reply"], "the engineers hear of it once");
    assert_eq!(told("mallory@evil.test"), ["form_received"; TICKETS]);
    assert_eq!(sent.len(), LINKS + TICKETS + 2);

    let count = async |sql| usize::try_from(world.count(sql).await).unwrap();
    assert_eq!(count("SELECT COUNT(*) FROM ledger WHERE verdict IN ('opened', 'threaded')").await, REQUESTS);
    assert_eq!(count("SELECT COUNT(*) FROM ticket").await, TICKETS);
    // What is asked again about the same person goes where that was asked first, what is asked about more and more people
    // to the last case that one sender may open.
    assert_eq!(count("SELECT COUNT(*) FROM message WHERE ticket_id = 1 AND ledger_id > 0").await, REQUESTS / 2);
    let flooded = REQUESTS / 2 - (TICKETS - 1);
    assert_eq!(world.ticket(TICKETS as i64, "flooded").await, flooded.to_string());
    assert_eq!(count("SELECT CAST(SUM(flooded) AS BIGINT) FROM ticket").await, flooded);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_questions_of_one_browser_are_a_few_mails() {
    let mut world = desk().await;
    let site = Site::of(&world).await;
    person(&world, VICTIM, AccountState::Active, false).await;
    let mut mallory = site.browser();
    let csrf = mallory.get("/forgot").await.hidden("csrf");
    let mut taken = 0;
    for _ in 0..REQUESTS {
        let answer = mallory.post("/forgot", &[("csrf", &csrf), ("email", VICTIM)]).await;
        assert!(matches!(answer.status, 200 | 429), "{}", answer.words());
        taken += usize::from(answer.status == 200);
    }
    assert_eq!(taken, 30, "as many forms as one client may send at once");
    // Many clients are not stopped by that, and the victim's mailbox is no fuller for it.
    for client in 0..200 {
        mallory.from = format!("198.51.100.{client}");
        assert_eq!(mallory.post("/forgot", &[("csrf", &csrf), ("email", VICTIM)]).await.status, 200);
    }
    world.settle().await;
    assert_eq!(notices(&world.sent().await), ["password_reset → anna@customer.test"; LINKS]);
    assert_eq!(world.count("SELECT COUNT(*) FROM ticket").await, 1);
}
