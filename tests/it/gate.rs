//! What an engineer does not mean for the customer does not reach the customer.

use crate::harness::mail::{Letter, from};
use crate::harness::world::{Sent, World};

const ANNA: &str = "Anna Schmidt <anna@customer.test>";
const ERKKI: &str = "Erkki Virtanen <erkki@example.test>";
const PASS: &str = "mx.example.test; dmarc=pass header.from=example.test";

/// A ticket of Anna's, and what Erkki was told of it.
async fn opened() -> (World, Sent) {
    let mut world = World::new().await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world.engineer("liisa@example.test", "Liisa Korhonen").await;
    world.receive(&from(ANNA, "a1@customer.test")).await;
    let notice = world.sent().await.into_iter().find(|mail| mail.recipient == "erkki@example.test").unwrap();
    (world, notice)
}

/// Erkki answers.
fn answer(notice: &Sent, id: &str) -> Letter {
    from(ERKKI, id)
        .to(notice.reply_to())
        .answering(notice.message_id())
        .subject("Re: [CASE-1] The printer is broken")
        .on_top("Authentication-Results", PASS)
}

fn plain(text: &str) -> (&'static str, String) {
    ("text/plain; charset=utf-8", text.to_owned())
}

/// What became of one answer: the notices, and the letter to the engineer if there is one.
async fn put(world: &mut World, letter: &Letter) -> (String, Vec<Sent>) {
    let settled = world.receive(letter).await;
    (settled.verdict, world.sent().await)
}

fn notices(sent: &[Sent]) -> Vec<String> {
    sent.iter().map(|mail| format!("{} → {}", mail.notice, mail.recipient)).collect()
}

/// Held on the case, told to the engineer with the words, seen by no customer.
async fn is_held(letter: impl Fn(&Sent) -> Letter, says: &str, words: &str) {
    let (mut world, notice) = opened().await;
    let (verdict, sent) = put(&mut world, &letter(&notice)).await;
    let told = ["not_passed_on → erkki@example.test"];
    assert_eq!((verdict.as_str(), notices(&sent)), ("held", told.map(str::to_owned).to_vec()), "{says}");
    let text = sent[0].mail.text.replace('\n', " ");
    assert!(text.contains(says) && text.contains(words), "{says} {words}: {text}");
    assert_eq!(world.events(1).await.last().unwrap(), "not_passed_on");
    assert_eq!((world.ticket(1, "status").await, world.ticket(1, "assignee_id").await), ("new".into(), String::new()));
    assert_eq!(world.count("SELECT COUNT(*) FROM message WHERE ledger_id = 2 AND visibility = 'public'").await, 0);
    // The words alone, in answer to that letter, go to the customer.
    let again = from(ERKKI, "again@example.test")
        .to(sent[0].reply_to())
        .answering(sent[0].message_id())
        .subject(&format!("Re: {}", sent[0].mail.subject))
        .on_top("Authentication-Results", PASS)
        .text("Please restart it.");
    assert_eq!(notices(&put(&mut world, &again).await.1), ["answer → anna@customer.test"], "{says}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forward_into_a_case_is_for_engineers() {
    let shapes = [
        "-------- Forwarded Message --------\nSubject: x\nDate: Mon, 2 Mar 2026 10:50:00 +0000\nFrom: Anna Schmidt <anna@customer.test>\nTo: erkki@example.test\n\nIt still prints nothing.",
        "Begin forwarded message:\n\nFrom: Anna Schmidt <anna@customer.test>\nSubject: x\n\nIt still prints nothing.",
        "Hello Erkki, it still prints nothing.",
    ];
    for (subject, shape) in [
        ("Fwd: [CASE-1] The printer is broken", 0),
        ("[CASE-1] WG: The printer", 2),
        ("Re: [CASE-1] The printer", 1),
        ("[Fwd: The printer]", 2),
    ] {
        let letter = |notice: &Sent| {
            let words = format!("Internal: he does not listen.\n\n{}", shapes[shape]);
            answer(notice, "f1@example.test").subject(subject).text(&words)
        };
        is_held(letter, "it passes on another email", "he does not listen").await;
    }
    // By the references that Thunderbird puts on forwards, without a tag in the subject.
    let letter = |notice: &Sent| {
        answer(notice, "f2@example.test")
            .to("support@example.test")
            .header("X-Forwarded-Message-Id", "<a1@customer.test>")
            .text("Internal: can somebody else take this one?")
    };
    is_held(letter, "it passes on another email", "somebody else").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_click_sends_is_no_answer() {
    let ics = |method: &str| {
        format!(
            "--b\nContent-Type: text/plain\n\n\n--b\nContent-Type: text/calendar; method={method}\n\nBEGIN:VCALENDAR\nMETHOD:{method}\nBEGIN:VEVENT\nSUMMARY:Session\nEND:VEVENT\nEND:VCALENDAR\n--b--"
        )
    };
    let cases = [
        ("Re: [CASE-1] x", plain("Erkki Virtanen reacted to your message:\n\n👍"), "a reaction"),
        ("Re: [CASE-1] x", plain("👍"), "a reaction"),
        (
            "Re: [CASE-1] x",
            (
                "multipart/mixed; boundary=b",
                "--b\nContent-Type: text/plain\nContent-Disposition: reaction\n\n+1\n--b--".to_owned(),
            ),
            "a reaction",
        ),
        ("Accepted: [CASE-1] x", ("multipart/alternative; boundary=b", ics("REPLY")), "calendar's answer"),
        ("Hyväksytty: [CASE-1] x", plain(""), "calendar's answer"),
        (
            "Recall: [CASE-1] x",
            plain("Virtanen, Erkki would like to recall the message, \"[CASE-1] x\"."),
            "asks for an earlier email back",
        ),
        ("Re: [CASE-1] x", plain("-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----"), "it is encrypted"),
        (
            "Re: [CASE-1] x",
            ("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "MIIB".to_owned()),
            "it is encrypted",
        ),
    ];
    for (number, (subject, (kind, body), says)) in cases.into_iter().enumerate() {
        let letter = |notice: &Sent| {
            let id = format!("k{number}@example.test");
            answer(notice, &id).subject(subject).header("Content-Type", kind).text(&body)
        };
        is_held(letter, says, "").await;
    }
}

/// A receipt is a machine's: nobody is told, or two machines would talk.
#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_kept_in_silence() {
    let (mut world, notice) = opened().await;
    let read = "Your message\n\n   To: Erkki\n   Subject: x\n\nwas read on Monday.";
    let (verdict, sent) =
        put(&mut world, &answer(&notice, "r1@example.test").subject("Read: [CASE-1] x").text(read)).await;
    assert_eq!((verdict.as_str(), sent.len()), ("held", 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_are_nobodys_words() {
    let banner = "CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender.";
    for words in [
        "#reject\nColleague, this is fraud.".to_owned(),
        format!("{banner}\n\n#reject\nColleague, this is fraud."),
        "#aprove\nColleague, this is fraud.".to_owned(),
    ] {
        let (mut world, notice) = opened().await;
        let (_, sent) = put(&mut world, &answer(&notice, "c1@example.test").text(&words)).await;
        assert_eq!(notices(&sent), ["command_result → erkki@example.test"], "{words}");
        let told = sent[0].mail.text.replace('\n', " ");
        assert!(told.contains("Nothing was passed on") && told.contains("Colleague, this is fraud."), "{told}");
    }
    // Below a banner that nobody knows, and hidden by what a client puts in front.
    for words in [
        "Von draussen!!\n\n#reject\nKollege, das ist Betrug.",
        "\u{200b}#reject\nKollege, das ist Betrug.",
        "**#reject**\nKollege, das ist Betrug.",
    ] {
        let letter = |notice: &Sent| answer(notice, "c2@example.test").text(words);
        is_held(letter, "looks like a command", "das ist Betrug").await;
    }
}

/// A banner above an engineer's words is not the customer's to read, and above a customer's not the language.
#[tokio::test(flavor = "multi_thread")]
async fn a_banner_is_cut() {
    let banner = "You don't often get email from erkki@example.test. Learn why this is important<https://aka.ms/LearnAboutSenderIdentification>";
    let (mut world, notice) = opened().await;
    let (_, sent) =
        put(&mut world, &answer(&notice, "b1@example.test").text(&format!("{banner}\n\nPlease restart it."))).await;
    assert_eq!(notices(&sent), ["answer → anna@customer.test"]);
    assert!(sent[0].mail.text.starts_with("Please restart it."), "{}", sent[0].mail.text);
    let german =
        format!("{banner}\n\nGuten Tag,\n\nunser Drucker druckt leider nicht mehr. Können Sie uns bitte helfen?");
    world.receive(&from("Jonas <jonas@kunde.test>", "j1@kunde.test").subject("Drucker").text(&german)).await;
    assert_eq!(world.ticket(2, "language").await, "de");
}

/// Quotes of our own notice in forms that no rule for quotes knows: either nothing of it reaches the customer, or nothing
/// at all.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_our_notice_is_relayed() {
    for (form, held) in [(0, false), (1, false), (2, false), (3, false), (4, false), (5, true), (6, true), (7, false)] {
        let (mut world, notice) = opened().await;
        let token = notice.reply_to().split_once('+').unwrap().1.split_once('@').unwrap().0.to_owned();
        let letter = answer(&notice, "q1@example.test").text(&quoting(&notice, form));
        let (_, sent) = put(&mut world, &letter).await;
        let to: Vec<&str> = sent.iter().map(|mail| mail.recipient.as_str()).collect();
        assert_eq!(to, [if held { "erkki@example.test" } else { "anna@customer.test" }], "{form}");
        for mail in sent.iter().filter(|mail| mail.recipient == "anna@customer.test") {
            let seen = format!("{}{}", mail.mail.text, mail.mail.html.clone().unwrap_or_default());
            for ours in ["##-", "your own address", "A new request from", "erkki@example.test", &token] {
                assert!(!seen.contains(ours), "{form} {ours}: {seen}");
            }
            assert!(seen.contains("restart it") || seen.contains("Since when?"), "{seen}");
        }
    }
}

/// An answer that quotes our notice in one of several ways.
fn quoting(notice: &Sent, form: usize) -> String {
    let quoted = |mark: &str, text: &str| text.lines().map(|line| format!("{mark}{line}\n")).collect::<String>();
    let (text, raw) = (notice.mail.text.clone(), String::from_utf8_lossy(&notice.raw).replace("\r\n", "\n"));
    let to = notice.reply_to();
    match form {
        0 => format!("Please restart it.\n\nIn a message, the desk said:\n{}", quoted("\t", &text)),
        1 => format!("Please restart it.\n{}", quoted("\t", &raw)),
        2 => format!("Please restart it.\n{}", quoted("| ", &text)),
        3 => {
            let inline = quoted("> ", &text).replace("print any more.\n", "print any more.\n\nSince when?\n\n");
            format!("On Monday, {to} wrote:\n{inline}\nErkki")
        }
        4 => format!("Please restart it. Write to {to} or erkki@example.test."),
        5 => format!("Please restart it.\n\n{}\n\nThat is all.", text.lines().skip(2).collect::<Vec<_>>().join("\n")),
        6 => format!("Please restart it.\n\n{raw}"),
        _ => format!("Please restart it: support%2B{}", to.split_once('+').unwrap().1),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn signatures_keys_and_our_own_mails_are_no_files_for_customers() {
    let (mut world, notice) = opened().await;
    let part = |kind: &str, name: &str, body: &str| {
        format!(
            "--b\nContent-Type: {kind}; name=\"{name}\"\nContent-Disposition: attachment; filename=\"{name}\"\n\n{body}\n"
        )
    };
    let body = [
        "--b\nContent-Type: text/plain\n\nHere is the manual.\n".to_owned(),
        part("application/pdf", "manual.pdf", "%PDF-1.4"),
        part("application/pkcs7-signature", "smime.p7s", "abc"),
        part("application/pgp-signature", "signature.asc", "-----BEGIN PGP SIGNATURE-----"),
        part("application/octet-stream", "key.txt", "-----BEGIN PGP PUBLIC KEY BLOCK-----"),
        part("text/vcard", "erkki.vcf", "BEGIN:VCARD\nEND:VCARD"),
        part("application/octet-stream", "winmail.dat", "abc"),
        part("message/rfc822", "notice.eml", &String::from_utf8_lossy(&notice.raw).replace("\r\n", "\n")),
        part("text/plain", "log.txt", "sent to erkki@example.test"),
        "--b--".to_owned(),
    ]
    .concat();
    let letter = answer(&notice, "s1@example.test").header("Content-Type", "multipart/mixed; boundary=b").text(&body);
    let (_, sent) = put(&mut world, &letter).await;
    assert_eq!(notices(&sent), ["answer → anna@customer.test", "not_passed_on → erkki@example.test"]);
    let names: Vec<&str> = sent[0].mail.attachments.iter().map(|file| file.filename.as_str()).collect();
    assert_eq!(names, ["manual.pdf"]);
    let told = &sent[1].mail.text;
    assert!(told.contains("notice.eml") && told.contains("log.txt") && !told.contains("smime.p7s"), "{told}");
    assert!(world.events(1).await.contains(&"files_left_out".to_owned()));
}

/// Whom an engineer copies for themselves is shown to nobody and put on no case.
#[tokio::test(flavor = "multi_thread")]
async fn the_engineers_own_copies_are_not_the_customers_business() {
    let (mut world, notice) = opened().await;
    let letter = answer(&notice, "e1@example.test")
        .header(
            "Cc",
            "boss@example.test, erkki.private@home.test, \"Erkki Virtanen\" <ev77@elsewhere.test>, bob@customer.test, vendor@parts.test",
        )
        .text("Please restart it.");
    let (_, sent) = put(&mut world, &letter).await;
    let shown: Vec<&str> = sent[0].mail.to.iter().chain(&sent[0].mail.cc).map(|who| who.email.as_str()).collect();
    assert_eq!(shown, ["anna@customer.test", "bob@customer.test", "vendor@parts.test"]);
    assert_eq!(world.count("SELECT COUNT(*) FROM participant WHERE role = 'copied'").await, 2);
    // Whom a customer put on the case stays there, whoever names them.
    world
        .receive(
            &from(ANNA, "a2@customer.test")
                .to(sent[0].reply_to())
                .header("Cc", "boss@example.test")
                .text("More of it."),
        )
        .await;
    world.sent().await;
    let (_, sent) = put(&mut world, &answer(&notice, "e2@example.test").text("And now?")).await;
    assert!(sent[0].mail.cc.iter().any(|who| who.email == "boss@example.test"), "{:?}", sent[0].mail.cc);
}
