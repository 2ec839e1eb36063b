//! Reads address lists the lenient way: the structure first, encoded words afterwards and in names alone (RFC 2047 §5),
//! so that a comma or a bracket inside an encoded name does no harm and no encoded word is an address.

use memchr::{memchr, memchr3_iter};

use super::entry::{Mailbox, comment_end, entry, quoted_end};
use crate::mail::{encoded_word, headers, limits};

/// Every entry of an address header, with or without an address. Groups (§3.4) give their members.
pub fn parse(value: &str) -> Vec<Mailbox> {
    let mut list: Vec<Mailbox> = Vec::new();
    let mut waiting = String::new();
    for (piece, entry) in
        split(value).into_iter().flat_map(|piece| entry(piece).into_iter().map(move |entry| (piece, entry)))
    {
        // `Doe, Jane <jane@…>` without quotes: the piece without address belongs to the name that follows.
        if entry.email.is_none() && !piece.contains(['<', '@']) {
            if !entry.name.is_empty() {
                waiting = joined(&waiting, &entry.name);
            }
            continue;
        }
        let name = match (waiting.is_empty(), piece.contains('<') && !piece.trim_start().starts_with(['"', '<'])) {
            (false, true) => joined(&waiting, &entry.name),
            _ => entry.name,
        };
        waiting.clear();
        list.push(Mailbox { name, email: entry.email });
        if list.len() >= limits::MAX_ADDRESSES {
            return list;
        }
    }
    if !waiting.is_empty() {
        list.push(Mailbox { name: waiting, email: None });
    }
    list
}

fn joined(first: &str, second: &str) -> String {
    let text = if first.is_empty() { second.to_owned() } else { format!("{first}, {second}") };
    headers::clean(&text, limits::MAX_NAME_CHARS)
}

/// Cuts at the commas and semicolons (which Outlook writes) outside of quotes, comments, brackets and words;
/// leaves out group names.
fn split(value: &str) -> Vec<&str> {
    let bytes = value.as_bytes();
    let last = |byte: u8| memchr::memrchr(byte, bytes).unwrap_or(0);
    let (last_quote, last_round, last_angle) = (last(b'"'), last(b')'), last(b'>'));
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    // The last character so far that no group name has.
    let (mut marks, mut last_mark) = (memchr3_iter(b'@', b'<', b'[', bytes).peekable(), None);
    while let Some(&byte) = bytes.get(at) {
        let next = match byte {
            // What is never closed is a character like any other.
            b'"' if at < last_quote => quoted_end(bytes, at + 1),
            b'(' if at < last_round => comment_end(bytes, at + 1),
            b'<' if at < last_angle => {
                let end = memchr(b'>', bytes.get(at..).unwrap_or_default()).map_or(at + 1, |end| at + end + 1);
                let holds = value.get(at..end).is_some_and(|inner| inner.contains('@'));
                // A comma is missing in front of the next `Name <address>`.
                if holds && another(value.get(end..).unwrap_or_default()) {
                    pieces.push(value.get(start..end).unwrap_or_default());
                    start = end;
                }
                end
            }
            b'=' => at + value.get(at..).and_then(encoded_word::length).unwrap_or(1),
            b',' | b';' => {
                pieces.push(value.get(start..at).unwrap_or_default());
                start = at + 1;
                at + 1
            }
            b':' => {
                while let Some(mark) = marks.next_if(|&mark| mark < at) {
                    last_mark = Some(mark);
                }
                let is_plain = last_mark.is_none_or(|mark| mark < start) && bytes.get(at + 1) != Some(&b'/');
                if is_plain && is_group(value.get(start..at).unwrap_or_default()) {
                    start = at + 1;
                }
                at + 1
            }
            _ => at + 1,
        };
        at = next;
    }
    pieces.push(value.get(start..).unwrap_or_default());
    pieces.retain(|piece| !piece.trim().is_empty());
    pieces
}

/// The entry goes on with a further address in brackets. Looks no farther than to the next address.
fn another(rest: &str) -> bool {
    let Some(bracket) = rest.find([',', ';', '<', '>']).and_then(|at| rest.get(at..)) else { return false };
    let Some(inner) = bracket.strip_prefix('<') else { return false };
    inner.find([',', ';', '@']).and_then(|at| inner.get(at..)).is_some_and(|found| found.starts_with('@'))
}

/// A name in front of a colon that names a group; without `@`, `<` and `[`, and not in front of `//`.
fn is_group(name: &str) -> bool {
    let name = name.trim();
    !name.is_empty() && !name.eq_ignore_ascii_case("mailto")
}

#[cfg(test)]
mod tests {
    use super::super::usable;
    use super::*;

    fn first(value: &str) -> (String, String) {
        let entry = parse(value).into_iter().next().unwrap_or_default();
        (entry.name, entry.email.unwrap_or_default())
    }

    fn pair(name: &str, email: &str) -> (String, String) {
        (name.to_owned(), email.to_owned())
    }

    #[test]
    fn by_the_book() {
        for value in [
            "Jane Doe <jane@example.test>",
            "\"Jane Doe\" <JANE@example.test>",
            "jane@example.test (Jane Doe)",
            "=?utf-8?Q?Jane_Doe?= <jane@example.test>",
            "Jane (desk) Doe <jane@example.test>".replace(" (desk)", "").as_str(),
        ] {
            assert_eq!(first(value), pair("Jane Doe", "jane@example.test"), "{value}");
        }
        assert_eq!(
            first("\"Doe, Jane \\\"JD\\\"\" <jane@example.test>"),
            pair("Doe, Jane \"JD\"", "jane@example.test")
        );
        assert_eq!(usable("Team: a@example.test, B <b@example.test>;").len(), 2);
        assert_eq!(usable("undisclosed-recipients:;"), []);
        assert_eq!(first("\"odd one\"@example.test").1, "\"odd one\"@example.test");
        assert_eq!(first("\"jane\"@example.test").1, "jane@example.test");
    }

    #[test]
    fn as_they_come() {
        for value in [
            "Jane Doe jane@example.test",
            "Jane Doe <jane@example.test",
            "Jane Doe <jane@example.test>>",
            "Jane Doe <<jane@example.test>>",
            "Jane Doe <'jane@example.test'>",
            "Jane Doe <jane\"@example.test>",
            "Jane Doe <jane@exam'ple.test>",
            "Jane Doe <jane @ example.test>",
            "Jane Doe <mailto:jane@example.test>",
            "'Jane Doe' <jane@example.test.>",
            "Jane Doe [jane@example.test]",
            "\"=?utf-8?Q?Jane_Doe?=\" <jane@example.test>",
            "=?utf-8?Q?=22Jane_Doe=22?= <jane@example.test>",
            "Jane\r\n Doe <@relay.test:jane@example.test>",
        ] {
            assert_eq!(first(value), pair("Jane Doe", "jane@example.test"), "{value}");
        }
        assert_eq!(first("Doe, Jane <jane@example.test>"), pair("Doe, Jane", "jane@example.test"));
        assert_eq!(first("=?iso-8859-1?Q?D=F6,_Jane?= <jane@example.test>"), pair("Dö, Jane", "jane@example.test"));
        assert_eq!(first("x@example.test> <jane@example.test>"), pair("x@example.test", "jane@example.test"));
        assert_eq!(first("\"Jane <jane@example.test>"), pair("Jane", "jane@example.test"));
        assert_eq!(first("Jane <jane(home)@example.test(host)>"), pair("Jane", "jane@example.test"));
        assert_eq!(first("jane@b\u{fc}ro.test"), pair("", "jane@b\u{fc}ro.test"));
    }

    #[test]
    fn no_address() {
        for value in ["Jane", "", "<>", "jane@", "@example.test", "Jane <no spaces here@example.test>", "a@b@@"] {
            assert_eq!(usable(value), [], "{value}");
        }
        assert_eq!(first("Real Name").0, "Real Name");
    }

    /// The server that checks a domain's policy (DMARC) reads the address as it stands.
    #[test]
    fn an_encoded_word_is_no_address() {
        for value in [
            "<=?utf-8?Q?jane?=@example.test>",
            "<jane@=?utf-8?Q?example.test?=>",
            "=?utf-8?Q?jane=40example.test?=",
            "=?utf-8?B?amFuZUBleGFtcGxlLnRlc3Q=?=",
            "Jane <=?utf-8?Q?jane=40example.test?=>",
            "=?utf-8?Q?Jane_Doe_<jane@example.test>?=",
            "jane=?utf-8?Q?=40?=example.test",
            "=?utf-8?Q?<jane@example.test>?= =?utf-8?Q?x?=",
        ] {
            assert_eq!(usable(value), [], "{value}");
        }
        let named = "=?utf-8?q?jane=40example.test?= <mallory@evil.test>";
        assert_eq!(first(named), pair("jane@example.test", "mallory@evil.test"));
        assert_eq!(first("=?utf-8?Q?Jane_Doe_<jane@example.test>?=").0, "Jane Doe <jane@example.test");
    }

    #[test]
    fn several() {
        let found = usable("a@example.test; \"B, b\" <b@example.test>, C <c@example.test>");
        let emails: Vec<_> = found.iter().map(|address| address.email.as_str()).collect();
        assert_eq!(emails, ["a@example.test", "b@example.test", "c@example.test"]);
        for value in ["A <a@example.test> B <b@example.test>", "A a@example.test b@example.test"] {
            let found = usable(value);
            assert_eq!(
                (found.len(), found[0].name.as_str(), found[1].email.as_str()),
                (2, "A", "b@example.test"),
                "{value}"
            );
        }
        assert_eq!(usable(&"a@example.test,".repeat(2_000)).len(), limits::MAX_ADDRESSES);
    }

    #[test]
    fn nothing_can_start_a_header() {
        let (name, email) = first("=?utf-8?Q?Jane=0D=0ABcc:_x=40example.test?= <jane@example.test>");
        assert_eq!(name, "Jane Bcc: x@example.test");
        assert!(!email.contains(char::is_control));
        let quoted = "=?utf-8?Q?=22jane=0D=0ABcc:_x=22=40example.test?=";
        assert!(usable(quoted).iter().all(|address| !address.email.contains(char::is_control)));
    }
}
