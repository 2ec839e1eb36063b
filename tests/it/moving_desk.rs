//! A desk moves: what `ticket export` prints comes back by `import export`.

use std::fs;

use serde_json::Value;

use crate::harness::mail::from;
use crate::harness::world::World;
use crate::views::run;

const ANNA: &str = "Anna Schmidt <anna@customer.test>";
const ERKKI: &str = "Erkki Virtanen <erkki@engineers.test>";

/// A desk at work: an answer that went out, a closed case, and one that claims another.
async fn busy() -> World {
    let mut world = World::new().await;
    world.engineer("erkki@engineers.test", "Erkki Virtanen").await;
    let opener = from(ANNA, "a1@customer.test").header("Cc", "Bert <bert@customer.test>");
    world.receive(&opener.text("It blinks. \u{fc}ber alles.")).await;
    world.sent().await;
    let answer = from(ERKKI, "e1@engineers.test").answering("a1@customer.test").proven().text("Switch it off and on.");
    let told = world.receive(&answer).await;
    assert_eq!(told.verdict, "threaded", "{}", told.reason);
    world.receive(&from("Mallory <m@elsewhere.test>", "m1@elsewhere.test").answering("a1@customer.test")).await;
    world.receive(&from("Carl <carl@other.test>", "c1@other.test").subject("An invoice").proven()).await;
    let close = from(ERKKI, "e2@engineers.test").answering("c1@other.test").proven().text("#close");
    world.receive(&close).await;
    world.execute("UPDATE outbox SET state = 'sent', sent_at = created_at").await;
    world
}

fn exported(world: &World) -> String {
    let said = run(world, 0, &["ticket", "export"]);
    assert_eq!(said.code, 0, "{}", said.err);
    said.out
}

/// Puts the text into a file of the world, and imports it.
fn import(world: &World, text: &str, more: &[&str]) -> crate::views::Said {
    let path = world.dir.path().join("tickets.jsonl");
    fs::write(&path, text).unwrap();
    run(world, 0, &[&["import", "export", &path.display().to_string()], more].concat())
}

#[tokio::test]
async fn an_export_comes_back_octet_by_octet() {
    let old = busy().await;
    let text = exported(&old);
    assert!(text.contains("follow_ups\":[{"), "something is due: {text}");
    let new = World::new().await;
    let said = import(&new, &text, &["--follow-ups"]);
    assert_eq!((said.out.as_str(), said.err.as_str(), said.code), ("3 tickets: 3 new, 0 here before\n", "", 0));
    assert_eq!(exported(&new), text);
    let again = import(&new, &text, &["--follow-ups"]);
    assert_eq!((again.out.as_str(), again.code), ("3 tickets: 0 new, 3 here before\n", 0));
    assert_eq!(exported(&new), text);
    let found = run(&new, 0, &["search", "blinks"]);
    assert!(found.out.contains("CASE-1"), "{}", found.out);
}

#[tokio::test]
async fn nothing_is_sent_or_due_unless_asked_for() {
    let old = busy().await;
    old.execute("UPDATE outbox SET state = 'queued', sent_at = NULL").await;
    let text = exported(&old);
    let new = World::new().await;
    assert_eq!(import(&new, &text, &[]).code, 0);
    assert_eq!(new.count("SELECT COUNT(*) FROM follow_up").await, 0);
    assert_eq!(new.count("SELECT COUNT(*) FROM outbox WHERE state <> 'cancelled'").await, 0);
    assert!(new.count("SELECT COUNT(*) FROM outbox").await > 3);
    let lines = |text: &str| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>();
    let (mut was, mut is) = (lines(&text), lines(&exported(&new)));
    for ticket in was.iter_mut().chain(&mut is) {
        ticket["follow_ups"] = Value::Null;
        for letter in ticket["moving"]["letters"].as_array_mut().unwrap() {
            letter["state"] = Value::Null;
        }
    }
    assert_eq!(is, was);
}

#[tokio::test]
async fn what_answers_an_old_mail_finds_its_ticket() {
    let old = busy().await;
    let sql = "SELECT message_id FROM outbox WHERE notice = 'answer' AND recipient = 'anna@customer.test'";
    let row = sqlx::query(sql).fetch_one(old.app.store.reader()).await.unwrap();
    let letter: String = sqlx::Row::get(&row, 0);
    let text = exported(&old);
    let mut new = World::new().await;
    assert_eq!(import(&new, &text, &[]).code, 0);
    new.engineer("postmaster@engineers.test", "Nobody Else").await;
    new.sent().await;
    // To a letter whose token opens nothing here, and to a mail of the customer's own.
    for (n, id) in [letter.as_str(), "a1@customer.test"].into_iter().enumerate() {
        let reply = from(ANNA, &format!("r{n}@customer.test")).answering(id).text("It helped, and now it beeps.");
        let settled = new.receive(&reply).await;
        assert_eq!((settled.ticket, settled.verdict.as_str()), (1, "threaded"), "{}", settled.reason);
    }
    assert_eq!(new.ticket(1, "status").await, "open");
    let copy = new.receive(&from("Carl <carl@other.test>", "c1@other.test").subject("An invoice").proven()).await;
    assert_eq!(copy.verdict, "duplicate");
}

#[tokio::test]
async fn beside_tickets_of_its_own_numbers_are_new_and_told() {
    let text = exported(&busy().await);
    let new = World::new().await;
    new.receive(&from("Dora <dora@new.test>", "d1@new.test")).await;
    let said = import(&new, &text, &[]);
    assert_eq!(
        said.out,
        "3 tickets: 3 new, 0 here before\n  CASE-1 is CASE-2 here\n  CASE-2 is CASE-3 here\n  CASE-3 is CASE-4 here\n"
    );
    assert_eq!(new.ticket(3, "linked_to").await, "2");
    let next = new.receive(&from("Eve <eve@new.test>", "v1@new.test")).await;
    assert_eq!(next.ticket, 5);
}

#[tokio::test]
async fn forms_come_with_what_they_know_and_links_open_nothing() {
    let old = crate::stories::desk().await;
    let mail = from(ANNA, "r1@customer.test").to("registration@example.test").text(crate::stories::COMPLETE);
    old.receive_at("registration", &mail).await;
    old.settle().await;
    old.execute("UPDATE outbox SET state = 'sent', sent_at = created_at").await;
    assert!(old.count("SELECT COUNT(*) FROM link").await > 0);
    let text = exported(&old);
    let new = World::new().await;
    assert_eq!(import(&new, &text, &["--follow-ups"]).code, 0);
    let lines = |text: &str| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>();
    let (was, is) = (lines(&text), lines(&exported(&new)));
    assert_eq!((&is[0]["form"], &is[0]["moving"]["form"]), (&was[0]["form"], &was[0]["moving"]["form"]));
    assert_eq!(is[0]["moving"]["links"], was[0]["moving"]["links"]);
    assert_eq!(new.count("SELECT COUNT(*) FROM link WHERE used_at IS NULL").await, 0);
    // The text of a letter with a link is not in an export, not even before it was sent.
    let secret =
        was[0]["messages"].as_array().unwrap().iter().find(|one| one["moving"]["notice"] == "activation").unwrap();
    assert_eq!(secret["moving"]["mail"], Value::Null);
}

#[tokio::test]
async fn broken_lines_are_told_and_the_rest_is_taken() {
    let text = exported(&busy().await);
    let lines: Vec<&str> = text.lines().collect();
    let cut = lines[2].get(..lines[2].len() - 9).unwrap();
    let odd = lines[1].replace("\"held\"", "\"asleep\"");
    let text = format!("{}\n\nno ticket\n{odd}\n{cut}", lines[0]);
    let new = World::new().await;
    let said = import(&new, &text, &[]);
    insta::assert_snapshot!("broken", format!("{}{}exit code {}", said.out, said.err, said.code));
    let light = run(&new, 0, &["ticket", "export", "--no-mails"]).out;
    let said = import(&World::new().await, &light, &[]);
    insta::assert_snapshot!("light", format!("{}{}exit code {}", said.out, said.err, said.code));
}

#[tokio::test]
async fn killed_in_between_it_goes_on() {
    let text = exported(&busy().await);
    let new = World::new().await;
    // As a kill after the first ticket leaves it.
    let first = text.lines().next().unwrap();
    assert_eq!(import(&new, first, &["--follow-ups"]).code, 0);
    let said = import(&new, &text, &["--follow-ups"]);
    assert_eq!(said.out, "3 tickets: 2 new, 1 here before\n");
    assert_eq!(exported(&new), text);
}
