//! Files that came with a mail, and names for them that are safe everywhere.

use super::{headers, limits};

/// One attached or inline file, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// A name that is safe on every file system; never empty.
    pub filename: String,
    /// `type/subtype`, lower case.
    pub content_type: String,
    /// The Content-ID without angle brackets.
    pub content_id: Option<String>,
    /// Shown within the HTML part rather than beside it.
    pub inline: bool,
    /// The decoded content.
    pub content: Vec<u8>,
}

/// Names that Windows keeps for devices, whatever the extension (CON.txt is the console).
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// A file name that every file system takes and that leads to no other folder: no separators, no characters that
/// Windows refuses, no control or direction marks, no dots or blanks at the ends, no device names, bounded.
/// `None` when nothing is left of it.
pub fn safe_name(declared: &str) -> Option<String> {
    let line = headers::clean(without_folder(declared), limits::MAX_FILENAME_OCTETS * 2);
    let mapped: String = line
        .chars()
        .map(|c| if matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') { '_' } else { c })
        .collect();
    let bare = mapped.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if bare.chars().all(|c| c == '_') {
        return None;
    }
    let stem = bare.split('.').next().unwrap_or(bare).trim_end().to_ascii_lowercase();
    let name = if DEVICES.contains(&stem.as_str()) { format!("_{bare}") } else { bare.to_owned() };
    Some(shortened(&name))
}

/// Windows programs used to send the whole path.
fn without_folder(name: &str) -> &str {
    let drive = name.get(1..3) == Some(":\\") && name.starts_with(|c: char| c.is_ascii_alphabetic());
    if drive || name.starts_with("\\\\") { name.rsplit('\\').next().unwrap_or(name) } else { name }
}

/// Cuts the stem, not the extension.
fn shortened(name: &str) -> String {
    if name.len() <= limits::MAX_FILENAME_OCTETS {
        return name.to_owned();
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 20 => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let mut end = limits::MAX_FILENAME_OCTETS - extension.len();
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", stem.get(..end).unwrap_or_default().trim_end())
}

/// A name for a file that has none: what it is, its place in the mail, and the extension of its type.
pub fn invented_name(content_type: &str, number: usize) -> String {
    match content_type {
        "text/calendar" => return "invitation.ics".to_owned(),
        "message/delivery-status" => return "delivery-status.txt".to_owned(),
        "text/rfc822-headers" | "message/rfc822-headers" => return "headers.txt".to_owned(),
        "application/pgp-signature" => return "signature.asc".to_owned(),
        "application/pgp-encrypted" => return "encrypted-version.txt".to_owned(),
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => return "smime.p7s".to_owned(),
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => return "smime.p7m".to_owned(),
        "application/ms-tnef" => return "winmail.dat".to_owned(),
        _ => {}
    }
    let main =
        content_type.split('/').next().filter(|main| ["image", "audio", "video", "text", "message"].contains(main));
    let word = main.unwrap_or("attachment");
    format!("{word}-{number}.{}", extension(content_type))
}

/// The usual extension of a type, without the dot.
pub fn extension(content_type: &str) -> &'static str {
    match content_type {
        "text/plain" => "txt",
        "text/html" => "html",
        "text/csv" => "csv",
        "text/xml" | "application/xml" => "xml",
        "text/calendar" => "ics",
        "text/vcard" | "text/x-vcard" | "text/directory" => "vcf",
        "text/markdown" => "md",
        "image/jpeg" | "image/jpg" | "image/pjpeg" => "jpg",
        "image/png" | "image/x-png" => "png",
        "image/gif" => "gif",
        "image/tiff" => "tif",
        "image/bmp" | "image/x-ms-bmp" => "bmp",
        "image/webp" => "webp",
        "image/svg+xml" => "svg",
        "image/heic" | "image/heif" => "heic",
        "application/pdf" | "application/x-pdf" => "pdf",
        "application/zip" | "application/x-zip-compressed" | "application/x-zip" => "zip",
        "application/gzip" | "application/x-gzip" => "gz",
        "application/json" => "json",
        "application/rtf" | "text/rtf" => "rtf",
        "application/msword" => "doc",
        "application/vnd.ms-excel" => "xls",
        "application/vnd.ms-powerpoint" => "ppt",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation" => "pptx",
        "application/vnd.oasis.opendocument.text" => "odt",
        "application/vnd.oasis.opendocument.spreadsheet" => "ods",
        "application/pgp-keys" => "asc",
        "audio/mpeg" | "audio/mp3" => "mp3",
        "audio/wav" | "audio/x-wav" => "wav",
        "audio/ogg" => "ogg",
        "audio/mp4" => "m4a",
        "video/mp4" => "mp4",
        "video/quicktime" => "mov",
        "message/rfc822" | "message/global" => "eml",
        other if other.starts_with("text/") || other.starts_with("message/") => "txt",
        _ => "bin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn safe_names() {
        let table = [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("C:\\Users\\jane\\report.pdf", "report.pdf"),
            ("\\\\server\\share\\report.pdf", "report.pdf"),
            ("bill 12/2030.pdf", "bill 12_2030.pdf"),
            ("a\r\nb\0c.txt", "a b c.txt"),
            ("CON.txt", "_CON.txt"),
            (".hidden. ", "hidden"),
            ("exe.\u{202e}fdp.exe", "exe.fdp.exe"),
            ("what?*.txt", "what__.txt"),
        ];
        for (declared, safe) in table {
            assert_eq!(safe_name(declared).as_deref(), Some(safe), "{declared}");
        }
        for nothing in ["", "..", " / ", "\u{200b}"] {
            assert_eq!(safe_name(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn long_names_keep_their_extension() {
        let name = safe_name(&format!("{}.pdf", "ä".repeat(300))).unwrap();
        assert!(name.len() <= limits::MAX_FILENAME_OCTETS && name.ends_with("ä.pdf"));
    }

    #[test]
    fn invented_names() {
        assert_eq!(invented_name("image/png", 2), "image-2.png");
        assert_eq!(invented_name("application/x-unknown", 1), "attachment-1.bin");
        assert_eq!(invented_name("text/calendar", 1), "invitation.ics");
    }
}
