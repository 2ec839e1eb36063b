//! Mails that `caseway check` sent to itself: looked for and removed again.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{imap, maildir};
use crate::config::{Mailbox, Source};
use crate::oauth::Tokens;

/// How often the mailbox is looked at: delivery takes a second or so where it works at all.
const PAUSE: Duration = Duration::from_secs(1);

/// Waits, for `limit` at most, until mails with all of these Message-IDs (without angle brackets) are in the mailbox,
/// and removes each. Those that came. `elsewhere` says which of them came another way: a gateway at work may have taken
/// them out of the mailbox already.
pub async fn recall(
    mailbox: &Mailbox,
    tokens: Option<&Tokens>,
    message_ids: &[String],
    limit: Duration,
    elsewhere: impl AsyncFn(&[String]) -> Vec<String>,
) -> anyhow::Result<BTreeSet<String>> {
    let deadline = Instant::now() + limit;
    let mut missing: Vec<String> = message_ids.to_vec();
    let mut came = BTreeSet::new();
    let mut imap_account = match &mailbox.source {
        Source::Imap(imap) => Some(imap::Recaller::connect(imap, tokens).await?),
        _ => None,
    };
    loop {
        let mut found = match (&mailbox.source, &mut imap_account) {
            (_, Some(account)) => account.take_out(&missing).await?,
            (Source::Maildir(maildir), None) => maildir::take_out(maildir, missing.clone()).await?,
            _ => Vec::new(),
        };
        found.extend(elsewhere(&missing).await);
        missing.retain(|id| !found.contains(id));
        came.extend(found);
        if missing.is_empty() || Instant::now() + PAUSE > deadline {
            break;
        }
        sleep(PAUSE).await;
    }
    if let Some(account) = imap_account {
        account.leave().await;
    }
    Ok(came)
}

/// Removes mails with these Message-IDs (without angle brackets) from the mailbox, as far as they are there.
pub async fn remove(mailbox: &Mailbox, tokens: Option<&Tokens>, message_ids: &[String]) -> anyhow::Result<()> {
    match &mailbox.source {
        Source::Imap(imap) => {
            let mut account = imap::Recaller::connect(imap, tokens).await?;
            account.take_out(message_ids).await?;
            account.leave().await;
        }
        Source::Maildir(maildir) => {
            maildir::take_out(maildir, message_ids.to_vec()).await?;
        }
        Source::Pipe => {}
    }
    Ok(())
}
