//! How a token is said to a mail server: OAUTHBEARER (RFC 7628) and XOAUTH2 (Google's and Microsoft's form before it).

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// The two mechanisms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    /// RFC 7628.
    OAuthBearer,
    /// The form that Exchange Online knows alone.
    XOAuth2,
}

/// Characters of a server's own words that are passed on.
const MAX_WORDS: usize = 200;

impl Mechanism {
    /// The one to use of those that a server offers, as their names in upper case: the standard's where it is there.
    pub fn choose<'a>(offered: impl Iterator<Item = &'a str> + Clone) -> Option<Self> {
        [Self::OAuthBearer, Self::XOAuth2].into_iter().find(|known| offered.clone().any(|name| name == known.name()))
    }

    /// Its name in SASL's registry.
    pub fn name(self) -> &'static str {
        match self {
            Self::OAuthBearer => "OAUTHBEARER",
            Self::XOAuth2 => "XOAUTH2",
        }
    }

    /// What the client says first, before base64.
    pub fn initial(self, user: &str, token: &SecretString, host: &str, port: u16) -> SecretString {
        let token = token.expose_secret();
        let words = match self {
            // RFC 5801 §4: a name has no bare comma and equals sign. §3.1 of RFC 7628: host and port as connected to.
            Self::OAuthBearer => {
                let user = user.replace('=', "=3D").replace(',', "=2C");
                format!("n,a={user},\x01host={host}\x01port={port}\x01auth=Bearer {token}\x01\x01")
            }
            Self::XOAuth2 => format!("user={user}\x01auth=Bearer {token}\x01\x01"),
        };
        SecretString::from(words)
    }

    /// What the client answers to the server's error, so that the server may refuse (RFC 7628 §3.2.3), before base64.
    pub fn after_error(self) -> &'static str {
        match self {
            Self::OAuthBearer => "\x01",
            Self::XOAuth2 => "",
        }
    }
}

/// The error that a server hands out before it refuses (RFC 7628 §3.2.2).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Complaint {
    status: String,
    scope: String,
}

/// The error in words, from the decoded challenge: `status invalid_token, scope mail`. What is no such error is quoted.
pub fn complaint(challenge: &[u8]) -> String {
    let text = String::from_utf8_lossy(challenge);
    let complaint: Complaint = serde_json::from_str(&text).unwrap_or_default();
    let words = match (complaint.status.as_str(), complaint.scope.as_str()) {
        ("", _) => text.into_owned(),
        (status, "") => format!("status {status}"),
        (status, scope) => format!("status {status}, scope {scope}"),
    };
    words.chars().filter(|c| !c.is_control()).take(MAX_WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_the_documents() {
        let token = SecretString::from("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==".to_owned());
        let said = |mechanism: Mechanism, user| {
            mechanism.initial(user, &token, "imap.example.test", 993).expose_secret().to_owned()
        };
        assert_eq!(
            said(Mechanism::OAuthBearer, "a,b=c@example.test"),
            "n,a=a=2Cb=3Dc@example.test,\x01host=imap.example.test\x01port=993\x01auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01"
        );
        assert_eq!(
            said(Mechanism::XOAuth2, "a,b=c@example.test"),
            "user=a,b=c@example.test\x01auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01"
        );
    }

    #[test]
    fn the_standard_is_chosen_where_both_are_offered() {
        let choose = |offered: &[&'static str]| Mechanism::choose(offered.iter().copied());
        assert_eq!(choose(&["PLAIN", "XOAUTH2", "OAUTHBEARER"]), Some(Mechanism::OAuthBearer));
        assert_eq!(choose(&["PLAIN", "XOAUTH2"]), Some(Mechanism::XOAuth2));
        assert_eq!(choose(&["PLAIN", "LOGIN"]), None);
    }

    #[test]
    fn errors_are_told_whatever_their_form() {
        assert_eq!(complaint(br#"{"status":"401","schemes":"bearer","scope":"mail"}"#), "status 401, scope mail");
        assert_eq!(complaint(br#"{"status":"invalid_token"}"#), "status invalid_token");
        assert_eq!(complaint(b"what\r\n?"), "what?");
    }
}
