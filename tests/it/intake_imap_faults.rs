//! Whatever an IMAP server does, every mail ends in the ledger exactly once.

use std::time::Duration;

use caseway::config::After;
use caseway::intake::probe;

use crate::harness::imap_script::{Fault, Held, Server, State};
use crate::harness::intake::{Ledger, imap};

/// Runs into the faults and reads 30 mails all the same; every one is in the ledger, once, as it is on the server.
async fn survive(after: After, change: impl FnOnce(&mut State)) -> (Server, Ledger) {
    let server = Server::start(30, change).await;
    let mails: Vec<(u32, Vec<u8>)> =
        server.state().inbox.iter().map(|(uid, held)| (*uid, held.bytes.clone())).collect();
    let ledger = Ledger::new().await;
    let running = ledger.run(imap(server.port, |imap| {
        imap.batch = 8;
        imap.after = after;
        imap.timeout = Duration::from_millis(300);
    }));
    let rows = ledger.until(30).await;
    assert_eq!(rows.into_iter().map(|row| (row.uid, row.raw)).collect::<Vec<_>>(), mails);
    server.until(|state| state.faults.is_empty()).await;
    running.stop().await;
    assert_eq!(ledger.rows().await.len(), 30);
    assert_eq!(ledger.raw_count().await, 30);
    assert_eq!(ledger.unfetched().await, []);
    (server, ledger)
}

#[tokio::test]
async fn the_connection_is_cut_in_the_middle_of_a_mail() {
    let (server, _) =
        survive(After::Keep, |state| state.faults = vec![Fault::CutAt(12), Fault::CutAt(12), Fault::CutAt(30)]).await;
    assert_eq!(server.state().connections, 4);
}

#[tokio::test]
async fn an_answer_ends_early_without_an_error() {
    let (server, _) = survive(After::Keep, |state| {
        state.faults = vec![Fault::EndEarly(3), Fault::EndEarly(0), Fault::EndEarly(7)];
    })
    .await;
    assert_eq!(server.state().connections, 1);
}

#[tokio::test]
async fn the_server_falls_silent() {
    let (server, _) = survive(After::Keep, |state| {
        state.faults = vec![Fault::Hang("LOGIN"), Fault::Hang("EXAMINE"), Fault::Hang("UID FETCH 9")];
    })
    .await;
    assert_eq!(server.state().connections, 4);
}

#[tokio::test]
async fn the_server_says_goodbye() {
    let (server, _) = survive(After::Keep, |state| {
        state.faults =
            vec![Fault::Bye("EXAMINE"), Fault::Bye("UID SEARCH"), Fault::Bye("UID FETCH"), Fault::Bye("IDLE")];
    })
    .await;
    assert!(server.state().connections >= 4);
}

#[tokio::test]
async fn the_server_refuses_for_a_while() {
    survive(After::Keep, |state| {
        state.faults = vec![
            Fault::No("LOGIN"),
            Fault::No("EXAMINE"),
            Fault::No("UID SEARCH"),
            Fault::No("UID FETCH"),
            Fault::No("UID FETCH"),
        ];
    })
    .await;
}

#[tokio::test]
async fn the_server_talks_nonsense() {
    survive(After::Keep, |state| {
        state.faults = vec![Fault::Garble("EXAMINE"), Fault::Garble("UID FETCH"), Fault::Garble("UID SEARCH")];
    })
    .await;
}

#[tokio::test]
async fn the_server_goes_beyond_every_bound() {
    let (server, _) = survive(After::Keep, |state| {
        state.faults =
            vec![Fault::Nest("LOGIN"), Fault::Nest("EXAMINE"), Fault::Nest("UID SEARCH"), Fault::Nest("UID FETCH")];
    })
    .await;
    assert_eq!(server.state().connections, 5);
    for command in ["LOGIN", "CAPABILITY", "EXAMINE"] {
        let server = Server::start(1, |state| state.faults = vec![Fault::Nest(command)]).await;
        let said = format!("{:#}", probe(&imap(server.port, |_| {}), None).await.unwrap_err());
        assert!(said.contains(&format!("the answer to {command} holds more than 32 lists in each other")), "{said}");
    }
}

#[tokio::test]
async fn the_connection_breaks_while_the_server_is_told() {
    let told = vec![Fault::Close("UID STORE"), Fault::Hang("UID STORE"), Fault::No("UID STORE")];
    let (server, ledger) = survive(After::Seen, |state| state.faults = told).await;
    assert!(server.state().inbox.values().all(|held| held.flags.contains("\\Seen")));
    assert!(ledger.rows().await.iter().all(|row| row.told));
}

#[tokio::test]
async fn a_move_that_broke_off_is_finished_after_the_restart() {
    let server = Server::start(30, |state| state.faults = vec![Fault::Close("UID MOVE")]).await;
    let mailbox = imap(server.port, |imap| imap.after = After::Move("Done".to_owned()));
    let ledger = Ledger::new().await;
    caseway::intake::run_once(&ledger.ctx, &mailbox).await.unwrap_err();
    assert_eq!(ledger.rows().await.iter().filter(|row| row.told).count(), 0);
    assert_eq!(ledger.once(&mailbox).await, 0);
    assert_eq!(server.state().folders["Done"].len(), 30);
    assert!(server.state().inbox.is_empty());
    assert!(ledger.rows().await.iter().all(|row| row.told));
}

#[tokio::test]
async fn a_mail_that_the_server_withholds_is_owed_and_comes_later() {
    let server = Server::start(10, |state| state.withheld = [4, 7].into()).await;
    let mailbox = imap(server.port, |_| {});
    let ledger = Ledger::new().await;
    assert_eq!(ledger.once(&mailbox).await, 8);
    let owed: Vec<u32> = ledger.unfetched().await.into_iter().map(|(uid, _)| uid).collect();
    assert_eq!(owed, [4, 7]);
    server.change(|state| {
        state.withheld.remove(&4);
        state.inbox.remove(&7);
    });
    assert_eq!(ledger.once(&mailbox).await, 1);
    assert_eq!(ledger.unfetched().await, []);
    assert_eq!(ledger.rows().await.last().unwrap().uid, 4);
}

#[tokio::test]
async fn a_mail_that_kills_the_connection_holds_nobody_up() {
    let server = Server::start(40, |state| state.poison = [17].into()).await;
    let ledger = Ledger::new().await;
    let running = ledger.run(imap(server.port, |_| {}));
    let rows = ledger.until(39).await;
    assert!(rows.iter().map(|row| row.uid).eq((1..=40).filter(|uid| *uid != 17)));
    server.change(|state| state.poison.clear());
    let rows = ledger.until(40).await;
    assert_eq!(rows.last().unwrap().uid, 17);
    running.stop().await;
    assert_eq!(ledger.unfetched().await, []);
}

#[tokio::test]
async fn a_folder_that_is_numbered_anew_is_read_again() {
    let server = Server::start(5, |_| {}).await;
    let mailbox = imap(server.port, |imap| imap.after = After::Seen);
    let ledger = Ledger::new().await;
    assert_eq!(ledger.once(&mailbox).await, 5);
    server.change(|state| {
        state.uidvalidity += 1;
        let moved = state.inbox.remove(&1).unwrap();
        state.inbox.insert(9, Held { flags: Default::default(), ..moved });
    });
    assert_eq!(ledger.once(&mailbox).await, 5);
    let rows = ledger.rows().await;
    assert_eq!(
        rows[5..].iter().map(|row| (row.uidvalidity, row.uid)).collect::<Vec<_>>(),
        [2, 3, 4, 5, 9].map(|uid| (1_001, uid))
    );
    assert_eq!(ledger.raw_count().await, 5);
    assert!(server.state().inbox[&9].flags.contains("\\Seen"));
}

#[tokio::test]
async fn what_was_not_told_under_old_uids_touches_no_mail_under_new_ones() {
    let server = Server::start(5, |state| state.faults = vec![Fault::No("UID MOVE"), Fault::No("CREATE")]).await;
    let mailbox = imap(server.port, |imap| imap.after = After::Move("Done".to_owned()));
    let ledger = Ledger::new().await;
    assert_eq!(ledger.once(&mailbox).await, 5);
    assert_eq!(ledger.rows().await.iter().filter(|row| row.told).count(), 0);
    server.change(|state| {
        state.uidvalidity += 1;
        state.inbox = [(3, Held { bytes: crate::harness::imap_script::mail(99), ..Held::default() })].into();
        state.faults = vec![Fault::Close("UID FETCH")];
    });
    caseway::intake::run_once(&ledger.ctx, &mailbox).await.unwrap_err();
    assert_eq!(server.state().inbox.len(), 1, "the new mail 3 is not the old mail 3");
    assert!(ledger.rows().await.iter().all(|row| row.told));
    assert_eq!(ledger.once(&mailbox).await, 1);
    assert_eq!(server.state().folders["Done"], [crate::harness::imap_script::mail(99)]);
}
