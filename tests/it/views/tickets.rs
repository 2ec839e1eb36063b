use super::{desk, run, settled};
use crate::harness::mail::from;
use crate::harness::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn tickets_are_listed() {
    let world = desk().await;
    let _settled = settled(&world);
    insta::assert_snapshot!("ticket_list_80", run(&world, 80, &["ticket", "list"]).out);
    insta::assert_snapshot!("ticket_list_140", run(&world, 140, &["ticket", "list"]).out);
    insta::assert_snapshot!("ticket_list_json", run(&world, 80, &["ticket", "list", "--json"]).out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_shown() {
    let world = desk().await;
    let _settled = settled(&world);
    let shown = run(&world, 80, &["ticket", "show", "[case-1]"]);
    assert!(!shown.out.contains("SECRET"), "an engineer's quoted tail is not what was said");
    insta::assert_snapshot!("ticket_show_80", shown.out);
    insta::assert_snapshot!("ticket_show_140", run(&world, 140, &["ticket", "show", "1"]).out);
    insta::assert_snapshot!("ticket_show_held", run(&world, 80, &["ticket", "show", "CASE-2"]).out);
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_are_exported_with_all_that_belongs_to_them() {
    let world = desk().await;
    let _settled = settled(&world);
    let exported = run(&world, 80, &["ticket", "export", "--no-mails"]);
    let shown = run(&world, 80, &["ticket", "show", "1", "--json"]);
    assert_eq!(exported.out.lines().next(), shown.out.lines().next());
    assert_in_order(
        exported.out.lines().next().unwrap(),
        "case_id subject status priority queue language requester name email assignee participants name email role
         created_at updated_at messages id direction author name email visibility from to cc subject message_id date text
         reply_text attachments filename content_type size sha256 inline sha256 events at kind by detail",
    );
    let mut tickets = exported.json();
    for message in tickets.iter_mut().flat_map(|ticket| ticket["messages"].as_array_mut().unwrap()) {
        if message["author"].is_null() {
            // The words are the templates' own matter.
            assert!(message["text"].as_str().unwrap().starts_with("##-"), "{message}");
            assert!(message["reply_text"].as_str().unwrap().starts_with("Hello"), "{message}");
            message["text"] = "[LETTER]".into();
            message["reply_text"] = "[LETTER]".into();
        }
    }
    insta::assert_json_snapshot!("ticket_export", tickets);
}

/// The order in which fields are written, which parsing would lose.
fn assert_in_order(line: &str, names: &str) {
    let mut rest = line;
    for name in names.split_whitespace() {
        let field = format!("\"{name}\":");
        let at = rest.find(&field).unwrap_or_else(|| panic!("{name} is not in {rest}"));
        rest = &rest[at + field.len()..];
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_are_found() {
    let world = desk().await;
    world.receive(&from("Cara <cara@customer.test>", "x1@customer.test").subject("ÖLWANNE leckt")).await;
    world.execute("UPDATE ticket SET priority = 'high' WHERE id = 4").await;
    let found = |args: &[&str]| {
        let args = [&["ticket", "list", "--json"], args].concat();
        run(&world, 80, &args).json().iter().map(|t| t["case_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found(&[]), ["CASE-4", "CASE-3", "CASE-2", "CASE-1"]);
    assert_eq!(found(&["--status", "held"]), ["CASE-2"]);
    assert_eq!(found(&["--status", "held,new"]), ["CASE-4", "CASE-3", "CASE-2"]);
    assert_eq!(found(&["--assignee", "ERKKI@engineers.test"]), ["CASE-1"]);
    assert_eq!(found(&["--assignee", "nobody", "--status", "new"]), ["CASE-4", "CASE-3"]);
    assert_eq!(found(&["--requester", "anna@customer.test"]), ["CASE-1"]);
    assert_eq!(found(&["--queue", "support", "--search", "ölwanne"]), ["CASE-4"]);
    assert_eq!(found(&["--search", "drucker", "--search", "0x8007"]), ["CASE-1"]);
    assert_eq!(found(&["--queue", "sales"]), Vec::<String>::new());
    let first = run(&world, 80, &["ticket", "list", "--limit", "1"]);
    assert_eq!(first.out.lines().count(), 2);
    assert!(first.out.contains("PRIORITY") && first.out.contains("high"), "{}", first.out);
    assert_eq!(first.err, "There are more tickets than 1; --limit 0 shows all.\n");
    assert_eq!(run(&world, 80, &["ticket", "list", "--status", "closed"]).out, "No tickets match.\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_told() {
    let world = World::new().await;
    let _settled = settled(&world);
    let told: Vec<String> = [
        ["ticket", "show", "CASE-9"],
        ["ticket", "show", "HELP-9"],
        ["mail", "show", "9"],
        ["mail", "raw", "9"],
        ["mail", "explain", "9"],
        ["outbox", "show", "9"],
    ]
    .iter()
    .map(|args| {
        let said = run(&world, 80, args);
        assert_eq!((said.code, said.out.as_str()), (1, ""));
        said.err
    })
    .collect();
    insta::assert_snapshot!(told.concat());
    std::fs::remove_file(world.dir.path().join("caseway.db")).unwrap();
    insta::assert_snapshot!("no_database", run(&world, 80, &["ticket", "list"]).err);
}

/// More tickets than one page of the export and of the list has.
#[tokio::test(flavor = "multi_thread")]
async fn pages_lose_and_repeat_nothing() {
    let world = World::new().await;
    world.execute("INSERT INTO person (id, email, created_at) VALUES (1, 'anna@customer.test', 0)").await;
    world
        .execute(
            "WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 1234)
             INSERT INTO ticket (id, subject, status, mailbox, queue, language, requester_id, created_at, updated_at)
             SELECT id, 'Ticket ' || id, 'new', 'support', 'support', 'en', 1, id, id / 100 FROM n",
        )
        .await;
    let ids = |args: &[&str]| {
        run(&world, 80, args)
            .json()
            .iter()
            .map(|t| t["case_id"].as_str().unwrap()[5..].parse().unwrap())
            .collect::<Vec<i64>>()
    };
    assert_eq!(ids(&["ticket", "export", "--no-mails"]), (1..=1234).collect::<Vec<_>>());
    assert_eq!(ids(&["ticket", "list", "--limit", "0", "--json"]), (1..=1234).rev().collect::<Vec<_>>());
    assert_eq!(ids(&["ticket", "list", "--limit", "700", "--json"]), (535..=1234).rev().collect::<Vec<_>>());
}
