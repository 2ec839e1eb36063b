//! Whether two mails are one that was changed on its way: a gateway put a warning above the words of one copy or a notice below
//! them, a list a tag into its subject, or Exchange sent it on under a Message-ID of its own.
//!
//! Nothing is called the same that may be another mail: author, time, subject, words and files must be those of the other, but for
//! what gateways and lists are known to add.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{Mail, banner, message_id, subject};

/// Words compared of a mail; longer ones are compared by these alone, and by how many there are.
const MAX_WORDS: usize = 20_000;
/// Words of the longest notice that a gateway adds.
const MAX_ADDED: usize = 400;

/// What a notice says that a gateway or a list adds to a mail; a person who adds words to their mail says none of it. Letters and
/// digits alone, single blanks between the words.
#[rustfmt::skip]
const NOTICES: &[&str] = &[
    "scanned", "virus free", "viruses", "virenfrei", "virengepr\u{fc}ft", "viren", "virustarkist", "malware", "mimecast", "proofpoint", "barracuda", "sophos", "mailscanner",
    "trend micro", "messagelabs", "symantec", "avast", "avg com", "kaspersky", "mcafee", "hornetsecurity", "disclaimer", "haftungsausschluss", "unsubscribe",
    "abbestellen", "mailing list", "mailingliste", "postituslista", "intended recipient", "intended solely", "intended for the", "confidential and",
    "legally privileged", "vertrauliche informationen", "bestimmungsgem\u{e4}\u{df}", "nicht der richtige adressat", "vastaanottajalle", "luottamuksellisia", "destinataire",
    "destinatario", "external email", "external e mail", "external sender", "originated from outside", "outside of the organi", "outside the organi", "outside your organi",
    "externe e mail", "externer absender", "ulkopuolelta", "ulkoinen viesti",
];

/// What a mail is told by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    from: String,
    date: Option<Timestamp>,
    subject: String,
    words: Vec<String>,
    files: Vec<[u8; 32]>,
}

impl Likeness {
    /// Of a mail, without the warning above its words.
    pub fn of(mail: &Mail) -> Self {
        let mut files: Vec<[u8; 32]> = mail
            .attachments
            .iter()
            .filter(|file| !file.inline)
            .map(|file| Sha256::digest(&file.content).into())
            .collect();
        files.sort_unstable();
        Self {
            from: mail.from.as_ref().map(|from| from.email.clone()).unwrap_or_default(),
            date: mail.date,
            subject: untagged(&mail.subject),
            words: words(banner::cut(&mail.text).1),
            files,
        }
    }

    /// Whether the two are one mail.
    pub fn is_same(&self, other: &Self) -> bool {
        self.date.is_some()
            && self.date == other.date
            && self.from == other.from
            && self.subject == other.subject
            && self.files == other.files
            && is_same_text(&self.words, &other.words)
    }
}

/// The Message-IDs under which a mail may have come before: its own, and that of the mail it was made of. Exchange and Google write
/// that one when they send a mail on by a rule.
pub fn ids(mail: &Mail) -> impl Iterator<Item = String> + '_ {
    mail.message_id.iter().cloned().chain(original_id(mail))
}

/// The id that a mail had before a server sent it on under another.
pub fn original_id(mail: &Mail) -> Option<String> {
    const NAMES: [&str; 4] = [
        "X-MS-Exchange-Parent-Message-Id",
        "X-Microsoft-Original-Message-ID",
        "X-Google-Original-Message-ID",
        "X-Original-Message-ID",
    ];
    let named = NAMES.iter().find_map(|name| message_id::list(mail.headers.first(name)?).pop());
    named.filter(|id| mail.message_id.as_ref() != Some(id))
}

/// A subject without the tags in front, of gateways and lists, and without reply marks. Numbers of cases stay: who names another
/// case says something else.
fn untagged(text: &str) -> String {
    let mut numbers = String::new();
    let mut rest = subject::base(text, "");
    while let Some((tag, behind)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        if tag.rsplit_once('-').is_some_and(|(_, number)| number.parse::<u64>().is_ok()) {
            numbers.push_str(tag);
            numbers.push(' ');
        }
        rest = subject::base(behind, "");
    }
    let rest = rest.split_whitespace().collect::<Vec<_>>().join(" ");
    (numbers + &rest).to_lowercase()
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.take(MAX_WORDS).map(str::to_lowercase).collect()
}

/// The words of one are those of the other, with nothing but a notice above or below.
fn is_same_text(one: &[String], other: &[String]) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if long.len() - short.len() > MAX_ADDED || short.is_empty() != long.is_empty() {
        return false;
    }
    (0..=long.len() - short.len()).any(|above| {
        let (head, rest) = long.split_at_checked(above).unwrap_or((long, &[]));
        rest.strip_prefix(short).is_some_and(|tail| is_notice(head) && is_notice(tail))
    })
}

fn is_notice(added: &[String]) -> bool {
    let said = added.join(" ");
    added.is_empty() || NOTICES.iter().any(|notice| said.contains(notice))
}

#[cfg(test)]
mod tests {
    use super::{Likeness, original_id};
    use crate::mail;

    const MAIL: &str = "From: Anna <anna@customer.test>\nSubject: Offer\nDate: Mon, 2 Mar 2026 09:00:00 +0000\nMessage-ID: <dup@customer.test>\n\nPlease send an offer.\n";

    fn same(changed: &str) -> bool {
        let of = |raw: &str| Likeness::of(&mail::read(raw.as_bytes()));
        of(MAIL).is_same(&of(changed)) && of(changed).is_same(&of(MAIL))
    }

    #[test]
    fn what_gateways_and_lists_add_changes_nothing() {
        for changed in [
            MAIL.to_owned(),
            MAIL.replace("Subject: Offer", "Subject: [EXTERNAL] Offer")
                .replace("Please", "CAUTION: external e-mail.\n\nPlease"),
            MAIL.replace("Subject: Offer", "Subject: [sales] Offer"),
            format!("{MAIL}\n--\nScanned by the gateway\n"),
            format!("{MAIL}\n\nThis message is intended solely for the addressee.\n"),
            format!("{MAIL}\n_______________________________________________\nSales mailing list\nsales@lists.test\n"),
            format!("Received: by x\n{MAIL}").replace("offer.", "offer.  \n"),
        ] {
            assert!(same(&changed), "{changed}");
        }
    }

    #[test]
    fn another_mail_is_another() {
        for changed in [
            format!("{MAIL}\nAlso a price list for next year, please.\n"),
            MAIL.replace("offer.", "invoice."),
            MAIL.replace("Offer", "Order"),
            MAIL.replace("Offer", "[CASE-2] Offer"),
            MAIL.replace("09:00", "09:01"),
            MAIL.replace("anna@", "berta@"),
            MAIL.replace("Date: Mon, 2 Mar 2026 09:00:00 +0000\n", ""),
            MAIL.replace("Please send an offer.\n", ""),
            MAIL.replace("Please", "Nobody wants this any more. Please"),
        ] {
            assert!(!same(&changed), "{changed}");
        }
    }

    #[test]
    fn the_id_before_a_redirect() {
        let redirected = MAIL.replace(
            "Message-ID: <dup@customer.test>",
            "Message-ID: <PR0@outlook.test>\nX-MS-Exchange-Parent-Message-Id: <dup@customer.test>",
        );
        assert_eq!(original_id(&mail::read(redirected.as_bytes())).as_deref(), Some("dup@customer.test"));
        assert_eq!(original_id(&mail::read(MAIL.as_bytes())), None);
    }
}
