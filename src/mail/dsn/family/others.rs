use super::shape::Family;

/// The DragonFly Mail Agent.
pub const DRAGONFLY: Family = Family {
    name: "DragonFly Mail Agent",
    openers: &["this is the dragonfly mail agent", "this is the dma at"],
    labels: &["there was an error delivering your mail to <"],
    headings: &[],
};

/// OpenSMTPD: `address: cause` under its greeting.
pub const OPENSMTPD: Family = Family {
    name: "OpenSMTPD",
    openers: &[
        "this is the mailer-daemon, please do not reply",
        "an error has occurred while attempting to deliver a message",
    ],
    labels: &[],
    headings: &["the following list of recipients", "to the list of recipients below"],
};

/// Courier: `<address>:` and the lines of the session below it.
pub const COURIER: Family = Family {
    name: "Courier",
    openers: &["this is a delivery status notification from", "courier mail server at"],
    labels: &[],
    headings: &["the original message was received on", "delivery to the following addresses"],
};

/// CommuniGate Pro.
pub const COMMUNIGATE: Family = Family {
    name: "CommuniGate Pro",
    openers: &["message delivery to '", "failed to deliver to '"],
    labels: &["failed to deliver to '", "message delivery to '"],
    headings: &[],
};

/// IMail and its successor SmarterMail: the cause, a colon, the address.
pub const IMAIL: Family = Family {
    name: "IMail",
    openers: &["invalid final delivery userid:", "unknown user:", "user mailbox exceeds allowed size:"],
    labels: &[
        "invalid final delivery userid:",
        "unknown user:",
        "unknown host:",
        "user mailbox exceeds allowed size:",
        "undeliverable to ",
        "undeliverable to:",
        "could not deliver message to the following recipient(s):",
    ],
    headings: &["could not deliver message to the following recipient"],
};

/// Apache James.
pub const JAMES: Family = Family {
    name: "James",
    openers: &["error message below:", "message details:"],
    labels: &["rcpt to:"],
    headings: &["failed recipient(s):"],
};

/// Smail and its kin: three parts between bars.
pub const SMAIL: Family = Family {
    name: "Smail",
    openers: &["- failed addresses follow: -", "- message log follows: -"],
    labels: &[],
    headings: &["failed addresses follow:"],
};

/// MDaemon and Mercury, whose report is a transcript.
pub const MDAEMON: Family = Family {
    name: "MDaemon",
    openers: &["did not receive a copy of your message", "--- session transcript ---", "mdaemon has detected"],
    labels: &["the attached message had permanent fatal delivery errors", "user's mailbox is full:"],
    headings: &["did not receive a copy of your message", "failed address", "unable to deliver mail to the following"],
};

/// PMDF and the Sun/iPlanet Messaging Server.
pub const PMDF: Family = Family {
    name: "PMDF",
    openers: &["this report relates to a message you sent with the following header fields"],
    labels: &["recipient address:"],
    headings: &["your message cannot be delivered to the following recipients"],
};

/// Zoho: `address Invalid Address, ERROR_CODE :550, …`.
pub const ZOHO: Family = Family { name: "Zoho", openers: &["error_code :"], labels: &[], headings: &[] };

/// Managers of mailing lists that tell of mail they would not take (fml, Majordomo, ezmlm).
pub const MAILING_LIST: Family = Family {
    name: "mailing list manager",
    openers: &["duplicated message-id in <", "original mail as follows:"],
    labels: &["duplicated message-id in <"],
    headings: &[],
};

/// Words that many programs use.
pub const PLAIN: Family = Family {
    name: "words of a mail system",
    openers: &[
        "here is your list of failed recipients",
        "here is your returned mail",
        "the email below could not be delivered",
    ],
    labels: &[
        "could not be delivered to:",
        "could not be delivered to ",
        "couldn't be delivered to ",
        "cannot be delivered to ",
        "was not delivered to ",
        "wasn't delivered to ",
        "has not been delivered to ",
        "not be delivered to the recipient ",
        "unable to deliver to ",
        "unable to deliver mail to ",
        "unable to deliver message to ",
        "unable to deliver your message to ",
        "delivery failed to ",
        "delivery to ",
        "delivery of email to this address",
        "delivery of mail to this address",
        "delivery to this address",
        "your message to ",
        "your mail to ",
        "your email to ",
        "your e-mail to ",
        "ihre nachricht an ",
        "no such user:",
        "user unknown:",
        "no valid recipient:",
    ],
    headings: &[
        "failed recipients",
        "following recipients",
        "following recipient(s)",
        "following addresses",
        "following address(es)",
        "following address",
        "following recipient",
        "could not be delivered to:",
        "was not delivered to:",
    ],
};
