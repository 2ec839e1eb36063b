//! Refusals that are about the sending domain, its address or its quota: no word of them is about the recipient.

use super::smtp;

/// What a server has against us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnTrouble {
    /// The enhanced status (RFC 3463) that says so, whatever its class.
    pub code: &'static str,
    /// What it means and what an administrator can do.
    pub remedy: &'static str,
    /// It ends by itself: the mail is tried again. What a person must mend first is not.
    pub passes: bool,
}

const fn mend(code: &'static str, remedy: &'static str) -> OwnTrouble {
    OwnTrouble { code, remedy, passes: false }
}

const fn wait(code: &'static str, remedy: &'static str) -> OwnTrouble {
    OwnTrouble { code, remedy, passes: true }
}

/// Codes of RFC 7372 as Gmail uses them, and Exchange Online's and Outlook.com's own.
const KNOWN: &[OwnTrouble] = &[
    mend(
        "5.7.515",
        "Outlook.com takes mail of this domain only with SPF, DKIM and DMARC that pass: publish all three (caseway check --deliverability \
         says what is missing)",
    ),
    mend(
        "5.7.26",
        "the receiver wants SPF or DKIM of this domain to pass: publish SPF for the server that sends, or sign with DKIM (caseway dkim \
         keygen, caseway check --deliverability)",
    ),
    mend(
        "5.7.25",
        "the address that sends has no name: whoever runs the server must set its PTR record to a name that leads back to the address",
    ),
    wait(
        "5.7.28",
        "the receiver gets more mail from the sending address or domain than it wants and slows it down: it is tried again; look for \
         accounts on that server that send advertising",
    ),
    mend("5.7.29", "the receiver takes mail by TLS alone: whoever runs the server that sends must let it use STARTTLS"),
    wait(
        "5.7.232",
        "the Microsoft 365 trial tenant has sent what it may in a day to people outside: it is tried again; a paid licence raises the limit",
    ),
    wait(
        "5.7.233",
        "the Microsoft 365 tenant has sent what it may in a day to people outside: it is tried again; see the tenant's outbound limit in \
         the Exchange admin center",
    ),
];

/// What a server's words say of us, if they do.
pub fn own_trouble(words: &str) -> Option<&'static OwnTrouble> {
    // `550-5.7.26` and `5.7.515`; codes stand in words with dashes, brackets and commas around.
    let codes = words.split(|c: char| !c.is_ascii_digit() && c != '.').filter_map(smtp::code_at);
    let same = |code: &str, known: &OwnTrouble| code.get(1..) == known.code.get(1..) && code.starts_with(['4', '5']);
    codes.filter_map(|code| KNOWN.iter().find(|known| same(&code, known))).next()
}

#[cfg(test)]
mod tests {
    use super::own_trouble;

    #[test]
    fn the_providers_words_are_known() {
        for (words, code) in [
            (
                "550 5.7.515 Access denied, sending domain EXAMPLE.TEST doesn't meet the required authentication level. The sender's domain \
                 in the 5322.From address doesn't meet the authentication requirements defined for the sender. To learn how to fix this see: \
                 https://go.microsoft.com/fwlink/p/?linkid=2319303 Spf= Fail , Dkim= Fail , DMARC= None [AMS0EPF0000019C.eurprd05.prod.outlook.com]",
                Some("5.7.515"),
            ),
            (
                "550-5.7.26 This mail has been blocked because the sender is unauthenticated.\n550-5.7.26 Gmail requires all senders to \
                 authenticate with either SPF or DKIM.\n550-5.7.26  DKIM = did not pass\n550 5.7.26 SPF [example.test] with ip: [203.0.113.7] = did not pass",
                Some("5.7.26"),
            ),
            (
                "421-4.7.26 This mail has been rate limited because it is unauthenticated. Gmail requires all senders to authenticate",
                Some("5.7.26"),
            ),
            (
                "550-5.7.25 [203.0.113.7] The IP address sending this message does not have a\n550-5.7.25 PTR record setup, or the \
                 corresponding forward DNS entry does not match the sending IP.",
                Some("5.7.25"),
            ),
            (
                "550-5.7.28 [203.0.113.7      19] Gmail has detected an unusual rate of unsolicited mail originating from your IP address. To \
                 protect our users from spam, mail sent from your IP address has been blocked.",
                Some("5.7.28"),
            ),
            (
                "550 5.7.29 Your email has been blocked because this message wasn't sent over a TLS connection. Gmail requires all bulk email \
                 senders to use TLS/SSL for SMTP connections.",
                Some("5.7.29"),
            ),
            (
                "550 5.7.232 Your message can't be sent because your trial tenant has exceeded its daily limit for sending email to external \
                 recipients (tenant external recipient rate limit).",
                Some("5.7.232"),
            ),
            (
                "550 5.7.233 Your message can't be sent because your tenant exceeded its daily limit for sending email to external recipients \
                 (tenant external recipient rate limit).",
                Some("5.7.233"),
            ),
            ("550 5.7.1 blocked by policy", None),
            ("550 5.1.1 unknown user; see https://example.test/5.7.26.1", None),
            ("550 5.7.2 no list", None),
            ("host 5.7.26.1 said: no", None),
        ] {
            assert_eq!(own_trouble(words).map(|own| own.code), code, "{words}");
        }
    }
}
