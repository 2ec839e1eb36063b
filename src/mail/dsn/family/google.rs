use super::shape::Family;

/// Gmail and Google Workspace. Before 2016: plain text, the recipient indented below "Delivery to the following
/// recipient failed permanently:", the cause under "Technical details". Later: "Your message wasn't delivered to
/// … because …" and status fields.
pub const GOOGLE: Family = Family {
    name: "Google",
    openers: &[
        "technical details of permanent failure",
        "technical details of temporary failure",
        "the error that the other server returned was",
        "google tried to deliver your message, but",
        "the response from the remote server was:",
        "** address not found **",
        "** delivery incomplete **",
        "** message blocked **",
        "** message not delivered **",
        "** recipient inbox full **",
    ],
    labels: &[
        "your message wasn't delivered to ",
        "there was a temporary problem delivering your message to ",
        "there was a problem delivering your message to ",
        "your message to ",
    ],
    headings: &[
        "delivery to the following recipient failed permanently",
        "delivery to the following recipients failed permanently",
        "delivery to the following recipient has been delayed",
        "delivery to the following recipients has been delayed",
    ],
};

/// Google Groups refusing a post.
pub const GROUPS: Family = Family {
    name: "Google Groups",
    openers: &[
        "we're writing to let you know that the group you tried to contact",
        "you may not have permission to post messages to the group",
        "your message couldn't be delivered to the group",
    ],
    labels: &["that the group you tried to contact ("],
    headings: &[],
};
