//! Password hashes: Argon2id (RFC 9106) as PHC strings, made and verified off the async threads.

use std::num::NonZero;
use std::sync::{Arc, LazyLock};

use anyhow::{Context, anyhow};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

/// Kibibytes of memory that one hash takes. These three are the first choice of the OWASP Password Storage Cheat Sheet for
/// machines with little memory; hashes made with others are renewed when their owner signs in.
pub const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over the memory.
pub const PASSES: u32 = 2;
/// Lanes that could be worked on at the same time.
pub const LANES: u32 = 1;

/// Octets of salt (RFC 9106 §3.1).
const SALT: usize = 16;

/// A hash of no password anybody knows, made with the parameters above: who has no hash is verified against it, so that
/// it takes the same time.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm8tcGFzc3dvcmQtaXM$J3Yx6pT1cVZB0Q1m0v8Fo7rS2nD4kLgHhXwUeKbyiT0";

/// As many hashes at once as there are cores: each takes memory, and more at once are not faster.
static TURNS: LazyLock<Arc<Semaphore>> =
    LazyLock::new(|| Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(1, NonZero::get))));

/// What verifying a password told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    /// Another one.
    Wrong,
    /// The right one.
    Right,
    /// The right one, and its hash should be replaced by this one, of the parameters of today.
    Renew(String),
}

/// A new hash of a password.
pub async fn hash(password: &SecretString) -> anyhow::Result<String> {
    let password = password.clone();
    in_turn(move || hash_now(&password)).await
}

/// Verifies a password against a PHC string; an empty one is nobody's, and takes as long.
pub async fn verify(password: &SecretString, against: &str) -> anyhow::Result<Verified> {
    let (password, against) = (password.clone(), against.to_owned());
    in_turn(move || verify_now(&password, &against)).await
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> anyhow::Result<T> + Send + 'static) -> anyhow::Result<T> {
    let turn = TURNS.clone().acquire_owned().await.context("waiting for a turn to hash")?;
    let worked = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work()
    });
    worked.await.context("hashing panicked")?
}

fn parameters() -> anyhow::Result<Params> {
    Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| anyhow!("Argon2 parameters: {error}"))
}

fn hash_now(password: &SecretString) -> anyhow::Result<String> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters()?);
    let salt: [u8; SALT] = rand::random();
    let hash = argon2.hash_password_with_salt(password.expose_secret().as_bytes(), &salt);
    Ok(hash.map_err(|error| anyhow!("hashing a password: {error}"))?.to_string())
}

fn verify_now(password: &SecretString, against: &str) -> anyhow::Result<Verified> {
    let parsed = |text: &str| PasswordHash::new(text).map_err(|error| anyhow!("a stored password hash: {error}"));
    let hash = parsed(if against.is_empty() { NOBODY } else { against })?;
    // The parameters are those of the hash.
    let is_right = Argon2::default().verify_password(password.expose_secret().as_bytes(), &hash).is_ok();
    if !is_right || against.is_empty() {
        return Ok(Verified::Wrong);
    }
    Ok(if is_current(&hash) { Verified::Right } else { Verified::Renew(hash_now(password)?) })
}

fn is_current(hash: &PasswordHash) -> bool {
    let same = |params: Params| (params.m_cost(), params.t_cost(), params.p_cost()) == (MEMORY_KIB, PASSES, LANES);
    hash.algorithm == Algorithm::Argon2id.ident()
        && hash.version == Some(Version::V0x13.into())
        && Params::try_from(hash).is_ok_and(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    #[tokio::test]
    async fn a_hash_is_salted_and_verifies_its_password_alone() {
        let (one, other) =
            (hash(&secret("kahvi ja pulla")).await.unwrap(), hash(&secret("kahvi ja pulla")).await.unwrap());
        assert_ne!(one, other);
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_eq!(verify(&secret("kahvi ja pulla"), &one).await.unwrap(), Verified::Right);
        assert_eq!(verify(&secret("kahvi ja pulla "), &one).await.unwrap(), Verified::Wrong);
        assert_eq!(verify(&secret(""), &one).await.unwrap(), Verified::Wrong);
    }

    /// Otherwise an address without a hash could be told by the time it takes.
    #[test]
    fn nobodys_hash_costs_as_much_as_anybodys_and_is_never_right() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        assert!(is_current(&nobody));
        let real = hash_now(&secret("x")).unwrap();
        let real = PasswordHash::new(&real).unwrap();
        let octets = |hash: &PasswordHash| hash.hash.as_ref().unwrap().len();
        assert_eq!(octets(&nobody), octets(&real));
        assert_eq!(verify_now(&secret("x"), "").unwrap(), Verified::Wrong);
    }

    #[test]
    fn hashes_of_other_parameters_are_renewed_when_they_are_right() {
        let params = Params::new(8 * 1024, 1, 1, None).unwrap();
        let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let cheap = cheap.hash_password_with_salt(b"old", &[7; SALT]).unwrap().to_string();
        assert_eq!(verify_now(&secret("new"), &cheap).unwrap(), Verified::Wrong);
        let Verified::Renew(renewed) = verify_now(&secret("old"), &cheap).unwrap() else { panic!("it stays as it is") };
        assert_eq!(verify_now(&secret("old"), &renewed).unwrap(), Verified::Right);
    }

    #[test]
    fn what_is_no_hash_is_an_error_and_not_a_wrong_password() {
        assert!(verify_now(&secret("x"), "plain").is_err());
    }
}
