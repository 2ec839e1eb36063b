use super::shape::Family;

/// Yahoo, and the domains it hosts: `<address>:` and the remote server's words below.
pub const YAHOO: Family = Family {
    name: "Yahoo",
    openers: &[
        "sorry, we were unable to deliver your message to the following address",
        "unable to deliver message to the following address(es)",
        "sorry, your message to ",
    ],
    labels: &["sorry, your message to "],
    headings: &[
        "we were unable to deliver your message to the following address",
        "unable to deliver message to the following address",
    ],
};
