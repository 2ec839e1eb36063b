//! Signing in: by user and password, or by an access token.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_imap::error::Error;
use async_imap::imap_proto::{Capability, Response};
use async_imap::types::UnsolicitedResponse;
use async_imap::{Authenticator, Client, Session};
use data_encoding::BASE64;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::timeout;

use super::error::{Command, ImapError, Refusal, failed, words};
use super::wire::Io;
use crate::config::{Credential, Imap, ImapAuth};
use crate::oauth::claims::Claims;
use crate::oauth::sasl::{Mechanism, complaint};
use crate::oauth::{Tokens, advice};

/// The longest wait for the end of a sign-in by token. After 30 s Dovecot 2.3 says `* OK Waiting …`, and the library hears
/// nothing that comes after such a line; and 15 s are usual after somebody else's refused token.
const TOKEN_LIMIT: Duration = Duration::from_secs(28);

type SignedIn = Result<Session<Io>, ImapError>;

/// From a greeted connection to a session.
pub(super) async fn sign_in(imap: &Imap, tokens: Option<&Tokens>, client: Client<Io>) -> SignedIn {
    match &imap.credential {
        Credential::Password(password) => by_password(imap, password.expose_secret(), client).await,
        Credential::OAuth(provider) => {
            let tokens = tokens.ok_or_else(|| ImapError::NoToken(format!("there is no [oauth.{provider}]")))?;
            by_token(imap, tokens, provider, client).await
        }
    }
}

async fn by_password(imap: &Imap, password: &str, client: Client<Io>) -> SignedIn {
    // A quoted string is ASCII (RFC 3501 §4.3); PLAIN carries anything (RFC 4616).
    let plain = imap.mechanism == ImapAuth::Plain || !imap.user.is_ascii() || !password.is_ascii();
    let (command, attempt): (Command, _) = if plain {
        let secret = Plain(format!("\0{}\0{password}", imap.user));
        ("AUTHENTICATE", timeout(imap.timeout, client.authenticate("PLAIN", secret)).await)
    } else {
        ("LOGIN", timeout(imap.timeout, client.login(&imap.user, password)).await)
    };
    match attempt {
        Ok(Ok(session)) => Ok(session),
        Ok(Err((Error::No(text) | Error::Bad(text), _))) => {
            let text = server_text(&text);
            Err(ImapError::Login { code: Refusal::read(&text), text })
        }
        Ok(Err((error, _))) => Err(failed(command, &error)),
        Err(_) => Err(ImapError::Timeout { command, limit: imap.timeout, hint: "" }),
    }
}

/// A token that the server looked at and refused is renewed once.
async fn by_token(imap: &Imap, tokens: &Tokens, provider: &str, mut client: Client<Io>) -> SignedIn {
    let offered = offered(imap, &mut client).await?;
    let mechanism = Mechanism::choose(offered.mechanisms.iter().map(String::as_str)).ok_or_else(|| {
        let known = offered.mechanisms.join(" ");
        let text =
            format!("the server takes no access tokens, only {}", if known.is_empty() { "passwords" } else { &known });
        ImapError::Login { code: Refusal::Other, text }
    })?;
    let mut renewed = false;
    loop {
        let token = tokens.access(provider, &imap.user).await.map_err(|fault| ImapError::NoToken(fault.what))?;
        let (refusal, asked) = match said(imap, mechanism, &token, offered.initial, client).await? {
            Said::SignedIn(session) => return Ok(*session),
            Said::Refused { text, complaint, client: asked } => ((text, complaint), asked),
        };
        let (text, Some(complaint)) = refusal else { return Err(not_looked_at(refusal.0)) };
        let noted = tokens.refused(provider, &imap.user, &token).await;
        noted.map_err(|fault| ImapError::NoToken(fault.what))?;
        if renewed {
            return Err(refused(&text, &complaint, &token));
        }
        renewed = true;
        client = *asked;
    }
}

/// A refusal without the error that RFC 7628 §3.2.2 has: the server could not look at the token, or it is about the account.
fn not_looked_at(text: String) -> ImapError {
    let code = Refusal::read(&text);
    let advice = advice::mail_server(&text).map(|advice| format!("; {advice}")).unwrap_or_default();
    ImapError::Login { code, text: format!("{text}{advice}") }
}

fn refused(text: &str, complaint: &str, token: &SecretString) -> ImapError {
    let claims = Claims::of(token).words();
    let claims = if claims.is_empty() { String::new() } else { format!("; the token is {claims}") };
    let advice = advice::mail_server(text).unwrap_or("check `user`, and what the token allows: caseway oauth status");
    ImapError::Token { text: format!("{text} ({complaint}){claims}; {advice}") }
}

/// What a server offers before anybody signed in.
struct Offered {
    mechanisms: Vec<String>,
    /// RFC 4959: the first words may go with the command.
    initial: bool,
}

/// Untagged answers to CAPABILITY that are kept.
const MAX_UNTAGGED: usize = 10;

async fn offered(imap: &Imap, client: &mut Client<Io>) -> Result<Offered, ImapError> {
    const COMMAND: Command = "CAPABILITY";
    // The library hands on what came before the tagged answer.
    let (told, heard) = async_channel::bounded(MAX_UNTAGGED);
    let asked = async {
        client.run_command_and_check_ok(COMMAND, Some(told)).await.map_err(|error| failed(COMMAND, &error))?;
        let mut offered = Offered { mechanisms: Vec::new(), initial: false };
        while let Ok(response) = heard.try_recv() {
            if let UnsolicitedResponse::Other(response) = response
                && let Response::Capabilities(list) = response.parsed()
            {
                offered.read(list);
            }
        }
        Ok(offered)
    };
    let silent = || Err(ImapError::Timeout { command: COMMAND, limit: imap.timeout, hint: "" });
    timeout(imap.timeout, asked).await.unwrap_or_else(|_| silent())
}

impl Offered {
    fn read(&mut self, list: &[Capability<'_>]) {
        for capability in list {
            match capability {
                Capability::Auth(name) => self.mechanisms.push(name.to_ascii_uppercase()),
                Capability::Atom(name) => self.initial |= name.eq_ignore_ascii_case("SASL-IR"),
                Capability::Imap4rev1 => {}
            }
        }
    }
}

/// How one attempt ended, where the connection lives.
enum Said {
    SignedIn(Box<Session<Io>>),
    Refused { text: String, complaint: Option<String>, client: Box<Client<Io>> },
}

async fn said(
    imap: &Imap,
    mechanism: Mechanism,
    token: &SecretString,
    initial: bool,
    client: Client<Io>,
) -> Result<Said, ImapError> {
    const COMMAND: Command = "AUTHENTICATE";
    let words = mechanism.initial(&imap.user, token, &imap.host, imap.port);
    let complained = Arc::default();
    // The library writes the mechanism as it is given: the first words go behind it.
    let (command, unsaid) = match initial {
        true => (format!("{} {}", mechanism.name(), BASE64.encode(words.expose_secret().as_bytes())), None),
        false => (mechanism.name().to_owned(), Some(words)),
    };
    let answers = Answers { mechanism, unsaid, complained: Arc::clone(&complained) };
    let limit = imap.timeout.min(TOKEN_LIMIT);
    match timeout(limit, client.authenticate(command, answers)).await {
        Ok(Ok(session)) => Ok(Said::SignedIn(Box::new(session))),
        Ok(Err((Error::No(text) | Error::Bad(text), client))) => {
            let complaint = complained.lock().unwrap_or_else(PoisonError::into_inner).take();
            Ok(Said::Refused { text: server_text(&text), complaint, client: Box::new(client) })
        }
        Ok(Err((error, _))) => Err(too_long(token, failed(COMMAND, &error))),
        Err(_) => {
            Err(ImapError::Timeout { command: COMMAND, limit, hint: "; the server may be unable to ask its provider" })
        }
    }
}

/// Octets of a token that any server takes; Dovecot 2.3 hangs up on about 6,100.
const LONG_TOKEN: usize = 6_000;

/// A server that hangs up on a long token says nothing else.
fn too_long(token: &SecretString, error: ImapError) -> ImapError {
    match (token.expose_secret().len(), error) {
        (length @ LONG_TOKEN.., ImapError::Lost { command, reason }) => ImapError::Lost {
            command,
            reason: format!("{reason}; a token of {length} octets may be too long for this server"),
        },
        (_, error) => error,
    }
}

/// The library wraps the server's words as `code: …, info: Some("…")`.
pub(super) fn server_text(wrapped: &str) -> String {
    let inner = wrapped.split_once("info: Some(\"").and_then(|(_, rest)| rest.rsplit_once("\")"));
    words(inner.map_or(wrapped, |(text, _)| text))
}

struct Plain(String);

impl Authenticator for Plain {
    type Response = String;
    fn process(&mut self, _challenge: &[u8]) -> String {
        std::mem::take(&mut self.0)
    }
}

/// Says the token when asked, then keeps what the server has against it.
struct Answers {
    mechanism: Mechanism,
    unsaid: Option<SecretString>,
    complained: Arc<Mutex<Option<String>>>,
}

impl Authenticator for Answers {
    type Response = String;
    fn process(&mut self, challenge: &[u8]) -> String {
        if let Some(words) = self.unsaid.take() {
            return words.expose_secret().to_owned();
        }
        let told = complaint(challenge);
        *self.complained.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
        self.mechanism.after_error().to_owned()
    }
}
