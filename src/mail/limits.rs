//! Every bound on what one mail may cost to read, in one place.

/// Headers kept of one mail; what follows is ignored with a warning.
pub const MAX_HEADERS: usize = 1_000;
/// Octets of a header's name: longer ones are no names.
pub const MAX_HEADER_NAME: usize = 100;
/// Octets kept of one header's value.
pub const MAX_HEADER_CHARS: usize = 16_384;
/// Parameters looked at of one Content-Type or Content-Disposition.
pub const MAX_PARAMS: usize = 200;
/// Octets of a MIME boundary. RFC 2046 §5.1.1 allows 70; generators were seen with thousands, and a mail must not lose its
/// text for that: as much as a header may have.
pub const MAX_BOUNDARY: usize = MAX_HEADER_CHARS;
/// MIME parts looked at.
pub const MAX_PARTS: usize = 500;
/// Nesting of multiparts and attached messages.
pub const MAX_DEPTH: usize = 30;
/// Nesting of attached messages that are looked into.
pub const MAX_MESSAGE_DEPTH: usize = 3;
/// Addresses kept of one header.
pub const MAX_ADDRESSES: usize = 500;
/// Message-IDs kept of `References` (the last ones: RFC 5322 §3.6.4 puts the parent last).
pub const MAX_REFERENCES: usize = 100;
/// Octets of a Message-ID (RFC 5322 §2.1.1: a line).
pub const MAX_MESSAGE_ID: usize = 998;
/// Characters kept of the readable text; the raw mail keeps the rest.
pub const MAX_TEXT_CHARS: usize = 1_000_000;
/// Octets kept of the HTML part; the raw mail keeps the rest.
pub const MAX_HTML_OCTETS: usize = 4_000_000;
/// Open elements and list or quote levels that the HTML reader tells apart.
pub const MAX_HTML_DEPTH: usize = 50;
/// Nesting up to which a tree is built of HTML that is to be shown.
pub const MAX_TREE_DEPTH: usize = 300;
/// Characters kept of the subject.
pub const MAX_SUBJECT_CHARS: usize = 1_000;
/// Characters kept of a display name.
pub const MAX_NAME_CHARS: usize = 200;
/// Octets of an address (RFC 5321 §4.5.3.1: 64 + 1 + 255).
pub const MAX_ADDRESS_OCTETS: usize = 320;
/// Recipients kept of one delivery report.
pub const MAX_BOUNCE_REPORTS: usize = 100;
/// Characters kept of what a server said of one recipient.
pub const MAX_DIAGNOSTIC_CHARS: usize = 1_000;
/// Characters looked at of a delivery report's words or fields: reports are short, what follows is the returned mail.
pub const MAX_REPORT_CHARS: usize = 65_536;
/// Lines looked at of the same.
pub const MAX_REPORT_LINES: usize = 1_500;
/// Octets of a file name: what the common file systems allow (255), less what a store may add.
pub const MAX_FILENAME_OCTETS: usize = 240;
/// Octets that the charset detector looks at.
pub const CHARSET_SAMPLE: usize = 16_384;
/// Characters that the language detector looks at.
pub const LANGUAGE_SAMPLE: usize = 400;
/// Files unpacked from one container (winmail.dat, uuencoded text).
pub const MAX_UNPACKED: usize = 100;
/// Warnings kept of one mail.
pub const MAX_WARNINGS: usize = 50;
