//! Who we are, as SASL says it (RFC 4422), and the `AUTH` command that carries it (RFC 4954).

use data_encoding::BASE64;
use secrecy::{ExposeSecret, SecretString};

use super::wire::Reply;
use crate::oauth::sasl::{self, complaint};

/// A command line with its CRLF (RFC 5321 §4.5.3.1.4, RFC 4954 §4). Postfix cuts an `AUTH` line at 2,048 octets and calls what
/// is left bad base64; an answer on a line of its own may be longer.
const COMMAND_LINE: usize = 512;
/// Questions that a server may ask in one exchange; LOGIN has two.
pub(super) const QUESTIONS: u32 = 8;

/// A way to prove who we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mechanism {
    /// RFC 4616.
    Plain,
    /// Never standardised; draft-murchison-sasl-login. Some servers know nothing else.
    Login,
    /// An access token.
    Token(sasl::Mechanism),
}

/// What proves us.
#[derive(Debug, Clone, Copy)]
pub(super) enum Secret<'a> {
    /// A password.
    Password(&'a SecretString),
    /// An access token, and where it is said.
    Token { token: &'a SecretString, host: &'a str, port: u16 },
}

impl Secret<'_> {
    /// The mechanisms that say it, for a person.
    pub(super) fn mechanisms(&self) -> &'static str {
        match self {
            Self::Password(_) => "PLAIN or LOGIN",
            Self::Token { .. } => "OAUTHBEARER or XOAUTH2",
        }
    }
}

impl Mechanism {
    /// The best of those that the server announced in its reply to EHLO (in capitals).
    pub(super) fn choose(secret: &Secret<'_>, announced: &[String]) -> Option<Self> {
        match secret {
            Secret::Password(_) => {
                let known = [Self::Plain, Self::Login];
                known.into_iter().find(|mechanism| announced.iter().any(|name| name == mechanism.name()))
            }
            Secret::Token { .. } => sasl::Mechanism::choose(announced.iter().map(String::as_str)).map(Self::Token),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::Login => "LOGIN",
            Self::Token(mechanism) => mechanism.name(),
        }
    }
}

/// One attempt to log in.
pub(super) struct Exchange<'a> {
    mechanism: Mechanism,
    user: &'a str,
    secret: Secret<'a>,
    /// What the server has against a token.
    complaint: Option<String>,
    /// Questions answered so far.
    answered: u32,
}

impl<'a> Exchange<'a> {
    pub(super) fn new(mechanism: Mechanism, user: &'a str, secret: Secret<'a>) -> Self {
        Self { mechanism, user, secret, complaint: None, answered: 0 }
    }

    /// What is said without a question; `None` where the server speaks first.
    fn initial(&self) -> Option<Vec<u8>> {
        match (self.mechanism, self.secret) {
            (Mechanism::Plain, Secret::Password(password)) => {
                Some(format!("\0{}\0{}", self.user, password.expose_secret()).into_bytes())
            }
            (Mechanism::Token(mechanism), Secret::Token { token, host, port }) => {
                Some(mechanism.initial(self.user, token, host, port).expose_secret().as_bytes().to_vec())
            }
            (Mechanism::Plain | Mechanism::Login | Mechanism::Token(_), _) => None,
        }
    }

    /// The answer to a question; `None` where the mechanism knows no such question. LOGIN's are told apart by their order:
    /// their words differ from server to server.
    fn answer(&mut self, challenge: &[u8]) -> Option<Vec<u8>> {
        self.answered += 1;
        match (self.mechanism, self.secret, self.answered) {
            (Mechanism::Login, _, 1) => Some(self.user.as_bytes().to_vec()),
            (Mechanism::Login, Secret::Password(password), 2) => Some(password.expose_secret().as_bytes().to_vec()),
            // Not a question: the reason of a refusal, which comes after our answer.
            (Mechanism::Token(mechanism), _, 1) => {
                self.complaint = Some(complaint(challenge));
                Some(mechanism.after_error().as_bytes().to_vec())
            }
            (Mechanism::Login | Mechanism::Plain | Mechanism::Token(_), ..) => None,
        }
    }
}

/// The dialogue of one exchange, line by line: what to say, given what was asked.
pub(super) struct Dialogue<'a> {
    exchange: Exchange<'a>,
    /// What goes without a question, and was too long to go with the command.
    unsaid: Option<Vec<u8>>,
}

impl<'a> Dialogue<'a> {
    /// The dialogue, and the command that begins it.
    pub(super) fn begin(exchange: Exchange<'a>) -> (Self, String) {
        let command = format!("AUTH {}", exchange.mechanism.name());
        let initial = exchange.initial();
        let line = initial.as_deref().map(|said| format!("{command} {}\r\n", BASE64.encode(said)));
        match line.filter(|line| line.len() <= COMMAND_LINE) {
            Some(line) => (Self { exchange, unsaid: None }, line),
            // The server asks an empty question then.
            None => (Self { exchange, unsaid: initial }, format!("{command}\r\n")),
        }
    }

    /// What the server has against a token, where it said so.
    pub(super) fn complaint(self) -> Option<String> {
        self.exchange.complaint
    }

    /// The line that answers `334 <question>`. A lone asterisk cancels (RFC 4954 §4), and the server says 501.
    pub(super) fn answer(&mut self, question: &Reply) -> String {
        let text = question.lines.first().map_or("", |text| text.trim());
        // Some servers ask LOGIN's questions in clear.
        let challenge = BASE64.decode(text.as_bytes()).unwrap_or_else(|_| text.as_bytes().to_vec());
        let answer = self.unsaid.take().or_else(|| self.exchange.answer(&challenge));
        answer.map_or_else(|| "*\r\n".to_owned(), |answer| format!("{}\r\n", BASE64.encode(&answer)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn announced(names: &[&str]) -> Option<Mechanism> {
        Mechanism::choose(
            &Secret::Password(&SecretString::default()),
            &names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(),
        )
    }
    fn asked(question: &str) -> Reply {
        Reply { code: 334, lines: vec![question.to_owned()] }
    }

    #[test]
    fn the_better_mechanism_is_chosen() {
        assert_eq!(announced(&["CRAM-MD5", "LOGIN", "PLAIN"]), Some(Mechanism::Plain));
        assert_eq!(announced(&["LOGIN", "XOAUTH2"]), Some(Mechanism::Login));
        assert_eq!(announced(&["CRAM-MD5"]), None);
    }

    #[test]
    fn a_long_secret_waits_for_its_question() {
        let password = SecretString::from("x".repeat(400));
        let (mut dialogue, line) =
            Dialogue::begin(Exchange::new(Mechanism::Plain, "support@example.test", Secret::Password(&password)));
        assert_eq!(line, "AUTH PLAIN\r\n");
        let said = dialogue.answer(&asked(""));
        assert_eq!(BASE64.decode(said.trim_end().as_bytes()).unwrap().len(), 422);
        assert_eq!(dialogue.answer(&asked("")), "*\r\n", "PLAIN has no second question");
    }

    #[test]
    fn questions_are_answered_whatever_their_words() {
        let password = SecretString::from("word");
        for questions in [["VXNlcm5hbWU6", "UGFzc3dvcmQ6"], ["Username:", "Password:"], ["", ""]] {
            let (mut dialogue, line) =
                Dialogue::begin(Exchange::new(Mechanism::Login, "user", Secret::Password(&password)));
            assert_eq!(line, "AUTH LOGIN\r\n");
            assert_eq!(questions.map(|question| dialogue.answer(&asked(question))), ["dXNlcg==\r\n", "d29yZA==\r\n"]);
            assert_eq!(dialogue.answer(&asked("more")), "*\r\n");
        }
    }

    #[test]
    fn a_refused_token_is_answered_and_its_reason_kept() {
        let token = SecretString::from("t".repeat(1500));
        let secret = Secret::Token { token: &token, host: "smtp.example.test", port: 587 };
        let names = ["PLAIN".to_owned(), "XOAUTH2".to_owned()];
        let mechanism = Mechanism::choose(&secret, &names).unwrap();
        let (mut dialogue, line) = Dialogue::begin(Exchange::new(mechanism, "support@example.test", secret));
        assert_eq!(line, "AUTH XOAUTH2\r\n", "too long to go with the command");
        assert!(
            BASE64.decode(dialogue.answer(&asked("")).trim_end().as_bytes()).unwrap().starts_with(b"user=support@")
        );
        let reason = BASE64.encode(br#"{"status":"401","schemes":"bearer","scope":"mail"}"#);
        assert_eq!(dialogue.answer(&asked(&reason)), "\r\n");
        assert_eq!(dialogue.complaint().as_deref(), Some("status 401, scope mail"));
    }
}
