use super::shape::Family;

/// qmail-send, qmail-rspawn of IndiMail, netqmail, s/qmail and the hosts that kept its words. Each recipient is
/// `<address>:` on a line of its own, the cause in the lines below, up to an empty line.
pub const QMAIL: Family = Family {
    name: "qmail",
    openers: &[
        "this is the qmail-send program",
        "this is the machine generated message from mail service",
        "i'm afraid i wasn't able to deliver your message",
        "this is a permanent error; i've given up. sorry it didn't work out",
        "this message has been in the queue too long",
        "this is the mail delivery agent at",
    ],
    labels: &[],
    headings: &[
        "wasn't able to deliver your message to the following addresses",
        "your mail message to the following address(es) could not be delivered",
        "unable to deliver your message to the following addresses",
    ],
};
