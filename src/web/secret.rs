//! The secret that a browser keeps in a cookie, and what follows from it: the session's key and the token of its forms.

use axum::http::{HeaderMap, HeaderValue};
use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::cookies::{self, Lives};
use crate::store::web::Hashed;

/// Octets of a secret: 256 bits.
const OCTETS: usize = 32;

/// A secret of one browser.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Secret([u8; OCTETS]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Which of our cookies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Jar {
    /// The visit and, once somebody signed in, the session; gone with the browser.
    Session,
    /// That somebody signed in with this browser before; kept for a year.
    Device,
}

impl Jar {
    /// With TLS the prefix `__Host-` keeps other hosts of the domain from setting it (RFC 6265bis §4.1.3.2).
    fn name(self, https: bool) -> &'static str {
        match (self, https) {
            (Self::Session, true) => "__Host-session",
            (Self::Session, false) => "session",
            (Self::Device, true) => "__Host-device",
            (Self::Device, false) => "device",
        }
    }
}

impl Secret {
    /// A fresh one.
    pub(super) fn new() -> Self {
        Self(rand::random())
    }

    /// The one in a request's cookies; nothing when it is none of ours.
    pub(super) fn read(headers: &HeaderMap, jar: Jar, https: bool) -> Option<Self> {
        let value = cookies::value(headers, jar.name(https))?;
        BASE64URL_NOPAD.decode(value.as_bytes()).ok()?.try_into().ok().map(Self)
    }

    /// The `Set-Cookie` that makes a browser keep it.
    pub(super) fn cookie(&self, jar: Jar, https: bool) -> Option<HeaderValue> {
        let lives = if jar == Jar::Device { Lives::Year } else { Lives::Visit };
        cookies::set(jar.name(https), &BASE64URL_NOPAD.encode(&self.0), lives, https)
    }

    /// What is stored of it.
    pub(super) fn hash(&self) -> Hashed {
        Hashed(Sha256::digest(self.0).into())
    }

    /// What the forms of its pages carry: who cannot read the cookie cannot make it.
    pub(super) fn csrf(&self) -> String {
        BASE64URL_NOPAD.encode(&self.derive(b"csrf", b""))
    }

    /// Whether a form carries the right token; takes the same time wherever it differs.
    pub(super) fn is_csrf(&self, given: &str) -> bool {
        let Ok(given) = BASE64URL_NOPAD.decode(given.as_bytes()) else { return false };
        self.mac(b"csrf", b"").is_some_and(|mac| mac.verify_slice(&given).is_ok())
    }

    /// The secret of a second factor that this browser is about to enrol for `about`: nothing is kept before the first
    /// code was right, and opening the page twice shows the same.
    pub(super) fn factor(&self, about: &str) -> Vec<u8> {
        let mut octets = self.derive(b"factor", about.as_bytes());
        // RFC 4226 §4 recommends 160 bits, and some apps take no more.
        octets.truncate(20);
        octets
    }

    fn derive(&self, purpose: &[u8], about: &[u8]) -> Vec<u8> {
        self.mac(purpose, about).map_or_else(Vec::new, |mac| mac.finalize().into_bytes().to_vec())
    }

    fn mac(&self, purpose: &[u8], about: &[u8]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(purpose);
        mac.update(&[0]);
        mac.update(about);
        Some(mac)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_fits_its_cookie_alone() {
        let (one, other) = (Secret::new(), Secret::new());
        assert!(one.is_csrf(&one.csrf()));
        assert!(!one.is_csrf(&other.csrf()));
        for wrong in ["", "x", "%%", &format!("{}x", one.csrf())] {
            assert!(!one.is_csrf(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_factor_is_the_same_for_one_browser_and_purpose_alone() {
        let (one, other) = (Secret::new(), Secret::new());
        assert_eq!(one.factor("a@example.test"), one.factor("a@example.test"));
        assert_ne!(one.factor("a@example.test"), other.factor("a@example.test"));
        assert_ne!(one.factor("a@example.test"), one.factor("b@example.test"));
        assert_eq!(one.factor("").len(), 20);
    }

    #[test]
    fn cookies_come_back_and_nonsense_does_not() {
        let secret = Secret::new();
        for https in [true, false] {
            let set = secret.cookie(Jar::Session, https).unwrap();
            let set = set.to_str().unwrap();
            assert_eq!(set.contains("; Secure") && set.starts_with("__Host-"), https, "{set}");
            for attribute in ["; Path=/", "; SameSite=Lax", "; HttpOnly"] {
                assert!(set.contains(attribute), "{set}");
            }
            let mut headers = HeaderMap::new();
            headers.insert("cookie", format!("a=b; {}", set.split(';').next().unwrap()).parse().unwrap());
            assert_eq!(Secret::read(&headers, Jar::Session, https), Some(secret.clone()));
            assert_eq!(Secret::read(&headers, Jar::Device, https), None);
            headers.insert("cookie", "__Host-session=abc; session=abc".parse().unwrap());
            assert_eq!(Secret::read(&headers, Jar::Session, https), None);
        }
    }
}
