//! What a server can do, as it says in its reply to EHLO (RFC 5321 §4.1.1.1).

/// What the server announced in its last EHLO reply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Abilities {
    /// RFC 2920.
    pub(super) pipelining: bool,
    /// RFC 6152.
    pub(super) eight_bit: bool,
    /// RFC 6531.
    pub(super) utf8: bool,
    /// RFC 3207; also true when the connection was upgraded by it.
    pub(super) starttls: bool,
    /// RFC 1870: announced, and the largest mail in octets unless the server leaves that open (0 or nothing).
    pub(super) size: Option<Option<u64>>,
    /// RFC 4954: SASL mechanisms.
    pub(super) mechanisms: Vec<String>,
}

impl Abilities {
    /// Reads the lines of the reply.
    pub(super) fn read(lines: &[String]) -> Self {
        let mut abilities = Self::default();
        // The first line is the server's name.
        for line in lines.iter().skip(1) {
            let line = line.to_ascii_uppercase();
            // Some old servers write AUTH=LOGIN besides or instead of AUTH LOGIN.
            let mut words = line.split([' ', '=']).filter(|word| !word.is_empty());
            match words.next() {
                Some("PIPELINING") => abilities.pipelining = true,
                Some("8BITMIME") => abilities.eight_bit = true,
                Some("SMTPUTF8") => abilities.utf8 = true,
                Some("STARTTLS") => abilities.starttls = true,
                Some("SIZE") => {
                    let limit = words.next().and_then(|octets| octets.parse().ok());
                    abilities.size = Some(limit.filter(|octets| *octets > 0));
                }
                Some("AUTH") => abilities.mechanisms.extend(words.map(str::to_owned)),
                _ => {}
            }
        }
        abilities.mechanisms.sort_unstable();
        abilities.mechanisms.dedup();
        abilities
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn announcements_are_read_whatever_their_form() {
        let read = |lines: &[&str]| Abilities::read(&lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>());
        let abilities = read(&[
            "mail.example.test at your service",
            "pipelining",
            "SIZE 26214400",
            "AUTH=LOGIN PLAIN",
            "AUTH PLAIN X",
        ]);
        assert!(abilities.pipelining && !abilities.eight_bit && !abilities.starttls);
        assert_eq!(abilities.size, Some(Some(26_214_400)));
        assert_eq!(abilities.mechanisms, ["LOGIN", "PLAIN", "X"]);
        assert_eq!(read(&["x", "SIZE"]).size, Some(None));
        assert_eq!(read(&["x", "SIZE 0"]).size, Some(None));
        assert_eq!(read(&["SIZE 1", " ", "", "SIZE x"]).size, Some(None));
    }
}
