//! What monitors ask of the tables. Each statement reads what waits, by an index, and never what is done.

use anyhow::Context;
use jiff::Timestamp;
use sqlx::Row;

use super::{Store, timestamp};

/// What waits, and how large all of it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Mails without a verdict.
    pub unsettled: i64,
    /// Since when the oldest of them waits.
    pub unsettled_since: Option<Timestamp>,
    /// Mails that were set aside.
    pub quarantined: i64,
    /// Tickets that are held.
    pub held: i64,
    /// Mails that wait to be sent, by transport.
    pub outbox: Vec<Queue>,
    /// Octets of the database.
    pub octets: i64,
    /// Access tokens.
    pub tokens: Vec<Token>,
}

/// Mails that wait for a transport.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Its name.
    pub transport: String,
    /// How many.
    pub mails: i64,
    /// When the oldest was written.
    pub since: Timestamp,
}

/// An access token, as far as monitors need to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The NAME of `[oauth.NAME]`.
    pub provider: String,
    /// Whose it is; empty where one serves all.
    pub user: String,
    /// Its end.
    pub expires_at: Timestamp,
    /// It cannot be renewed before a person does something.
    pub signed_out: bool,
    /// Why the last renewal failed; empty when it did not.
    pub error: String,
}

impl Store {
    /// What waits now.
    pub async fn figures(&self) -> anyhow::Result<Figures> {
        let waiting =
            sqlx::query("SELECT COUNT(*) AS mails, MIN(received_at) AS since FROM ledger WHERE state = 'new'")
                .fetch_one(self.reader())
                .await
                .context("counting the mails that wait")?;
        let since: Option<i64> = waiting.try_get("since")?;
        Ok(Figures {
            unsettled: waiting.try_get("mails")?,
            unsettled_since: since.map(timestamp).transpose()?,
            quarantined: self.count("SELECT COUNT(*) FROM ledger WHERE state = 'quarantined'").await?,
            held: self.count("SELECT COUNT(*) FROM ticket WHERE status = 'held'").await?,
            outbox: self.queues().await?,
            octets: self.dialect.octets(self.reader()).await?,
            tokens: self.tokens().await?,
        })
    }

    async fn count(&self, statement: &'static str) -> anyhow::Result<i64> {
        sqlx::query_scalar(statement).fetch_one(self.reader()).await.context("counting what waits for a person")
    }

    async fn queues(&self) -> anyhow::Result<Vec<Queue>> {
        // What is not tried again by itself waits for a person, and is in the lists.
        let rows = sqlx::query(
            "SELECT transport, COUNT(*) AS mails, MIN(created_at) AS since FROM outbox
             WHERE state IN ('queued', 'later', 'ambiguous') AND next_attempt_at < $1 GROUP BY transport",
        )
        .bind(i64::MAX)
        .fetch_all(self.reader())
        .await
        .context("counting the mails to be sent")?;
        let queue = |row: &sqlx::any::AnyRow| {
            Ok(Queue {
                transport: row.try_get("transport")?,
                mails: row.try_get("mails")?,
                since: timestamp(row.try_get("since")?)?,
            })
        };
        rows.iter().map(queue).collect()
    }

    /// The access tokens that are held, without the tokens themselves.
    pub async fn tokens(&self) -> anyhow::Result<Vec<Token>> {
        let rows = sqlx::query("SELECT provider, subject, expires_at, stays, error FROM oauth_token")
            .fetch_all(self.reader())
            .await
            .context("looking at the access tokens")?;
        let token = |row: &sqlx::any::AnyRow| {
            Ok(Token {
                provider: row.try_get("provider")?,
                user: row.try_get("subject")?,
                expires_at: timestamp(row.try_get("expires_at")?)?,
                signed_out: row.try_get::<i64, _>("stays")? != 0,
                error: row.try_get("error")?,
            })
        };
        rows.iter().map(token).collect()
    }
}
