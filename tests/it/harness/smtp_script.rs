//! An SMTP server that does what a test tells it: refuse, cut or hang at any step, and remember all it was told.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;

/// Where in a connection the server can be told to misbehave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Greeting,
    Ehlo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// In the middle of the text of the mail, after the first line.
    Body,
    /// The answer to the final dot.
    Dot,
}

/// What it does instead of going on.
#[derive(Debug, Clone)]
pub enum Act {
    /// Says this; the client decides what follows.
    Say(String),
    /// Says this and closes.
    SayAndCut(String),
    /// Sends these octets as they are and goes on as if it had agreed.
    Raw(Vec<u8>),
    /// The same, and closes.
    RawAndCut(Vec<u8>),
    Cut,
    /// Never answers; the connection stays open.
    Hang,
    Agree,
}

/// `Act::Say`
pub fn say(reply: &str) -> Act {
    Act::Say(reply.to_owned())
}

/// A mail that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The whole `MAIL FROM` line.
    pub mail: String,
    pub rcpt: String,
    /// Without the dots that were stuffed and the final one.
    pub bytes: Vec<u8>,
    /// The number of its connection, from 1.
    pub connection: usize,
}

/// What the server can do, and whether it wants TLS.
#[derive(Clone, Default)]
pub struct Abilities {
    /// Lines of the EHLO reply after the first; `STARTTLS` is added by itself.
    pub announced: Vec<&'static str>,
    pub starttls: Option<TlsAcceptor>,
    pub implicit: Option<TlsAcceptor>,
}

#[derive(Default)]
struct State {
    /// Done once each, in order, before `always`.
    once: BTreeMap<Step, VecDeque<Act>>,
    always: BTreeMap<Step, Act>,
    by_recipient: BTreeMap<String, Act>,
    received: Vec<Received>,
    /// Every line the client said.
    said: Vec<String>,
    connections: usize,
    /// Connections at this moment, those that were refused left out.
    open: usize,
    /// More at a time are refused with these words.
    most: Option<(usize, &'static str)>,
    /// How many were.
    refused: usize,
    /// Mails whose text came in whole, accepted or not.
    texts: Vec<Vec<u8>>,
}

/// The server; it ends with the test's runtime.
pub struct SmtpScript {
    pub port: u16,
    state: Arc<Mutex<State>>,
    changed: Arc<Notify>,
}

impl SmtpScript {
    /// A server with PIPELINING, 8BITMIME and SIZE.
    pub async fn start() -> Self {
        Self::with(Abilities { announced: vec!["PIPELINING", "SIZE 30000000", "8BITMIME"], ..Abilities::default() })
            .await
    }

    #[expect(clippy::disallowed_methods, reason = "a server of the test's own")]
    pub async fn with(abilities: Abilities) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (state, changed) = (Arc::<Mutex<State>>::default(), Arc::<Notify>::default());
        let (shared, notify) = (state.clone(), changed.clone());
        tokio::spawn(async move {
            loop {
                let (tcp, _) = listener.accept().await.unwrap();
                let number = {
                    let mut state = shared.lock().unwrap();
                    state.connections += 1;
                    state.connections
                };
                let server =
                    Talk { abilities: abilities.clone(), state: shared.clone(), changed: notify.clone(), number };
                tokio::spawn(server.connection(tcp));
            }
        });
        Self { port, state, changed }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// From now on, whenever `step` comes.
    pub fn always(&self, step: Step, act: Act) -> &Self {
        self.state().always.insert(step, act);
        self
    }

    /// The next time `step` comes, after what was ordered before.
    pub fn once(&self, step: Step, act: Act) -> &Self {
        self.state().once.entry(step).or_default().push_back(act);
        self
    }

    /// Whenever this recipient is named.
    pub fn recipient(&self, address: &str, act: Act) -> &Self {
        self.state().by_recipient.insert(address.to_owned(), act);
        self
    }

    /// More than `most` connections at a time are refused with `words`.
    pub fn takes(&self, most: usize, words: &'static str) -> &Self {
        self.state().most = Some((most, words));
        self
    }

    /// Connections that were one too many.
    pub fn refused(&self) -> usize {
        self.state().refused
    }

    /// Behaves from now on.
    pub fn recover(&self) {
        let mut state = self.state();
        state.once.clear();
        state.always.clear();
        state.by_recipient.clear();
    }

    /// Accepted mails.
    pub fn received(&self) -> Vec<Received> {
        self.state().received.clone()
    }

    /// Texts that came in whole, whatever was answered.
    pub fn texts(&self) -> Vec<Vec<u8>> {
        self.state().texts.clone()
    }

    /// Lines the client said, without line ends.
    pub fn said(&self) -> Vec<String> {
        self.state().said.clone()
    }

    pub fn connections(&self) -> usize {
        self.state().connections
    }

    /// Waits until `count` texts came in whole.
    pub async fn wait_for_texts(&self, count: usize) {
        self.wait(|state| state.texts.len() >= count).await;
    }

    async fn wait(&self, enough: impl Fn(&State) -> bool) {
        loop {
            let changed = self.changed.notified();
            if enough(&self.state()) {
                return;
            }
            changed.await;
        }
    }
}

/// One connection, as the server sees it.
struct Talk {
    abilities: Abilities,
    state: Arc<Mutex<State>>,
    changed: Arc<Notify>,
    number: usize,
}

/// What follows a step.
enum Next {
    /// As if nothing had been ordered.
    Agree,
    /// The order was carried out, and the step counts as refused.
    Refused,
    /// The order was carried out, and the step counts as taken.
    Done,
    Close,
}

impl Talk {
    async fn connection(self, tcp: TcpStream) {
        tcp.set_nodelay(true).unwrap();
        let refusal = {
            let mut state = self.state.lock().unwrap();
            let refusal = state.most.filter(|(most, _)| state.open >= *most).map(|(_, words)| words);
            state.refused += usize::from(refusal.is_some());
            state.open += usize::from(refusal.is_none());
            refusal
        };
        match refusal {
            Some(words) => _ = answer(&mut BufStream::new(tcp), words).await,
            None => {
                self.serve(tcp).await;
                self.state.lock().unwrap().open -= 1;
            }
        }
    }

    async fn serve(&self, tcp: TcpStream) {
        // A client that closes first is no concern of the server's.
        let _ = match &self.abilities.implicit {
            Some(acceptor) => match acceptor.accept(tcp).await {
                Ok(tls) => self.talk(BufStream::new(tls), true).await.map(|_| ()),
                Err(_) => return,
            },
            None => match self.talk(BufStream::new(tcp), false).await {
                Ok(Some(tcp)) => self.upgraded(tcp.into_inner()).await,
                ended => ended.map(|_| ()),
            },
        };
    }

    async fn upgraded(&self, tcp: TcpStream) -> std::io::Result<()> {
        let tls = self.abilities.starttls.as_ref().unwrap().accept(tcp).await?;
        self.talk(BufStream::new(tls), true).await.map(|_| ())
    }

    fn ordered(&self, step: Step) -> Act {
        let mut state = self.state.lock().unwrap();
        let once = state.once.get_mut(&step).and_then(VecDeque::pop_front);
        once.or_else(|| state.always.get(&step).cloned()).unwrap_or(Act::Agree)
    }

    async fn act<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        act: Act,
        stream: &mut BufStream<S>,
    ) -> std::io::Result<Next> {
        Ok(match act {
            Act::Agree => Next::Agree,
            Act::Say(reply) => {
                answer(stream, &reply).await?;
                Next::Refused
            }
            Act::SayAndCut(reply) => {
                answer(stream, &reply).await?;
                Next::Close
            }
            Act::Raw(octets) => {
                stream.write_all(&octets).await?;
                stream.flush().await?;
                Next::Done
            }
            Act::RawAndCut(octets) => {
                stream.write_all(&octets).await?;
                stream.flush().await?;
                Next::Close
            }
            Act::Cut => Next::Close,
            Act::Hang => std::future::pending().await,
        })
    }

    /// The dialogue; hands the stream back when it is to be upgraded.
    async fn talk<S>(&self, mut stream: BufStream<S>, encrypted: bool) -> std::io::Result<Option<BufStream<S>>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let (mut mail, mut rcpt) = (None, None);
        let mut greeted = false;
        // After STARTTLS nobody greets.
        if !(encrypted && self.abilities.implicit.is_none()) {
            match self.act(self.ordered(Step::Greeting), &mut stream).await? {
                Next::Agree => answer(&mut stream, "220 mail.example.test ESMTP at your service").await?,
                Next::Refused | Next::Done => {}
                Next::Close => return Ok(None),
            }
        }
        while let Some(line) = self.line(&mut stream).await? {
            let verb = line.to_ascii_uppercase();
            let (step, reply) = match () {
                () if verb.starts_with("EHLO") => (Step::Ehlo, self.ehlo(encrypted)),
                () if verb == "STARTTLS" => (Step::StartTls, "220 go ahead".to_owned()),
                () if verb.starts_with("AUTH") => (Step::Auth, "235 2.7.0 welcome".to_owned()),
                () if verb.starts_with("MAIL FROM:") => (Step::Mail, "250 2.1.0 ok".to_owned()),
                () if verb.starts_with("RCPT TO:") => (Step::Rcpt, "250 2.1.5 ok".to_owned()),
                () if verb == "DATA" => (Step::Data, "354 go on".to_owned()),
                () => {
                    answer(&mut stream, if verb == "QUIT" { "221 bye" } else { "250 ok" }).await?;
                    if verb == "QUIT" {
                        return Ok(None);
                    }
                    if verb == "RSET" {
                        (mail, rcpt) = (None, None);
                    }
                    continue;
                }
            };
            // Out of order, as real servers see it.
            let out_of_order = match step {
                // OpenSMTPD 6.8; a new one begins after STARTTLS.
                Step::Ehlo if std::mem::replace(&mut greeted, true) => Some("503 5.5.1 already identified"),
                Step::Mail if mail.is_some() => Some("503 5.5.1 nested MAIL command"),
                Step::Rcpt if mail.is_none() => Some("503 5.5.1 need MAIL command"),
                Step::Data if rcpt.is_none() => Some("554 5.5.1 no valid recipients"),
                _ => None,
            };
            if let Some(reply) = out_of_order {
                answer(&mut stream, reply).await?;
                continue;
            }
            let next = self.act(self.order_for(step, &line), &mut stream).await?;
            match next {
                Next::Close => return Ok(None),
                Next::Refused => continue,
                Next::Agree if step == Step::Auth => self.auth(&line, &mut stream).await?,
                Next::Agree => answer(&mut stream, &reply).await?,
                Next::Done => {}
            }
            match step {
                Step::StartTls => return Ok(Some(stream)),
                Step::Mail => mail = Some(line),
                Step::Rcpt => rcpt = Some(line),
                Step::Data => {
                    let (Some(mail), Some(rcpt)) = (mail.take(), rcpt.take()) else { return Ok(None) };
                    if !self.text(mail, rcpt, &mut stream).await? {
                        return Ok(None);
                    }
                }
                _ => {}
            }
        }
        Ok(None)
    }

    fn order_for(&self, step: Step, line: &str) -> Act {
        if step == Step::Rcpt {
            let address = line.split(['<', '>']).nth(1).unwrap_or_default();
            if let Some(act) = self.state.lock().unwrap().by_recipient.get(address) {
                return act.clone();
            }
        }
        self.ordered(step)
    }

    fn ehlo(&self, encrypted: bool) -> String {
        let mut lines = vec!["mail.example.test"];
        lines.extend(&self.abilities.announced);
        if self.abilities.starttls.is_some() && !encrypted {
            lines.push("STARTTLS");
        }
        let last = lines.len() - 1;
        let line = |(number, line): (usize, &&str)| format!("250{}{line}", if number == last { ' ' } else { '-' });
        lines.iter().enumerate().map(line).collect::<Vec<_>>().join("\r\n")
    }

    /// PLAIN with an initial response or without, or LOGIN with two questions; anybody may log in.
    async fn auth<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        line: &str,
        stream: &mut BufStream<S>,
    ) -> std::io::Result<()> {
        let questions: &[&str] = match line {
            "AUTH LOGIN" => &["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"],
            "AUTH PLAIN" => &["334 "],
            _ => &[],
        };
        for question in questions {
            answer(stream, question).await?;
            self.line(stream).await?;
        }
        answer(stream, "235 2.7.0 welcome").await
    }

    /// The text up to the final dot; whether the connection goes on.
    async fn text<S>(&self, mail: String, rcpt: String, stream: &mut BufStream<S>) -> std::io::Result<bool>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let mut bytes = Vec::new();
        let mut line = Vec::new();
        let mut first = true;
        loop {
            line.clear();
            if stream.read_until(b'\n', &mut line).await? == 0 {
                return Ok(false);
            }
            if line == b".\r\n" {
                break;
            }
            bytes.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
            if std::mem::take(&mut first) && matches!(self.act(self.ordered(Step::Body), stream).await?, Next::Close) {
                return Ok(false);
            }
        }
        self.state.lock().unwrap().texts.push(bytes.clone());
        self.changed.notify_waiters();
        match self.act(self.ordered(Step::Dot), stream).await? {
            Next::Close => return Ok(false),
            Next::Refused => return Ok(true),
            Next::Agree | Next::Done => {}
        }
        self.state.lock().unwrap().received.push(Received { mail, rcpt, bytes, connection: self.number });
        self.changed.notify_waiters();
        answer(stream, "250 2.0.0 queued").await?;
        Ok(true)
    }

    async fn line<S: AsyncRead + Unpin + AsyncWrite>(
        &self,
        stream: &mut BufStream<S>,
    ) -> std::io::Result<Option<String>> {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        let line = line.trim_end().to_owned();
        self.state.lock().unwrap().said.push(line.clone());
        self.changed.notify_waiters();
        Ok(Some(line))
    }
}

async fn answer<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufStream<S>, reply: &str) -> std::io::Result<()> {
    stream.write_all(reply.as_bytes()).await?;
    stream.write_all(b"\r\n").await?;
    stream.flush().await
}
