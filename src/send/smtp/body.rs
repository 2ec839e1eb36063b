//! The text of a mail as it goes over the wire (RFC 5321 §4.5.2).

/// Doubles the dots that begin lines, piece by piece. Lines end in CRLF and in nothing else; the envelope sees to that.
#[derive(Debug)]
pub(super) struct Stuffing {
    begins: bool,
    piece: Vec<u8>,
}

impl Default for Stuffing {
    fn default() -> Self {
        Self { begins: true, piece: Vec::new() }
    }
}

impl Stuffing {
    /// The next piece of the text.
    pub(super) fn stuffed(&mut self, piece: &[u8]) -> &[u8] {
        self.piece.clear();
        for line in piece.split_inclusive(|octet| *octet == b'\n') {
            if self.begins && line.starts_with(b".") {
                self.piece.push(b'.');
            }
            self.piece.extend_from_slice(line);
            self.begins = line.ends_with(b"\n");
        }
        &self.piece
    }

    /// The end of the text: a dot on a line of its own.
    pub(super) fn end(&self) -> &'static [u8] {
        if self.begins { b".\r\n" } else { b"\r\n.\r\n" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_it_is_cut_the_same_goes_out() {
        let text = b".a\r\n..\r\nb.c\r\n.\r\n\r\n.d";
        for size in 1..=text.len() {
            let mut stuffing = Stuffing::default();
            let mut sent = Vec::new();
            text.chunks(size).for_each(|piece| sent.extend_from_slice(stuffing.stuffed(piece)));
            sent.extend_from_slice(stuffing.end());
            assert_eq!(sent, b"..a\r\n...\r\nb.c\r\n..\r\n\r\n..d\r\n.\r\n", "in pieces of {size}");
        }
        let mut whole = Stuffing::default();
        whole.stuffed(b"a\r\n");
        assert_eq!(whole.end(), b".\r\n");
    }
}
