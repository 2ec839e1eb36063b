//! Mails to an SMTP server (RFC 5321), over connections that are kept for many mails.

mod abilities;
mod body;
mod envelope;
mod fault;
mod open;
mod probe;
mod sasl;
mod seats;
mod session;
mod wire;

use std::sync::Arc;
use std::time::Duration;

pub use fault::{Fault, FaultKind};
pub use probe::{ProbeReport, probe};

use self::open::Opener;
use self::seats::{Presence, Seat, Seats};
use self::session::{Sent, Session};
use super::ending::{Ending, Throttle};
use super::resend::Resend;
use crate::config::Smtp;
use crate::oauth::Tokens;
use crate::store::outbox::Claimed;

/// Servers limit the mails of one connection (100 is a common limit) by cutting it; leaving before is politer.
const MAILS_A_CONNECTION: u32 = 100;
/// An idle connection is closed before servers do (RFC 5321 §4.5.3.2.7 grants five minutes, many servers one).
pub(super) const IDLE: Duration = Duration::from_secs(20);

/// What the couriers of one transport share.
#[derive(Debug, Clone)]
pub(super) struct Server {
    opener: Arc<Opener>,
    seats: Arc<Seats>,
}

impl Server {
    pub(super) fn new(smtp: &Smtp, tokens: Option<&Tokens>) -> Self {
        let seats = Seats::new(smtp.connections.max(1) as usize);
        Self { opener: Arc::new(Opener::new(smtp.clone(), tokens.cloned())), seats: Arc::new(seats) }
    }
}

/// Carries mails one after the other over a connection of its own.
pub(super) struct Courier {
    server: Server,
    seat: Option<Seat>,
    session: Option<Held>,
}

/// A connection, and that it is counted.
struct Held {
    session: Session,
    presence: Presence,
}

impl Courier {
    pub(super) fn new(server: Server) -> Self {
        Self { server, seat: None, session: None }
    }

    /// Waits until the server has room for a connection of this courier.
    pub(super) async fn ready(&mut self) {
        if self.seat.is_none() {
            self.seat = Some(self.server.seats.take().await);
        }
    }

    /// Offers one mail to the server, over the connection at hand or a new one.
    pub(super) async fn deliver(&mut self, mail: &Claimed, resend: Option<Resend<'_>>) -> Ending {
        if let Some(held) = self.session.take()
            && let Sent::Ended(ending) = self.offer(held, mail, resend).await
        {
            return ending;
        }
        let opener = &self.server.opener;
        let opening = self.server.seats.begin();
        match opener.open().await {
            Ok(opened) => {
                let held = Held { session: Session::new(opened, opener.limit()), presence: opening.done() };
                match self.offer(held, mail, resend).await {
                    Sent::Ended(ending) => ending,
                    // A new connection is never stale.
                    Sent::Stale => Ending::HandedBack,
                }
            }
            Err(fault) => {
                drop(opening);
                let is_full = matches!(fault.kind, FaultKind::Busy | FaultKind::LoginLater);
                match self.give_way(is_full).await {
                    Some(connections) => Ending::Crowded { error: fault.to_string(), connections },
                    None => fault.into_ending(),
                }
            }
        }
    }

    async fn offer(&mut self, held: Held, mail: &Claimed, resend: Option<Resend<'_>>) -> Sent {
        let Held { mut session, presence } = held;
        let sent = session.send(mail, resend).await;
        if let Sent::Ended(Ending::Deferred { error, throttle: Throttle::Connections }) = sent {
            session.quit().await;
            drop(presence);
            return Sent::Ended(match self.give_way(true).await {
                Some(connections) => Ending::Crowded { error, connections },
                None => Ending::Deferred { error, throttle: Throttle::Yes },
            });
        }
        if session.usable() {
            if session.mails() < MAILS_A_CONNECTION {
                self.session = Some(Held { session, presence });
            } else {
                session.quit().await;
            }
        }
        sent
    }

    /// Leaves the server to the other couriers where they are at work and `is_full` was said to us; how many go on.
    async fn give_way(&mut self, is_full: bool) -> Option<usize> {
        let connections = if is_full { self.server.seats.crowded().await } else { None };
        if connections.is_some() {
            self.seat = None;
        }
        connections
    }

    /// Closes the connection when there is nothing to carry.
    pub(super) async fn rest(&mut self) {
        if let Some(held) = self.session.take() {
            held.session.quit().await;
        }
        self.seat = None;
    }
}
