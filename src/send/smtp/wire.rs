//! The stream of an SMTP connection: lines out, replies in (RFC 5321 §4.2).
//!
//! Servers in use send a bare code (`250`, which is allowed), bare line feeds, text in Latin-1, and extension lines of
//! blanks; all of it is read. Nothing is read past what has come when TLS starts, so that a plain-text reply smuggled in
//! behind the answer to STARTTLS is found (CVE-2011-0411).

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Octets of one reply line; RFC 5321 §4.5.3.1.5 allows 512, some servers send more.
const LINE: usize = 2_000;
/// Lines of one reply.
const LINES: usize = 100;
/// Letters of a reply that are worth keeping.
const WORTH: usize = 500;

/// What a connection runs over.
pub(super) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Duplex for S {}

/// Plain or TLS.
pub(super) type Io = Box<dyn Duplex>;

/// A connection to an SMTP server.
pub(super) struct Wire<S = Io> {
    stream: S,
    /// What came and was not read as a reply yet.
    unread: Vec<u8>,
}

/// What the server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) code: u16,
    pub(super) lines: Vec<String>,
}

impl Reply {
    /// Code and text on one line, bounded. An enhanced code (RFC 2034) is repeated in every line and named once.
    pub(super) fn text(&self) -> String {
        let first = self.lines.first().map_or("", String::as_str);
        let enhanced = first.split(' ').next().filter(|word| word.starts_with(['2', '4', '5']) && word.contains('.'));
        let mut text = format!("{} {first}", self.code);
        for line in self.lines.iter().skip(1) {
            let repeated = enhanced.and_then(|code| line.strip_prefix(code));
            text.push(' ');
            text.push_str(repeated.map_or(line.as_str(), str::trim_start));
        }
        text.truncate(text.floor_char_boundary(WORTH));
        text.trim_end().to_owned()
    }

    /// 2xx: it was done.
    pub(super) fn is_positive(&self) -> bool {
        (200..300).contains(&self.code)
    }
}

impl<S: Duplex> Wire<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, unread: Vec::new() }
    }

    /// Says `lines` and reads the reply to the first of them.
    pub(super) async fn ask(&mut self, lines: &[u8]) -> io::Result<Reply> {
        self.write(lines).await?;
        self.reply().await
    }

    /// Writes all of it, through every buffer of ours.
    pub(super) async fn write(&mut self, octets: &[u8]) -> io::Result<()> {
        self.stream.write_all(octets).await?;
        self.stream.flush().await
    }

    /// Reads one reply of one or more lines.
    pub(super) async fn reply(&mut self) -> io::Result<Reply> {
        let mut reply: Option<Reply> = None;
        loop {
            let line = self.line().await?;
            let (code, last, text) = parsed(&line).ok_or_else(|| invalid(format!("this is no SMTP reply: {line}")))?;
            let reply = reply.get_or_insert_with(|| Reply { code, lines: Vec::new() });
            if reply.code != code {
                return Err(invalid(format!("an SMTP reply has two codes, {} and {code}", reply.code)));
            }
            reply.lines.push(text.to_owned());
            if last {
                return Ok(reply.clone());
            }
            if reply.lines.len() >= LINES {
                return Err(invalid("the SMTP reply has no end".to_owned()));
            }
        }
    }

    /// Without its end and the blanks before it; what is not ASCII becomes `?`.
    async fn line(&mut self) -> io::Result<String> {
        loop {
            if let Some(end) = self.unread.iter().position(|octet| *octet == b'\n') {
                let line: Vec<u8> = self.unread.drain(..=end).collect();
                let letter = |octet: &u8| if matches!(octet, b' '..=b'~') { char::from(*octet) } else { '?' };
                return Ok(line.trim_ascii_end().iter().take(LINE).map(letter).collect());
            }
            if self.unread.len() > LINE {
                return Err(invalid("the SMTP reply has an endless line".to_owned()));
            }
            let mut space = [0; 4096];
            let read = self.stream.read(&mut space).await?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.unread.extend(space.iter().take(read));
        }
    }

    /// Whether all that came was read: a server that said more than it was asked is out of step with us.
    pub(super) fn is_quiet(&self) -> bool {
        self.unread.is_empty()
    }

    /// The bare stream; `None` when the server has said something that nobody asked for.
    pub(super) fn into_stream(self) -> Option<S> {
        self.is_quiet().then_some(self.stream)
    }
}

/// Code, whether it is the last line, text.
fn parsed(line: &str) -> Option<(u16, bool, &str)> {
    let (digits, rest) = line.split_at_checked(3)?;
    let code = digits.parse().ok().filter(|code| (200..600).contains(code) && !digits.starts_with('+'))?;
    match rest.split_at_checked(1) {
        None => Some((code, true, "")),
        Some((" ", text)) => Some((code, true, text)),
        Some(("-", text)) => Some((code, false, text)),
        Some(_) => None,
    }
}

fn invalid(problem: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn replies(said: &[u8]) -> (Vec<Reply>, io::Error) {
        let mut wire = Wire::new(stream(said).await);
        let mut replies = Vec::new();
        loop {
            match wire.reply().await {
                Ok(reply) => replies.push(reply),
                Err(error) => return (replies, error),
            }
        }
    }

    async fn stream(said: &[u8]) -> tokio::io::DuplexStream {
        let (ours, mut theirs) = tokio::io::duplex(100_000);
        theirs.write_all(said).await.unwrap();
        ours
    }

    fn reply(code: u16, lines: &[&str]) -> Reply {
        Reply { code, lines: lines.iter().map(|line| (*line).to_owned()).collect() }
    }

    #[tokio::test]
    async fn odd_replies_are_read() {
        let (replies, end) = replies(
            b"220 ready\r\n250\r\n250-first\n250-   \t \r\n250 last\n550 5.1.1 Utilisateur inconnu \xe9 \r\n354 \r\n",
        )
        .await;
        assert_eq!(
            replies,
            [
                reply(220, &["ready"]),
                reply(250, &[""]),
                reply(250, &["first", "", "last"]),
                reply(550, &["5.1.1 Utilisateur inconnu ?"]),
                reply(354, &[""]),
            ]
        );
        assert_eq!(end.kind(), io::ErrorKind::UnexpectedEof);
    }

    #[tokio::test]
    async fn what_is_no_reply_is_an_error_and_bounded() {
        let said: [&[u8]; 9] = [
            b"hello\r\n",
            b"\r\n",
            b"2",
            b"+25 ok\r\n",
            b"250ok\r\n",
            b"250-fine\r\n550 no\r\n",
            b"100 wait\r\n",
            &[b'2'; 9_000],
            &b"250-x\r\n".repeat(500),
        ];
        for said in said {
            let (replies, error) = replies(said).await;
            assert!(replies.is_empty(), "{replies:?}");
            assert!(matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof), "{error}");
        }
    }

    #[tokio::test]
    async fn smuggled_words_are_noticed() {
        let mut wire = Wire::new(stream(b"220 ready\r\n250 smuggled\r\n").await);
        wire.reply().await.unwrap();
        assert!(wire.into_stream().is_none());

        let mut wire = Wire::new(stream(b"220 ready\r\n").await);
        wire.reply().await.unwrap();
        assert!(wire.into_stream().is_some());
    }

    #[test]
    fn a_reply_is_one_sentence() {
        let several = reply(550, &["5.7.1 Our system has detected", "5.7.1 that this is spam.", "5.7.1  Bye"]);
        assert_eq!(several.text(), "550 5.7.1 Our system has detected that this is spam. Bye");
        assert_eq!(reply(250, &[""]).text(), "250");
        assert_eq!(reply(550, &["no", "user"]).text(), "550 no user");
        assert_eq!(reply(550, &["x"; 99].map(|x| x.repeat(90)).each_ref().map(String::as_str)).text().len(), WORTH);
    }
}
