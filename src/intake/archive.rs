//! Mails that were kept elsewhere, an mbox or a Maildir, into the ledger as history: what comes of them is decided later, by their time.

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::IntakeContext;
use super::digest::{self, BATCH_MAILS, BATCH_OCTETS, MAX_KEPT_HEADER, Raw, header_end};
use super::maildir::files::{self, Entry, Folder};
use super::mbox::{Format, Splitter};
use super::separator;
use crate::mail::Headers;
use crate::mail::kept::{self, Unwanted};
use crate::store::ledger::{Incoming, Source};
use crate::store::unplaced;

/// Where mails were kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Archive {
    /// A file of mails behind `From ` lines, as `mboxo` or `mboxrd`.
    Mbox(PathBuf),
    /// A folder with `new/` and `cur/`.
    Maildir(PathBuf),
}

impl Archive {
    /// Where it is. Its mails are known by it: the same archive has the same name however it was typed.
    pub fn name(&self) -> String {
        let (Self::Mbox(path) | Self::Maildir(path)) = self;
        let name = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        name.display().to_string()
    }

    /// What the places of its mails begin with; a subfolder of a Maildir has others than the Maildir.
    pub fn places(&self) -> String {
        format!("{}@", self.name())
    }

    /// Whether it can be opened.
    pub fn is_there(&self) -> anyhow::Result<()> {
        match self {
            Self::Mbox(path) if path.is_dir() => bail!("{} is a folder; is it a Maildir?", path.display()),
            Self::Mbox(path) => File::open(path).map(drop).with_context(|| format!("opening {}", path.display())),
            Self::Maildir(path) => {
                let cur = path.join("cur");
                fs::read_dir(cur)
                    .map(drop)
                    .with_context(|| format!("{} is no Maildir that can be read", path.display()))
            }
        }
    }

    /// A Maildir and the subfolders that lie in it, by the names that start with a dot (Maildir++).
    pub fn with_folders(path: &Path) -> anyhow::Result<Vec<Self>> {
        let mut all = vec![path.to_owned()];
        for entry in fs::read_dir(path).with_context(|| format!("reading {}", path.display()))? {
            let entry = entry.with_context(|| format!("reading {}", path.display()))?;
            let dotted = entry.file_name().as_encoded_bytes().starts_with(b".");
            if dotted && entry.path().join("cur").is_dir() {
                all.push(entry.path());
            }
        }
        all.sort();
        Ok(all.into_iter().map(Self::Maildir).collect())
    }

    /// The folder that a Maildir++ subfolder is, as a mailbox names it: `.Support.EMEA` is `Support/EMEA`. Empty for all others.
    fn folder(&self) -> String {
        let Self::Maildir(path) = self else { return String::new() };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.strip_prefix('.').unwrap_or_default().replace('.', "/")
    }
}

/// A mail that came with its ticket from another desk, at that time, as the ledger takes it. `place` names it for people.
pub fn brought(mailbox: &str, place: String, bytes: Vec<u8>, at: Timestamp) -> Incoming {
    let from =
        digest::From { source: Source::Pipe, mailbox: mailbox.to_owned(), folder: String::new(), uidvalidity: 0 };
    let size = bytes.len() as u64;
    let arrived_at = Some(at);
    digest::one(&from, Raw { uid: 0, place, bytes, size, oversize: false, told: true, arrived_at, history: true }, at)
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Mails, whether they were known or not.
    pub mails: u64,
    /// Of them, those that were not in the ledger.
    pub new: u64,
    /// Deleted mails that were still there.
    pub deleted: u64,
    /// Drafts.
    pub drafts: u64,
    /// What cannot be taken: where, and why.
    pub failed: Vec<(String, String)>,
}

/// What a reader hands over.
enum Piece {
    Mails(Vec<Raw>),
    Unwanted(Unwanted),
    Failed(String, String),
}

/// Takes all mails into the ledger that are not there yet, in batches and without reading the archive whole. `taken` hears of each batch.
/// When this returns, everything is durable; whoever is stopped before begins again and takes nothing twice.
///
/// Fails where the archive cannot be opened, or the database takes nothing.
pub async fn take(
    ctx: &IntakeContext,
    mailbox: &str,
    archive: &Archive,
    mut taken: impl FnMut(u64),
) -> anyhow::Result<Found> {
    let from =
        digest::From { source: Source::Pipe, mailbox: mailbox.to_owned(), folder: archive.folder(), uidvalidity: 0 };
    let (pieces, mut arriving) = mpsc::channel(1);
    let limit = ctx.limits.mail_size;
    match archive {
        Archive::Mbox(path) => {
            let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
            let places = archive.places();
            // A pipe cannot be looked ahead in.
            let beside = file.metadata().is_ok_and(|meta| meta.is_file()).then(|| file.try_clone()).transpose()?;
            spawn_blocking(move || read_mbox(file, beside, &places, limit, &pieces));
        }
        Archive::Maildir(path) => {
            let listed = [files::list(path, Folder::New).await?, files::list(path, Folder::Cur).await?];
            let places = archive.places();
            spawn_blocking(move || read_maildir(listed, &places, limit, &pieces));
        }
    }
    let mut found = Found::default();
    while let Some(piece) = arriving.recv().await {
        match piece {
            Piece::Mails(mails) => {
                let count = mails.len() as u64;
                let (from, now) = (from.clone(), ctx.clock.now());
                let hashed = spawn_blocking(move || digest::hashed(&from, mails, now));
                found.mails += count;
                found.new += unplaced::take(&ctx.store, hashed.await.context("hashing a batch")?).await?;
                taken(count);
            }
            Piece::Unwanted(Unwanted::Deleted) => found.deleted += 1,
            Piece::Unwanted(Unwanted::Draft) => found.drafts += 1,
            Piece::Unwanted(Unwanted::Internal) => {}
            Piece::Failed(place, why) => found.failed.push((place, why)),
        }
    }
    Ok(found)
}

/// Hands a batch over; false when nobody wants more.
fn hand_over(pieces: &mpsc::Sender<Piece>, batch: &mut Vec<Raw>) -> bool {
    batch.is_empty() || pieces.blocking_send(Piece::Mails(std::mem::take(batch))).is_ok()
}

/// Reads an mbox to its end, on a thread of its own.
fn read_mbox(file: File, beside: Option<File>, places: &str, limit: u64, pieces: &mpsc::Sender<Piece>) {
    let input = BufReader::with_capacity(256 * 1024, file);
    let splitter = Splitter::new(input, Format::Mbox, limit);
    let mut splitter = match beside {
        Some(beside) => splitter.with_lengths(Box::new(move |at| ends_at(&beside, at))),
        None => splitter,
    };
    let (mut batch, mut octets) = (Vec::new(), 0);
    let mut before = None;
    let mut offset = 0;
    loop {
        let mail = match splitter.next_mail() {
            Ok(Some(mail)) => mail,
            Ok(None) => break,
            Err(error) => {
                hand_over(pieces, &mut batch);
                let _ = pieces.blocking_send(failed(places, offset, &error));
                return;
            }
        };
        offset = mail.offset;
        let place = format!("{places}{offset}");
        let headers = Headers::of(header(&mail.bytes));
        let unwanted = match headers.iter().next() {
            None => Some(Piece::Failed(place.clone(), "it has no header: this is no mail".to_owned())),
            Some(_) => kept::unwanted(&headers).map(Piece::Unwanted),
        };
        if let Some(unwanted) = unwanted {
            if pieces.blocking_send(unwanted).is_err() {
                return;
            }
            continue;
        }
        // Where a mail does not say when it came, it came after the one before it.
        let arrived_at = kept::came_at(&headers).or(before);
        before = arrived_at;
        let len = mail.bytes.len() as u64;
        if batch.len() >= BATCH_MAILS || octets + len > BATCH_OCTETS {
            octets = 0;
            if !hand_over(pieces, &mut batch) {
                return;
            }
        }
        octets += len;
        let (size, oversize) = (mail.size, mail.oversize);
        batch.push(Raw { uid: 0, place, bytes: mail.bytes, size, oversize, told: true, arrived_at, history: true });
    }
    hand_over(pieces, &mut batch);
}

/// Whether a mail of the file ends before this octet.
fn ends_at(file: &File, at: u64) -> bool {
    let mut octets = [0; 2_048];
    let read = file.read_at(&mut octets, at).unwrap_or_default();
    // Beyond the end nothing ends.
    let within = file.metadata().is_ok_and(|meta| at <= meta.len());
    within && separator::follows_a_mail(octets.get(..read).unwrap_or_default())
}

fn failed(places: &str, offset: u64, error: &io::Error) -> Piece {
    Piece::Failed(format!("{places}{offset}"), format!("what follows cannot be read: {error}"))
}

fn header(raw: &[u8]) -> &[u8] {
    raw.get(..header_end(raw).min(MAX_KEPT_HEADER)).unwrap_or_default()
}

/// Reads the files of a Maildir, on a thread of its own.
fn read_maildir(
    listed: [mpsc::Receiver<anyhow::Result<Vec<Entry>>>; 2],
    places: &str,
    limit: u64,
    pieces: &mpsc::Sender<Piece>,
) {
    for mut listing in listed {
        while let Some(entries) = listing.blocking_recv() {
            let done = match entries {
                Ok(entries) => files_of(&entries, places, limit, pieces),
                Err(error) => pieces.blocking_send(Piece::Failed(places.to_owned(), format!("{error:#}"))).is_ok(),
            };
            if !done {
                return;
            }
        }
    }
}

/// Reads some files; false when nobody wants more.
fn files_of(entries: &[Entry], places: &str, limit: u64, pieces: &mpsc::Sender<Piece>) -> bool {
    let (mut batch, mut octets) = (Vec::new(), 0);
    for entry in entries {
        let flags = entry.info();
        let flags = flags.strip_prefix("2,").unwrap_or_default();
        let unwanted =
            if flags.contains('T') { Some(Unwanted::Deleted) } else { flags.contains('D').then_some(Unwanted::Draft) };
        let read = match unwanted {
            Some(unwanted) => Err(Piece::Unwanted(unwanted)),
            None => file(entry, places, limit),
        };
        match read {
            Ok(mail) => {
                octets += mail.as_ref().map_or(0, |mail| mail.bytes.len() as u64);
                batch.extend(mail);
            }
            Err(piece) => {
                if pieces.blocking_send(piece).is_err() {
                    return false;
                }
            }
        }
        if batch.len() >= BATCH_MAILS || octets > BATCH_OCTETS {
            octets = 0;
            if !hand_over(pieces, &mut batch) {
                return false;
            }
        }
    }
    hand_over(pieces, &mut batch)
}

/// The mail of a file; none where the file went away meanwhile.
fn file(entry: &Entry, places: &str, limit: u64) -> Result<Option<Raw>, Piece> {
    let place = format!("{places}{}/{}", entry.folder.name(), entry.place());
    let read = files::read(vec![entry.clone()], limit, None, |_| true);
    if let Some((_, error)) = read.failed.first() {
        return Err(Piece::Failed(place, error.to_string()));
    }
    let Some((_, mail)) = read.mails.into_iter().next() else { return Ok(None) };
    let headers = Headers::of(header(&mail.bytes));
    if headers.iter().next().is_none() {
        return Err(Piece::Failed(place, "it has no header: this is no mail".to_owned()));
    }
    // A file's time is that of its copy where an archive was copied without care.
    let arrived_at = kept::came_at(&headers).or(mail.arrived_at);
    Ok(Some(Raw { place, arrived_at, history: true, ..mail }))
}
