//! A mail to ourselves, waited for: where it came, and what the servers wrote above it.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::SpecialFolders;
use super::imap::{ImapError, Recaller};
use crate::config::Imap;

/// How often the account is looked at: delivery takes a second or so where it works at all.
const PAUSE: Duration = Duration::from_secs(1);
/// How much later the second of two mails may come that were sent one after the other.
const LAG: Duration = Duration::from_secs(10);

/// A mail that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Came {
    /// The folder it lay in.
    pub folder: String,
    /// Its header, as the account has it.
    pub header: Vec<u8>,
}

/// What two mails to ourselves showed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoundTrip {
    /// The folders of the account.
    pub special: SpecialFolders,
    /// The mail to the plain address.
    pub plain: Option<Came>,
    /// The mail to another form of it.
    pub other: Option<Came>,
    /// The server that sent them put a copy into the folder for sent mails by itself.
    pub keeps_sent: bool,
}

/// Waits, for `limit` at most, until both mails (by their Message-IDs, without angle brackets) are in the folder that is read or in
/// that for spam, and removes them; `other` is not waited for much longer than `plain`, and not at all where it is `None`.
pub async fn round_trip(
    imap: &Imap,
    plain: &str,
    other: Option<&str>,
    limit: Duration,
) -> Result<RoundTrip, ImapError> {
    let mut account = Recaller::connect(imap, None).await?;
    let special = account.special_folders().await?;
    let mut trip = RoundTrip { special, ..RoundTrip::default() };
    let mut deadline = Instant::now() + limit;
    loop {
        if trip.plain.is_none() {
            trip.plain = look(&mut account, imap, &trip.special, plain).await?;
            if trip.plain.is_some() {
                deadline = deadline.min(Instant::now() + LAG);
            }
        }
        if let (None, Some(other)) = (&trip.other, other) {
            trip.other = look(&mut account, imap, &trip.special, other).await?;
        }
        let is_done = trip.plain.is_some() && (trip.other.is_some() || other.is_none());
        if is_done || Instant::now() + PAUSE > deadline {
            break;
        }
        sleep(PAUSE).await;
    }
    if let Some(sent) = trip.special.sent.clone() {
        for id in std::iter::once(plain).chain(other) {
            trip.keeps_sent |= account.take_from(&sent, id).await?.is_some();
        }
    }
    account.leave().await;
    Ok(trip)
}

async fn look(
    account: &mut Recaller<'_>,
    imap: &Imap,
    special: &SpecialFolders,
    message_id: &str,
) -> Result<Option<Came>, ImapError> {
    for folder in imap.folders().map(|folder| &folder.name).chain(&special.junk) {
        if let Some(header) = account.take_from(folder, message_id).await? {
            return Ok(Some(Came { folder: folder.clone(), header }));
        }
    }
    Ok(None)
}
