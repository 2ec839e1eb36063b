//! Follow-ups: what the clock causes. A follow-up is a row that says what is due on a ticket and when; carrying it out
//! removes it and may set the next one, so that a step is never nearer to the one before than was configured, however
//! late that one came.

use jiff::{SignedDuration, Timestamp};

use super::change::Change;
use super::facts::Facts;
use super::form::event;
use super::outcome::Outcome;
use super::rules::Rules;
use super::{TicketId, waiting};

/// What is due on a ticket. A new kind is a member here, in [`Kind::ALL`], and an arm of `traits`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The customer, for whom the ticket waits, is reminded.
    WaitingReminder,
    /// The customer hears that the ticket will be closed.
    WaitingAnnouncement,
    /// The ticket is closed for want of an answer.
    WaitingClose,
    /// A question about a form is asked again.
    FormReminder,
    /// Somebody who set no password yet gets a fresh link.
    ActivationReminder,
    /// A registration that nobody activated ends.
    ActivationExpiry,
    /// The time in which a second factor's reset could be stopped is over.
    CoolingOff,
    /// A link was not used in time.
    LinkExpiry,
    /// A licence ends soon.
    LicenceReminder,
}

/// All that there is to a kind.
struct Traits {
    /// The name in tables and exports.
    word: &'static str,
    /// What will happen, for engineers.
    words: &'static str,
    /// It is due a length of time after it was set, rather than at a time of its own: a clock that was wrong when it was
    /// set makes the time begin anew.
    is_wait: bool,
    /// It is due even when the ticket is closed.
    outlives_closing: bool,
    /// Carries it out. The row itself is gone already.
    carry_out: fn(&mut Change<'_>, TicketId, &FollowUp),
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 9] = [
        Kind::WaitingReminder,
        Kind::WaitingAnnouncement,
        Kind::WaitingClose,
        Kind::FormReminder,
        Kind::ActivationReminder,
        Kind::ActivationExpiry,
        Kind::CoolingOff,
        Kind::LinkExpiry,
        Kind::LicenceReminder,
    ];

    fn traits(self) -> Traits {
        match self {
            Kind::WaitingReminder => Traits {
                word: "waiting_reminder",
                words: "remind the customer",
                is_wait: true,
                outlives_closing: false,
                carry_out: waiting::remind,
            },
            Kind::WaitingAnnouncement => Traits {
                word: "waiting_announcement",
                words: "tell the customer that the case will be closed",
                is_wait: true,
                outlives_closing: false,
                carry_out: waiting::announce,
            },
            Kind::WaitingClose => Traits {
                word: "waiting_close",
                words: "close the case",
                is_wait: true,
                outlives_closing: false,
                carry_out: waiting::close,
            },
            Kind::FormReminder => Traits {
                word: "form_reminder",
                words: "ask again for what the form needs",
                is_wait: true,
                outlives_closing: false,
                carry_out: |change, ticket, _| event::due(change, ticket, Kind::FormReminder),
            },
            Kind::ActivationReminder => Traits {
                word: "activation_reminder",
                words: "send a fresh activation link",
                is_wait: true,
                outlives_closing: false,
                carry_out: |change, ticket, _| event::due(change, ticket, Kind::ActivationReminder),
            },
            Kind::ActivationExpiry => Traits {
                word: "activation_expiry",
                words: "end the registration",
                is_wait: true,
                outlives_closing: false,
                carry_out: |change, ticket, _| event::due(change, ticket, Kind::ActivationExpiry),
            },
            Kind::CoolingOff => Traits {
                word: "cooling_off",
                words: "send the link for a new second factor",
                is_wait: true,
                outlives_closing: false,
                carry_out: |change, ticket, _| event::due(change, ticket, Kind::CoolingOff),
            },
            Kind::LinkExpiry => Traits {
                word: "link_expiry",
                words: "end what the unused link was for",
                is_wait: true,
                outlives_closing: false,
                carry_out: |change, ticket, _| event::due(change, ticket, Kind::LinkExpiry),
            },
            Kind::LicenceReminder => Traits {
                word: "licence_reminder",
                words: "remind the customer that the licence ends",
                is_wait: false,
                outlives_closing: true,
                carry_out: |change, ticket, _| event::due(change, ticket, Kind::LicenceReminder),
            },
        }
    }

    /// The name in tables and exports.
    pub fn as_str(self) -> &'static str {
        self.traits().word
    }

    /// What will happen, for engineers: `remind the customer`.
    pub fn words(self) -> &'static str {
        self.traits().words
    }

    /// It is due a length of time after it was set, rather than at a time of its own.
    pub fn is_wait(self) -> bool {
        self.traits().is_wait
    }

    /// The kind of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Something that is due on a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// What.
    pub kind: Kind,
    /// When; it happens then or later.
    pub due_at: Timestamp,
    /// What the kind remembers from step to step.
    pub detail: String,
}

/// A follow-up that was found to be due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The ticket it is about, merges not followed.
    pub ticket: TicketId,
    /// What.
    pub kind: Kind,
    /// Attempts at it, this one included.
    pub attempts: u32,
}

/// What becomes of a ticket's follow-ups; in order, as a later change may undo an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FollowUpChange {
    /// It is due; instead of one of the same kind, if there is one.
    Set {
        /// The ticket.
        ticket: TicketId,
        /// What, when.
        follow_up: FollowUp,
    },
    /// It is done, or wanted no more.
    Cancel {
        /// The ticket.
        ticket: TicketId,
        /// What.
        kind: Kind,
    },
    /// It failed too often and is kept to be looked at.
    SetAside {
        /// The ticket.
        ticket: TicketId,
        /// What.
        kind: Kind,
    },
}

/// How long somebody has for their work or their answer. Business hours, once there are any, stretch it by the queue's
/// calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Working(pub SignedDuration);

/// How long something lasts by the clock on the wall, nights and holidays included: a link, a time to stop a reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Elapsed(pub SignedDuration);

/// A length of time that begins somewhere.
pub(super) trait Wait {
    /// When it is over.
    fn over(self, from: Timestamp) -> Timestamp;
}

impl Wait for Working {
    fn over(self, from: Timestamp) -> Timestamp {
        from.checked_add(self.0).unwrap_or(Timestamp::MAX)
    }
}

impl Wait for Elapsed {
    fn over(self, from: Timestamp) -> Timestamp {
        from.checked_add(self.0).unwrap_or(Timestamp::MAX)
    }
}

/// When something is due that waits for `after` from `from` on. Every time that a row, a link or a letter names is computed
/// here, once, and handed on: what is promised is what happens.
pub(super) fn due_at(from: Timestamp, after: impl Wait) -> Timestamp {
    after.over(from)
}

/// Carries out what is due, unless it was done, put off or cancelled meanwhile.
pub(super) fn due(rules: &Rules, facts: &Facts, due: &Due, now: Timestamp) -> Outcome {
    let mut change = Change::new(rules, facts, now);
    if let Some(follow_up) = facts.follow_up(due.ticket, due.kind).filter(|follow_up| follow_up.due_at <= now).cloned()
    {
        change.cancel(due.ticket, due.kind);
        (due.kind.traits().carry_out)(&mut change, due.ticket, &follow_up);
    }
    change.out
}

/// Gives up a follow-up that failed too often: the ticket's history tells.
pub(super) fn set_aside(rules: &Rules, facts: &Facts, due: &Due, now: Timestamp) -> Outcome {
    let mut change = Change::new(rules, facts, now);
    if facts.follow_up(due.ticket, due.kind).is_some() {
        change.out.follow_ups.push(FollowUpChange::SetAside { ticket: due.ticket, kind: due.kind });
        let words = format!("{}: failed {} times and is tried no more", due.kind.words(), due.attempts);
        change.event(due.ticket, "follow_up_failed", None, words);
    }
    change.out
}

impl Change<'_> {
    /// Sets a follow-up, instead of an earlier one of its kind.
    pub fn follow_up(&mut self, ticket: TicketId, kind: Kind, due_at: Timestamp, detail: String) {
        let follow_up = FollowUp { kind, due_at, detail };
        self.out.follow_ups.push(FollowUpChange::Set { ticket, follow_up });
    }

    /// A follow-up is wanted no more.
    pub fn cancel(&mut self, ticket: TicketId, kind: Kind) {
        let before = self.facts.follow_up(ticket, kind).is_some();
        let set = |change: &FollowUpChange| match change {
            FollowUpChange::Set { ticket: id, follow_up } => *id == ticket && follow_up.kind == kind,
            FollowUpChange::Cancel { .. } | FollowUpChange::SetAside { .. } => false,
        };
        if before || self.out.follow_ups.iter().any(set) {
            self.out.follow_ups.push(FollowUpChange::Cancel { ticket, kind });
        }
    }

    /// Nothing is due on a closed ticket but what outlives it.
    pub fn cancel_all(&mut self, ticket: TicketId) {
        for kind in Kind::ALL.into_iter().filter(|kind| !kind.traits().outlives_closing) {
            self.cancel(ticket, kind);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(Kind::parse("tomorrow"), None);
    }
}
