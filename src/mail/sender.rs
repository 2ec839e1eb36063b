//! What the sender line of a mail says about a machine behind it.

use super::Headers;

/// How much a sender's address and name speak for a mail system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SenderKind {
    /// Anybody.
    Anybody,
    /// An address nobody reads, or a role behind which a person or a program may sit.
    Role,
    /// An address that asks not to be answered (`noreply@`).
    NoReply,
    /// The mail system itself: `MAILER-DAEMON`, "Mail Delivery Subsystem", an empty address.
    Daemon,
}

/// The author line, taken apart as far as machines need it. Lower case throughout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The display name, with encoded words as they came.
    pub name: String,
    /// `local@domain`, or a bare local part, or empty for `<>`.
    pub address: String,
    /// What both say.
    pub kind: SenderKind,
}

/// Addresses that only a mail system writes from, without the signs between the words.
const DAEMONS: &[&str] =
    &["mailerdaemon", "maildaemon", "mdaemon", "maildeliverysystem", "maildeliverysubsystem", "doublebounce"];
/// Names that only a mail system bears.
#[rustfmt::skip]
const DAEMON_NAMES: &[&str] = &[
    "mail delivery sys", "mail delivery subsys", "mail deliver system", "mailer-daemon", "mailer daemon",
    "mail daemon", "mail delivery service", "internet mail delivery", "pmdf e-mail interconnect",
];
/// Local parts behind which a program often sits, but a person may.
const ROLES: &[&str] =
    &["postmaster", "sysadmin", "systemadministrator", "mailadmin", "mailsystem", "mailgateway", "root", "daemon"];
/// Beginnings and ends of local parts that mail software writes under: `E500_SMTP_Mail_Service`, `antivirus-gateway`.
const SOFTWARE: &[&str] = &[
    "smtp",
    "antivirus",
    "mailgateway",
    "mailserver",
    "mailservice",
    "mailsystem",
    "mailscanner",
    "mailrouter",
    "mailsweeper",
    "mailrelay",
    "mailguard",
    "mailwatch",
    "emailgateway",
    "emailsecurity",
    "mailhost",
    "mta",
    "spamfirewall",
];
/// Display names of the same kind.
const ROLE_NAMES: &[&str] =
    &["system administrator", "postmaster", "mail administrator", "ndr administrator", "systemadministrator"];
/// Local parts that ask not to be answered, without the signs between the words: en de fr es it pt nl sv da/nb fi.
#[rustfmt::skip]
const NO_REPLY: &[&str] = &[
    "noreply", "donotreply", "dontreply", "notreply", "keineantwort", "nichtantworten", "nepasrepondre",
    "noresponder", "nonrispondere", "naoresponda", "naoresponder", "nietbeantwoorden", "svarainte", "svaraej",
    "ikkesvar", "svarikke", "alavastaa", "eivastausta",
];

impl Sender {
    /// Reads the `From` header; a mail without one has an empty sender of kind [`SenderKind::Anybody`].
    pub fn of(headers: &Headers) -> Self {
        let value = headers.first("From").unwrap_or_default();
        Self::parse(value)
    }

    /// Reads one author line.
    pub fn parse(value: &str) -> Self {
        let value = value.to_lowercase();
        let (name, address) = match value.rsplit_once('<') {
            Some((name, rest)) => (name, rest.split('>').next().unwrap_or_default()),
            None => match value.split_once('(') {
                Some((address, name)) => (name, address),
                None => ("", value.as_str()),
            },
        };
        let (name, address) = (name.trim_matches(is_edge).to_owned(), address.trim_matches(is_edge).to_owned());
        let kind = if value.trim().is_empty() { SenderKind::Anybody } else { kind(&name, &address) };
        Self { name, address, kind }
    }

    /// The part before the `@`.
    pub fn local(&self) -> &str {
        self.address.rsplit_once('@').map_or(self.address.as_str(), |(local, _)| local)
    }

    /// The part behind the `@`; empty when there is none.
    pub fn domain(&self) -> &str {
        self.address.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

fn is_edge(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '(' | ')' | ',')
}

fn kind(name: &str, address: &str) -> SenderKind {
    let local = bare(address.rsplit_once('@').map_or(address, |(local, _)| local));
    let exchange = local.starts_with("microsoftexchange") && local.len() > 40;
    if exchange || address.is_empty() || DAEMONS.contains(&local.as_str()) || starts_any(name, DAEMON_NAMES) {
        return SenderKind::Daemon;
    }
    if is_no_reply(&local) {
        return SenderKind::NoReply;
    }
    let software = SOFTWARE.iter().any(|word| local.starts_with(word) || local.ends_with(word));
    let software = software || ["smtp", "antivirus", "mailservice"].iter().any(|word| local.contains(word));
    if software || ROLES.contains(&local.as_str()) || ROLE_NAMES.iter().any(|role| name.contains(role)) {
        return SenderKind::Role;
    }
    SenderKind::Anybody
}

fn starts_any(text: &str, list: &[&str]) -> bool {
    list.iter().any(|entry| text.starts_with(entry))
}

/// Letters and digits of a local part, so that `no-reply`, `no_reply` and `no.reply` are one.
fn bare(local: &str) -> String {
    local.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether an address asks not to be answered.
pub fn is_no_reply(address: &str) -> bool {
    let local = bare(&address.rsplit_once('@').map_or(address, |(local, _)| local).to_lowercase());
    NO_REPLY.iter().any(|word| local.contains(word))
}

/// Whether nobody reads what goes to an address: a mail system's, one that asks not to be answered, or one that lists and
/// senders of bulk mail take orders and bounces at (RFC 2142 §6 and what Mailman, Sympa, LISTSERV and ezmlm use).
pub fn is_machine(address: &str) -> bool {
    let address = address.to_lowercase();
    let local = address.rsplit_once('@').map_or(address.as_str(), |(local, _)| local);
    let (bare_of_tag, _) = local.split_once('+').unwrap_or((local, ""));
    let orders = ["-request", "-bounces", "-bounce", "-owner", "-unsubscribe", "-subscribe", "-leave"];
    let programs = ["bounce", "bounces", "unsubscribe", "majordomo", "listserv", "sympa", "mailman"];
    kind("", &address) >= SenderKind::NoReply
        || orders.iter().any(|end| bare_of_tag.ends_with(end))
        || programs.contains(&bare_of_tag)
        || local.starts_with("owner-")
}

/// Whether the mail came with the null return path (RFC 5321 §4.5.5), which only machines use. Some servers
/// write `MAILER-DAEMON` in its place when they deliver.
pub fn null_return_path(headers: &Headers) -> bool {
    headers.all("Return-Path").any(|value| {
        let inner = value.trim().trim_start_matches('<').trim_end_matches('>').trim();
        let local = inner.split('@').next().unwrap_or_default();
        value.contains("<>") || local.eq_ignore_ascii_case("mailer-daemon")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        for (value, kind) in [
            ("Mail Delivery Subsystem <MAILER-DAEMON@mx.example.test>", SenderKind::Daemon),
            ("MAILER-DAEMON@mx.example.test (Mail Delivery System)", SenderKind::Daemon),
            ("MAILER-DAEMON", SenderKind::Daemon),
            ("MAILER-DAEMON <>", SenderKind::Daemon),
            ("<>", SenderKind::Daemon),
            ("", SenderKind::Anybody),
            ("Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.test>", SenderKind::Daemon),
            ("postmaster@example.test", SenderKind::Role),
            ("System Administrator <sa@example.test>", SenderKind::Role),
            ("Shop <no-reply@example.test>", SenderKind::NoReply),
            ("jira-noreply@example.test", SenderKind::NoReply),
            ("Nepomuk <ne-pas-repondre@example.test>", SenderKind::NoReply),
            ("E500_SMTP_Mail_Service@mail.example.test", SenderKind::Role),
            ("AntiVirus_for_SMTP_Gateways@mail.example.test", SenderKind::Role),
            ("Ana Reply <ana@example.test>", SenderKind::Anybody),
            ("Root Canal <dentist@example.test>", SenderKind::Anybody),
        ] {
            assert_eq!(Sender::parse(value).kind, kind, "{value}");
        }
    }

    #[test]
    fn machines() {
        for address in [
            "noreply@shop.test",
            "Jira-NoReply+7@tools.test",
            "MAILER-DAEMON@customer.test",
            "users-request@lists.test",
            "users-bounces+anna=customer.test@lists.test",
            "owner-users@lists.test",
            "bounces+12@sender.test",
            "majordomo@lists.test",
        ] {
            assert!(is_machine(address), "{address}");
        }
        for address in ["anna@customer.test", "postmaster@customer.test", "bounce.house@rental.test", "owner@shop.test"]
        {
            assert!(!is_machine(address), "{address}");
        }
    }

    #[test]
    fn return_paths() {
        let of = |raw: &str| null_return_path(&Headers::of(raw.as_bytes()));
        assert!(of("Return-Path: <>\n\n"));
        assert!(of("Return-Path: <MAILER-DAEMON>\n\n"));
        assert!(of("Return-Path: <MAILER-DAEMON@mx.example.test>\n\n"));
        assert!(!of("Return-Path: <ana@example.test>\n\n"));
        assert!(!of("Subject: x\n\n"));
    }
}
