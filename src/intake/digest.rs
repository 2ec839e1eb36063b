//! A batch into the ledger, with what the ledger wants to know of each mail besides its bytes.

use anyhow::Context;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tracing::info;

use super::IntakeContext;
use crate::mail::content_hash::content_hash;
use crate::mail::message_id;
use crate::store::cursor::Cursor;
use crate::store::ledger::{self, Incoming, Source};

/// Mails of one batch.
pub(super) const BATCH_MAILS: usize = 200;
/// Octets of one batch, unless one mail has more.
pub(super) const BATCH_OCTETS: u64 = 4_000_000;
/// Octets of the header that is kept of a mail whose body is not taken.
pub(super) const MAX_KEPT_HEADER: usize = 1_000_000;

/// Where a batch of mails comes from.
#[derive(Debug, Clone)]
pub(super) struct From {
    pub(super) source: Source,
    pub(super) mailbox: String,
    pub(super) folder: String,
    pub(super) uidvalidity: u32,
}

/// A mail as its source gave it.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) uid: u32,
    pub(super) place: String,
    /// Only the headers when `oversize`.
    pub(super) bytes: Vec<u8>,
    pub(super) size: u64,
    pub(super) oversize: bool,
    pub(super) told: bool,
    pub(super) arrived_at: Option<Timestamp>,
    pub(super) history: bool,
}

/// Hashes a batch, stores it durably with the cursor, and wakes the processing. The ids of the rows, in order.
pub(super) async fn store(
    ctx: &IntakeContext,
    from: &From,
    mails: Vec<Raw>,
    cursor: Option<&Cursor>,
) -> anyhow::Result<Vec<i64>> {
    if mails.is_empty() {
        return Ok(Vec::new());
    }
    let now = ctx.clock.now();
    let octets: u64 = mails.iter().map(|mail| mail.bytes.len() as u64).sum();
    let from_here = from.clone();
    let hashed = tokio::task::spawn_blocking(move || hashed(&from_here, mails, now));
    let incoming = hashed.await.context("hashing a batch")?;
    let ids = ledger::append(&ctx.store, incoming, cursor, now).await?;
    ctx.wake.notify_one();
    info!(
        event = "mail.stored",
        mailbox = from.mailbox,
        count = ids.len(),
        octets,
        first_id = ids.first(),
        "mails are in the ledger"
    );
    Ok(ids)
}

/// A batch as the ledger takes it.
pub(super) fn hashed(from: &From, mails: Vec<Raw>, now: Timestamp) -> Vec<Incoming> {
    mails.into_iter().map(|mail| one(from, mail, now)).collect()
}

pub(super) fn one(from: &From, mail: Raw, now: Timestamp) -> Incoming {
    Incoming {
        source: from.source,
        mailbox: from.mailbox.clone(),
        folder: from.folder.clone(),
        uidvalidity: from.uidvalidity,
        uid: mail.uid,
        place: mail.place,
        sha256: Sha256::digest(&mail.bytes).into(),
        content_hash: content_hash(&mail.bytes),
        message_id: own_message_id(&mail.bytes),
        raw: mail.bytes,
        size: mail.size,
        oversize: mail.oversize,
        received_at: now,
        told: mail.told,
        arrived_at: mail.arrived_at,
        history: mail.history,
    }
}

/// Octets of a header that are looked at; more is no header that anybody wrote.
const MAX_HEADER: usize = 256 * 1024;

/// Where the header ends: after the first empty line, or at the end.
pub(super) fn header_end(raw: &[u8]) -> usize {
    let mut at = 0;
    while let Some(line) = raw.get(at..).and_then(|rest| rest.split_inclusive(|octet| *octet == b'\n').next()) {
        at += line.len();
        if matches!(line, b"\n" | b"\r\n") {
            break;
        }
    }
    at
}

/// The first Message-ID of the header without angle brackets, or nothing.
fn own_message_id(raw: &[u8]) -> String {
    const NAME: &[u8] = b"message-id:";
    let header = raw.get(..header_end(raw).min(MAX_HEADER)).unwrap_or_default();
    let mut lines = header
        .split(|octet| *octet == b'\n')
        .skip_while(|line| line.get(..NAME.len()).is_none_or(|name| !name.eq_ignore_ascii_case(NAME)));
    let Some(first) = lines.next().and_then(|line| line.get(NAME.len()..)) else { return String::new() };
    // A folded field goes on in lines that begin with white space (RFC 5322 §2.2.3); Outlook folds here.
    let folded = lines.take_while(|line| line.first().is_some_and(|octet| matches!(octet, b' ' | b'\t')));
    let value: Vec<u8> = std::iter::once(first).chain(folded).flatten().copied().collect();
    message_id::list(&String::from_utf8_lossy(&value)).into_iter().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{header_end, own_message_id};

    #[test]
    fn the_message_id_is_found_wherever_it_stands() {
        for (raw, id) in [
            (&b"Subject: x\r\nMessage-ID: <a@b.test>\r\n\r\nMessage-ID: <no@b.test>\r\n"[..], "a@b.test"),
            (b"MESSAGE-ID:\r\n <folded@b.test>\r\nTo: x\r\n\r\n", "folded@b.test"),
            (b"Subject: x\n\nMessage-ID: <body@b.test>\n", ""),
            (b"X-Message-ID: <x@b.test>\n\n", ""),
            (b"", ""),
        ] {
            assert_eq!(own_message_id(raw), id);
        }
    }

    #[test]
    fn a_header_ends_at_the_first_empty_line_or_with_the_mail() {
        assert_eq!(header_end(b"A: b\r\n\r\nbody"), 8);
        assert_eq!(header_end(b"A: b\n\nbody"), 6);
        assert_eq!(header_end(b"A: b\r\nno end"), 12);
        assert_eq!(header_end(b"\r\nbody"), 2);
    }
}
