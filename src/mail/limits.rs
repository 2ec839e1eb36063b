//! Every bound on what one mail may cost to read, in one place.

/// Headers kept of one mail; what follows is ignored with a warning.
pub const MAX_HEADERS: usize = 1_000;
/// Characters kept of one header's value.
pub const MAX_HEADER_CHARS: usize = 16_384;
/// MIME parts looked at.
pub const MAX_PARTS: usize = 500;
/// Nesting of multiparts and attached messages.
pub const MAX_DEPTH: usize = 30;
/// Addresses kept of one header.
pub const MAX_ADDRESSES: usize = 500;
/// Message-IDs kept of `References` (the last ones: RFC 5322 §3.6.4 puts the parent last).
pub const MAX_REFERENCES: usize = 100;
/// Characters kept of the readable text; the raw mail keeps the rest.
pub const MAX_TEXT_CHARS: usize = 1_000_000;
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
