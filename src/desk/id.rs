//! The numbers of rows, as the rules know them.

/// A ticket's number: the `1042` of `CASE-1042`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TicketId(pub i64);

/// A person's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonId(pub i64);

/// The next free ids; handed out here, written back when the batch is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NextIds {
    /// Last id given to a person.
    pub person: i64,
    /// Last id given to a ticket.
    pub ticket: i64,
    /// Last id given to a message.
    pub message: i64,
    /// Last id given to an event.
    pub event: i64,
    /// Last id given to an outbox row.
    pub outbox: i64,
    /// Last id given to a question to the directory.
    pub directory_task: i64,
}
