//! Failed attempts slow the next one down: the more, the longer, and never for ever.
//!
//! Counted are the address from this client, the address from everywhere, and, where somebody signed in with this browser
//! before, the browser instead of both: so a stranger who fails on purpose, from however many places, does not lock the
//! owner out. Attempts are counted before they are tried, so that many at once are not one.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::client;
use super::pages::Word;
use super::secret::Secret;
use super::site::Web;
use crate::store::Tx;
use crate::store::web::throttle::{self, Failed};
use crate::store::web::{Hashed, session};

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attempt {
    /// A password: at signing in, or to confirm a change.
    Password,
    /// A code of the second factor, after the password was right.
    Factor,
    /// A code from a mail.
    MailCode,
}

/// Attempts from one client, or one browser, that cost no waiting.
const FREE: u32 = 5;
/// Attempts from everywhere that cost no waiting.
const FREE_EVERYWHERE: u32 = 30;
/// The longest wait of one client.
const LONGEST: SignedDuration = SignedDuration::from_mins(15);
/// The longest wait of strangers because of others' failures.
const LONGEST_EVERYWHERE: SignedDuration = SignedDuration::from_mins(1);
/// The same for codes of six digits, which can be guessed; whoever tries them knows the password.
const LONGEST_FACTOR: SignedDuration = SignedDuration::from_mins(15);
/// Counts older than this are forgotten.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(24);

/// Who tries what, and how it is counted.
#[derive(Debug)]
pub(super) struct Throttle {
    keys: Vec<(Hashed, u32, SignedDuration)>,
}

impl Throttle {
    /// The counters of an attempt about `email`.
    pub(super) async fn of(
        web: &Web,
        attempt: Attempt,
        email: &str,
        from: IpAddr,
        device: Option<&Secret>,
    ) -> anyhow::Result<Self> {
        if let Some(device) = device
            && session::is_known_device(web.store(), device.hash(), email).await?
        {
            return Ok(Self { keys: vec![(key(attempt, email, &format!("{:?}", device.hash())), FREE, LONGEST)] });
        }
        let everywhere = if attempt == Attempt::Factor { LONGEST_FACTOR } else { LONGEST_EVERYWHERE };
        Ok(Self {
            keys: vec![
                (key(attempt, email, &client::network(from).to_string()), FREE, LONGEST),
                (key(attempt, email, "everywhere"), FREE_EVERYWHERE, everywhere),
            ],
        })
    }

    /// Counts the attempt, or tells how long to wait before the next one is looked at.
    pub(super) async fn admit(&self, web: &Web) -> anyhow::Result<Result<(), SignedDuration>> {
        let now = web.clock().now();
        let mut tx = web.store().write().await?;
        for (id, free, longest) in &self.keys {
            let wait = throttle::failed(&mut tx, *id).await?.map(|failed| wait(failed, *free, *longest, now));
            if let Some(wait) = wait.filter(SignedDuration::is_positive) {
                return Ok(Err(wait));
            }
        }
        for (id, ..) in &self.keys {
            throttle::count(&mut tx, *id, now, now - FORGOTTEN).await?;
        }
        tx.commit().await?;
        Ok(Ok(()))
    }

    /// The attempt succeeded.
    pub(super) async fn clear(&self, tx: &mut Tx) -> anyhow::Result<()> {
        for (id, ..) in &self.keys {
            throttle::clear(tx, *id).await?;
        }
        Ok(())
    }
}

fn key(attempt: Attempt, email: &str, from: &str) -> Hashed {
    Hashed(Sha256::digest(format!("{attempt:?}\0{email}\0{from}")).into())
}

/// One second after the last free attempt, twice as long after each further one. A failure of the future, from when the
/// clock was ahead, is waited for no more: the attempt counts, and the next wait goes by the clock as it is.
fn wait(failed: Failed, free: u32, longest: SignedDuration, now: Timestamp) -> SignedDuration {
    let Some(beyond) = failed.count.checked_sub(free) else { return SignedDuration::ZERO };
    let delay = SignedDuration::from_secs(1_i64 << beyond.min(30)).min(longest);
    let since = now.duration_since(failed.last_at);
    if since.is_negative() { SignedDuration::ZERO } else { delay - since }
}

/// How long to wait, in words.
pub(super) fn too_often(wait: SignedDuration) -> Word {
    let minutes = u64::try_from(wait.as_secs()).unwrap_or_default().div_ceil(60).max(1);
    Word::TooOften { minutes: minutes.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_ends() {
        let last_at: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        let after = |count, seconds| {
            let now = last_at + SignedDuration::from_secs(seconds);
            wait(Failed { count, last_at }, FREE, LONGEST, now).as_secs()
        };
        assert_eq!([after(1, 0), after(4, 0), after(5, 0), after(6, 0), after(9, 0)], [0, 0, 1, 2, 16]);
        assert_eq!(after(9, 10), 6);
        assert!(after(9, 16) <= 0);
        assert_eq!(after(1_000, 0), 900);
        assert!(after(1_000, 900) <= 0);
        assert_eq!([after(9, -1), after(1_000, -365 * 24 * 3600)], [0, 0], "the clock was ahead");
    }
}
