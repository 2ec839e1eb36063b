//! One mail past the outbox, for a check of the configuration: nothing is recorded and nothing tried again.

use super::courier::couriers;
use super::ending::Ending;
use crate::config::Transport;
use crate::oauth::Tokens;
use crate::store::outbox::Claimed;

/// Sends one mail now.
///
/// # Errors
/// A sentence for a person: where, what was said, at which step.
pub async fn send_once(transport: &Transport, tokens: Option<&Tokens>, mail: &Claimed) -> Result<(), String> {
    let Some(mut courier) = couriers(transport, tokens).into_iter().next() else { return Ok(()) };
    let ending = courier.deliver(mail, None).await;
    courier.rest().await;
    match ending {
        Ending::Sent => Ok(()),
        Ending::Deferred { error, .. }
        | Ending::Refused { error, .. }
        | Ending::TooLarge { error }
        | Ending::Crowded { error, .. }
        | Ending::Unsendable { error }
        | Ending::Broken { error }
        | Ending::Lost { error }
        | Ending::NotTried { error, .. } => Err(error),
        Ending::HandedBack => Err("not begun".to_owned()),
    }
}
