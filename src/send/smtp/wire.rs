//! The stream under the SMTP client: plain or TLS, with the server's replies made readable.
//!
//! lettre 0.11 reads replies strictly. Servers in use send a bare code (`250`, allowed by RFC 5321 §4.2), bare line
//! feeds, text in Latin-1, and extension lines of blanks (on which lettre's EHLO parser panics). Here every line is
//! brought into the one form that it reads. The stream also never reads past what it was asked for when TLS
//! starts, so that a plain-text reply smuggled in behind the answer to STARTTLS is found (CVE-2011-0411).

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};

/// Octets of one reply line; RFC 5321 §4.5.3.1.5 allows 512, some servers send more.
const LINE: usize = 2_000;
/// Lines of one reply.
const LINES: usize = 100;

/// A connection to an SMTP server.
#[derive(Debug)]
pub(super) struct Wire<S> {
    stream: S,
    peer: SocketAddr,
    /// A line that is not complete yet.
    partial: Vec<u8>,
    /// Complete lines, normalised, of which `taken` octets were handed out.
    lines: Vec<u8>,
    taken: usize,
}

/// What the server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) code: u16,
    pub(super) lines: Vec<String>,
}

impl Reply {
    /// Code and text on one line.
    pub(super) fn text(&self) -> String {
        format!("{} {}", self.code, self.lines.join(" ")).trim_end().to_owned()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    pub(super) fn new(stream: S, peer: SocketAddr) -> Self {
        Self { stream, peer, partial: Vec::new(), lines: Vec::new(), taken: 0 }
    }

    /// Reads one reply of one or more lines.
    pub(super) async fn reply(&mut self) -> io::Result<Reply> {
        let mut lines = Vec::new();
        while lines.len() < LINES {
            let line = self.line().await?;
            let (Some(code), Some(text)) = (line.get(..3).and_then(|code| code.parse().ok()), line.get(4..)) else {
                return Err(io::Error::new(io::ErrorKind::InvalidData, format!("this is no SMTP reply: {line}")));
            };
            lines.push(text.to_owned());
            if line.get(3..4) != Some("-") {
                return Ok(Reply { code, lines });
            }
        }
        Err(io::Error::new(io::ErrorKind::InvalidData, "the SMTP reply has no end"))
    }

    async fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        loop {
            match char::from(self.read_u8().await?) {
                '\n' => return Ok(line),
                '\r' => {}
                c => line.push(c),
            }
        }
    }

    /// Hands out `reply` (again) before anything that comes from the server.
    pub(super) fn put_back(&mut self, reply: &Reply) {
        let text = format!("{} {}\r\n", reply.code, reply.lines.first().map_or("", String::as_str));
        self.lines.splice(..self.taken, text.into_bytes());
        self.taken = 0;
    }

    /// The bare stream; `None` when the server has said something that nobody asked for.
    pub(super) fn into_stream(self) -> Option<S> {
        (self.partial.is_empty() && self.lines.is_empty()).then_some(self.stream)
    }

    /// Reads once from the stream; how many octets.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut space = [0; 4096];
        let mut buf = ReadBuf::new(&mut space);
        ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buf))?;
        for part in buf.filled().split_inclusive(|byte| *byte == b'\n') {
            self.partial.extend_from_slice(part);
            if part.ends_with(b"\n") {
                normalise(&self.partial, &mut self.lines);
                self.partial.clear();
            }
        }
        if self.partial.len() > LINE {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, "the SMTP reply has an endless line")));
        }
        Poll::Ready(Ok(buf.filled().len()))
    }
}

/// `250` → `250 `, trailing blanks and line ends → CRLF, what is not ASCII → `?`.
fn normalise(line: &[u8], out: &mut Vec<u8>) {
    let line = line.trim_ascii_end();
    out.extend(line.iter().take(LINE).map(|byte| if matches!(byte, b' '..=b'~') { *byte } else { b'?' }));
    if line.len() == 3 {
        out.push(b' ');
    }
    out.extend_from_slice(b"\r\n");
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Wire<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        while self.lines.is_empty() {
            if ready!(self.poll_fill(cx))? == 0 {
                return Poll::Ready(Ok(()));
            }
        }
        let rest = self.lines.get(self.taken..).unwrap_or_default();
        let given = rest.get(..buf.remaining()).unwrap_or(rest);
        buf.put_slice(given);
        self.taken += given.len();
        if self.taken >= self.lines.len() {
            self.lines.clear();
            self.taken = 0;
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin + std::fmt::Debug> AsyncTokioStream for Wire<S> {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn replies(said: &[u8]) -> (Vec<Reply>, io::Error) {
        let stream = tokio_test_stream(said).await;
        let mut wire = Wire::new(stream, ([127, 0, 0, 1], 25).into());
        let mut replies = Vec::new();
        loop {
            match wire.reply().await {
                Ok(reply) => replies.push(reply),
                Err(error) => return (replies, error),
            }
        }
    }

    async fn tokio_test_stream(said: &[u8]) -> tokio::io::DuplexStream {
        use tokio::io::AsyncWriteExt;
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
        for said in [&b"hello\r\n"[..], b"\r\n", b"2", &[b'2'; 9_000], &b"250-x\r\n".repeat(500)] {
            let (replies, error) = replies(said).await;
            assert!(replies.is_empty(), "{replies:?}");
            assert!(matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof), "{error}");
        }
    }

    #[tokio::test]
    async fn a_reply_put_back_comes_first_and_smuggled_words_are_noticed() {
        let mut wire =
            Wire::new(tokio_test_stream(b"220 ready\r\n250 smuggled\r\n").await, ([127, 0, 0, 1], 25).into());
        let greeting = wire.reply().await.unwrap();
        wire.put_back(&greeting);
        assert_eq!(wire.reply().await.unwrap(), greeting);
        assert!(wire.into_stream().is_none());

        let mut wire = Wire::new(tokio_test_stream(b"220 ready\r\n").await, ([127, 0, 0, 1], 25).into());
        wire.reply().await.unwrap();
        assert!(wire.into_stream().is_some());
    }
}
