//! Message-IDs (RFC 5322 §3.6.4), always without angle brackets.

use super::{encoded_word, limits};

/// The ids in a `Message-ID`, `In-Reply-To` or `References` value, in order, each once; of too many, the last.
///
/// Read beside what the RFC allows: ids without brackets, with commas between, folded in the middle, cut off at the
/// end, without `@` (in brackets or alone: other words are the comments of old mailers), and as encoded words, which Python's
/// `email` package makes of every id that is too long for a line.
pub fn list(value: &str) -> Vec<String> {
    let decoded = encoded_word::decode(value);
    let value = decoded.trim();
    let mut ids: Vec<String> = Vec::new();
    let mut rest = value;
    while let Some((before, id)) = rest.rsplit_once('<') {
        add(&mut ids, id.split('>').next().unwrap_or(id));
        rest = before;
        if ids.len() >= limits::MAX_REFERENCES {
            break;
        }
    }
    if !value.contains('<') {
        let alone = !value.contains(char::is_whitespace);
        let words = value.rsplit(|c: char| c.is_whitespace() || c == ',' || c == '>');
        for word in words.filter(|word| alone || word.contains('@')).take(limits::MAX_REFERENCES) {
            add(&mut ids, word);
        }
    }
    ids.reverse();
    ids
}

fn add(ids: &mut Vec<String>, piece: &str) {
    let id: String = piece.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    if !id.is_empty() && id.len() <= limits::MAX_MESSAGE_ID && !ids.contains(&id) {
        ids.push(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_the_book() {
        assert_eq!(list("<a@x> <b@y>\t<c@z>"), ["a@x", "b@y", "c@z"]);
        assert_eq!(list("<a@x> <b@y> <a@x>"), ["b@y", "a@x"]);
        assert_eq!(list(""), Vec::<String>::new());
    }

    #[test]
    fn as_they_come() {
        assert_eq!(list("a@x, b@y"), ["a@x", "b@y"]);
        assert_eq!(list("Message of Tuesday <a@x> (Jane's mail)"), ["a@x"]);
        assert_eq!(list("Your mail of Tuesday"), Vec::<String>::new());
        assert_eq!(list("<a b@x> <cut@of"), ["ab@x", "cut@of"]);
        assert_eq!(list("<20300101>"), ["20300101"]);
        assert_eq!(list("20300101"), ["20300101"]);
    }

    #[test]
    fn as_encoded_words() {
        let long = "<a@x> =?utf-8?q?=3CAM9PR04MB8812C7F0E2B5A1D94C3E8F62A1B3A=40AM9PR04MB?=\n =?utf-8?q?8812=2Eeurprd04=2Eprod=2Eoutlook=2Ecom=3E?=";
        assert_eq!(
            list(long),
            ["a@x", "AM9PR04MB8812C7F0E2B5A1D94C3E8F62A1B3A@AM9PR04MB8812.eurprd04.prod.outlook.com"]
        );
        assert_eq!(list("=?us-ascii?B?PGFAeD4gPGJAeT4=?="), ["a@x", "b@y"]);
        assert_eq!(list("<=?=a?@x>"), ["=?=a?@x"]);
    }

    #[test]
    fn too_many_keep_the_parent() {
        let many: String = (0..1_000).map(|n| format!("<{n}@x>")).collect();
        let ids = list(&many);
        assert_eq!((ids.len(), ids.last().map(String::as_str)), (limits::MAX_REFERENCES, Some("999@x")));
    }
}
