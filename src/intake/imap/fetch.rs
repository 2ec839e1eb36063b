//! Sizes and bodies of mails, without a mark on the server (`PEEK`).

use std::collections::{BTreeMap, HashMap, HashSet};

use async_imap::imap_proto::{AttributeValue, MessageSection, Response, SectionPath};

use jiff::Timestamp;

use super::error::ImapError;
use super::list::listed;
use super::uid_set;
use super::wire::Wire;
use crate::intake::digest::{BATCH_OCTETS, MAX_KEPT_HEADER, header_end};

/// A mail as the server sent it.
#[derive(Debug)]
pub(super) struct Fetched {
    pub(super) bytes: Vec<u8>,
    /// Octets on the server.
    pub(super) size: u64,
    /// `bytes` are only the header.
    pub(super) oversize: bool,
    /// When the server got it (RFC 3501 §2.3.3).
    pub(super) arrived_at: Option<Timestamp>,
}

/// What became of a batch.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) got: BTreeMap<u32, Fetched>,
    /// Listed by the server and not handed out, with what it said.
    pub(super) unfetched: Vec<(u32, String)>,
    /// The connection failed: UIDs in neither list are unknown.
    pub(super) broken: Option<ImapError>,
}

/// What a server tells of mails before they are fetched.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Octets, as far as the server tells.
    pub(super) sizes: HashMap<u32, u64>,
    /// Somebody's unfinished mail (`\Draft`), or one that waits to be removed (`\Deleted`): RFC 9051 §2.3.2.
    pub(super) unwanted: HashSet<u32>,
}

/// What the server tells of `uids`.
pub(super) async fn known(wire: &mut Wire, uids: &[u32]) -> Result<Known, ImapError> {
    let mut known = Known { sizes: HashMap::with_capacity(uids.len()), unwanted: HashSet::new() };
    let told = wire
        .command("FETCH", &format!("UID FETCH {} (RFC822.SIZE FLAGS)", uid_set::set(uids)), |answer| {
            let Response::Fetch(_, attributes) = answer else { return };
            let Some(uid) = uid_of(attributes) else { return };
            for attribute in attributes {
                match attribute {
                    AttributeValue::Rfc822Size(size) => {
                        known.sizes.insert(uid, u64::from(*size));
                    }
                    AttributeValue::Flags(flags) if flags.iter().any(|flag| is_unwanted(flag)) => {
                        known.unwanted.insert(uid);
                    }
                    _ => {}
                }
            }
        })
        .await;
    match told {
        Ok(_) => Ok(known),
        // One bad mail may spoil the answer for all; those without a size are fetched one by one.
        Err(error) if error.connection_lives() => Ok(known),
        Err(error) => Err(error),
    }
}

fn is_unwanted(flag: &str) -> bool {
    flag.eq_ignore_ascii_case("\\Draft") || flag.eq_ignore_ascii_case("\\Deleted")
}

/// How many of `uids` make the next batch: at most `most`, at most [`BATCH_OCTETS`]; one of unknown size goes alone.
pub(super) fn batch_len(uids: &[u32], sizes: &HashMap<u32, u64>, most: usize, limit: u64) -> usize {
    let mut octets = 0_u64;
    let mut count = 0;
    for uid in uids.iter().take(most) {
        let Some(size) = sizes.get(uid) else { break };
        octets = octets.saturating_add(if *size > limit { MAX_KEPT_HEADER as u64 } else { *size });
        if octets > BATCH_OCTETS {
            break;
        }
        count += 1;
    }
    count.max(1)
}

/// Fetches a batch. Answers may be fewer than asked for although the server says that all went well: each missing
/// mail is asked for alone before it is given up.
pub(super) async fn batch(wire: &mut Wire, uids: &[u32], sizes: &HashMap<u32, u64>, limit: u64) -> Outcome {
    let mut outcome = Outcome::default();
    let (large, normal): (Vec<u32>, Vec<u32>) =
        uids.iter().partition(|uid| sizes.get(uid).is_some_and(|size| *size > limit));
    for uids in [normal, large] {
        if let Err(error) = fetch(wire, &uids, sizes, limit, &mut outcome.got).await
            && !error.connection_lives()
        {
            outcome.broken = Some(error);
            return outcome;
        }
    }
    let missing: Vec<u32> = uids.iter().copied().filter(|uid| !outcome.got.contains_key(uid)).collect();
    if !missing.is_empty()
        && let Err(error) = one_by_one(wire, &missing, sizes, limit, &mut outcome).await
    {
        outcome.broken = Some(error);
    }
    outcome
}

async fn one_by_one(
    wire: &mut Wire,
    missing: &[u32],
    sizes: &HashMap<u32, u64>,
    limit: u64,
    outcome: &mut Outcome,
) -> Result<(), ImapError> {
    // What somebody else removed meanwhile is not missing.
    for uid in listed(wire, missing).await? {
        let error = match fetch(wire, &[uid], sizes, limit, &mut outcome.got).await {
            Ok(()) => "the server lists it and sends nothing".to_owned(),
            Err(error) if error.connection_lives() => error.to_string(),
            Err(error) => return Err(error),
        };
        if !outcome.got.contains_key(&uid) {
            outcome.unfetched.push((uid, error));
        }
    }
    Ok(())
}

/// One FETCH for mails of one kind: all within the limit, or all beyond it, or one of unknown size.
async fn fetch(
    wire: &mut Wire,
    uids: &[u32],
    sizes: &HashMap<u32, u64>,
    limit: u64,
    got: &mut BTreeMap<u32, Fetched>,
) -> Result<(), ImapError> {
    let Some(first) = uids.first() else { return Ok(()) };
    let what = match sizes.get(first) {
        Some(size) if *size > limit => format!("INTERNALDATE BODY.PEEK[HEADER]<0.{MAX_KEPT_HEADER}>"),
        Some(_) => "INTERNALDATE BODY.PEEK[]".to_owned(),
        None => format!("INTERNALDATE BODY.PEEK[]<0.{}>", limit.saturating_add(1).min(u64::from(u32::MAX))),
    };
    let mut rest = uids;
    while let Some(piece) = uid_set::pieces(rest, wire.most()).into_iter().next() {
        wire.command("FETCH", &format!("UID FETCH {} ({what})", uid_set::set(piece)), |answer| {
            if let Response::Fetch(_, attributes) = answer
                && let Some(uid) = uid_of(attributes)
                && piece.binary_search(&uid).is_ok()
                && let Some(mail) = mail_of(attributes, sizes.get(&uid).copied(), limit)
            {
                got.insert(uid, mail);
            }
        })
        .await?;
        // What an answer that ended early left out is asked for again (RFC 9738 §3.1).
        let done = piece.len() <= wire.most();
        rest = if done { rest.get(piece.len()..).unwrap_or_default() } else { rest };
    }
    Ok(())
}

pub(super) fn uid_of(attributes: &[AttributeValue<'_>]) -> Option<u32> {
    attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::Uid(uid) => Some(*uid),
        _ => None,
    })
}

fn mail_of(attributes: &[AttributeValue<'_>], size: Option<u64>, limit: u64) -> Option<Fetched> {
    let mail = attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::BodySection { section: None, data: Some(data), .. } => whole(data, size, limit),
        AttributeValue::BodySection { section: Some(section), data: Some(data), .. } if is_header(section) => {
            Some(Fetched {
                bytes: data.to_vec(),
                size: size.unwrap_or(data.len() as u64),
                oversize: true,
                arrived_at: None,
            })
        }
        _ => None,
    })?;
    Some(Fetched { arrived_at: arrived_at(attributes), ..mail })
}

/// When the server got the mail.
pub(super) fn arrived_at(attributes: &[AttributeValue<'_>]) -> Option<Timestamp> {
    attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::InternalDate(date) => internal_date(date),
        _ => None,
    })
}

/// Whether a section is a mail's whole header.
pub(super) fn is_header(section: &SectionPath) -> bool {
    matches!(section, SectionPath::Full(MessageSection::Header))
}

/// ` 7-Jul-1996 02:44:25 -0700`
fn internal_date(date: &str) -> Option<Timestamp> {
    Timestamp::strptime("%d-%b-%Y %H:%M:%S %z", date.trim()).ok()
}

/// A body; an empty one for a mail that has a size is the server's way of failing. Sizes are not to be relied on
/// (Exchange estimates them), so a body beyond the limit is cut here.
fn whole(data: &[u8], size: Option<u64>, limit: u64) -> Option<Fetched> {
    let octets = data.len() as u64;
    if octets == 0 && size.is_none_or(|size| size > 0) {
        return None;
    }
    if octets > limit {
        let header = data.get(..header_end(data)).unwrap_or(data);
        let header = header.get(..MAX_KEPT_HEADER).unwrap_or(header);
        let size = size.unwrap_or(octets).max(octets);
        return Some(Fetched { bytes: header.to_vec(), size, oversize: true, arrived_at: None });
    }
    Some(Fetched { bytes: data.to_vec(), size: octets, oversize: false, arrived_at: None })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::{batch_len, internal_date, whole};

    #[test]
    fn the_servers_date_is_read_with_its_zone() {
        for (date, at) in [
            ("17-Jul-1996 02:44:25 -0700", "1996-07-17T09:44:25Z"),
            (" 7-Jul-1996 02:44:25 +0000", "1996-07-07T02:44:25Z"),
            ("07-Jul-1996 02:44:25 +0530", "1996-07-06T21:14:25Z"),
        ] {
            assert_eq!(internal_date(date), Some(at.parse().unwrap()), "{date}");
        }
        assert_eq!(internal_date("yesterday"), None);
    }

    #[test]
    fn batches_end_by_number_by_octets_and_at_unknown_sizes() {
        let sizes = |size: u64| (1..=500).map(|uid| (uid, size)).collect::<HashMap<u32, u64>>();
        let uids: Vec<u32> = (1..=600).collect();
        assert_eq!(batch_len(&uids, &sizes(10), 200, 25_000_000), 200);
        assert_eq!(batch_len(&uids, &sizes(10), 1_000, 25_000_000), 500);
        assert_eq!(batch_len(&uids, &sizes(1_000_000), 200, 25_000_000), 4);
        assert_eq!(batch_len(&uids, &sizes(20_000_000), 200, 25_000_000), 1);
        assert_eq!(batch_len(&uids[500..], &sizes(10), 200, 25_000_000), 1);
    }

    #[test]
    fn an_empty_body_counts_only_for_an_empty_mail() {
        assert!(whole(b"", Some(10), 100).is_none());
        assert!(whole(b"", None, 100).is_none());
        assert!(whole(b"", Some(0), 100).is_some());
    }

    #[test]
    fn a_body_beyond_the_limit_is_cut_to_its_header_whatever_size_was_promised() {
        let mail = whole(b"A: b\r\n\r\nlong body", Some(5), 10).unwrap();
        assert!(mail.oversize);
        assert_eq!((mail.bytes.as_slice(), mail.size), (&b"A: b\r\n\r\n"[..], 17));
    }
}
