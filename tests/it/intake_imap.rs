//! Reading an IMAP account, with a server that shows every command.

use std::time::Duration;

use caseway::config::{After, Source};
use caseway::intake::imap::ImapError;
use caseway::intake::{self, ProbeReport};

use crate::harness::imap_script::{Fault, Held, Server, mail};
use crate::harness::intake::{Ledger, imap};

#[tokio::test]
async fn new_mails_are_announced_by_idle() {
    let server = Server::start(1, |_| {}).await;
    let ledger = Ledger::new().await;
    let running = ledger.run(imap(server.port, |_| {}));
    ledger.until(1).await;
    server.until(|state| state.times("IDLE") == 1).await;
    server.change(|state| {
        state.inbox.insert(2, Held { bytes: mail(2), ..Held::default() });
    });
    ledger.until(2).await;
    server.until(|state| state.times("IDLE") == 2).await;
    running.stop().await;
    let state = server.state();
    assert_eq!((state.connections, state.times("EXAMINE"), state.times("LOGOUT")), (1, 1, 1));
}

#[tokio::test]
async fn without_idle_the_folder_is_polled() {
    let server = Server::start(1, |state| state.capabilities.retain(|name| *name != "IDLE")).await;
    let ledger = Ledger::new().await;
    let running = ledger.run(imap(server.port, |imap| imap.poll = Duration::from_millis(20)));
    ledger.until(1).await;
    server.change(|state| {
        state.inbox.insert(2, Held { bytes: mail(2), ..Held::default() });
    });
    ledger.until(2).await;
    running.stop().await;
    let state = server.state();
    assert_eq!((state.connections, state.times("IDLE")), (1, 0));
}

#[tokio::test]
async fn a_server_that_refuses_to_idle_is_polled() {
    let server = Server::start(1, |state| state.faults = vec![Fault::No("IDLE")]).await;
    let ledger = Ledger::new().await;
    let running = ledger.run(imap(server.port, |imap| imap.poll = Duration::from_millis(20)));
    server.until(|state| state.times("EXAMINE") > 2).await;
    server.change(|state| {
        state.inbox.insert(2, Held { bytes: mail(2), ..Held::default() });
    });
    ledger.until(2).await;
    running.stop().await;
    let state = server.state();
    assert_eq!((state.connections, state.times("IDLE")), (1, 1));
}

#[tokio::test]
async fn polling_goes_on_beside_idle() {
    let server = Server::start(1, |_| {}).await;
    let ledger = Ledger::new().await;
    let running = ledger.run(imap(server.port, |imap| imap.poll = Duration::from_millis(20)));
    server.until(|state| state.times("EXAMINE") > 3 && state.times("IDLE") > 3).await;
    running.stop().await;
    assert_eq!(server.state().connections, 1);
}

#[tokio::test]
async fn without_move_mails_are_copied_and_deleted() {
    let server = Server::start(3, |state| state.capabilities.retain(|name| *name != "MOVE")).await;
    let ledger = Ledger::new().await;
    assert_eq!(ledger.once(&imap(server.port, |imap| imap.after = After::Move("Done".to_owned()))).await, 3);
    assert!(server.state().inbox.is_empty());
    assert_eq!(server.state().folders["Done"], [mail(1), mail(2), mail(3)]);
}

#[tokio::test]
async fn without_uidplus_nothing_is_expunged() {
    let server = Server::start(3, |state| state.capabilities.retain(|name| *name != "UIDPLUS")).await;
    let ledger = Ledger::new().await;
    let mailbox = imap(server.port, |imap| imap.after = After::Delete);
    assert_eq!(ledger.once(&mailbox).await, 3);
    assert!(server.state().inbox.values().all(|held| held.flags.contains("\\Deleted")));
    assert_eq!(server.state().inbox.len(), 3);
    assert_eq!(server.state().times("UID EXPUNGE"), 0);
    assert_eq!(ledger.once(&mailbox).await, 0);
}

#[tokio::test]
async fn a_mail_beyond_the_limit_leaves_its_body_on_the_server() {
    for (after, marked) in [(After::Delete, false), (After::Move("Done".to_owned()), false), (After::Seen, true)] {
        let server = Server::start(3, |state| {
            state.inbox.get_mut(&2).unwrap().bytes.extend(vec![b'x'; 50_000]);
            state.folders.insert("Done".to_owned(), Vec::new());
        })
        .await;
        let mut ledger = Ledger::new().await;
        ledger.ctx.limits.mail_size = 20_000;
        assert_eq!(ledger.once(&imap(server.port, |imap| imap.after = after)).await, 3);
        let row = &ledger.rows().await[1];
        assert!(row.oversize && row.told);
        assert_eq!(row.size as usize, server.state().inbox[&2].bytes.len());
        assert_eq!(row.raw, mail(2)[..mail(2).windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4]);
        assert_eq!(row.message_id, "2@example.test");
        assert_eq!(server.state().inbox[&2].flags.contains("\\Seen"), marked);
    }
}

#[tokio::test]
async fn a_size_that_is_a_lie_does_no_harm() {
    let server = Server::start(3, |state| {
        state.inbox.get_mut(&2).unwrap().bytes.extend(vec![b'x'; 50_000]);
        state.sizes = [(2, 10), (3, 1_000_000)].into();
    })
    .await;
    let mut ledger = Ledger::new().await;
    ledger.ctx.limits.mail_size = 20_000;
    assert_eq!(ledger.once(&imap(server.port, |_| {})).await, 3);
    let rows = ledger.rows().await;
    assert_eq!(rows.iter().map(|row| row.oversize).collect::<Vec<_>>(), [false, true, true]);
    assert_eq!(rows[1].size as usize, mail(2).len() + 50_000);
}

#[tokio::test]
async fn sparse_uids_are_all_found() {
    let uids = [1, 2, 9_999, 10_000, 10_001, 500_000, 70_000_000, 4_294_967_290];
    let server = Server::start(0, |state| {
        state.inbox = uids.map(|uid| (uid, Held { bytes: mail(uid), ..Held::default() })).into();
    })
    .await;
    let ledger = Ledger::new().await;
    assert_eq!(ledger.once(&imap(server.port, |_| {})).await, 8);
    assert_eq!(ledger.rows().await.iter().map(|row| row.uid).collect::<Vec<_>>(), uids);
    assert!(server.state().times("UID SEARCH") < 20);
    assert_eq!(ledger.once(&imap(server.port, |_| {})).await, 0);
}

#[tokio::test]
async fn two_mailboxes_do_not_wait_for_each_other() {
    let (silent, server) =
        (Server::start(3, |state| state.faults = vec![Fault::Hang("LOGIN")]).await, Server::start(3, |_| {}).await);
    let ledger = Ledger::new().await;
    let stuck = ledger.run(imap(silent.port, |_| {}));
    silent.until(|state| state.times("LOGIN") == 1).await;
    let mut other = imap(server.port, |_| {});
    other.name = "sales".to_owned();
    let running = ledger.run(other);
    ledger.until(3).await;
    running.stop().await;
    stuck.stop().await;
}

#[tokio::test]
async fn a_probe_tells_what_the_server_can() {
    let server = Server::start(3, |_| {}).await;
    let report = intake::probe(&imap(server.port, |_| {}), None).await.unwrap();
    let names = ["AUTH=PLAIN", "IDLE", "IMAP4REV1", "MOVE", "UIDPLUS"];
    assert_eq!(
        report,
        ProbeReport {
            messages: 3,
            further: Vec::new(),
            junk: None,
            capabilities: names.map(str::to_owned).into(),
            supports_idle: true,
            supports_move: true,
            supports_uidplus: true,
            supports_compress: false,
            sent_folder_made: false,
            move_folder_made: false,
        }
    );
}

#[tokio::test]
async fn a_probe_says_what_is_wrong_and_what_to_do() {
    let refusing = Server::start(0, |state| state.faults = vec![Fault::No("LOGIN")]).await;
    let closed = Server::start(0, |state| state.faults = vec![Fault::No("EXAMINE")]).await;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut unknown = imap(143, |imap| imap.timeout = Duration::from_secs(2));
    if let Source::Imap(imap) = &mut unknown.source {
        imap.host = "no-such-host.invalid".to_owned();
    }
    let mut said = Vec::new();
    for mailbox in [unknown, imap(nobody, |_| {}), imap(refusing.port, |_| {}), imap(closed.port, |_| {})] {
        let err = intake::probe(&mailbox, None).await.unwrap_err();
        said.push(match err.downcast_ref::<ImapError>().unwrap() {
            ImapError::Resolve { .. } => "host",
            ImapError::Connect { .. } => "port",
            ImapError::Login { .. } => "password",
            ImapError::Folder { .. } => "folder",
            _ => "something else",
        });
        assert!(format!("{err:#}").contains("check `"), "{err:#}");
        assert!(!format!("{err:#}").contains("support-pw"), "{err:#}");
    }
    assert_eq!(said, ["host", "port", "password", "folder"]);
}

#[tokio::test]
async fn drafts_and_deleted_mails_stay_on_the_server_and_hold_up_no_other() {
    for (unwanted, taken) in [(vec![1, 2, 3, 4], 0), (vec![1], 3), (vec![4], 3), (vec![2, 3], 2), (vec![], 4)] {
        let server = Server::start(4, |state| {
            for (index, uid) in unwanted.iter().enumerate() {
                let flag = ["\\Draft", "\\Deleted", "\\DRAFT"][index % 3];
                state.inbox.get_mut(uid).unwrap().flags.extend([flag.to_owned(), "\\Seen".to_owned()]);
            }
        })
        .await;
        let ledger = Ledger::new().await;
        let mailbox = imap(server.port, |imap| imap.batch = 2);
        assert_eq!(ledger.once(&mailbox).await, taken, "{unwanted:?}");
        assert!(ledger.rows().await.iter().all(|row| !unwanted.contains(&row.uid)));
        // The cursor is past them.
        let fetches = server.state().times("UID FETCH");
        assert_eq!(ledger.once(&mailbox).await, 0);
        assert_eq!(server.state().times("UID FETCH"), fetches);
        assert_eq!(server.state().inbox.len(), 4);
    }
}
