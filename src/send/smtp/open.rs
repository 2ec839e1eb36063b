//! From a host name to a connection that takes mail: connect, greeting, TLS, EHLO, AUTH. One EHLO, and one more after STARTTLS: some
//! servers (OpenSMTPD before 7) refuse any other.

use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::abilities::Abilities;
use super::fault::{Fault, FaultKind, broken, refused};
use super::sasl::{Dialogue, Exchange, Mechanism, QUESTIONS, Secret};
use super::wire::{Duplex, Reply, Wire};
use crate::config::{Credential, Smtp, Tls};
use crate::oauth::claims::Claims;
use crate::oauth::{Cause, Tokens, advice};
use crate::tls;

/// A connection that is ready for `MAIL FROM`.
pub(super) struct Opened {
    pub(super) wire: Wire,
    /// The server's first words.
    pub(super) greeting: String,
    pub(super) abilities: Abilities,
}

/// How a login ended.
struct Login {
    reply: Reply,
    /// What the server has against an access token that it looked at (RFC 7628 §3.2.2).
    complaint: Option<String>,
    by_token: bool,
}

impl Login {
    fn in_words(self, place: &str) -> Result<(), Fault> {
        if self.reply.is_positive() {
            return Ok(());
        }
        // Postfix says 535 as well while Dovecot cannot ask the provider: only what was looked at is refused for good.
        let passes = self.by_token || (400..500).contains(&self.reply.code);
        let kind = if passes { FaultKind::LoginLater } else { FaultKind::Login };
        let advice = advice::mail_server(&self.reply.text()).map(|advice| format!("; {advice}")).unwrap_or_default();
        Err(Fault::new(kind, place, format!("the server answered the login with: {}{advice}", self.reply.text())))
    }
}

/// Opens connections to one server.
#[derive(Debug)]
pub(super) struct Opener {
    smtp: Smtp,
    /// `None` where no provider of access tokens is configured.
    tokens: Option<Tokens>,
    /// `host:port`, as errors name it.
    place: String,
    /// Made when first needed: reading certificates takes a while, and a broken CA file must be curable at run time.
    config: tokio::sync::OnceCell<Arc<ClientConfig>>,
}

impl Opener {
    pub(super) fn new(smtp: Smtp, tokens: Option<Tokens>) -> Self {
        let place = format!("{}:{}", smtp.host, smtp.port);
        Self { smtp, tokens, place, config: tokio::sync::OnceCell::new() }
    }

    /// Limit on every command.
    pub(super) fn limit(&self) -> Duration {
        self.smtp.timeout
    }

    /// Opens a connection and logs in. Every step is bounded by the time-out.
    pub(super) async fn open(&self) -> Result<Opened, Fault> {
        let tcp = self.within("connecting", TcpStream::connect((self.smtp.host.as_str(), self.smtp.port))).await?;
        // Small commands and the final dot must not wait for the acknowledgement of what went before (Nagle).
        tcp.set_nodelay(true).map_err(|error| self.unreachable("connecting", &error))?;
        let hello = match &self.smtp.hello {
            Some(name) => name.clone(),
            // RFC 5321 §4.1.3.
            None => match tcp.local_addr().map_err(|error| self.unreachable("connecting", &error))?.ip() {
                IpAddr::V4(ip) => format!("[{ip}]"),
                IpAddr::V6(ip) => format!("[IPv6:{ip}]"),
            },
        };
        match &self.smtp.tls {
            Tls::None => self.greeted(Wire::new(Box::new(tcp)), &hello).await,
            Tls::Implicit { .. } => self.greeted(Wire::new(Box::new(self.encrypt(tcp).await?)), &hello).await,
            Tls::StartTls { .. } => {
                let (greeting, tcp) = self.start_tls(Wire::new(tcp), &hello).await?;
                // TLS begins without a greeting.
                let mut opened = self.enter(Wire::new(Box::new(self.encrypt(tcp).await?)), &hello, greeting).await?;
                opened.abilities.starttls = true;
                Ok(opened)
            }
        }
    }

    /// The plain-text part of a connection that is to be upgraded (RFC 3207).
    async fn start_tls(&self, mut wire: Wire<TcpStream>, hello: &str) -> Result<(Reply, TcpStream), Fault> {
        let greeting = self.positive("the greeting", &mut wire, "").await?;
        let offered = self.positive("EHLO", &mut wire, &format!("EHLO {hello}\r\n")).await?;
        if !Abilities::read(&offered.lines).starttls {
            return Err(Fault::new(FaultKind::StartTls, &self.place, "the server does not offer STARTTLS"));
        }
        let answer = self.ask("STARTTLS", &mut wire, "STARTTLS\r\n").await?;
        if answer.code != 220 {
            let problem = format!("the server answered STARTTLS with: {}", answer.text());
            return Err(Fault::new(FaultKind::StartTls, &self.place, problem));
        }
        let tcp = wire.into_stream().ok_or_else(|| {
            let problem = "plain text follows the answer to STARTTLS: somebody may be meddling with the connection";
            Fault::new(FaultKind::StartTls, &self.place, problem)
        })?;
        Ok((greeting, tcp))
    }

    async fn encrypt(&self, tcp: TcpStream) -> Result<TlsStream<TcpStream>, Fault> {
        let name = ServerName::try_from(self.smtp.host.clone())
            .map_err(|_| Fault::new(FaultKind::Tls, &self.place, "`host` is no name that a certificate can have"))?;
        let config = self.config.get_or_try_init(|| self.trust()).await?;
        match timeout(self.limit(), TlsConnector::from(Arc::clone(config)).connect(name, tcp)).await {
            Ok(Ok(stream)) => Ok(stream),
            Ok(Err(error)) => Err(Fault::tls(&self.place, &error)),
            Err(_) => Err(self.silent("the TLS handshake")),
        }
    }

    async fn trust(&self) -> Result<Arc<ClientConfig>, Fault> {
        let (Tls::Implicit { ca_file } | Tls::StartTls { ca_file }) = self.smtp.tls.clone() else {
            return Err(Fault::new(FaultKind::Tls, &self.place, "TLS is not configured"));
        };
        let config = tokio::task::spawn_blocking(move || tls::client_config(ca_file.as_deref())).await;
        let config = config.map_err(anyhow::Error::from).and_then(|config| config);
        config.map_err(|error| Fault::new(FaultKind::Tls, &self.place, format!("{error:#}")))
    }

    async fn greeted(&self, mut wire: Wire, hello: &str) -> Result<Opened, Fault> {
        let greeting = self.positive("the greeting", &mut wire, "").await?;
        self.enter(wire, hello, greeting).await
    }

    /// EHLO and AUTH.
    async fn enter(&self, mut wire: Wire, hello: &str, greeting: Reply) -> Result<Opened, Fault> {
        let offered = self.positive("EHLO", &mut wire, &format!("EHLO {hello}\r\n")).await?;
        let abilities = Abilities::read(&offered.lines);
        match &self.smtp.login {
            Some((user, Credential::Password(password))) => {
                self.log_in(&mut wire, &abilities, user, Secret::Password(password)).await?.in_words(&self.place)?;
            }
            Some((user, Credential::OAuth(provider))) => self.by_token(&mut wire, &abilities, user, provider).await?,
            None => {}
        }
        Ok(Opened { wire, greeting: greeting.text(), abilities })
    }

    /// A token that the server looked at and refused is renewed once.
    async fn by_token(&self, wire: &mut Wire, abilities: &Abilities, user: &str, provider: &str) -> Result<(), Fault> {
        let missing = || Fault::new(FaultKind::Login, &self.place, format!("there is no [oauth.{provider}]"));
        let tokens = self.tokens.as_ref().ok_or_else(missing)?;
        for renewed in [false, true] {
            let token = tokens.access(provider, user).await.map_err(|fault| self.no_token(&fault))?;
            let secret = Secret::Token { token: &token, host: &self.smtp.host, port: self.smtp.port };
            let login = self.log_in(wire, abilities, user, secret).await?;
            let Some(complaint) = login.complaint.as_deref().filter(|_| !login.reply.is_positive()) else {
                return login.in_words(&self.place);
            };
            tokens.refused(provider, user, &token).await.map_err(|fault| self.no_token(&fault))?;
            if renewed {
                let claims = Claims::of(&token).words();
                let claims = if claims.is_empty() { String::new() } else { format!("; the token is {claims}") };
                let advice =
                    advice::mail_server(&login.reply.text()).map(|advice| format!("; {advice}")).unwrap_or_default();
                let problem = format!(
                    "the server refused the access token: {} ({complaint}){claims}{advice}",
                    login.reply.text()
                );
                return Err(Fault::new(FaultKind::Token, &self.place, problem));
            }
        }
        Ok(())
    }

    fn no_token(&self, fault: &crate::oauth::Fault) -> Fault {
        let kind = if fault.cause == Cause::Temporary { FaultKind::LoginLater } else { FaultKind::Token };
        Fault::new(kind, &self.place, format!("no access token: {}", fault.what))
    }

    async fn log_in(
        &self,
        wire: &mut Wire,
        abilities: &Abilities,
        user: &str,
        secret: Secret<'_>,
    ) -> Result<Login, Fault> {
        let Some(mechanism) = Mechanism::choose(&secret, &abilities.mechanisms) else {
            let offered = match abilities.mechanisms.join(" ") {
                none if none.is_empty() => "no login; perhaps only with TLS".to_owned(),
                some => format!("{some} only"),
            };
            let problem = format!("we can log in by {}, and the server offers {offered}", secret.mechanisms());
            return Err(Fault::new(FaultKind::Login, &self.place, problem));
        };
        let (mut dialogue, command) = Dialogue::begin(Exchange::new(mechanism, user, secret));
        let mut reply = self.ask("AUTH", wire, &command).await?;
        for _ in 0..QUESTIONS {
            if reply.code != 334 {
                break;
            }
            reply = self.ask("AUTH", wire, &dialogue.answer(&reply)).await?;
        }
        Ok(Login { reply, complaint: dialogue.complaint(), by_token: matches!(secret, Secret::Token { .. }) })
    }

    /// Sends `line` (when there is one) and expects a 2xx reply.
    async fn positive<S: Duplex>(&self, step: &str, wire: &mut Wire<S>, line: &str) -> Result<Reply, Fault> {
        let reply = self.ask(step, wire, line).await?;
        if reply.is_positive() { Ok(reply) } else { Err(refused(&self.place, step, &reply)) }
    }

    async fn ask<S: Duplex>(&self, step: &str, wire: &mut Wire<S>, line: &str) -> Result<Reply, Fault> {
        self.within(step, wire.ask(line.as_bytes())).await
    }

    async fn within<T>(&self, step: &str, work: impl Future<Output = std::io::Result<T>>) -> Result<T, Fault> {
        match timeout(self.limit(), work).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(self.unreachable(step, &error)),
            Err(_) => Err(self.silent(step)),
        }
    }

    fn unreachable(&self, step: &str, error: &std::io::Error) -> Fault {
        broken(&self.place, step, error)
    }

    fn silent(&self, step: &str) -> Fault {
        let problem = format!("no answer within {:?} at {step}", self.limit());
        Fault::new(FaultKind::Unreachable, &self.place, problem)
    }
}
