//! The header block as a bounded list of names and unfolded values.

use super::limits;

/// All headers of one mail, in order. Names are matched without regard to case.
#[derive(Debug, Clone, Default)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// The header block at the start of `raw`, unfolded (RFC 5322 §2.2.3). Bytes that are not UTF-8 are
    /// replaced: callers that need charsets go to the parsed message.
    pub fn of(raw: &[u8]) -> Self {
        let mut list: Vec<(String, String)> = Vec::new();
        for line in raw.split(|&byte| byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() || list.len() >= limits::MAX_HEADERS {
                break;
            }
            let text = String::from_utf8_lossy(line);
            match list.last_mut() {
                Some((_, value)) if text.starts_with([' ', '\t']) => {
                    if value.len() < limits::MAX_HEADER_CHARS {
                        value.push(' ');
                        value.push_str(text.trim());
                    }
                }
                _ => {
                    if let Some((name, value)) = text.split_once(':') {
                        list.push((name.trim().to_owned(), value.trim().to_owned()));
                    }
                }
            }
        }
        Self(list)
    }

    /// The first value of `name`.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Every value of `name`, top-most first.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Every header in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}
