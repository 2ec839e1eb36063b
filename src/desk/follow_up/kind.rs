//! The kinds of follow-ups.

/// What is due on a ticket. A new kind is a member here, in [`Kind::ALL`], an arm of `traits`, and one in `desk::due`.
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
    /// How far the case is was told lately: until then it is told to nobody again.
    StatusPause,
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
    pub const ALL: [Kind; 10] = [
        Kind::WaitingReminder,
        Kind::WaitingAnnouncement,
        Kind::WaitingClose,
        Kind::FormReminder,
        Kind::ActivationReminder,
        Kind::ActivationExpiry,
        Kind::CoolingOff,
        Kind::LinkExpiry,
        Kind::LicenceReminder,
        Kind::StatusPause,
    ];

    fn traits(self) -> Traits {
        let wait =
            |word, words| Traits { word, words, is_wait: true, outlives_closing: false, ends_with_waiting: false };
        let of_waiting = |word, words| Traits { ends_with_waiting: true, ..wait(word, words) };
        match self {
            Kind::WaitingReminder => of_waiting("waiting_reminder", "remind the customer"),
            Kind::WaitingAnnouncement => {
                of_waiting("waiting_announcement", "tell the customer that the case will be closed")
            }
            Kind::WaitingClose => of_waiting("waiting_close", "close the case"),
            Kind::FormReminder => wait("form_reminder", "ask again for what the form needs"),
            Kind::ActivationReminder => wait("activation_reminder", "send a fresh activation link"),
            Kind::ActivationExpiry => wait("activation_expiry", "end the registration"),
            Kind::CoolingOff => wait("cooling_off", "send the link for a new second factor"),
            Kind::LinkExpiry => wait("link_expiry", "end what the unused link was for"),
            Kind::LicenceReminder => Traits {
                is_wait: false,
                outlives_closing: true,
                ..wait("licence_reminder", "remind the customer that the licence ends")
            },
            Kind::StatusPause => wait("status_pause", "tell again how far the case is, if somebody asks"),
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
