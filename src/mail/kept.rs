//! What a mail that somebody kept says of itself: when it came, and whether its keeper meant it to go.

use jiff::Timestamp;

use super::{Headers, inbound};

/// When a mail came: when the last server took it (the topmost Received, RFC 5321 §4.4), else the Date of its author, as of a mail that was
/// kept where it was written.
pub fn came_at(headers: &Headers) -> Option<Timestamp> {
    let received = headers.first("Received").and_then(|value| value.rsplit_once(';'));
    let received = received.and_then(|(_, date)| inbound::point_in_time(date.trim()));
    received.or_else(|| headers.first("Date").and_then(inbound::point_in_time))
}

/// Whether no server had the mail in hand: its author's own program kept it.
pub fn is_authors_copy(headers: &Headers) -> bool {
    headers.first("Received").is_none()
}

words! {
    /// Why a mail in an mbox is none that anybody wants: programs mark them and take them out later, or never.
    pub enum Unwanted {
        /// It was deleted: `X-Mozilla-Status` with 0x0008 (Thunderbird, until it compacts), `X-Status` with `D` (Dovecot, UW IMAP, Pine).
        Deleted = "deleted",
        /// It is a draft: `X-Status` with `T`.
        Draft = "draft",
        /// It holds what UW IMAP wants to remember of the folder.
        Internal = "internal",
    }
}

/// Of a mail in an mbox; in a Maildir the file's name says it. Anybody can write these headers; who does only harms their own mail.
pub fn unwanted(headers: &Headers) -> Option<Unwanted> {
    const EXPUNGED: u32 = 0x0008;
    let mozilla = headers.first("X-Mozilla-Status").and_then(|value| u32::from_str_radix(value.trim(), 16).ok());
    let status = headers.first("X-Status").unwrap_or_default();
    let internal = headers.first("X-IMAP").or_else(|| headers.first("X-IMAPbase")).is_some()
        && headers.first("Subject").is_some_and(|subject| subject.contains("FOLDER INTERNAL DATA"));
    if internal {
        Some(Unwanted::Internal)
    } else if mozilla.is_some_and(|flags| flags & EXPUNGED != 0) || status.contains('D') {
        Some(Unwanted::Deleted)
    } else if status.contains('T') {
        Some(Unwanted::Draft)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Headers, Unwanted, came_at, unwanted};

    fn headers(raw: &str) -> Headers {
        Headers::of(raw.as_bytes())
    }

    #[test]
    fn a_mail_came_when_the_last_server_took_it() {
        for (raw, at) in [
            (
                "Received: from a by b; Tue, 3 Mar 2026 10:00:00 +0200\nReceived: from c by a; Mon, 2 Mar 2026 08:00:00 +0000\nDate: Sun, 1 Mar 2026 08:00:00 +0000\n\n",
                Some("2026-03-03T08:00:00Z"),
            ),
            ("Received: by b;\n Tue, 3 Mar 2026 10:00:00 +0000 (UTC)\n\n", Some("2026-03-03T10:00:00Z")),
            ("Received: by b\nDate: Sun, 1 Mar 2026 08:00:00 +0000\n\n", Some("2026-03-01T08:00:00Z")),
            ("Received: by b; soon\nDate: later\n\n", None),
        ] {
            assert_eq!(came_at(&headers(raw)).map(|at| at.to_string()).as_deref(), at, "{raw}");
        }
    }

    #[test]
    fn marks_of_programs_are_known() {
        for (raw, why) in [
            ("X-Mozilla-Status: 0009\n", Some(Unwanted::Deleted)),
            ("X-Mozilla-Status: 0001\nX-Mozilla-Status2: 00800000\n", None),
            ("Status: RO\nX-Status: AD\n", Some(Unwanted::Deleted)),
            ("Status: RO\nX-Status: T\n", Some(Unwanted::Draft)),
            ("Status: RO\nX-Status: AF\n", None),
            ("Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 1 2\n", Some(Unwanted::Internal)),
            ("Subject: Re: FOLDER INTERNAL DATA\n", None),
        ] {
            assert_eq!(unwanted(&headers(raw)), why, "{raw}");
        }
    }
}
