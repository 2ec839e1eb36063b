//! The configuration that is being made, and its text.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use secrecy::{ExposeSecret, SecretString};

use super::place::Place;
use super::way::{Guard, Servers, Way};
use crate::config::{self, Config, Mailbox, Secrets, Smtp, Source, Transport};

/// What is known so far.
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) address: String,
    /// The name of mailbox and queue.
    pub(super) mailbox: String,
    pub(super) servers: Servers,
    pub(super) password: SecretString,
    /// The SMTP server wants somebody to sign in.
    pub(super) smtp_login: bool,
    pub(super) plus_addressing: bool,
    pub(super) sent_folder: Option<String>,
    pub(super) authserv_id: Option<String>,
    database: PathBuf,
    ca_file: Option<PathBuf>,
}

/// How the password stands in the text.
#[derive(Clone, Copy)]
pub(super) enum Secret<'a> {
    /// Itself: for a configuration that is only tried, and never written.
    Inline,
    /// In this file beside the configuration.
    File(&'a str),
}

impl Draft {
    pub(super) fn new(
        name: String,
        address: String,
        servers: Servers,
        password: SecretString,
        place: &Place,
        ca_file: Option<&Path>,
    ) -> Self {
        Self {
            name,
            address,
            mailbox: place.mailbox.clone(),
            servers,
            password,
            smtp_login: false,
            plus_addressing: false,
            sent_folder: None,
            authserv_id: None,
            database: place.database.clone(),
            // Relative paths start in the folder of the configuration, and this one in ours.
            ca_file: ca_file.map(|file| std::path::absolute(file).unwrap_or_else(|_| file.to_owned())),
        }
    }

    /// What it would be as a configuration, with its mailbox and its way out.
    pub(super) fn tried(&self, place: &Place) -> anyhow::Result<Tried> {
        let loaded = config::parse(&self.text(Secret::Inline), &place.config, Secrets::Fetch)
            .context("these answers make no configuration; nothing was written")?;
        let config = loaded.config;
        let mailbox = config.mailboxes.values().next().cloned().context("the configuration has no mailbox")?;
        let transport = config.transports.values().next().cloned().context("the configuration has no transport")?;
        Ok(Tried { config, mailbox, transport })
    }

    /// The text of `caseway.toml`.
    pub(super) fn text(&self, secret: Secret<'_>) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.put(&mut text, secret);
        text
    }

    fn put(&self, out: &mut String, secret: Secret<'_>) -> std::fmt::Result {
        writeln!(out, "# Made by `caseway init`. Every key: docs/CONFIGURATION.md. After every change: caseway check")?;
        writeln!(out, "[desk]\nname = {}\n", quoted(&self.name))?;
        writeln!(out, "[database]\npath = {}\n", quoted(&self.database.to_string_lossy()))?;
        writeln!(out, "[mailbox.{}]\naddress = {}", self.mailbox, quoted(&self.address))?;
        writeln!(out, "plus_addressing = {}\n", self.plus_addressing)?;
        writeln!(out, "[mailbox.{}.imap]", self.mailbox)?;
        self.put_server(out, &self.servers.imap, Some(secret))?;
        if !self.password.expose_secret().is_ascii() {
            writeln!(out, "auth = \"plain\"")?;
        }
        if let Some(folder) = &self.sent_folder {
            writeln!(out, "sent_folder = {}", quoted(folder))?;
        }
        writeln!(out, "\n[transport.main.smtp]")?;
        self.put_server(out, &self.servers.smtp, self.smtp_login.then_some(secret))?;
        writeln!(out, "\n[trust]")?;
        match &self.authserv_id {
            Some(id) => writeln!(out, "authserv_id = {}", quoted(id)),
            None => writeln!(
                out,
                "# The server wrote no Authentication-Results into a mail to itself: signatures are verified here.\n\
                 verify_dkim = true"
            ),
        }
    }

    fn put_server(&self, out: &mut String, way: &Way, secret: Option<Secret<'_>>) -> std::fmt::Result {
        writeln!(out, "host = {}\nport = {}\ntls = \"{}\"", quoted(&way.host), way.port, way.guard.word())?;
        if let Some(file) = self.ca_file.as_ref().filter(|_| way.guard != Guard::None) {
            writeln!(out, "ca_file = {}", quoted(&file.to_string_lossy()))?;
        }
        match secret {
            None => Ok(()),
            Some(Secret::Inline) => {
                writeln!(out, "user = {}\npassword = {}", quoted(&way.user), quoted(self.password.expose_secret()))
            }
            Some(Secret::File(file)) => {
                writeln!(out, "user = {}\npassword = {{ file = {} }}", quoted(&way.user), quoted(file))
            }
        }
    }
}

/// A draft as the gateway would read it.
pub(super) struct Tried {
    pub(super) config: Config,
    pub(super) mailbox: Mailbox,
    pub(super) transport: Transport,
}

impl Tried {
    pub(super) fn imap(&self) -> anyhow::Result<&config::Imap> {
        match &self.mailbox.source {
            Source::Imap(imap) => Ok(imap),
            _ => anyhow::bail!("the mailbox is no IMAP account"),
        }
    }

    pub(super) fn smtp(&self) -> anyhow::Result<&Smtp> {
        match &self.transport {
            Transport::Smtp(smtp) => Ok(smtp),
            Transport::Folder { .. } => anyhow::bail!("the transport is no SMTP server"),
        }
    }
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn whatever_is_written_is_read_again() {
        for text in ["", "plain", "a \"b\" \\ c", "line\r\nend\t\u{7f}\u{1}", "ä 台 🎫", "'''", "\\u0041"] {
            let document = format!("key = {}", quoted(text));
            let read: toml::Table = toml::from_str(&document).unwrap();
            assert_eq!(read["key"].as_str(), Some(text), "{document}");
        }
    }
}
