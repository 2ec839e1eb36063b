//! What was said is found: from the moment at which it is on a case, by whatever people type, and never what is secret.

use caseway::desk::search::query;
use caseway::store::search;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::harness::mail::from;
use crate::harness::world::World;
use crate::views::run;

const ERKKI: &str = "Erkki Virtanen <erkki@example.test>";

/// The numbers of the tickets that are found, in order.
async fn found(world: &World, typed: &str) -> Vec<i64> {
    let query = query::parse(typed, "CASE", &TimeZone::UTC).unwrap();
    let mut tx = world.app.store.read().await.unwrap();
    let hits = search::find(&mut tx, &query, 20).await.unwrap_or_else(|error| panic!("{typed}: {error:#}"));
    hits.into_iter().map(|hit| hit.ticket.id).collect()
}

/// Three cases: a printer (answered, with a note and a file), a licence in German, a server in Finnish and one in Japanese.
async fn desk() -> World {
    let mut world = World::new().await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    let file = "--b\nContent-Type: text/plain; charset=utf-8\n\nThe printer on the second floor won't print any more.\n--b\n\
        Content-Type: text/plain\nContent-Disposition: attachment; filename=\"spooler-trace.log\"\n\nx\n--b--";
    let printer = from("Anna Schmidt <anna@customer.test>", "a1@customer.test").text(file);
    world.receive(&printer.header("Content-Type", "multipart/mixed; boundary=b")).await;
    let told = world.sent().await.into_iter().find(|mail| mail.notice == "new_ticket").unwrap();
    let answer = from(ERKKI, "e1@example.test").proven().to(told.reply_to()).answering(told.message_id());
    world.receive(&answer.text("Please replace the fuser unit.")).await;
    let forward = from(ERKKI, "e2@example.test").proven().to(told.reply_to()).answering(told.message_id());
    let forward = forward.subject("Fwd: Fuser").text(
        "FYI\n\n---------- Forwarded message ---------\nFrom: Vera <vera@maker.test>\nDate: Mon, 2 Mar 2026 09:00:00 +0000\n\
         Subject: Fuser\nTo: Erkki <erkki@example.test>\n\nThe spare part is backordered until June.",
    );
    world.receive(&forward).await;
    let german = from("Jürgen Müller <juergen@kunde.test>", "j1@kunde.test").subject("Lizenzserver startet nicht");
    world.pass(SignedDuration::from_hours(24));
    world
        .receive(&german.text("Guten Tag, seit dem Umzug in die Große Straße startet der Lizenzserver nicht mehr."))
        .await;
    let finnish = from("Maija Mäkelä <maija@asiakas.test>", "m1@asiakas.test").subject("Palvelin ei käynnisty");
    world.receive(&finnish.text("Hei, lisenssin asennuksen jälkeen palvelin ei enää käynnisty. Terveisin Maija")).await;
    let japanese = from("田中 <tanaka@kyaku.test>", "t1@kyaku.test").subject("ライセンスの更新");
    world.receive(&japanese.text("サーバーのライセンスを更新できません。")).await;
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_is_found_by_what_people_type() {
    let world = desk().await;
    for (typed, tickets) in [
        ("printer", vec![1]),
        ("PRINTER second", vec![1]),
        ("fuser", vec![1]),
        ("backordered", vec![1]),
        ("spooler-trace.log", vec![1]),
        ("trace", vec![1]),
        ("won't", vec![1]),
        ("\"second floor\"", vec![1]),
        ("\"floor second\"", vec![]),
        ("\"print\"", vec![1]),
        ("\"prin\"", vec![]),
        ("prin", vec![1]),
        ("anna@customer.test", vec![1]),
        ("from:anna", vec![1]),
        ("from:erkki fuser", vec![1]),
        ("from:anna fuser", vec![]),
        ("[CASE-2]", vec![2]),
        ("case-1", vec![1]),
        ("CASE-99", vec![]),
        ("Müller", vec![2]),
        ("mueller", vec![2]),
        ("Muller", vec![2]),
        ("strasse", vec![2]),
        ("STRASSE", vec![2]),
        ("lizenz", vec![2]),
        ("lisenss", vec![3]),
        ("käynnisty palvelin", vec![3]),
        ("Kaynnisty", vec![3]),
        ("ライセンス", vec![4]),
        ("更新", vec![4]),
        ("新更", vec![]),
        ("start", vec![2]),
        ("printer in:support", vec![1]),
        ("printer in:sales", vec![]),
    ] {
        assert_eq!(found(&world, typed).await, tickets, "{typed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_comes_first_and_days_bound_it() {
    let world = desk().await;
    let day = |at: jiff::Timestamp| at.to_zoned(TimeZone::UTC).date();
    let (first, second) = (day(world.now().checked_sub(SignedDuration::from_hours(24)).unwrap()), day(world.now()));
    assert_eq!(found(&world, "from:test").await, [4, 3, 2, 1]);
    assert_eq!(found(&world, &format!("from:test after:{second}")).await, [4, 3, 2]);
    assert_eq!(found(&world, &format!("from:test before:{second}")).await, [1]);
    assert_eq!(found(&world, &format!("from:test after:{first} before:{second}")).await, [1]);
}

/// Every mail that is on a case is in the index when it is on the case, and what is deleted is not.
#[tokio::test(flavor = "multi_thread")]
async fn the_index_is_as_the_cases_are() {
    let world = desk().await;
    let said = "SELECT COUNT(*) FROM message WHERE ledger_id IS NOT NULL";
    let indexed = "SELECT COUNT(*) FROM search_docsize";
    assert_eq!((world.count(said).await, world.count(indexed).await), (6, 6));
    world.execute("DELETE FROM message WHERE ticket_id = 2").await;
    assert_eq!(found(&world, "lizenzserver").await, [0_i64; 0]);
    assert_eq!(world.count(indexed).await, world.count(said).await);
    // What a mail that is decided anew would do.
    assert_eq!(found(&world, "palvelin").await, [3]);
}

/// Made anew, the index finds the same, whatever was lost.
#[tokio::test(flavor = "multi_thread")]
async fn the_index_is_made_anew() {
    let world = desk().await;
    let typed = ["printer", "fuser", "backordered", "müller", "lisenss", "更新", "from:erkki", "trace"];
    let mut before = Vec::new();
    for typed in typed {
        before.push(found(&world, typed).await);
    }
    assert!(before.iter().all(|tickets| tickets.len() == 1));
    world.execute("INSERT INTO search (search) VALUES ('delete-all')").await;
    assert_eq!(found(&world, "printer").await, [0_i64; 0]);
    let ran = run(&world, 80, &["search", "rebuild"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "6 messages can be found.\n"), "{}", ran.err);
    for (typed, before) in typed.into_iter().zip(before) {
        assert_eq!(found(&world, typed).await, before, "{typed}");
    }
}

/// A reply address that somebody pasted is found by nobody: its token is no word.
#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_not_found() {
    let mut world = World::new().await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world.receive(&from("anna@customer.test", "a1@customer.test")).await;
    let mine = world.sent().await.into_iter().find(|mail| mail.notice == "acknowledgement").unwrap();
    let reply = from("anna@customer.test", "a2@customer.test").answering(mine.message_id());
    world.receive(&reply.text(&format!("You may write to me at {} as well, zebra.", mine.reply_to()))).await;
    assert_eq!(found(&world, "zebra").await, [1]);
    let token = mine.reply_to().split(['+', '@']).nth(1).unwrap().to_owned();
    assert_eq!(found(&world, &token).await, [0_i64; 0]);
    assert_eq!(found(&world, &token[..12]).await, [0_i64; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_finds_the_same() {
    let world = desk().await;
    let said: Vec<String> = [
        vec!["search", "from:test"],
        vec!["search", "fuser", "unit"],
        vec!["search", "from:test", "--limit", "2"],
        vec!["search", "\"never closed"],
        vec!["search"],
        vec!["search", "printer", "after:tomorrow"],
    ]
    .iter()
    .map(|args| {
        let ran = run(&world, 80, args);
        format!("$ caseway {}\n{}{}", args.join(" "), ran.out, ran.err)
    })
    .collect();
    insta::assert_snapshot!(said.join("\n"));
    let json = run(&world, 80, &["search", "fuser", "--json"]).json();
    assert_eq!((&json[0]["case_id"], json[0]["found_at"].is_string()), (&"CASE-1".into(), true));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is typed is looked for: the index never takes it for its own language.
    #[test]
    fn nothing_that_is_typed_is_a_mistake(typed in proptest::collection::vec(
        prop_oneof![
            "\\PC{0,12}", Just("\"".to_owned()), Just("NEAR(".to_owned()), Just("AND".to_owned()), Just("OR".to_owned()),
            Just("NOT".to_owned()), Just("-".to_owned()), Just("*".to_owned()), Just("^a".to_owned()), Just("subject:".to_owned()),
            Just("from:\"x".to_owned()), Just("{a b}:c".to_owned()), Just("a+b".to_owned()), Just("\u{0}x".to_owned()),
            Just("\u{301}".to_owned()), Just("٣".to_owned()), Just("½²".to_owned()),
        ], 1..40)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let world = World::new().await;
            world.receive(&from("anna@customer.test", "a1@customer.test")).await;
            let mut tx = world.app.store.read().await.unwrap();
            for typed in typed.iter().map(String::as_str).chain([typed.join(" ").as_str(), typed.concat().as_str()]) {
                if let Ok(query) = query::parse(typed, "CASE", &TimeZone::UTC) {
                    search::find(&mut tx, &query, 20).await.unwrap_or_else(|error| panic!("{typed:?}: {error:#}"));
                }
            }
        });
    }
}
