//! What a database holds, counted.

/// How many rows of each kind a backup holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holdings {
    /// Tickets.
    pub tickets: i64,
    /// Messages of tickets.
    pub messages: i64,
    /// Mails that came in.
    pub mails: i64,
    /// Mails that we sent or send.
    pub outgoing: i64,
    /// Customers and engineers.
    pub people: i64,
}

impl Holdings {
    pub(super) const SQL: &str = "SELECT (SELECT COUNT(*) FROM ticket) AS tickets, (SELECT COUNT(*) FROM message) AS messages,
         (SELECT COUNT(*) FROM ledger) AS mails, (SELECT COUNT(*) FROM outbox) AS outgoing, (SELECT COUNT(*) FROM person) AS people";
}
