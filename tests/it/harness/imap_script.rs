//! An IMAP server that holds a few mails and fails on command.
//!
//! It knows the commands that the gateway uses, and no more. What a test wants to go wrong is a [`Fault`]: it happens
//! once, at the first command that it fits.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::imap_serve::serve;

/// Something that goes wrong once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The connection is cut in the middle of this mail's body.
    CutAt(u32),
    /// A FETCH of several bodies is answered with so many mails and OK.
    EndEarly(usize),
    /// No answer to this command; the connection stays open.
    Hang(&'static str),
    /// BYE instead of an answer to this command, and the connection is closed.
    Bye(&'static str),
    /// NO to this command.
    No(&'static str),
    /// The connection is closed without a word at this command.
    Close(&'static str),
    /// An answer that is no IMAP.
    Garble(&'static str),
    /// An answer of one list more in each other than is read.
    Nest(&'static str),
    /// The connection is cut in the middle of a mail that is put into a folder.
    CutInLiteral,
    /// The mail is put into the folder, and the connection is cut before the answer.
    CutAfterLiteral,
    /// The mail is put into the folder, and there is no answer.
    HangAfterLiteral,
}

/// A mail on the server.
#[derive(Debug, Clone, Default)]
pub struct Held {
    pub bytes: Vec<u8>,
    pub flags: BTreeSet<String>,
    /// What FETCH says of INTERNALDATE; nothing when it is empty.
    pub arrived: &'static str,
}

/// What the server has, how it is, and what happened.
#[derive(Debug)]
pub struct State {
    pub uidvalidity: u32,
    pub inbox: BTreeMap<u32, Held>,
    pub folders: BTreeMap<String, Vec<Vec<u8>>>,
    pub capabilities: Vec<&'static str>,
    pub faults: Vec<Fault>,
    /// Listed, and answered with nothing.
    pub withheld: BTreeSet<u32>,
    /// Whoever asks for these loses the connection.
    pub poison: BTreeSet<u32>,
    /// A mail that holds these words is never put into a folder.
    pub unwanted: Option<String>,
    /// SEARCH finds nothing, whatever is there.
    pub search_is_blind: bool,
    /// NO with these words to these commands, for as long as they stand here.
    pub refuses: Vec<(&'static str, &'static str)>,
    /// Removed by somebody else, of which the client hears at NOOP: until then MOVE and COPY are refused.
    pub expunged_behind: Option<u32>,
    /// RFC822.SIZE says this instead of the truth.
    pub sizes: BTreeMap<u32, usize>,
    /// The folder that LIST says spam is in.
    pub junk: Option<&'static str>,
    /// INTERNALDATE of the mails in `folders`.
    pub folder_arrived: &'static str,
    /// Between the levels of folders' names.
    pub separator: char,
    /// Mails that one command may be about (RFC 9738); it says so only by ending early.
    pub most: Option<usize>,
    /// Which of more it takes.
    pub takes_lowest_first: bool,
    /// Every command without its tag.
    pub heard: Vec<String>,
    pub connections: u32,
}

impl State {
    /// How often a command was given.
    pub fn times(&self, command: &str) -> usize {
        self.heard.iter().filter(|heard| heard.starts_with(command)).count()
    }
}

/// The server; it ends with this value.
pub struct Server {
    pub port: u16,
    state: Arc<Mutex<State>>,
    changed: Arc<Notify>,
    accept: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accept.abort();
    }
}

impl Server {
    /// A server with `count` mails, as `change` wants it.
    #[expect(clippy::disallowed_methods, reason = "the server is the test's own task")]
    pub async fn start(count: u32, change: impl FnOnce(&mut State)) -> Self {
        let mut state = State {
            uidvalidity: 1_000,
            inbox: (1..=count).map(|uid| (uid, Held { bytes: mail(uid), ..Held::default() })).collect(),
            folders: BTreeMap::new(),
            capabilities: vec!["IMAP4rev1", "IDLE", "MOVE", "UIDPLUS", "AUTH=PLAIN"],
            faults: Vec::new(),
            withheld: BTreeSet::new(),
            poison: BTreeSet::new(),
            unwanted: None,
            search_is_blind: false,
            refuses: Vec::new(),
            expunged_behind: None,
            sizes: BTreeMap::new(),
            junk: None,
            folder_arrived: "",
            separator: '/',
            most: None,
            takes_lowest_first: false,
            heard: Vec::new(),
            connections: 0,
        };
        change(&mut state);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (state, changed) = (Arc::new(Mutex::new(state)), Arc::new(Notify::new()));
        let (shared, notify) = (state.clone(), changed.clone());
        let accept = tokio::spawn(async move {
            let mut clients = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                shared.lock().unwrap().connections += 1;
                clients.spawn(serve(stream, shared.clone(), notify.clone()));
            }
        });
        Self { port, state, changed, accept }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Changes the server while it runs; clients in IDLE are told.
    pub fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.changed.notify_waiters();
    }

    /// Waits until the server is as wanted.
    pub async fn until(&self, wanted: impl Fn(&State) -> bool) {
        let waited = tokio::time::timeout(std::time::Duration::from_secs(20), async {
            loop {
                let changed = self.changed.notified();
                tokio::pin!(changed);
                changed.as_mut().enable();
                if wanted(&self.state()) {
                    return;
                }
                changed.await;
            }
        });
        if waited.await.is_err() {
            let heard = self.state().heard.clone();
            panic!("the server never got there: {heard:?}");
        }
    }
}

/// A mail with its number in it.
pub fn mail(number: u32) -> Vec<u8> {
    let body = format!("This is line after line of mail {number}.\r\n").repeat(20);
    format!(
        "From: ann@example.test\r\nTo: support@example.test\r\nSubject: mail {number}\r\nMessage-ID: <{number}@example.test>\r\n\r\n{body}"
    )
    .into_bytes()
}
