//! What a sign-in is checked against: password hash and second factor.

use anyhow::Context;
use jiff::Timestamp;
use sqlx::Row;

use crate::desk::directory::AccountState;
use crate::store::{Store, Tx, member, micros};

/// What a password is verified against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Whether the Business Account can be used.
    pub state: AccountState,
    /// Argon2id as a PHC string; empty when there is none.
    pub password_hash: String,
}

/// An enrolled second factor (RFC 6238).
#[derive(Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// The shared secret, sealed by [`crate::desk::seal::keys::Keys`].
    pub sealed: Vec<u8>,
    /// The last time step of which a code was used.
    pub last_step: i64,
}

impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecondFactor").field("last_step", &self.last_step).finish_non_exhaustive()
    }
}

/// What the password of a normalised address is verified against.
pub async fn credential(store: &Store, email: &str) -> anyhow::Result<Option<Credential>> {
    let row = sqlx::query(
        "SELECT b.id, CASE WHEN a.disabled = 1 THEN 'disabled' ELSE b.state END AS state, b.password_hash
         FROM business_account b LEFT JOIN account a ON a.id = b.account_id WHERE b.email = $1",
    )
    .bind(email.to_owned())
    .fetch_optional(store.reader())
    .await
    .context("looking for a password hash")?;
    row.map(|row| {
        let id: i64 = row.try_get("id")?;
        let state = member(row.try_get("state")?, AccountState::parse, format!("Business Account {id}"), "state")?;
        Ok(Credential { state, password_hash: row.try_get("password_hash")? })
    })
    .transpose()
}

/// Sets a new password and makes an invited account active. Whether there is an account that is not disabled.
pub async fn set_password(tx: &mut Tx, email: &str, hash: &str, now: Timestamp) -> anyhow::Result<bool> {
    let changed = sqlx::query(
        "UPDATE business_account SET password_hash = $1, state = 'active', updated_at = $2
         WHERE email = $3 AND state <> 'disabled'
         AND NOT EXISTS (SELECT 1 FROM account a WHERE a.id = business_account.account_id AND a.disabled = 1)",
    )
    .bind(hash.to_owned())
    .bind(micros(now))
    .bind(email.to_owned())
    .execute(&mut **tx)
    .await
    .context("setting a password")?;
    Ok(changed.rows_affected() > 0)
}

/// Writes the same password's hash anew, unless the password was changed meanwhile.
pub async fn renew_hash(tx: &mut Tx, email: &str, old: &str, new: &str) -> anyhow::Result<()> {
    sqlx::query("UPDATE business_account SET password_hash = $1 WHERE email = $2 AND password_hash = $3")
        .bind(new.to_owned())
        .bind(email.to_owned())
        .bind(old.to_owned())
        .execute(&mut **tx)
        .await
        .context("renewing a password hash")?;
    Ok(())
}

/// The second factor of a normalised address, when one is enrolled.
pub async fn second_factor(store: &Store, email: &str) -> anyhow::Result<Option<SecondFactor>> {
    let row = sqlx::query("SELECT factor_secret, factor_step FROM business_account WHERE email = $1")
        .bind(email.to_owned())
        .fetch_optional(store.reader())
        .await
        .context("looking for a second factor")?;
    let factor = row.map(|row| {
        anyhow::Ok(SecondFactor { sealed: row.try_get("factor_secret")?, last_step: row.try_get("factor_step")? })
    });
    Ok(factor.transpose()?.filter(|factor| !factor.sealed.is_empty()))
}

/// Enrols a second factor, its secret sealed, whose code of `step` was just used, in the place of any other. Whether there
/// is an active account.
pub async fn enrol_second_factor(
    tx: &mut Tx,
    email: &str,
    sealed: &[u8],
    step: i64,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let changed = sqlx::query(
        "UPDATE business_account SET factor_secret = $1, factor_step = $2, updated_at = $3
         WHERE email = $4 AND state = 'active'",
    )
    .bind(sealed.to_vec())
    .bind(step)
    .bind(micros(now))
    .bind(email.to_owned())
    .execute(&mut **tx)
    .await
    .context("enrolling a second factor")?;
    Ok(changed.rows_affected() > 0)
}

/// Removes the second factor.
pub async fn remove_second_factor(tx: &mut Tx, email: &str, now: Timestamp) -> anyhow::Result<()> {
    sqlx::query("UPDATE business_account SET factor_secret = $1, updated_at = $2 WHERE email = $3")
        .bind(Vec::<u8>::new())
        .bind(micros(now))
        .bind(email.to_owned())
        .execute(&mut **tx)
        .await
        .context("removing a second factor")?;
    Ok(())
}

/// Steps of 30 seconds: five minutes. With a right clock a code is taken one step ahead at most.
const STEPS_AHEAD: i64 = 10;

/// Uses the code of a time step up. Of any number of callers exactly one gets `true`, and no earlier step is taken
/// afterwards (RFC 6238 §5.2). A step far in the future was used while the clock was ahead, and keeps nobody out.
pub async fn use_step(tx: &mut Tx, email: &str, step: i64) -> anyhow::Result<bool> {
    let sql =
        "UPDATE business_account SET factor_step = $1 WHERE email = $2 AND (factor_step < $1 OR factor_step > $3)";
    let used = sqlx::query(sql)
        .bind(step)
        .bind(email.to_owned())
        .bind(step + STEPS_AHEAD)
        .execute(&mut **tx)
        .await
        .context("using a code")?;
    Ok(used.rows_affected() == 1)
}

/// Notes a sign-in that succeeded.
pub async fn succeeded(tx: &mut Tx, email: &str, now: Timestamp) -> anyhow::Result<()> {
    let sql = "UPDATE business_account SET last_sign_in_at = $1 WHERE email = $2";
    let query = sqlx::query(sql).bind(micros(now)).bind(email.to_owned());
    query.execute(&mut **tx).await.context("noting a sign-in")?;
    Ok(())
}
