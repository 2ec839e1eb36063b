//! The commands of the scripted server, and how they fail.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::Notify;

use super::imap_script::{Fault, Held, State};

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
        let mut ended = "OK done".to_owned();
        match words.as_slice() {
            ["LOGIN", ..] | ["SUBSCRIBE", ..] => {}
            ["CAPABILITY"] => {
                let all = self.state.lock().unwrap().capabilities.join(" ");
                self.say(&format!("* CAPABILITY {all}")).await?;
            }
            ["SELECT" | "EXAMINE", folder] => {
                if !self.select(&unquoted(folder)).await? {
                    ended = "NO [NONEXISTENT] no such folder".to_owned();
                }
            }
            ["LIST", _, pattern, ..] => self.list(&unquoted(pattern)).await?,
            ["STATUS", folder, ..] => self.status(&unquoted(folder)).await?,
            ["APPEND", folder, .., size] => {
                if !self.append(&unquoted(folder), size).await? {
                    ended = "NO [TRYCREATE] no such folder".to_owned();
                }
            }
            ["UID", rest @ ..] => ended = self.uid(rest).await?,
            ["NOOP"] => {
                let gone = self.state.lock().unwrap().expunged_behind.take();
                if let Some(uid) = gone {
                    self.state.lock().unwrap().inbox.remove(&uid);
                    self.say("* 1 EXPUNGE").await?;
                }
            }
            ["ID", ..] => self.say("* ID NIL").await?,
            ["CREATE", folder] => {
                let known = self.state.lock().unwrap().folders.contains_key(&unquoted(folder));
                if known {
                    ended = "NO [ALREADYEXISTS] it is there".to_owned();
                } else {
                    self.state.lock().unwrap().folders.insert(unquoted(folder), Vec::new());
                }
            }
            ["IDLE"] => self.idle().await?,
            ["LOGOUT"] => {
                self.say("* BYE see you").await?;
                self.say(&format!("{tag} OK done")).await?;
                return Err(Closed);
            }
            _ => ended = format!("BAD {command}"),
        }
        self.say(&format!("{tag} {ended}")).await
    }

    /// A command about mails by their UIDs; how it ends.
    async fn uid(&mut self, words: &[&str]) -> Result<String, Closed> {
        let mut limit = String::new();
        match words {
            ["SEARCH", "SINCE", _, "HEADER", "Message-ID", id] => self.find(&unquoted(id)).await?,
            ["SEARCH", ..] if self.state.lock().unwrap().search_is_blind => self.say("* SEARCH").await?,
            ["SEARCH", "UID", set] => limit = self.search(set).await?,
            ["SEARCH", "BEFORE", _] => self.say("* SEARCH").await?,
            ["FETCH", set, "(UID)"] => {
                for uid in self.named(set) {
                    self.say(&format!("* {uid} FETCH (UID {uid})")).await?;
                }
            }
            ["FETCH", set, what @ ..] => {
                let (uids, ended) = self.limited(self.named(set));
                limit = ended;
                if what == ["(RFC822.SIZE", "FLAGS)"] {
                    self.sizes(uids).await?;
                } else {
                    self.bodies(uids, &what.join(" ")).await?;
                }
            }
            ["STORE", set, _, flags] => {
                let (uids, ended) = self.limited(self.named(set));
                limit = ended;
                self.store(uids, flags);
            }
            ["MOVE" | "COPY", ..] if self.state.lock().unwrap().expunged_behind.is_some() => {
                return Ok("NO [EXPUNGEISSUED] Some of the requested messages no longer exist.".to_owned());
            }
            [verb @ ("MOVE" | "COPY"), set, folder] => {
                let (uids, ended) = self.limited(self.named(set));
                limit = ended;
                if !self.transfer(uids, folder, *verb == "MOVE") {
                    return Ok("NO [TRYCREATE] no such folder".to_owned());
                }
            }
            ["EXPUNGE", set] => self.expunge(set),
            _ => return Ok(format!("BAD UID {}", words.join(" "))),
        }
        Ok(format!("OK {limit}done"))
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
            let (junk, separator) = {
                let state = self.state.lock().unwrap();
                (state.junk == Some(name.as_str()), state.separator)
            };
            let uses = if junk { "\\Junk" } else { "" };
            self.say(&format!("* LIST ({uses}) \"{separator}\" \"{name}\"")).await?;
        }
        Ok(())
    }

    async fn status(&mut self, folder: &str) -> Result<(), Closed> {
        let next = self.state.lock().unwrap().folders.get(folder).map_or(0, Vec::len) + 1;
        self.say(&format!("* STATUS \"{folder}\" (UIDVALIDITY 1 UIDNEXT {next})")).await
    }

    /// The mails that one command is about at most, and what the answer says of the others.
    fn limited(&self, mut uids: Vec<u32>) -> (Vec<u32>, String) {
        let (most, from_below) = {
            let state = self.state.lock().unwrap();
            (state.most.unwrap_or(usize::MAX), state.takes_lowest_first)
        };
        if uids.len() <= most {
            return (uids, String::new());
        }
        let last = if from_below {
            uids.truncate(most);
            uids[most - 1]
        } else {
            uids.drain(..uids.len() - most);
            uids[0]
        };
        (uids, format!("[MESSAGELIMIT {most} {last}] "))
    }

    /// The mails of the open folder.
    fn open_mails(&self) -> BTreeMap<u32, Held> {
        let state = self.state.lock().unwrap();
        match state.folders.get(&self.open) {
            Some(mails) => (1..)
                .zip(mails)
                .map(|(uid, mail)| {
                    (uid, Held { bytes: mail.clone(), arrived: state.folder_arrived, ..Held::default() })
                })
                .collect(),
            None => state.inbox.clone(),
        }
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

    async fn search(&mut self, set: &str) -> Result<String, Closed> {
        let (uids, ended) = self.limited(self.named(set));
        let found: Vec<String> = uids.iter().map(u32::to_string).collect();
        self.say(&format!("* SEARCH {}", found.join(" "))).await?;
        Ok(ended)
    }

    /// The UIDs of a set that exist; `n:*` names the last one in any case.
    fn named(&self, set: &str) -> Vec<u32> {
        let mails = self.open_mails();
        let last = mails.keys().next_back().copied().unwrap_or_default();
        let number = |text: &str| if text == "*" { last } else { text.parse().unwrap() };
        let mut found = BTreeSet::new();
        for part in set.split(',') {
            let (a, b) = part.split_once(':').unwrap_or((part, part));
            let (a, b) = (number(a), number(b));
            found.extend(mails.range(a.min(b)..=a.max(b)).map(|(uid, _)| *uid));
        }
        found.into_iter().collect()
    }

    async fn sizes(&mut self, uids: Vec<u32>) -> Result<(), Closed> {
        let mails = self.open_mails();
        for uid in uids {
            let (size, flags) = {
                let state = self.state.lock().unwrap();
                let held = &mails[&uid];
                let flags: Vec<&str> = held.flags.iter().map(String::as_str).collect();
                (state.sizes.get(&uid).copied().unwrap_or(held.bytes.len()), flags.join(" "))
            };
            self.say(&format!("* {uid} FETCH (UID {uid} FLAGS ({flags}) RFC822.SIZE {size})")).await?;
        }
        Ok(())
    }

    async fn bodies(&mut self, named: Vec<u32>, what: &str) -> Result<(), Closed> {
        let mails = self.open_mails();
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
            let mut bytes = mails[&uid].bytes.clone();
            let section = if what.contains("[HEADER]") { "BODY[HEADER]" } else { "BODY[]" };
            if what.contains("[HEADER]") {
                let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").map_or(bytes.len(), |at| at + 4);
                bytes.truncate(end);
            }
            if let Some((_, most)) = what.trim_end_matches(['>', ')']).split_once("<0.") {
                bytes.truncate(most.parse().unwrap());
            }
            let origin = if what.contains("<0.") { "<0>" } else { "" };
            let arrived = match mails[&uid].arrived {
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

    fn store(&self, uids: Vec<u32>, flags: &str) {
        let mut state = self.state.lock().unwrap();
        for uid in uids.into_iter().filter(|_| !state.folders.contains_key(&self.open)).collect::<Vec<_>>() {
            let held = state.inbox.get_mut(&uid).unwrap();
            held.flags.insert(flags.trim_matches(['(', ')']).to_owned());
        }
    }

    /// What is moved out of one of `folders` stays there, too: their UIDs are places in a list.
    fn transfer(&self, named: Vec<u32>, folder: &str, remove: bool) -> bool {
        let mails = self.open_mails();
        let mut state = self.state.lock().unwrap();
        let bytes: Vec<Vec<u8>> = named.iter().map(|uid| mails[uid].bytes.clone()).collect();
        let Some(target) = state.folders.get_mut(&unquoted(folder)) else { return false };
        target.extend(bytes);
        if remove && !state.folders.contains_key(&self.open) {
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
