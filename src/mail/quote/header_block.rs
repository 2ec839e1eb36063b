//! The headers of the quoted mail as a block of lines: "From: … Sent: … To: … Subject: …" in many languages.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::date::{has_clock, has_date};
use super::lines::{Line, is_rule_char, trim};
use super::words;

/// What a header of such a block says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mail) enum Kind {
    From,
    Date,
    To,
    Subject,
    Other,
}

static BY_NAME: LazyLock<HashMap<&str, Kind>> = LazyLock::new(|| {
    words::of(include_str!("words/headers.txt"))
        .map(|word| {
            let kind = match word.section {
                "from" => Kind::From,
                "date" => Kind::Date,
                "to" => Kind::To,
                "subject" => Kind::Subject,
                _ => Kind::Other,
            };
            (word.text, kind)
        })
        .collect()
});

/// Names that say "date" and no more.
#[rustfmt::skip]
const DATES: &[&str] = &[
    "date", "datum", "fecha", "data", "dato", "dátum", "dată", "päivämäärä", "päiväys", "pvm", "дата", "日期", "時間", "时间",
    "日時", "日付", "tarih", "날짜", "ημερομηνία", "kuupäev", "ngày", "tanggal", "תאריך", "التاريخ", "dagsetning",
];

/// Lines a block may take: a long list of recipients, wrapped.
const MAX_LINES: usize = 60;
/// Characters of the longest name above, with room for bold marks.
const MAX_NAME_CHARS: usize = 28;

/// Spaces before the colon: "másolatot kap :".
const MAX_SPACES: usize = 4;

/// One header of a block.
#[derive(Debug, Clone)]
pub(in crate::mail) struct Header {
    pub(in crate::mail) kind: Kind,
    /// The value, continuation lines joined by a space.
    pub(in crate::mail) value: String,
    /// The name in the block, lower case: it tells the language.
    pub(in crate::mail) name: String,
}

/// A block and the line after its last one.
#[derive(Debug, Clone)]
pub(in crate::mail) struct HeaderBlock {
    pub(in crate::mail) headers: Vec<Header>,
    /// Headers are among them that no client shows: the source of a mail, pasted.
    raw: bool,
    pub(in crate::mail) end: usize,
}

impl HeaderBlock {
    /// The value of the first header of a kind.
    pub(in crate::mail) fn value(&self, kind: Kind) -> Option<&str> {
        self.headers.iter().find(|header| header.kind == kind).map(|header| header.value.as_str())
    }

    /// The date stands behind "Sent", as only Outlook and its kin write it; "Date" also heads a line of any form.
    fn says_sent(&self) -> bool {
        let date = self.headers.iter().find(|header| header.kind == Kind::Date);
        date.is_some_and(|header| !DATES.iter().any(|plain| header.name == *plain))
    }

    /// Enough headers, with values of their kind, that no form or list in somebody's own words is taken for one.
    pub(in crate::mail) fn is_convincing(&self) -> bool {
        let from = self.value(Kind::From);
        let date = self.value(Kind::Date).is_some_and(has_date);
        let subject = self.value(Kind::Subject).is_some();
        let to = self.value(Kind::To).is_some();
        let from_address = from.is_some_and(|value| value.contains('@'));
        let address =
            from_address || self.headers.iter().any(|header| header.kind == Kind::To && header.value.contains('@'));
        let clock = self.value(Kind::Date).is_some_and(has_clock);
        match from {
            _ if self.raw => false,
            Some(_) if date => {
                from_address
                    || (subject && to)
                    || (address && (subject || to))
                    || (self.says_sent() && clock && (subject || to))
            }
            Some(_) => subject && to && address,
            // Hotmail and some gateways leave the author out.
            None => date && clock && to && address,
        }
    }
}

impl HeaderBlock {
    /// Author, recipients and subject are there, as Outlook for phones leaves them with names alone: enough where something
    /// else says that a mail is quoted.
    pub(super) fn names_a_mail(&self) -> bool {
        let has = |kind| self.value(kind).is_some_and(|value| !value.is_empty());
        !self.raw && has(Kind::From) && has(Kind::To) && has(Kind::Subject)
    }
}

/// The kind of header that this word names.
pub(super) fn kind_of(name: &str) -> Option<Kind> {
    BY_NAME.get(name.to_lowercase().as_str()).copied()
}

/// A header line: the kind, the name and the value. Bold marks (`*From:*`), bullets and a space before the colon are
/// passed over.
pub(in crate::mail) fn header(body: &str) -> Option<(Kind, String, &str)> {
    let body = body.trim_start_matches(['*', '_', ' ', '\u{a0}', '•', '|']);
    let mut spaces = 0;
    let colon = body.char_indices().take(MAX_NAME_CHARS).find(|(_, c)| {
        spaces += usize::from(*c == ' ');
        matches!(c, ':' | '：') || spaces > MAX_SPACES
    });
    let colon = colon.filter(|(_, c)| *c != ' ')?;
    let name = trim(body.get(..colon.0)?).trim_matches(['*', '_']).to_lowercase();
    let kind = *BY_NAME.get(trim(&name))?;
    let value = body.get(colon.0 + colon.1.len_utf8()..)?;
    Some((kind, trim(&name).to_owned(), trim(value.trim_start_matches(['*', '_', '|', ' ']))))
}

/// The block that starts at line `start`, as far as it goes. Every line must stand at the same depth of quoting.
pub(in crate::mail) fn starting_at(lines: &[Line<'_>], start: usize) -> Option<HeaderBlock> {
    let first = lines.get(start)?;
    let (kind, _, value) = header(first.body)?;
    if matches!(kind, Kind::Other | Kind::To) {
        return None;
    }
    if let Some(headers) = on_one_line(first.body, value).or_else(|| glued(first.body)) {
        return Some(HeaderBlock { headers, raw: false, end: start + 1 });
    }
    let mut headers: Vec<Header> = Vec::new();
    let (mut end, mut raw) = (start, false);
    for (index, line) in lines.iter().enumerate().skip(start).take(MAX_LINES) {
        if line.depth != first.depth {
            break;
        }
        if line.body.is_empty() {
            // Some renderers set an empty line between the headers; two of them end the block.
            let next = lines.get(index + 1).filter(|next| next.depth == first.depth);
            if next.is_none_or(|next| header(next.body).is_none_or(|(kind, ..)| taken(&headers, kind))) {
                break;
            }
            continue;
        }
        raw = raw || is_raw(line.body);
        match header(line.body) {
            Some((kind, name, value)) => {
                if kind == Kind::From && taken(&headers, kind) {
                    break;
                }
                headers.push(Header { kind, value: value.to_owned(), name });
            }
            // Zoho draws its line once more below the headers.
            None if line.body.starts_with(is_rule_char) && line.body.ends_with(is_rule_char) => {
                end = index + 1;
                break;
            }
            None if is_complete(&headers) && lines.get(end.saturating_sub(1)).is_none_or(|last| !was_wrapped(last)) => {
                break;
            }
            None => {
                let last = headers.last_mut()?;
                last.value.push(' ');
                last.value.push_str(line.body);
            }
        }
        end = index + 1;
    }
    Some(HeaderBlock { headers, raw, end })
}

/// All that Outlook writes is there, the subject last: the words of the mail may follow without an empty line, where they are
/// paragraphs of HTML.
fn is_complete(headers: &[Header]) -> bool {
    let has = |kind| headers.iter().any(|header| header.kind == kind);
    let last = headers.last().is_some_and(|header| header.kind == Kind::Subject && !header.value.is_empty());
    last && has(Kind::From) && has(Kind::Date) && has(Kind::To)
}

/// Characters of the shortest line that a client wraps.
const MIN_WRAPPED_CHARS: usize = 60;

fn was_wrapped(line: &Line<'_>) -> bool {
    line.raw.chars().count() >= MIN_WRAPPED_CHARS
}

fn is_raw(body: &str) -> bool {
    ["Received:", "Message-ID:", "MIME-Version:", "Return-Path:", "DKIM-", "X-", "Content-Type:"]
        .iter()
        .any(|name| body.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)))
}

fn taken(headers: &[Header], kind: Kind) -> bool {
    matches!(kind, Kind::From | Kind::Subject | Kind::Date) && headers.iter().any(|header| header.kind == kind)
}

/// The headers that stand in one line, from its first letter on, at whatever distance from each other; `end` is the line
/// behind it.
pub(in crate::mail) fn in_line(text: &str, end: usize) -> Option<HeaderBlock> {
    let headers = header(text).and_then(|(_, _, value)| on_one_line(text, value)).or_else(|| glued(text))?;
    Some(HeaderBlock { headers, raw: false, end })
}

/// `From: Ada <ada@…>To: Bob <bob@…>Sent: MondaySubject: Hello`: Yahoo loses the line breaks between them. A name starts
/// with a capital letter, so that it is told from the end of the value before it.
fn glued(text: &str) -> Option<Vec<Header>> {
    if text.len() > MAX_GLUED_BYTES {
        return None;
    }
    let mut headers: Vec<Header> = Vec::new();
    let mut value_at = 0;
    for (colon, sign) in text.char_indices().filter(|(_, c)| matches!(c, ':' | '：')) {
        let Some((start, kind)) = name_before(text, value_at, colon) else { continue };
        match headers.last_mut() {
            Some(last) => last.value = trim(text.get(value_at..start)?).to_owned(),
            None if !trim(text.get(..start)?).is_empty() => return None,
            None => {}
        }
        let name = trim(text.get(start..colon)?).to_lowercase();
        headers.push(Header { kind, value: String::new(), name });
        value_at = colon + sign.len_utf8();
    }
    headers.last_mut()?.value = trim(text.get(value_at..)?).to_owned();
    let from = headers.iter().any(|header| header.kind == Kind::From && header.value.contains('@'));
    (headers.len() >= 3 && from).then_some(headers)
}

/// Bytes of the longest line of headers.
const MAX_GLUED_BYTES: usize = 1_500;

/// The longest known name that ends before the colon and starts with a capital or a letter that has none.
fn name_before(text: &str, from: usize, colon: usize) -> Option<(usize, Kind)> {
    let before = text.get(from..colon)?;
    let starts =
        before.char_indices().rev().take(MAX_NAME_CHARS).filter(|(_, c)| c.is_alphabetic() && !c.is_lowercase());
    starts
        .filter_map(|(at, _)| {
            let name = trim(before.get(at..)?).trim_matches(['*', '_']).to_lowercase();
            BY_NAME.get(name.as_str()).map(|kind| (from + at, *kind))
        })
        .last()
}

/// The source of a mail's headers, as nmh and others paste it: every line up to an empty one is a header or goes on with
/// one. `None` where none of them names an author.
pub(in crate::mail) fn source_at(lines: &[Line<'_>], start: usize) -> Option<(HeaderBlock, Option<String>)> {
    let depth = lines.get(start)?.depth;
    let mut headers: Vec<Header> = Vec::new();
    let mut end = start;
    for line in lines.iter().skip(start).take(MAX_SOURCE_LINES).take_while(|line| line.depth == depth) {
        if line.body.is_empty() {
            break;
        }
        end += 1;
        let own = line.body.split_once(':').filter(|(name, _)| {
            !name.is_empty() && name.len() <= 60 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        });
        match own.filter(|_| !line.raw.starts_with([' ', '\t'])) {
            Some((name, value)) => {
                let name = name.to_ascii_lowercase();
                let kind = BY_NAME.get(name.as_str()).copied().unwrap_or(Kind::Other);
                headers.push(Header { kind, value: trim(value).to_owned(), name });
            }
            None => {
                let last = headers.last_mut()?;
                last.value.push(' ');
                last.value.push_str(line.body);
            }
        }
    }
    let id = headers.iter().find(|header| header.name == "message-id").map(|header| header.value.clone());
    let from = headers.iter().any(|header| header.kind == Kind::From);
    from.then_some((HeaderBlock { headers, raw: true, end }, id))
}

/// Lines of headers in a mail's source.
const MAX_SOURCE_LINES: usize = 200;

/// `From: Ada Sent: Monday To: Bob Subject: Hello` on one line, as HTML without breaks is rendered.
fn on_one_line(body: &str, first_value: &str) -> Option<Vec<Header>> {
    if body.len() > 1_000 || first_value.is_empty() {
        return None;
    }
    let mut headers: Vec<Header> = Vec::new();
    for word in body.split_whitespace() {
        let bare = word.trim_matches(['*', '_']);
        match bare
            .strip_suffix([':', '：'])
            .and_then(|name| BY_NAME.get(name.to_lowercase().as_str()).map(|kind| (name, *kind)))
        {
            Some((name, kind)) if name.chars().next().is_some_and(|c| !c.is_lowercase()) => {
                headers.push(Header { kind, value: String::new(), name: name.to_lowercase() });
            }
            _ => {
                let last = headers.last_mut()?;
                if !last.value.is_empty() {
                    last.value.push(' ');
                }
                last.value.push_str(word);
            }
        }
    }
    (headers.len() >= 3).then_some(headers)
}
