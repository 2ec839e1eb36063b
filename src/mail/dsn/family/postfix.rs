use super::shape::Family;

/// Postfix when its status part is lost (relays that rewrite the report as plain text). Recipients are
/// `<address>: host … said: 550 …`, folded and indented.
pub const POSTFIX: Family = Family {
    name: "Postfix",
    openers: &[
        "this is the postfix program at host",
        "this is the mail system at host",
        "i'm sorry to have to inform you that the message returned",
        "i'm sorry to have to inform you that your message could not",
        "your message could not be delivered for more than",
    ],
    labels: &[],
    headings: &[],
};

/// Postfix telling its own postmaster of a session that failed (`notify_classes`): a transcript of `In:` and
/// `Out:` lines.
pub const DOUBLE_BOUNCE: Family =
    Family { name: "Postfix session report", openers: &["transcript of session follows."], labels: &[], headings: &[] };
