use super::shape::Family;

/// Lotus Domino: "Your message … was not delivered to: … because: …", each on lines of its own.
pub const DOMINO: Family = Family {
    name: "Domino",
    openers: &["not listed in domino directory", "not listed in public name & address book"],
    labels: &[],
    headings: &["was not delivered to:", "not listed in public name & address book", "failure reasons"],
};

/// The SMTP MTA of Lotus Notes 4: "Failure Reasons" and "Returned Message" between dashes, the cause above the
/// address.
pub const SMTP_MTA: Family = Family {
    name: "Notes SMTP MTA",
    openers: &["------- failure reasons  --------", "------- returned message --------"],
    labels: &[],
    headings: &[],
};
