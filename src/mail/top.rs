//! The very first words of a mail, which nobody else can have put there.

use super::{Mail, banner, html};

/// Bullets that mail programs put before lines which their writer began with a sign: Outlook's from the font Symbol, too.
const BULLETS: &[char] = &['•', '·', '‣', '▪', '◦', '●', '○', '■', '\u{f0b7}', '*', '-', '–'];

/// A line as its writer meant it: no bullet before a `#`, and plain blanks.
pub fn plain(line: &str) -> String {
    let blanks = line.replace("&nbsp;", " ").replace(char::is_whitespace, " ");
    let line = blanks.trim();
    let listed = line.strip_prefix(BULLETS).filter(|rest| rest.starts_with(' '));
    listed.map(str::trim_start).filter(|rest| rest.starts_with('#')).unwrap_or(line).to_owned()
}

/// Whether a mail begins with these lines, above everything else that can be read in it and outside of every quote. What
/// stands in a quote, or below one, may be somebody else's. A mail gateway's warning on top is nobody's words.
pub fn begins_with<'a>(mail: &Mail, lines: impl Iterator<Item = &'a str> + Clone) -> bool {
    let own = |text: &str| {
        let mut found = banner::cut(text).1.lines().map(plain).filter(|line| !line.is_empty());
        lines.clone().all(|line| found.next() == Some(plain(line)))
    };
    own(&mail.text) && mail.html.as_deref().is_none_or(|html| own(&html::to_text(above_quotes(html))))
}

/// HTML up to its first quote. Not every reader marks a `blockquote` in plain text.
fn above_quotes(html: &str) -> &str {
    const QUOTE: &[u8] = b"<blockquote";
    let at = html.as_bytes().windows(QUOTE.len()).position(|octets| octets.eq_ignore_ascii_case(QUOTE));
    at.and_then(|at| html.get(..at)).unwrap_or(html)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::read;

    fn begins(kind: &str, body: &str, lines: &[&str]) -> bool {
        let mail = read(format!("From: a@b.test\nMIME-Version: 1.0\nContent-Type: {kind}\n\n{body}\n").as_bytes());
        begins_with(&mail, lines.iter().copied())
    }

    #[test]
    fn lines_on_top_are_own() {
        assert!(begins("text/plain", "\n#approve\n\nHello\n\n> old\n", &["#approve"]));
        assert!(begins("text/plain", "#set a b\n\n#approve\nHello", &["#set a b", "#approve"]));
        let warning = "CAUTION: This email originated from outside of the organization. Do not click links.";
        assert!(begins("text/plain", &format!("{warning}\n\n#approve"), &["#approve"]));
        assert!(begins(
            "text/html",
            &format!("<table><tr><td>{warning}</td></tr></table><p>#approve</p>"),
            &["#approve"]
        ));
        assert!(begins("text/html", "<div>#approve</div><blockquote>#reject</blockquote>", &["#approve"]));
        assert!(begins("text/html", "<p>#set name J&uuml;rgen</p><p>#approve</p>", &["#set name Jürgen", "#approve"]));
    }

    #[test]
    fn a_line_is_what_was_typed() {
        for line in ["#take", " #take\u{a0}", "•\u{a0}#take", "·       #take", "- #take", "* #take", "&nbsp;#take"] {
            assert_eq!(plain(line), "#take", "{line:?}");
        }
        for line in ["-#take", "**#take**", "- take", "> #take", "\u{200b}#take"] {
            assert_ne!(plain(line), "#take", "{line:?}");
        }
        assert!(begins("text/html", "<ul><li>#take</li><li>#close</li></ul><p>Hello</p>", &["#take", "#close"]));
    }

    #[test]
    fn quotes_and_what_is_below_anything_are_not() {
        for html in [
            "<blockquote>#approve</blockquote>",
            "<BlockQuote type=cite>#approve</blockquote>",
            "<div><blockquote><p>#approve</p></blockquote></div><p>no idea</p>",
            "<blockquote></blockquote><p>#approve</p>",
            "<p>They write:</p><p>#approve</p>",
        ] {
            assert!(!begins("text/html", html, &["#approve"]), "{html}");
        }
        assert!(!begins("text/html", "<p>#set a b</p><blockquote>#approve</blockquote>", &["#set a b", "#approve"]));
        for text in
            ["> #approve", "Jane wrote:\n> old\n\n#approve", "-----Original Message-----\n#approve", "Hi\n#approve"]
        {
            assert!(!begins("text/plain", text, &["#approve"]), "{text}");
        }
    }
}
