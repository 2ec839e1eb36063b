//! Links and codes that let their holder do one thing once.
//!
//! The token is in the mail and nowhere else; what is kept is its SHA-256, so that who reads the database cannot use it.

use data_encoding::BASE32_DNSCURVE as ALPHABET;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::desk::id::TicketId;

/// Octets of a link's token: 160 bits.
const LINK_OCTETS: usize = 20;
/// Octets of a code that people type: 50 bits, as ten letters and digits. Few tries are allowed.
const CODE_OCTETS: usize = 7;
/// Letters of a link's token.
pub(in crate::desk) const LINK_LETTERS: usize = LINK_OCTETS * 8 / 5;
/// Letters of a code.
pub(in crate::desk) const CODE_LETTERS: usize = 10;

/// Whether tokens have this letter, in lower case: of those that look alike, and of vowels, which make words, they have few.
pub(in crate::desk) fn is_token_letter(octet: u8) -> bool {
    matches!(octet, b'0'..=b'9' | b'a'..=b'z') && !matches!(octet, b'a' | b'e' | b'i' | b'o')
}

words! {
    /// What a link lets its holder do.
    pub enum LinkPurpose {
        /// Set the first password of a Business Account.
        Activate = "activate",
        /// The same, typed from a mail into the page.
        Code = "code",
        /// Set a new password.
        Reset = "reset",
        /// Enrol a new second factor in the place of the lost one.
        Enrol = "enrol",
        /// Stop a second factor's reset that somebody else asked for.
        Stop = "stop",
    }
}

impl LinkPurpose {
    /// Whether anybody can have it sent to somebody, so that a limit must hold. What two engineers approved is bounded by
    /// them, and the right to stop it must not depend on what others asked for.
    pub fn is_limited(self) -> bool {
        matches!(self, Self::Activate | Self::Code | Self::Reset)
    }

    /// How long it can be used.
    pub fn valid_for(self) -> SignedDuration {
        match self {
            Self::Activate => SignedDuration::from_hours(72),
            Self::Code | Self::Reset => SignedDuration::from_hours(1),
            Self::Enrol => SignedDuration::from_hours(24),
            Self::Stop => SignedDuration::from_hours(7 * 24),
        }
    }
}

/// The SHA-256 of a token: what is stored of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkHash(pub [u8; 32]);

impl LinkHash {
    /// Of a token as it stands in an address, or of a code as a person types it: case, blanks and dashes do not count.
    pub fn of(token: &str) -> Self {
        let typed: String = token.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        Self(Sha256::digest(typed.as_bytes()).into())
    }
}

/// A link as it is kept once it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentLink {
    /// What finds it.
    pub hash: LinkHash,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// The Business Account's user name.
    pub email: String,
    /// The ticket it was sent on.
    pub ticket: TicketId,
    /// From when it is worth nothing.
    pub expires_at: Timestamp,
    /// It was used or withdrawn.
    pub used: bool,
}

impl SentLink {
    /// Whether it still lets its holder do anything.
    pub fn is_good(&self, now: Timestamp) -> bool {
        !self.used && now < self.expires_at
    }
}

/// A link to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink {
    /// What finds it.
    pub hash: LinkHash,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// The Business Account's user name.
    pub email: String,
    /// The ticket it was sent on.
    pub ticket: TicketId,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when it is worth nothing.
    pub expires_at: Timestamp,
    /// Whoever asked for it is proven to be whose account it is; others use up a limit of their own.
    pub by_owner: bool,
}

/// Links that are worth nothing any more: all of one purpose that went to an address, on one ticket or on any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// The Business Account's user name.
    pub email: String,
    /// What they were for.
    pub purpose: LinkPurpose,
    /// Those of one ticket only.
    pub ticket: Option<TicketId>,
}

/// Random octets that came in as a value, and how many tokens were made of them. The default has none and makes none.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Entropy {
    seed: Option<[u8; 32]>,
    used: u64,
}

impl Entropy {
    /// Of fresh random octets.
    pub fn new(seed: [u8; 32]) -> Self {
        Self { seed: Some(seed), used: 0 }
    }

    /// The next token: what the mail says, to be hashed by [`LinkHash::of`] for the database.
    pub fn token(&mut self, purpose: LinkPurpose) -> Option<String> {
        self.used += 1;
        let mut hmac = Hmac::<Sha256>::new_from_slice(&self.seed?).ok()?;
        hmac.update(&self.used.to_be_bytes());
        let octets = hmac.finalize().into_bytes();
        if purpose != LinkPurpose::Code {
            return octets.get(..LINK_OCTETS).map(|octets| ALPHABET.encode(octets));
        }
        let letters = ALPHABET.encode(octets.get(..CODE_OCTETS)?);
        // A code of digits alone could not be told from the numbers that people write.
        if letters.get(..CODE_LETTERS)?.bytes().all(|letter| letter.is_ascii_digit()) {
            return self.token(purpose);
        }
        let (first, second) = letters.get(..CODE_LETTERS)?.split_at(CODE_LETTERS / 2);
        Some(format!("{first}-{second}"))
    }
}

impl std::fmt::Debug for Entropy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Entropy")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_token_comes_twice_and_each_is_found_by_its_hash() {
        let mut entropy = Entropy::new([7; 32]);
        let one = entropy.token(LinkPurpose::Activate).unwrap();
        let other = entropy.token(LinkPurpose::Activate).unwrap();
        assert_ne!(one, other);
        assert_eq!(one.len(), 32);
        assert_eq!(LinkHash::of(&one), LinkHash::of(&one.to_uppercase()), "mail programs may change the case");
        assert_ne!(LinkHash::of(&one), LinkHash::of(&other));
        assert_eq!(Entropy::default().token(LinkPurpose::Activate), None, "nothing is made of nothing");
    }

    #[test]
    fn tokens_have_the_letters_that_are_looked_for() {
        let mut entropy = Entropy::new([3; 32]);
        for purpose in [LinkPurpose::Reset, LinkPurpose::Code] {
            let letters: String = (0..64).filter_map(|_| entropy.token(purpose)).filter(|t| *t != "-").collect();
            assert!(letters.bytes().all(|letter| letter == b'-' || is_token_letter(letter)), "{letters}");
        }
        let alphabet: usize = (0..=u8::MAX).filter(|octet| is_token_letter(*octet)).count();
        assert_eq!((alphabet, LINK_LETTERS), (32, 32));
    }

    #[test]
    fn a_code_is_typed_with_or_without_its_dash() {
        let code = Entropy::new([9; 32]).token(LinkPurpose::Code).unwrap();
        assert_eq!(code.len(), CODE_LETTERS + 1);
        assert_eq!(LinkHash::of(&code), LinkHash::of(&format!(" {} ", code.replace('-', " "))));
    }
}
