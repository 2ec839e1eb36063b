//! Why a mail is held.

words! {
    /// Why a mail waits for an engineer's decision; the letters about it choose their words by it.
    pub enum HeldReason {
        /// Its sender takes no part in the case that it names.
        Stranger = "stranger",
        /// The reply address that it uses was given to somebody else.
        TokenOfAnother = "token_of_another",
        /// The sender's domain disowns it.
        DmarcFail = "dmarc_fail",
        /// Nothing proves that the engineer wrote it.
        NoProof = "no_proof",
        /// It gives commands, for which a reply address is no proof.
        Commands = "commands",
        /// A filter took it for spam.
        Spam = "spam",
    }
}

impl HeldReason {
    /// For histories.
    pub fn words(self) -> &'static str {
        match self {
            Self::Stranger => "the sender is no participant",
            Self::TokenOfAnother => "the reply address was given to somebody else",
            Self::DmarcFail => "the sender's domain disowns the mail (DMARC fail)",
            Self::NoProof => "nothing proves that the engineer wrote it",
            Self::Commands => "a reply address is no proof for commands",
            Self::Spam => "the filter took it for spam",
        }
    }

    /// Whether the sender is taken to be who the mail says.
    pub fn is_believed(self) -> bool {
        matches!(self, Self::Stranger | Self::TokenOfAnother)
    }
}
