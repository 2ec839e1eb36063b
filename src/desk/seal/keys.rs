//! The secrets of the gateway: what nobody but us may read or make is sealed with them.
//!
//! Sealing is AES-SIV (RFC 5297): encrypted and authenticated with a tag of 128 bits, and the same words give the same
//! seal, so that nothing random comes in. Every use has a key of its own, derived by HKDF-SHA-256 (RFC 5869).

use std::sync::Arc;

use aes_siv::KeyInit;
use aes_siv::siv::Aes128Siv;
use anyhow::{Context, anyhow};
use hkdf::Hkdf;
use secrecy::SecretString;
use sha2::Sha256;

use crate::mail::address::masked;

/// Octets of a derived key: AES-128 for the tag, AES-128 for the encryption.
const KEY_OCTETS: usize = 32;

/// What a key is for: what is sealed for one use opens for no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::desk) enum Use {
    /// Who answers on which ticket.
    Reply,
    /// Who writes notes on which ticket.
    Note,
    /// Which mail a return path belongs to.
    Bounce,
    /// What tells Message-IDs apart.
    MessageId,
    /// The secrets of second factors.
    Factor,
    /// Tokens that sign the desk in to its mailboxes.
    OAuth,
}

impl Use {
    const ALL: [Self; 6] = [Self::Reply, Self::Note, Self::Bounce, Self::MessageId, Self::Factor, Self::OAuth];

    /// What HKDF derives the key by. Never changed: what is out there would not open any more.
    fn info(self) -> &'static [u8] {
        match self {
            Self::Reply => b"caseway reply token",
            Self::Note => b"caseway note token",
            Self::Bounce => b"caseway bounce token",
            Self::MessageId => b"caseway message id",
            Self::Factor => b"caseway second factor",
            Self::OAuth => b"caseway oauth token",
        }
    }
}

/// One secret with the keys that follow from it.
struct Key {
    number: u8,
    derived: [(Use, [u8; KEY_OCTETS]); Use::ALL.len()],
}

impl Key {
    fn new(number: u8, secret: &[u8]) -> anyhow::Result<Self> {
        let secret = Hkdf::<Sha256>::new(None, secret);
        let mut derived = Use::ALL.map(|purpose| (purpose, [0; KEY_OCTETS]));
        for (purpose, key) in &mut derived {
            secret.expand(purpose.info(), key).map_err(|error| anyhow!("deriving key {number}: {error}"))?;
        }
        Ok(Self { number, derived })
    }

    fn of(&self, purpose: Use) -> Option<Aes128Siv> {
        let (_, key) = self.derived.iter().find(|(known, _)| *known == purpose)?;
        Some(Aes128Siv::new(key.into()))
    }
}

/// The secrets by number: the highest one seals, all of them open. Clones share.
#[derive(Clone)]
pub struct Keys(Arc<[Key]>);

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({} secret)", self.0.len())
    }
}

impl Keys {
    /// Keys by number. Fails when there is none.
    pub fn new(secrets: Vec<(u8, Vec<u8>)>) -> anyhow::Result<Self> {
        let keys: anyhow::Result<Vec<Key>> = secrets.iter().map(|(number, secret)| Key::new(*number, secret)).collect();
        let mut keys = keys?;
        keys.sort_by_key(|key| key.number);
        keys.last().context("there is no key that could seal anything")?;
        Ok(Self(keys.into()))
    }

    /// Seals words for one use: key number, then tag and encrypted words. What is sealed with labels opens with the same
    /// ones alone.
    pub(in crate::desk) fn seal(&self, purpose: Use, labels: &[&[u8]], words: &[u8]) -> Option<Vec<u8>> {
        let key = self.0.last()?;
        let mut sealed = vec![key.number];
        sealed.extend(key.of(purpose)?.encrypt(labels, words).ok()?);
        Some(sealed)
    }

    /// The words of a genuine seal.
    pub(in crate::desk) fn open(&self, purpose: Use, labels: &[&[u8]], sealed: &[u8]) -> Option<Vec<u8>> {
        let (number, sealed) = sealed.split_first()?;
        let key = self.0.iter().find(|key| key.number == *number)?;
        key.of(purpose)?.decrypt(labels, sealed).ok()
    }

    /// Seals the secret of somebody's second factor, as it is stored.
    pub fn seal_factor(&self, email: &str, secret: &[u8]) -> anyhow::Result<Vec<u8>> {
        self.seal(Use::Factor, &[email.as_bytes()], secret).context("sealing a second factor")
    }

    /// The secret of somebody's second factor. Fails when its key is gone, or when it was sealed for somebody else.
    pub fn open_factor(&self, email: &str, sealed: &[u8]) -> anyhow::Result<Vec<u8>> {
        self.open(Use::Factor, &[email.as_bytes()], sealed).with_context(|| {
            let (number, whose) = (sealed.first().copied().unwrap_or_default(), masked(email));
            let advice = "Restore the table token_key from a backup, or reset the second factor";
            match self.0.iter().any(|key| key.number == number) {
                true => format!("the second factor of {whose} was changed in the database. {advice}"),
                false => format!("the second factor of {whose} is sealed with key {number}, which is gone. {advice}"),
            }
        })
    }

    /// Seals a token that a provider granted, as it is stored.
    pub fn seal_token(&self, provider: &str, subject: &str, token: &str) -> anyhow::Result<Vec<u8>> {
        self.seal(Use::OAuth, &[provider.as_bytes(), subject.as_bytes()], token.as_bytes()).context("sealing a token")
    }

    /// The token of a provider. Fails when its key is gone, or when it was sealed for another one.
    pub fn open_token(&self, provider: &str, subject: &str, sealed: &[u8]) -> anyhow::Result<SecretString> {
        let opened = self.open(Use::OAuth, &[provider.as_bytes(), subject.as_bytes()], sealed);
        let opened = opened.and_then(|token| String::from_utf8(token).ok()).map(SecretString::from);
        opened.with_context(|| {
            format!("the token of {provider} does not open: its key is gone, or it was changed in the database; sign in again")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: (u8, &[u8]) = (1, b"the first secret, retired lately");
    const SECOND: (u8, &[u8]) = (2, b"a second secret of thirty-two oct");

    fn keys(secrets: &[(u8, &[u8])]) -> Keys {
        Keys::new(secrets.iter().map(|(number, secret)| (*number, secret.to_vec())).collect()).unwrap()
    }

    #[test]
    fn a_factor_opens_for_its_owner_with_any_key_that_is_left() {
        let (old, both, new) = (keys(&[FIRST]), keys(&[SECOND, FIRST]), keys(&[SECOND]));
        let sealed = old.seal_factor("anna@customer.test", b"twenty octets of it.").unwrap();
        assert!(!sealed.windows(6).any(|six| b"twenty octets of it.".windows(6).any(|plain| plain == six)));
        assert_eq!(both.open_factor("anna@customer.test", &sealed).unwrap(), b"twenty octets of it.");
        assert_eq!(both.seal_factor("anna@customer.test", b"x").unwrap()[0], 2, "new ones with the newest key");
        let error = |keys: &Keys, email, sealed: &[u8]| keys.open_factor(email, sealed).unwrap_err().to_string();
        assert!(error(&new, "anna@customer.test", &sealed).contains("sealed with key 1, which is gone"));
        assert!(error(&both, "bob@customer.test", &sealed).contains("was changed"));
        assert!(!error(&both, "bob@customer.test", &sealed).contains("bob@"));
        for at in 1..sealed.len() {
            let mut forged = sealed.clone();
            forged[at] ^= 1;
            assert!(both.open_factor("anna@customer.test", &forged).is_err());
        }
    }

    #[test]
    fn what_is_sealed_for_one_use_opens_for_no_other() {
        let keys = keys(&[FIRST]);
        for one in Use::ALL {
            let sealed = keys.seal(one, &[], b"words").unwrap();
            for other in Use::ALL {
                assert_eq!(keys.open(other, &[], &sealed).is_some(), one == other, "{one:?} {other:?}");
            }
        }
        assert!(Keys::new(Vec::new()).is_err());
    }
}
