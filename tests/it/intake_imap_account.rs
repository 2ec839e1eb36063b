//! What an IMAP server says of the account rather than of a mail, and what it leaves out.

use std::time::Duration;

use caseway::config::After;
use caseway::intake;
use caseway::intake::imap::{ImapError, Refusal};

use crate::harness::alarms::Alarms;
use crate::harness::imap_script::{Held, Server, mail};
use crate::harness::intake::{Ledger, imap};

/// Gmail, Exchange, Dovecot: while the account cannot be read, no mail is asked for by itself, and none is given up.
#[tokio::test]
async fn trouble_with_the_account_blames_no_mail() {
    for (command, words) in [
        ("UID FETCH 1:20 (INTERNALDATE", "NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)"),
        ("UID FETCH 1:20 (RFC822.SIZE FLAGS)", "NO [LIMIT] Too many mails read"),
        ("UID SEARCH", "NO [INUSE] Mailbox is locked"),
        ("EXAMINE", "BAD User is authenticated but not connected."),
        ("EXAMINE", "NO [UNAVAILABLE] Temporary failure"),
        ("LOGIN", "NO [ALERT] Too many simultaneous connections. (Failure)"),
    ] {
        let server = Server::start(20, |state| state.refuses = vec![(command, words)]).await;
        let mailbox = imap(server.port, |_| {});
        let ledger = Ledger::new().await;
        for _ in 0..5 {
            let err = intake::run_once(&ledger.ctx, &mailbox).await.unwrap_err().downcast::<ImapError>().unwrap();
            let text = err.to_string();
            assert!(text.contains("tried again by itself"), "{text}");
            assert!(!text.contains("check `"), "nothing is to be corrected: {text}");
        }
        assert_eq!(server.state().times(command), 5, "asked once each time: {command}");
        assert_eq!((ledger.rows().await.len(), ledger.unfetched().await.len()), (0, 0));
        // Nor is there caution left over: all come at once.
        server.change(|state| state.refuses.clear());
        assert_eq!(ledger.once(&mailbox).await, 20);
    }
}

#[tokio::test]
async fn a_refused_login_says_which_kind_it_is() {
    for (words, code, advice) in [
        ("NO [AUTHENTICATIONFAILED] Authentication failed.", Refusal::AuthenticationFailed, "check `user`, `password`"),
        ("NO [UNAVAILABLE] Temporary authentication failure.", Refusal::Unavailable, "tried again by itself"),
        ("NO [EXPIRED] Password expired.", Refusal::Expired, "set a new one"),
        ("NO [PRIVACYREQUIRED] Plaintext authentication disabled.", Refusal::PrivacyRequired, "set `tls`"),
        ("NO no", Refusal::Other, "check `user`, `password`"),
    ] {
        let server = Server::start(0, |state| state.refuses = vec![("LOGIN", words)]).await;
        match intake::probe(&imap(server.port, |_| {}), None).await.unwrap_err().downcast_ref::<ImapError>() {
            Some(err @ ImapError::Login { code: found, .. }) => {
                assert_eq!(*found, code);
                assert!(err.to_string().contains(advice), "{err}");
            }
            other => panic!("{other:?}"),
        }
    }
}

/// NetEase refuses every folder to who has not said ID; others are not asked.
#[tokio::test]
async fn who_we_are_is_said_where_the_server_asks() {
    for offered in [true, false] {
        let server = Server::start(1, |state| {
            if offered {
                state.capabilities.push("ID");
            }
        })
        .await;
        let ledger = Ledger::new().await;
        assert_eq!(ledger.once(&imap(server.port, |_| {})).await, 1);
        let heard = server.state().heard.clone();
        let said = heard.iter().position(|line| line.starts_with("ID (\"name\" \"caseway\" \"version\" \""));
        let opened = heard.iter().position(|line| line.starts_with("EXAMINE"));
        assert_eq!(said.is_some(), offered);
        assert!(said < opened, "{heard:?}");
    }
    let deaf = Server::start(1, |state| {
        state.capabilities.push("ID");
        state.refuses = vec![("ID", "BAD what?")];
    })
    .await;
    assert_eq!(Ledger::new().await.once(&imap(deaf.port, |_| {})).await, 1);
}

/// Three mails of thirty on which the server hangs up: each costs a few connections, and none makes the others wait as long as a server
/// that is down.
#[tokio::test]
async fn mails_that_come_through_make_the_delay_short_again() {
    let server = Server::start(30, |state| state.poison = [5, 14, 23].into()).await;
    let mut ledger = Ledger::new().await;
    // Without the reset the delays would add up to more than the test has.
    ledger.ctx.pace.first_delay = Duration::from_millis(10);
    ledger.ctx.pace.longest_delay = Duration::from_secs(3_600);
    ledger.ctx.pace.useful_after = Duration::from_secs(3_600);
    ledger.ctx.pace.owed_delay = Duration::from_secs(3_600);
    let running = ledger.run(imap(server.port, |_| {}));
    let rows = ledger.until(27).await;
    assert!(rows.iter().map(|row| row.uid).eq((1..=30).filter(|uid| ![5, 14, 23].contains(uid))));
    running.stop().await;
}

#[tokio::test]
async fn a_move_is_repeated_when_somebody_has_just_removed_one_of_the_mails() {
    for moves in [true, false] {
        let server = Server::start(5, |state| {
            state.folders.insert("Done".to_owned(), Vec::new());
            state.expunged_behind = Some(2);
            if !moves {
                state.capabilities.retain(|name| *name != "MOVE");
            }
        })
        .await;
        let ledger = Ledger::new().await;
        let alarms = Alarms::listen();
        assert_eq!(ledger.once(&imap(server.port, |imap| imap.after = After::Move("Done".to_owned()))).await, 5);
        assert_eq!(alarms.heard(), "");
        assert_eq!(server.state().folders["Done"].len(), 4);
        assert!(server.state().inbox.is_empty() && ledger.rows().await.iter().all(|row| row.told));
    }
}

#[tokio::test]
async fn mails_that_are_counted_and_not_found_are_asked_for_otherwise() {
    let server = Server::start(3, |state| state.search_is_blind = true).await;
    let mailbox = imap(server.port, |_| {});
    let ledger = Ledger::new().await;
    let alarms = Alarms::listen();
    assert_eq!(ledger.once(&mailbox).await, 3);
    assert!(alarms.heard().contains("counts mails that it does not name"), "{}", alarms.heard());
    server.change(|state| {
        state.inbox.insert(4, Held { bytes: mail(4), ..Held::default() });
    });
    assert_eq!(ledger.once(&mailbox).await, 1);
    assert_eq!(ledger.once(&mailbox).await, 0);
}

/// UIDNEXT of the moment when the folder was opened says nothing of mails that came since.
#[tokio::test]
async fn news_by_idle_is_no_alarm_and_uids_that_begin_anew_are() {
    let server = Server::start(1, |_| {}).await;
    let ledger = Ledger::new().await;
    let alarms = Alarms::listen();
    let running = ledger.run(imap(server.port, |imap| imap.poll = Duration::from_secs(600)));
    for uid in 2..5 {
        ledger.until(uid as usize - 1).await;
        server.until(|state| state.times("IDLE") == uid as usize - 1).await;
        server.change(|state| {
            state.inbox.insert(uid, Held { bytes: mail(uid), ..Held::default() });
        });
    }
    ledger.until(4).await;
    running.stop().await;
    assert_eq!(alarms.heard(), "");
    server.change(|state| state.inbox.retain(|uid, _| *uid < 3));
    let mailbox = imap(server.port, |_| {});
    assert_eq!(ledger.once(&mailbox).await, 0);
    assert!(alarms.heard().contains("hands out UIDs again"), "{}", alarms.heard());
}

#[tokio::test]
async fn a_look_makes_the_folder_that_mails_are_moved_to_or_says_why_not() {
    let server = Server::start(0, |state| state.refuses = vec![("CREATE", "NO [CANNOT] Invalid name")]).await;
    let mailbox = imap(server.port, |imap| imap.after = After::Move("Done".to_owned()));
    match intake::probe(&mailbox, None).await.unwrap_err().downcast_ref::<ImapError>() {
        Some(err @ ImapError::Target { .. }) => assert!(err.to_string().contains("check `after`"), "{err}"),
        other => panic!("{other:?}"),
    }
    server.change(|state| state.refuses.clear());
    assert!(intake::probe(&mailbox, None).await.unwrap().move_folder_made);
    assert!(!intake::probe(&mailbox, None).await.unwrap().move_folder_made);
}
