//! `MAIL FROM` and `RCPT TO` of one mail, as this server understands them.

use super::abilities::Abilities;
use crate::send::ending::Ending;
use crate::store::outbox::Claimed;

/// The two commands, CRLF included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Envelope {
    pub(super) mail: String,
    pub(super) rcpt: String,
}

impl Envelope {
    /// # Errors
    /// The end of the attempt: this server cannot take the mail, or no server could. It says why.
    pub(super) fn new(mail: &Claimed, abilities: &Abilities) -> Result<Self, Ending> {
        let octets = mail.bytes.len() as u64;
        // RFC 1870 §6.2: it would be refused after all of it went over the wire.
        if let Some(limit) = abilities.size.flatten().filter(|limit| octets > *limit) {
            let error = format!("the mail has {octets} octets and the server takes {limit} at most");
            return Err(Ending::TooLarge { error });
        }
        Self::within(mail, abilities).map_err(|error| Ending::Unsendable { error })
    }

    fn within(mail: &Claimed, abilities: &Abilities) -> Result<Self, String> {
        if mail.bytes.is_empty() {
            return Err("the mail has no bytes".to_owned());
        }
        // RFC 5321 §2.3.8: only CRLF ends a line. What servers make of a bare one differs, and a dot on a line of its own
        // between two of them would end the mail for some ("SMTP smuggling").
        if has_bare_line_end(&mail.bytes) {
            return Err("the mail has a bare CR or LF in it, which SMTP forbids".to_owned());
        }
        let sender = if mail.return_path.is_empty() { String::new() } else { address(&mail.return_path)? };
        let recipient = address(&mail.recipient)?;
        let mut parameters = String::new();
        if abilities.size.is_some() {
            parameters = format!(" SIZE={}", mail.bytes.len());
        }
        if !mail.bytes.is_ascii() {
            if !abilities.eight_bit {
                return Err("the mail has 8-bit text and the server takes none (no 8BITMIME)".to_owned());
            }
            parameters.push_str(" BODY=8BITMIME");
        }
        if !sender.is_ascii() || !recipient.is_ascii() {
            if !abilities.utf8 {
                return Err("the address is not ASCII and the server takes no such addresses (no SMTPUTF8)".to_owned());
            }
            parameters.push_str(" SMTPUTF8");
        }
        Ok(Self { mail: format!("MAIL FROM:<{sender}>{parameters}\r\n"), rcpt: format!("RCPT TO:<{recipient}>\r\n") })
    }
}

/// The address as it goes between the angle brackets: an international domain in its ASCII form (RFC 5890) wherever
/// the local part lets that suffice. Odd local parts (two dots in a row, as Japanese carriers gave out) are the
/// server's business; what could end the command early is not.
fn address(address: &str) -> Result<String, String> {
    let Some((local, domain)) =
        address.rsplit_once('@').filter(|(local, domain)| !local.is_empty() && !domain.is_empty())
    else {
        return Err("this is no mail address".to_owned());
    };
    if address.len() > 320 || address.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>')) {
        return Err("this is no mail address that SMTP can name".to_owned());
    }
    if domain.is_ascii() {
        return Ok(address.to_owned());
    }
    let domain = idna::domain_to_ascii(domain).map_err(|_| "the domain is no valid international name".to_owned())?;
    Ok(format!("{local}@{domain}"))
}

fn has_bare_line_end(bytes: &[u8]) -> bool {
    // One look at every octet; `memchr` would be quicker and is not worth a dependency at 1 GB a second.
    let mut last = 0;
    for &byte in bytes {
        if (byte == b'\n') != (last == b'\r') {
            return true;
        }
        last = byte;
    }
    last == b'\r'
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn mail(return_path: &str, recipient: &str, bytes: &[u8]) -> Claimed {
        Claimed {
            id: 1,
            recipient: recipient.into(),
            return_path: return_path.into(),
            message_id: "m@example.test".into(),
            bytes: bytes.to_vec(),
            attempts: 1,
            first_attempt_at: Timestamp::UNIX_EPOCH,
            resent: false,
            has_spare: false,
        }
    }
    fn envelope(return_path: &str, recipient: &str, bytes: &[u8], abilities: &Abilities) -> Result<String, String> {
        match Envelope::new(&mail(return_path, recipient, bytes), abilities) {
            Ok(envelope) => Ok(envelope.mail + &envelope.rcpt),
            Err(Ending::Unsendable { error }) => Err(error),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_larger_than_the_server_says_is_not_offered() {
        let limited = |limit| Abilities { size: Some(Some(limit)), ..Abilities::default() };
        assert!(Envelope::new(&mail("", "a@x", b"12345\r\n"), &limited(7)).is_ok());
        match Envelope::new(&mail("", "a@x", b"12345\r\n"), &limited(6)) {
            Err(Ending::TooLarge { error }) => assert!(error.contains("7 octets and the server takes 6"), "{error}"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_null_return_path_and_odd_local_parts_are_written_as_they_are() {
        let none = Abilities::default();
        assert_eq!(
            envelope("", "a..b.@docomo.example", b"x\r\n", &none).unwrap(),
            "MAIL FROM:<>\r\nRCPT TO:<a..b.@docomo.example>\r\n"
        );
        assert_eq!(
            envelope("support+v1@example.test", "\"a@b\"@example.test", b"x\r\n", &none).unwrap(),
            "MAIL FROM:<support+v1@example.test>\r\nRCPT TO:<\"a@b\"@example.test>\r\n"
        );
    }

    #[test]
    fn announced_extensions_are_used() {
        let all = Abilities { eight_bit: true, utf8: true, size: Some(None), ..Abilities::default() };
        assert_eq!(
            envelope("", "jürgen@bücher.example", "ä\r\n".as_bytes(), &all).unwrap(),
            "MAIL FROM:<> SIZE=4 BODY=8BITMIME SMTPUTF8\r\nRCPT TO:<jürgen@xn--bcher-kva.example>\r\n"
        );
    }

    #[test]
    fn what_the_server_cannot_take_is_said_clearly() {
        let none = Abilities::default();
        assert!(envelope("", "jürgen@example.test", b"x\r\n", &none).unwrap_err().contains("SMTPUTF8"));
        assert!(envelope("jürgen@example.test", "a@example.test", b"x\r\n", &none).unwrap_err().contains("SMTPUTF8"));
        assert!(envelope("", "info@bücher.example", b"x\r\n", &none).is_ok(), "its ASCII form does");
        assert!(envelope("", "a@example.test", b"\xe4\r\n", &none).unwrap_err().contains("8BITMIME"));
        assert!(envelope("", "a@example.test", b"", &none).unwrap_err().contains("no bytes"));
    }

    #[test]
    fn nothing_can_end_a_command_or_a_mail_early() {
        let none = Abilities::default();
        for bad in ["", "@", "a@", "@b", "a", "a>\r\nDATA@x", "a@x>\r\nRSET", "a b@x", "a@<x>", "a\0@x"] {
            assert!(envelope("", bad, b"x\r\n", &none).is_err(), "{bad:?}");
        }
        assert!(envelope("a>@x", "a@x", b"x\r\n", &none).is_err());
        for bad in [&b"\n"[..], b"a\n.\r\n", b"a\r.\r\n", b"a\r\r\n", b"a\r", b"\n\r\n"] {
            assert!(envelope("", "a@x", bad, &none).is_err(), "{bad:?}");
        }
        for good in [&b"\r\n"[..], b"a", b"a\r\n.\r\n", b"a\r\n\r\n"] {
            assert!(envelope("", "a@x", good, &none).is_ok(), "{good:?}");
        }
    }
}
