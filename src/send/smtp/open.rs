//! From a host name to a connection that takes mail: connect, greeting, TLS, EHLO, AUTH.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::commands::Ehlo;
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use secrecy::ExposeSecret;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::fault::{Fault, FaultKind, broken, refused, reply_in};
use super::wire::{Reply, Wire};
use crate::config::{Smtp, Tls};
use crate::tls;

/// A connection that is ready for `MAIL FROM`.
pub(super) struct Opened {
    pub(super) connection: AsyncSmtpConnection,
    /// The server's first words.
    pub(super) greeting: String,
    pub(super) abilities: Abilities,
}

/// What the server announced in its last EHLO reply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Abilities {
    /// RFC 2920.
    pub(super) pipelining: bool,
    /// RFC 6152.
    pub(super) eight_bit: bool,
    /// RFC 6531.
    pub(super) utf8: bool,
    /// RFC 3207; also true when the connection was upgraded by it.
    pub(super) starttls: bool,
    /// RFC 1870: announced, and the largest mail in octets unless the server leaves that open (0 or nothing).
    pub(super) size: Option<Option<u64>>,
    /// RFC 4954: SASL mechanisms.
    pub(super) mechanisms: Vec<String>,
}

impl Abilities {
    fn read<'a>(lines: impl Iterator<Item = &'a str>) -> Self {
        let mut abilities = Self::default();
        // The first line is the server's name.
        for line in lines.skip(1) {
            let line = line.to_ascii_uppercase();
            // Some old servers write AUTH=LOGIN besides or instead of AUTH LOGIN.
            let mut words = line.split([' ', '=']).filter(|word| !word.is_empty());
            match words.next() {
                Some("PIPELINING") => abilities.pipelining = true,
                Some("8BITMIME") => abilities.eight_bit = true,
                Some("SMTPUTF8") => abilities.utf8 = true,
                Some("STARTTLS") => abilities.starttls = true,
                Some("SIZE") => {
                    let limit = words.next().and_then(|octets| octets.parse().ok());
                    abilities.size = Some(limit.filter(|octets| *octets > 0));
                }
                Some("AUTH") => abilities.mechanisms.extend(words.map(str::to_owned)),
                _ => {}
            }
        }
        abilities.mechanisms.sort_unstable();
        abilities.mechanisms.dedup();
        abilities
    }
}

/// Opens connections to one server.
#[derive(Debug)]
pub(super) struct Opener {
    smtp: Smtp,
    /// `host:port`, as errors name it.
    place: String,
    /// Made when first needed: reading certificates takes a while, and a broken CA file must be curable at run time.
    config: tokio::sync::OnceCell<Arc<ClientConfig>>,
}

impl Opener {
    pub(super) fn new(smtp: Smtp) -> Self {
        let place = format!("{}:{}", smtp.host, smtp.port);
        Self { smtp, place, config: tokio::sync::OnceCell::new() }
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
        let peer = tcp.peer_addr().map_err(|error| self.unreachable("connecting", &error))?;
        let hello = match &self.smtp.hello {
            Some(name) => ClientId::Domain(name.clone()),
            None => match tcp.local_addr().map_err(|error| self.unreachable("connecting", &error))?.ip() {
                std::net::IpAddr::V4(ip) => ClientId::Ipv4(ip),
                std::net::IpAddr::V6(ip) => ClientId::Ipv6(ip),
            },
        };
        match &self.smtp.tls {
            Tls::None => self.enter(Wire::new(tcp, peer), &hello, None).await,
            Tls::Implicit { .. } => {
                let wire = Wire::new(self.encrypt(tcp).await?, peer);
                self.enter(wire, &hello, None).await
            }
            Tls::StartTls { .. } => {
                let (greeting, tcp) = self.start_tls(Wire::new(tcp, peer), &hello).await?;
                let mut wire = Wire::new(self.encrypt(tcp).await?, peer);
                // The client expects a greeting; TLS begins without one.
                wire.put_back(&greeting);
                self.enter(wire, &hello, Some(greeting)).await
            }
        }
    }

    /// The plain-text part of a connection that is to be upgraded (RFC 3207).
    async fn start_tls(&self, mut wire: Wire<TcpStream>, hello: &ClientId) -> Result<(Reply, TcpStream), Fault> {
        let greeting = self.positive("the greeting", &mut wire, "").await?;
        let offered = self.positive("EHLO", &mut wire, &format!("EHLO {hello}\r\n")).await?;
        if !Abilities::read(offered.lines.iter().map(String::as_str)).starttls {
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

    async fn encrypt(&self, tcp: TcpStream) -> Result<tokio_rustls::client::TlsStream<TcpStream>, Fault> {
        let name = ServerName::try_from(self.smtp.host.clone())
            .map_err(|_| Fault::new(FaultKind::Tls, &self.place, "`host` is no name that a certificate can have"))?;
        let config = self.config.get_or_try_init(|| self.trust()).await?;
        match timeout(self.limit(), TlsConnector::from(Arc::clone(config)).connect(name, tcp)).await {
            Ok(Ok(stream)) => Ok(stream),
            Ok(Err(error)) => Err(Fault::new(FaultKind::Tls, &self.place, format!("TLS failed: {error}"))),
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

    /// Greeting (unless it was said already), EHLO, AUTH.
    async fn enter<S>(&self, mut wire: Wire<S>, hello: &ClientId, greeting: Option<Reply>) -> Result<Opened, Fault>
    where
        S: AsyncRead + AsyncWrite + Send + Sync + Unpin + std::fmt::Debug + 'static,
        Wire<S>: AsyncTokioStream,
    {
        let greeting = match greeting {
            Some(greeting) => greeting,
            None => {
                let greeting = self.positive("the greeting", &mut wire, "").await?;
                wire.put_back(&greeting);
                greeting
            }
        };
        let client = AsyncSmtpConnection::connect_with_transport(Box::new(wire), hello);
        let mut connection = self.client("EHLO", client).await?;
        // The client keeps only some of the announcements to itself.
        let announced: Response = self.client("EHLO", connection.command(Ehlo::new(hello.clone()))).await?;
        let mut abilities = Abilities::read(announced.message());
        abilities.starttls |= matches!(self.smtp.tls, Tls::StartTls { .. });
        if let Some((user, password)) = &self.smtp.login {
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            self.log_in(&mut connection, &credentials, &abilities).await?;
        }
        Ok(Opened { connection, greeting: greeting.text(), abilities })
    }

    async fn log_in(
        &self,
        connection: &mut AsyncSmtpConnection,
        credentials: &Credentials,
        abilities: &Abilities,
    ) -> Result<(), Fault> {
        if connection.server_info().get_auth_mechanism(DEFAULT_MECHANISMS).is_none() {
            let offered = match abilities.mechanisms.join(" ") {
                none if none.is_empty() => "no login; perhaps only with TLS".to_owned(),
                some => format!("{some} only"),
            };
            let problem = format!("we can log in by PLAIN or LOGIN, and the server offers {offered}");
            return Err(Fault::new(FaultKind::Login, &self.place, problem));
        }
        match timeout(self.limit(), connection.auth(DEFAULT_MECHANISMS, credentials)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(match reply_in(&error) {
                Some(reply) => {
                    let kind = if reply.code >= 500 { FaultKind::Login } else { FaultKind::LoginLater };
                    Fault::new(kind, &self.place, format!("the server answered the login with: {}", reply.text()))
                }
                None => {
                    Fault::new(FaultKind::Unreachable, &self.place, format!("the connection failed at AUTH: {error}"))
                }
            }),
            Err(_) => Err(self.silent("AUTH")),
        }
    }

    /// Sends `line` (when there is one) and expects a 2xx reply.
    async fn positive<S>(&self, step: &str, wire: &mut Wire<S>, line: &str) -> Result<Reply, Fault>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let reply = self.ask(step, wire, line).await?;
        if (200..300).contains(&reply.code) { Ok(reply) } else { Err(refused(&self.place, step, &reply)) }
    }

    async fn ask<S>(&self, step: &str, wire: &mut Wire<S>, line: &str) -> Result<Reply, Fault>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        self.within(step, async {
            wire.write_all(line.as_bytes()).await?;
            wire.flush().await?;
            wire.reply().await
        })
        .await
    }

    async fn client<T>(
        &self,
        step: &str,
        work: impl Future<Output = Result<T, lettre::transport::smtp::Error>>,
    ) -> Result<T, Fault> {
        match timeout(self.limit(), work).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(match reply_in(&error) {
                Some(reply) => refused(&self.place, step, &reply),
                None => {
                    Fault::new(FaultKind::Unreachable, &self.place, format!("the connection failed at {step}: {error}"))
                }
            }),
            Err(_) => Err(self.silent(step)),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn announcements_are_read_whatever_their_form() {
        let lines =
            ["mail.example.test at your service", "pipelining", "SIZE 26214400", "AUTH=LOGIN PLAIN", "AUTH PLAIN X"];
        let abilities = Abilities::read(lines.into_iter());
        assert!(abilities.pipelining && !abilities.eight_bit && !abilities.starttls);
        assert_eq!(abilities.size, Some(Some(26_214_400)));
        assert_eq!(abilities.mechanisms, ["LOGIN", "PLAIN", "X"]);
        assert_eq!(Abilities::read(["x", "SIZE"].into_iter()).size, Some(None));
        assert_eq!(Abilities::read(["x", "SIZE 0"].into_iter()).size, Some(None));
        assert_eq!(Abilities::read(["SIZE 1", " ", "", "SIZE x"].into_iter()).size, Some(None));
    }
}
