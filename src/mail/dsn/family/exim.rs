use super::shape::Family;

/// Exim. Recipients stand alone and indented, the cause below them indented deeper:
/// `host mx… [192.0.2.1]: 550 …`. `(generated from …)` names the address that was written to.
pub const EXIM: Family = Family {
    name: "Exim",
    openers: &[
        "this message was created automatically by mail delivery software",
        "this message was created automatically by the mail transport agent",
        "a message that you sent could not be delivered to one or more of",
        "a message that you sent could not be delivered to all of its recipients",
        "a message that you have sent could not be delivered to one or more",
        "a message that you sent has not yet been delivered to one or more of its",
        "the message has not yet been delivered to the following addresses",
        "this message has not yet been delivered to one or more",
    ],
    labels: &["addressed to '", "could not be delivered to:"],
    headings: &[
        "the following address(es) failed",
        "the following address failed",
        "the following addresses failed",
        "has not yet been delivered is",
        "have not yet been delivered are",
        "has not yet been delivered to the following",
        "of its recipients. this is a permanent error",
        "couldn't be delivered to",
    ],
};

/// The mail servers of 1&1, GMX and web.de: Exim's first sentences, then `"address":` or `address:` and lines
/// that begin with the SMTP command.
pub const NEMESIS: Family = Family {
    name: "1&1 Nemesis",
    openers: &["smtp error from remote server after", "smtp error from remote server for", "for the following reason:"],
    labels: &[],
    headings: &["the following address failed", "the following addresses failed"],
};
