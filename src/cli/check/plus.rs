//! Does mail to `support+anything@…` arrive? Two mails tell: one to the plain address, one with a plus.
//!
//! The plain one makes the answer sure: when not even that arrives, the other one says nothing. A gateway that runs
//! meanwhile takes them for its own mails, by `X-Caseway` and `Auto-Submitted`, and drops them.

use std::collections::BTreeSet;
use std::time::Duration;

use super::finding::Finding;
use crate::canary::OwnMails;
use crate::config::{Config, Mailbox, Source, Transport};
use crate::intake;
use crate::oauth::Tokens;
use crate::send;
use crate::store::{Store, ledger};
use crate::time::Clock;
use futures_util::future::join_all;
use secrecy::ExposeSecret;

pub(super) async fn look(config: &Config, wait: Duration, tokens: Option<&Tokens>) -> Vec<Finding> {
    let store = match config.database.file() {
        // What cannot be opened is told already.
        Some(file) if !file.exists() => None,
        _ => Store::open(config.database.connection().expose_secret()).await.ok(),
    };
    let looks = config
        .mailboxes
        .values()
        .filter(|mailbox| !matches!(mailbox.source, Source::Pipe))
        .map(|mailbox| mailbox_gets_plus(config, store.as_ref(), mailbox, wait, tokens));
    let findings = join_all(looks).await;
    if let Some(store) = store {
        store.close().await;
    }
    findings
}

async fn mailbox_gets_plus(
    config: &Config,
    store: Option<&Store>,
    mailbox: &Mailbox,
    wait: Duration,
    tokens: Option<&Tokens>,
) -> Finding {
    let check = format!("plus {}", mailbox.name);
    let transport = match config.transports.get(&mailbox.transport) {
        Some(transport @ Transport::Smtp(_)) => transport,
        _ => {
            let found = format!("cannot be found out: transport {} sends nothing", mailbox.transport);
            return Finding::warning(&check, found, "");
        }
    };
    let probe = OwnMails::new(&config.desk, &mailbox.address, Clock::system().now());
    if let Err(error) = send::send_once(transport, tokens, &probe.plain).await {
        return Finding::wrong(&check, format!("the mail to {} was not sent: {error}", mailbox.address), "");
    }
    let refused = send::send_once(transport, tokens, &probe.plus).await.err();
    let mut awaited = vec![probe.plain.message_id.clone()];
    if refused.is_none() {
        awaited.push(probe.plus.message_id.clone());
    }
    let in_ledger = async |missing: &[String]| match store {
        Some(store) => ledger::held(store, missing).await.unwrap_or_default(),
        None => Vec::new(),
    };
    match intake::recall(mailbox, tokens, &awaited, wait, in_ledger).await {
        Ok(came) => verdict(&check, mailbox, &probe, &came, refused.as_deref(), wait),
        Err(error) => Finding::wrong(&check, format!("{error:#}"), ""),
    }
}

fn verdict(
    check: &str,
    mailbox: &Mailbox,
    probe: &OwnMails,
    came: &BTreeSet<String>,
    refused: Option<&str>,
    wait: Duration,
) -> Finding {
    let address = &probe.plus.recipient;
    let plus = came.contains(&probe.plus.message_id);
    if plus && mailbox.plus_addressing {
        return Finding::ok(check, format!("{address} arrives"));
    }
    if plus {
        let advice = format!("set plus_addressing = true in [mailbox.{}]", mailbox.name);
        return Finding::warning(check, format!("{address} arrives, and is not used"), advice);
    }
    if !came.contains(&probe.plain.message_id) {
        let found = format!("not even a mail to {} arrived within {} s", mailbox.address, wait.as_secs());
        return Finding::wrong(
            check,
            found,
            "look into the spam folder and the server's log; try again with a longer --wait",
        );
    }
    let found = match refused {
        Some(error) => format!("{address} is refused: {error}"),
        None => format!("{address} does not arrive, {} does", mailbox.address),
    };
    if mailbox.plus_addressing {
        let advice = format!("set plus_addressing = false in [mailbox.{}]", mailbox.name);
        return Finding::wrong(check, found, advice);
    }
    Finding::ok(check, format!("{found}: plus_addressing = false is right"))
}
