//! A configuration for one support mailbox that lives in a temporary folder.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use caseway::config::{
    Config, Database, Desk, Directory, FirstStart, Limits, Log, LogFormat, Mailbox, Source, Transport, Trust,
};
use caseway::intent::examples::Taught;
use caseway::mail::auth_results::Server;
use caseway::mail::language::Language;
use jiff::SignedDuration;
use jiff::tz::TimeZone;

use super::database;

/// `support@example.test`, fed by hand, sending into a folder.
pub fn config(dir: &Path) -> Config {
    let support = Mailbox {
        name: "support".to_owned(),
        address: "support@example.test".to_owned(),
        aliases: vec!["help@example.test".to_owned()],
        queue: "support".to_owned(),
        plus_addressing: true,
        transport: "out".to_owned(),
        language: None,
        first_start: FirstStart::All,
        source: Source::Pipe,
    };
    Config {
        oauth: Default::default(),
        dkim: Default::default(),
        metrics: None,
        canary: None,
        desk: Desk {
            name: "Example Support".to_owned(),
            case_prefix: "CASE".to_owned(),
            default_language: Language::En,
            hours: BTreeMap::from([(Language::En, "Mon–Fri 9:00–17:00 (Helsinki)".to_owned())]),
            phones: vec!["Helsinki +358 9 1234 5678".to_owned()],
            links: Vec::new(),
            incident: BTreeMap::new(),
            reopen_within: SignedDuration::from_hours(14 * 24),
            time_zone: TimeZone::UTC,
            lead: None,
            reactions: false,
        },
        database: Database { url: database::url(dir), password: None },
        mailboxes: BTreeMap::from([("support".to_owned(), support)]),
        queues: BTreeMap::new(),
        queue_addresses: BTreeMap::new(),
        transports: BTreeMap::from([("out".to_owned(), Transport::Folder { path: dir.join("out") })]),
        directory: Directory::Embedded,
        portals: BTreeMap::new(),
        forms: BTreeMap::new(),
        taught: Taught::default(),
        trust: Trust { server: Some(Server::Named("mx.example.test".to_owned())), ..Trust::default() },
        limits: Limits {
            mail_size: 25_000_000,
            attach_size: 10_000_000,
            per_recipient: vec![(SignedDuration::from_hours(1), 10)],
            per_ticket: vec![(SignedDuration::from_hours(1), 5)],
            total: vec![(SignedDuration::from_hours(1), 1_000)],
            links: vec![(SignedDuration::from_hours(1), 4)],
            per_sender: vec![(SignedDuration::from_hours(1), 20), (SignedDuration::from_hours(24), 100)],
            first_contacts: 1_000,
            attempts: 3,
            shutdown: Duration::from_secs(10),
        },
        log: Log { format: LogFormat::Readable, level: "info".to_owned() },
        templates: None,
        web: None,
    }
}
