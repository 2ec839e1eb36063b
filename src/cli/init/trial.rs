//! The draft tried on the real servers: signing in to both, and a mail there and back.

use std::time::Duration;

use anyhow::{anyhow, bail};
use tokio::time::timeout;

use super::draft::{Draft, Tried};
use super::person::Person;
use super::place::Place;
use super::steps::Steps;
use super::way::{Guard, port_of};
use crate::canary::OwnMails;
use crate::cli::progress;
use crate::config::Smtp;
use crate::discover::Kind;
use crate::intake::imap::ImapError;
use crate::intake::{self, RoundTrip};
use crate::mail::Headers;
use crate::mail::auth_results;
use crate::send::{self, Fault, FaultKind};
use crate::time::Clock;

/// The longest look at one server, all its steps together.
const LIMIT: Duration = Duration::from_secs(60);
/// How often a password may be typed.
const ATTEMPTS: u32 = 3;

/// Signs in to both servers. `person` is whoever typed the password, and may type it again.
pub(super) async fn sign_in(
    draft: &mut Draft,
    place: &Place,
    person: Option<&Person>,
    steps: &mut Steps,
) -> anyhow::Result<()> {
    for attempt in 1.. {
        let tried = draft.tried(place)?;
        let error = match timeout(LIMIT, intake::probe(&tried.mailbox, None)).await {
            Ok(Ok(report)) => {
                let at = draft.servers.imap.place();
                steps.done(&format!("IMAP lets {} in at {at}: {} mails", draft.servers.imap.user, report.messages))?;
                break;
            }
            Ok(Err(error)) => error,
            Err(_) => bail!(
                "IMAP at {} does not answer within {} s; nothing was written",
                draft.servers.imap.place(),
                LIMIT.as_secs()
            ),
        };
        let is_login = matches!(error.downcast_ref(), Some(ImapError::Login { .. }));
        let what = format!(
            "IMAP at {}: {}",
            draft.servers.imap.place(),
            by_flags(Kind::Imap, &error.root_cause().to_string())
        );
        match person.filter(|_| is_login && attempt < ATTEMPTS) {
            Some(person) => {
                steps.wrong(&what)?;
                draft.password = person.password(&draft.servers.imap.user)?;
            }
            None => bail!("{what}. Nothing was written"),
        }
    }
    sign_in_to_smtp(draft, place, steps).await
}

/// Signs in where the server offers that.
async fn sign_in_to_smtp(draft: &mut Draft, place: &Place, steps: &mut Steps) -> anyhow::Result<()> {
    let mut found = look(draft.tried(place)?.smtp()?).await;
    if matches!(&found, Err(fault) if fault.kind == FaultKind::Unreachable) && draft.servers.smtp.is_guessed {
        // Nobody told the port: the other usual one.
        let usual = draft.servers.smtp.clone();
        draft.servers.smtp.guard = Guard::Starttls;
        draft.servers.smtp.port = port_of(Kind::Smtp, Guard::Starttls);
        found = look(draft.tried(place)?.smtp()?).await;
        if matches!(&found, Err(fault) if fault.kind == FaultKind::Unreachable) {
            draft.servers.smtp = usual;
        }
    }
    let report = found.map_err(|fault| unusable(draft, &fault))?;
    draft.smtp_login = !report.mechanisms.is_empty();
    let at = draft.servers.smtp.place();
    if !draft.smtp_login {
        steps.done(&format!("SMTP takes mails at {at}, without signing in"))?;
        return Ok(());
    }
    look(draft.tried(place)?.smtp()?).await.map_err(|fault| unusable(draft, &fault))?;
    steps.done(&format!("SMTP lets {} in at {at}", draft.servers.smtp.user))?;
    Ok(())
}

async fn look(smtp: &Smtp) -> Result<send::ProbeReport, Fault> {
    match timeout(LIMIT, send::probe(smtp, None)).await {
        Ok(found) => found,
        Err(_) => Err(Fault {
            place: format!("{}:{}", smtp.host, smtp.port),
            kind: FaultKind::Unreachable,
            problem: format!("no answer within {} s", LIMIT.as_secs()),
            advice: "check `host` and `port`",
        }),
    }
}

fn unusable(draft: &Draft, fault: &Fault) -> anyhow::Error {
    let advice = by_flags(Kind::Smtp, fault.advice);
    anyhow!("SMTP at {}: {}; {advice}. Nothing was written", draft.servers.smtp.place(), fault.problem)
}

/// Advice that speaks of the configuration's keys, in the words of our flags.
fn by_flags(kind: Kind, advice: &str) -> String {
    let (place, guard) = match kind {
        Kind::Imap => ("--imap HOST:PORT", "--imap-tls"),
        Kind::Smtp => ("--smtp HOST:PORT", "--smtp-tls"),
    };
    let words = [
        ("`host` and `port`", place.to_owned()),
        ("`user`, `password` and `auth`", "--user and the password".to_owned()),
        ("`user` and `password`", "--user and the password".to_owned()),
        ("in `ca_file`", "with --ca-file FILE".to_owned()),
        ("`ca_file`", "--ca-file FILE".to_owned()),
        ("`tls = \"implicit\"`", format!("{guard} implicit")),
        ("`tls = \"starttls\"`", format!("{guard} starttls")),
        ("in `host`", format!("with {place}")),
        ("`host`", place.to_owned()),
        ("`port`", place.to_owned()),
        ("`tls`", guard.to_owned()),
        ("`user`", "--user".to_owned()),
        ("`password`", "the password".to_owned()),
    ];
    words.iter().fold(advice.to_owned(), |text, (key, flag)| text.replace(key, flag))
}

/// Sends the mails and learns from what comes back. False when nothing did.
pub(super) async fn round_trip(
    draft: &mut Draft,
    place: &Place,
    limit: Duration,
    steps: &mut Steps,
) -> anyhow::Result<bool> {
    let tried = draft.tried(place)?;
    let mails = OwnMails::new(&tried.config.desk, &draft.address, Clock::system().now());
    let refused = hand_in(&tried, &mails).await?;
    let waiting = progress::waiting("waiting for the mail to itself");
    let other = refused.is_none().then_some(mails.plus.message_id.as_str());
    let trip = intake::round_trip(tried.imap()?, &mails.plain.message_id, other, limit).await;
    waiting.finish_and_clear();
    let trip = trip.map_err(|error| {
        let what = by_flags(Kind::Imap, &error.to_string());
        anyhow!("the mail to itself cannot be looked for: {what}. Nothing was written")
    })?;
    let is_back = learn_of_arrival(draft, &trip, limit, steps)?;
    if is_back {
        learn_of_plus(draft, &trip, &mails.plus.recipient, refused.as_deref(), steps)?;
    }
    learn_of_folders(draft, &trip, steps)?;
    Ok(is_back)
}

/// Hands both mails in. What the server has against the one with a plus, if anything.
async fn hand_in(tried: &Tried, mails: &OwnMails) -> anyhow::Result<Option<String>> {
    if let Err(error) = send::send_once(&tried.transport, None, &mails.plain).await {
        bail!(
            "the mail from {0} to itself was not taken: {error}; the account must be allowed to send as {0}: check --user, \
             and ask whoever runs the server. Nothing was written",
            mails.plain.recipient
        );
    }
    Ok(send::send_once(&tried.transport, None, &mails.plus).await.err())
}

fn learn_of_arrival(draft: &mut Draft, trip: &RoundTrip, limit: Duration, steps: &mut Steps) -> anyhow::Result<bool> {
    let Some(came) = &trip.plain else {
        steps.wrong(&format!(
            "the mail to {} did not come back within {} s: is this address delivered to this account? Look into the \
             server's log. What only that mail could show is not set; when mails arrive: caseway check --probe-plus",
            draft.address,
            limit.as_secs()
        ))?;
        return Ok(false);
    };
    if trip.special.junk.as_ref() == Some(&came.folder) {
        steps.warn(&format!("the mail to itself lay in {}: customers' mails may, too", came.folder))?;
    } else {
        steps.done(&format!("the mail to {} is back", draft.address))?;
    }
    draft.authserv_id = auth_results::top_name(&Headers::of(&came.header));
    match &draft.authserv_id {
        Some(id) => steps.done(&format!("the server calls itself {id} in Authentication-Results: authserv_id"))?,
        None => steps.warn(
            "the server wrote no Authentication-Results into that mail: DKIM signatures are verified here (verify_dkim). If \
             it writes them into mails from outside, set authserv_id in [trust]",
        )?,
    }
    Ok(true)
}

fn learn_of_plus(
    draft: &mut Draft,
    trip: &RoundTrip,
    recipient: &str,
    refused: Option<&str>,
    steps: &mut Steps,
) -> anyhow::Result<()> {
    draft.plus_addressing = trip.other.is_some();
    let (local, domain) = draft.address.rsplit_once('@').unwrap_or((&draft.address, ""));
    let shown = format!("{local}+anything@{domain}");
    if draft.plus_addressing {
        steps.done(&format!("{shown} arrives: plus_addressing = true"))?;
        return Ok(());
    }
    let why = match refused {
        Some(error) => format!("is refused ({})", error.replace(recipient, &shown)),
        None => "does not arrive".to_owned(),
    };
    steps.warn(&format!(
        "{shown} {why}: plus_addressing = false. Replies are recognised by their headers and the case number alone, which \
         does as a rule; if the server can learn it (recipient_delimiter = + in Postfix), caseway check --probe-plus sees it"
    ))?;
    Ok(())
}

fn learn_of_folders(draft: &mut Draft, trip: &RoundTrip, steps: &mut Steps) -> anyhow::Result<()> {
    let folder = &trip.special;
    match &folder.sent {
        Some(sent) if trip.keeps_sent => {
            steps.done(&format!(
                "the server keeps copies of sent mails in {sent} by itself: no sent_folder is needed"
            ))?;
        }
        Some(sent) => {
            steps.done(&format!("copies of sent mails go into {sent}: sent_folder"))?;
            draft.sent_folder = Some(sent.clone());
        }
        None => steps.warn("the server names no folder for sent mails: no copies are kept there (sent_folder)")?,
    }
    if let Some(junk) = &folder.junk {
        steps.done(&format!("spam goes into {junk}, which is not read"))?;
    }
    Ok(())
}
