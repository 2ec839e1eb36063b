//! An archive of mails becomes tickets, and nobody hears of it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use caseway::intake::archive::{self, Archive};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::harness::mail::{Letter, from};
use crate::harness::world::World;
use crate::views::{Said, run};

const ANNA: &str = "Anna Schmidt <anna@customer.test>";
const BERT: &str = "Bert Maier <bert@customer.test>";
const DESK: &str = "Support <support@example.test>";
const ERKKI: &str = "Erkki Virtanen <erkki@engineers.test>";

/// A mail of January 2026, as a server delivered it.
fn mail(sender: &str, id: &str, day: u32) -> Letter {
    let date = format!("{day} Jan 2026 09:00:00 +0000");
    from(sender, id).header("Date", &date).on_top("Received", &format!("from a by mx.example.test; {date}"))
}

/// The same as its author's program kept it.
fn kept(sender: &str, id: &str, day: u32) -> Letter {
    from(sender, id).header("Date", &format!("{day} Jan 2026 09:00:00 +0000"))
}

/// By the mboxrd rule, with the line ends of Unix.
fn mbox(letters: &[Letter]) -> String {
    let mail = |letter: &Letter| {
        let text = String::from_utf8(letter.bytes()).unwrap().replace("\r\n", "\n");
        let quoted = |line: &str| line.trim_start_matches('>').starts_with("From ");
        let lines: String =
            text.lines().map(|line| format!("{}{line}\n", if quoted(line) { ">" } else { "" })).collect();
        format!("From a@b.test Mon Jan  5 10:00:00 2026\n{lines}\n")
    };
    letters.iter().map(mail).collect()
}

fn file(world: &World, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = world.dir.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

fn import(world: &World, args: &[&str]) -> Said {
    run(world, 0, &[&["import"], args].concat())
}

/// Tickets without what only numbers rows.
fn tickets(world: &World) -> Vec<Value> {
    let message = |message: &Value| {
        json!([
            message["direction"],
            message["visibility"],
            message["author"]["email"],
            message["message_id"],
            message["date"]
        ])
    };
    let ticket = |ticket: &Value| {
        let list = |name: &str| ticket[name].as_array().unwrap().clone();
        json!({
            "ticket": [ticket["case_id"], ticket["status"], ticket["requester"]["email"], ticket["assignee"]["email"], ticket["created_at"], ticket["updated_at"]],
            "messages": list("messages").iter().map(message).collect::<Vec<_>>(),
            "people": list("participants").iter().map(|one| json!([one["role"], one["email"]])).collect::<Vec<_>>(),
            "events": list("events").iter().map(|one| json!([one["kind"], one["at"], one["detail"]])).collect::<Vec<_>>(),
        })
    };
    run(world, 0, &["ticket", "export"]).json().iter().map(ticket).collect()
}

/// Nothing went out, nothing is due, nobody is asked.
async fn nobody_hears(world: &World) {
    for table in ["outbox", "follow_up", "directory_task", "link", "form", "first_contact", "unplaced"] {
        let sql: &'static str = Box::leak(format!("SELECT COUNT(*) FROM {table}").into_boxed_str());
        assert_eq!(world.count(sql).await, 0, "{table}");
    }
    assert_eq!(world.tick().await, None);
}

/// An inbox and the sent mails beside it.
fn conversation() -> (Vec<Letter>, Vec<Letter>) {
    let inbox = vec![
        mail(ANNA, "a1@customer.test", 5).text("The printer blinks.\n\nFrom here on it beeps."),
        mail(ANNA, "a2@customer.test", 7).answering("s1@example.test").text("It does not help."),
        mail(BERT, "b1@customer.test", 8).answering("s1@example.test").text("Mine, too."),
        mail(ERKKI, "e1@engineers.test", 9)
            .answering("a2@customer.test")
            .to("Anna <anna@customer.test>, support@example.test")
            .text("A new one is on its way."),
        mail(ERKKI, "e2@engineers.test", 10).answering("a2@customer.test").text("/close\n\nThat was the third one."),
        mail("Carl <carl@elsewhere.test>", "c1@elsewhere.test", 11).subject("An invoice"),
        mail("Carl <carl@elsewhere.test>", "v1@elsewhere.test", 12)
            .header("Auto-Submitted", "auto-replied")
            .subject("Away")
            .text("I am away."),
        mail("Mia <mia@stranger.test>", "m1@stranger.test", 13).answering("a1@customer.test").text("Me, too!"),
    ];
    let sent = vec![
        kept(DESK, "s1@example.test", 6)
            .to(ANNA)
            .header("Cc", BERT)
            .answering("a1@customer.test")
            .text("Please switch it off and on."),
        kept(DESK, "s2@example.test", 14)
            .to("Dora <dora@customer.test>")
            .subject("Your contract")
            .text("It ends soon."),
    ];
    (inbox, sent)
}

#[tokio::test]
async fn an_archive_becomes_closed_tickets_with_their_threads() {
    let mut world = World::new().await;
    world.engineer("erkki@engineers.test", "Erkki Virtanen").await;
    let (inbox, sent) = conversation();
    // The line ends of one are those of Windows.
    let (inbox, sent) =
        (file(&world, "inbox.mbox", mbox(&inbox).replace('\n', "\r\n")), file(&world, "sent.mbox", mbox(&sent)));
    let said = import(&world, &["mbox", "--as-history", &inbox, &sent]);
    let _settled = crate::views::settled(&world);
    insta::assert_snapshot!("report", format!("{}{}exit code {}", said.out, said.err, said.code));
    insta::assert_json_snapshot!("tickets", tickets(&world));
    nobody_hears(&world).await;
    assert!(world.sent().await.is_empty());

    let again = import(&world, &["mbox", "--as-history", &inbox, &sent]);
    assert_eq!((again.out, again.code), (said.out, 0));
    assert_eq!(world.count("SELECT COUNT(*) FROM ledger").await, 10);
    // A newer word is found by what was said years ago.
    let found = run(&world, 0, &["search", "beeps"]);
    assert!(found.out.contains("CASE-1"), "{}", found.out);
}

#[tokio::test]
async fn what_is_not_over_stays_open() {
    let world = World::new().await;
    let letters = [
        mail(ANNA, "a1@customer.test", 5),
        mail(BERT, "b1@customer.test", 20).subject("A question"),
        kept(DESK, "s1@example.test", 21).to(BERT).answering("b1@customer.test"),
        mail(ANNA, "a2@customer.test", 22).subject("Another"),
        // An answer that is older than the last word changes nothing.
        kept(DESK, "s2@example.test", 23).to(ANNA).answering("a3@customer.test"),
        mail(ANNA, "a3@customer.test", 24).answering("a2@customer.test"),
    ];
    let (first, later) = letters.split_at(4);
    let (first, later) = (file(&world, "first.mbox", mbox(first)), file(&world, "later.mbox", mbox(later)));
    for path in [first, later] {
        assert_eq!(import(&world, &["mbox", "--as-history", "--open-since", "2026-01-20", &path]).code, 0);
    }
    let status = tickets(&world).iter().map(|ticket| ticket["ticket"][1].clone()).collect::<Vec<_>>();
    assert_eq!(status, ["closed", "waiting", "open", "waiting"]);
    nobody_hears(&world).await;
}

#[tokio::test]
async fn a_gateway_goes_on_where_the_archive_ends() {
    let mut world = World::new().await;
    world.engineer("erkki@engineers.test", "Erkki Virtanen").await;
    let old = mail(ANNA, "a1@customer.test", 5);
    let recent = from(BERT, "b1@customer.test").subject("Yesterday").header("Date", "Sun, 1 Mar 2026 09:00:00 +0000");
    let path = file(&world, "all.mbox", mbox(&[old.clone(), recent]));
    assert_eq!(import(&world, &["mbox", "--as-history", &path]).code, 0);
    // The mailbox is read as well: what is known from the archive is not answered.
    let copy = world.receive(&old).await;
    assert_eq!((copy.verdict.as_str(), copy.ticket), ("duplicate", 1));
    assert!(world.sent().await.is_empty());
    let reply = world.receive(&from(BERT, "b2@customer.test").answering("b1@customer.test").text("Any news?")).await;
    assert_eq!((reply.ticket, world.ticket(2, "status").await.as_str()), (2, "open"));
    assert_eq!(world.notices().await, ["customer_reply → erkki@engineers.test"]);
    // Whom the engineer answers now is reminded as usual.
    let late = world.receive(&from(ANNA, "a2@customer.test").answering("a1@customer.test").text("It is back.")).await;
    assert_eq!(late.ticket, 3, "closed too long ago: {}", late.reason);
}

#[tokio::test]
async fn what_a_mailbox_held_at_its_first_start_gets_its_place() {
    let world = World::new().await;
    world.store_raw(&mail(ANNA, "a1@customer.test", 5).bytes()).await;
    world.execute("UPDATE ledger SET state = 'done', verdict = 'history', reason = 'it was there before'").await;
    let letters = [mail(ANNA, "a1@customer.test", 5), mail(ANNA, "a2@customer.test", 6).answering("a1@customer.test")];
    let path = file(&world, "all.mbox", mbox(&letters));
    assert_eq!(import(&world, &["mbox", "--as-history", &path]).code, 0);
    assert_eq!(world.count("SELECT COUNT(*) FROM message WHERE ticket_id = 1").await, 2);
    assert_eq!(world.count("SELECT COUNT(*) FROM raw").await, 3, "bytes differ by the line ends alone");
}

#[tokio::test]
async fn forms_wishes_and_marks_of_spam_begin_nothing() {
    let mut world = crate::stories::desk().await;
    let letters = [
        mail(ANNA, "a1@customer.test", 5).to("registration@example.test").text(crate::stories::COMPLETE),
        mail(ANNA, "a2@customer.test", 6).answering("a1@customer.test").text("Please close this case."),
        mail(BERT, "b1@customer.test", 7).on_top("X-Spam-Flag", "YES"),
        mail(ANNA, "d1@customer.test", 8)
            .on_top("Authentication-Results", "mx.example.test; dmarc=fail header.from=customer.test"),
    ];
    let archive = Archive::Mbox(file(&world, "all.mbox", mbox(&letters)).into());
    let ctx = world.app.intake(&CancellationToken::new());
    let found = archive::take(&ctx, "registration", &archive, |_| {}).await.unwrap();
    assert_eq!((found.mails, found.new), (4, 4));
    world.app.past(None).place(|_| {}).await.unwrap();
    nobody_hears(&world).await;
    assert!(world.sent().await.is_empty());
    assert_eq!(world.count("SELECT COUNT(*) FROM ticket WHERE status = 'closed'").await, 3);
    assert_eq!(world.count("SELECT COUNT(*) FROM ticket").await, 3);
}

/// Kills it again and again, at whatever it does; in the end all is there, once, and as it is without.
#[tokio::test]
async fn killed_at_any_moment_it_loses_nothing_and_takes_nothing_twice() {
    let letters: Vec<Letter> = (0..400)
        .map(|n| {
            let letter = mail(ANNA, &format!("m{n}@customer.test"), 1 + n / 20).subject(&format!("Request {n}"));
            if n % 3 == 0 { letter } else { letter.answering(&format!("m{}@customer.test", n - 1)) }
        })
        .collect();
    let whole = World::new().await;
    let path = file(&whole, "all.mbox", mbox(&letters));
    assert_eq!(import(&whole, &["mbox", "--as-history", &path]).code, 0);

    let killed = World::new().await;
    let path = file(&killed, "all.mbox", mbox(&letters));
    assert_eq!(run(&killed, 0, &["ticket", "list"]).code, 0, "writes the configuration");
    for life in 1_u64.. {
        let mut child = Command::new(env!("CARGO_BIN_EXE_caseway"))
            .args(["import", "mbox", "--as-history", &path])
            .current_dir(killed.dir.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::park_timeout(Duration::from_millis(20 + 50 * life));
        if let Some(ended) = child.try_wait().unwrap() {
            assert!(ended.success());
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert_eq!(killed.count("SELECT COUNT(*) FROM ledger").await, 400);
    assert_eq!(tickets(&killed), tickets(&whole));
    assert_eq!(tickets(&whole).len(), 134);
    nobody_hears(&killed).await;
}

#[tokio::test]
async fn broken_files_are_told_and_the_rest_is_taken() {
    let world = World::new().await;
    let good = mbox(&[mail(ANNA, "a1@customer.test", 5), mail(BERT, "b1@customer.test", 6)]);
    let cut = good.get(..good.len() - 30).unwrap();
    let sentence =
        "From Monday on we are closed.\n\nFrom a@b.test Mon Jan  5 10:00:00 2026\nis what a separator looks like.";
    let marked = [
        mail(ANNA, "x1@customer.test", 7).header("X-Mozilla-Status", "0009"),
        mail(ANNA, "x2@customer.test", 8).header("X-Status", "T"),
        mail(ANNA, "x3@customer.test", 9).subject("Closed").text(sentence),
    ];
    let unquoted = mbox(&marked).replace("\n>From ", "\nFrom ");
    let files = [
        file(&world, "cut.mbox", cut),
        file(&world, "marked.mbox", unquoted),
        file(&world, "no.mbox", [&b"\x89PNG\r\n\x1a\n\0\0\n\n"[..], good.as_bytes()].concat()),
        file(&world, "empty.mbox", ""),
    ];
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let said = import(&world, &[&["mbox", "--as-history"], &files[..]].concat());
    let _settled = crate::views::settled(&world);
    insta::assert_snapshot!("broken", format!("{}{}exit code {}", said.out, said.err, said.code));
    let missing = import(&world, &["mbox", "--as-history", "/no/such/file"]);
    insta::assert_snapshot!("missing", format!("{}{}exit code {}", missing.out, missing.err, missing.code));
    let tickets = run(&world, 0, &["ticket", "export"]).json();
    let text = tickets.iter().find(|ticket| ticket["subject"] == "Closed").unwrap()["messages"][0]["text"].clone();
    assert!(text.as_str().unwrap().contains("is what a separator looks like."), "{text}");
    nobody_hears(&world).await;
}

/// Dovecot quotes nothing and says how long a mail is; whoever makes up a length ends nobody else's mail.
#[tokio::test]
async fn lengths_are_believed_where_a_mail_ends_there() {
    let world = World::new().await;
    let words = "Hello,\n\nFrom a@b.test Mon Jan  5 10:00:00 2026\nSubject: forged\nFrom: boss@example.test\n\nPay this.\n>From now on.";
    let length = |extra: i64| (i64::try_from(words.len()).unwrap() + 1 + extra).to_string();
    let letters = [
        mail(ANNA, "a1@customer.test", 5).text(words).header("Content-Length", &length(0)),
        mail(BERT, "b1@customer.test", 6).header("Content-Length", "5"),
        mail(BERT, "b2@customer.test", 7).header("Content-Length", "100000"),
        mail(ANNA, "a2@customer.test", 8).text(words).header("Content-Length", &length(0)),
    ];
    let dovecots = mbox(&letters).replace("\n>From a@b", "\nFrom a@b").replace("\n>>From", "\n>From");
    let path = file(&world, "dovecot.mbox", dovecots);
    let said = import(&world, &["mbox", "--as-history", &path]);
    assert!(said.out.contains("4 mails\n  4 on 4 tickets"), "{}", said.out);
    let text = run(&world, 0, &["ticket", "export"]).json()[3]["messages"][0]["text"].clone();
    assert!(text.as_str().unwrap().contains("\nPay this.\n>From now on."), "{text}");
}

#[tokio::test]
async fn a_maildir_is_taken_by_its_flags_and_with_its_folders() {
    let world = World::new().await;
    let put = |name: &str, letter: &Letter| file(&world, &format!("maildir/{name}"), letter.bytes());
    put("cur/1.M1P1.host:2,S", &mail(ANNA, "a1@customer.test", 5));
    put("new/2.M1P1.host", &mail(ANNA, "a2@customer.test", 6).answering("s1@example.test"));
    put("cur/3.M1P1.host:2,ST", &mail(ANNA, "a3@customer.test", 7));
    put("cur/4.M1P1.host:2,D", &mail(ANNA, "a4@customer.test", 8));
    file(&world, "maildir/cur/5.M1P1.host:2,S", "no mail at all");
    put(".Sent/cur/6.M1P1.host:2,S", &kept(DESK, "s1@example.test", 5).to(ANNA).answering("a1@customer.test"));
    for folder in ["new", ".Sent/new", ".Sent/cur", ".Trash"] {
        fs::create_dir_all(world.dir.path().join("maildir").join(folder)).unwrap();
    }
    let before = listed(&world);
    let path = world.dir.path().join("maildir").display().to_string();
    let said = import(&world, &["maildir", "--as-history", "--folders", &path]);
    let _settled = crate::views::settled(&world);
    insta::assert_snapshot!("maildir", format!("{}{}exit code {}", said.out, said.err, said.code));
    assert_eq!(listed(&world), before, "no file is touched");
    assert_eq!(tickets(&world)[0]["messages"].as_array().unwrap().len(), 3);
    let json = import(&world, &["maildir", "--as-history", "--json", &path]);
    assert_eq!(json.code, 1);
    let line: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((&line["mails"], &line["on_tickets"], &line["deleted"]), (&json!(2), &json!(2), &json!(1)));
}

fn listed(world: &World) -> Vec<PathBuf> {
    let root = world.dir.path().join("maildir");
    let folders = ["cur", "new", ".Sent/cur", ".Sent/new"];
    let files =
        |folder: &&str| fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let mut all: Vec<PathBuf> = folders.iter().flat_map(files).collect();
    all.sort();
    all
}

#[tokio::test]
async fn beside_a_gateway_it_does_nothing_and_says_so() {
    let world = World::new().await;
    let path = file(&world, "all.mbox", mbox(&[mail(ANNA, "a1@customer.test", 5)]));
    let owner = world.app.store.own().await.unwrap().unwrap();
    let said = import(&world, &["mbox", "--as-history", &path]);
    insta::assert_snapshot!("beside", format!("{}{}exit code {}", said.out, said.err, said.code));
    assert_eq!(world.count("SELECT COUNT(*) FROM ledger").await, 0);
    drop(owner);
    assert_eq!(import(&world, &["mbox", "--as-history", &path]).code, 0);
}

/// As many as a small desk has in years. What is held at a time is a batch: the file is read as a stream, and mails wait in the ledger.
#[tokio::test]
async fn ten_thousand_mails_are_placed() {
    let world = World::new().await;
    let path = world.dir.path().join("all.mbox");
    let mut out = std::io::BufWriter::new(fs::File::create(&path).unwrap());
    for n in 0..10_000 {
        let letter = mail(&format!("c{}@customer.test", n % 500), &format!("m{n}@customer.test"), 1 + n / 400);
        let letter = if n < 2_000 { letter } else { letter.answering(&format!("m{}@customer.test", n - 2_000)) };
        std::io::Write::write_all(&mut out, mbox(&[letter.subject(&format!("Request {}", n % 2_000))]).as_bytes())
            .unwrap();
    }
    drop(out);
    let said = import(&world, &["mbox", "--as-history", &path.display().to_string()]);
    assert!(said.out.contains("10000 on 2000 tickets"), "{}{}", said.out, said.err);
    assert_eq!(world.count("SELECT COUNT(*) FROM message").await, 10_000);
    nobody_hears(&world).await;
}
