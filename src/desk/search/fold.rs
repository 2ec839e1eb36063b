//! How words are compared: what the index itself cannot do. It takes marks off letters (`ä` is `a`) and knows words by the
//! blanks and signs between them.

use std::borrow::Cow;

/// The same words for the index and for who asks it: letters that are no letter with a mark become those that people type
/// instead, and scripts that put no blanks between words become a word a sign, as nobody knows where their words end.
pub fn fold(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| letters(c).is_some() || is_written_together(c)) {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len() + text.len() / 4);
    for c in text.chars() {
        match letters(c) {
            Some(letters) => folded.push_str(letters),
            None if is_written_together(c) => folded.extend([' ', c, ' ']),
            None => folded.push(c),
        }
    }
    Cow::Owned(folded)
}

/// Letters without a mark that could be taken off.
fn letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'þ' | 'Þ' => "th",
        _ => return None,
    })
}

/// Han, Hiragana and Katakana.
pub fn is_written_together(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

/// How else somebody may have written a word that was typed with or without its umlauts: `Müller` for `Mueller`, and the
/// other way round. Nothing where there is no other way.
pub fn other_spelling(word: &str) -> Option<String> {
    let marked = |c: char| match c {
        'ä' | 'Ä' => Some("ae"),
        'ö' | 'Ö' => Some("oe"),
        'ü' | 'Ü' => Some("ue"),
        'å' | 'Å' => Some("aa"),
        'ø' | 'Ø' => Some("oe"),
        _ => None,
    };
    if word.chars().any(|c| marked(c).is_some()) {
        let spelt = |mut all: String, c: char| {
            match marked(c) {
                Some(letters) => all.push_str(letters),
                None => all.push(c),
            }
            all
        };
        return Some(word.chars().fold(String::new(), spelt));
    }
    let lower = word.to_lowercase();
    let other = lower.replace("ae", "a").replace("oe", "o").replace("ue", "u");
    (other != lower).then_some(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded() {
        assert_eq!(fold("licence"), "licence");
        assert_eq!(fold("Große Straße, Øster Ærø"), "Grosse Strasse, oster aero");
        assert_eq!(fold("更新 NG"), " 更  新  NG");
    }

    #[test]
    fn umlauts_have_two_spellings() {
        assert_eq!(other_spelling("Müller").as_deref(), Some("Mueller"));
        assert_eq!(other_spelling("Mueller").as_deref(), Some("muller"));
        assert_eq!(other_spelling("licence"), None);
    }
}
