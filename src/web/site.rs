//! The pages as one value, which everything that answers is handed.

use std::sync::Arc;

use anyhow::Context;
use tokio::sync::Notify;

use super::bursts::Bursts;
use super::outage::Outage;
use super::pages::Pages;
use super::server;
use super::soundness::Soundness;
use crate::act::Act;
use crate::config::{self, Config};
use crate::desk::event::Event;
use crate::desk::inbound::page::PortalEvent;
use crate::directory::{Directory, Fault};
use crate::intake::IntakeContext;
use crate::store::{Store, Tx};
use crate::time::Clock;

/// The pages, served by nobody yet. Clones share.
#[derive(Debug, Clone)]
pub struct Web(Arc<Inner>);

/// What the pages are made of.
#[derive(Debug)]
pub struct Parts {
    /// `[web]`.
    pub settings: config::Web,
    /// Decides and commits what follows from what somebody did.
    pub act: Act,
    /// Takes answers in, as mails.
    pub intake: IntakeContext,
    /// Who can sign in.
    pub directory: Arc<dyn Directory>,
    /// Templates and texts.
    pub pages: Pages,
    /// Rows went into the outbox.
    pub posted: Arc<Notify>,
}

#[derive(Debug)]
pub(super) struct Inner {
    parts: Parts,
    bursts: Bursts,
    outage: Outage,
    soundness: Soundness,
}

impl Web {
    /// The pages of these parts.
    ///
    /// Fails when a file that the settings name cannot be used.
    pub fn new(parts: Parts) -> anyhow::Result<Self> {
        probe(&parts.settings)?;
        let bursts = Bursts::new(&parts.act.clock);
        Ok(Self(Arc::new(Inner { parts, bursts, outage: Outage::default(), soundness: Soundness::default() })))
    }

    pub(super) fn settings(&self) -> &config::Web {
        &self.0.parts.settings
    }

    pub(super) fn config(&self) -> &Config {
        &self.0.parts.act.rules.config
    }

    pub(super) fn pages(&self) -> &Pages {
        &self.0.parts.pages
    }

    pub(super) fn act(&self) -> &Act {
        &self.0.parts.act
    }

    pub(super) fn store(&self) -> &Store {
        &self.act().store
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.act().clock
    }

    pub(super) fn intake(&self) -> &IntakeContext {
        &self.0.parts.intake
    }

    pub(super) fn directory(&self) -> &dyn Directory {
        &*self.0.parts.directory
    }

    /// Letters may wait to be sent.
    pub(super) fn wake(&self) {
        self.0.parts.posted.notify_waiters();
    }

    pub(super) fn bursts(&self) -> &Bursts {
        &self.0.bursts
    }

    pub(super) fn outage(&self) -> &Outage {
        &self.0.outage
    }

    /// What failed after a new password was prepared: an identity provider has it then, whatever becomes of our rows.
    pub(super) fn after_prepared(&self, fault: Fault) -> Fault {
        if self.directory().is_elsewhere() { fault.unsure() } else { fault }
    }

    /// Commits what a page did, together with what follows from it.
    pub(super) async fn commit(&self, tx: Tx, event: &PortalEvent) -> anyhow::Result<()> {
        let (caused, _) = self.act().events_in(tx, &[Event::Page(event)], None).await?;
        if caused.iter().any(|caused| caused.letters > 0) {
            self.wake();
        }
        Ok(())
    }

    /// What `/health` found last.
    pub(super) fn soundness(&self) -> &Soundness {
        &self.0.soundness
    }
}

/// Tries the files that the settings name.
///
/// Fails when the certificate cannot be used, or the list of breached passwords cannot be read.
pub fn probe(settings: &config::Web) -> anyhow::Result<()> {
    if let Some(list) = &settings.breached_passwords {
        std::fs::File::open(list).with_context(|| format!("reading web.breached_passwords {}", list.display()))?;
    }
    settings.tls.as_ref().map(server::acceptor).transpose().map(|_| ())
}
