//! What an administrator configured, as the rules ask for it.

use std::sync::Arc;

use super::notice::own_words::OwnWords;
use super::seal::keys::Keys;
use super::seal::token;
use crate::config::{Config, Mailbox, Queue};

/// The configuration and the secrets that decisions depend on.
#[derive(Debug, Clone)]
pub struct Rules {
    /// What the administrator decided.
    pub config: Arc<Config>,
    /// What signs the tokens.
    pub keys: Keys,
    /// What our own mails to engineers say.
    pub own_words: OwnWords,
}

impl Rules {
    /// The mailbox of that name; the first one when it is no longer configured, so that its tickets stay usable.
    pub fn mailbox(&self, name: &str) -> Option<&Mailbox> {
        self.config.mailboxes.get(name).or_else(|| self.config.mailboxes.values().next())
    }

    /// How the tickets of a queue are followed up.
    pub fn queue(&self, name: &str) -> Queue {
        self.config.queues.get(name).copied().unwrap_or_default()
    }

    /// Whether an address is the desk's own, with or without a token.
    pub fn is_ours(&self, email: &str) -> bool {
        self.addresses().any(|own| own == email || token::token_in_address(email, own).is_some())
    }

    /// The tokens in our addresses among a mail's recipients, genuine or not; of addresses for notes, too.
    pub fn address_tokens<'a>(&'a self, recipients: &'a [String]) -> impl Iterator<Item = &'a str> {
        self.address_words(recipients).map(|word| token::of_note(word).unwrap_or(word))
    }

    /// What stands behind the `+` of our addresses among a mail's recipients.
    pub fn address_words<'a>(&'a self, recipients: &'a [String]) -> impl Iterator<Item = &'a str> {
        recipients
            .iter()
            .flat_map(|recipient| self.addresses().filter_map(|own| token::token_in_address(recipient, own)))
    }

    /// As which mailbox, and from which of its addresses, the desk writes to a customer: the alias that was written to, else the
    /// queue's address, else the mailbox's own. All of them lead to a mailbox that is read.
    pub fn speaks_as(&self, mailbox: &str, written_to: &str, queue: &str) -> Option<(&Mailbox, &str)> {
        let of = |address: &str| {
            self.config.mailboxes.values().find_map(|mailbox| {
                let mut own = std::iter::once(&mailbox.address).chain(&mailbox.aliases);
                own.find(|own| *own == address).map(|own| (mailbox, own.as_str()))
            })
        };
        of(written_to)
            .or_else(|| of(self.config.queue_addresses.get(queue)?))
            .or_else(|| self.mailbox(mailbox).map(|mailbox| (mailbox, mailbox.address.as_str())))
    }

    fn addresses(&self) -> impl Iterator<Item = &str> {
        self.config
            .mailboxes
            .values()
            .flat_map(|mailbox| std::iter::once(&mailbox.address).chain(&mailbox.aliases))
            .map(String::as_str)
    }

    /// `CASE-7`.
    pub fn case_id(&self, ticket: crate::desk::id::TicketId) -> String {
        crate::desk::ticket::case_id::format(&self.config.desk.case_prefix, ticket.0)
    }
}
