//! What a mail wants.

use super::features::{self, Features, Text};

/// The name of the trained model.
pub const MODEL: &str = "wish";

/// From this probability on a form is begun by what was learnt: somebody whose form was missed has an ordinary ticket, which is
/// better than questions for what they did not ask.
pub const BEGINS: f32 = 0.5;

/// What a mail may want.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Wish {
    /// An account for the customer portal, for oneself or somebody else.
    Register,
    /// To get into the customer portal.
    SignInHelp,
    /// Another password.
    ResetPassword,
    /// Another second factor.
    ResetSecondFactor,
    /// A registration file for a server without internet.
    RegistrationFile,
    /// That something harmless is no longer taken for a threat.
    AllowList,
    /// To get into the partner portal.
    PartnerSignInHelp,
    /// To know how far a case is.
    Status,
    /// To be heard sooner, or by somebody higher.
    Escalate,
    /// That a case is closed.
    Close,
    /// To say thanks.
    Thanks,
    /// To withdraw what was asked for.
    Cancel,
    /// To say that something is bad.
    Complaint,
    /// That an account is removed.
    DeleteAccount,
    /// Anything else.
    Other,
}

impl Wish {
    /// All, by the words that stand for them, in the order of the model's classes.
    pub const ALL: [(&'static str, Self); 15] = [
        ("register", Self::Register),
        ("sign-in-help", Self::SignInHelp),
        ("reset-password", Self::ResetPassword),
        ("reset-second-factor", Self::ResetSecondFactor),
        ("registration-file", Self::RegistrationFile),
        ("allow-list", Self::AllowList),
        ("partner-sign-in-help", Self::PartnerSignInHelp),
        ("status", Self::Status),
        ("escalate", Self::Escalate),
        ("close", Self::Close),
        ("thanks", Self::Thanks),
        ("cancel", Self::Cancel),
        ("complaint", Self::Complaint),
        ("delete-account", Self::DeleteAccount),
        ("other", Self::Other),
    ];

    /// The word that stands for it.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, wish)| *wish == self).map_or("", |(word, _)| word)
    }

    /// The wish of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == word).map(|(_, wish)| *wish)
    }

    /// Whether a form begins by it.
    pub fn is_form(self) -> bool {
        matches!(
            self,
            Self::Register
                | Self::SignInHelp
                | Self::ResetPassword
                | Self::ResetSecondFactor
                | Self::RegistrationFile
                | Self::AllowList
                | Self::PartnerSignInHelp
        )
    }
}

/// A mail as it is judged.
#[derive(Debug, Clone, Copy, Default)]
pub struct Said<'a> {
    /// Its subject.
    pub subject: &'a str,
    /// It is that of a mail which this one answers.
    pub is_reply: bool,
    /// The writer's own words, without quotes and signature.
    pub words: &'a str,
    /// What its mailbox is for, where that is one thing: a hint, not more.
    pub mailbox: Option<Wish>,
}

impl Said<'_> {
    /// What is counted in it.
    pub fn features(&self) -> Features {
        let known: Vec<&str> = self.mailbox.map(Wish::as_str).into_iter().collect();
        features::of(&Text {
            subject: self.subject,
            words: self.words,
            known: &known,
            is_reply: self.is_reply,
            asked: None,
        })
    }
}
