use super::*;

fn named(text: &str) -> Vec<String> {
    let mut notice = read(text);
    let entries = notice.take_recipients(None, &["desk@example.test".to_owned()]);
    entries.into_iter().map(|entry| format!("{} | {}", entry.recipient, entry.diagnostic.replace('\n', " "))).collect()
}

#[test]
fn address_and_colon() {
    assert_eq!(
        named(
            "Sorry.\n\n<kim@example.test>:\nHost said: 550 no such user\nGiving up.\n\n<lee@example.test>:\nquota\n\n--- Below\n"
        ),
        ["kim@example.test | Host said: 550 no such user Giving up.", "lee@example.test | quota"]
    );
    assert_eq!(named("kim@example.test: 550 5.1.1 no\n"), ["kim@example.test | 550 5.1.1 no"]);
}

#[test]
fn a_folded_line_that_begins_with_the_sender() {
    assert_eq!(
        named("<kim@example.test>: host mx said: 550 5.1.8\n    <other@example.test>: Sender address rejected\n"),
        ["kim@example.test | host mx said: 550 5.1.8 <other@example.test>: Sender address rejected"]
    );
}

#[test]
fn alone_and_set_off() {
    assert_eq!(named("failed:\n\n  kim@example.test\n    host mx: 550 x\n"), ["kim@example.test | host mx: 550 x"]);
    assert_eq!(named("Delivery failed permanently:\n\n   * kim@example.test\n"), ["kim@example.test | "]);
}

#[test]
fn behind_a_label() {
    assert_eq!(
        named("Could not be delivered to: <kim@example.test>\nAs it is full.\n"),
        ["kim@example.test | As it is full."]
    );
    assert_eq!(
        named("Your message wasn't delivered to\nkim@example.test because of x\n"),
        ["kim@example.test | because of x"]
    );
    assert_eq!(
        named("The following recipients returned permanent errors: kim@example.test, lee@example.test. Reason: x\n"),
        ["kim@example.test | ", "lee@example.test | Reason: x"]
    );
}

#[test]
fn in_a_transcript() {
    assert_eq!(
        named(
            "   ----- Transcript of session follows -----\n>>> RCPT To:<kim@example.test>\n<<< 550 no\n550 <kim@example.test>... User unknown\n"
        ),
        ["kim@example.test | <<< 550 no 550 <kim@example.test>... User unknown"]
    );
}

#[test]
fn the_sender_and_helpers_are_not_recipients() {
    assert_eq!(
        named("Your message\n  To: x\n\nContact <postmaster@example.test> please, desk@example.test.\n"),
        Vec::<String>::new()
    );
    assert_eq!(named("It never reached kim@example.test.\n"), ["kim@example.test | "]);
    assert_eq!(named("kim@example.test or lee@example.test.\n"), Vec::<String>::new());
}

#[test]
fn the_address_that_was_written_to() {
    assert_eq!(
        named("failed:\n\n  kim@home.example.test\n    (generated from kim@example.test)\n    550 5.1.1 no\n"),
        [
            "kim@home.example.test | (generated from kim@example.test) 550 5.1.1 no",
            "kim@example.test | (generated from kim@example.test) 550 5.1.1 no"
        ]
    );
}

#[test]
fn announced_by_words_of_a_failure() {
    assert_eq!(named("Delivery failed 10 attempts: kim@example.test\n"), ["kim@example.test | "]);
    assert_eq!(
        named("User mailbox exceeds allowed size: kim@example.test\n"),
        ["kim@example.test | User mailbox exceeds allowed size: kim@example.test"]
    );
    assert_eq!(named("kim@example.test<mailto:kim@example.test>\nNot found.\n"), ["kim@example.test | Not found."]);
    assert_eq!(named("Sender address rejected: kim@example.test and lee@example.test\n"), Vec::<String>::new());
}

#[test]
fn expanded_over_the_end_of_a_line() {
    assert_eq!(
        named("<kim@home.example.test> (expanded from\n    <kim@example.test>): temporary failure\n"),
        [
            "kim@home.example.test | (expanded from <kim@example.test>): temporary failure",
            "kim@example.test | (expanded from <kim@example.test>): temporary failure"
        ]
    );
}

#[test]
fn followed_by_a_reply() {
    assert_eq!(
        named("kim:17:<kim@example.test> : 192.0.2.1 : mx.example.test : 550 5.1.1 unknown\n"),
        ["kim@example.test | 192.0.2.1 : mx.example.test : 550 5.1.1 unknown"]
    );
    assert_eq!(
        named("A message sent by\n\n  <lee@example.test>\n\ncould not be delivered to kim@example.test\n"),
        ["kim@example.test | "]
    );
    assert_eq!(named("A message from <lee@example.test> to:\n-> kim@example.test\n"), ["kim@example.test | "]);
}
