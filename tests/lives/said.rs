//! What people say.

/// Where most mail goes to.
pub const SUPPORT: &str = "support@example.test";
/// Who writes.
pub const CUSTOMERS: [&str; 5] = [
    "Jane Doe <jane@customer.test>",
    "Jim Poe <jim@customer.test>",
    "Maria Roe <maria@other.test>",
    "Jane Doe <jane+home@customer.test>",
    "Eve <eve@evil.test>",
];
/// Where to, about what, in which words.
pub const REQUESTS: [(&str, &str, &str); 14] = [
    (SUPPORT, "The printer is broken", "Hello, the printer on the second floor does not print any more."),
    (SUPPORT, "Drucker", "Guten Tag, der Drucker im zweiten Stock druckt nicht mehr. Was sollen wir tun?"),
    ("sales@example.test", "An offer", "Please send us an offer for twelve seats."),
    ("help@example.test", "", "Hi"),
    (SUPPORT, "How far is it?", "What is the status of my case?"),
    (
        "support-service-registration@example.test",
        "Portal account",
        "First name: Jane\nLast name: Doe\nE-mail: jane@customer.test\nAccount ID: AC-1001",
    ),
    (
        "support-service-registration@example.test",
        "Portal account",
        "First name: Jim\nLast name: Poe\nE-mail: jim@customer.test",
    ),
    (
        "support-service-registration@example.test",
        "Portal account",
        "First name: Maria\nLast name: Roe\nE-mail: maria@other.test\nAccount ID: AC-1001",
    ),
    (SUPPORT, "Password", "I forgot my password. Please reset my password."),
    (SUPPORT, "Password", "Please reset my password.\nE-mail: jane@customer.test"),
    (
        SUPPORT,
        "Two-factor reset",
        "I lost my authenticator, please reset my second factor.\nE-mail: jane@customer.test\nOld device at hand: no\nAnother administrator: no\nAccount ID: AC-1001\nReason: the phone is lost\nWho vouches: John Doe, head of IT",
    ),
    (SUPPORT, "Cannot sign in", "I cannot sign in."),
    (
        SUPPORT,
        "Offline registration",
        "Account name: Customer Oy\nCustomer ID: C12345\nLicence expiry date: 2026-09-30\nPlatform: linux",
    ),
    (SUPPORT, "Delete my account", "Please delete my account and all my data."),
];
/// What people answer.
pub const ANSWERS: [&str; 12] = [
    "Thank you!",
    "It still does not work.",
    "yes",
    "no",
    "Account ID: AC-1001",
    "E-mail: jane@customer.test",
    "First name: Jane\nLast name: Doe\nE-mail: jane@customer.test\nAccount ID: AC-1001",
    "The problem is solved, you can close the case.",
    "That was not me, please stop this.",
    "What is the status?",
    "Please ask alice@desk.test, she knows.",
    "Reason: the phone is in the lake\nWho vouches: Jim Poe",
];
