//! `winmail.dat`: the container in which Outlook sends its own format ([MS-OXTNEF]).
//!
//! Written for hostile input: every length is checked against what is there, nothing is copied but the files
//! themselves, containers inside of containers stay closed. What is broken ends the reading, not the mail.

use crate::mail::{charset, limits};

/// What a container held.
#[derive(Debug, Default)]
pub struct Unpacked {
    /// The attached files.
    pub files: Vec<File>,
    /// The text of the mail.
    pub text: Option<String>,
    /// The HTML of the mail.
    pub html: Option<String>,
    /// It was read to its end.
    pub whole: bool,
}

/// One attached file.
#[derive(Debug, Default)]
pub struct File {
    /// The name as stored, not yet safe.
    pub name: String,
    /// `type/subtype`, when stored.
    pub content_type: Option<String>,
    /// The Content-ID, when stored.
    pub content_id: Option<String>,
    /// The content.
    pub content: Vec<u8>,
}

const SIGNATURE: u32 = 0x223e_9f78;
/// Attributes (§2.1.3.2): type and id.
const CODE_PAGE: u32 = 0x0006_9007;
const BODY: u32 = 0x0002_800c;
const MESSAGE_PROPERTIES: u32 = 0x0006_9003;
const ATTACH_START: u32 = 0x0006_9002;
const ATTACH_TITLE: u32 = 0x0001_8010;
const ATTACH_DATA: u32 = 0x0006_800f;
const ATTACH_PROPERTIES: u32 = 0x0006_9005;

struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(length)?;
        self.0 = tail;
        Some(head)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    /// A length and as many bytes, padded to a multiple of four.
    fn counted(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.u32()?).ok()?;
        let data = self.take(length)?;
        let padding = length.wrapping_neg() & 3;
        self.take(padding.min(self.0.len()))?;
        Some(data)
    }
}

/// Unpacks a container; `None` when it is none.
pub fn unpack(bytes: &[u8]) -> Option<Unpacked> {
    let mut cursor = Cursor(bytes);
    if cursor.u32()? != SIGNATURE {
        return None;
    }
    cursor.u16()?;
    let mut found = Unpacked::default();
    let mut page = "windows-1252".to_owned();
    found.whole = attributes(&mut cursor, &mut found, &mut page).is_some();
    found.files.retain(|file| !file.content.is_empty() || !file.name.is_empty());
    Some(found)
}

fn attributes(cursor: &mut Cursor<'_>, found: &mut Unpacked, page: &mut String) -> Option<()> {
    while !cursor.0.is_empty() {
        cursor.take(1)?;
        let id = cursor.u32()?;
        let length = usize::try_from(cursor.u32()?).ok()?;
        let data = cursor.take(length)?;
        cursor.u16()?;
        if id == ATTACH_START && found.files.len() < limits::MAX_UNPACKED {
            found.files.push(File::default());
        }
        match (id, found.files.last_mut()) {
            (CODE_PAGE, _) => *page = format!("windows-{}", Cursor(data).u32()?),
            (BODY, _) => found.text = Some(string(data, page)),
            (MESSAGE_PROPERTIES, _) => message(data, page, found),
            (ATTACH_TITLE, Some(file)) if file.name.is_empty() => file.name = string(data, page),
            (ATTACH_DATA, Some(file)) => file.content = data.to_vec(),
            (ATTACH_PROPERTIES, Some(file)) => attachment(data, page, file),
            _ => {}
        }
    }
    Some(())
}

fn string(data: &[u8], page: &str) -> String {
    let end = memchr::memchr(0, data).unwrap_or(data.len());
    charset::decode(data.get(..end).unwrap_or_default(), Some(page)).text.into_owned()
}

fn message(data: &[u8], page: &str, found: &mut Unpacked) {
    properties(data, |id, kind, value| match id {
        0x1000 => found.text = Some(property(kind, value, page)),
        0x1013 => found.html = Some(property(kind, value, page)),
        _ => {}
    });
}

fn attachment(data: &[u8], page: &str, file: &mut File) {
    properties(data, |id, kind, value| match id {
        // The long name counts, the title is `FILENA~1.TXT`.
        0x3707 => file.name = property(kind, value, page),
        0x370e => {
            file.content_type = Some(property(kind, value, page).to_ascii_lowercase())
                .filter(|kind| kind.contains('/') && kind.len() < 100)
        }
        0x3712 => file.content_id = Some(property(kind, value, page)).filter(|id| !id.is_empty()),
        // An attached mail is a container of its own behind the 16 bytes of its interface.
        0x3701 if file.content.is_empty() => file.content = value.get(16..).unwrap_or_default().to_vec(),
        _ => {}
    });
}

fn property(kind: u16, value: &[u8], page: &str) -> String {
    match kind {
        0x001f => charset::decode(value, Some("utf-16le")).text.trim_end_matches('\0').to_owned(),
        _ => string(value, page),
    }
}

/// Calls `each` with the id, the type and the value of every property of variable length ([MS-OXTNEF] §2.1.3.4).
fn properties(data: &[u8], mut each: impl FnMut(u16, u16, &[u8])) -> Option<()> {
    let mut cursor = Cursor(data);
    let count = cursor.u32()?;
    for _ in 0..count {
        let (kind, id) = (cursor.u16()?, cursor.u16()?);
        if id >= 0x8000 {
            cursor.take(16)?;
            match cursor.u32()? {
                0 => drop(cursor.take(4)?),
                _ => drop(cursor.counted()?),
            }
        }
        let values =
            if kind & 0x1000 != 0 || matches!(kind, 0x000d | 0x001e | 0x001f | 0x0102) { cursor.u32()? } else { 1 };
        for _ in 0..values {
            match kind & 0x0fff {
                0x0002 | 0x0003 | 0x0004 | 0x000a | 0x000b => drop(cursor.take(4)?),
                0x0005 | 0x0006 | 0x0007 | 0x0014 | 0x0040 => drop(cursor.take(8)?),
                0x0048 => drop(cursor.take(16)?),
                0x000d | 0x001e | 0x001f | 0x0102 => each(id, kind & 0x0fff, cursor.counted()?),
                _ => return None,
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
        let sum: u16 = data.iter().fold(0, |sum, byte| sum.wrapping_add(u16::from(*byte)));
        [&[level][..], &id.to_le_bytes(), &(data.len() as u32).to_le_bytes(), data, &sum.to_le_bytes()].concat()
    }

    fn text_property(id: u16, text: &str) -> Vec<u8> {
        let wide: Vec<u8> = text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        let mut bytes = [
            &0x001fu16.to_le_bytes()[..],
            &id.to_le_bytes(),
            &1u32.to_le_bytes(),
            &(wide.len() as u32).to_le_bytes(),
            &wide,
        ]
        .concat();
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    }

    fn container() -> Vec<u8> {
        let long_name = [&1u32.to_le_bytes()[..], &text_property(0x3707, "Grüße an alle.txt")].concat();
        let body =
            [&2u32.to_le_bytes()[..], &0x0003_0003u32.to_le_bytes()[..], &[0; 4], &text_property(0x1000, "Hello")]
                .concat();
        [
            &SIGNATURE.to_le_bytes()[..],
            &[0, 0],
            &attribute(1, CODE_PAGE, &[0xe4, 4, 0, 0, 0, 0, 0, 0]),
            &attribute(1, MESSAGE_PROPERTIES, &body),
            &attribute(2, ATTACH_START, &[1; 14]),
            &attribute(2, ATTACH_TITLE, b"GRE~1.TXT\0"),
            &attribute(2, ATTACH_DATA, b"content"),
            &attribute(2, ATTACH_PROPERTIES, &long_name),
        ]
        .concat()
    }

    #[test]
    fn files_and_text() {
        let found = unpack(&container()).unwrap();
        assert!(found.whole);
        assert_eq!(found.text.as_deref(), Some("Hello"));
        assert_eq!(
            (found.files[0].name.as_str(), found.files[0].content.as_slice()),
            ("Grüße an alle.txt", &b"content"[..])
        );
    }

    #[test]
    fn damage_ends_the_reading() {
        let bytes = container();
        for end in 0..bytes.len() {
            let found = unpack(&bytes[..end]);
            assert_eq!(found.is_some(), end >= 6);
        }
        assert!(unpack(b"PK\x03\x04 no container").is_none());
    }
}
