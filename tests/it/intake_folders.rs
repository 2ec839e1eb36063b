//! Several folders of one account, and the one that the server puts spam into.

use std::time::Duration;

use caseway::config::{After, Folder, Imap, Junk, Mailbox, Source, Tls};
use caseway::intake::{self, IntakeContext};
use jiff::SignedDuration;
use sqlx::Row;
use tokio_util::sync::CancellationToken;

use crate::harness::imap_script::{Held, Server, mail};
use crate::harness::intake::{Ledger, imap};
use crate::harness::mail::{Letter, from};
use crate::harness::servers::Dovecot;
use crate::harness::world::World;

const ANN: &str = "Ann <ann@customer.example>";

/// A mailbox of a real account with TLS.
fn account(dovecot: &Dovecot, change: impl FnOnce(&mut Imap)) -> Mailbox {
    imap(dovecot.imaps, |imap| {
        imap.tls = Tls::Implicit { ca_file: Some(dovecot.ca_file()) };
        change(imap);
    })
}

fn folder(name: &str, queue: &str) -> Folder {
    Folder { name: name.to_owned(), queue: Some(queue.to_owned()) }
}

/// Folder and UID of what was taken, in order.
async fn taken(ctx: &IntakeContext) -> Vec<(String, u32)> {
    let rows = sqlx::query("SELECT folder, uid FROM ledger ORDER BY id").fetch_all(ctx.store.reader()).await.unwrap();
    rows.iter().map(|row| (row.get(0), u32::try_from(row.get::<i64, _>(1)).unwrap())).collect()
}

fn pairs(taken: &[(&str, u32)]) -> Vec<(String, u32)> {
    taken.iter().map(|(folder, uid)| ((*folder).to_owned(), *uid)).collect()
}

/// Names with levels, umlauts, ampersands; each folder has its cursor, is told in its way, and IDLE announces its mails.
#[tokio::test]
async fn several_folders_are_read_beside_each_other() {
    let dovecot = Dovecot::start();
    for (name, count) in [("", 2), (".Support.EMEA", 3), (".Gr&APYA3w-e &- mehr", 1)] {
        for number in 1..=count {
            dovecot.deliver_into("support", name, &format!("new/180000000{number}.M1P1.new"), &mail(number));
        }
    }
    let mailbox = account(&dovecot, |imap| {
        imap.further = vec![folder("Support/EMEA", "emea"), "Größe & mehr".into()];
        imap.after = After::Move("Done/2026".to_owned());
        imap.poll = Duration::from_secs(600);
    });
    let report = intake::probe(&mailbox, None).await.unwrap();
    assert_eq!(report.further, [("Support/EMEA".to_owned(), 3), ("Größe & mehr".to_owned(), 1)]);
    let ledger = Ledger::new().await;
    assert_eq!(ledger.once(&mailbox).await, 6);
    assert_eq!(ledger.once(&mailbox).await, 0);
    assert_eq!(dovecot.files("support", ".Done.2026").len(), 6);
    assert_eq!(dovecot.files("support", ".Support.EMEA").len(), 0);
    let running = ledger.run(mailbox);
    for (number, name) in [(7, ".Support.EMEA"), (8, ""), (9, ".Gr&APYA3w-e &- mehr")] {
        dovecot.deliver_into("support", name, &format!("new/190000000{number}.M1P1.new"), &mail(number));
        ledger.until(number as usize).await;
    }
    running.stop().await;
    let folders: Vec<String> = taken(&ledger.ctx).await.into_iter().skip(6).map(|(folder, _)| folder).collect();
    assert_eq!(folders, ["Support/EMEA", "INBOX", "Größe & mehr"]);
}

/// As it is written with `/`, whatever the server has between levels and in front of everything.
#[tokio::test]
async fn a_folder_is_found_below_other_separators() {
    let dovecot = Dovecot::start_with(
        "namespace inbox {\n  separator = .\n  prefix = INBOX.\n}\nnamespace inbox {\n  inbox = yes\n}\n",
    );
    dovecot.deliver_into("support", ".Support.EMEA", "new/1800000001.M1P1.new", &mail(1));
    let mailbox = account(&dovecot, |imap| {
        imap.folder = "Support/EMEA".into();
        imap.after = After::Move("Done/2026".to_owned());
        imap.sent_folder = Some("Sent".to_owned());
    });
    intake::probe(&mailbox, None).await.unwrap();
    let ledger = Ledger::new().await;
    ledger.send(1).await;
    assert_eq!(ledger.once(&mailbox).await, 1);
    assert_eq!(taken(&ledger.ctx).await, pairs(&[("Support/EMEA", 1)]));
    assert_eq!(dovecot.files("support", ".Done.2026").len(), 1);
    assert_eq!(ledger.owed().await, (0, 0));
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_told_with_those_that_are() {
    let dovecot = Dovecot::start();
    dovecot.deliver_into("support", ".Support.EMEA", "new/1800000001.M1P1.new", &mail(1));
    let mailbox = account(&dovecot, |imap| imap.further = vec!["Support/APAC".into()]);
    let error = format!("{:#}", intake::probe(&mailbox, None).await.unwrap_err());
    assert!(error.contains("the folder \"Support/APAC\" cannot be opened"), "{error}");
    assert!(error.contains("there are: ") && error.contains("Support/EMEA"), "{error}");
}

/// One folder is numbered anew, and the others are not read again.
#[tokio::test]
async fn each_folder_has_its_own_numbers() {
    let server = Server::start(3, |state| _ = state.folders.insert("Sales".to_owned(), vec![mail(11), mail(12)])).await;
    let mailbox = imap(server.port, |imap| imap.further = vec!["Sales".into()]);
    let ledger = Ledger::new().await;
    assert_eq!(ledger.once(&mailbox).await, 5);
    server.change(|state| state.uidvalidity += 1);
    assert_eq!(ledger.once(&mailbox).await, 3);
    let folders: Vec<String> = taken(&ledger.ctx).await.into_iter().map(|(folder, _)| folder).collect();
    assert_eq!(folders.iter().filter(|folder| *folder == "Sales").count(), 2);
}

/// A folder that cannot be read keeps nobody from reading the others.
#[tokio::test]
async fn trouble_with_one_folder_is_its_own() {
    let server = Server::start(0, |state| {
        state.folders.insert("Sales".to_owned(), vec![mail(11)]);
        state.refuses = vec![("EXAMINE \"Gone\"", "NO [NONEXISTENT] no such folder")];
    })
    .await;
    let mailbox = imap(server.port, |imap| imap.further = vec!["Gone".into(), "Sales".into()]);
    let ledger = Ledger::new().await;
    let running = ledger.run(mailbox);
    ledger.until(1).await;
    server.change(|state| _ = state.inbox.insert(1, Held { bytes: mail(1), ..Held::default() }));
    ledger.until(2).await;
    let seen = |reader: &str| ledger.ctx.metrics.seen(reader).unwrap();
    assert!(seen("support").connected && seen("support:Sales").connected);
    assert!(seen("support:Gone").read.is_none());
    running.stop().await;
}

/// What came into a folder with a queue of its own opens tickets there.
#[tokio::test]
async fn a_folder_feeds_its_queue() {
    let server = Server::start(0, |state| {
        state.inbox.insert(1, Held { bytes: from(ANN, "one@customer.example").bytes(), ..Held::default() });
        let emea = from("Bob <bob@customer.example>", "two@customer.example").subject("Something else").bytes();
        state.folders.insert("EMEA".to_owned(), vec![emea]);
    })
    .await;
    let mailbox = imap(server.port, |imap| imap.further = vec![folder("EMEA", "emea")]);
    let world = World::with(|config| _ = config.mailboxes.insert("support".to_owned(), mailbox.clone())).await;
    intake::run_once(&world.app.intake(&CancellationToken::new()), &mailbox).await.unwrap();
    world.process().await;
    assert_eq!((world.ticket(1, "queue").await.as_str(), world.ticket(2, "queue").await.as_str()), ("support", "emea"));
}

/// A desk with one case of Ann's, and what is needed to answer on it.
struct Desk {
    world: World,
    /// The Message-ID of our acknowledgement.
    ours: String,
    /// Where an answer to it goes.
    reply_to: String,
}

impl Desk {
    async fn new() -> Self {
        let mut world = World::new().await;
        assert_eq!(world.receive(&from(ANN, "first@customer.example")).await.verdict, "opened");
        let sent = world.sent().await;
        let (ours, reply_to) = (sent[0].message_id().to_owned(), sent[0].reply_to().to_owned());
        Self { world, ours, reply_to }
    }

    /// Everything that is new in the account is taken and decided; verdicts with folder and UID.
    async fn read(&self, mailbox: &Mailbox) -> Vec<(String, i64, String)> {
        intake::run_once(&self.world.app.intake(&CancellationToken::new()), mailbox).await.unwrap();
        self.world.process().await;
        let rows = sqlx::query("SELECT folder, uid, verdict FROM ledger WHERE source = 'imap' ORDER BY id");
        let rows = rows.fetch_all(self.world.app.store.reader()).await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
    }

    /// Mails of which the second and the fifth belong to the case.
    fn spam(&self) -> Vec<Letter> {
        let number = |n: u32| format!("mail-{n}@customer.example");
        vec![
            from("Win <win@lottery.example>", &number(1)).subject("You have won"),
            from(ANN, &number(2)).to(&self.reply_to).text("It is the printer on the third floor."),
            // Whoever guesses a number, with somebody's name or without.
            from("Eve <eve@evil.example>", &number(3)).subject("Re: [CASE-1] The printer is broken"),
            from(ANN, &number(4)).subject("Re: [CASE-1] The printer is broken"),
            from(ANN, &number(5)).answering(&self.ours).text("And it smells."),
            // Whoever has seen our mail, or one of the customer's.
            from("Eve <eve@evil.example>", &number(6)).to(&self.reply_to),
            from("Eve <eve@evil.example>", &number(7)).answering(&self.ours),
            // Our own server says that it is not from there.
            from(ANN, &number(8))
                .answering(&self.ours)
                .on_top("Authentication-Results", "mx.example.test; dmarc=fail header.from=customer.example"),
        ]
    }
}

fn rescuing(port: u16, after: After) -> Mailbox {
    imap(port, |imap| {
        imap.junk = Junk::Rescue;
        imap.after = after;
    })
}

#[tokio::test]
async fn of_spam_what_belongs_to_a_case_is_taken_and_nothing_else_is_touched() {
    for after in [After::Keep, After::Seen, After::Move("Done".to_owned()), After::Delete] {
        let desk = Desk::new().await;
        let spam: Vec<Vec<u8>> = desk.spam().iter().map(Letter::bytes).collect();
        let server = Server::start(0, |state| {
            state.folders.insert("Spam".to_owned(), spam);
            state.folders.insert("Done".to_owned(), Vec::new());
            state.junk = Some("Spam");
        })
        .await;
        let mailbox = rescuing(server.port, after.clone());
        let threaded = |uid| ("Spam".to_owned(), uid, "threaded".to_owned());
        assert_eq!(desk.read(&mailbox).await, [threaded(2), threaded(5)], "{after:?}");
        assert_eq!(desk.read(&mailbox).await.len(), 2, "nothing is taken twice");
        for command in server.state().heard.iter().filter(|command| command.starts_with("UID")) {
            let bodies = command.contains("BODY.PEEK[]")
                || ["STORE", "MOVE", "COPY", "EXPUNGE"].iter().any(|verb| command.contains(verb));
            assert!(!bodies || command.contains(" 2,5"), "the others are left alone: {command}");
        }
        // A look at whether something came costs one question.
        assert_eq!(server.state().times("UID FETCH 1:8 (INTERNALDATE BODY.PEEK[HEADER]"), 1);
        assert_eq!(server.state().times("STATUS"), 2);
        let raws = desk.world.count("SELECT COUNT(*) FROM raw").await;
        assert_eq!(raws, 3, "the first mail of the case, and the two that were taken");
    }
}

#[tokio::test]
async fn spam_is_read_like_any_folder_or_not_at_all_where_that_is_wanted() {
    for (junk, count) in [(Junk::Take, 8), (Junk::Ignore, 0)] {
        let desk = Desk::new().await;
        let spam: Vec<Vec<u8>> = desk.spam().iter().map(Letter::bytes).collect();
        let server = Server::start(0, |state| {
            state.folders.insert("Spam".to_owned(), spam);
            state.junk = Some("Spam");
        })
        .await;
        let mailbox = imap(server.port, |imap| imap.junk = junk);
        assert_eq!(desk.read(&mailbox).await.len(), count, "{junk:?}");
        assert_eq!(desk.read(&mailbox).await.len(), count, "{junk:?}");
        assert_eq!(server.state().times("LIST") > 0, junk == Junk::Take);
    }
}

/// Spam of long ago is not looked at, and a folder for spam that breaks things delays nobody's mail.
#[tokio::test]
async fn spam_stands_in_nobodys_way() {
    let desk = Desk::new().await;
    let good = from(ANN, "late@customer.example").answering(&desk.ours).bytes();
    let server = Server::start(0, |state| {
        state.folders.insert("Spam".to_owned(), vec![good.clone(), good.clone(), good]);
        state.junk = Some("Spam");
        state.poison.insert(2);
        state.inbox.insert(
            9,
            Held { bytes: from("Bob <bob@customer.example>", "bob@customer.example").bytes(), ..Held::default() },
        );
    })
    .await;
    let ctx = IntakeContext { pace: Ledger::new().await.ctx.pace, ..desk.world.app.intake(&CancellationToken::new()) };
    let mut mailbox = rescuing(server.port, After::Keep);
    if let Source::Imap(imap) = &mut mailbox.source {
        imap.poll = Duration::from_millis(20);
    }
    let stop = ctx.shutdown.clone();
    let both = async {
        while taken(&ctx).await.len() < 4 {
            ctx.wake.notified().await;
        }
        stop.cancel();
    };
    tokio::time::timeout(Duration::from_secs(30), async { tokio::join!(intake::run(ctx.clone(), mailbox), both) })
        .await
        .expect("the mails around the one that breaks connections are taken");
    let taken = taken(&ctx).await;
    assert_eq!(taken[1..], pairs(&[("INBOX", 9), ("Spam", 1), ("Spam", 3)]), "{taken:?}");
}

#[tokio::test]
async fn spam_from_before_the_first_start_is_not_looked_at() {
    let desk = Desk::new().await;
    let server = Server::start(0, |state| {
        let good = from(ANN, "late@customer.example").answering(&desk.ours).bytes();
        state.folders.insert("Spam".to_owned(), vec![good]);
        state.junk = Some("Spam");
        state.folder_arrived = "12-Mar-2019 10:00:00 +0100";
    })
    .await;
    let mut mailbox = rescuing(server.port, After::Keep);
    mailbox.first_start = caseway::config::FirstStart::Within(SignedDuration::from_hours(48));
    assert_eq!(desk.read(&mailbox).await, []);
    let server_says = server.state().times("UID FETCH");
    assert_eq!(desk.read(&mailbox).await, []);
    assert_eq!(server.state().times("UID FETCH"), server_says, "it was passed");
}

/// A real server names its folder for spam by SPECIAL-USE.
#[tokio::test]
async fn a_real_servers_spam_is_rescued() {
    let dovecot = Dovecot::start_with(
        "namespace inbox {\n  mailbox Abfall {\n    special_use = \\Junk\n    auto = create\n  }\n}\n",
    );
    let desk = Desk::new().await;
    for (number, letter) in desk.spam().iter().enumerate() {
        dovecot.deliver_into("support", ".Abfall", &format!("new/180000000{number}.M1P1.new"), &letter.bytes());
    }
    let mailbox = account(&dovecot, |imap| {
        imap.junk = Junk::Rescue;
        imap.after = After::Seen;
    });
    assert_eq!(intake::probe(&mailbox, None).await.unwrap().junk.as_deref(), Some("Abfall"));
    let verdicts = desk.read(&mailbox).await;
    assert_eq!(verdicts.len(), 2, "{verdicts:?}");
    assert!(verdicts.iter().all(|(_, _, verdict)| verdict == "threaded"), "{verdicts:?}");
    let seen = dovecot.files("support", ".Abfall").iter().filter(|file| file.to_str().unwrap().ends_with(",S")).count();
    assert_eq!((seen, dovecot.files("support", ".Abfall").len()), (2, 8));
}

/// RFC 9738: whichever end a server begins at, and whether it says so before or not, no mail is passed over.
#[tokio::test]
async fn commands_that_end_early_leave_no_gap() {
    let announced = Some("MESSAGELIMIT=9");
    for (most, lowest_first, announced, after) in [
        (7, false, None, After::Seen),
        (7, true, None, After::Delete),
        (1, false, None, After::Seen),
        (9, true, announced, After::Move("Done".to_owned())),
        (9, false, announced, After::Delete),
        (7, false, None, After::Move("Done".to_owned())),
    ] {
        let server = Server::start(40, |state| {
            // Numbers have gaps.
            state.inbox = (1..=40).map(|uid| (uid * 3, Held { bytes: mail(uid), ..Held::default() })).collect();
            state.folders.insert("Done".to_owned(), Vec::new());
            state.most = Some(most);
            state.takes_lowest_first = lowest_first;
            state.capabilities.extend(announced);
        })
        .await;
        let mailbox = imap(server.port, |imap| imap.after = after.clone());
        let ledger = Ledger::new().await;
        assert_eq!(ledger.once(&mailbox).await, 40, "{most} {lowest_first}");
        assert!(ledger.rows().await.iter().map(|row| row.uid).eq((1..=40).map(|uid| uid * 3)), "in order");
        assert_eq!(ledger.unfetched().await, []);
        let untold = {
            let state = server.state();
            state.inbox.values().filter(|held| !held.flags.contains("\\Seen")).count()
        };
        assert_eq!(untold, 0, "the server was told of all of them");
        server.change(|state| _ = state.inbox.insert(400, Held { bytes: mail(400), ..Held::default() }));
        assert_eq!(ledger.once(&mailbox).await, 1);
    }
}
