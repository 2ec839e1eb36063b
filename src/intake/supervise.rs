//! A reader that hangs is begun anew.

use std::time::Duration;

use tokio::time::Instant;

use crate::config::Source;
use crate::metrics::Metrics;

/// Reads a mailbox by `read`. A reader that gives no sign of life for `limit` is ended and begun anew, and that is said. Each command to a
/// server has its limit, so this is for what nobody thought of.
pub(super) async fn supervise<R: Future<Output = ()>>(
    metrics: &Metrics,
    mailbox: &str,
    limit: Duration,
    read: impl Fn() -> R,
) {
    loop {
        metrics.begins(mailbox);
        tokio::select! {
            biased;
            () = read() => return,
            () = silence(metrics, mailbox, limit) => {}
        }
        metrics.restarted(mailbox);
        tracing::error!(
            event = "mailbox.hung",
            mailbox,
            "the mailbox's reader gave no sign of life for {} s and is begun anew",
            limit.as_secs()
        );
    }
}

/// Ends once a mailbox's reader was silent for so long.
async fn silence(metrics: &Metrics, mailbox: &str, limit: Duration) {
    while let Some(seen) = metrics.seen(mailbox) {
        let end = seen.alive + limit;
        if end <= Instant::now() {
            return;
        }
        tokio::time::sleep_until(end).await;
    }
}

/// A reader looks once a `poll`, and pauses for minutes after a loss; taking a large batch from a slow server may take long.
pub(super) fn silent_for(source: &Source) -> Option<Duration> {
    let poll = match source {
        Source::Imap(imap) => imap.poll + imap.timeout,
        Source::Maildir(maildir) => maildir.poll,
        Source::Pipe => return None,
    };
    Some(poll * 2 + Duration::from_mins(30))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::task::Poll;

    use super::*;

    #[tokio::test]
    async fn a_reader_that_gets_on_is_not_silent() {
        let metrics = Metrics::default();
        metrics.begins("support");
        let mut silent = std::pin::pin!(silence(&metrics, "support", Duration::from_secs(3_600)));
        assert_eq!(futures_util::poll!(silent.as_mut()), Poll::Pending);
        let mut silent = std::pin::pin!(silence(&metrics, "support", Duration::ZERO));
        assert_eq!(futures_util::poll!(silent.as_mut()), Poll::Ready(()));
    }

    #[tokio::test]
    async fn a_reader_that_hangs_is_begun_anew() {
        let begun = Cell::new(0);
        let read = || {
            begun.set(begun.get() + 1);
            let hangs = begun.get() < 3;
            async move {
                if hangs {
                    std::future::pending::<()>().await;
                }
            }
        };
        supervise(&Metrics::default(), "support", Duration::ZERO, read).await;
        assert_eq!(begun.get(), 3);
    }
}
