//! Opens S/MIME mails that are signed and not encrypted (`application/pkcs7-mime; smime-type=signed-data`, RFC 8551
//! §3.5.2): the mail is inside of the signature, in DER or BER (X.690), for everybody to read.

use crate::mail::mime::Parts;

/// `1.2.840.113549.1.7.2`, signed data (RFC 5652 §5.1).
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const OID: u8 = 0x06;
const PIECES: u8 = 0x24;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const EXPLICIT: u8 = 0xa0;

/// Nesting of elements without a stated length that are skipped.
const MAX_DEPTH: usize = 20;

/// The mail inside of a signature, when the mail is nothing but that.
pub fn open(parts: &Parts<'_>) -> Option<Vec<u8>> {
    let top = parts.get(0)?;
    if !matches!(top.kind(), "application/pkcs7-mime" | "application/x-pkcs7-mime") {
        return None;
    }
    content(&top.transfer.decode(top.body).0)
}

struct Ber<'a>(&'a [u8]);

impl<'a> Ber<'a> {
    /// The tag and the length of the next element; no length means that it ends with two zeros.
    fn head(&mut self) -> Option<(u8, Option<usize>)> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        let length = match first {
            0..0x80 => Some(usize::from(first)),
            0x80 => None,
            _ => {
                let (bytes, tail) = rest.split_at_checked(usize::from(first & 0x7f))?;
                rest = tail;
                let length = bytes.iter().try_fold(0u32, |sum, byte| Some(sum.checked_mul(256)? | u32::from(*byte)))?;
                Some(usize::try_from(length).ok()?)
            }
        };
        self.0 = rest;
        Some((tag, length))
    }

    /// Goes into an element of that tag.
    fn enter(&mut self, tag: u8) -> Option<()> {
        (self.head()?.0 == tag).then_some(())
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (data, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(data)
    }

    fn primitive(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (found, length) = self.head()?;
        self.take(length?).filter(|_| found == tag)
    }

    fn skip(&mut self, depth: usize) -> Option<u8> {
        let (tag, length) = self.head()?;
        match length {
            Some(length) => drop(self.take(length)?),
            None if depth == 0 => return None,
            None => while self.skip(depth - 1)? != 0 {},
        }
        Some(tag)
    }
}

fn content(der: &[u8]) -> Option<Vec<u8>> {
    let mut ber = Ber(der);
    ber.enter(SEQUENCE)?;
    if ber.primitive(OID)? != SIGNED_DATA {
        return None;
    }
    ber.enter(EXPLICIT)?;
    ber.enter(SEQUENCE)?;
    ber.primitive(INTEGER)?;
    if ber.skip(MAX_DEPTH)? != SET {
        return None;
    }
    ber.enter(SEQUENCE)?;
    ber.primitive(OID)?;
    ber.enter(EXPLICIT)?;
    match ber.head()? {
        (OCTETS, Some(length)) => ber.take(length).map(<[u8]>::to_vec),
        (PIECES, length) => pieces(&mut ber, length),
        _ => None,
    }
}

/// The content in several strings, as programs write it that sign while they read.
fn pieces(ber: &mut Ber<'_>, length: Option<usize>) -> Option<Vec<u8>> {
    let mut inner = match length {
        Some(length) => Ber(ber.take(length)?),
        None => Ber(ber.0),
    };
    let mut content = Vec::new();
    while !inner.0.is_empty() {
        match inner.head()? {
            (OCTETS, Some(length)) => content.extend_from_slice(inner.take(length)?),
            (0, Some(0)) => break,
            _ => return None,
        }
    }
    Some(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(tag: u8, data: &[u8]) -> Vec<u8> {
        [&[tag, 0x82, (data.len() >> 8) as u8, data.len() as u8], data].concat()
    }

    fn signed(content: &[u8]) -> Vec<u8> {
        let data = [element(OID, &[0x2a, 1]), element(EXPLICIT, content)].concat();
        let signed = [element(INTEGER, &[1]), element(SET, &[]), element(SEQUENCE, &data)].concat();
        element(SEQUENCE, &[element(OID, SIGNED_DATA), element(EXPLICIT, &element(SEQUENCE, &signed))].concat())
    }

    #[test]
    fn content_in_one_or_in_pieces() {
        assert_eq!(content(&signed(&element(OCTETS, b"hello"))).unwrap(), b"hello");
        let split = [element(OCTETS, b"hel"), element(OCTETS, b"lo")].concat();
        assert_eq!(content(&signed(&element(PIECES, &split))).unwrap(), b"hello");
        let open_ended = [&[PIECES, 0x80][..], &split, &[0, 0]].concat();
        assert_eq!(content(&signed(&open_ended)).unwrap(), b"hello");
    }

    #[test]
    fn damage_gives_nothing() {
        let whole = signed(&element(OCTETS, b"hello"));
        for end in 0..whole.len() {
            assert_eq!(content(&whole[..end]), None);
        }
        assert_eq!(content(&[0x30, 0x80].repeat(100_000)), None);
        assert_eq!(content(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]), None);
    }
}
