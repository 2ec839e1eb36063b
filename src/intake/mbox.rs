//! A byte stream into mails: one mail, or an mbox (RFC 4155 and what programs really write), without reading it whole.

use std::io::{self, BufRead, Read};

use super::digest::{MAX_KEPT_HEADER, header_end};
use super::separator::{begins_header, is_envelope_line, is_from_line};

/// How a stream holds mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An mbox if it begins with its separator line, else one mail.
    Detect,
    /// One mail, as it is: the leading `From ` line that delivery programs write stays, and readers look past it.
    Mail,
    /// An mbox; `>From ` lines get back what was quoted (the mboxrd rule, which serves mboxo as well).
    Mbox,
}

/// A mail out of a stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Split {
    /// Octets of the stream before its first line.
    pub(super) offset: u64,
    /// Only the header when the mail exceeds the limit.
    pub(super) bytes: Vec<u8>,
    pub(super) size: u64,
    pub(super) oversize: bool,
}

/// Octets of a line that are looked at together; longer lines come in pieces.
const MAX_LINE: u64 = 64 * 1024;

/// The mails of a stream, one at a time.
pub(super) struct Splitter<R> {
    input: R,
    format: Format,
    limit: u64,
    /// The next piece of the stream, when it was looked at before its turn.
    ahead: Option<Line>,
    /// The stream broke while the next piece was looked at.
    broken: Option<io::Error>,
    at_line_start: bool,
    /// Octets that were read.
    read: u64,
    /// The stream has begun, and what it is has been decided.
    begun: bool,
    ended: bool,
    /// Whether a mail ends before this octet of the stream; where that can be told ahead.
    ends_at: Option<EndsAt>,
}

/// Whether a mail ends before an octet of a stream.
pub(super) type EndsAt = Box<dyn Fn(u64) -> bool + Send>;

#[derive(Debug)]
struct Line {
    octets: Vec<u8>,
    /// Octets of the stream before it.
    offset: u64,
    /// The line begins here; false for the later pieces of a long one.
    start: bool,
}

impl<R: BufRead> Splitter<R> {
    pub(super) fn new(input: R, format: Format, limit: u64) -> Self {
        Self {
            input,
            format,
            limit,
            ahead: None,
            broken: None,
            at_line_start: true,
            read: 0,
            begun: false,
            ended: false,
            ends_at: None,
        }
    }

    /// Believes the `Content-Length` of a mail where a mail ends there: Dovecot writes it and quotes no `From ` line, so that the words of a
    /// mail may look like a separator.
    pub(super) fn with_lengths(self, ends_at: EndsAt) -> Self {
        Self { ends_at: Some(ends_at), ..self }
    }

    /// The next mail.
    pub(super) fn next_mail(&mut self) -> io::Result<Option<Split>> {
        if !self.begun {
            self.begin()?;
        }
        if self.ended {
            return Ok(None);
        }
        let mut mail = Growing::new(self.limit);
        let mut after_empty = false;
        let (mut length, mut within) = (Length::default(), 0);
        while let Some(line) = self.line()? {
            let may_end = after_empty && line.start && self.format == Format::Mbox && line.offset >= within;
            if may_end && self.is_separator(&line) {
                if mail.is_blank() {
                    (mail, length) = (Growing::new(self.limit), Length::default());
                    after_empty = false;
                    continue;
                }
                return Ok(Some(mail.finish(true)));
            }
            after_empty = line.start && matches!(line.octets.as_slice(), b"\n" | b"\r\n");
            let ends = self.ends_at.as_ref().filter(|_| self.format == Format::Mbox);
            within = ends.zip(length.end_of(&line)).filter(|(ends, end)| ends(*end)).map_or(within, |(_, end)| end);
            let quoted = self.format == Format::Mbox && line.start && line.offset >= within;
            mail.offset.get_or_insert(line.offset);
            mail.push(if quoted { unquoted(&line.octets) } else { &line.octets }, after_empty);
        }
        self.ended = true;
        let mbox = self.format == Format::Mbox;
        Ok(Some(mail).filter(|mail| !mail.is_blank()).map(|mail| mail.finish(mbox)))
    }

    /// Decides what the stream is, and drops the first separator of an mbox.
    fn begin(&mut self) -> io::Result<()> {
        self.begun = true;
        let Some(first) = self.line()? else {
            self.ended = true;
            return Ok(());
        };
        // A bare CR within means that the "line" is a whole mail with the line ends of old Macs.
        let whole = first.octets.trim_ascii_end().contains(&b'\r');
        let separator = is_from_line(&first.octets) && !whole;
        if self.format == Format::Detect {
            self.format = if separator { Format::Mbox } else { Format::Mail };
        }
        if self.format == Format::Mail || whole || !separator && !is_envelope_line(&first.octets) {
            self.ahead = Some(first);
        }
        Ok(())
    }

    /// A separator is a line that looks like one *and* is followed by a header: sentences begin with "From", too.
    fn is_separator(&mut self, line: &Line) -> bool {
        if !is_from_line(&line.octets) {
            return false;
        }
        if self.ahead.is_none() {
            match self.read() {
                Ok(ahead) => self.ahead = ahead,
                // The mail before is whole; the failure is the next one's.
                Err(error) => self.broken = Some(error),
            }
        }
        self.ahead.as_ref().is_none_or(|next| begins_header(&next.octets))
    }

    fn line(&mut self) -> io::Result<Option<Line>> {
        match self.ahead.take() {
            Some(line) => Ok(Some(line)),
            None => self.read(),
        }
    }

    fn read(&mut self) -> io::Result<Option<Line>> {
        if let Some(error) = self.broken.take() {
            return Err(error);
        }
        let mut octets = Vec::new();
        let (start, offset) = (self.at_line_start, self.read);
        if self.input.by_ref().take(MAX_LINE).read_until(b'\n', &mut octets)? == 0 {
            return Ok(None);
        }
        self.at_line_start = octets.ends_with(b"\n");
        self.read += octets.len() as u64;
        Ok(Some(Line { octets, offset, start }))
    }
}

/// The `Content-Length` in a mail's header.
#[derive(Default)]
struct Length {
    octets: Option<u64>,
    header_ended: bool,
}

impl Length {
    /// With the line that ends the header: where the mail ends by its length.
    fn end_of(&mut self, line: &Line) -> Option<u64> {
        if self.header_ended {
            return None;
        }
        if matches!(line.octets.as_slice(), b"\n" | b"\r\n") {
            self.header_ended = true;
            return self.octets.map(|octets| (line.offset + line.octets.len() as u64).saturating_add(octets));
        }
        const NAME: &[u8] = b"content-length:";
        let value = line.octets.split_at_checked(NAME.len()).filter(|(name, _)| name.eq_ignore_ascii_case(NAME));
        let value = value.and_then(|(_, value)| std::str::from_utf8(value).ok()?.trim().parse().ok());
        self.octets = value.or(self.octets);
        None
    }
}

/// A mail while its lines come; beyond the limit only its header is kept.
struct Growing {
    offset: Option<u64>,
    bytes: Vec<u8>,
    size: u64,
    limit: u64,
    oversize: bool,
    /// Octets of the last line, when it is empty.
    empty_end: u64,
}

impl Growing {
    fn new(limit: u64) -> Self {
        Self { offset: None, bytes: Vec::new(), size: 0, limit, oversize: false, empty_end: 0 }
    }

    fn push(&mut self, octets: &[u8], empty: bool) {
        self.size += octets.len() as u64;
        self.empty_end = if empty { octets.len() as u64 } else { 0 };
        if self.oversize {
            return;
        }
        self.bytes.extend_from_slice(octets);
        if self.size > self.limit {
            self.oversize = true;
            self.bytes.truncate(header_end(&self.bytes).min(MAX_KEPT_HEADER));
            self.bytes.shrink_to_fit();
        }
    }

    fn is_blank(&self) -> bool {
        self.size < 1_024 && self.bytes.iter().all(u8::is_ascii_whitespace)
    }

    /// An mbox has an empty line after each mail that is not the mail's.
    fn finish(mut self, mbox: bool) -> Split {
        if mbox {
            self.size -= self.empty_end;
            self.bytes.truncate(usize::try_from(self.size).unwrap_or(usize::MAX));
        }
        Split { offset: self.offset.unwrap_or_default(), bytes: self.bytes, size: self.size, oversize: self.oversize }
    }
}

/// `>From ` back to `From `, `>>From ` to `>From `.
fn unquoted(line: &[u8]) -> &[u8] {
    match line.split_first() {
        Some((b'>', rest)) if rest.trim_ascii_start_of(b'>').starts_with(b"From ") => rest,
        _ => line,
    }
}

trait TrimStart {
    fn trim_ascii_start_of(&self, octet: u8) -> &[u8];
}

impl TrimStart for [u8] {
    fn trim_ascii_start_of(&self, octet: u8) -> &[u8] {
        let from = self.iter().position(|o| *o != octet).unwrap_or(self.len());
        self.get(from..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::{Format, Split, Splitter, is_from_line};

    fn split(input: &[u8], format: Format, limit: u64) -> Vec<Split> {
        let mut splitter = Splitter::new(Cursor::new(input), format, limit);
        let mut mails = Vec::new();
        while let Some(mail) = splitter.next_mail().unwrap() {
            mails.push(mail);
        }
        mails
    }

    fn texts(input: &str, format: Format) -> Vec<String> {
        split(input.as_bytes(), format, 1_000_000)
            .into_iter()
            .map(|mail| String::from_utf8(mail.bytes).unwrap())
            .collect()
    }

    const FROM: &str = "From ann@example.test Mon Jan  1 10:00:00 2024\n";

    #[test]
    fn an_mbox_is_split_and_its_quoting_undone() {
        let mbox =
            format!("{FROM}Subject: one\n\n>From here on\n>>From there\n> From not\n\n{FROM}Subject: two\n\nb\n\n");
        assert_eq!(
            texts(&mbox, Format::Detect),
            ["Subject: one\n\nFrom here on\n>From there\n> From not\n", "Subject: two\n\nb\n"]
        );
    }

    #[test]
    fn sentences_that_begin_with_from_do_not_split() {
        let body = "Hi,\n\nFrom Monday on we are closed.\n\nFrom here Mon Jan 1 10:00 2024 it is quoted, no header:\nno colon here\n";
        let mbox = format!("{FROM}Subject: one\n\n{body}\n");
        assert_eq!(texts(&mbox, Format::Detect), [format!("Subject: one\n\n{body}")]);
    }

    #[test]
    fn one_mail_stays_as_it_is() {
        let mail =
            "Subject: one\r\n\r\n>From is not unquoted\r\n\r\nFrom x Mon Jan  1 10:00:00 2024\r\nSubject: no\r\n\r\n";
        assert_eq!(texts(mail, Format::Detect), [mail]);
        for first in [FROM, "From MAILER-DAEMON\n", "From : ann@example.test\n"] {
            assert_eq!(texts(&format!("{first}{mail}"), Format::Mail), [format!("{first}{mail}")]);
        }
        assert_eq!(
            texts(&format!("From MAILER-DAEMON\n{mail}"), Format::Detect),
            [format!("From MAILER-DAEMON\n{mail}")]
        );
    }

    #[test]
    fn crlf_and_a_missing_end_are_taken_as_they_come() {
        let from = FROM.replace('\n', "\r\n");
        let mbox = format!("{from}Subject: one\r\n\r\na\r\n\r\n{from}Subject: two\r\n\r\nno end");
        assert_eq!(texts(&mbox, Format::Detect), ["Subject: one\r\n\r\na\r\n", "Subject: two\r\n\r\nno end"]);
    }

    #[test]
    fn nothing_gives_nothing() {
        for format in [Format::Detect, Format::Mail, Format::Mbox] {
            assert!(split(b"", format, 10).is_empty());
            assert!(split(b"\n\r\n \n", format, 10).is_empty());
        }
        assert!(split(FROM.as_bytes(), Format::Mbox, 1_000).is_empty());
    }

    #[test]
    fn a_mail_beyond_the_limit_leaves_its_header_and_its_size() {
        let body = "x".repeat(200_000);
        let mbox = format!("{FROM}Subject: big\n\n{body}\n\n{FROM}Subject: two\n\nb\n\n");
        let mails = split(mbox.as_bytes(), Format::Detect, 100_000);
        assert_eq!(mails[0].bytes, b"Subject: big\n\n");
        assert!(mails[0].oversize && !mails[1].oversize);
        assert_eq!(mails[0].size, 14 + 200_001);
        assert_eq!(mails[1].bytes, b"Subject: two\n\nb\n");
    }

    #[test]
    fn separator_lines_of_real_programs_are_known() {
        for line in [
            "From ann@example.test Mon Jan  1 10:00:00 2024\n",
            "From - Mon Jan 01 10:00:00 2024\r\n",
            "From 1234567@xxx Mon Jan 01 10:00:00 +0000 2024\n",
            "From ann@example.test Mon Jan  1 10:00:00 2024 +0100\n",
            "From ann@example.test Mon Jan  1 10:00 MET 2024\n",
        ] {
            assert!(is_from_line(line.as_bytes()), "{line}");
        }
        for line in ["From: ann@example.test\n", "From Monday, Jan 2024\n", "From me to you\n", "From \n", ""] {
            assert!(!is_from_line(line.as_bytes()), "{line}");
        }
    }

    proptest! {
        #[test]
        fn what_was_written_by_the_mboxrd_rule_comes_back(
            bodies in proptest::collection::vec("([a-z ]{0,8}|>{0,3}From [a-z]{0,5}|From a Mon Jan  1 10:00:00 2024)(\n([a-z ]{0,8}|>{0,3}From [a-z]{0,5})){0,6}", 1..6)
        ) {
            let mails: Vec<String> = bodies.iter().map(|body| format!("Subject: x\n\n{body}\n")).collect();
            let mbox: String = mails
                .iter()
                .map(|mail| {
                    let quoted: String = mail
                        .split_inclusive('\n')
                        .map(|line| if line.trim_start_matches('>').starts_with("From ") { format!(">{line}") } else { line.to_owned() })
                        .collect();
                    format!("{FROM}{quoted}\n")
                })
                .collect();
            prop_assert_eq!(texts(&mbox, Format::Mbox), mails);
        }

        #[test]
        fn any_bytes_are_split_without_loss_of_size(input in proptest::collection::vec(any::<u8>(), 0..4_000), limit in 0_u64..5_000) {
            let mails = split(&input, Format::Mail, limit);
            prop_assert!(mails.len() <= 1);
            for mail in mails {
                prop_assert_eq!(mail.oversize, mail.size > limit);
                prop_assert!(mail.size <= input.len() as u64);
            }
        }
    }
}
