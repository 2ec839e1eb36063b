//! `format=flowed` (RFC 3676): paragraphs that were wrapped with a blank before the line end.

/// Joins the wrapped lines and takes the stuffed blanks away. Quote marks are kept, so that quotes are still seen.
pub fn unwrap(text: &str, delete_space: bool) -> String {
    let mut out = String::with_capacity(text.len());
    // The quote depth of the paragraph that the last line left open.
    let mut open: Option<usize> = None;
    for (number, line) in text.split('\n').enumerate() {
        let depth = line.bytes().take_while(|&byte| byte == b'>').count();
        let content = line.get(depth..).unwrap_or_default();
        let content = content.strip_prefix(' ').unwrap_or(content);
        // §4.3: the line above a signature is no wrapped one. §4.5: neither is one that a change of depth follows.
        let signature = content == "-- ";
        if open != Some(depth) || signature {
            if number > 0 {
                out.push('\n');
            }
            out.push_str(line.get(..depth).unwrap_or_default());
            if depth > 0 && !content.is_empty() {
                out.push(' ');
            }
        }
        let flows = content.ends_with(' ') && !signature;
        out.push_str(if flows && delete_space { content.strip_suffix(' ').unwrap_or(content) } else { content });
        open = flows.then_some(depth);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs() {
        assert_eq!(unwrap("one \ntwo \nthree\nfour\n", false), "one two three\nfour\n");
        assert_eq!(unwrap("wo \nrd\n", true), "word\n");
        assert_eq!(unwrap("a\n\nb \n\nc", false), "a\n\nb \nc");
    }

    #[test]
    fn quotes_stuffing_and_signature() {
        assert_eq!(unwrap("> one \n> two\n>> three \nfour", false), "> one two\n>> three \nfour");
        assert_eq!(unwrap(" > no quote\n From here", false), "> no quote\nFrom here");
        assert_eq!(unwrap("bye \n-- \nJane \nDoe", false), "bye \n-- \nJane Doe");
    }
}
