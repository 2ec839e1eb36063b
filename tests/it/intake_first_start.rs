//! A mailbox with years of mail: its people get no letters today.

use std::fs::File;
use std::time::{Duration, SystemTime};

use caseway::config::{After, FirstStart, Mailbox, Maildir, Source};
use caseway::time::Clock;
use jiff::SignedDuration;

use crate::harness::imap_script::{Held, Server, mail};
use crate::harness::intake::{Ledger, imap};

const LONG_AGO: &str = "12-Mar-2019 10:00:00 +0100";
const YESTERDAY: &str = " 1-Mar-2026 10:00:00 +0100";
const TODAY: &str = "02-Mar-2026 08:00:00 +0000";
const TWO_DAYS: FirstStart = FirstStart::Within(SignedDuration::from_hours(48));

/// It is the second of March.
async fn ledger() -> Ledger {
    let mut ledger = Ledger::new().await;
    ledger.ctx.clock = Clock::driven_by(|| "2026-03-02T09:00:00Z".parse().unwrap(), || Duration::ZERO);
    ledger
}

fn held(number: u32, arrived: &'static str) -> Held {
    Held { bytes: mail(number), arrived, ..Held::default() }
}

fn account(server: &Server, after: After, first_start: FirstStart) -> Mailbox {
    Mailbox { first_start, ..imap(server.port, |imap| imap.after = after) }
}

#[tokio::test]
async fn what_arrived_long_before_the_first_start_is_kept_and_left_alone() {
    let day = FirstStart::Since("2026-03-02T00:00:00Z".parse().unwrap());
    for (first_start, history) in [(TWO_DAYS, vec![1, 2]), (day, vec![1, 2, 3]), (FirstStart::All, vec![])] {
        let server = Server::start(0, |state| {
            // The server does not say when the last one arrived.
            let arrived = [LONG_AGO, LONG_AGO, YESTERDAY, TODAY, ""];
            state.inbox = (1..).zip(arrived).map(|(uid, arrived)| (uid, held(uid, arrived))).collect();
        })
        .await;
        let mailbox = account(&server, After::Delete, first_start);
        let ledger = ledger().await;
        assert_eq!(ledger.once(&mailbox).await, 5, "all are kept");
        let new: Vec<u32> = (1..=5).filter(|uid| !history.contains(uid)).collect();
        assert_eq!(ledger.history_and_new().await, (history.clone(), new));
        assert!(server.state().inbox.keys().eq(&history), "what is history is not deleted");
        // Whatever comes later is new, even an old mail that somebody puts there.
        server.change(|state| _ = state.inbox.insert(6, held(6, LONG_AGO)));
        assert_eq!(ledger.once(&mailbox).await, 1);
        assert_eq!(ledger.history_and_new().await.1.last(), Some(&6));
    }
}

/// The first look breaks off, and goes on in another life as it began.
#[tokio::test]
async fn a_first_start_that_breaks_off_goes_on_as_it_began() {
    let server = Server::start(0, |state| {
        state.inbox = (1..=40).map(|uid| (uid, held(uid, LONG_AGO))).collect();
        state.faults = vec![crate::harness::imap_script::Fault::CutAt(30)];
    })
    .await;
    let mut mailbox = account(&server, After::Keep, TWO_DAYS);
    if let Source::Imap(imap) = &mut mailbox.source {
        imap.batch = 10;
    }
    let ledger = ledger().await;
    caseway::intake::run_once(&ledger.ctx, &mailbox).await.unwrap_err();
    assert!(!ledger.rows().await.is_empty());
    ledger.once(&mailbox).await;
    assert_eq!(ledger.history_and_new().await, ((1..=40).collect(), vec![]));
}

/// Another server, other numbers, and copies that differ by an octet: what is older than the last known mail came once already.
#[tokio::test]
async fn a_mailbox_that_is_numbered_anew_sends_no_letters_for_what_is_known() {
    let server = Server::start(0, |state| {
        state.inbox = (1..=3).map(|uid| (uid, held(uid, YESTERDAY))).collect();
        state.inbox.insert(4, held(4, TODAY));
    })
    .await;
    let mailbox = account(&server, After::Keep, FirstStart::All);
    let ledger = ledger().await;
    assert_eq!(ledger.once(&mailbox).await, 4);
    server.change(|state| {
        state.uidvalidity += 1;
        for held in state.inbox.values_mut() {
            held.bytes.extend_from_slice(b"Checked by the new provider.\r\n");
        }
        state.inbox.insert(5, held(5, "02-Mar-2026 08:30:00 +0000"));
    });
    assert_eq!(ledger.once(&mailbox).await, 5);
    let (history, new) = ledger.history_and_new().await;
    assert_eq!(history, [1, 2, 3]);
    // The last one known has its second in common with what may have come after it.
    assert_eq!(new, [1, 2, 3, 4, 4, 5]);
}

#[tokio::test]
async fn old_files_of_a_maildir_are_history_and_later_ones_are_not() {
    let ledger = Ledger::new().await;
    let path = ledger.dir.path().join("md");
    for folder in ["new", "cur", "tmp"] {
        std::fs::create_dir_all(path.join(folder)).unwrap();
    }
    let deliver = |name: &str, number, age: Duration| {
        let at: SystemTime = (ledger.ctx.clock.now() - age).into();
        let file = path.join("new").join(name);
        std::fs::write(&file, mail(number)).unwrap();
        File::options().write(true).open(&file).unwrap().set_modified(at).unwrap();
        file
    };
    let year = Duration::from_hours(365 * 24);
    let old = deliver("1.M1P1.host", 1, year);
    deliver("2.M2P1.host", 2, Duration::from_secs(60));
    let source = Source::Maildir(Maildir { path: path.clone(), after: After::Seen, poll: Duration::from_secs(1) });
    let mailbox = Mailbox { source, first_start: TWO_DAYS, ..imap(1, |_| {}) };
    assert_eq!(ledger.once(&mailbox).await, 2);
    assert_eq!(ledger.history_and_new().await, (vec![0], vec![0]));
    assert!(old.exists(), "left as it is");
    deliver("3.M3P1.host", 3, Duration::ZERO);
    assert_eq!(ledger.once(&mailbox).await, 1);
    assert_eq!(ledger.history_and_new().await, (vec![0], vec![0, 0]));
}
