//! Random answers of engineers, put together from what clients, gateways and people make of them: none leaks anything.
//!
//! `CASEWAY_GATE_CASES=100000` tries more of them.

use std::collections::HashSet;

use caseway::desk::arrival::author;
use caseway::desk::decide::decide;
use caseway::desk::event::Event;
use caseway::desk::facts::Facts;
use caseway::desk::id::{PersonId, TicketId};
use caseway::desk::inbound::arrival::Arrival;
use caseway::desk::notice::kind::Notice;
use caseway::desk::notice::own_words::OwnWords;
use caseway::desk::rules::Rules;
use caseway::desk::seal::keys::Keys;
use caseway::desk::seal::secret::Unseen;
use caseway::desk::seal::secret::known::Known;
use caseway::desk::ticket::message::LastWords;
use caseway::desk::ticket::person::Person;
use caseway::letters::Letters;
use caseway::mail::{self, Mail};
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::test_runner::{Config as Runs, TestRunner};

use crate::harness::config::config;
use crate::harness::mail::from;

const ENGINEERS: [(&str, &str); 2] =
    [("erkki.private@example.test", "Erkki Virtanen"), ("liisa@example.test", "Liisa Korhonen")];
/// Stands in everything that is for colleagues only.
const NOTE: &str = "INTERNAL-REMARK";

/// A desk in memory, with one case of Anna's and what Erkki was told of it.
struct Desk {
    rules: Rules,
    letters: Letters,
    facts: Facts,
    text: String,
    raw: String,
    message_id: String,
    reply_to: String,
    /// Tokens of engineers.
    tokens: Vec<String>,
    /// Standing lines of the notice, as words.
    lines: Vec<String>,
}

fn now() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

fn arrival(rules: &Rules, raw: &[u8], number: i64) -> Arrival {
    let mail = mail::read(raw);
    Arrival {
        ledger: number,
        mailbox: "support".to_owned(),
        folder: String::new(),
        message_id: mail.message_id.clone().unwrap_or_default(),
        author: author::of(rules, &mail),
        mail: Unseen::of(mail).shown(&Known::default()),
        content_hash: [u8::try_from(number % 251).unwrap(); 32],
        body_hash: [u8::try_from(number % 251).unwrap(); 32],
        oversize: None,
        received_at: now(),
        attempts: 1,
        dkim_verified: Vec::new(),
        past: None,
    }
}

impl Desk {
    fn new() -> Self {
        let letters = Letters::load(None).unwrap();
        let own_words = OwnWords::new(letters.standing_words().into_iter());
        let keys = Keys::new(vec![(1, b"a secret of thirty-two octets ok".to_vec())]).unwrap();
        let rules = Rules { config: config(std::path::Path::new("/nowhere")).into(), keys, own_words };
        let mut facts = Facts::default();
        for (id, (email, name)) in (1..).zip(ENGINEERS) {
            let id = PersonId(id);
            let person = Person {
                id,
                email: email.to_owned(),
                name: name.to_owned(),
                language: None,
                bounce_score: 0,
                bounced_at: None,
                suppressed: false,
                known: true,
            };
            facts.by_email.insert(email.to_owned(), id);
            facts.people.insert(id, person);
            facts.engineers.insert(id, vec!["support".to_owned()]);
            facts.next.person = id.0;
        }
        let opener = from("Anna Schmidt <anna@customer.test>", "a1@customer.test").bytes();
        let outcome = decide(&rules, &facts, Event::Arrived(&arrival(&rules, &opener, 1)), now());
        facts.apply(&outcome);
        let words = "Hello, the printer on the second floor does not print any more.".to_owned();
        facts
            .last_words
            .insert(TicketId(1), LastWords { author: "Anna Schmidt".to_owned(), by: None, at: now(), text: words });
        let post = outcome.posts.iter().find(|post| post.recipient.email == ENGINEERS[0].0).unwrap();
        let notice = letters.render(&post.letter).unwrap();
        let reply_to = post.letter.reply_to.email.clone();
        let tokens = [1, 2].map(|person| rules.keys.reply(TicketId(1), PersonId(person), 0)).to_vec();
        let lines = notice.text.lines().filter(|line| !line.contains("printer")).map(words_of);
        let lines = lines.filter(|line| line.split(' ').count() >= 6).collect();
        Self {
            message_id: post.letter.message_id.clone(),
            raw: String::from_utf8(notice.bytes).unwrap().replace("\r\n", "\n"),
            text: notice.text,
            reply_to,
            tokens,
            lines,
            rules,
            letters,
            facts,
        }
    }

    /// What the customers get of a mail, as they see it and as it travels; and how many letters went to them.
    fn relayed(&self, raw: &[u8]) -> Vec<(Mail, Vec<u8>)> {
        let outcome = decide(&self.rules, &self.facts, Event::Arrived(&arrival(&self.rules, raw, 2)), now());
        let engineers: HashSet<&str> = ENGINEERS.iter().map(|(email, _)| *email).collect();
        let posts = outcome.posts.iter().filter(|post| !engineers.contains(post.recipient.email.as_str()));
        posts
            .filter(|post| post.letter.notice != Notice::Acknowledgement)
            .map(|post| {
                let bytes = self.letters.render(&post.letter).unwrap().bytes;
                (mail::read(&bytes), bytes)
            })
            .collect()
    }

    /// What of ours stands in a letter to a customer.
    fn leak(&self, mail: &Mail, raw: &[u8]) -> Option<String> {
        let files = mail.attachments.iter().map(|file| String::from_utf8_lossy(&file.content).into_owned());
        let seen =
            [mail.text.clone(), mail.html.clone().unwrap_or_default(), String::from_utf8_lossy(raw).into_owned()];
        let all: Vec<String> = seen.into_iter().chain(files).collect();
        let everything = all.join("\n").replace("=\r\n", "").to_lowercase().replace("%40", "@").replace("=40", "@");
        let letters: String = everything.chars().filter(char::is_ascii_alphanumeric).collect();
        let words = words_of(&mail.text);
        let needles = ["##-", "internal-remark", "begin:vcard", "begin pgp", "smime.p7s"];
        let known = needles.into_iter().chain(ENGINEERS.iter().map(|(email, _)| *email));
        known
            .filter(|needle| everything.contains(needle))
            .map(str::to_owned)
            .chain(self.tokens.iter().filter(|token| letters.contains(token.as_str())).cloned())
            .chain(self.lines.iter().filter(|line| words.contains(line.as_str())).cloned())
            .chain(
                mail.text.lines().map(str::trim).filter(|line| is_command(line) || is_source(line)).map(str::to_owned),
            )
            .next()
    }
}

fn is_command(line: &str) -> bool {
    let line = line.to_lowercase();
    line == "#approve" || line == "#reject" || line.starts_with("#set ")
}

/// A line of the source of our notice; a customer's mail has such a header, and none in its words.
fn is_source(line: &str) -> bool {
    line.to_lowercase().starts_with("x-caseway")
}

fn words_of(text: &str) -> String {
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    text.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn marked(mark: &str, text: &str) -> String {
    text.lines().map(|line| format!("{mark}{line}\n")).collect()
}

/// The notice in the form in which some client quotes it, below or around the words.
fn quoted(desk: &Desk, form: usize, words: &str) -> String {
    let (text, raw, to) = (&desk.text, &desk.raw, &desk.reply_to);
    let half = text.lines().skip(2).step_by(2).collect::<Vec<_>>().join("\n");
    let tail = text.lines().rev().take(6).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("\n");
    let narrow: String =
        text.split_whitespace().collect::<Vec<_>>().chunks(5).map(|line| format!("> {}\n", line.join(" "))).collect();
    let head = format!(
        "From: Example Support <{to}>\nSent: Monday, 2 March 2026 10:00\nTo: {} <{}>\nSubject: [CASE-1] The printer\n",
        ENGINEERS[0].1, ENGINEERS[0].0
    );
    match form {
        0 => words.to_owned(),
        1 => format!("{words}\n\nOn Mon, 2 Mar 2026 at 10:00, Example Support <{to}> wrote:\n\n{}", marked("> ", text)),
        2 => format!("{words}\n\nAm 02.03.26 um 10:00 schrieb Example Support:\n{}", marked(">", text)),
        3 => format!("{words}\n\nExample Support <{to}> kirjoitti 2.3.2026 klo 10.00:\n{}", marked("> > ", text)),
        4 => format!("{words}\n\nIn a reply to Example Support <{to}>, at noon\n{}", marked("> ", text)),
        5 => format!("{words}\n\n{}", marked("\t", text)),
        6 => format!("{words}\n{}", marked("\t", raw)),
        7 => format!("{words}\n\n________________________________\n{head}\n{text}"),
        8 => format!("{words}\n\n-----Original Message-----\n{head}\n{text}"),
        9 => format!("See my answers below.\n\n{head}\n{text}\n{words}"),
        10 => {
            let inside = marked("> ", text).replace("any more.\n", &format!("any more.\n\n{words}\n\n"));
            format!("On Mon, 2 Mar 2026, {to} wrote:\n{inside}\nErkki")
        }
        11 => format!("{}\n{words}", marked("> ", text)),
        12 => format!("{words}\n\n{}", marked("| ", text)),
        13 => format!("{words}\n\n{}", marked("    ", text)),
        14 => format!("{words}\n\n{raw}"),
        15 => format!("{words}\n\n{half}\n\nThat is all."),
        16 => format!("{words}\n\n{narrow}\nDone."),
        17 => format!("{words}\n\n{tail}\n\nBest\n"),
        18 => format!("{words}\n\n{}\n\n{words}", marked("> ", raw)),
        19 => format!("{words}\n\n>> {}\n\nMore.", text.replace('\n', "\n>> ")),
        20 => format!("{words}\n\n#v+\n{text}\n#v-\n{words}"),
        _ => format!("{words}\n\n{}\n{}", marked("› ", &tail), marked("> ", &half)),
    }
}
const FORMS: usize = 22;

const SUBJECTS: &[&str] = &[
    "Re: [CASE-1] The printer is broken",
    "[CASE-1] The printer is broken",
    "AW: [CASE-1] The printer is broken",
    "Fwd: [CASE-1] The printer is broken",
    "[CASE-1] WG: The printer is broken",
    "[Fwd: [CASE-1] The printer is broken]",
    "Accepted: [CASE-1] The printer is broken",
    "Read: [CASE-1] The printer is broken",
    "Recall: [CASE-1] The printer is broken",
    "Automatic reply: [CASE-1] The printer is broken",
];

/// What stands above the words, and whether they are then for colleagues.
const ABOVE: &[(&str, bool)] = &[
    ("", false),
    ("", false),
    ("CAUTION: This email originated from outside of the organization. Do not click links.\n\n", false),
    ("#approve\n\n", true),
    ("#reject\n", true),
    ("#aprove\n", true),
    ("#set email anna@customer.test\n", true),
    ("CAUTION: This email originated from outside of the organization. Do not click links.\n\n#reject\n", true),
    ("Von draussen!!\n\n#reject\n", true),
    ("\u{200b}#reject\n", true),
    ("**#approve**\n", true),
    ("[EXTERNAL EMAIL]\n#reject\n", true),
];

/// Below the words.
fn signature(desk: &Desk, form: usize) -> String {
    let email = ENGINEERS[0].0;
    match form {
        0 => String::new(),
        1 => format!("\n\n-- \n{}\n{email}", ENGINEERS[0].1),
        2 => format!("\n\nBest regards\n{}\nE-mail: {email}", ENGINEERS[0].1),
        3 => format!("\n\nWrite to <mailto:{email}> or {}.", email.to_uppercase()),
        4 => format!("\n\nhttps://card.test/?who={}&to=support%2B{}", email.replace('@', "%40"), desk.tokens[0]),
        5 => format!("\n\nMy colleague is {}.", ENGINEERS[1].0),
        _ => format!("\n\n<{}>", desk.message_id),
    }
}
const SIGNATURES: usize = 7;

/// A part beside the words.
fn file(desk: &Desk, form: usize) -> Option<String> {
    let part = |kind: &str, name: &str, body: &str| {
        Some(format!(
            "--b\nContent-Type: {kind}; name=\"{name}\"\nContent-Disposition: attachment; filename=\"{name}\"\n\n{body}\n"
        ))
    };
    let calendar = "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nSUMMARY:INTERNAL-REMARK\nEND:VEVENT\nEND:VCALENDAR";
    match form {
        0..=2 => None,
        3 => part("application/pdf", "manual.pdf", "%PDF-1.4 the manual"),
        4 => part("application/pkcs7-signature", "smime.p7s", "abc"),
        5 => part("application/pgp-signature", "signature.asc", "-----BEGIN PGP SIGNATURE-----"),
        6 => part("application/octet-stream", "key.asc", "-----BEGIN PGP PUBLIC KEY BLOCK-----"),
        7 => part("text/x-vcard", "card.dat", "BEGIN:VCARD\nEND:VCARD"),
        8 => part("message/rfc822", "notice.eml", &desk.raw),
        9 => part("text/plain", "log.txt", &format!("for {} by {}", ENGINEERS[0].0, desk.reply_to)),
        10 => part("text/calendar", "answer.ics", calendar),
        11 => part(
            "message/rfc822",
            "outer.eml",
            &format!(
                "From: a@b.test\nSubject: x\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: message/rfc822\n\n{}\n--c--",
                desk.raw
            ),
        ),
        _ => Some("--b\nContent-Type: text/plain\nContent-Disposition: reaction\n\nINTERNAL-REMARK\n".to_owned()),
    }
}
const FILES: usize = 13;

/// Which pieces an answer is made of.
type Pieces = ((usize, usize, usize, usize), (usize, usize, bool, usize));

fn answer(desk: &Desk, pieces: Pieces, fixtures: &[String]) -> Vec<u8> {
    let ((subject, above, form, sign), (attached, frame, html, fixture)) = pieces;
    let subject = SUBJECTS[subject];
    let (above, for_colleagues) = ABOVE[above];
    // "Read:" and "Recall:" alone make no receipt: what people write below them is theirs.
    let answers = ["Re:", "AW:", "[CASE-1] The", "Read:", "Recall:"];
    let passed_on = !answers.iter().any(|start| subject.starts_with(start));
    // What only looks like a command is one at the top, not between quotes.
    let for_colleagues = for_colleagues && (above != "#aprove\n" || !(9..=11).contains(&form));
    let note = if for_colleagues || passed_on || attached == 10 || attached >= 12 { NOTE } else { "" };
    let words = format!("{above}Please restart it. {note}{}", signature(desk, sign));
    // One in eight is a whole mail of another kind: a report, a responder's, somebody's answer by another client.
    let mut body = match frame {
        0 => fixtures[fixture % fixtures.len()]
            .replace("\n\n", &format!("\n\n{}\n\n", desk.text.lines().nth(fixture % 7).unwrap_or_default())),
        1 => format!(
            "{NOTE}\n\n---------- Forwarded message ---------\nFrom: Anna Schmidt <anna@customer.test>\nDate: Mon\nSubject: x\nTo: {}\n\n{words}",
            ENGINEERS[0].0
        ),
        2 => "-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----".to_owned(),
        _ => quoted(desk, form, &words),
    };
    let mut kind = "text/plain; charset=utf-8";
    if html {
        kind = "text/html; charset=utf-8";
        body = body.replace('&', "&amp;").replace('<', "&lt;").replace('\n', "<br>\n");
    }
    let mut letter = from(&format!("{} <{}>", ENGINEERS[0].1, ENGINEERS[0].0), "e1@example.test")
        .on_top("Authentication-Results", "mx.example.test; dmarc=pass header.from=example.test")
        .to(&desk.reply_to)
        .answering(&desk.message_id)
        .subject(subject)
        .header("Content-Type", kind);
    if let Some(part) = file(desk, attached) {
        letter = letter.header("Content-Type", "multipart/mixed; boundary=b");
        body = format!("--b\nContent-Type: {kind}\n\n{body}\n{part}--b--");
    }
    letter.text(&body).bytes()
}

/// The bodies of all mails that the reader is tested with.
fn fixtures() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| mail::read(&std::fs::read(file).unwrap()).text).collect()
}

#[test]
fn no_answer_leaks() {
    let desk = Desk::new();
    assert!(desk.lines.len() >= 2, "{:?}", desk.lines);
    let fixtures = fixtures();
    let cases = std::env::var("CASEWAY_GATE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(3_000);
    let mut runner = TestRunner::new(Runs { cases, failure_persistence: None, ..Runs::default() });
    let strategy = (
        (0..SUBJECTS.len() * 2, 0..ABOVE.len(), 0..FORMS, 0..SIGNATURES),
        (0..FILES, 0..24_usize, any::<bool>(), 0..fixtures.len()),
    );
    let relayed = std::cell::Cell::new((0_u32, 0_u32));
    runner
        .run(&strategy, |((subject, above, form, sign), rest)| {
            // Half of them answer; the others are spread over all subjects.
            let subject = if subject < SUBJECTS.len() { subject } else { 0 };
            let raw = answer(&desk, ((subject, above, form, sign), rest), &fixtures);
            let letters = desk.relayed(&raw);
            let (all, gone) = relayed.get();
            relayed.set((all + 1, gone + u32::from(!letters.is_empty())));
            for (mail, bytes) in letters {
                let leak = desk.leak(&mail, &bytes);
                prop_assert!(leak.is_none(), "{:?} in\n{}\nof\n{}", leak, mail.text, String::from_utf8_lossy(&raw));
            }
            Ok(())
        })
        .unwrap();
    let (all, gone) = relayed.get();
    println!("{all} answers, {gone} of them relayed, 0 leaks");
    assert!(gone * 20 >= all, "a gate that lets nothing through shows nothing: {gone} of {all}");
}

/// The test sees what would leak.
#[test]
fn what_leaks_is_seen() {
    let desk = Desk::new();
    for leak in [
        "##- Please reply above this line -##".to_owned(),
        NOTE.to_owned(),
        ENGINEERS[1].0.to_uppercase(),
        format!("support%2B{}", desk.tokens[0]),
        desk.lines[0].clone(),
        "#approve".to_owned(),
    ] {
        let raw = from("a@b.test", "x@b.test").text(&format!("Hello\n{leak}\nBye")).bytes();
        assert!(desk.leak(&mail::read(&raw), &raw).is_some(), "{leak}");
    }
    let raw = from("a@b.test", "x@b.test").text("Hello\nBye").bytes();
    assert_eq!(desk.leak(&mail::read(&raw), &raw), None);
}
