//! The codes that templates compare with. One that no letter can have is a typing mistake, and its words would never be
//! read.

use crate::desk::form::hand_over::HandOver;
use crate::desk::notice::kind::Notice;

/// The codes of `reason`, of any kind of mail.
pub const REASONS: [&str; 65] = [
    "stranger",
    "token_of_another",
    "dmarc_fail",
    "no_proof",
    "commands",
    "hard",
    "soft",
    "refused",
    "expired",
    "bounced",
    "empty",
    "forward",
    "reaction",
    "calendar",
    "recall",
    "encrypted",
    "notice",
    "address",
    "command",
    "banner",
    "file",
    "nobody",
    "colleague",
    "flood",
    "aside",
    "oversize",
    "reminder",
    "unclear",
    "complete",
    "approval",
    "second_approval",
    "rounds",
    "no_answer",
    "not_helped",
    "unknown_account",
    "foreign_address",
    "account_disabled",
    "person_disabled",
    "unknown_person",
    "stopped",
    "closed",
    "directory_failed",
    "again",
    "other_name",
    "closes",
    "stays",
    "solved",
    "spam",
    "asked",
    "withdrawn",
    "new",
    "open",
    "asking",
    "waiting",
    "escalated",
    "asks_status",
    "delete_account",
    "begun",
    "ahead",
    "over",
    "assigned",
    "queue",
    "failed",
    "note",
    "mentioned",
];

/// The codes of `standing.status`.
pub const STATUSES: [&str; 6] = ["new", "open", "waiting", "closed", "held", "merged"];

/// The codes of `standing.priority`.
pub const PRIORITIES: [&str; 4] = ["low", "normal", "high", "urgent"];

/// The codes of `form.action`.
pub const ACTIONS: [&str; 7] = [
    "register",
    "reset-password",
    "reset-second-factor",
    "sign-in-help",
    "partner-sign-in-help",
    "registration-file",
    "engineer",
];

/// The codes of `form.platform`.
pub const PLATFORMS: [&str; 2] = ["windows", "linux"];

/// The codes of `problem` of what is missing in a form.
pub const PROBLEMS: [&str; 3] = ["missing", "invalid", "conflict"];

/// The codes of `place` of what was understood of a form.
pub const PLACES: [&str; 10] =
    ["label", "table", "list", "above", "prose", "signature", "reply_to", "from", "engineer", "page"];

/// The codes of `user.state`.
pub const STATES: [&str; 3] = ["invited", "active", "disabled"];

/// The reasons a notice can have.
pub fn reasons_of(notice: Notice) -> &'static [&'static str] {
    match notice {
        Notice::Held => &["stranger", "token_of_another", "dmarc_fail", "no_proof", "spam"],
        Notice::Unproven => &["no_proof", "dmarc_fail", "commands"],
        Notice::DeliveryFailed => &["hard", "soft", "refused", "expired", "bounced"],
        Notice::NotPassedOn => &[
            "empty",
            "forward",
            "reaction",
            "calendar",
            "recall",
            "encrypted",
            "notice",
            "address",
            "command",
            "banner",
            "file",
            "nobody",
        ],
        Notice::Oversize => &["oversize"],
        Notice::FormQuestion => &["", "reminder", "unclear"],
        Notice::FormHandover => &HandOver::WORDS,
        Notice::CommandResult => &["", "failed", "note"],
        Notice::Note => &["", "mentioned"],
        Notice::HandedOver => &["assigned", "queue"],
        Notice::Activation | Notice::Welcome => &["", "again"],
        Notice::SignInHelp => &["", "other_name"],
        Notice::WaitingReminder => &["closes", "stays"],
        Notice::Closed => &["no_answer", "solved", "asked", "withdrawn"],
        Notice::CaseStatus => &["new", "open", "asking", "waiting", "escalated"],
        Notice::NewTicket => &["", "delete_account"],
        Notice::Trouble => &["begun", "ahead", "over"],
        Notice::CustomerReply => {
            &["", "aside", "flood", "colleague", "escalated", "asks_status", "asked", "withdrawn", "delete_account"]
        }
        _ => &[],
    }
}

/// The codes that the value of a path can have, `None` when it has no codes.
pub fn of(path: &str) -> Option<Vec<&'static str>> {
    let name = path.trim_start_matches("../").trim_start_matches("@root/").trim_start_matches("this.");
    let known: &[&str] = match name {
        "reason" => &REASONS,
        "form.action" => &ACTIONS,
        "form.platform" => &PLATFORMS,
        "problem" => &PROBLEMS,
        "place" => &PLACES,
        "user.state" => &STATES,
        "standing.status" => &STATUSES,
        "standing.priority" => &PRIORITIES,
        "notice" => return Some(Notice::ALL.map(Notice::as_str).to_vec()),
        _ => return None,
    };
    Some(known.to_vec())
}
