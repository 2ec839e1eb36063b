//! Why an engineer has a form.

words! {
    /// Why an engineer has a form; the handover's template chooses its words by it.
    pub enum HandOver {
        /// It needs an engineer's approval.
        Approval = "approval",
        /// It needs another engineer's as well.
        SecondApproval = "second_approval",
        /// It has all that it needs, and an engineer does the rest.
        Complete = "complete",
        /// It was asked for as often as configured, and something is still missing.
        Rounds = "rounds",
        /// Nobody answered, or nobody used the link.
        NoAnswer = "no_answer",
        /// The steps did not help.
        NotHelped = "not_helped",
        /// There is no such customer account.
        UnknownAccount = "unknown_account",
        /// The address does not belong to the account.
        ForeignAddress = "foreign_address",
        /// The account is switched off.
        AccountDisabled = "account_disabled",
        /// The person is switched off.
        PersonDisabled = "person_disabled",
        /// The directory knows nobody of that address.
        UnknownPerson = "unknown_person",
        /// The answer is a question.
        Unclear = "unclear",
        /// Somebody who was told of it stopped it.
        Stopped = "stopped",
        /// Its case was closed before it was decided.
        Closed = "closed",
        /// The directory could not do it.
        DirectoryFailed = "directory_failed",
        /// Somebody asks to be heard sooner.
        Escalated = "escalated",
    }
}

impl HandOver {
    /// Whether the form waits for `#approve`.
    pub fn awaits_approval(self) -> bool {
        matches!(
            self,
            Self::Approval | Self::SecondApproval | Self::ForeignAddress | Self::UnknownAccount | Self::AccountDisabled
        )
    }

    /// Whether the form goes on by itself as soon as it is complete and right.
    pub fn goes_on(self) -> bool {
        matches!(
            self,
            Self::Rounds
                | Self::Unclear
                | Self::NoAnswer
                | Self::NotHelped
                | Self::UnknownAccount
                | Self::ForeignAddress
        )
    }
}

/// How a form keeps it: the word, or an empty one when no engineer has it.
pub(super) mod stored {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::HandOver;

    pub fn serialize<S: Serializer>(reason: &Option<HandOver>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(reason.map_or("", HandOver::as_str))
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Option<HandOver>, D::Error> {
        let word = String::deserialize(from)?;
        match HandOver::parse(&word) {
            None if !word.is_empty() => Err(D::Error::custom(format!("handed over for the unknown reason {word:?}"))),
            reason => Ok(reason),
        }
    }
}
