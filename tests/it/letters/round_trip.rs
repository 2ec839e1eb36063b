//! What we send is read back as it was.

use super::*;

fn line() -> impl Strategy<Value = String> {
    // Words of many scripts and all of ASCII's punctuation, without spaces around.
    "[!-~]{1,12}( [!-~äöüßéあ中😀–]{1,12}){0,12}"
}

/// Names as people have them. What the reader takes away around a name (quotes, brackets, backslashes) is not among them, and
/// neither is what looks like an encoded word: it is written so that it does not.
fn address() -> impl Strategy<Value = Address> {
    let word = "[a-zA-Zäöüßéøあ中][a-z0-9.,;:'&@()/+-]{0,12}";
    let name = format!("({word}( {word}){{0,5}}[a-zA-Zäöüéあ中])?");
    let name = proptest::string::string_regex(&name).unwrap();
    (name, "[a-z0-9._+-]{1,20}", "[a-z]{1,10}")
        .prop_map(|(name, local, domain)| Address::new(name, &format!("{local}@{domain}.test")))
}

fn attachment() -> impl Strategy<Value = Attachment> {
    let octets = prop::collection::vec(any::<u8>(), 0..400);
    let text = "[ -~äöü\n]{0,400}".prop_map(String::into_bytes);
    let content = prop_oneof![
        ("image/png|application/pdf", octets.boxed()).prop_map(|pair| pair),
        ("text/plain|text/csv", text.boxed()).prop_map(|pair| pair),
    ];
    ("[a-zA-Z0-9äöü]{1,20}( [a-zA-Z0-9äöüé_()&-]{1,30}){0,5}[a-z0-9]\\.[a-z]{3}", content)
        .prop_map(|(name, (kind, content))| file(name.trim(), &kind, &content))
}

fn id() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9.$_-]{1,60}@[a-z]{1,20}\\.test"
}

fn any_letter() -> impl Strategy<Value = Letter> {
    let people = (address(), address(), prop::collection::vec(address(), 1..4), prop::collection::vec(address(), 0..4));
    let ids = (id(), id(), prop::collection::vec(id(), 0..40));
    let words = prop::collection::vec(prop_oneof![line(), Just(String::new())], 1..12);
    let files = prop::collection::vec(attachment(), 0..3);
    (people, ids, line(), words, files, 0..Notice::ALL.len(), 0..Language::ALL.len()).prop_map(
        |((from, reply_to, to, cc), (message_id, parent, mut references), subject, words, files, notice, language)| {
            references.dedup();
            let mut letter = letter(Notice::ALL[notice]);
            letter.language = letter.notice.languages()[language % letter.notice.languages().len()];
            (letter.from, letter.reply_to, letter.to, letter.cc) = (from, reply_to, to, cc);
            (letter.message_id, letter.in_reply_to, letter.references) = (message_id, Some(parent), references);
            letter.vars.subject = subject;
            letter.vars.words = words.join("\n");
            letter.files = files;
            letter
        },
    )
}

fn check(letter: &Letter, rendered: &Rendered, mail: &Mail) {
    assert_eq!(mail.subject, rendered.subject);
    let names_itself = letter.notice >= Notice::FormQuestion
        && !matches!(letter.notice, Notice::FormHandover | Notice::CommandResult | Notice::RegistrationFile);
    let has_subject = mail.subject.contains(letter.vars.subject.trim());
    assert!(names_itself || has_subject, "{:?} in {:?}", letter.vars.subject, mail.subject);
    assert_eq!(mail.from.as_ref(), Some(&letter.from));
    let reply_to = Some(&letter.reply_to).filter(|address| **address != letter.from);
    assert_eq!(mail.reply_to.first(), reply_to);
    assert_eq!((&mail.to, &mail.cc), (&letter.to, &letter.cc));
    assert_eq!(mail.message_id.as_ref(), Some(&letter.message_id));
    assert_eq!(mail.in_reply_to.first(), letter.in_reply_to.as_ref());
    assert_eq!(mail.references.last(), letter.in_reply_to.as_ref());
    assert!(mail.references.len() <= 20);
    assert_eq!(mail.date, Some(letter.date));
    let shows_words = letter.notice.is_by_engineer()
        || matches!(letter.notice, Notice::NewTicket | Notice::CustomerReply | Notice::Held | Notice::FormHandover);
    if shows_words {
        let words = letter.vars.words.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        let text = mail.text.replace("\r\n", "\n").lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        assert!(text.contains(words.trim()), "{words:?} is not in {text:?}");
    }
    let kept = |file: &Attachment| (file.filename.clone(), file.content_type.clone(), file.content.clone());
    assert_eq!(mail.attachments.len(), letter.files.len());
    for (read, sent) in mail.attachments.iter().zip(&letter.files) {
        assert!(kept(read) == kept(sent), "{} {}, {} octets", sent.filename, sent.content_type, sent.content.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_we_send_is_what_is_read(letter in any_letter()) {
        let rendered = letters().render(&letter).unwrap();
        well_formed(&rendered.bytes);
        check(&letter, &rendered, &read(&rendered.bytes));
        prop_assert_eq!(rendered.bytes, letters().render(&letter).unwrap().bytes);
    }
}

/// Our own attribution and footer are cut like anybody else's: what is left is what the engineer wrote.
#[test]
fn an_answer_is_read_as_its_words() {
    let quotes = [
        (Language::En, "14 March 2025, 08:02 UTC"),
        (Language::De, "14.3.2025, 08:02 UTC"),
        (Language::Fi, "14.3.2025, 08:02 UTC"),
    ];
    for (language, date) in quotes {
        let mut letter = letter(Notice::Answer);
        letter.language = language;
        letter.vars.words = "Please restart it.\n\nBest regards\nMika".to_owned();
        let text = "It does not print.\n\nJane".to_owned();
        letter.vars.quote = Quote { author: "Jane Doe".to_owned(), date: date.to_owned(), text };
        let mail = read(&letters().render(&letter).unwrap().bytes);
        assert_eq!(mail.reply_text, letter.vars.words, "{language:?}");
        assert!(mail.quoted_text.contains("> It does not print."), "{language:?}: {}", mail.quoted_text);
    }
}

/// What an engineer writes above our line is all that goes on, whether or not the client marks what it quotes.
#[test]
fn a_reply_to_a_notice_is_cut_at_the_line() {
    for (notice, language) in [Notice::NewTicket, Notice::Acknowledgement]
        .into_iter()
        .flat_map(|notice| notice.languages().iter().map(move |&language| (notice, language)))
    {
        let notice = letters().preview(notice, language).unwrap();
        for mark in ["", "> "] {
            let quoted: String = notice.text.lines().map(|line| format!("{mark}{line}\n")).collect();
            let raw = format!("From: mika@example.test\nSubject: Re: x\n\nPlease restart it.\n\n{quoted}");
            assert_eq!(read(raw.as_bytes()).reply_text.trim(), "Please restart it.", "{language:?} {mark:?}");
        }
    }
}

#[test]
fn a_long_thread_keeps_its_root_and_its_end() {
    let mut letter = letter(Notice::Answer);
    letter.references = (0..500).map(|number| format!("m{number}@example.test")).collect();
    letter.in_reply_to = Some("m499@example.test".to_owned());
    let mail = read(&letters().render(&letter).unwrap().bytes);
    assert_eq!(mail.references.len(), 20);
    assert_eq!(mail.references[0], "m0@example.test");
    assert_eq!(mail.references[1], "m481@example.test");
    assert_eq!(mail.references[19], "m499@example.test");
}

#[test]
fn addresses_that_are_not_ascii_do_not_break_the_mail() {
    let mut letter = letter(Notice::Answer);
    letter.cc = vec![Address::new("Jörg", "jörg@example.test"), Address::new("", "ok@example.test")];
    let rendered = letters().render(&letter).unwrap();
    well_formed(&rendered.bytes);
    let message = MessageParser::default().parse(&rendered.bytes).unwrap();
    let emails: Vec<_> = message.cc().unwrap().iter().filter_map(|address| address.address()).collect();
    assert_eq!(emails, ["ok@example.test"]);
    assert!(head(&rendered).contains("Cc: "), "the address is shown as a group without members");
}

/// A domain beyond ASCII has a spelling that every server and client takes.
#[test]
fn international_domains_are_written_in_ascii() {
    let mut letter = letter(Notice::Acknowledgement);
    letter.to = vec![Address::new("Jörg", "joerg@müller.test")];
    letter.cc = vec![Address::new("", "anna@例え.test"), Address::new("Jörg", "jörg@müller.test")];
    let rendered = letters().render(&letter).unwrap();
    well_formed(&rendered.bytes);
    assert!(head(&rendered).contains("<joerg@xn--mller-kva.test>"));
    let message = MessageParser::default().parse(&rendered.bytes).unwrap();
    let emails: Vec<_> = message.cc().unwrap().iter().filter_map(|address| address.address()).collect();
    assert_eq!(emails, ["anna@xn--r8jz45g.test"]);
}

/// Names of files in both spellings: Outlook reads the encoded word, everybody else RFC 2231.
#[test]
fn file_names_are_written_twice() {
    let mut letter = letter(Notice::Answer);
    letter.files = vec![file("Größe.txt", "text/plain", "ä".as_bytes())];
    let rendered = letters().render(&letter).unwrap();
    let bytes = String::from_utf8(rendered.bytes.clone()).unwrap();
    assert!(bytes.contains("Content-Type: text/plain; name=\"=?utf-8?B?R3LDtsOfZS50eHQ=?=\""), "{bytes}");
    assert!(bytes.contains("filename*=UTF-8''Gr%C3%B6%C3%9Fe.txt"), "{bytes}");
    let message = MessageParser::default().parse(&rendered.bytes).unwrap();
    assert_eq!(message.attachment(0).unwrap().attachment_name(), Some("Größe.txt"));
}
