use super::{desk, run, settled};
use crate::harness::mail::from;
use crate::harness::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn mails_are_listed() {
    let world = desk().await;
    let _settled = settled(&world);
    insta::assert_snapshot!("mail_list_80", run(&world, 80, &["mail", "list"]).out);
    insta::assert_snapshot!("mail_list_140", run(&world, 140, &["mail", "list"]).out);
    insta::assert_snapshot!("mail_list_json", run(&world, 80, &["mail", "list", "--limit", "2", "--json"]).out);
    insta::assert_snapshot!("mail_export", run(&world, 80, &["mail", "export"]).out);
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_are_found() {
    let world = desk().await;
    let found = |args: &[&str]| {
        let args = [&["mail", "list", "--json"], args].concat();
        run(&world, 80, &args).json().iter().map(|mail| mail["id"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(found(&["--state", "quarantined"]), [7]);
    assert_eq!(found(&["--state", "new,quarantined"]), [8, 7]);
    assert_eq!(found(&["--verdict", "held,duplicate"]), [6, 4]);
    assert_eq!(found(&["--case", "CASE-1", "--verdict", "threaded"]), [3, 2]);
    assert_eq!(found(&["--mailbox", "sales"]), Vec::<i64>::new());
    assert_eq!(found(&["--from", "SCHMIDT", "--limit", "2"]), [7, 6]);
    assert_eq!(found(&["--from", "anna@", "--search", "toner"]), [7]);
    assert_eq!(found(&["--search", "日本語"]), [5]);
    let first = run(&world, 80, &["mail", "list", "--from", "anna", "--limit", "1"]);
    assert_eq!(first.err, "There are more mails than 1; --limit 0 shows all.\n");
    assert_eq!(run(&world, 80, &["mail", "list", "--verdict", "bounce"]).out, "No mails match.\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_shown_and_given_back_as_it_came() {
    let world = desk().await;
    let _settled = settled(&world);
    insta::assert_snapshot!("mail_show_80", run(&world, 80, &["mail", "show", "1"]).out);
    insta::assert_snapshot!("mail_show_140", run(&world, 140, &["mail", "show", "4"]).out);
    insta::assert_snapshot!("mail_show_waiting", run(&world, 80, &["mail", "show", "8"]).out);
    let mut shown = run(&world, 80, &["mail", "show", "1", "--json"]).json().remove(0);
    let mail = shown.as_object_mut().unwrap().remove("mail").unwrap();
    assert_eq!(shown, run(&world, 80, &["mail", "export"]).json()[0]);
    std::fs::write(world.dir.path().join("a mail"), super::request()).unwrap();
    let mut inspected = run(&world, 80, &["mail", "inspect", "--json", "a mail"]).json().remove(0);
    inspected["file"] = mail["file"].clone();
    assert_eq!(mail, inspected);
    assert_eq!(run(&world, 80, &["mail", "raw", "1"]).bytes, super::request());
    let odd =
        [b"From: a@customer.test\r\nSubject: \xff\x00\x80\r\n\r\n".as_slice(), &[0, 159, 146, 150, 13, 10]].concat();
    let id = world.store_raw(&odd).await.to_string();
    assert_eq!(run(&world, 80, &["mail", "raw", &id]).bytes, odd);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_explained() {
    let world = desk().await;
    let _settled = settled(&world);
    for (id, name) in [("1", "opened"), ("2", "answer"), ("4", "held"), ("7", "quarantined"), ("8", "waiting")] {
        insta::assert_snapshot!(format!("mail_explain_{name}"), run(&world, 80, &["mail", "explain", id]).out);
    }
    insta::assert_snapshot!("mail_explain_140", run(&world, 140, &["mail", "explain", "4"]).out);
    insta::assert_json_snapshot!("mail_explain_json", run(&world, 80, &["mail", "explain", "4", "--json"]).json());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_explained_without_a_database() {
    let world = World::new().await;
    let letter = from("Anna <anna@customer.test>", "a9@customer.test")
        .subject("Re: [CASE-7] The printer")
        .answering("r1@example.test")
        .text("It works now.\n\nOn Mon, 2 Mar 2026 Erkki wrote:\n> Please try again.\n> And again.");
    std::fs::write(world.dir.path().join("mail.eml"), letter.bytes()).unwrap();
    let _settled = settled(&world);
    let said = run(&world, 80, &["mail", "explain", "mail.eml", "--config", "none.toml"]);
    insta::assert_snapshot!("mail_explain_file", said.out);
    insta::assert_snapshot!("mail_explain_no_file", run(&world, 80, &["mail", "explain", "none.eml"]).err);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_quarantined_mails_are_replayed() {
    let world = desk().await;
    let refused = run(&world, 80, &["mail", "replay", "4", "8", "99"]);
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    insta::assert_snapshot!("mail_replay_refused", refused.err);
    let done = run(&world, 80, &["mail", "replay", "--quarantined"]);
    assert_eq!(done.code, 0, "{}", done.err);
    insta::assert_snapshot!("mail_replay", done.out);
    assert_eq!(world.settled(7).await.verdict, "opened");
    assert_eq!(run(&world, 80, &["mail", "replay", "--quarantined"]).out, "No mail is quarantined.\n");
}
