use super::{desk, run, settled};
use crate::harness::world::World;

/// A desk whose outgoing mails are in every state.
async fn sending() -> World {
    let world = desk().await;
    for sql in [
        "UPDATE outbox SET state = 'sent', attempts = 1, sent_at = 1772443860000000, next_attempt_at = 9223372036854775807 WHERE id = 1",
        "UPDATE outbox SET state = 'failed', attempts = 1, last_error = '550 5.1.1 no such user here', next_attempt_at = 9223372036854775807 WHERE id = 2",
        "UPDATE outbox SET state = 'later', attempts = 3, last_error = '451 4.7.1 greylisted, try again in five minutes', next_attempt_at = 1772447000000000 WHERE id = 3",
        "UPDATE outbox SET state = 'ambiguous', resent = 1, attempts = 2, last_error = 'the connection broke after the final dot', next_attempt_at = 9223372036854775807 WHERE id = 4",
    ] {
        world.execute(sql).await;
    }
    world
}

async fn states(world: &World) -> Vec<String> {
    run(world, 80, &["outbox", "list", "--json", "--limit", "0"])
        .json()
        .iter()
        .rev()
        .map(|mail| format!("{} {}", mail["id"], mail["state"].as_str().unwrap()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn outgoing_mails_are_listed() {
    let world = sending().await;
    let _settled = settled(&world);
    insta::assert_snapshot!("outbox_list_80", run(&world, 80, &["outbox", "list"]).out);
    insta::assert_snapshot!("outbox_list_140", run(&world, 140, &["outbox", "list"]).out);
    insta::assert_snapshot!("outbox_list_json", run(&world, 80, &["outbox", "list", "--json"]).out);
}

#[tokio::test(flavor = "multi_thread")]
async fn outgoing_mails_are_found() {
    let world = sending().await;
    let found = |args: &[&str]| {
        let args = [&["outbox", "list", "--json"], args].concat();
        run(&world, 80, &args).json().iter().map(|mail| mail["id"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(found(&["--state", "failed,ambiguous"]), [4, 2]);
    assert_eq!(found(&["--case", "1", "--notice", "acknowledgement"]), [1]);
    assert_eq!(found(&["--to", "ANNA@customer.test", "--state", "sent"]), [1]);
    assert_eq!(found(&["--limit", "1", "--case", "1"]).len(), 1);
    assert_eq!(run(&world, 80, &["outbox", "list", "--state", "sending"]).out, "No mails match.\n");
    let first = run(&world, 80, &["outbox", "list", "--limit", "1"]);
    assert_eq!(first.err, "There are more mails than 1; --limit 0 shows all.\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outgoing_mail_is_shown() {
    let world = sending().await;
    let _settled = settled(&world);
    let shown = run(&world, 80, &["outbox", "show", "2"]).out;
    let (head, letter) = shown.split_once("##-").unwrap();
    insta::assert_snapshot!("outbox_show_80", head);
    assert!(letter.ends_with("\n\nFile  printer.log (text/plain, 18 B)\n"), "{letter}");
    let json = run(&world, 80, &["outbox", "show", "2", "--json"]).json();
    assert_eq!(json[0]["state"], "failed");
    assert_eq!(json[0]["mail"]["subject"], json[0]["subject"]);
    let raw = run(&world, 80, &["outbox", "show", "2", "--raw"]);
    assert!(raw.bytes.windows(11).any(|window| window == b"Message-ID:"), "{}", raw.out);
    assert!(raw.bytes.ends_with(b"\r\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_tells_what_did_not_arrive() {
    let world = sending().await;
    let shown = run(&world, 80, &["ticket", "show", "1"]).out;
    insta::assert_snapshot!("trouble", shown.split("\n\n──").next().unwrap());
    assert!(!run(&world, 80, &["ticket", "show", "2"]).out.contains("Trouble"));
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_are_sent_again_and_withdrawn() {
    let world = sending().await;
    let before = states(&world).await;
    assert_eq!(before[..5], ["1 sent", "2 failed", "3 later", "4 ambiguous", "5 queued"]);
    let cancelled = run(&world, 80, &["outbox", "cancel", "1", "2", "3", "4", "5", "99"]);
    assert_eq!(cancelled.code, 1);
    insta::assert_snapshot!("outbox_cancel", format!("{}{}", cancelled.out, cancelled.err));
    assert_eq!(states(&world).await[..5], ["1 sent", "2 failed", "3 cancelled", "4 ambiguous", "5 cancelled"]);
    let retried = run(&world, 80, &["outbox", "retry", "1", "2", "3", "4", "99"]);
    assert_eq!(retried.code, 1);
    insta::assert_snapshot!("outbox_retry", format!("{}{}", retried.out, retried.err));
    assert_eq!(states(&world).await[..5], ["1 sent", "2 queued", "3 queued", "4 queued", "5 cancelled"]);
    assert_eq!(run(&world, 80, &["outbox", "retry", "5"]).code, 0);
    assert_eq!(
        world.count("SELECT COUNT(*) FROM outbox WHERE state = 'queued' AND first_attempt_at IS NULL AND id < 6").await,
        4
    );
}
