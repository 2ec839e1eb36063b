//! `[mailbox.NAME]`: the accounts that are read.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::SignedDuration;

use super::desk::language;
use super::secret::secret;
use super::server::{Ports, Providers, provider, server};
use crate::config::section::{Section, Value};
use crate::config::{
    After, Credential, FirstStart, Folder, Imap, ImapAuth, Junk, Mailbox, Maildir, Source, Transport, values,
};

type Transports = BTreeMap<String, Transport>;

pub(super) fn mailboxes(
    root: &Section<'_>,
    transports: Option<&Transports>,
    oauth: Providers<'_>,
) -> Option<BTreeMap<String, Mailbox>> {
    let section = root.section("mailbox");
    let section = root.required("mailbox", section, "a table [mailbox.NAME] for at least one mailbox")?;
    let mut mailboxes = BTreeMap::new();
    let mut seen = BTreeMap::new();
    let mut complete = true;
    for entry in section.entries() {
        if let Err(what) = values::name(entry.key()) {
            entry.problem(what);
        }
        match entry
            .section("mailbox.NAME")
            .and_then(|section| mailbox(entry.key(), &section, transports, oauth, &mut seen))
        {
            Some(mailbox) => _ = mailboxes.insert(entry.key().to_owned(), mailbox),
            None => complete = false,
        }
    }
    if complete && mailboxes.is_empty() {
        section.problem("there must be a table [mailbox.NAME] for at least one mailbox");
    }
    complete.then_some(mailboxes)
}

fn mailbox(
    name: &str,
    section: &Section<'_>,
    transports: Option<&Transports>,
    oauth: Providers<'_>,
    seen: &mut BTreeMap<String, String>,
) -> Option<Mailbox> {
    let address = section.parsed("address", values::address);
    let address = section.required("address", address, "the address that customers write to");
    let aliases: Vec<String> =
        section.list("aliases").iter().filter_map(|alias| alias.parsed(values::address)).collect();
    let queue = section.parsed("queue", values::name).unwrap_or_else(|| name.to_owned());
    let plus_addressing = section.flag("plus_addressing", false);
    let transport = transport(section, transports);
    let language = section.parsed("language", language);
    let first_start = section.parsed("first_start", str::parse).unwrap_or(FIRST_START);
    let source = source(section, oauth);
    section.refuse_unknown();
    claim(name, section, address.iter().map(|address| ("address", address)), seen);
    claim(name, section, aliases.iter().map(|alias| ("aliases", alias)), seen);
    Some(Mailbox {
        name: name.to_owned(),
        address: address?,
        aliases,
        queue,
        plus_addressing,
        transport: transport?,
        language,
        first_start,
        source: source?,
    })
}

/// Who asked over a weekend is answered; who asked last month was.
const FIRST_START: FirstStart = FirstStart::Within(SignedDuration::from_hours(48));

/// An address belongs to one mailbox: a mail to it is threaded and answered there.
fn claim<'a>(
    name: &str,
    section: &Section<'_>,
    addresses: impl Iterator<Item = (&'static str, &'a String)>,
    seen: &mut BTreeMap<String, String>,
) {
    for (key, address) in addresses {
        if let Some(other) = seen.insert(address.clone(), name.to_owned()) {
            let owner = if other == name { "twice here".to_owned() } else { format!("in mailbox.{other} already") };
            section.problem_at(key, format!("{address} stands {owner}; an address belongs to one mailbox, once"));
        }
    }
}

/// The transport by name, or the only one there is.
fn transport(section: &Section<'_>, transports: Option<&Transports>) -> Option<String> {
    let written = section.get("transport");
    // What is wrong with the transports is told already.
    let names: Vec<&str> = transports?.keys().map(String::as_str).collect();
    match (written, names.as_slice()) {
        (Some(written), names) => written.parsed(|name| {
            if names.contains(&name) {
                return Ok(name.to_owned());
            }
            Err(format!("there is no [transport.{name}]; there is {}", names.join(", ")))
        }),
        (None, [only]) => Some((*only).to_owned()),
        (None, names) => {
            section.problem_at("transport", format!("missing: which of {} its mails go out by", names.join(", ")));
            None
        }
    }
}

fn source(section: &Section<'_>, oauth: Providers<'_>) -> Option<Source> {
    let imap = section.section("imap").map(|section| imap_account(&section, oauth));
    let maildir = section.section("maildir").map(|section| maildir_folder(&section));
    let pipe = section.flag("pipe", false);
    match (imap, maildir, pipe) {
        (Some(imap), None, false) => imap.map(|imap| Source::Imap(Box::new(imap))),
        (None, Some(maildir), false) => maildir.map(Source::Maildir),
        (None, None, true) => Some(Source::Pipe),
        (None, None, false) => {
            if section.is_absent("imap") && section.is_absent("maildir") {
                section.problem("has no source: add imap = { … }, maildir = { … } or pipe = true");
            }
            None
        }
        _ => {
            section.problem("has several sources: keep one of imap, maildir and pipe = true");
            None
        }
    }
}

const PORTS: Ports = Ports { implicit: 993, starttls: 143, none: 143 };

fn imap_account(section: &Section<'_>, oauth: Providers<'_>) -> Option<Imap> {
    let server = server(section, &PORTS);
    let user = section.text("user");
    let user = section.required("user", user, "the account's user name");
    let (credential, mechanism) = sign_in(section, oauth);
    let (folder, further) = folders(section);
    let is_read = |name: &str| std::iter::once(&folder).chain(&further).any(|folder| is_same(name, &folder.name));
    let junk = [("rescue", Junk::Rescue), ("take", Junk::Take), ("ignore", Junk::Ignore)];
    let junk = section.parsed("junk", |word| values::one_of(word, &junk)).unwrap_or(Junk::Rescue);
    let after = section.get("after").map_or(Some(After::Seen), after);
    if matches!(&after, Some(After::Move(to)) if is_read(to)) {
        section.problem_at("after", "moves mails to the folder they are in; name another one");
    }
    let sent_folder = section.text("sent_folder");
    if sent_folder.as_ref().is_some_and(|to| is_read(to)) {
        section.problem_at("sent_folder", "is the folder that is read; copies of sent mails need another one");
    }
    let idle = section.flag("idle", true);
    let compress = section.flag("compress", false);
    let poll = section.parsed("poll", values::wait).unwrap_or(Duration::from_secs(60));
    let timeout = section.parsed("timeout", values::wait).unwrap_or(Duration::from_secs(30));
    let batch = section.number("batch", 1..=1_000).unwrap_or(200);
    section.refuse_unknown();
    let (host, port, tls) = server?;
    Some(Imap {
        host,
        port,
        tls,
        user: user?,
        credential: credential?,
        mechanism,
        folder,
        further,
        junk,
        after: after?,
        sent_folder,
        idle,
        compress,
        poll,
        timeout,
        batch,
    })
}

/// Folders of one account at most: each has a connection of its own, and providers count them (Gmail takes 15, Dovecot 10).
const MAX_FOLDERS: usize = 8;

/// `folders`, or the one of `folder`; the first, and the others.
fn folders(section: &Section<'_>) -> (Folder, Vec<Folder>) {
    let one = section.text("folder");
    if section.get("folders").is_none() {
        return (Folder::from(one.as_deref().unwrap_or("INBOX")), Vec::new());
    }
    if !section.is_absent("folder") {
        section.problem_at("folder", "has no use beside folders = […]; leave one of them out");
    }
    let mut all: Vec<Folder> = section.list("folders").iter().filter_map(folder).collect();
    if all.len() > MAX_FOLDERS {
        section.problem_at("folders", format!("are more than {MAX_FOLDERS}; make another mailbox of the account"));
    }
    for (at, folder) in all.iter().enumerate() {
        if all.iter().take(at).any(|before| is_same(&before.name, &folder.name)) {
            section.problem_at("folders", format!("name {:?} twice", folder.name));
        }
    }
    if all.is_empty() {
        section.problem_at("folders", "name none; write [\"INBOX\"]");
        return (Folder::from("INBOX"), all);
    }
    (all.remove(0), all)
}

/// `"Support/EMEA"`, or `{ name = "Support/EMEA", queue = "emea" }`.
fn folder(value: &Value<'_, '_>) -> Option<Folder> {
    if !value.is_table() {
        return value.parsed(values::text).map(|name| Folder { name, queue: None });
    }
    let section = value.section("mailbox.NAME.imap.folders")?;
    let name = section.text("name");
    let name = section.required("name", name, "the folder's name");
    let queue = section.parsed("queue", values::name);
    section.refuse_unknown();
    name.map(|name| Folder { name, queue })
}

/// `password`, said as `auth` has it, or `auth = { oauth = "NAME" }`.
fn sign_in(section: &Section<'_>, oauth: Providers<'_>) -> (Option<Credential>, ImapAuth) {
    let password = secret(section, "password");
    if section.get("auth").is_some_and(|auth| auth.is_table()) {
        if !section.is_absent("password") {
            section.problem_at("password", "has no use beside auth = { oauth = … }; leave one of them out");
        }
        return (provider(section, oauth).map(Credential::OAuth), ImapAuth::Plain);
    }
    let hint = "the account's password, best as { file = \"…\" }, or auth = { oauth = \"NAME\" }";
    let password = section.required("password", password, hint);
    let mechanisms = [("login", ImapAuth::Login), ("plain", ImapAuth::Plain)];
    let mechanism = section.parsed("auth", |word| values::one_of(word, &mechanisms)).unwrap_or(ImapAuth::Login);
    (password.map(Credential::Password), mechanism)
}

fn maildir_folder(section: &Section<'_>) -> Option<Maildir> {
    let path = section.path("path");
    let path = section.required("path", path, "the Maildir's folder, with new, cur and tmp in it");
    let mut after = section.get("after").map_or(Some(After::Seen), after);
    if let Some(After::Move(folder)) = &mut after {
        *folder = section.document().path(folder).to_string_lossy().into_owned();
    }
    let poll = section.parsed("poll", values::wait).unwrap_or(Duration::from_secs(10));
    section.refuse_unknown();
    Some(Maildir { path: path?, after: after?, poll })
}

/// INBOX is called so in whatever case (RFC 3501 §5.1).
fn is_same(folder: &str, other: &str) -> bool {
    let is_inbox = |name: &str| name.eq_ignore_ascii_case("INBOX");
    folder == other || is_inbox(folder) && is_inbox(other)
}

/// `"seen"`, `"keep"`, `"delete"` or `{ move = "Processed" }`.
fn after(value: Value<'_, '_>) -> Option<After> {
    if value.is_table() {
        let section = value.section("AFTER")?;
        let folder = section.text("move");
        let folder = section.required("move", folder, "the folder that mails are moved to");
        section.refuse_unknown();
        return folder.map(After::Move);
    }
    let words = [("seen", &After::Seen), ("keep", &After::Keep), ("delete", &After::Delete)];
    value.parsed(|word| {
        values::one_of(word, &words).cloned().map_err(|what| format!("{what}, and no {{ move = \"folder\" }}"))
    })
}
