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
mod context;
mod courier;
mod ending;
mod engine;
mod folder;
mod once;
mod recorder;
mod resend;
mod retry;
mod smtp;
mod tally;

use jiff::SignedDuration;

pub use self::context::SendContext;
pub use self::once::send_once;
pub use self::smtp::{Fault, FaultKind, ProbeReport, probe};
pub use self::tally::Tally;

use self::courier::couriers;
use self::engine::{Engine, Until};
use self::retry::Policy;
use crate::config::Transport;

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
