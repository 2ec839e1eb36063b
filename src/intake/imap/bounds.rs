//! What a server may say before the client library parses it. The library reads a long line again from its start as it
//! grows, and lists in each other by recursion: neither has a bound there, and a stack that overflows ends the process.
//!
//! Literals, which is what mails come in, and quoted strings are passed over (RFC 9051 §4.3). Only answers of data have
//! them: a line of words (`* OK …`, `A1 NO …`, `+ …`) may end in what looks like one.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Octets of one answer, literals left out. The longest that is asked for lists the UIDs of some 160,000 mails.
const MAX_LINE: usize = 2 * 1024 * 1024;
/// Lists in each other. What we ask for has three.
const MAX_DEPTH: usize = 32;
/// Octets of one literal: ten times the largest mail that the defaults take.
const MAX_LITERAL: u64 = 256 * 1024 * 1024;
/// Answers to one command.
const MAX_ANSWERS: u64 = 1_000_000;
/// Octets in answer to one command, literals included.
const MAX_OCTETS: u64 = 1024 * 1024 * 1024;

/// What went beyond its bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Excess {
    #[error("a line of more than {} octets", MAX_LINE)]
    Line,
    #[error("more than {} lists in each other", MAX_DEPTH)]
    Depth,
    #[error("a literal of more than {} octets", MAX_LITERAL)]
    Literal,
    #[error("more than {} answers to one command", MAX_ANSWERS)]
    Answers,
    #[error("more than {} octets in answer to one command", MAX_OCTETS)]
    Octets,
}

impl Excess {
    /// The excess that this error of the stream tells, if it does.
    pub(super) fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

/// A stream from a server that fails as soon as the server goes beyond a bound.
#[derive(Debug)]
pub(super) struct Bounded<T> {
    inner: T,
    answers: Answers,
    /// From here on the octets are compressed: whoever unpacks them counts.
    packed: Arc<AtomicBool>,
}

impl<T> Bounded<T> {
    /// Nothing was said yet. Once `packed` is set, octets pass uncounted.
    pub(super) fn new(inner: T, packed: Arc<AtomicBool>) -> Self {
        Self { inner, answers: Answers::default(), packed }
    }

    /// The stream itself.
    pub(super) fn into_inner(self) -> T {
        self.inner
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Bounded<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buf))?;
        if self.packed.load(Ordering::Relaxed) {
            return Poll::Ready(Ok(()));
        }
        let came = buf.filled().get(before..).unwrap_or_default();
        Poll::Ready(self.answers.feed(came).map_err(|excess| io::Error::new(io::ErrorKind::InvalidData, excess)))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Bounded<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        // What comes now answers the next command.
        (self.answers.answers, self.answers.octets) = (0, 0);
        Pin::new(&mut self.inner).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

/// The answers so far, as far as they are counted.
#[derive(Debug, Default)]
struct Answers {
    /// Since the last command.
    answers: u64,
    octets: u64,
    /// Octets of the line, those of its literals left out.
    length: usize,
    place: Place,
    depth: usize,
    /// Octets of the literal that are to come.
    literal: u64,
    mark: Mark,
}

/// Where in an answer the next octet stands.
#[derive(Debug, Default, Clone, Copy)]
enum Place {
    #[default]
    Start,
    /// Behind the star: what kind of answer it is says its first word, here the letters so far in capitals.
    Name([u8; 8], usize),
    /// Words for people, to the end of the line.
    Words,
    Data,
    Quoted,
    /// Behind a backslash in a quoted string.
    Escaped,
}

/// How much of `{octets}` and a line end has come.
#[derive(Debug, Default, Clone, Copy)]
enum Mark {
    #[default]
    None,
    Digits(u64),
    Closed(u64),
    Returned(u64),
}

impl Answers {
    fn feed(&mut self, mut came: &[u8]) -> Result<(), Excess> {
        self.octets = self.octets.saturating_add(came.len() as u64);
        if self.octets > MAX_OCTETS {
            return Err(Excess::Octets);
        }
        while let Some((octet, rest)) = came.split_first() {
            if self.literal == 0 {
                self.octet(*octet)?;
                came = rest;
                continue;
            }
            let passed = came.len().min(usize::try_from(self.literal).unwrap_or(usize::MAX));
            self.literal -= passed as u64;
            came = came.get(passed..).unwrap_or_default();
        }
        Ok(())
    }

    fn octet(&mut self, octet: u8) -> Result<(), Excess> {
        self.length += 1;
        if self.length > MAX_LINE {
            return Err(Excess::Line);
        }
        if octet == b'\n' {
            return self.line_end();
        }
        self.place = match self.place {
            Place::Start if octet == b'*' => Place::Name([0; 8], 0),
            Place::Start | Place::Words => Place::Words,
            Place::Name(_, 0) if octet == b' ' => self.place,
            Place::Name(name, count) => match name.get(..count).unwrap_or_default() {
                b"OK" | b"NO" | b"BAD" | b"BYE" | b"PREAUTH" if !octet.is_ascii_alphanumeric() => Place::Words,
                _ if octet.is_ascii_alphabetic() && count < name.len() => longer(name, count, octet),
                _ => self.data(octet)?,
            },
            Place::Data => self.data(octet)?,
            Place::Quoted => match octet {
                b'"' => Place::Data,
                b'\\' => Place::Escaped,
                _ => Place::Quoted,
            },
            Place::Escaped => Place::Quoted,
        };
        Ok(())
    }

    fn data(&mut self, octet: u8) -> Result<Place, Excess> {
        self.mark = match (self.mark, octet) {
            (_, b'{') => Mark::Digits(0),
            (Mark::Digits(octets), b'0'..=b'9') => {
                Mark::Digits(octets.saturating_mul(10).saturating_add(u64::from(octet - b'0')))
            }
            (Mark::Digits(octets), b'}') => Mark::Closed(octets),
            (Mark::Closed(octets), b'\r') => Mark::Returned(octets),
            _ => Mark::None,
        };
        match octet {
            b'"' => return Ok(Place::Quoted),
            b'(' => self.depth += 1,
            b')' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        if self.depth > MAX_DEPTH { Err(Excess::Depth) } else { Ok(Place::Data) }
    }

    /// The end of the answer, or the start of a literal in it.
    fn line_end(&mut self) -> Result<(), Excess> {
        let mark = std::mem::take(&mut self.mark);
        if let (Place::Data, Mark::Returned(octets)) = (self.place, mark) {
            self.literal = octets;
            return if octets > MAX_LITERAL { Err(Excess::Literal) } else { Ok(()) };
        }
        (self.place, self.depth, self.length) = (Place::Start, 0, 0);
        self.answers += 1;
        if self.answers > MAX_ANSWERS { Err(Excess::Answers) } else { Ok(()) }
    }
}

fn longer(mut name: [u8; 8], count: usize, octet: u8) -> Place {
    if let Some(place) = name.get_mut(count) {
        *place = octet.to_ascii_uppercase();
    }
    Place::Name(name, count + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the answers exceed, fed in pieces of any length.
    fn excess(said: &str) -> Option<Excess> {
        let found: Vec<_> = [1, 7, said.len().max(1)]
            .into_iter()
            .map(|length| {
                let mut answers = Answers::default();
                said.as_bytes().chunks(length).find_map(|piece| answers.feed(piece).err())
            })
            .collect();
        assert!(found.iter().all(|one| *one == found[0]), "{said:.80}: {found:?}");
        found[0]
    }

    fn nested(depth: usize) -> String {
        format!("{}{}", "(".repeat(depth), ")".repeat(depth))
    }

    #[test]
    fn lists_in_each_other() {
        assert_eq!(excess(&format!("* 1 FETCH {}\r\n", nested(MAX_DEPTH))), None);
        assert_eq!(excess(&format!("* 1 FETCH {}\r\n", nested(MAX_DEPTH + 1))), Some(Excess::Depth));
        assert_eq!(excess(&format!("* 1 FETCH {}\r\n", "() ".repeat(MAX_DEPTH * 3))), None);
        // Behind a literal the same answer goes on; in the next line it does not.
        let half = "(".repeat(MAX_DEPTH);
        assert_eq!(excess(&format!("* 1 FETCH {half} {{3}}\r\n(a( (\r\n")), Some(Excess::Depth));
        assert_eq!(excess(&format!("* 1 FETCH {half}\r\n* 2 FETCH {half}\r\n")), None);
    }

    #[test]
    fn what_is_passed_over() {
        let many = "(".repeat(MAX_DEPTH + 1);
        assert_eq!(excess(&format!("* LIST () \"/\" \"a \\\" {many}\"\r\n")), None);
        assert_eq!(excess(&format!("* 1 FETCH (BODY[] {{{}}}\r\n{many})\r\n* OK\r\n", many.len())), None);
        for words in ["* OK", "* no", "* Bye [X]", "A1 OK", "+", "* PREAUTH"] {
            assert_eq!(excess(&format!("{words} smile {many}\r\n")), None, "{words}");
        }
    }

    #[test]
    fn words_hold_no_literals_and_no_strings() {
        let many = "(".repeat(MAX_DEPTH + 1);
        for words in ["* OK a {500}", "A1 OK {500}", "+ {500}", "* BAD \"", "* OK it's 5\" {500}", "* BYE{500}"] {
            assert_eq!(excess(&format!("{words}\r\n* 1 FETCH {many}\r\n")), Some(Excess::Depth), "{words}");
        }
        // A quote or a mark that is not what it looks like hides nothing either.
        for data in ["* LIST \"a", "* LIST {5} ", "* LIST {5}\n", "* LIST {x}\r", "* OKAY {1}"] {
            assert_eq!(excess(&format!("{data}\r\n* 1 FETCH {many}\r\n")), Some(Excess::Depth), "{data}");
        }
    }

    #[test]
    fn lengths_and_numbers() {
        let line = format!("* SEARCH {}", "1 ".repeat(MAX_LINE / 2));
        assert_eq!(excess(&line), Some(Excess::Line));
        assert_eq!(excess(&format!("* OK {}", "a".repeat(MAX_LINE))), Some(Excess::Line));
        assert_eq!(excess(&format!("* 1 FETCH (BODY[] {{{}}}\r\n", MAX_LITERAL)), None);
        assert_eq!(excess(&format!("* 1 FETCH (BODY[] {{{}}}\r\n", MAX_LITERAL + 1)), Some(Excess::Literal));
        let mut answers = Answers { answers: MAX_ANSWERS - 1, ..Answers::default() };
        assert_eq!(answers.feed(b"* OK\r\n"), Ok(()));
        assert_eq!(answers.feed(b"* OK\r\n"), Err(Excess::Answers));
        let mut answers = Answers { octets: MAX_OCTETS - 1, ..Answers::default() };
        assert_eq!(answers.feed(b"* OK\r\n"), Err(Excess::Octets));
    }
}
