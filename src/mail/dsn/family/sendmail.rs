use super::shape::Family;

/// Sendmail 5 and 8, and the many that write like it (Active! hunter, Bigfoot, Biglobe, Mail2000). Recipients
/// are listed under a dashed line; below, the transcript repeats them with the remote server's words. Sendmail 5
/// has the transcript alone: `550 <address>... User unknown`.
pub const SENDMAIL: Family = Family {
    name: "Sendmail",
    openers: &[
        "----- the following addresses had",
        "---the following addresses had",
        "----- the following address had",
        "----- transcript of session follows",
        "----- non-delivered information -----",
        "----- unsent message follows",
        "** this is a warning message only  **",
    ],
    labels: &[">>> rcpt to:", "rcpt to:<", "rcpt to: ", "sent <<< rcpt to:"],
    headings: &[
        "the following addresses had",
        "the following address had",
        "the following recipients had",
        "had permanent fatal errors",
        "had transient non-fatal errors",
        "had delivery errors",
        "had delivery problems",
        "had successful delivery notifications",
    ],
};
