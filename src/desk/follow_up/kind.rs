//! The kinds of follow-ups.

/// What is due on a ticket. A new kind is a member here, in [`Kind::ALL`], an arm of `traits`, and one in [`crate::desk::due`].
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

/// All that there is to a kind; what carries it out is in [`crate::desk::due`].
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
    /// It is wanted no more when nobody waits for the customer any more.
    ends_with_waiting: bool,
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
                ends_with_waiting: true,
            },
            Kind::WaitingAnnouncement => Traits {
                word: "waiting_announcement",
                words: "tell the customer that the case will be closed",
                is_wait: true,
                outlives_closing: false,
                ends_with_waiting: true,
            },
            Kind::WaitingClose => Traits {
                word: "waiting_close",
                words: "close the case",
                is_wait: true,
                outlives_closing: false,
                ends_with_waiting: true,
            },
            Kind::FormReminder => Traits {
                word: "form_reminder",
                words: "ask again for what the form needs",
                is_wait: true,
                outlives_closing: false,
                ends_with_waiting: false,
            },
            Kind::ActivationReminder => Traits {
                word: "activation_reminder",
                words: "send a fresh activation link",
                is_wait: true,
                outlives_closing: false,
                ends_with_waiting: false,
            },
            Kind::ActivationExpiry => Traits {
                word: "activation_expiry",
                words: "end the registration",
                is_wait: true,
                outlives_closing: false,
                ends_with_waiting: false,
            },
            Kind::CoolingOff => Traits {
                word: "cooling_off",
                words: "send the link for a new second factor",
                is_wait: true,
                outlives_closing: false,
                ends_with_waiting: false,
            },
            Kind::LinkExpiry => Traits {
                word: "link_expiry",
                words: "end what the unused link was for",
                is_wait: true,
                outlives_closing: false,
                ends_with_waiting: false,
            },
            Kind::LicenceReminder => Traits {
                word: "licence_reminder",
                words: "remind the customer that the licence ends",
                is_wait: false,
                outlives_closing: true,
                ends_with_waiting: false,
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

    /// It is due even when the ticket is closed.
    pub fn outlives_closing(self) -> bool {
        self.traits().outlives_closing
    }

    /// It is wanted no more when nobody waits for the customer any more.
    pub fn ends_with_waiting(self) -> bool {
        self.traits().ends_with_waiting
    }

    /// The kind of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
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
