//! Who we are, as SASL says it (RFC 4422), and the `AUTH` command that carries it (RFC 4954).

use data_encoding::BASE64;
use secrecy::{ExposeSecret, SecretString};

use super::wire::Reply;

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
}

impl Mechanism {
    /// The best of those that the server announced in its reply to EHLO (in capitals).
    pub(super) fn choose(announced: &[String]) -> Option<Self> {
        [Self::Plain, Self::Login].into_iter().find(|mechanism| announced.iter().any(|name| name == mechanism.name()))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::Login => "LOGIN",
        }
    }
}

/// One attempt to log in.
pub(super) struct Exchange<'a> {
    mechanism: Mechanism,
    user: &'a str,
    password: &'a SecretString,
    /// Questions answered so far.
    answered: u32,
}

impl<'a> Exchange<'a> {
    pub(super) fn new(mechanism: Mechanism, user: &'a str, password: &'a SecretString) -> Self {
        Self { mechanism, user, password, answered: 0 }
    }

    /// What is said without a question; `None` where the server speaks first.
    fn initial(&self) -> Option<Vec<u8>> {
        match self.mechanism {
            Mechanism::Plain => Some(format!("\0{}\0{}", self.user, self.password.expose_secret()).into_bytes()),
            Mechanism::Login => None,
        }
    }

    /// The answer to a question; `None` where the mechanism knows no such question. LOGIN's are told apart by their order:
    /// their words differ from server to server.
    fn answer(&mut self, _challenge: &[u8]) -> Option<Vec<u8>> {
        self.answered += 1;
        match (self.mechanism, self.answered) {
            (Mechanism::Login, 1) => Some(self.user.as_bytes().to_vec()),
            (Mechanism::Login, 2) => Some(self.password.expose_secret().as_bytes().to_vec()),
            (Mechanism::Login | Mechanism::Plain, _) => None,
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
        Mechanism::choose(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
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
        let (mut dialogue, line) = Dialogue::begin(Exchange::new(Mechanism::Plain, "support@example.test", &password));
        assert_eq!(line, "AUTH PLAIN\r\n");
        let said = dialogue.answer(&asked(""));
        assert_eq!(BASE64.decode(said.trim_end().as_bytes()).unwrap().len(), 422);
        assert_eq!(dialogue.answer(&asked("")), "*\r\n", "PLAIN has no second question");
    }

    #[test]
    fn questions_are_answered_whatever_their_words() {
        let password = SecretString::from("word");
        for questions in [["VXNlcm5hbWU6", "UGFzc3dvcmQ6"], ["Username:", "Password:"], ["", ""]] {
            let (mut dialogue, line) = Dialogue::begin(Exchange::new(Mechanism::Login, "user", &password));
            assert_eq!(line, "AUTH LOGIN\r\n");
            assert_eq!(questions.map(|question| dialogue.answer(&asked(question))), ["dXNlcg==\r\n", "d29yZA==\r\n"]);
            assert_eq!(dialogue.answer(&asked("more")), "*\r\n");
        }
    }
}
