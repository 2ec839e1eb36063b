use super::*;

/// Servers' words, with the status beside them.
const HARD: &[(&str, &str)] = &[
    ("5.0.0", "550 User [kim@example.test] does not exist"),
    ("5.0.0", "550 ** There is no mail box for this user **"),
    ("5.0.0", "550 BAD_RECIPIENT"),
    ("5.0.0", "550 'kim@example.test' is not a valid mailbox"),
    ("5.0.0", "550 The recipient could not be found in our directory"),
    ("5.7.1", "550 5.7.1 Command not allowed; recipient does not exist"),
    ("5.0.0", "SMTP error from remote mail server after RCPT TO:<kim@example.test>: 550 unknown user"),
    ("5.0.0", "550 account has been terminated"),
    ("5.0.0", "550 Postfach nicht vorhanden"),
    ("5.0.0", "550 L'utilisateur demandé n'existe pas"),
    ("5.0.0", "550 Dirección de correo no existe"),
    ("5.0.0", "550 Indirizzo email non esistente"),
    ("5.0.0", "550 Gebruiker kim@example.test bestaat niet"),
    ("5.0.0", "550 Nie ma takiego użytkownika"),
    ("5.0.0", "550 Käyttäjää ei löydy"),
    ("5.0.0", "550 Mottagaren finns inte"),
    ("5.0.0", "550 Brugeren findes ikke"),
    ("5.0.0", "550 Адресат не существует"),
    ("5.0.0", "550 该收件人不存在"),
    ("5.0.0", "550 宛先のメールアドレスが存在しません"),
    ("5.4.4", "Name service error for name=example.test type=A: Host not found"),
    ("5.1.1", ""),
];
const SOFT: &[(&str, &str)] = &[
    ("5.0.0", "(reason: 550 5.7.1 Access denied) 550 5.1.1 <kim@example.test>... User unknown"),
    ("4.4.3", "Name service error for name=example.test type=MX: Host not found, try again"),
    ("5.4.3", "DNS lookup of example.test temporarily failed: host not found"),
    ("5.1.7", "SMTP error from remote mail server after MAIL FROM:<desk@example.test>: 550 5.1.7 No such domain"),
    ("5.0.0", "SMTP error from remote mail server after MAIL FROM:<desk@example.test> SIZE=9: 550 no such user"),
    ("5.0.0", "550 HELO rejected: host not found"),
    ("5.7.1", "550 5.7.1 EHLO name does not exist"),
    ("4.7.1", "450 4.7.1 Client host rejected: no mail exchanger"),
    ("5.1.1", "550 RCPT TO:<kim@example.test> max message size exceeded"),
    ("5.0.0", "550 Requested action not taken: mailbox unavailable; size exceeded"),
    ("4.0.0", "450 mailbox unavailable (in state: busy)"),
    ("5.7.1", "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),
    ("5.1.8", "550 5.1.8 Sender address rejected: user unknown"),
    ("4.2.0", "450 4.2.0 <kim@example.test>: Recipient address rejected: Greylisted"),
    ("5.1.1", "550 Rejected because of spam"),
    ("5.0.0", "550 Your IP is not known to us"),
];

#[test]
fn hard_is_a_bad_address_and_nothing_else() {
    let kind = |(status, words): &(&str, &str)| {
        judge(Stated { action: "failed", status, diagnostic: words, ..Stated::default() }).kind
    };
    for case in HARD {
        assert_eq!(kind(case), BounceKind::Hard, "{case:?}");
    }
    for case in SOFT {
        assert_eq!(kind(case), BounceKind::Soft, "{case:?}");
    }
}

#[test]
fn a_footer_says_nothing_of_the_address() {
    let said = "The mail could not be delivered.\n____\nThis mail was scanned for viruses and offensive content.";
    let judged = judge(Stated { action: "failed", status: "5.1.1", said, ..Stated::default() });
    assert_eq!(judged.kind, BounceKind::Hard);
}

#[test]
fn sendmail_sums_up_every_refusal_as_user_unknown() {
    let said = ">>> RCPT To:<kim@example.test>\n<<< 550 5.7.1 by a rule of ours\n550 5.1.1 <kim@example.test>... User unknown\n";
    let judged =
        |diagnostic, said| judge(Stated { action: "failed", status: "5.7.1", diagnostic, said, ..Stated::default() });
    assert_eq!(judged("550-5.7.1 Not wanted here,", said).kind, BounceKind::Soft);
    let meant = said.replace("5.7.1 by a rule of ours", "5.1.1 no");
    assert_eq!(judged("", &meant).kind, BounceKind::Hard);
}

#[test]
fn phrases_are_plain_words() {
    let lists = phrases::BEFORE_THE_USER.iter().chain(phrases::BEHIND_THE_USER).map(|(_, list)| *list);
    for phrase in lists.chain([phrases::UNKNOWN_USER]).flatten() {
        // Space at an end is part of a phrase.
        let bare = phrase.trim().trim_end_matches(['-', '/']);
        assert_eq!(plain::words(bare), bare, "{phrase}");
    }
}

#[test]
fn words_go_before_codes() {
    for (words, reason) in [
        ("550 5.7.1 User unknown", Some(Reason::UnknownUser)),
        ("550 5.1.1 <full@example.test>: mailbox is full", Some(Reason::Full)),
        ("550 5.1.8 Domain of sender address a@example.test does not exist", Some(Reason::Sender)),
        ("554 Host\n  unknown", Some(Reason::UnknownHost)),
        ("550 rejected, see https://example.test/user-unknown", None),
        ("554 5.7.1 Relay access denied", Some(Reason::Relay)),
        ("550 5.7.26 fails DMARC policy", Some(Reason::Authentication)),
        ("4.4.1 connection timed out", Some(Reason::Network)),
        ("This user doesn't have a mail.example.test account", Some(Reason::UnknownUser)),
        ("This message does not have authentication information", None),
        ("5.1.0 - Unknown address error 550-'5.2.2 Mailbox Full'", Some(Reason::Full)),
        ("procmail: Couldn't create \"/var/mail/kim\": No such user", Some(Reason::System)),
        ("", None),
    ] {
        assert_eq!(of(words), reason, "{words}");
    }
}
