//! Mails written to be read for ever. Each is so large, or so deep, that reading it any other way than in proportion to
//! its length would not end within anybody's patience: that these tests end is what they show.

use caseway::mail::{Mail, read};

const HEAD: &str = "From: Jane <jane@customer.test>\nTo: desk@example.test\nSubject: x\nMIME-Version: 1.0\n";

fn mail(content_type: &str, body: &str) -> Mail {
    read(format!("{HEAD}Content-Type: {content_type}\n\n{body}").as_bytes())
}

#[test]
fn a_boundary_that_the_body_repeats_of_itself() {
    let boundary = "-".repeat(15_000);
    let kind = format!("multipart/mixed; boundary=\"{boundary}\"");
    let dashes = "-".repeat(3_000_000);
    for line in ["\n", "x\n", " \n"] {
        let found = mail(&kind, &format!("{dashes}{line}--{boundary}\n\nwords\n--{boundary}--\n{dashes}"));
        assert_eq!(found.text, "words", "behind {line:?}");
    }
    assert!(mail(&kind, &dashes).text.starts_with("---"));
}

#[test]
fn alternatives_in_each_other() {
    let levels = 29;
    let nest: String =
        (0..levels).map(|n| format!("Content-Type: multipart/alternative; boundary=b{n}x\n\n--b{n}x\n")).collect();
    let inner = "Content-Type: multipart/mixed; boundary=z\n\n--z\n\n \n--z\nContent-Type: text/html\n\n<p> \n--z--\n";
    assert_eq!(read(format!("{HEAD}{nest}{inner}").as_bytes()).text, "");
}

#[test]
fn entities_without_their_end() {
    let found = mail("text/html", &format!("<div class=gmail_quote>{}</div>", "&amp".repeat(300_000)));
    assert!(found.text.contains("&&&"));
}

#[test]
fn pictures_that_are_no_pictures() {
    let found = mail("text/html", &format!("<p>words {}", "cid:".repeat(500_000)));
    assert!(found.text.starts_with("words cid:"));
}

#[test]
fn headers_full_of_brackets_colons_and_quotes() {
    for (name, token) in [("To", "<@a>"), ("Cc", "a:/"), ("Delivered-To", "<@>b "), ("To", "http://")] {
        let header = format!("{name}: {}\n", token.repeat(16_000 / token.len()));
        let found = read(format!("{}Subject: still read\n\nwords", header.repeat(100)).as_bytes());
        assert_eq!((found.subject.as_str(), found.text.as_str()), ("still read", "words"), "{name} {token}");
    }
    for token in ["=?a?Q?;;;;", "\\\";", "a=\"\\\";"] {
        let part = format!("--p\nContent-Type: text/plain; {}\n\nx\n", token.repeat(16_000 / token.len()));
        let found = mail("multipart/mixed; boundary=p", &format!("{}--p--\n", part.repeat(60)));
        assert!(found.text.starts_with('x'), "{token}");
    }
}

#[test]
fn what_was_mended_for_them_reads_as_before() {
    let found = mail(
        "text/html; charset=utf-8",
        "<p>R&ouml;ntgen &amp; co <img src=\"cid:one@a.test\"><img src='cid:two%40a.test'>",
    );
    assert_eq!(found.text, "Röntgen & co");
    let found = read(b"To: Team: a@x.test, B <b@x.test> C <c@x.test>; \"E: F\" <e@x.test>\nCc: G:h@x.test;\n\n");
    let all: Vec<&str> = found.to.iter().chain(&found.cc).map(|one| one.email.as_str()).collect();
    assert_eq!(all, ["a@x.test", "b@x.test", "c@x.test", "e@x.test", "h@x.test"]);
    let found = mail("multipart/mixed; boundary=a", "--ab\n--a \nContent-Type: text/plain\n\none\n x--a\n--a--\n");
    assert_eq!(found.text, "one\n x--a");
}
