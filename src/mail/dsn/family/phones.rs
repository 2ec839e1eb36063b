use super::shape::Family;

/// The Japanese carriers (au/KDDI, EZweb, docomo): a sentence in Japanese, one in English, the address in angle
/// brackets.
pub const KDDI: Family = Family {
    name: "au/KDDI",
    openers: &[
        "each of the following recipients was rejected by a remote",
        "the user(s) account is disabled",
        "the user(s) account is temporarily over quota",
        "the following recipients did not receive this message",
        "as their mailbox is full",
    ],
    labels: &["could not be delivered to:", "recipient: <"],
    headings: &[
        "the user(s) account is disabled",
        "the user(s) account is temporarily",
        "the following recipients did not receive this message",
        "each of the following recipients was rejected",
        "送信先メールアドレスが見つかりませんでした",
    ],
};

/// Mail to telephones (Verizon, Sprint, T-Mobile): no recipient but in the headers pasted below.
pub const VERIZON: Family = Family {
    name: "mail-to-telephone gateway",
    openers: &["message could not be delivered to mobile", "error: no valid recipients for this mm"],
    labels: &["undeliverable to: "],
    headings: &[],
};
