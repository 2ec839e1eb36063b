use super::*;

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
