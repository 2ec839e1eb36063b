//! Attempts at sending: claimed, prolonged, recorded, given up.

use std::collections::HashMap;

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::{Claimed, Outcome, State};
use crate::desk::inbound::sent::FailureCause;
use crate::desk::notice::kind::Notice;
use crate::store::{Store, Tx, micros, placeholders, timestamp};

// `resent` is 0 for a mail that was certainly not sent so far, 1 once an attempt perhaps got through and a second copy is
// due, and 2 from just before the text of that copy goes out ([`resend`]). Only a clear "no" takes it back to 1.

/// Octets of a mail that is not read before its turn to be sent comes.
const LARGE: i64 = 64 * 1024;

/// Takes up to `limit` due mails of a transport for this worker until `leased_until`, counting the attempt *before*
/// anything is sent. Those due longest come first; the bytes are read after the commit, so that the write lock is short,
/// and those of large mails not at all ([`load`] does): a batch of mails with attachments would fill the memory.
///
/// The conditions are said twice: where two claim at once, PostgreSQL lets the second find the rows as they were, wait for
/// the first, and look again at the outer conditions alone.
pub async fn claim(
    store: &Store,
    transport: &str,
    now: Timestamp,
    leased_until: Timestamp,
    limit: u32,
) -> anyhow::Result<Vec<Claimed>> {
    let mut tx = store.write().await?;
    let rows = sqlx::query(
        "UPDATE outbox SET resent = CASE WHEN state = 'ambiguous' AND resent = 0 THEN 1 ELSE resent END, state = 'sending',
         attempts = attempts + 1, leased_until = $1, first_attempt_at = COALESCE(first_attempt_at, $2)
         WHERE id IN (SELECT id FROM outbox WHERE transport = $3 AND next_attempt_at <= $2
         AND state IN ('queued', 'later', 'ambiguous') ORDER BY next_attempt_at, id LIMIT $4)
         AND next_attempt_at <= $2 AND state IN ('queued', 'later', 'ambiguous')
         RETURNING id, recipient, return_path, message_id, attempts, first_attempt_at, resent,
         (SELECT COUNT(*) FROM outbox_spare WHERE outbox_id = outbox.id) AS has_spare",
    )
    .bind(micros(leased_until))
    .bind(micros(now))
    .bind(transport.to_owned())
    .bind(i64::from(limit))
    .fetch_all(&mut *tx)
    .await
    .context("claiming due mails")?;
    tx.commit().await.context("committing a claim")?;
    let mut claimed = rows.iter().map(claimed).collect::<anyhow::Result<Vec<_>>>()?;
    claimed.sort_unstable_by_key(|mail| mail.id);
    let mut bytes = bytes_of(store, &claimed.iter().map(|mail| mail.id).collect::<Vec<_>>()).await?;
    for mail in &mut claimed {
        mail.bytes = bytes.remove(&mail.id).unwrap_or_default();
    }
    Ok(claimed)
}

fn claimed(row: &AnyRow) -> anyhow::Result<Claimed> {
    Ok(Claimed {
        id: row.try_get("id")?,
        recipient: row.try_get("recipient")?,
        return_path: row.try_get("return_path")?,
        message_id: row.try_get("message_id")?,
        bytes: Vec::new(),
        attempts: u32::try_from(row.try_get::<i64, _>("attempts")?)?,
        first_attempt_at: timestamp(row.try_get("first_attempt_at")?)?,
        resent: row.try_get::<i64, _>("resent")? != 0,
        has_spare: row.try_get::<i64, _>("has_spare")? != 0,
    })
}

async fn bytes_of(store: &Store, ids: &[i64]) -> anyhow::Result<HashMap<i64, Vec<u8>>> {
    let mut bytes = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let sql = format!(
            "SELECT outbox_id, bytes FROM outbox_bytes WHERE LENGTH(bytes) <= $1 AND outbox_id IN ({})",
            placeholders(2, chunk.len())
        );
        let query = sqlx::query(AssertSqlSafe(sql)).persistent(false).bind(LARGE);
        let query = chunk.iter().fold(query, |query, id| query.bind(*id));
        for row in query.fetch_all(store.reader()).await.context("reading claimed mails")? {
            bytes.insert(row.try_get("outbox_id")?, row.try_get("bytes")?);
        }
    }
    Ok(bytes)
}

/// Reads the bytes of a mail that was claimed without them. They stay empty when the row that holds them is missing.
pub async fn load(store: &Store, mail: &mut Claimed) -> anyhow::Result<()> {
    let row = sqlx::query("SELECT bytes FROM outbox_bytes WHERE outbox_id = $1").bind(mail.id);
    if let Some(row) = row.fetch_optional(store.reader()).await.context("reading a claimed mail")? {
        mail.bytes = row.try_get("bytes")?;
    }
    Ok(())
}

/// The text of a mail that was perhaps sent goes out again next: from here on it is never sent by itself any more, unless
/// the server clearly takes no responsibility for this copy.
pub async fn resend(store: &Store, id: i64) -> anyhow::Result<()> {
    let mut tx = store.write().await?;
    let query = sqlx::query("UPDATE outbox SET resent = 2 WHERE id = $1 AND state = 'sending'").bind(id);
    let changed = query.execute(&mut *tx).await.context("recording that a mail is resent")?.rows_affected();
    anyhow::ensure!(changed == 1, "somebody else has taken the mail");
    tx.commit().await.context("committing that a mail is resent")
}

/// Prolongs the lease of mails in hand.
pub async fn renew(store: &Store, ids: &[i64], leased_until: Timestamp) -> anyhow::Result<()> {
    let mut tx = store.write().await?;
    for chunk in ids.chunks(500) {
        let sql = format!(
            "UPDATE outbox SET leased_until = $1 WHERE state = 'sending' AND id IN ({})",
            placeholders(2, chunk.len())
        );
        let query = sqlx::query(AssertSqlSafe(sql)).persistent(false).bind(micros(leased_until));
        chunk.iter().fold(query, |query, id| query.bind(*id)).execute(&mut *tx).await.context("prolonging leases")?;
    }
    tx.commit().await.context("committing leases")
}

/// Records how attempts ended, many in one transaction.
///
/// A mail that was resent after an ambiguous end stays `ambiguous` while it waits: it is never shown as merely late.
pub async fn record(store: &Store, ended: &[(i64, Outcome)], now: Timestamp) -> anyhow::Result<()> {
    let mut tx = store.write().await?;
    let sent: Vec<i64> = ended.iter().filter(|(_, outcome)| *outcome == Outcome::Sent).map(|(id, _)| *id).collect();
    let erased = record_sent(&mut tx, &sent, now).await?;
    for (id, outcome) in ended {
        match outcome {
            Outcome::Sent => {}
            Outcome::Later { at, error } => set(&mut tx, *id, State::Later, Some(*at), error, None).await?,
            Outcome::WithoutFiles { at, error } => {
                take_spare(&mut tx, *id).await?;
                set(&mut tx, *id, State::Later, Some(*at), error, None).await?;
            }
            Outcome::Failed { error, cause } => set(&mut tx, *id, State::Failed, None, error, Some(*cause)).await?,
            Outcome::Ambiguous { at, error } => set(&mut tx, *id, State::Ambiguous, *at, error, None).await?,
            Outcome::NotTried { at, error } => hand_back(&mut tx, *id, *at, error).await?,
        }
    }
    tx.commit().await.context("committing attempts")?;
    if erased > 0 {
        store.leaves_traces();
    }
    Ok(())
}

/// How many of them carried a secret, which is erased.
async fn record_sent(tx: &mut Tx, ids: &[i64], now: Timestamp) -> anyhow::Result<u64> {
    let mut erased = 0;
    for chunk in ids.chunks(500) {
        let sql = format!(
            "UPDATE outbox SET state = 'sent', next_attempt_at = $1, last_error = '', leased_until = 0, sent_at = $2
             WHERE state = 'sending' AND id IN ({})",
            placeholders(3, chunk.len())
        );
        let query = sqlx::query(AssertSqlSafe(sql)).persistent(false).bind(i64::MAX).bind(micros(now));
        chunk
            .iter()
            .fold(query, |query, id| query.bind(*id))
            .execute(&mut **tx)
            .await
            .context("recording sent mails")?;
        erased += erase_secrets(tx, chunk).await?;
        drop_spares(tx, chunk).await?;
    }
    Ok(erased)
}

/// The text without files takes the place of the one that was too large.
async fn take_spare(tx: &mut Tx, id: i64) -> anyhow::Result<()> {
    let sql =
        "UPDATE outbox_bytes SET bytes = (SELECT bytes FROM outbox_spare WHERE outbox_id = $1) WHERE outbox_id = $1
         AND EXISTS (SELECT 1 FROM outbox_spare WHERE outbox_id = $1)";
    sqlx::query(sql).bind(id).execute(&mut **tx).await.context("taking the text without files")?;
    drop_spares(tx, &[id]).await
}

async fn drop_spares(tx: &mut Tx, ids: &[i64]) -> anyhow::Result<()> {
    let sql = format!("DELETE FROM outbox_spare WHERE outbox_id IN ({})", placeholders(1, ids.len()));
    let query = ids.iter().fold(sqlx::query(AssertSqlSafe(sql)).persistent(false), |query, id| query.bind(*id));
    query.execute(&mut **tx).await.context("dropping texts without files")?;
    Ok(())
}

/// What stays of a mail that carried a link or a code: who reads the database later must not find it.
pub const ERASED: &str =
    "Subject: erased\r\n\r\nThis mail carried a link or a code; its text was erased when it was sent.\r\n";

async fn erase_secrets(tx: &mut Tx, sent: &[i64]) -> anyhow::Result<u64> {
    let secret: Vec<&str> =
        Notice::ALL.iter().filter(|notice| notice.is_secret()).map(|notice| notice.as_str()).collect();
    let sql = format!(
        "UPDATE outbox_bytes SET bytes = $1 WHERE outbox_id IN (SELECT id FROM outbox WHERE notice IN ({}) AND id IN ({}))",
        placeholders(2, secret.len()),
        placeholders(2 + secret.len(), sent.len())
    );
    let query = sqlx::query(AssertSqlSafe(sql)).persistent(false).bind(ERASED.as_bytes().to_vec());
    let query = secret.iter().fold(query, |query, notice| query.bind((*notice).to_owned()));
    let query = sent.iter().fold(query, |query, id| query.bind(*id));
    Ok(query.execute(&mut **tx).await.context("erasing what was secret in sent mails")?.rows_affected())
}

async fn set(
    tx: &mut Tx,
    id: i64,
    state: State,
    next: Option<Timestamp>,
    error: &str,
    cause: Option<FailureCause>,
) -> anyhow::Result<()> {
    sqlx::query(
        "UPDATE outbox SET state = CASE WHEN resent > 0 AND $1 = 'later' THEN 'ambiguous' ELSE $1 END,
         resent = CASE WHEN resent = 2 AND $1 = 'later' THEN 1 ELSE resent END,
         next_attempt_at = $2, last_error = $3, cause = $4, leased_until = 0 WHERE id = $5 AND state = 'sending'",
    )
    .bind(state.as_str())
    .bind(next.map_or(i64::MAX, micros))
    .bind(error.to_owned())
    .bind(cause.map(FailureCause::as_str).unwrap_or_default())
    .bind(id)
    .execute(&mut **tx)
    .await
    .context("recording an attempt")?;
    Ok(())
}

/// As it was before the claim, but due at `at`.
async fn hand_back(tx: &mut Tx, id: i64, at: Timestamp, error: &str) -> anyhow::Result<()> {
    sqlx::query(
        "UPDATE outbox SET attempts = attempts - 1, next_attempt_at = $1, leased_until = 0,
         state = CASE WHEN resent > 0 THEN 'ambiguous' WHEN attempts > 1 THEN 'later' ELSE 'queued' END,
         resent = CASE WHEN resent = 2 THEN 1 ELSE resent END,
         last_error = CASE WHEN $2 = '' THEN last_error ELSE $2 END WHERE id = $3 AND state = 'sending'",
    )
    .bind(micros(at))
    .bind(error.to_owned())
    .bind(id)
    .execute(&mut **tx)
    .await
    .context("handing back a mail")?;
    Ok(())
}

/// Gives up the waiting mails of a transport whose first attempt was before `since`; `error` is added to what was said
/// last. A mail that was perhaps sent stays `ambiguous` and is not tried again. How many.
pub async fn give_up(store: &Store, transport: &str, since: Timestamp, error: &str) -> anyhow::Result<u64> {
    let mut tx = store.write().await?;
    let given_up = sqlx::query(
        "UPDATE outbox SET state = CASE WHEN resent > 0 OR state = 'ambiguous' THEN 'ambiguous' ELSE 'failed' END,
         next_attempt_at = $1, cause = 'expired', last_error = CASE WHEN last_error = '' THEN $2 ELSE $2 || '; last: ' || last_error END
         WHERE transport = $3 AND state IN ('queued', 'later', 'ambiguous') AND next_attempt_at < $1
         AND first_attempt_at < $4",
    )
    .bind(i64::MAX)
    .bind(error.to_owned())
    .bind(transport.to_owned())
    .bind(micros(since))
    .execute(&mut *tx)
    .await
    .context("giving up mails")?
    .rows_affected();
    tx.commit().await.context("committing what was given up")?;
    Ok(given_up)
}

/// What this process (the only one) had in hand when it died: due again, as the connection may or may not have got
/// through. What it was resending stays `ambiguous` for people to decide: two copies are all that a mail sends by itself,
/// however often the gateway dies. How many.
pub async fn release(store: &Store, now: Timestamp) -> anyhow::Result<u64> {
    let mut tx = store.write().await?;
    let sql = format!("{RELEASE} WHERE state = 'sending'");
    let released = sqlx::query(AssertSqlSafe(sql)).bind(micros(now)).execute(&mut *tx).await;
    let released = released.context("releasing what was in hand")?.rows_affected();
    tx.commit().await.context("committing a release")?;
    Ok(released)
}

/// The same for a transport's mails whose lease ran out: another process had them and died. How many.
pub async fn release_expired(store: &Store, transport: &str, now: Timestamp) -> anyhow::Result<u64> {
    let mut tx = store.write().await?;
    let sql = format!("{RELEASE} WHERE state = 'sending' AND leased_until < $1 AND transport = $2");
    let released = sqlx::query(AssertSqlSafe(sql)).bind(micros(now)).bind(transport.to_owned()).execute(&mut *tx).await;
    let released = released.context("releasing mails of a worker that died")?.rows_affected();
    tx.commit().await.context("committing a release")?;
    Ok(released)
}

/// Two seconds later for each attempt: a gateway that is killed again and again must not begin each life with the same
/// mails, as each time may come between the final dot and its record.
const RELEASE: &str = "UPDATE outbox SET state = 'ambiguous', leased_until = 0,
     next_attempt_at = CASE WHEN resent = 2 THEN 9223372036854775807 ELSE $1 + 2000000 * attempts END,
     last_error = CASE WHEN resent = 2 THEN 'the gateway stopped while sending it again'
         ELSE 'the gateway stopped while sending' END";

/// Makes mails of a transport due now that wait longer than `longest`: the clock was ahead when they were queued or put
/// off, and they would wait until that time comes again. How many.
pub async fn begin_anew(
    store: &Store,
    transport: &str,
    now: Timestamp,
    longest: SignedDuration,
) -> anyhow::Result<u64> {
    const WAITS: &str = "WHERE transport = $1 AND state IN ('queued', 'later', 'ambiguous') AND next_attempt_at > $2
         AND next_attempt_at < 9223372036854775807";
    let beyond = micros(now.saturating_add(longest).unwrap_or(Timestamp::MAX));
    let sql = format!("SELECT COUNT(*) FROM outbox {WAITS}");
    let waits = sqlx::query(AssertSqlSafe(sql)).bind(transport.to_owned()).bind(beyond).fetch_one(store.reader()).await;
    if waits.context("looking for a wrong clock")?.try_get::<i64, _>(0)? == 0 {
        return Ok(0);
    }
    let mut tx = store.write().await?;
    let sql = format!(
        "UPDATE outbox SET next_attempt_at = $3,
         first_attempt_at = CASE WHEN first_attempt_at > $3 THEN $3 ELSE first_attempt_at END {WAITS}"
    );
    let query = sqlx::query(AssertSqlSafe(sql)).bind(transport.to_owned()).bind(beyond).bind(micros(now));
    let begun = query.execute(&mut *tx).await.context("making mails due")?.rows_affected();
    tx.commit().await.context("committing what is due")?;
    Ok(begun)
}

/// When the next mail of a transport is due; `None` when none waits.
pub async fn next_due(store: &Store, transport: &str) -> anyhow::Result<Option<Timestamp>> {
    let row = sqlx::query(
        "SELECT next_attempt_at FROM outbox WHERE transport = $1 AND state IN ('queued', 'later', 'ambiguous')
         ORDER BY next_attempt_at LIMIT 1",
    )
    .bind(transport.to_owned())
    .fetch_optional(store.reader())
    .await
    .context("looking for the next due mail")?;
    row.map(|row| row.try_get::<i64, _>("next_attempt_at"))
        .transpose()?
        .filter(|at| *at != i64::MAX)
        .map(timestamp)
        .transpose()
}
