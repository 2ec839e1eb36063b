//! Mails that are new in the ledger, still in memory from their way in, so that the processing need not read them back.
//!
//! Only a shortcut: every mail in here is durable in the ledger, and one that is not here is read from there.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::incoming::Incoming;

/// Octets kept at most, as several mailboxes may take faster than their mails are processed.
const MOST: usize = 8_000_000;

/// Mails by their row.
#[derive(Debug, Default)]
pub(super) struct Fresh(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    mails: BTreeMap<i64, Incoming>,
    octets: usize,
}

impl Fresh {
    /// Keeps mails whose rows are committed, as far as there is room: the oldest are asked for first.
    pub(super) fn keep(&self, mails: impl Iterator<Item = (i64, Incoming)>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, mail) in mails {
            if kept.octets + mail.raw.len() > MOST {
                return;
            }
            kept.octets += mail.raw.len();
            kept.mails.insert(id, mail);
        }
    }

    /// Hands out a mail, once. Rows are asked for in order: what is kept of those before it is not needed any more.
    pub(super) fn take(&self, id: i64) -> Option<Incoming> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Kept { mails, octets } = &mut *kept;
        while let Some(first) = mails.first_entry().filter(|first| *first.key() <= id) {
            let (row, mail) = first.remove_entry();
            *octets -= mail.raw.len();
            if row == id {
                return Some(mail);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{Fresh, MOST};
    use crate::store::incoming::{Incoming, Source};

    fn mail(octets: usize) -> Incoming {
        Incoming {
            source: Source::Pipe,
            mailbox: "support".to_owned(),
            folder: String::new(),
            uidvalidity: 0,
            uid: 0,
            place: String::new(),
            raw: vec![b'x'; octets],
            size: octets as u64,
            oversize: false,
            sha256: [0; 32],
            content_hash: [0; 32],
            message_id: String::new(),
            received_at: Timestamp::UNIX_EPOCH,
            told: true,
            arrived_at: None,
            history: false,
        }
    }

    #[test]
    fn what_fits_is_handed_out_once_and_makes_room() {
        let fresh = Fresh::default();
        fresh.keep([(1, mail(MOST - 10)), (2, mail(20)), (3, mail(5))].into_iter());
        assert_eq!(fresh.take(1).map(|mail| mail.raw.len()), Some(MOST - 10));
        assert!((1..=3).all(|id| fresh.take(id).is_none()));
        fresh.keep([(2, mail(20))].into_iter());
        assert!(fresh.take(2).is_some());
    }

    #[test]
    fn a_mail_that_was_kept_too_late_gives_its_room_back() {
        let fresh = Fresh::default();
        fresh.keep([(1, mail(MOST))].into_iter());
        assert!(fresh.take(2).is_none());
        fresh.keep([(3, mail(MOST))].into_iter());
        assert!(fresh.take(3).is_some());
    }
}
