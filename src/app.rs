//! Builds everything, owns every task, drains with a deadline.

use std::sync::Arc;

use anyhow::{Context, bail};
use jiff::Timestamp;
use sd_notify::NotifyState;
use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::act::Act;
use crate::alarm::Alarms;
use crate::belongs::Belongs;
use crate::canary::Canaries;
use crate::clock::{self, FollowUps};
use crate::config::Config;
use crate::desk::notice::own_words::OwnWords;
use crate::desk::rules::Rules;
use crate::desk::seal::keys::Keys;
use crate::directory;
use crate::dkim::{Dkim, Signer};
use crate::intake::{self, IntakeContext, Pace};
use crate::letters::Letters;
use crate::metrics::Metrics;
use crate::metrics::server::Watch;
use crate::oauth::Tokens;
use crate::past::Past;
use crate::process::Process;
use crate::provision::Provision;
use crate::readers::Reading;
use crate::send::{self, SendContext};
use crate::store::{Store, commit, outbox};
use crate::time::Clock;
use crate::web::{self, Pages, Web};
use crate::worker;

/// The gateway's parts, wired together; nothing runs yet.
#[derive(Debug, Clone)]
pub struct App {
    /// What the administrator decided.
    pub config: Arc<Config>,
    /// The database.
    pub store: Store,
    /// What tells the time.
    pub clock: Clock,
    /// Works off the ledger.
    pub process: Process,
    /// The pages, where there are any.
    pub web: Option<Web>,
    /// Works off what is due.
    pub follow_ups: FollowUps,
    /// Works off what the directory is asked.
    pub provision: Provision,
    /// Mails were sent.
    pub sent: Arc<Notify>,
    /// Signs in to mailboxes and transports that take no passwords; `None` where none is configured so.
    pub tokens: Option<Tokens>,
}

impl App {
    /// Opens the database and loads templates and keys.
    pub async fn build(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let config = Arc::new(config);
        let letters = Arc::new(Letters::load(config.templates.as_deref())?);
        let store = Store::open(config.database.connection().expose_secret()).await?;
        let keys = Keys::new(commit::token_keys(&store, rand::random(), clock.now()).await?)?;
        let tokens =
            (!config.oauth.is_empty()).then(|| Tokens::new(&config.oauth, store.clone(), keys.clone(), clock.clone()));
        let own_words = OwnWords::new(letters.standing_words().into_iter());
        let rules = Arc::new(Rules { config: config.clone(), keys, own_words });
        let act = Act {
            store: store.clone(),
            rules,
            letters,
            clock: clock.clone(),
            follow_up_set: Arc::default(),
            directory_asked: Arc::default(),
        };
        let trust = &config.trust;
        let dkim = trust.verify_dkim.then(|| Dkim::new(trust.dns_server)).transpose()?;
        let posted: Arc<Notify> = Arc::default();
        let follow_ups = FollowUps { act: act.clone(), posted: posted.clone(), settle: clock::SETTLE };
        let directory = directory::open(&config.directory, &store, &clock).await?;
        let provision = Provision { act: act.clone(), directory, posted: posted.clone() };
        let reading = Reading::usual()?;
        let metrics = Metrics::default();
        let process = Process { act, dkim, arrived: Arc::default(), posted, failed: Arc::default(), metrics, reading };
        let mut app =
            Self { config, store, clock, process, follow_ups, provision, sent: Arc::default(), tokens, web: None };
        app.web = app.pages()?;
        Ok(app)
    }

    fn pages(&self) -> anyhow::Result<Option<Web>> {
        let Some(settings) = self.config.web.clone() else { return Ok(None) };
        let parts = web::Parts {
            settings,
            act: self.process.act.clone(),
            intake: self.intake(&CancellationToken::new()),
            directory: self.provision.directory.clone(),
            pages: Pages::load(self.config.templates.as_deref())?,
            posted: self.process.posted.clone(),
        };
        Web::new(parts).map(Some)
    }

    /// Runs until `shutdown`, then drains: mails in hand are finished, nothing new is begun. How it ended, in words.
    pub async fn serve(&self, shutdown: CancellationToken) -> anyhow::Result<String> {
        let mut owner = self.store.own().await?.context(
            "another caseway works on this database. Stop it first, or use another database; commands such as \
             'caseway ticket list' and 'caseway ingest' work beside it",
        )?;
        let released = outbox::release(&self.store, self.clock.now()).await?;
        tracing::info!(event = "gateway.started", released, "caseway {} started", env!("CARGO_PKG_VERSION"));
        let listener = match &self.web {
            Some(web) => Some(web.bind().await?),
            None => None,
        };
        let monitors = match self.config.metrics {
            Some(listen) => Some(Watch::bind(listen).await?),
            None => None,
        };
        let mut tasks = self.start(listener, monitors, &shutdown)?;
        tell_systemd(NotifyState::Ready);
        tokio::select! {
            // When told to stop, workers end at once: that is no death.
            biased;
            () = shutdown.cancelled() => {}
            () = owner.lost() => {
                shutdown.cancel();
                bail!("another caseway works on this database, since its server forgot that this one does");
            }
            // No worker ends by itself; one that did has taken its work with it.
            _ = tasks.join_next() => {
                shutdown.cancel();
                bail!("a worker of the gateway died; see the log. Start it again: nothing is lost");
            }
        }
        tell_systemd(NotifyState::Stopping);
        let running = tasks.len();
        let drained = async { while tasks.join_next().await.is_some() {} };
        let limit = self.config.limits.shutdown;
        let in_time = tokio::time::timeout(limit, drained).await.is_ok();
        let cut = tasks.len();
        tasks.shutdown().await;
        self.store.close().await;
        Ok(if in_time {
            format!("stopped: all {running} workers finished what they had in hand")
        } else {
            format!(
                "stopped: {cut} of {running} workers did not finish within {limit:?}; their work goes on at the next start"
            )
        })
    }

    #[expect(clippy::disallowed_methods, reason = "the one home of the gateway's tasks")]
    fn start(
        &self,
        listener: Option<TcpListener>,
        monitors: Option<TcpListener>,
        shutdown: &CancellationToken,
    ) -> anyhow::Result<JoinSet<()>> {
        let mut tasks = JoinSet::new();
        let watch = Watch::new(&self.config, self.process.metrics.clone(), self.store.clone(), self.clock.clone());
        tasks.spawn(watchdog(watch.clone(), shutdown.clone()));
        if let Some(monitors) = monitors {
            tasks.spawn(watch.serve(monitors, shutdown.clone()));
        }
        if let Some((web, listener)) = self.web.as_ref().zip(listener) {
            tasks.spawn(web.serve(listener, shutdown.clone())?);
        }
        for mailbox in self.config.mailboxes.values() {
            tasks.spawn(intake::supervised(self.intake(shutdown), mailbox.clone()));
        }
        let (process, stop) = (self.process.clone(), shutdown.clone());
        tasks.spawn(async move { worker::run(&process, &stop).await });
        let (canaries, stop) = (self.canaries()?, shutdown.clone());
        tasks.spawn(async move { canaries.run(stop).await });
        let (alarms, stop) = (self.alarms(), shutdown.clone());
        tasks.spawn(async move { alarms.run(stop).await });
        let (follow_ups, stop) = (self.follow_ups.clone(), shutdown.clone());
        tasks.spawn(async move { follow_ups.run(stop).await });
        let (provision, stop) = (self.provision.clone(), shutdown.clone());
        tasks.spawn(async move { worker::run(&provision, &stop).await });
        let signer = Arc::new(Signer::new(self.config.dkim.values())?);
        for (name, transport) in &self.config.transports {
            let context = SendContext {
                tokens: self.tokens.clone(),
                store: self.store.clone(),
                clock: self.clock.clone(),
                wake: self.process.posted.clone(),
                failed: self.process.failed.clone(),
                sent: self.sent.clone(),
                metrics: self.process.metrics.clone(),
                signer: signer.clone(),
                shutdown: shutdown.clone(),
            };
            let sending = send::run(context, name.clone(), transport.clone());
            tasks.spawn(async move {
                sending.await;
            });
        }
        Ok(tasks)
    }

    /// What taking mails in needs.
    pub fn intake(&self, shutdown: &CancellationToken) -> IntakeContext {
        IntakeContext {
            tokens: self.tokens.clone(),
            belongs: Some(Belongs {
                store: self.store.clone(),
                rules: self.process.act.rules.clone(),
                clock: self.clock.clone(),
            }),
            store: self.store.clone(),
            clock: self.clock.clone(),
            wake: self.process.arrived.clone(),
            sent: self.sent.clone(),
            metrics: self.process.metrics.clone(),
            limits: self.config.limits.clone(),
            shutdown: shutdown.clone(),
            pace: Pace { drain: self.config.limits.shutdown, ..Pace::default() },
        }
    }

    /// Mails to itself, where they are wanted.
    pub fn canaries(&self) -> anyhow::Result<Canaries> {
        Ok(Canaries {
            config: self.config.clone(),
            store: self.store.clone(),
            clock: self.clock.clone(),
            metrics: self.process.metrics.clone(),
            tokens: self.tokens.clone(),
            signer: Arc::new(Signer::new(self.config.dkim.values())?),
        })
    }

    /// What looks for what needs a person.
    pub fn alarms(&self) -> Alarms {
        Alarms {
            config: self.config.clone(),
            store: self.store.clone(),
            letters: self.process.act.letters.clone(),
            clock: self.clock.clone(),
            metrics: self.process.metrics.clone(),
            posted: self.process.posted.clone(),
        }
    }

    /// What gives mails of archives their places, those since then on open tickets. For the process that works on the database.
    pub fn past(&self, open_since: Option<Timestamp>) -> Past {
        Past { process: self.process.clone(), open_since }
    }

    /// Works off the ledger in this process if no gateway does; how many mails, or `None` when one is running.
    pub async fn process_here(&self) -> anyhow::Result<Option<u64>> {
        let Some(_owner) = self.store.own().await? else { return Ok(None) };
        let go_on = CancellationToken::new();
        let count = self.process.drain(&go_on).await?;
        self.provision.drain(&go_on).await?;
        Ok(Some(count))
    }
}

/// Tells systemd that all is well for as long as it is (`WatchdogSec=` of the unit): a gateway that stands still is started again.
async fn watchdog(watch: Watch, shutdown: CancellationToken) {
    let Some(within) = sd_notify::watchdog_enabled() else { return shutdown.cancelled().await };
    loop {
        match watch.is_alive() {
            Ok(()) => tell_systemd(NotifyState::Watchdog),
            Err(why) => tracing::error!(event = "gateway.stalled", "systemd is to start the gateway again: {why}"),
        }
        tokio::select! {
            () = tokio::time::sleep(within / 3) => {}
            () = shutdown.cancelled() => return,
        }
    }
}

/// Without systemd nobody hears it.
fn tell_systemd(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(event = "gateway.unheard", "systemd cannot be told how the gateway is: {error}");
    }
}
