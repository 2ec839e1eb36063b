//! Customer accounts with their domains and contacts.

use anyhow::Context;
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::desk::directory::Account;
use crate::store::{Store, Tx, insert_many, micros, take_ids};

/// What saving an account did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Saved {
    /// There was none.
    New,
    /// It was another one.
    Changed,
    /// It was the same.
    Unchanged,
}

const COLUMNS: &str = "SELECT id, account_id, company, products, partner, support_level, disabled FROM account";

/// The account of a normalised account ID.
pub async fn find(store: &Store, account_id: &str) -> anyhow::Result<Option<Account>> {
    let mut connection = store.reader().acquire().await.context("waiting for the database")?;
    find_in(&mut connection, account_id).await
}

/// The same inside a transaction.
pub async fn find_in(connection: &mut AnyConnection, account_id: &str) -> anyhow::Result<Option<Account>> {
    Ok(row_of(connection, account_id).await?.map(|(_, account)| account))
}

/// The same with its row.
async fn row_of(connection: &mut AnyConnection, account_id: &str) -> anyhow::Result<Option<(i64, Account)>> {
    let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE account_id = $1"));
    let row = sqlx::query(sql).bind(account_id.to_owned()).fetch_optional(&mut *connection).await;
    let Some(row) = row.context("looking for an account")? else { return Ok(None) };
    whole(connection, &row).await.map(Some)
}

/// The account of a row.
pub(super) async fn of_row(connection: &mut AnyConnection, id: i64) -> anyhow::Result<Account> {
    let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE id = $1"));
    let row = sqlx::query(sql).bind(id).fetch_one(&mut *connection).await.context("reading an account")?;
    whole(connection, &row).await.map(|(_, account)| account)
}

async fn whole(connection: &mut AnyConnection, row: &AnyRow) -> anyhow::Result<(i64, Account)> {
    let (id, mut account) = bare(row)?;
    let domains = "SELECT domain FROM account_domain WHERE account_id = $1 ORDER BY domain";
    account.domains = texts(connection, domains, id).await?;
    let contacts = "SELECT email FROM account_contact WHERE account_id = $1 ORDER BY email";
    account.contacts = texts(connection, contacts, id).await?;
    Ok((id, account))
}

/// Without what stands in other tables.
fn bare(row: &AnyRow) -> anyhow::Result<(i64, Account)> {
    let account_id: String = row.try_get("account_id")?;
    let products: String = row.try_get("products")?;
    let products =
        serde_json::from_str(&products).with_context(|| format!("the products of {account_id} are no list"))?;
    let account = Account {
        account_id,
        company: row.try_get("company")?,
        domains: Vec::new(),
        contacts: Vec::new(),
        products,
        partner: row.try_get::<i64, _>("partner")? != 0,
        support_level: row.try_get("support_level")?,
        disabled: row.try_get::<i64, _>("disabled")? != 0,
    };
    Ok((row.try_get("id")?, account))
}

/// One column of the rows that belong to an id.
pub(super) async fn texts(connection: &mut AnyConnection, sql: &'static str, id: i64) -> anyhow::Result<Vec<String>> {
    let rows = sqlx::query(sql).bind(id).fetch_all(&mut *connection).await.context(sql)?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Creates the account, or makes the one with its ID what is given. Lists must be sorted and without doubles.
pub async fn save(tx: &mut Tx, account: &Account, now: Timestamp) -> anyhow::Result<Saved> {
    let (id, saved) = match row_of(tx, &account.account_id).await? {
        Some((_, there)) if there == *account => return Ok(Saved::Unchanged),
        Some((id, _)) => (id, Saved::Changed),
        None => (take_ids(tx, "account", 1).await?, Saved::New),
    };
    sqlx::query(
        "INSERT INTO account (id, account_id, company, products, partner, support_level, disabled, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
         ON CONFLICT (id) DO UPDATE SET company = excluded.company, products = excluded.products,
         partner = excluded.partner, support_level = excluded.support_level, disabled = excluded.disabled,
         updated_at = excluded.updated_at",
    )
    .bind(id)
    .bind(account.account_id.clone())
    .bind(account.company.clone())
    .bind(serde_json::to_string(&account.products).context("writing the products")?)
    .bind(i64::from(account.partner))
    .bind(account.support_level.clone())
    .bind(i64::from(account.disabled))
    .bind(micros(now))
    .execute(&mut **tx)
    .await
    .context("saving an account")?;
    replace(tx, "DELETE FROM account_domain WHERE account_id = $1", DOMAIN, id, &account.domains).await?;
    replace(tx, "DELETE FROM account_contact WHERE account_id = $1", CONTACT, id, &account.contacts).await?;
    Ok(saved)
}

const DOMAIN: &str = "INSERT INTO account_domain (account_id, domain)";
const CONTACT: &str = "INSERT INTO account_contact (account_id, email)";

async fn replace(
    tx: &mut Tx,
    delete: &'static str,
    insert: &'static str,
    id: i64,
    texts: &[String],
) -> anyhow::Result<()> {
    sqlx::query(delete).bind(id).execute(&mut **tx).await.context(delete)?;
    insert_many(tx, insert, 2, "", texts, |query, text| query.bind(id).bind(text.clone())).await
}

/// Switches an account on or off. Whether there is one.
pub async fn set_disabled(store: &Store, account_id: &str, disabled: bool, now: Timestamp) -> anyhow::Result<bool> {
    let mut tx = store.write().await?;
    let changed = sqlx::query("UPDATE account SET disabled = $1, updated_at = $2 WHERE account_id = $3")
        .bind(i64::from(disabled))
        .bind(micros(now))
        .bind(account_id.to_owned())
        .execute(&mut *tx)
        .await
        .context("switching an account")?;
    tx.commit().await.context("committing an account")?;
    Ok(changed.rows_affected() > 0)
}

/// The accounts after `after` in the order of their IDs, at most `most`.
pub async fn page(store: &Store, after: &str, most: u32) -> anyhow::Result<Vec<Account>> {
    let mut connection = store.reader().acquire().await.context("waiting for the database")?;
    let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE account_id > $1 ORDER BY account_id LIMIT $2"));
    let rows = sqlx::query(sql).bind(after.to_owned()).bind(i64::from(most)).fetch_all(&mut *connection).await;
    let mut accounts = Vec::new();
    for row in rows.context("listing accounts")? {
        accounts.push(whole(&mut connection, &row).await?.1);
    }
    Ok(accounts)
}
