//! Copies of what the desk sent, in a folder of its account: each once, whatever breaks, and never in the way of taking.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use caseway::config::{After, Imap, ImapAuth, Mailbox, Secrets, Tls};
use caseway::intake;
use jiff::Timestamp;
use sqlx::Row;

use crate::harness::imap_script::{Fault, Held, Server, State, mail};
use crate::harness::intake::{Ledger, imap};
use crate::harness::mail::from;
use crate::harness::servers::Dovecot;
use crate::harness::world::World;

fn account(port: u16) -> Mailbox {
    imap(port, |imap| {
        imap.sent_folder = Some("Sent".to_owned());
        imap.timeout = Duration::from_millis(300);
    })
}

fn with_folder(state: &mut State) {
    state.folders.insert("Sent".to_owned(), Vec::new());
}

/// The Message-IDs of the copies, in the order in which they came.
fn copies(state: &State) -> Vec<String> {
    let id = |copy: &Vec<u8>| caseway::mail::read(copy).message_id.unwrap();
    state.folders.get("Sent").map(|copies| copies.iter().map(id).collect()).unwrap_or_default()
}

#[tokio::test]
async fn what_is_sent_is_copied_as_read_and_dated_while_idling() {
    let server = Server::start(1, with_folder).await;
    let ledger = Ledger::new().await;
    let running = ledger.run(account(server.port));
    server.until(|state| state.times("IDLE") == 1).await;
    let ids = ledger.send(3).await;
    server.until(|state| copies(state).len() == 3 && state.times("IDLE") == 2).await;
    running.stop().await;
    assert_eq!(ledger.owed().await, (0, 0));
    // Nothing is put there a second time.
    assert_eq!(ledger.once(&account(server.port)).await, 0);
    let state = server.state();
    assert_eq!(copies(&state), ids);
    let command = "APPEND \"Sent\" (\\Seen) \"02-Mar-2026 09:00:00 +0000\" {";
    assert_eq!((state.times("APPEND"), state.times(command), state.connections), (3, 3, 2), "{:?}", state.heard);
}

#[tokio::test]
async fn a_missing_folder_is_made_and_only_sent_mails_are_copied() {
    let server = Server::start(0, |_| {}).await;
    let ledger = Ledger::new().await;
    ledger.send(2).await;
    sqlx::query("UPDATE outbox SET state = 'queued', sent_at = NULL WHERE id = 2")
        .execute(ledger.ctx.store.reader())
        .await
        .unwrap();
    ledger.once(&account(server.port)).await;
    assert_eq!(ledger.owed().await, (1, 0));
    let state = server.state();
    assert_eq!((copies(&state).len(), state.times("CREATE \"Sent\""), state.times("SUBSCRIBE \"Sent\"")), (1, 1, 1));
}

#[tokio::test]
async fn a_connection_that_breaks_off_leaves_each_copy_once() {
    for fault in [Fault::CutInLiteral, Fault::CutAfterLiteral, Fault::HangAfterLiteral, Fault::Close("APPEND")] {
        let server = Server::start(2, with_folder).await;
        server.change(|state| state.faults = vec![fault.clone(), fault.clone()]);
        let ledger = Ledger::new().await;
        let ids = ledger.send(4).await;
        let running = ledger.run(account(server.port));
        server.until(|state| state.faults.is_empty() && copies(state).len() == 4 && state.times("IDLE") > 0).await;
        ledger.until(2).await;
        running.stop().await;
        let mut found = copies(&server.state());
        found.sort();
        assert_eq!(found, ids, "{fault:?}: {:?}", server.state().heard);
        assert_eq!(ledger.owed().await, (0, 0), "{fault:?}");
    }
}

/// The copy is in the folder, and the gateway dies before it knows.
#[tokio::test]
async fn a_kill_between_the_copy_and_its_record_leaves_it_once() {
    let server = Server::start(0, with_folder).await;
    server.change(|state| state.faults = vec![Fault::HangAfterLiteral]);
    let ledger = Ledger::new().await;
    let ids = ledger.send(2).await;
    let running = ledger.run(imap(server.port, |imap| imap.sent_folder = Some("Sent".to_owned())));
    server.until(|state| state.faults.is_empty() && copies(state).len() == 1).await;
    running.kill().await;
    assert_eq!(ledger.owed().await, (2, 1));
    ledger.once(&account(server.port)).await;
    assert_eq!(copies(&server.state()), ids);
    assert_eq!(ledger.owed().await, (0, 0));
    let state = server.state();
    let looked = state.heard.iter().position(|heard| heard.contains("HEADER Message-ID")).unwrap();
    let put = state.heard.iter().rposition(|heard| heard.starts_with("APPEND")).unwrap();
    assert!(looked < put && state.times("SELECT") + state.times("EXAMINE") >= 4, "{:?}", state.heard);
}

#[tokio::test]
async fn a_folder_that_is_gone_holds_nothing() {
    let server = Server::start(0, with_folder).await;
    server.change(|state| state.faults = vec![Fault::CutAfterLiteral]);
    let ledger = Ledger::new().await;
    let ids = ledger.send(1).await;
    intake::run_once(&ledger.ctx, &account(server.port)).await.unwrap_err();
    server.change(|state| state.folders.clear());
    ledger.once(&account(server.port)).await;
    assert_eq!(copies(&server.state()), ids);
}

/// Whoever looks there and may not must not put a second copy there.
#[tokio::test]
async fn a_folder_that_cannot_be_opened_gets_no_second_copy() {
    let server = Server::start(1, with_folder).await;
    server.change(|state| state.faults = vec![Fault::CutAfterLiteral]);
    let mut ledger = Ledger::new().await;
    ledger.ctx.pace.owed_delay = Duration::from_secs(60);
    ledger.send(1).await;
    intake::run_once(&ledger.ctx, &account(server.port)).await.unwrap_err();
    server.change(|state| state.faults = vec![Fault::No("EXAMINE \"Sent\"")]);
    assert_eq!(ledger.once(&account(server.port)).await, 0);
    assert_eq!(ledger.owed().await, (1, 1));
    assert_eq!(server.state().times("APPEND"), 1);
    ledger.once(&account(server.port)).await;
    assert_eq!(ledger.owed().await, (0, 0));
    assert_eq!(copies(&server.state()).len(), 1);
}

/// A refusal is told once, however long it lasts; mails are taken; the copies come when the server takes them.
#[tokio::test]
async fn a_refusal_is_no_obstacle_and_ends() {
    let server = Server::start(0, with_folder).await;
    let refusals = 3;
    server.change(|state| state.faults = vec![Fault::No("APPEND"); refusals]);
    let ledger = Ledger::new().await;
    let ids = ledger.send(2).await;
    let log = Log::default();
    let written = log.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || written.clone()).finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let running = ledger.run(imap(server.port, |imap| {
        imap.sent_folder = Some("Sent".to_owned());
        imap.poll = Duration::from_millis(20);
    }));
    server.until(|state| state.times("APPEND") == 1).await;
    server.change(|state| _ = state.inbox.insert(1, Held { bytes: mail(1), ..Held::default() }));
    ledger.until(1).await;
    server.until(|state| copies(state).len() == 2).await;
    running.stop().await;
    let state = server.state();
    let mut found = copies(&state);
    found.sort();
    assert_eq!(found, ids);
    assert_eq!((state.times("APPEND"), state.connections), (refusals + 2, 1), "{:?}", state.heard);
    let log = log.text();
    assert_eq!(log.matches("mail.uncopied").count(), 1, "{log}");
    assert!(log.contains("check its quota and `sent_folder`"), "{log}");
    // Refused is not there: nobody has to look.
    assert!(!state.heard.iter().any(|heard| heard.contains("HEADER")), "{:?}", state.heard);
}

/// What is logged by a test's own thread.
#[derive(Debug, Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A mail that the server never takes comes after those that were not tried yet.
#[tokio::test]
async fn one_refused_mail_holds_no_other_up() {
    let server = Server::start(0, with_folder).await;
    server.change(|state| state.faults = vec![Fault::No("APPEND")]);
    let ledger = Ledger::new().await;
    let ids = ledger.send(3).await;
    ledger.once(&account(server.port)).await;
    ledger.once(&account(server.port)).await;
    assert_eq!(copies(&server.state()), [&*ids[1], &*ids[2], &*ids[0]]);
}

/// A mail that the server never takes is left out in the end, by name; others do not wait for it, however long that lasts.
#[tokio::test]
async fn a_copy_that_is_never_taken_is_given_up_and_holds_no_other_up() {
    let server = Server::start(0, with_folder).await;
    let ledger = Ledger::new().await;
    let unwanted = ledger.send(1).await.remove(0);
    server.change(|state| state.unwanted = Some(unwanted.clone()));
    let log = Log::default();
    let written = log.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || written.clone()).finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let running = ledger.run(imap(server.port, |imap| imap.sent_folder = Some("Sent".to_owned())));
    server.until(|state| state.times("APPEND") == 1).await;
    let mut taken = Vec::new();
    for _ in 0..6 {
        taken.extend(ledger.send(1).await);
        server.until(|state| copies(state).len() == taken.len()).await;
    }
    running.stop().await;
    assert_eq!(ledger.owed().await, (0, 0));
    assert_eq!(copies(&server.state()), taken);
    let log = log.text();
    assert_eq!((log.matches("mail.copy_given_up").count(), log.contains(&unwanted)), (1, true), "{log}");
}

#[tokio::test]
async fn many_copies_are_put_in_rounds_between_which_mails_are_taken() {
    let server = Server::start(0, with_folder).await;
    let ledger = Ledger::new().await;
    ledger.send(60).await;
    ledger.once(&account(server.port)).await;
    let state = server.state();
    assert_eq!(copies(&state).len(), 60);
    let listings: Vec<usize> = state
        .heard
        .split(|heard| heard.starts_with("UID SEARCH UID"))
        .map(|between| between.iter().filter(|heard| heard.starts_with("APPEND")).count())
        .collect();
    assert!(listings.iter().all(|puts| *puts <= 25) && listings.len() >= 4, "{listings:?}");
}

/// What people of the desk get, and what lets into an account, stays out of the folder.
#[tokio::test(flavor = "multi_thread")]
async fn copies_are_owed_of_what_goes_to_customers() {
    let mut world = World::with(|config| {
        let Mailbox { source, .. } = account(143);
        config.mailboxes.get_mut("support").unwrap().source = source;
    })
    .await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world.receive(&from("Anna <anna@customer.test>", "a1@customer.test").text("The printer is on fire.")).await;
    let notified = world.sent().await.pop().unwrap();
    let answer = from("Erkki Virtanen <erkki@example.test>", "e1@example.test");
    world.receive(&answer.to(notified.reply_to()).text("Water helps.")).await;
    let rows = sqlx::query(
        "SELECT o.notice || ' → ' || o.recipient, c.mailbox FROM sent_copy c JOIN outbox o ON o.id = c.outbox_id ORDER BY o.id",
    );
    let rows = rows.fetch_all(world.app.store.reader()).await.unwrap();
    let owed: Vec<(String, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let expected = ["acknowledgement → anna@customer.test", "answer → anna@customer.test"];
    assert_eq!(owed, expected.map(|mail| (mail.to_owned(), "support".to_owned())));
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE recipient = 'erkki@example.test'").await, 1);
}

fn on_dovecot(dovecot: &Dovecot, change: impl FnOnce(&mut Imap)) -> Mailbox {
    imap(dovecot.imap, |imap| {
        imap.tls = Tls::StartTls { ca_file: Some(dovecot.ca_file()) };
        imap.host = "localhost".to_owned();
        imap.mechanism = ImapAuth::Plain;
        imap.after = After::Seen;
        imap.sent_folder = Some("Gesendete Öde".to_owned());
        change(imap);
    })
}

#[tokio::test]
async fn dovecot_gets_each_copy_once_seen_and_with_its_date() {
    let dovecot = Dovecot::start();
    let date: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
    let folders = [(false, "Gesendete Öde", ".Gesendete &ANY-de"), (true, "Archive/Sent", ".Archive.Sent")];
    for (compress, folder, on_disk) in folders {
        let mailbox = on_dovecot(&dovecot, |imap| {
            imap.compress = compress;
            imap.sent_folder = Some(folder.to_owned());
        });
        let ledger = Ledger::new().await;
        dovecot.deliver("support", &format!("new/180000000{}.M1P1.new", u8::from(compress)), &mail(1));
        let mut wanted = ledger.send_at(30, date).await;
        ledger.once(&mailbox).await;
        assert_eq!((ledger.rows().await.is_empty(), ledger.owed().await), (false, (0, 0)));
        let found = dovecot.files("support", on_disk);
        let mut ids: Vec<String> = found.iter().map(|file| message_id(file, date)).collect();
        ids.sort();
        wanted.sort();
        assert_eq!(ids, wanted);
        // As it is after a crash: nobody knows which of these are there, and one is not.
        fs::remove_file(&found[0]).unwrap();
        let writer = ledger.ctx.store.reader();
        sqlx::query("INSERT INTO sent_copy (outbox_id, mailbox, begun) SELECT id, 'support', 1 FROM outbox")
            .execute(writer)
            .await
            .unwrap();
        ledger.once(&mailbox).await;
        assert_eq!(ledger.owed().await, (0, 0));
        let mut ids: Vec<String> =
            dovecot.files("support", on_disk).iter().map(|file| message_id(file, date)).collect();
        ids.sort();
        assert_eq!(ids, wanted);
    }
}

/// Of a copy that is marked as read and has this INTERNALDATE, which is the time of the file.
fn message_id(file: &Path, date: Timestamp) -> String {
    assert!(file.to_str().unwrap().ends_with(":2,S"), "{file:?}");
    assert_eq!(fs::metadata(file).unwrap().modified().unwrap(), SystemTime::from(date));
    caseway::mail::read(&fs::read(file).unwrap()).message_id.unwrap()
}

#[test]
fn the_folder_that_is_read_is_no_place_for_copies() {
    let text = include_str!("../../docs/caseway.example.toml")
        .replace("# e.g. sent_folder = \"Sent\"", "sent_folder = \"INBOX\"");
    let refused = caseway::config::parse(&text, Path::new("caseway.toml"), Secrets::Leave).unwrap_err();
    assert!(refused.to_string().contains("mailbox.support.imap.sent_folder"), "{refused}");
}

#[tokio::test]
async fn a_probe_makes_the_folder_or_says_why_not() {
    let server = Server::start(0, |_| {}).await;
    let mailbox = account(server.port);
    assert!(intake::probe(&mailbox, None).await.unwrap().sent_folder_made);
    assert!(!intake::probe(&mailbox, None).await.unwrap().sent_folder_made);
    server.change(|state| {
        state.folders = [("Gesendet".to_owned(), Vec::new())].into();
        state.faults = vec![Fault::No("CREATE")];
    });
    let refused = format!("{:#}", intake::probe(&mailbox, None).await.unwrap_err());
    assert!(refused.contains("check `sent_folder` (there are: Gesendet)"), "{refused}");
}
