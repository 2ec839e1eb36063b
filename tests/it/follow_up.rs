//! What the clock causes: a ticket that waits for the customer is reminded, announced and closed, each step in its time.

mod closing;
mod faults;
mod steps;

use caseway::config::Queue;
use jiff::SignedDuration;

use crate::harness::mail::{Letter, from};
use crate::harness::world::World;

const ANNA: &str = "Anna Schmidt <anna@customer.test>";
const ERKKI: &str = "Erkki Virtanen <erkki@engineers.test>";
const NOTHING: [&str; 0] = [];
const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A desk of one engineer, who has answered Anna's request. What was sent until then is forgotten.
async fn waiting() -> World {
    waiting_with(Queue::default(), "Hello, the printer on the second floor does not print any more.").await
}

async fn waiting_with(queue: Queue, words: &str) -> World {
    let mut world = World::with(|config| _ = config.queues.insert("support".to_owned(), queue)).await;
    world.engineer("erkki@engineers.test", "Erkki Virtanen").await;
    assert_eq!(world.receive(&from(ANNA, "a1@customer.test").text(words)).await.verdict, "opened");
    answer(&mut world, "e1@engineers.test").await;
    world
}

/// Erkki answers the ticket, however it stands.
async fn answer(world: &mut World, message_id: &str) {
    let told = world.sent().await.into_iter().find(|mail| mail.recipient == "erkki@engineers.test").unwrap();
    let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_string(&world.now()).unwrap();
    let answer = from(ERKKI, message_id).to(told.reply_to()).header("Date", &date);
    let answer = answer.text("Please switch it off and on again.");
    assert_eq!(world.receive(&answer).await.verdict, "threaded");
    assert_eq!(world.notices().await, ["answer → anna@customer.test"]);
}

/// Anna's reply, by the case ID in its subject.
fn reply(message_id: &str, words: &str) -> Letter {
    from(ANNA, message_id).subject("Re: [CASE-1] The printer is broken").text(words)
}

/// A further answer of Erkki's, by the case ID; his mail server proves that it is his.
fn another_answer(message_id: &str) -> Letter {
    from(ERKKI, message_id)
        .on_top("Authentication-Results", "mx.example.test; dmarc=pass header.from=engineers.test")
        .subject("Re: [CASE-1] The printer is broken")
        .text("I forgot: open the lid first.")
}

/// The clock looks after that time has passed; what it sent.
async fn after(world: &mut World, time: SignedDuration) -> Vec<String> {
    world.pass(time);
    world.tick().await;
    world.notices().await
}
