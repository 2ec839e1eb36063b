//! A server's words without what is not its own: links, addresses, signs around words.

/// Lower case, white space as single spaces, without links and addresses: both hold words that are not the server's
/// (`…/error#userunknown`, `policy@…`). Signs that only set words off are spaces (`BAD_RECIPIENT`, `** no such user **`).
pub fn words(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let lower = words.to_lowercase().replace('’', "'");
    for word in lower.split_whitespace() {
        let word =
            word.split_once("http://").or_else(|| word.split_once("https://")).map_or(word, |(before, _)| before);
        match word.split_once('@') {
            Some((before, after)) => {
                push(&mut out, lead(before));
                push(&mut out, behind(after));
            }
            None => push(&mut out, word),
        }
    }
    out.replace("mail box", "mailbox").replace("e-mail", "email").replace("no-such-", "no such ")
}

/// What stands before an address in the same word: `recipient=<kim`, `rcpt:kim`.
fn lead(before: &str) -> &str {
    let end = before
        .rfind(is_sign)
        .map_or(0, |at| before.get(at..).and_then(|rest| rest.chars().next()).map_or(at, |c| at + c.len_utf8()));
    before.get(..end).unwrap_or_default()
}

/// What stands behind an address in the same word: `>...user`, `]:`.
fn behind(domain: &str) -> &str {
    let whole = domain.find("..").unwrap_or(domain.len());
    let end = domain.find(|c: char| !c.is_alphanumeric() && !".-_".contains(c)).unwrap_or(domain.len()).min(whole);
    domain.get(end..).unwrap_or_default()
}

fn is_sign(c: char) -> bool {
    "<([{'\"`:=,;*|".contains(c)
}

fn push(out: &mut String, word: &str) {
    for piece in word.split(|c: char| "_*\"`<>[]{}()«»“”„=".contains(c)) {
        let piece = piece.trim_matches('\'').trim_start_matches('.');
        // Signs of a sentence stay with the word before them.
        if piece.chars().all(|c| c.is_ascii_punctuation()) {
            if !out.is_empty() && !piece.is_empty() && !piece.starts_with('-') {
                out.push_str(piece);
            }
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_servers_own_words() {
        for (said, plain) in [
            ("550 User [kim@example.test] does not exist", "550 user does not exist"),
            ("550 BAD_RECIPIENT", "550 bad recipient"),
            ("550 ** No mail box available **", "550 no mailbox available"),
            ("<kim@example.test>...User unknown", "user unknown"),
            ("Recipient=<kim@example.test>: gone.", "recipient: gone."),
            ("see https://example.test/no-such-user now", "see now"),
        ] {
            assert_eq!(words(said), plain, "{said}");
        }
    }
}
