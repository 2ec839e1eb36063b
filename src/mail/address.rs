//! Names and addresses of people (RFC 5322 §3.4), as they are meant to be and as they come.

mod entry;
mod list;
mod normal;
mod same;

use serde::{Deserialize, Serialize};

pub use entry::Mailbox;
pub use list::parse;
pub use normal::{normalise, to_ascii};
pub use same::{Sameness, sameness};

/// A display name and an address, both decoded and free of control characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Address {
    /// The decoded display name; empty when there is none.
    pub name: String,
    /// `local@domain`, lower-cased as [`normalise`] does.
    pub email: String,
}

impl Address {
    /// An address as written in a configuration or a header.
    pub fn new(name: impl Into<String>, email: &str) -> Self {
        Self { name: name.into(), email: normalise(email) }
    }

    /// The part behind the `@`; empty when there is none.
    pub fn domain(&self) -> &str {
        self.email.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// Every entry of an address header that holds a usable address, at most [`super::limits::MAX_ADDRESSES`].
pub fn usable(value: &str) -> Vec<Address> {
    let with_address = |entry: Mailbox| Some(Address { name: entry.name, email: entry.email? });
    parse(value).into_iter().filter_map(with_address).collect()
}

/// An address as logs show it: the first character of the local part and the domain, `a…@example.test`. Enough to tell
/// whose provider refuses, too little to write to.
pub fn masked(addr: &str) -> String {
    let (local, domain) = addr.rsplit_once('@').unwrap_or((addr, ""));
    let first = local.chars().next().map(String::from).unwrap_or_default();
    if domain.is_empty() { format!("{first}…") } else { format!("{first}…@{domain}") }
}

/// `text` with every address in it [`masked`]: servers quote the recipient in their replies.
pub fn mask_all(text: &str) -> String {
    let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';' | ':' | '"');
    text.split_inclusive(ends).fold(String::with_capacity(text.len()), |mut shown, word| {
        let bare = word.trim_end_matches(ends);
        if bare.contains('@') {
            shown.push_str(&masked(bare));
            shown.extend(word.chars().rev().take_while(|c| ends(*c)));
        } else {
            shown.push_str(word);
        }
        shown
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_letters_of_one_alphabet_are_the_same() {
        assert_eq!(normalise(" <Jane.DOE@Example.TEST> "), "jane.doe@example.test");
        assert_eq!(normalise("jane@B\u{dc}RO.test"), "jane@b\u{fc}ro.test");
        for other in [
            "\u{ff4a}ane@example.test",
            "jane@\u{ff45}xample.test",
            "er\u{212a}ki@desk.test",
            "erkki@des\u{212a}.test",
            "erkk\u{130}@desk.test",
            "erkki@d\u{130}sk.test",
            "erkki@de\u{17f}k.test",
        ] {
            let folded = normalise(other);
            assert_eq!(folded.chars().filter(|letter| !letter.is_ascii()).count(), 1, "{other} {folded}");
        }
    }

    #[test]
    fn domains_are_written_in_ascii() {
        for (email, written) in [
            ("joerg@müller.test", "joerg@xn--mller-kva.test"),
            ("joerg@xn--mller-kva.test", "joerg@xn--mller-kva.test"),
            ("jörg@müller.test", "jörg@xn--mller-kva.test"),
            ("anna@例え.test", "anna@xn--r8jz45g.test"),
            ("jörg", "jörg"),
        ] {
            assert_eq!(to_ascii(email), written);
        }
    }

    #[test]
    fn masking_hides_the_local_part_and_nothing_else() {
        assert_eq!(masked("alice@example.test"), "a…@example.test");
        assert_eq!(masked("élan@example.test"), "é…@example.test");
        assert_eq!(masked("nobody"), "n…");
        assert_eq!(masked(""), "…");
        assert_eq!(
            mask_all("550 5.1.1 <alice@example.test>: rejected, see bob@example.test"),
            "550 5.1.1 <a…@example.test>: rejected, see b…@example.test"
        );
        assert_eq!(mask_all("no address here"), "no address here");
    }
}
