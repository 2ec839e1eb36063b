//! Marks of ours that must not travel: the tokens in our addresses and in our Message-IDs.
//!
//! Whoever holds a token is taken for the person it was given to where nothing better can be had. So what one person's mail
//! brings to another holds none: `support+r7…@example.test` becomes `support@example.test`, and a Message-ID of ours is
//! left out. A mark is recognised by opening it with our keys, never by its looks.

use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};

use super::keys::Keys;
use super::token::NOTE;
use crate::mail::{Attachment, mime};

/// Letters of a token: of the shortest that there can be to the longest.
const LENGTHS: RangeInclusive<usize> = 30..=80;
/// Octets between the two halves of a token that a mailer broke: a line end and the marks of a quote.
const MAX_BREAK: usize = 16;
/// How deep mails within attached mails are looked into.
const MAX_DEPTH: usize = 4;

/// `text` without our marks.
pub fn words<'t>(keys: &Keys, text: &'t str) -> Cow<'t, str> {
    match octets(keys, text.as_bytes()) {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        // What is taken out is ASCII, so letters stay whole.
        Cow::Owned(clean) => Cow::Owned(String::from_utf8_lossy(&clean).into_owned()),
    }
}

/// A file without our marks; `None` when it is a mail with one below base64, which cannot be taken out in its place.
pub fn file(keys: &Keys, file: &Attachment) -> Option<Attachment> {
    let content = octets(keys, &file.content);
    if is_mail(file) && hides_one(keys, &content, MAX_DEPTH) {
        return None;
    }
    let filename = words(keys, &file.filename).into_owned();
    Some(Attachment { filename, content: content.into_owned(), ..file.clone() })
}

fn is_mail(file: &Attachment) -> bool {
    let name = file.filename.to_ascii_lowercase();
    file.content_type.starts_with("message/") || [".eml", ".mbox", ".mht"].iter().any(|end| name.ends_with(end))
}

/// Whether a part of an attached mail holds a mark once it is decoded.
fn hides_one(keys: &Keys, mail: &[u8], depth: usize) -> bool {
    mime::parse(mail).list.iter().filter(|part| part.shape == mime::Shape::Leaf).any(|part| {
        let decoded = part.transfer.decode(part.body).0;
        let below = part.kind().starts_with("message/") && depth > 0 && hides_one(keys, &decoded, depth - 1);
        below || !marks(keys, &decoded).is_empty()
    })
}

fn octets<'b>(keys: &Keys, bytes: &'b [u8]) -> Cow<'b, [u8]> {
    let found = marks(keys, bytes);
    if found.is_empty() {
        return Cow::Borrowed(bytes);
    }
    let mut clean = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for mark in found {
        clean.extend_from_slice(bytes.get(at..mark.start).unwrap_or_default());
        at = at.max(mark.end);
    }
    clean.extend_from_slice(bytes.get(at..).unwrap_or_default());
    Cow::Owned(clean)
}

/// What is to be taken out, in order: at most three keys are tried for each word, so time grows with the length.
fn marks(keys: &Keys, bytes: &[u8]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while let Some(start) = bytes.get(at..).and_then(|rest| rest.iter().position(u8::is_ascii_alphanumeric)) {
        let start = at + start;
        let end = word_end(bytes, start);
        at = end;
        if let Some(token) = token(keys, bytes, start..end) {
            at = at.max(token.end);
            let whole = whole(bytes, token);
            found.push(whole);
        }
    }
    found
}

fn word_end(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    start + rest.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(rest.len())
}

/// The genuine token that a word is, ends with behind an escaped sign (`%2B`, `=2B`), or begins before a line end.
fn token(keys: &Keys, bytes: &[u8], word: Range<usize>) -> Option<Range<usize>> {
    let escaped = word.start > 0 && matches!(bytes.get(word.start - 1), Some(b'%' | b'='));
    let starts = [Some(word.start), escaped.then_some(word.start + 2)];
    let ends = [Some(word.end), continued(bytes, word.end).map(|next| word_end(bytes, next))];
    let mut candidates =
        starts.into_iter().flatten().flat_map(|start| ends.into_iter().flatten().map(move |end| start..end));
    candidates.find(|range| is_token(keys, bytes, range.clone()))
}

/// Where a word goes on that a mailer broke: behind a line end (of quoted-printable a soft one) and a quote's marks.
fn continued(bytes: &[u8], end: usize) -> Option<usize> {
    let gap = bytes.get(end..)?.iter().take(MAX_BREAK).take_while(|byte| b"=\r\n \t>|".contains(byte));
    let (octets, lines) = gap.fold((0, 0), |(octets, lines), byte| (octets + 1, lines + usize::from(*byte == b'\n')));
    (lines == 1).then_some(end + octets)
}

fn is_token(keys: &Keys, bytes: &[u8], range: Range<usize>) -> bool {
    let Some(piece) = bytes.get(range) else { return false };
    if !LENGTHS.contains(&piece.len()) && piece.len() > *LENGTHS.end() + MAX_BREAK {
        return false;
    }
    let letters = piece.iter().filter(|byte| byte.is_ascii_alphanumeric());
    let letters: String = letters.map(|byte| char::from(*byte)).collect();
    let given = || keys.open_reply(&letters).or_else(|| keys.open_note(&letters)).is_some();
    LENGTHS.contains(&letters.len()) && (given() || keys.open_bounce(&letters).is_some())
}

/// A token with what makes it an address (`+` in front) or a Message-ID (the rest of it, and its brackets).
fn whole(bytes: &[u8], token: Range<usize>) -> Range<usize> {
    let before = bytes.get(..token.start).unwrap_or_default();
    let behind = before.len().checked_sub(NOTE.len()).and_then(|at| before.split_at_checked(at));
    let before_note = behind.filter(|(_, word)| word.eq_ignore_ascii_case(NOTE.as_bytes())).map(|(head, _)| head);
    for plus in [&b"+"[..], b"%2B", b"%2b", b"=2B"] {
        let head = [before_note, Some(before)].into_iter().flatten().find_map(|head| head.strip_suffix(plus));
        if let Some(head) = head {
            return head.len()..token.end;
        }
    }
    let rest = bytes.get(token.end..).unwrap_or_default();
    if rest.first() != Some(&b'.') {
        return token;
    }
    let in_id = |byte: &u8| byte.is_ascii_alphanumeric() || b".-@".contains(byte);
    let end = token.end + rest.iter().position(|byte| !in_id(byte)).unwrap_or(rest.len());
    match before.ends_with(b"<") && bytes.get(end) == Some(&b'>') {
        true => token.start - 1..end + 1,
        false => token.start..end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::id::{PersonId, TicketId};
    use crate::desk::seal::token;

    fn keys() -> Keys {
        Keys::new(vec![(1, b"thirty-two octets of a secret...".to_vec())]).unwrap()
    }

    fn token() -> String {
        keys().reply(TicketId(7), PersonId(9), 0)
    }

    fn clean(text: &str) -> String {
        words(&keys(), text).into_owned()
    }

    #[test]
    fn addresses_lose_their_token_and_message_ids_are_left_out() {
        let (token, bounce) = (token(), keys().bounce(5));
        let id = keys().message_id(&token, 4, "example.test");
        for (text, expected) in [
            (format!("Desk <support+{token}@example.test> wrote:"), "Desk <support@example.test> wrote:"),
            (format!("mailto:support%2B{token}%40example.test"), "mailto:support%40example.test"),
            (format!("support=2B{token}@example.test"), "support@example.test"),
            (format!("SUPPORT+{}@EXAMPLE.TEST", token.to_uppercase()), "SUPPORT@EXAMPLE.TEST"),
            (format!("support+{bounce}@example.test"), "support@example.test"),
            (format!("References: <a@b.test> <{id}>\r\n"), "References: <a@b.test> \r\n"),
            (format!("In-Reply-To: {}", token::root_id(&token, "example.test")), "In-Reply-To: "),
            (format!("the mail {id}, and more"), "the mail , and more"),
            (format!("bare {token}."), "bare "),
        ] {
            assert_eq!(clean(&text), expected, "{text}");
        }
    }

    #[test]
    fn a_broken_token_is_one_too() {
        let token = token();
        let (one, two) = token.split_at(11);
        for gap in ["\n", "\r\n", "=\r\n", "=\n", "\n> ", "\r\n>> > ", "\n| "] {
            assert_eq!(clean(&format!("<support+{one}{gap}{two}@example.test>")), "<support@example.test>", "{gap:?}");
        }
    }

    #[test]
    fn everything_else_stays() {
        let forged: String = token().chars().rev().collect();
        for text in [
            "Ääkköset, 日本語 <jane+news@example.test>\r\n",
            &format!("support+r{forged}@example.test"),
            &format!("support+{}@example.test", forged.replacen('r', "", 1)),
            &"r".repeat(1_000),
            &"b0123456789bcdfghjklmnpqrstuvwxyz012345\n".repeat(40),
            "",
        ] {
            assert_eq!(clean(text), text);
        }
        let token = token();
        assert_eq!(clean(&format!("ä+{token}@ö {token}")), "ä@ö ");
    }

    fn attached(name: &str, content: String) -> Attachment {
        let (content_type, content) = ("message/rfc822".to_owned(), content.into_bytes());
        Attachment { filename: name.to_owned(), content_type, content_id: None, inline: false, content }
    }

    #[test]
    fn attached_mails_are_cleaned_or_left_out() {
        let token = token();
        let id = keys().message_id(&token, 4, "example.test");
        let head = format!("Reply-To: support+{token}@example.test\r\nMessage-ID: <{id}>\r\n");
        let plain =
            file(&keys(), &attached("a.eml", format!("{head}Subject: x\r\n\r\nsupport+{token}@example.test\r\n")));
        let expected = "Reply-To: support@example.test\r\nMessage-ID: \r\nSubject: x\r\n\r\nsupport@example.test\r\n";
        assert_eq!(String::from_utf8(plain.unwrap().content).unwrap(), expected);
        let packed = data_encoding::BASE64.encode(format!("write to support+{token}@example.test").as_bytes());
        let hidden = format!("Subject: x\r\nContent-Transfer-Encoding: base64\r\n\r\n{packed}\r\n");
        assert_eq!(file(&keys(), &attached("a.eml", hidden.clone())), None);
        let nested = format!("Content-Type: message/rfc822\r\n\r\n{hidden}");
        assert_eq!(file(&keys(), &attached("a.eml", nested)), None);
        let innocent = attached("a.eml", "Subject: x\r\n\r\nHello\r\n".to_owned());
        assert_eq!(file(&keys(), &innocent), Some(innocent));
    }
}
