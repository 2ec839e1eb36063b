use super::shape::Family;

/// MailMarshal: cause first, then "The following recipients were affected:".
pub const MAIL_MARSHAL: Family = Family {
    name: "MailMarshal",
    openers: &["the following recipients were affected"],
    labels: &[],
    headings: &["the following recipients were affected"],
};

/// MailFoundry.
pub const MAIL_FOUNDRY: Family = Family {
    name: "MailFoundry",
    openers: &["delivery failed for the following reason:", "this has been a permanent failure."],
    labels: &["unable to deliver message to:"],
    headings: &[],
};

/// Mimecast: address and cause each behind two dashes.
pub const MIMECAST: Family = Family {
    name: "Mimecast",
    openers: &[
        "an email that you attempted to send to the following address could not be delivered",
        "the problem appears to be :",
    ],
    labels: &[],
    headings: &["you attempted to send to the following address"],
};

/// InterScan of Trend Micro, which writes only the last words of the session.
pub const TREND_MICRO: Family = Family {
    name: "InterScan",
    openers: &["message from interscan", "sent <<< rcpt to:"],
    labels: &["unable to deliver message to <", "sent <<< rcpt to:"],
    headings: &[],
};

/// m-FILTER of Digital Arts: `-------server message`, `-------SMTP command`, `-------original message`.
pub const M_FILTER: Family = Family {
    name: "m-FILTER",
    openers: &["-------server message", "-------smtp command"],
    labels: &[],
    headings: &["以下のメールアドレスへの送信に失敗しました"],
};

/// Barracuda and its kin that refuse a mail and say so to its sender.
pub const BARRACUDA: Family = Family {
    name: "Barracuda",
    openers: &["has been blocked by our spam firewall", "was blocked by our spam firewall"],
    labels: &["your message to:", "your message to "],
    headings: &["to the following recipients was blocked"],
};

/// The mail gateway of McAfee.
pub const MCAFEE: Family = Family {
    name: "McAfee",
    openers: &["--- the following addresses had delivery problems ---"],
    labels: &[],
    headings: &["the following addresses had delivery problems"],
};

/// Gateways with a sentence or a label of their own: MessageLabs, Symantec, SurfControl, IronPort, MX Logic, Kerio,
/// ArGoSoft, Clearswift.
pub const OTHERS: Family = Family {
    name: "mail gateway",
    openers: &[
        "this delivery status notification is sent from mta",
        "your message could not be sent.",
        "included is a copy of the message header",
        "we had trouble delivering your message. full details follow",
        "could not be delivered because of",
        "your delivery to the following address has been failed",
    ],
    labels: &[
        "delivery failed:",
        "the following recipients returned permanent errors:",
        "the following recipients returned temporary errors:",
        "failed recipient:",
        "failed recipients:",
        "undelivered recipient:",
        "undeliverable recipient:",
        "undeliverable address:",
        "intended recipient:",
        "recipient address:",
        "recipient(s):",
        "recipients:",
        "recipient:",
    ],
    headings: &[
        "recipients of your message",
        "to the following recipients:",
        "to the following recipient:",
        "to the following addresses:",
    ],
};
