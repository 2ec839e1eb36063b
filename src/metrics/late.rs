//! How long after its last look a mailbox is late.

use std::time::Duration;

use crate::config::Source;

/// A mailbox looks at least once a `poll`; several fail before somebody is called.
pub fn late(source: &Source) -> Option<Duration> {
    let poll = match source {
        Source::Imap(imap) => imap.poll + imap.timeout,
        Source::Maildir(maildir) => maildir.poll,
        Source::Pipe => return None,
    };
    Some(poll * 3 + Duration::from_mins(2))
}
