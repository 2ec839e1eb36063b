//! Every table of the file and its keys, read into the types of [`super`].
//!
//! A reader asks for all its keys first, so that everything that is wrong is found, and only then gives up.

mod database;
mod desk;
mod directory;
mod dkim;
mod form;
mod limits;
mod mailbox;
mod oauth;
mod portal;
mod queue;
mod secret;
mod server;
mod transport;
mod web;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::time::Duration;

use super::section::Section;
use super::{Canary, Config, Directory, Log, LogFormat, Spam, Trust, values};
use crate::intent::examples::Taught;

/// Where monitors find a gateway that only wants [metrics]: a port of those that exporters of metrics take.
const METRICS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9464);

/// The whole file.
pub(super) fn config(root: &Section<'_>) -> Option<Config> {
    let desk = root.section("desk");
    let desk = root.required("desk", desk, "a table [desk] with the desk's name").as_ref().and_then(desk::desk);
    let database = root.section("database");
    let database = root
        .required("database", database, "a table [database] with path = \"/var/lib/caseway/caseway.db\"")
        .as_ref()
        .and_then(database::database);
    let oauth = oauth::providers(root);
    let transports = transport::transports(root, oauth.as_ref());
    let mailboxes = mailbox::mailboxes(root, transports.as_ref(), oauth.as_ref());
    let directory =
        root.section("directory").map_or(Some(Directory::Embedded), |section| directory::directory(&section));
    let dkim = dkim::keys(root);
    let portals = portal::portals(root);
    let (queues, queue_addresses) = queue::queues(root, mailboxes.as_ref());
    let forms = form::forms(root, mailboxes.as_ref(), &portals);
    let taught = Taught::new(forms.values().map(|form| (form.name.as_str(), form.examples.as_slice())));
    let trust = root.section("trust").map(|section| trust(&section)).unwrap_or_default();
    let limits = limits::limits(root.section("limits").as_ref());
    let log = log(root.section("log").as_ref());
    let templates = root.section("templates").and_then(|section| {
        let path = section.path("path");
        section.refuse_unknown();
        path
    });
    let metrics = root.section("metrics").and_then(|section| metrics(&section));
    let canary = root.section("canary").and_then(|section| canary(&section));
    let web = match root.section("web") {
        Some(section) => Some(web::web(&section, mailboxes.as_ref())?),
        None => None,
    };
    Some(Config {
        desk: desk?,
        database: database?,
        mailboxes: mailboxes?,
        oauth: oauth?,
        queues,
        queue_addresses,
        transports: transports?,
        directory: directory?,
        dkim: dkim?,
        portals,
        forms,
        taught,
        trust,
        limits,
        log,
        templates,
        metrics,
        canary,
        web,
    })
}

fn trust(section: &Section<'_>) -> Trust {
    let spam = [("silent", Spam::Silent), ("hold", Spam::Hold), ("drop", Spam::Drop)];
    let trust = Trust {
        server: section.parsed("authserv_id", values::authserv_id),
        verify_dkim: section.flag("verify_dkim", false),
        spam: section.parsed("spam", |word| values::one_of(word, &spam)).unwrap_or_default(),
        dns_server: section.parsed("dns_server", values::name_server),
        date_within: section.parsed("date_within", values::duration).unwrap_or(Trust::default().date_within),
    };
    section.refuse_unknown();
    trust
}

/// Monitors are answered on this machine alone, unless somebody writes where else.
fn metrics(section: &Section<'_>) -> Option<SocketAddr> {
    let listen = section.get("listen").map_or(Some(METRICS), |listen| listen.parsed(values::listen));
    section.refuse_unknown();
    listen
}

/// More than one a minute is a burden, and tells nothing more.
const CANARY_EVERY: RangeInclusive<Duration> = Duration::from_mins(1)..=Duration::from_hours(24);

fn canary(section: &Section<'_>) -> Option<Canary> {
    let every = section.parsed("every", values::wait);
    let every = section.required("every", every, "how often a mail is sent to itself, like \"10m\"");
    let late = section.parsed("late", values::wait);
    section.refuse_unknown();
    let every = every?;
    if !CANARY_EVERY.contains(&every) {
        section.problem_at("every", "must be between 1 minute and 24 hours");
    }
    let late = late.unwrap_or(Duration::from_mins(5).min(every));
    if late > every {
        section.problem_at("late", "must not be longer than `every`: the next one is under way then");
    }
    Some(Canary { every, late })
}

fn log(section: Option<&Section<'_>>) -> Log {
    let Some(section) = section else { return Log::default() };
    let formats = [("readable", LogFormat::Readable), ("json", LogFormat::Json)];
    let default = Log::default();
    let log = Log {
        format: section.parsed("format", |word| values::one_of(word, &formats)).unwrap_or(default.format),
        level: section.parsed("level", values::log_filter).unwrap_or(default.level),
    };
    section.refuse_unknown();
    log
}
