//! The commands of the scripted server, and how they fail.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::Notify;

use super::imap_script::{Fault, State};

/// Ends the connection.
struct Closed;

impl From<std::io::Error> for Closed {
    fn from(_: std::io::Error) -> Self {
        Self
    }
}

struct Client {
    lines: tokio::io::Lines<BufReader<OwnedReadHalf>>,
    write: OwnedWriteHalf,
    state: Arc<Mutex<State>>,
    changed: Arc<Notify>,
    /// The folder that is open.
    open: String,
}

/// Serves one connection to its end.
pub async fn serve(stream: TcpStream, state: Arc<Mutex<State>>, changed: Arc<Notify>) {
    let (read, write) = stream.into_split();
    let lines = BufReader::new(read).lines();
    let mut client = Client { lines, write, state, changed, open: String::new() };
    let _ = client.talk().await;
}

impl Client {
    async fn talk(&mut self) -> Result<(), Closed> {
        self.say("* OK ready").await?;
        while let Some(line) = self.lines.next_line().await? {
            let (tag, command) = line.split_once(' ').ok_or(Closed)?;
            self.state.lock().unwrap().heard.push(command.to_owned());
            self.changed.notify_waiters();
            if !self.misbehave(tag, command).await? {
                self.answer(tag, command).await?;
            }
            self.changed.notify_waiters();
        }
        Ok(())
    }

    async fn say(&mut self, line: &str) -> Result<(), Closed> {
        Ok(self.write.write_all(format!("{line}\r\n").as_bytes()).await?)
    }

    /// A fault that fits this command, used up.
    fn fault(&self, fits: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let mut state = self.state.lock().unwrap();
        let at = state.faults.iter().position(fits)?;
        Some(state.faults.remove(at))
    }

    /// Whether a fault was the answer.
    async fn misbehave(&mut self, tag: &str, command: &str) -> Result<bool, Closed> {
        let at = |name: &str| command.starts_with(name);
        let fault = self.fault(|fault| match fault {
            Fault::Hang(name)
            | Fault::Bye(name)
            | Fault::No(name)
            | Fault::Close(name)
            | Fault::Garble(name)
            | Fault::Nest(name) => at(name),
            _ => false,
        });
        let refused = self.state.lock().unwrap().refuses.iter().find(|(name, _)| at(name)).map(|(_, words)| *words);
        if let Some(words) = refused {
            self.say(&format!("{tag} {words}")).await?;
            return Ok(true);
        }
        match fault {
            Some(Fault::Hang(_)) => std::future::pending().await,
            Some(Fault::Bye(_)) => {
                self.say("* BYE going down").await?;
                Err(Closed)
            }
            Some(Fault::Close(_)) => Err(Closed),
            Some(Fault::Garble(_)) => {
                self.say("* )( what is this").await?;
                std::future::pending().await
            }
            Some(Fault::Nest(_)) => {
                self.say(&format!("* 1 FETCH {}{}", "(".repeat(33), ")".repeat(33))).await?;
                std::future::pending().await
            }
            Some(Fault::No(_)) => {
                self.say(&format!("{tag} NO [SERVERBUG] not now")).await?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    async fn answer(&mut self, tag: &str, command: &str) -> Result<(), Closed> {
        let words: Vec<&str> = command.split(' ').collect();
        match words.as_slice() {
            ["LOGIN", ..] => {}
            ["CAPABILITY"] => {
                let all = self.state.lock().unwrap().capabilities.join(" ");
                self.say(&format!("* CAPABILITY {all}")).await?;
            }
            ["SELECT" | "EXAMINE", folder] => {
                if !self.select(&unquoted(folder)).await? {
                    return self.say(&format!("{tag} NO [NONEXISTENT] no such folder")).await;
                }
            }
            ["LIST", _, pattern] => self.list(&unquoted(pattern)).await?,
            ["APPEND", folder, .., size] => {
                if !self.append(&unquoted(folder), size).await? {
                    return self.say(&format!("{tag} NO [TRYCREATE] no such folder")).await;
                }
            }
            ["UID", "SEARCH", "SINCE", _, "HEADER", "Message-ID", id] => self.find(&unquoted(id)).await?,
            ["UID", "SEARCH", ..] if self.state.lock().unwrap().search_is_blind => self.say("* SEARCH").await?,
            ["UID", "SEARCH", "UID", set] => self.search(set).await?,
            ["UID", "SEARCH", "BEFORE", _] => self.say("* SEARCH").await?,
            ["UID", "FETCH", set, "(UID)"] => {
                for uid in self.named(set) {
                    self.say(&format!("* {uid} FETCH (UID {uid})")).await?;
                }
            }
            ["UID", "FETCH", set, "(RFC822.SIZE", "FLAGS)"] => self.sizes(set).await?,
            ["UID", "FETCH", set, what @ ..] => self.bodies(set, &what.join(" ")).await?,
            ["UID", "STORE", set, _, flags] => self.store(set, flags),
            ["UID", "MOVE" | "COPY", ..] if self.state.lock().unwrap().expunged_behind.is_some() => {
                let words = "NO [EXPUNGEISSUED] Some of the requested messages no longer exist.";
                return self.say(&format!("{tag} {words}")).await;
            }
            ["NOOP"] => {
                let gone = self.state.lock().unwrap().expunged_behind.take();
                if let Some(uid) = gone {
                    self.state.lock().unwrap().inbox.remove(&uid);
                    self.say("* 1 EXPUNGE").await?;
                }
            }
            ["ID", ..] => self.say("* ID NIL").await?,
            ["UID", verb @ ("MOVE" | "COPY"), set, folder] => {
                if !self.transfer(set, folder, *verb == "MOVE") {
                    return self.say(&format!("{tag} NO [TRYCREATE] no such folder")).await;
                }
            }
            ["UID", "EXPUNGE", set] => self.expunge(set),
            ["CREATE", folder] => {
                let known = self.state.lock().unwrap().folders.contains_key(&unquoted(folder));
                if known {
                    return self.say(&format!("{tag} NO [ALREADYEXISTS] it is there")).await;
                }
                self.state.lock().unwrap().folders.insert(unquoted(folder), Vec::new());
            }
            ["SUBSCRIBE", ..] => {}
            ["IDLE"] => self.idle().await?,
            ["LOGOUT"] => {
                self.say("* BYE see you").await?;
                self.say(&format!("{tag} OK done")).await?;
                return Err(Closed);
            }
            _ => return self.say(&format!("{tag} BAD {command}")).await,
        }
        self.say(&format!("{tag} OK done")).await
    }

    /// Whether there is such a folder.
    async fn select(&mut self, folder: &str) -> Result<bool, Closed> {
        let found = {
            let state = self.state.lock().unwrap();
            match state.folders.get(folder) {
                Some(mails) => Some((mails.len(), 1, mails.len() as u32 + 1)),
                None if folder == "INBOX" => {
                    let next = state.inbox.keys().next_back().map_or(1, |uid| uid + 1);
                    Some((state.inbox.len(), state.uidvalidity, next))
                }
                None => None,
            }
        };
        let Some((messages, uidvalidity, next)) = found else { return Ok(false) };
        self.open = folder.to_owned();
        self.say(&format!("* {messages} EXISTS")).await?;
        self.say(&format!("* OK [UIDVALIDITY {uidvalidity}] valid")).await?;
        self.say(&format!("* OK [UIDNEXT {next}] next")).await?;
        Ok(true)
    }

    async fn list(&mut self, pattern: &str) -> Result<(), Closed> {
        let names: Vec<String> = self.state.lock().unwrap().folders.keys().cloned().collect();
        for name in names.iter().filter(|name| pattern == "*" || *name == pattern) {
            self.say(&format!("* LIST () \"/\" \"{name}\"")).await?;
        }
        Ok(())
    }

    /// Takes a mail into a folder; false when there is none. What happens meanwhile elsewhere is told before the leave
    /// to go on (RFC 3501 §7: at any time).
    async fn append(&mut self, folder: &str, size: &str) -> Result<bool, Closed> {
        if !self.state.lock().unwrap().folders.contains_key(folder) {
            return Ok(false);
        }
        let size: usize = size.trim_matches(['{', '}']).parse().unwrap();
        self.say("* OK still here").await?;
        self.say("+ go on").await?;
        let mut mail = vec![0; size + 2];
        let cut = self.fault(|fault| *fault == Fault::CutInLiteral).is_some();
        let most = if cut { size / 2 } else { mail.len() };
        self.lines.get_mut().read_exact(&mut mail[..most]).await?;
        if cut {
            return Err(Closed);
        }
        assert!(mail.ends_with(b"\r\n"), "a literal and its line end");
        mail.truncate(size);
        let unwanted = self.state.lock().unwrap().unwanted.clone();
        if unwanted.is_some_and(|words| String::from_utf8_lossy(&mail).contains(&words)) {
            return Ok(false);
        }
        self.state.lock().unwrap().folders.get_mut(folder).unwrap().push(mail);
        self.changed.notify_waiters();
        match self.fault(|fault| matches!(fault, Fault::CutAfterLiteral | Fault::HangAfterLiteral)) {
            Some(Fault::CutAfterLiteral) => Err(Closed),
            Some(_) => std::future::pending().await,
            None => Ok(true),
        }
    }

    /// The mails of the open folder with this Message-ID.
    async fn find(&mut self, id: &str) -> Result<(), Closed> {
        let wanted = format!("Message-ID: <{id}");
        let found: Vec<String> = {
            let state = self.state.lock().unwrap();
            let mails = state.folders.get(&self.open).map(Vec::as_slice).unwrap_or_default().iter().enumerate();
            let named = mails.filter(|(_, mail)| String::from_utf8_lossy(mail).contains(&wanted));
            named.map(|(at, _)| (at + 1).to_string()).collect()
        };
        self.say(&format!("* SEARCH {}", found.join(" "))).await
    }

    async fn search(&mut self, set: &str) -> Result<(), Closed> {
        let found: Vec<String> = self.named(set).iter().map(u32::to_string).collect();
        self.say(&format!("* SEARCH {}", found.join(" "))).await
    }

    /// The UIDs of a set that exist; `n:*` names the last one in any case.
    fn named(&self, set: &str) -> Vec<u32> {
        let state = self.state.lock().unwrap();
        let last = state.inbox.keys().next_back().copied().unwrap_or_default();
        let number = |text: &str| if text == "*" { last } else { text.parse().unwrap() };
        let mut found = BTreeSet::new();
        for part in set.split(',') {
            let (a, b) = part.split_once(':').unwrap_or((part, part));
            let (a, b) = (number(a), number(b));
            found.extend(state.inbox.range(a.min(b)..=a.max(b)).map(|(uid, _)| *uid));
        }
        found.into_iter().collect()
    }

    async fn sizes(&mut self, set: &str) -> Result<(), Closed> {
        for uid in self.named(set) {
            let (size, flags) = {
                let state = self.state.lock().unwrap();
                let held = &state.inbox[&uid];
                let flags: Vec<&str> = held.flags.iter().map(String::as_str).collect();
                (state.sizes.get(&uid).copied().unwrap_or(held.bytes.len()), flags.join(" "))
            };
            self.say(&format!("* {uid} FETCH (UID {uid} FLAGS ({flags}) RFC822.SIZE {size})")).await?;
        }
        Ok(())
    }

    async fn bodies(&mut self, set: &str, what: &str) -> Result<(), Closed> {
        let named = self.named(set);
        let most = match self.fault(|fault| matches!(fault, Fault::EndEarly(_)) && named.len() > 1) {
            Some(Fault::EndEarly(most)) => most,
            _ => usize::MAX,
        };
        for uid in named.into_iter().take(most) {
            if self.state.lock().unwrap().poison.contains(&uid) {
                return Err(Closed);
            }
            if self.state.lock().unwrap().withheld.contains(&uid) {
                continue;
            }
            let mut bytes = self.state.lock().unwrap().inbox[&uid].bytes.clone();
            let section = if what.contains("[HEADER]") { "BODY[HEADER]" } else { "BODY[]" };
            if what.contains("[HEADER]") {
                let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").map_or(bytes.len(), |at| at + 4);
                bytes.truncate(end);
            }
            if let Some((_, most)) = what.trim_end_matches(['>', ')']).split_once("<0.") {
                bytes.truncate(most.parse().unwrap());
            }
            let origin = if what.contains("<0.") { "<0>" } else { "" };
            let arrived = match self.state.lock().unwrap().inbox[&uid].arrived {
                arrived if what.contains("INTERNALDATE") && !arrived.is_empty() => {
                    format!("INTERNALDATE \"{arrived}\" ")
                }
                _ => String::new(),
            };
            let head = format!("* {uid} FETCH (UID {uid} {arrived}{section}{origin} {{{}}}\r\n", bytes.len());
            self.write.write_all(head.as_bytes()).await?;
            if self.fault(|fault| *fault == Fault::CutAt(uid)).is_some() {
                self.write.write_all(&bytes[..bytes.len() / 2]).await?;
                return Err(Closed);
            }
            self.write.write_all(&bytes).await?;
            self.say(")").await?;
        }
        Ok(())
    }

    fn store(&self, set: &str, flags: &str) {
        let named = self.named(set);
        let mut state = self.state.lock().unwrap();
        for uid in named {
            let held = state.inbox.get_mut(&uid).unwrap();
            held.flags.insert(flags.trim_matches(['(', ')']).to_owned());
        }
    }

    fn transfer(&self, set: &str, folder: &str, remove: bool) -> bool {
        let named = self.named(set);
        let mut state = self.state.lock().unwrap();
        let mails: Vec<Vec<u8>> = named.iter().map(|uid| state.inbox[uid].bytes.clone()).collect();
        let Some(target) = state.folders.get_mut(&unquoted(folder)) else { return false };
        target.extend(mails);
        if remove {
            state.inbox.retain(|uid, _| !named.contains(uid));
        }
        true
    }

    fn expunge(&self, set: &str) {
        let named = self.named(set);
        let mut state = self.state.lock().unwrap();
        state.inbox.retain(|uid, held| !(named.contains(uid) && held.flags.contains("\\Deleted")));
    }

    async fn idle(&mut self) -> Result<(), Closed> {
        let before = self.state.lock().unwrap().inbox.len();
        self.say("+ idling").await?;
        let mut told = before;
        loop {
            let changed = self.changed.clone();
            let changed = changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let now = self.state.lock().unwrap().inbox.len();
            if now != told {
                told = now;
                self.say("* OK still here").await?;
                self.say(&format!("* {now} EXISTS")).await?;
            }
            tokio::select! {
                line = self.lines.next_line() => return line?.filter(|line| line == "DONE").map(drop).ok_or(Closed),
                () = changed => {}
            }
        }
    }
}

fn unquoted(text: &str) -> String {
    text.trim_matches('"').to_owned()
}
