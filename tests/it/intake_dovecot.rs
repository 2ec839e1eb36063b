//! Reading a real Dovecot, through a real Postfix where it matters.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;

use caseway::config::{After, ImapAuth, Mailbox, Source, Tls};
use caseway::intake;
use caseway::intake::imap::ImapError;
use sha2::{Digest, Sha256};

use crate::harness::alarms::Alarms;
use crate::harness::imap_script::mail;
use crate::harness::intake::{Ledger, imap};
use crate::harness::servers::{Dovecot, Postfix};

/// Bare LF as CRLF, as an IMAP server sends what a Maildir has.
fn on_the_wire(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 40);
    let mut last = 0;
    for &octet in bytes {
        if octet == b'\n' && last != b'\r' {
            out.push(b'\r');
        }
        out.push(octet);
        last = octet;
    }
    out
}

fn digests(mails: impl IntoIterator<Item = Vec<u8>>) -> Vec<[u8; 32]> {
    let mut digests: Vec<[u8; 32]> = mails.into_iter().map(|mail| Sha256::digest(mail).into()).collect();
    digests.sort_unstable();
    digests
}

/// The user's mailbox with TLS from the first octet.
fn account(dovecot: &Dovecot, user: &str, after: After) -> Mailbox {
    imap(dovecot.imaps, |imap| {
        imap.tls = Tls::Implicit { ca_file: Some(dovecot.ca_file()) };
        imap.user = user.to_owned();
        imap.credential = caseway::config::Credential::Password(format!("{user}-pw").into());
        imap.after = after;
    })
}

fn read_all<P: AsRef<Path>>(files: &[P]) -> Vec<Vec<u8>> {
    files.iter().map(|file| on_the_wire(&fs::read(file).unwrap())).collect()
}

/// Whatever an administrator may set, on a server where nothing is wrong: mails in IDLE and between, told in every way, copies in Sent.
#[tokio::test]
async fn a_healthy_run_complains_of_nothing() {
    let dovecot = Dovecot::start();
    let alarms = Alarms::listen();
    let ways = [After::Keep, After::Seen, After::Move("Done".to_owned()), After::Delete];
    for (way, after) in ways.into_iter().enumerate() {
        let ledger = Ledger::new().await;
        let before = dovecot.files("support", "").len();
        let mut mailbox = account(&dovecot, "support", after);
        if let Source::Imap(imap) = &mut mailbox.source {
            imap.sent_folder = Some("Sent".to_owned());
            imap.poll = std::time::Duration::from_secs(600);
        }
        intake::probe(&mailbox, None).await.unwrap();
        let running = ledger.run(mailbox);
        for number in 1..=3_usize {
            let file = format!("new/18{way}000000{number}.M1P1.new");
            dovecot.deliver("support", &file, &mail((way * 10 + number).try_into().unwrap()));
            ledger.until(before + number).await;
        }
        ledger.send(2).await;
        running.stop().await;
    }
    assert_eq!(alarms.heard(), "");
}

#[tokio::test]
async fn three_hundred_mails_arrive_byte_by_byte() {
    let dovecot = Dovecot::start();
    dovecot.seed("support", 300);
    dovecot.deliver("support", "cur/1800000000.M1P1.seen:2,S", &mail(1));
    let files = dovecot.files("support", "");
    for compress in [true, false] {
        let ledger = Ledger::new().await;
        let mut mailbox = account(&dovecot, "support", After::Keep);
        if let Source::Imap(imap) = &mut mailbox.source {
            imap.compress = compress;
            imap.batch = 70;
        }
        assert_eq!(ledger.once(&mailbox).await, 301);
        let rows = ledger.rows().await;
        assert!(rows.iter().map(|row| row.uid).eq(1..=301));
        assert_eq!(digests(rows.into_iter().map(|row| row.raw)), digests(read_all(&files)));
        assert_eq!(ledger.once(&mailbox).await, 0);
    }
    assert_eq!(dovecot.files("support", "").len(), files.len());
}

#[tokio::test]
async fn idle_announces_a_mail_after_starttls() {
    let dovecot = Dovecot::start();
    let ledger = Ledger::new().await;
    let running = ledger.run(imap(dovecot.imap, |imap| {
        imap.tls = Tls::StartTls { ca_file: Some(dovecot.ca_file()) };
        imap.host = "localhost".to_owned();
        imap.mechanism = ImapAuth::Plain;
        imap.after = After::Seen;
        imap.compress = true;
    }));
    for number in 1..=3 {
        dovecot.deliver("support", &format!("new/180000000{number}.M1P1.new"), &mail(number));
        let rows = ledger.until(number as usize).await;
        assert_eq!(rows.last().unwrap().raw, mail(number));
    }
    running.stop().await;
}

#[tokio::test]
async fn the_server_is_told_as_configured() {
    let dovecot = Dovecot::start();
    let ledger = Ledger::new().await;
    let folder = "Erledigt/Größe & mehr";
    let users = [
        ("alice", After::Seen),
        ("bob", After::Delete),
        ("carol", After::Move(folder.to_owned())),
        ("support", After::Keep),
    ];
    for (user, after) in users {
        for number in 1..=5 {
            dovecot.deliver(user, &format!("new/180000000{number}.M1P1.new"), &mail(number));
        }
        let mut mailbox = account(&dovecot, user, after);
        mailbox.name = user.to_owned();
        assert_eq!(ledger.once(&mailbox).await, 5);
        assert_eq!(ledger.once(&mailbox).await, 0);
    }
    assert_eq!(ledger.rows().await.iter().filter(|row| row.told).count(), 20);
    let flagged =
        |user: &str| dovecot.files(user, "").iter().filter(|file| file.to_str().unwrap().ends_with(":2,S")).count();
    assert_eq!((flagged("alice"), dovecot.files("alice", "").len()), (5, 5));
    assert_eq!(dovecot.files("bob", "").len(), 0);
    assert_eq!(dovecot.files("carol", "").len(), 0);
    assert_eq!(dovecot.files("carol", ".Erledigt.Gr&APYA3w-e &- mehr").len(), 5);
    assert_eq!((flagged("support"), dovecot.files("support", "").len()), (0, 5));
}

#[tokio::test]
async fn a_folder_with_a_new_uidvalidity_is_read_again_and_stored_once() {
    let dovecot = Dovecot::start();
    dovecot.seed("support", 40);
    let mailbox = account(&dovecot, "support", After::Keep);
    let ledger = Ledger::new().await;
    assert_eq!(ledger.once(&mailbox).await, 40);
    let (before, raws) = (ledger.rows().await[0].uidvalidity, ledger.raw_count().await);
    dovecot.renumber("support");
    dovecot.deliver("support", "new/1900000001.M1P1.new", &mail(1));
    assert_eq!(ledger.once(&mailbox).await, 41);
    let rows = ledger.rows().await;
    assert_ne!(rows[40].uidvalidity, before);
    assert_eq!(rows[80].raw, mail(1));
    // Only mails without a Message-ID are stored a second time: by that they are looked for.
    let nameless = rows[..40].iter().filter(|row| row.message_id.is_empty()).count() as i64;
    assert_eq!(ledger.raw_count().await, raws + 1 + nameless);
}

#[tokio::test]
async fn what_is_wrong_is_said_by_name() {
    let dovecot = Dovecot::start_with("listen = 127.0.0.1, 127.0.0.2");
    let right = account(&dovecot, "support", After::Keep);
    let report = intake::probe(&right, None).await.unwrap();
    assert!(report.supports_idle && report.supports_move && report.supports_compress, "{report:?}");
    let with = |change: &dyn Fn(&mut caseway::config::Imap)| {
        let mut mailbox = right.clone();
        if let Source::Imap(imap) = &mut mailbox.source {
            change(imap);
        }
        mailbox
    };
    let cases = [
        ("ca_file", with(&|imap| imap.tls = Tls::Implicit { ca_file: None })),
        ("use the name", with(&|imap| imap.host = "127.0.0.2".to_owned())),
        ("starttls", with(&|imap| imap.port = dovecot.imap)),
        ("password", with(&|imap| imap.credential = caseway::config::Credential::Password("wrong".into()))),
        ("there are: INBOX", with(&|imap| imap.folder = "Nowhere".into())),
    ];
    for (hint, mailbox) in cases {
        let err = intake::probe(&mailbox, None).await.unwrap_err();
        assert!(err.downcast_ref::<ImapError>().is_some(), "{err:?}");
        assert!(format!("{err:#}").contains(hint), "{hint}: {err:#}");
    }
}

#[tokio::test]
async fn a_mail_sent_through_postfix_arrives() {
    let dovecot = Dovecot::start();
    let postfix = Postfix::start(&dovecot);
    let ledger = Ledger::new().await;
    let running = ledger.run(account(&dovecot, "support", After::Keep));
    send(postfix.smtp, "support+token@example.test");
    let rows = ledger.until(1).await;
    assert!(rows[0].raw.windows(31).any(|part| part == b"Delivered-To: support+token@exa"), "{:?}", rows[0]);
    let body = |raw: &[u8]| raw.windows(4).position(|four| four == b"\r\n\r\n").map(|at| raw[at..].to_vec());
    assert_eq!(body(&rows[0].raw), body(&mail(1)));
    running.stop().await;
}

/// Says what a client says, and expects that it is taken.
fn send(port: u16, recipient: &str) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let mut answers = BufReader::new(stream.try_clone().unwrap()).lines();
    let recipient = format!("RCPT TO:<{recipient}>");
    let body = [mail(1), b".".to_vec()].concat();
    for line in [&b""[..], b"HELO test", b"MAIL FROM:<ann@example.test>", recipient.as_bytes(), b"DATA", &body, b"QUIT"]
    {
        if !line.is_empty() {
            stream.write_all(&[line, b"\r\n"].concat()).unwrap();
        }
        let answer = answers.next().unwrap().unwrap();
        assert!(answer.starts_with(['2', '3']), "{answer}");
    }
}
