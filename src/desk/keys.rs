//! The secrets of the gateway: what nobody but us may read or make is sealed with them.
//!
//! Sealing is AES-SIV (RFC 5297): encrypted and authenticated with a tag of 128 bits, and the same words give the same
//! seal, so that nothing random comes in. Every use has a key of its own, derived by HKDF-SHA-256 (RFC 5869).

use std::sync::Arc;

use aes_siv::KeyInit;
use aes_siv::siv::Aes128Siv;
use anyhow::{Context, anyhow};
use hkdf::Hkdf;
use sha2::Sha256;

/// Octets of a derived key: AES-128 for the tag, AES-128 for the encryption.
const KEY_OCTETS: usize = 32;

/// What a key is for: what is sealed for one use opens for no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Who answers on which ticket.
    Reply,
    /// Which mail a return path belongs to.
    Bounce,
    /// What tells Message-IDs apart.
    MessageId,
}

impl Use {
    const ALL: [Self; 3] = [Self::Reply, Self::Bounce, Self::MessageId];

    /// What HKDF derives the key by. Never changed: what is out there would not open any more.
    fn info(self) -> &'static [u8] {
        match self {
            Self::Reply => b"caseway reply token",
            Self::Bounce => b"caseway bounce token",
            Self::MessageId => b"caseway message id",
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

/// No label: the use is in the key.
const UNLABELLED: [&[u8]; 0] = [];

impl Keys {
    /// Keys by number. Fails when there is none.
    pub fn new(secrets: Vec<(u8, Vec<u8>)>) -> anyhow::Result<Self> {
        let keys: anyhow::Result<Vec<Key>> = secrets.iter().map(|(number, secret)| Key::new(*number, secret)).collect();
        let mut keys = keys?;
        keys.sort_by_key(|key| key.number);
        keys.last().context("there is no key that could seal anything")?;
        Ok(Self(keys.into()))
    }

    /// Seals words for one use: key number, then tag and encrypted words.
    pub(super) fn seal(&self, purpose: Use, words: &[u8]) -> Option<Vec<u8>> {
        let key = self.0.last()?;
        let mut sealed = vec![key.number];
        sealed.extend(key.of(purpose)?.encrypt(UNLABELLED, words).ok()?);
        Some(sealed)
    }

    /// The words of a genuine seal.
    pub(super) fn open(&self, purpose: Use, sealed: &[u8]) -> Option<Vec<u8>> {
        let (number, sealed) = sealed.split_first()?;
        let key = self.0.iter().find(|key| key.number == *number)?;
        key.of(purpose)?.decrypt(UNLABELLED, sealed).ok()
    }
}
