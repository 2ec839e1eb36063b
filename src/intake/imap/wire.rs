//! One command at a time: sent, and its answers read to the last before the next is sent.
//!
//! The client library's own streams end silently when a server refuses a command or hangs up, so that "nothing new"
//! and "no connection" look the same. Here every command ends with its tagged answer or with an error.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use async_imap::Session;
use async_imap::imap_proto::{MailboxDatum, RequestId, Response, Status};
use jiff::Timestamp;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufWriter};
use tokio::time::{Instant, timeout, timeout_at};

use super::answers::{Done, capability_name, done, hung_up, limit_announced, limit_said, lost, said};
use super::bounds::Bounded;
use super::error::{Command, ImapError, words};
use crate::store::first_sight::FirstSight;

mod folders;

/// Whatever carries IMAP: TCP, TLS, DEFLATE.
pub(super) trait Duplex: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug> Duplex for T {}
/// A connection of any kind.
pub(super) type Io = Box<dyn Duplex>;

/// Octets of a mail written at a time.
const PIECE: usize = 64 * 1024;

/// A server that sends less than this within a time-out is as good as silent.
const LEAST_TRAFFIC: u64 = 1_024;

/// A connection that is logged in.
#[derive(Debug)]
pub(super) struct Wire {
    session: Session<Io>,
    traffic: Arc<AtomicU64>,
    packed: Arc<AtomicBool>,
    timeout: Duration,
    capabilities: HashSet<String>,
    /// Mails that one command may be about, where the server has a limit.
    most: Option<usize>,
    /// What the server calls folders whose names it does not take as they are configured.
    names: HashMap<String, String>,
    /// Mails in the open folder, as the server counts them.
    messages: u32,
    /// The server said that mails came, since the folder was last listed.
    pub(super) news: bool,
}

/// A folder as it is when opened.
#[derive(Debug, Clone)]
pub(super) struct Opened {
    pub(super) uidvalidity: u32,
    /// The UID that the next mail will get, where the server tells.
    pub(super) uidnext: Option<u32>,
    pub(super) messages: u32,
    pub(super) read_only: bool,
    /// What of it is history; `None` when nothing is.
    pub(super) first_sight: Option<FirstSight>,
}

impl Wire {
    /// `packed` is set as soon as the octets below the session are compressed.
    pub(super) fn new(
        session: Session<Io>,
        traffic: Arc<AtomicU64>,
        packed: Arc<AtomicBool>,
        timeout: Duration,
    ) -> Self {
        Self {
            session,
            traffic,
            packed,
            timeout,
            capabilities: HashSet::new(),
            most: None,
            names: HashMap::new(),
            messages: 0,
            news: false,
        }
    }

    /// Whether the server offers this, by its name in capitals.
    pub(super) fn offers(&self, capability: &str) -> bool {
        self.capabilities.contains(capability)
    }

    /// Everything the server offers, sorted.
    pub(super) fn capabilities(&self) -> Vec<String> {
        let mut all: Vec<String> = self.capabilities.iter().cloned().collect();
        all.sort();
        all
    }

    /// How many mails a command may be about (RFC 9738). A command that was about more may have ended early: it must be given again for
    /// what it left out.
    pub(super) fn most(&self) -> usize {
        self.most.unwrap_or(usize::MAX)
    }

    fn learn_limit(&mut self, limit: Option<usize>) {
        if let Some(limit) = limit {
            self.most = Some(limit.clamp(1, self.most()));
        }
    }

    /// Takes note that something does not work although it is offered.
    pub(super) fn withdraw(&mut self, capability: &str) {
        self.capabilities.remove(capability);
    }

    /// Sends a command and reads all its answers; each untagged one goes to `each`.
    pub(super) async fn command(
        &mut self,
        name: Command,
        line: &str,
        mut each: impl FnMut(&Response<'_>),
    ) -> Result<Done, ImapError> {
        let tag = self.send(name, line).await?;
        self.finish(name, &tag, &mut each).await
    }

    /// Reads the answers to a command that was sent.
    async fn finish(
        &mut self,
        name: Command,
        tag: &RequestId,
        mut each: impl FnMut(&Response<'_>),
    ) -> Result<Done, ImapError> {
        loop {
            let ended = self
                .next(name, |answer| match answer {
                    Response::Done { tag: other, status, outcome } if other == tag => {
                        Some((done(name, status, outcome), limit_said(outcome)))
                    }
                    other => {
                        each(other);
                        None
                    }
                })
                .await?;
            if let Some((ended, limit)) = ended {
                self.learn_limit(limit);
                return ended;
            }
        }
    }

    async fn send(&mut self, name: Command, line: &str) -> Result<RequestId, ImapError> {
        match timeout(self.timeout, self.session.run_command(line)).await {
            Ok(Ok(tag)) => Ok(tag),
            Ok(Err(error)) => Err(ImapError::Lost { command: name, reason: words(&error.to_string()) }),
            Err(_) => Err(self.silence(name)),
        }
    }

    /// The next answer, as `look` sees it. A mail may take longer than the time-out as long as its octets keep coming.
    async fn next<T>(&mut self, name: Command, look: impl FnOnce(&Response<'_>) -> T) -> Result<T, ImapError> {
        let mut before = self.traffic.load(Ordering::Relaxed);
        loop {
            match timeout(self.timeout, self.session.read_response()).await {
                Ok(Ok(Some(answer))) => {
                    self.notice(answer.parsed())?;
                    return Ok(look(answer.parsed()));
                }
                Ok(Ok(None)) => return Err(hung_up(name)),
                Ok(Err(error)) => return Err(lost(name, &error)),
                Err(_) => {
                    let now = self.traffic.load(Ordering::Relaxed);
                    if now.saturating_sub(before) < LEAST_TRAFFIC {
                        return Err(self.silence(name));
                    }
                    before = now;
                }
            }
        }
    }

    /// What may come at any time, whatever was asked.
    fn notice(&mut self, answer: &Response<'_>) -> Result<(), ImapError> {
        match answer {
            Response::Data { status: Status::Bye, outcome } => return Err(ImapError::Bye { text: said(outcome) }),
            // Some servers repeat the number without need: only more is news.
            Response::MailboxData(MailboxDatum::Exists(messages)) => {
                self.news |= *messages > self.messages;
                self.messages = *messages;
            }
            Response::Expunge(_) => self.messages = self.messages.saturating_sub(1),
            _ => {}
        }
        Ok(())
    }

    fn silence(&self, name: Command) -> ImapError {
        ImapError::Timeout { command: name, limit: self.timeout, hint: "" }
    }

    /// Asks what the server offers (after the login it may be more than before).
    pub(super) async fn learn_capabilities(&mut self) -> Result<(), ImapError> {
        let mut found = HashSet::new();
        self.command("CAPABILITY", "CAPABILITY", |answer| {
            if let Response::Capabilities(list) = answer {
                found.extend(list.iter().map(capability_name));
            }
        })
        .await?;
        self.learn_limit(found.iter().find_map(|capability| limit_announced(capability)));
        self.capabilities = found;
        Ok(())
    }

    /// Says who we are (RFC 2971): NetEase (163.com, 126.com, 188.com) opens no folder before. What the server makes of it does not
    /// matter.
    pub(super) async fn introduce(&mut self) -> Result<(), ImapError> {
        let line = concat!("ID (\"name\" \"caseway\" \"version\" \"", env!("CARGO_PKG_VERSION"), "\")");
        match self.command("ID", line, |_| {}).await {
            Err(error) if !error.connection_lives() => Err(error),
            _ => Ok(()),
        }
    }

    /// Mails in the open folder, as the server counts them.
    pub(super) fn messages(&self) -> u32 {
        self.messages
    }

    /// Compresses both ways from here on (RFC 4978).
    pub(super) async fn compress(self) -> Result<Self, ImapError> {
        let Self { session, traffic, packed, timeout: limit, capabilities, most, names, messages, news } = self;
        // The deflater compresses what it is given at a time: commands must reach it in one piece.
        let wrapped = session.compress(|deflated| {
            packed.store(true, Ordering::Relaxed);
            Box::new(Bounded::new(BufWriter::new(deflated), Arc::default())) as Io
        });
        match timeout(limit, wrapped).await {
            Ok(Ok(session)) => {
                Ok(Self { session, traffic, packed, timeout: limit, capabilities, most, names, messages, news })
            }
            Ok(Err(error)) => Err(ImapError::Lost { command: "COMPRESS", reason: words(&error.to_string()) }),
            Err(_) => Err(ImapError::Timeout { command: "COMPRESS", limit, hint: "" }),
        }
    }

    /// Puts a mail into a folder (RFC 3501 §6.3.11), marked as read. Refused, it is certainly not there.
    ///
    /// Not by the library's own `append`: it takes any news that comes before the server's leave to go on for a refusal,
    /// and loses the server's words.
    pub(super) async fn append(&mut self, folder: &str, date: Timestamp, mail: &[u8]) -> Result<(), ImapError> {
        const NAME: Command = "APPEND";
        let (folder, date) = (self.name(folder), date.strftime("%d-%b-%Y %H:%M:%S +0000"));
        let tag = self.send(NAME, &format!("APPEND {folder} (\\Seen) \"{date}\" {{{}}}", mail.len())).await?;
        loop {
            let leave = self
                .next(NAME, |answer| match answer {
                    Response::Continue(_) => Some(Ok(())),
                    Response::Done { tag: other, status, outcome } if *other == tag => {
                        Some(done(NAME, status, outcome).and(Err(ImapError::Garbled { command: NAME })))
                    }
                    _ => None,
                })
                .await?;
            if let Some(leave) = leave {
                leave?;
                break;
            }
        }
        for piece in mail.chunks(PIECE).chain([b"\r\n".as_slice()]) {
            self.write(NAME, piece).await?;
        }
        self.finish(NAME, &tag, |_| {}).await.map(drop)
    }

    /// Sends a part of a literal. Each may take as long as a command.
    async fn write(&mut self, name: Command, piece: &[u8]) -> Result<(), ImapError> {
        let io = self.session.as_mut();
        let written = async {
            io.write_all(piece).await?;
            io.flush().await
        };
        match timeout(self.timeout, written).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(lost(name, &error)),
            Err(_) => Err(self.silence(name)),
        }
    }

    /// Waits in IDLE (RFC 2177) for mails, for `stop`, or until `until`. False when the server will not idle.
    pub(super) async fn idle(&mut self, until: Instant, stop: impl Future<Output = ()>) -> Result<bool, ImapError> {
        let tag = self.send("IDLE", "IDLE").await?;
        loop {
            let began = self
                .next("IDLE", |answer| match answer {
                    Response::Continue(_) => Some(true),
                    Response::Done { tag: other, .. } if *other == tag => Some(false),
                    _ => None,
                })
                .await?;
            match began {
                Some(true) => break,
                Some(false) => return Ok(false),
                None => {}
            }
        }
        tokio::select! {
            waited = self.idle_until_news(until) => waited?,
            () = stop => {}
        }
        match timeout(self.timeout, self.session.run_command_untagged("DONE")).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(ImapError::Lost { command: "IDLE", reason: words(&error.to_string()) }),
            Err(_) => return Err(self.silence("IDLE")),
        }
        while !self.next("IDLE", |answer| matches!(answer, Response::Done { tag: other, .. } if *other == tag)).await? {
        }
        Ok(true)
    }

    /// Keep-alives (`* OK Still here`) and changes of flags do not end the wait, and do not prolong it either.
    async fn idle_until_news(&mut self, until: Instant) -> Result<(), ImapError> {
        while !self.news {
            match timeout_at(until, self.session.read_response()).await {
                Ok(Ok(Some(answer))) => self.notice(answer.parsed())?,
                Ok(Ok(None)) => return Err(hung_up("IDLE")),
                Ok(Err(error)) => return Err(lost("IDLE", &error)),
                Err(_) => return Ok(()),
            }
        }
        Ok(())
    }

    /// Says goodbye; how the server takes it does not matter.
    pub(super) async fn logout(mut self) {
        let farewell = async {
            let Ok(tag) = self.session.run_command("LOGOUT").await else { return };
            while let Ok(Some(answer)) = self.session.read_response().await {
                if matches!(answer.parsed(), Response::Done { tag: other, .. } if *other == tag) {
                    return;
                }
            }
        };
        let _ = timeout(self.timeout.min(Duration::from_secs(2)), farewell).await;
    }
}
