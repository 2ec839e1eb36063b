//! A Maildir (<https://cr.yp.to/proto/maildir.html>) as a source: `new/` and `cur/` are both read.
//!
//! What was taken is known by the base name (before `:`), which never changes; the ledger remembers it. Files are
//! touched only when they are in the ledger.

pub(super) mod files;
mod recall;
mod told;

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use anyhow::Context;
use tokio::task::{JoinHandle, spawn_blocking};
use tracing::{info, warn};

use self::files::{Entry, Folder};
pub(super) use self::recall::take_out;
use super::ProbeReport;
use super::context::{IntakeContext, nothing_to_tell};
use super::digest::{self, BATCH_MAILS, BATCH_OCTETS, Raw};
use crate::config::{self, Mailbox};
use crate::store::first_sight::{self, FirstSight};
use crate::store::ledger::{self, Source, Untold};

/// New files that one look takes note of; the rest is for the next look.
const MOST: usize = 50_000;
/// Rows of files that were not told, looked for at a time.
const UNTOLD: u32 = 50_000;

struct Maildir<'a> {
    ctx: &'a IntakeContext,
    mailbox: &'a Mailbox,
    after: Arc<config::After>,
    path: PathBuf,
    seen: HashMap<Folder, Seen>,
    /// What of it is history; not asked yet before the first look.
    first_sight: Option<Arc<Option<FirstSight>>>,
}

/// How a folder was at the last look. A time that two looks found the same is older than the clock's grain: as long as
/// it stays, nothing came.
#[derive(Debug, Clone, Copy)]
struct Seen {
    changed: SystemTime,
    twice: bool,
}

/// What one look found.
#[derive(Debug, Default)]
struct Found {
    fresh: Vec<Entry>,
    told: Vec<i64>,
    /// More than [`MOST`] are new.
    more: bool,
    /// Something could not be done that may be possible later.
    trouble: bool,
}

/// Reads the Maildir until it is time to end.
pub(super) async fn run(ctx: &IntakeContext, mailbox: &Mailbox, config: &config::Maildir) {
    let mut maildir = Maildir::new(ctx, mailbox, config);
    let mut delays = ctx.pace.delays();
    let mut lost = false;
    while !ctx.shutdown.is_cancelled() {
        let pause = match maildir.take().await {
            Ok(_) => {
                ctx.metrics.read(&mailbox.name);
                if std::mem::take(&mut lost) {
                    info!(event = "mailbox.connected", mailbox = mailbox.name, "the Maildir can be read again");
                }
                delays = ctx.pace.delays();
                config.poll
            }
            Err(error) => {
                ctx.metrics.lost(&mailbox.name, &format!("{error:#}"));
                lost = true;
                let delay = delays.next().unwrap_or(ctx.pace.longest_delay);
                let retry_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
                warn!(
                    event = "mailbox.lost",
                    mailbox = mailbox.name,
                    retry_ms,
                    error = format!("{error:#}"),
                    "the Maildir cannot be read"
                );
                delay
            }
        };
        if !ctx.pause(pause).await {
            return;
        }
    }
}

/// Takes all there is now.
pub(super) async fn run_once(ctx: &IntakeContext, mailbox: &Mailbox, config: &config::Maildir) -> anyhow::Result<u64> {
    Maildir::new(ctx, mailbox, config).take().await
}

/// Counts the mails.
pub(super) async fn probe(config: &config::Maildir) -> anyhow::Result<ProbeReport> {
    let path = config.path.clone();
    let messages = spawn_blocking(move || files::count(&path)).await??;
    Ok(ProbeReport { messages, ..ProbeReport::default() })
}

impl<'a> Maildir<'a> {
    fn new(ctx: &'a IntakeContext, mailbox: &'a Mailbox, config: &config::Maildir) -> Self {
        Self {
            ctx,
            mailbox,
            after: Arc::new(config.after.clone()),
            path: config.path.clone(),
            seen: HashMap::new(),
            first_sight: None,
        }
    }

    /// Everything new into the ledger, in the order of delivery; files done with are told.
    async fn take(&mut self) -> anyhow::Result<u64> {
        let mut stored = 0;
        if self.first_sight.is_none() {
            self.first_sight = Some(Arc::new(self.find_first_sight().await?));
        }
        loop {
            let mut found = self.look().await?;
            ledger::mark_told(&self.ctx.store, &found.told).await?;
            found.fresh.sort_unstable();
            stored += self.store(found.fresh).await?;
            if found.trouble {
                self.seen.clear();
            }
            if !found.more || self.ctx.shutdown.is_cancelled() {
                return Ok(stored);
            }
            self.seen.clear();
        }
    }

    /// How the Maildir was first seen: remembered, or now. `None` where nothing is history.
    async fn find_first_sight(&self) -> anyhow::Result<Option<FirstSight>> {
        let (store, mailbox) = (&self.ctx.store, &self.mailbox.name);
        if let Some(known) = first_sight::get(store, mailbox, "", 0).await? {
            return Ok(Some(known));
        }
        let Some(before) = self.mailbox.first_start.before(self.ctx.clock.now()) else { return Ok(None) };
        if ledger::has_files(store, mailbox).await? {
            return Ok(None);
        }
        let path = self.path.clone();
        let (history, others) = spawn_blocking(move || files::count_before(&path, before)).await??;
        info!(
            event = "mailbox.first_sight",
            mailbox,
            %before,
            history,
            others,
            "the Maildir is new to us: what arrived before is kept and not answered"
        );
        let mailbox = mailbox.clone();
        let sight = FirstSight { mailbox, folder: String::new(), uidvalidity: 0, upto: u32::MAX, before };
        first_sight::set(store, &sight).await?;
        Ok(Some(sight))
    }

    /// Looks through the folders that changed, in pieces; finishes what an earlier run left untold on the way.
    async fn look(&mut self) -> anyhow::Result<Found> {
        let untold = ledger::untold(&self.ctx.store, &self.mailbox.name, "", UNTOLD).await?;
        let mut untold: HashMap<String, Untold> = untold.into_iter().map(|row| (row.place.clone(), row)).collect();
        if !untold.is_empty() {
            self.seen.clear();
        }
        let mut found = Found::default();
        // new/ first: a file that goes from new/ to cur/ meanwhile is seen twice, not never.
        for folder in [Folder::New, Folder::Cur] {
            if !self.changed(folder).await? {
                continue;
            }
            let mut names = files::list(&self.path, folder).await?;
            while let Some(names) = names.recv().await {
                self.sort_out(names?, &mut untold, &mut found).await?;
            }
        }
        // Rows whose files are gone: somebody else was faster.
        if !found.more {
            found.told.extend(untold.into_values().map(|row| row.id));
        }
        Ok(found)
    }

    /// Whether files may have come since the folder was last looked through.
    async fn changed(&mut self, folder: Folder) -> anyhow::Result<bool> {
        let path = self.path.join(folder.name());
        let meta = tokio::fs::metadata(&path).await.with_context(|| format!("reading {}", path.display()))?;
        let changed = meta.modified().with_context(|| format!("reading {}", path.display()))?;
        let before = self.seen.get(&folder).copied();
        let same = before.is_some_and(|seen| seen.changed == changed);
        self.seen.insert(folder, Seen { changed, twice: same });
        Ok(!(same && before.is_some_and(|seen| seen.twice)))
    }

    /// Files that are new, files that are known, and files that are known and still to be told.
    async fn sort_out(
        &self,
        entries: Vec<Entry>,
        untold: &mut HashMap<String, Untold>,
        found: &mut Found,
    ) -> anyhow::Result<()> {
        let (late, others): (Vec<Entry>, Vec<Entry>) =
            entries.into_iter().partition(|entry| untold.contains_key(entry.place()));
        let late: Vec<(i64, bool, Entry)> = late
            .into_iter()
            .filter_map(|entry| untold.remove(entry.place()).map(|row| (row.id, row.oversize, entry)))
            .collect();
        if !late.is_empty() {
            let told = self.tell(late).await?;
            found.trouble |= told.refused;
            found.told.extend(told.ids);
        }
        let places: Vec<String> = others.iter().map(|entry| entry.place().to_owned()).collect();
        let known = ledger::known_places(&self.ctx.store, &self.mailbox.name, &places).await?;
        for entry in others.into_iter().filter(|entry| !known.contains(entry.place()) && !entry.is_unwanted()) {
            if found.fresh.len() >= MOST {
                found.more = true;
                break;
            }
            found.fresh.push(entry);
        }
        Ok(())
    }

    /// Reads and stores batch by batch; the next is read while one is stored.
    async fn store(&mut self, mut fresh: Vec<Entry>) -> anyhow::Result<u64> {
        fresh.dedup_by(|a, b| a.place() == b.place());
        let from = digest::From {
            source: Source::Maildir,
            mailbox: self.mailbox.name.clone(),
            folder: String::new(),
            uidvalidity: 0,
        };
        let mut rest = fresh.into_iter();
        let mut reading = self.read_batch(&mut rest);
        let mut stored = 0;
        while let Some(read) = reading.take() {
            let batch = read.await.context("reading files")?;
            if !self.ctx.shutdown.is_cancelled() {
                reading = self.read_batch(&mut rest);
            }
            for (entry, error) in &batch.failed {
                self.report(entry, error);
                self.seen.clear();
            }
            if batch.mails.is_empty() {
                continue;
            }
            let (entries, raws): (Vec<Entry>, Vec<Raw>) = batch.mails.into_iter().unzip();
            let flags: Vec<(bool, bool)> = raws.iter().map(|raw| (raw.told, raw.oversize)).collect();
            self.ctx.metrics.gets_on(&self.mailbox.name);
            let ids = digest::store(self.ctx, &from, raws, None).await?;
            stored += ids.len() as u64;
            let late = ids
                .into_iter()
                .zip(entries)
                .zip(flags)
                .filter(|(_, (told, _))| !told)
                .map(|((id, entry), (_, oversize))| (id, oversize, entry))
                .collect();
            let told = self.tell(late).await?;
            ledger::mark_told(&self.ctx.store, &told.ids).await?;
        }
        Ok(stored)
    }

    fn read_batch(&self, rest: &mut std::vec::IntoIter<Entry>) -> Option<JoinHandle<files::Batch>> {
        let mut octets = 0;
        let mut entries = Vec::new();
        let limit = self.ctx.limits.mail_size;
        while let Some(entry) = rest.as_slice().first() {
            octets += entry.size.min(limit);
            if !entries.is_empty() && (entries.len() >= BATCH_MAILS || octets > BATCH_OCTETS) {
                break;
            }
            entries.extend(rest.next());
        }
        let (after, sight) = (Arc::clone(&self.after), self.first_sight.clone());
        let read = move |entries| {
            let sight = sight.as_deref().and_then(Option::as_ref);
            files::read(entries, limit, sight, |large| nothing_to_tell(&after, large))
        };
        Some(entries).filter(|entries| !entries.is_empty()).map(|entries| spawn_blocking(move || read(entries)))
    }

    /// Marks, moves or removes files whose mails are in the ledger.
    async fn tell(&self, rows: Vec<(i64, bool, Entry)>) -> anyhow::Result<told::Told> {
        let (after, path) = (Arc::clone(&self.after), self.path.clone());
        let told = spawn_blocking(move || told::tell(&path, &after, rows)).await.context("telling the Maildir")?;
        if let Some(error) = &told.error {
            warn!(
                event = "mail.untold",
                mailbox = self.mailbox.name,
                error = %error,
                "mails are taken, and their files cannot be marked, moved or removed; tried again later"
            );
        }
        Ok(told)
    }

    fn report(&self, entry: &Entry, error: &io::Error) {
        warn!(
            event = "mail.unfetched",
            mailbox = self.mailbox.name,
            file = entry.place(),
            error = %error,
            "this file cannot be read; it stays where it is and is tried again"
        );
    }
}
