//! Mails to an SMTP server (RFC 5321), over connections that are kept for many mails.

mod abilities;
mod body;
mod envelope;
mod fault;
mod open;
mod probe;
mod sasl;
mod session;
mod wire;

use std::sync::Arc;
use std::time::Duration;

pub use fault::{Fault, FaultKind};
pub use probe::{ProbeReport, probe};

use self::open::Opener;
use self::session::{Sent, Session};
use super::Resend;
use super::ending::Ending;
use crate::config::Smtp;
use crate::store::outbox::Claimed;

/// Servers limit the mails of one connection (100 is a common limit) by cutting it; leaving before is politer.
const MAILS_A_CONNECTION: u32 = 100;
/// An idle connection is closed before servers do (RFC 5321 §4.5.3.2.7 grants five minutes, many servers one).
pub(super) const IDLE: Duration = Duration::from_secs(20);

/// What the couriers of one transport share.
#[derive(Debug, Clone)]
pub(super) struct Server(Arc<Opener>);

impl Server {
    pub(super) fn new(smtp: &Smtp) -> Self {
        Self(Arc::new(Opener::new(smtp.clone())))
    }
}

/// Carries mails one after the other over a connection of its own.
pub(super) struct Courier {
    server: Server,
    session: Option<Session>,
}

impl Courier {
    pub(super) fn new(server: Server) -> Self {
        Self { server, session: None }
    }

    /// Offers one mail to the server, over the connection at hand or a new one.
    pub(super) async fn deliver(&mut self, mail: &Claimed, resend: Option<Resend<'_>>) -> Ending {
        if let Some(session) = self.session.take()
            && let Sent::Ended(ending) = self.offer(session, mail, resend).await
        {
            return ending;
        }
        let opener = &self.server.0;
        match opener.open().await {
            Ok(opened) => match self.offer(Session::new(opened, opener.limit()), mail, resend).await {
                Sent::Ended(ending) => ending,
                // A new connection is never stale.
                Sent::Stale => Ending::HandedBack,
            },
            Err(fault) => fault.into_ending(),
        }
    }

    async fn offer(&mut self, mut session: Session, mail: &Claimed, resend: Option<Resend<'_>>) -> Sent {
        let sent = session.send(mail, resend).await;
        if session.usable() {
            if session.mails() < MAILS_A_CONNECTION {
                self.session = Some(session);
            } else {
                session.quit().await;
            }
        }
        sent
    }

    /// Closes the connection when there is nothing to carry.
    pub(super) async fn rest(&mut self) {
        if let Some(session) = self.session.take() {
            session.quit().await;
        }
    }
}
