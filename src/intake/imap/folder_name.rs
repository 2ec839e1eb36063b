//! Folder names: in the modified UTF-7 of RFC 3501 §5.1.3, and with the separators of a server.

use data_encoding::BASE64_NOPAD;

/// As sent to the server, in quotes: `Größe` becomes `"Gr&APYA3w-e"`.
pub(super) fn quoted(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 2);
    out.push('"');
    let mut rest: Vec<u16> = Vec::new();
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            flush(&mut out, &mut rest);
            match c {
                '&' => out.push_str("&-"),
                '"' | '\\' => out.extend(['\\', c]),
                _ => out.push(c),
            }
        } else {
            rest.extend_from_slice(c.encode_utf16(&mut [0; 2]));
        }
    }
    flush(&mut out, &mut rest);
    out.push('"');
    out
}

fn flush(out: &mut String, rest: &mut Vec<u16>) {
    if rest.is_empty() {
        return;
    }
    let octets: Vec<u8> = rest.drain(..).flat_map(u16::to_be_bytes).collect();
    out.push('&');
    out.push_str(&BASE64_NOPAD.encode(&octets).replace('/', ","));
    out.push('-');
}

/// As a person reads it; what is not modified UTF-7 stays as it came.
pub(super) fn readable(name: &str) -> String {
    let mut parts = name.split('&');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('-') {
            Some(("", plain)) => {
                out.push('&');
                out.push_str(plain);
            }
            Some((code, plain)) => {
                out.push_str(&decoded(code).unwrap_or_else(|| format!("&{code}-")));
                out.push_str(plain);
            }
            None => {
                out.push('&');
                out.push_str(part);
            }
        }
    }
    out
}

fn decoded(code: &str) -> Option<String> {
    let octets = BASE64_NOPAD.decode(code.replace(',', "/").as_bytes()).ok()?;
    let (pairs, []) = octets.as_chunks::<2>() else { return None };
    String::from_utf16(&pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect::<Vec<_>>()).ok()
}

/// A folder of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// As a person reads it.
    pub(super) name: String,
    /// What stands between the levels of its name (RFC 3501 §5.1.1); `None` where names have no levels.
    pub(super) separator: Option<char>,
}

/// What a server calls the folder that is configured as `folder`, with `/` between its levels: Dovecot's and Courier's Maildirs have `.`
/// there, and Courier and many a Cyrus keep everything below `INBOX`.
pub(super) fn found(folder: &str, listed: &[Listed]) -> Option<String> {
    let is_it = |known: &&Listed| {
        let Some(separator) = known.separator else { return false };
        let name = separated(folder, separator);
        known.name == name || known.name == format!("INBOX{separator}{name}")
    };
    // Under the name that the server refused there is nothing to be found.
    listed.iter().filter(|known| known.name != folder).find(is_it).map(|known| known.name.clone())
}

/// With the server's separator between the levels.
pub(super) fn separated(folder: &str, separator: char) -> String {
    folder.replace('/', separator.encode_utf8(&mut [0; 4]))
}

#[cfg(test)]
mod tests {
    use super::{Listed, found, quoted, readable};

    #[test]
    fn a_folder_is_found_below_another_separator_and_namespace() {
        let listed = |names: &[&str], separator| -> Vec<Listed> {
            names.iter().map(|name| Listed { name: (*name).to_owned(), separator }).collect()
        };
        for (written, there, separator, is) in [
            ("Support/EMEA", &["INBOX", "Support.EMEA"][..], Some('.'), Some("Support.EMEA")),
            ("Support/EMEA", &["INBOX", "INBOX.Support.EMEA"], Some('.'), Some("INBOX.Support.EMEA")),
            ("Größe", &["INBOX.Größe"], Some('.'), Some("INBOX.Größe")),
            ("Sales", &["INBOX/Sales"], Some('/'), Some("INBOX/Sales")),
            ("a/b/c", &["a\\b\\c"], Some('\\'), Some("a\\b\\c")),
            ("Support/EMEA", &["Support-EMEA"], None, None),
            ("Support/EMEA", &["Other.Support.EMEA"], Some('.'), None),
        ] {
            assert_eq!(found(written, &listed(there, separator)).as_deref(), is, "{written} in {there:?}");
        }
    }

    #[test]
    fn names_survive_the_way_to_the_server_and_back() {
        for (name, sent) in [
            ("INBOX", "\"INBOX\""),
            ("Größe", "\"Gr&APYA3w-e\""),
            ("a & b", "\"a &- b\""),
            ("say \"hi\" \\", "\"say \\\"hi\\\" \\\\\""),
            ("~peter/mail/台北/日本語", "\"~peter/mail/&U,BTFw-/&ZeVnLIqe-\""),
            ("🎫", "\"&2Dzfqw-\""),
        ] {
            assert_eq!(quoted(name), sent);
            let plain = sent.trim_matches('"').replace("\\\"", "\"").replace("\\\\", "\\");
            assert_eq!(readable(&plain), name);
        }
    }

    #[test]
    fn a_name_that_is_not_modified_utf7_stays_as_it_is() {
        assert_eq!(readable("R&D"), "R&D");
        assert_eq!(readable("a&b-c"), "a&b-c");
    }

    #[test]
    fn line_ends_cannot_leave_the_name() {
        assert!(!quoted("a\r\nb LOGOUT").contains(['\r', '\n']));
    }
}
