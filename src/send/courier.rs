//! Whoever takes a mail out of the house.

use super::ending::Ending;
use super::folder::Folder;
use super::resend::Resend;
use super::smtp;
use crate::config::Transport;
use crate::oauth::Tokens;
use crate::store::outbox::Claimed;

/// Files written at the same time, so that their waits for the disk overlap.
const FOLDER_COURIERS: usize = 4;

/// The couriers of a transport, at least one.
pub(super) fn couriers(transport: &Transport, tokens: Option<&Tokens>) -> Vec<Courier> {
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

/// Whoever takes a mail out of the house.
pub(super) enum Courier {
    Smtp(Box<smtp::Courier>),
    Folder(Folder),
}

impl Courier {
    /// Offers one mail. What was perhaps sent already is recorded as `resend` before its text goes out.
    pub(super) async fn deliver(&mut self, mail: &Claimed, resend: Option<Resend<'_>>) -> Ending {
        match self {
            Self::Smtp(courier) => courier.deliver(mail, resend).await,
            // A second file replaces the first.
            Self::Folder(folder) => folder.deliver(mail).await,
        }
    }

    /// Waits for its turn to carry mails.
    pub(super) async fn ready(&mut self) {
        match self {
            Self::Smtp(courier) => courier.ready().await,
            Self::Folder(_) => {}
        }
    }

    /// There is nothing to carry for the moment.
    pub(super) async fn rest(&mut self) {
        match self {
            Self::Smtp(courier) => courier.rest().await,
            Self::Folder(_) => {}
        }
    }
}
