use super::shape::Family;

/// Exchange 2007 and later, and Exchange Online, when only the words are left. Recipients stand under the first
/// sentence as `name (address)<mailto:address>` and again under "Diagnostic information for administrators".
pub const ONLINE: Family = Family {
    name: "Exchange",
    openers: &[
        "delivery has failed to these recipients or",
        "diagnostic information for administrators:",
        "your message wasn't delivered because",
        "your message couldn't be delivered to the recipient",
        "the following organization rejected your message",
        "remote server returned '",
    ],
    labels: &["delivery of this message to ", "your message to "],
    headings: &[
        "delivery has failed to these recipients",
        "diagnostic information for administrators:",
        "delivery is delayed to these recipients",
        "your message wasn't delivered to",
        "the following recipients could not be reached",
    ],
};

/// Exchange 5.5 to 2003 and the Outlook that shows their reports: `address on date`, the cause below, a line
/// that begins with `MSEXCH:`.
pub const SERVER: Family = Family {
    name: "Exchange 5.5 to 2003",
    openers: &[
        "did not reach the following recipient",
        "did not reach some or all of the intended recipients",
        "the following recipient(s) could not be reached",
        "the following recipient(s) cannot be reached",
        "this message is in mime format, please view it with msexch",
    ],
    labels: &["did not reach the following recipient:"],
    headings: &[
        "did not reach the following recipient",
        "the following recipient(s) could not be reached",
        "the following recipient(s) cannot be reached",
        "the following recipients could not be reached",
        "could not be delivered to the following recipient",
    ],
};

/// The SMTP service of Windows (`SMTPSVC`) when its status part is lost.
pub const SMTPSVC: Family = Family {
    name: "Windows SMTP service",
    openers: &["this is an automatically generated delivery status notification"],
    labels: &[],
    headings: &[
        "delivery to the following recipients failed",
        "delivery to the following recipient failed",
        "delevery to the following recipients failed",
        "delivery to the following recipients was aborted",
        "delivery to the following recipients has been delayed",
        "delivery to the following recipient has been delayed",
        "your message has been successfully relayed to the following recipients",
        "could not be delivered to the following user",
    ],
};
