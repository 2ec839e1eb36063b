//! Scripts and letters that one language alone writes.

use super::limits;

/// How many letters of a text are of which script.
#[derive(Default)]
struct Scripts {
    letters: usize,
    kana: usize,
    han: usize,
    hangul: usize,
    cyrillic: usize,
    /// Of Ukrainian and Belarusian: `і ї є ґ`.
    western: usize,
    /// Of Russian and Belarusian: `ы э ё`.
    eastern: usize,
    /// `ў` of Belarusian, `ј љ њ ћ ђ џ ѓ ќ ѕ` of Serbian and Macedonian, and what Mongolian and Kazakh have besides.
    other: usize,
}

/// The ISO 639-1 code of the language whose script a part of the text is in that no quoted name or product makes up;
/// `None` for Latin letters, for short texts, and for Cyrillic ones without a letter that tells.
pub fn sure(text: &str) -> Option<&'static str> {
    let mut found = Scripts::default();
    for c in text.chars().take(limits::LANGUAGE_SAMPLE).filter(|c| c.is_alphabetic()) {
        found.add(c);
    }
    let is_share = |count: usize, part: usize| count > 1 && count * part >= found.letters;
    if is_share(found.kana, 5) {
        return Some("ja");
    }
    if is_share(found.hangul, 5) {
        return Some("ko");
    }
    if is_share(found.han, 3) {
        return Some("zh");
    }
    if !is_share(found.cyrillic, 3) || found.other > 0 {
        return None;
    }
    match (found.western, found.eastern) {
        (0, 1..) => Some("ru"),
        (1.., 0) => Some("uk"),
        _ => None,
    }
}

impl Scripts {
    fn add(&mut self, c: char) {
        self.letters += 1;
        match c {
            '\u{3041}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}' => self.kana += 1,
            '\u{3400}'..='\u{9fff}' => self.han += 1,
            '\u{ac00}'..='\u{d7a3}' => self.hangul += 1,
            '\u{400}'..='\u{4ff}' => {
                self.cyrillic += 1;
                match c {
                    'і' | 'ї' | 'є' | 'ґ' | 'І' | 'Ї' | 'Є' | 'Ґ' => self.western += 1,
                    'ы' | 'э' | 'ё' | 'Ы' | 'Э' | 'Ё' => self.eastern += 1,
                    'Ё'..='Џ' | 'ѐ'..='\u{4ff}' => self.other += 1,
                    _ => {}
                }
            }
            _ => {}
        }
    }
}
