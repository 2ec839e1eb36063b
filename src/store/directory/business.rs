//! Business Accounts and the portals that they may use.

use anyhow::Context;
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::account;
use crate::desk::directory::{AccountState, BusinessAccount, Known};
use crate::store::web::session;
use crate::store::{Store, Tx, link, member, micros, take_ids};

/// A Business Account to be created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBusiness {
    /// The user name, normalised.
    pub email: String,
    /// As written.
    pub first_name: String,
    /// As written.
    pub last_name: String,
    /// The customer account it belongs to, by its normalised account ID; none when there is no such account.
    pub account_id: Option<String>,
    /// Whether it can be used.
    pub state: AccountState,
    /// May manage the other people of the account.
    pub administrator: bool,
    /// The identity provider's own name for it; empty when there is none.
    pub external_id: String,
}

const COLUMNS: &str = "SELECT b.id, b.email, b.first_name, b.last_name, a.account_id, b.state, b.administrator,
    CASE WHEN LENGTH(b.factor_secret) > 0 THEN 1 ELSE 0 END AS second_factor, b.account_id AS account_row
    FROM business_account b LEFT JOIN account a ON a.id = b.account_id";

/// Everything about the Business Account of a normalised address.
pub async fn known(store: &Store, email: &str) -> anyhow::Result<Option<Known>> {
    let mut connection = store.reader().acquire().await.context("waiting for the database")?;
    known_in(&mut connection, email).await
}

/// The same inside a transaction.
pub async fn known_in(connection: &mut AnyConnection, email: &str) -> anyhow::Result<Option<Known>> {
    let sql = AssertSqlSafe(format!("{COLUMNS} WHERE b.email = $1"));
    let row = sqlx::query(sql).bind(email.to_owned()).fetch_optional(&mut *connection).await;
    let Some(row) = row.context("looking for a Business Account")? else { return Ok(None) };
    let business = whole(connection, &row).await?;
    let (account, administrators) = match row.try_get::<Option<i64>, _>("account_row")? {
        Some(id) => (Some(account::of_row(connection, id).await?), administrators(connection, id, email).await?),
        None => (None, Vec::new()),
    };
    Ok(Some(Known { business, account, administrators }))
}

async fn whole(connection: &mut AnyConnection, row: &AnyRow) -> anyhow::Result<BusinessAccount> {
    let portals = "SELECT portal FROM portal_access WHERE business_account_id = $1 ORDER BY portal";
    let id: i64 = row.try_get("id")?;
    Ok(BusinessAccount {
        email: row.try_get("email")?,
        first_name: row.try_get("first_name")?,
        last_name: row.try_get("last_name")?,
        account_id: row.try_get("account_id")?,
        state: member(row.try_get("state")?, AccountState::parse, format!("Business Account {id}"), "state")?,
        administrator: row.try_get::<i64, _>("administrator")? != 0,
        second_factor: row.try_get::<i64, _>("second_factor")? != 0,
        portals: account::texts(connection, portals, id).await?,
    })
}

async fn administrators(connection: &mut AnyConnection, account: i64, but: &str) -> anyhow::Result<Vec<String>> {
    let rows = sqlx::query(
        "SELECT email FROM business_account
         WHERE account_id = $1 AND administrator = 1 AND state = 'active' AND email <> $2 ORDER BY email",
    )
    .bind(account)
    .bind(but.to_owned())
    .fetch_all(&mut *connection)
    .await
    .context("looking for administrators")?;
    rows.iter().map(|row| Ok(row.try_get("email")?)).collect()
}

/// Creates a Business Account unless there is one of this address. Of any number of callers exactly one gets `true`.
pub async fn create(tx: &mut Tx, new: &NewBusiness, now: Timestamp) -> anyhow::Result<bool> {
    let id = take_ids(tx, "business_account", 1).await?;
    let created = sqlx::query(
        "INSERT INTO business_account (id, email, first_name, last_name, account_id, state, administrator, external_id,
         created_at, updated_at)
         VALUES ($1, $2, $3, $4, (SELECT id FROM account WHERE account_id = $5), $6, $7, $8, $9, $9)
         ON CONFLICT (email) DO NOTHING",
    )
    .bind(id)
    .bind(new.email.clone())
    .bind(new.first_name.clone())
    .bind(new.last_name.clone())
    .bind(new.account_id.clone())
    .bind(new.state.as_str().to_owned())
    .bind(i64::from(new.administrator))
    .bind(new.external_id.clone())
    .bind(micros(now))
    .execute(&mut **tx)
    .await
    .context("creating a Business Account")?;
    Ok(created.rows_affected() == 1)
}

/// Puts a Business Account that belongs to no customer account into one.
pub async fn join(tx: &mut Tx, email: &str, account_id: &str, now: Timestamp) -> anyhow::Result<()> {
    sqlx::query(
        "UPDATE business_account SET account_id = (SELECT id FROM account WHERE account_id = $1), updated_at = $2
         WHERE email = $3 AND account_id IS NULL",
    )
    .bind(account_id.to_owned())
    .bind(micros(now))
    .bind(email.to_owned())
    .execute(&mut **tx)
    .await
    .context("putting a Business Account into an account")?;
    Ok(())
}

/// Changes the state from one of `from`; whether it was one of them.
pub async fn set_state(
    tx: &mut Tx,
    email: &str,
    from: &[AccountState],
    to: AccountState,
    now: Timestamp,
) -> anyhow::Result<bool> {
    for state in from {
        let changed =
            sqlx::query("UPDATE business_account SET state = $1, updated_at = $2 WHERE email = $3 AND state = $4")
                .bind(to.as_str().to_owned())
                .bind(micros(now))
                .bind(email.to_owned())
                .bind(state.as_str().to_owned())
                .execute(&mut **tx)
                .await
                .context("changing a Business Account's state")?;
        if changed.rows_affected() > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Switches a Business Account on or off; whether there is one. Who never set a password is invited again. Who is switched
/// off is signed out everywhere, and what was sent to them opens nothing any more.
pub async fn set_enabled(tx: &mut Tx, email: &str, enabled: bool, now: Timestamp) -> anyhow::Result<bool> {
    let sql = if enabled {
        "UPDATE business_account SET updated_at = CASE WHEN state = 'disabled' THEN $1 ELSE updated_at END,
         state = CASE WHEN state <> 'disabled' THEN state WHEN password_hash = '' THEN 'invited' ELSE 'active' END
         WHERE email = $2"
    } else {
        "UPDATE business_account SET state = 'disabled', updated_at = $1 WHERE email = $2"
    };
    if !enabled {
        session::end_all(tx, email).await?;
        link::withdraw_all(tx, email, now).await?;
    }
    let changed = sqlx::query(sql).bind(micros(now)).bind(email.to_owned()).execute(&mut **tx).await;
    Ok(changed.context("switching a Business Account")?.rows_affected() > 0)
}

/// The identity provider's own name for a Business Account, empty when none is noted; `None` when we know nobody of this
/// address.
pub async fn external_id(store: &Store, email: &str) -> anyhow::Result<Option<String>> {
    let row = sqlx::query("SELECT external_id FROM business_account WHERE email = $1")
        .bind(email.to_owned())
        .fetch_optional(store.reader())
        .await
        .context("looking for an external ID")?;
    row.map(|row| Ok(row.try_get("external_id")?)).transpose()
}

/// Notes the identity provider's name for a Business Account that has none. Of any number of callers exactly one gets
/// `true`.
pub async fn note_external_id(tx: &mut Tx, email: &str, id: &str, now: Timestamp) -> anyhow::Result<bool> {
    let noted = sqlx::query(
        "UPDATE business_account SET external_id = $1, updated_at = $2 WHERE email = $3 AND external_id = ''",
    )
    .bind(id.to_owned())
    .bind(micros(now))
    .bind(email.to_owned())
    .execute(&mut **tx)
    .await
    .context("noting an external ID")?;
    Ok(noted.rows_affected() == 1)
}

/// Forgets what belonged to a user whom the identity provider does not have (any more): password, second factor, portals.
/// The person is invited anew. Who is invited and was never noted there has nothing of it.
pub async fn forget_external(tx: &mut Tx, email: &str, removed: &str, now: Timestamp) -> anyhow::Result<()> {
    let forgotten = sqlx::query(
        "UPDATE business_account SET external_id = '', state = 'invited', password_hash = '', factor_secret = $1,
         administrator = 0, updated_at = $2 WHERE email = $3 AND external_id = $4
         AND (state = 'active' OR (state = 'invited' AND external_id <> '')) RETURNING id",
    )
    .bind(Vec::<u8>::new())
    .bind(micros(now))
    .bind(email.to_owned())
    .bind(removed.to_owned())
    .fetch_optional(&mut **tx)
    .await
    .context("forgetting a removed user")?;
    if let Some(row) = forgotten {
        let sql = "DELETE FROM portal_access WHERE business_account_id = $1";
        let query = sqlx::query(sql).bind(row.try_get::<i64, _>("id")?);
        query.execute(&mut **tx).await.context("forgetting the portals of a removed user")?;
    }
    Ok(())
}

/// Lets a Business Account use a portal; nothing changes when it may already.
pub async fn enable_portal(tx: &mut Tx, email: &str, portal: &str, now: Timestamp) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO portal_access (business_account_id, portal, enabled_at)
         SELECT id, $1, $2 FROM business_account WHERE email = $3 ON CONFLICT (business_account_id, portal) DO NOTHING",
    )
    .bind(portal.to_owned())
    .bind(micros(now))
    .bind(email.to_owned())
    .execute(&mut **tx)
    .await
    .context("enabling a portal")?;
    Ok(())
}

/// The Business Accounts after `after` in the order of their addresses, at most `most`; of one account when named.
pub async fn page(
    store: &Store,
    account_id: Option<&str>,
    after: &str,
    most: u32,
) -> anyhow::Result<Vec<BusinessAccount>> {
    let mut connection = store.reader().acquire().await.context("waiting for the database")?;
    let sql = format!("{COLUMNS} WHERE b.email > $1 AND ($2 = '' OR a.account_id = $2) ORDER BY b.email LIMIT $3");
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(after.to_owned())
        .bind(account_id.unwrap_or_default().to_owned())
        .bind(i64::from(most))
        .fetch_all(&mut *connection)
        .await
        .context("listing Business Accounts")?;
    let mut accounts = Vec::new();
    for row in rows {
        accounts.push(whole(&mut connection, &row).await?);
    }
    Ok(accounts)
}
