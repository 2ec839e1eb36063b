//! Outbox → SMTP server or folder. Nothing else in the gateway sends.
//!
//! ```text
//!  outbox ──► feeder ──► queue ──► couriers (a connection each) ──► recorder ──► outbox
//!            claims due            deliver: how did it end?         one commit for all
//!            mails, counts         retry: what follows?             results that are ready
//!            the attempt
//! ```
//! The table is the truth: a notification only wakes the feeder, and what a killed process had in hand is released at
//! the next start. Each transport runs for itself, so that one that hangs delays no other. While a transport's server
//! is in trouble its circuit breaker is open: nothing is claimed, the mails wait where they are.

mod breaker;
mod ending;
mod engine;
mod folder;
mod once;
mod recorder;
mod retry;
mod smtp;

use std::sync::Arc;

use jiff::SignedDuration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use self::once::send_once;
pub use self::recorder::Tally;
pub use self::smtp::{Fault, FaultKind, ProbeReport, probe};

use self::ending::Ending;
use self::engine::{Engine, Until};
use self::folder::Folder;
use self::retry::Policy;
use crate::config::Transport;
use crate::dkim::Signer;
use crate::oauth::Tokens;
use crate::store::Store;
use crate::store::outbox::{self, Claimed};
use crate::time::Clock;

/// What a transport needs from the rest of the gateway.
#[derive(Debug, Clone)]
pub struct SendContext {
    /// The database.
    pub store: Store,
    /// What tells the time.
    pub clock: Clock,
    /// Signs in to servers that take no passwords; `None` where nothing of the kind is configured.
    pub tokens: Option<Tokens>,
    /// Woken by `notify_waiters` after rows were added to the outbox, or the hands of a test's clock were moved. One for
    /// all transports. A missed wake-up costs 30 seconds at most.
    pub wake: Arc<Notify>,
    /// Gets a `notify_one` when a mail failed for good: [`crate::store::outbox::untold_failures`] has it.
    pub failed: Arc<Notify>,
    /// Woken by `notify_waiters` after mails were recorded as sent.
    pub sent: Arc<Notify>,
    /// Signs what goes out.
    pub signer: Arc<Signer>,
    /// Ends [`run`] once the mails in hand are finished and recorded.
    pub shutdown: CancellationToken,
}

/// Sends the mails of one transport until `shutdown`, then finishes and records what is in hand, bounded by the
/// time-outs of the commands under way. Mails claimed and not begun are handed back.
pub async fn run(ctx: SendContext, name: String, transport: Transport) -> Tally {
    let couriers = couriers(&transport, ctx.tokens.as_ref());
    Engine::new(ctx, name, policy(&transport)).run(couriers, Until::Shutdown).await
}

/// Sends what is due now, and returns when nothing due is left or the server cannot be used.
pub async fn run_until_empty(ctx: SendContext, name: String, transport: Transport) -> Tally {
    let couriers = couriers(&transport, ctx.tokens.as_ref());
    Engine::new(ctx, name, policy(&transport)).run(couriers, Until::NothingDue).await
}

fn policy(transport: &Transport) -> Policy {
    match transport {
        Transport::Smtp(smtp) => {
            Policy { first_delay: smtp.first_delay, max_delay: smtp.max_delay, give_up_after: Some(smtp.give_up_after) }
        }
        // A folder refuses no single mail; it is there or it is not.
        Transport::Folder { .. } => Policy {
            first_delay: SignedDuration::from_secs(5),
            max_delay: SignedDuration::from_mins(5),
            give_up_after: None,
        },
    }
}

/// Files written at the same time, so that their waits for the disk overlap.
const FOLDER_COURIERS: usize = 4;

fn couriers(transport: &Transport, tokens: Option<&Tokens>) -> Vec<Courier> {
    match transport {
        Transport::Smtp(smtp) => {
            let server = smtp::Server::new(smtp, tokens);
            let courier = || Courier::Smtp(Box::new(smtp::Courier::new(server.clone())));
            std::iter::repeat_with(courier).take(smtp.connections.max(1) as usize).collect()
        }
        Transport::Folder { path } => {
            std::iter::repeat_with(|| Courier::Folder(Folder::new(path.clone()))).take(FOLDER_COURIERS).collect()
        }
    }
}

/// What has to be on record before the text of a mail goes out that was perhaps sent already.
#[derive(Debug, Clone, Copy)]
struct Resend<'a> {
    store: &'a Store,
    mail: i64,
}

impl Resend<'_> {
    /// From here on the mail counts as resent, whatever happens.
    async fn begin(self) -> anyhow::Result<()> {
        outbox::resend(self.store, self.mail).await
    }
}

/// Whoever takes a mail out of the house.
enum Courier {
    Smtp(Box<smtp::Courier>),
    Folder(Folder),
}

impl Courier {
    async fn deliver(&mut self, mail: &Claimed, resend: Option<Resend<'_>>) -> Ending {
        match self {
            Self::Smtp(courier) => courier.deliver(mail, resend).await,
            // A second file replaces the first.
            Self::Folder(folder) => folder.deliver(mail).await,
        }
    }

    /// Waits for its turn to carry mails.
    async fn ready(&mut self) {
        match self {
            Self::Smtp(courier) => courier.ready().await,
            Self::Folder(_) => {}
        }
    }

    /// There is nothing to carry for the moment.
    async fn rest(&mut self) {
        match self {
            Self::Smtp(courier) => courier.rest().await,
            Self::Folder(_) => {}
        }
    }
}
