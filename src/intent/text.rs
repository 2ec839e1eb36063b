//! Words and sentences of a text in any script.

/// Words that are looked at; what people want stands before that.
const MAX_WORDS: usize = 500;
/// Letters of the longest word that is kept whole.
const MAX_LETTERS: usize = 40;

/// A word, or a run of letters of a script without blanks, or a sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// In lower case, every digit a `0`; `@` for a mail address, `//` for a link.
    pub word: String,
    /// Where it stands in the text, in octets.
    pub at: std::ops::Range<usize>,
    /// The number of its sentence.
    pub sentence: u32,
    /// What it is.
    pub kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters and digits between blanks.
    Word,
    /// A run of Chinese, Japanese or Korean letters: words are not told apart in it.
    Run,
    /// A mark that says something by itself: `?`, `!`, a quotation mark, an emoji.
    Sign,
}

/// The tokens of a text, in order.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut sentence = 0;
    let mut letters = text.char_indices().peekable();
    while let Some(&(start, first)) = letters.peek() {
        if found.len() >= MAX_WORDS {
            break;
        }
        let Some(kind) = kind_of(first) else {
            sentence += u32::from(ends_sentence(first));
            letters.next();
            continue;
        };
        let mut end = start;
        while let Some(&(at, letter)) = letters.peek() {
            let joins = kind != Kind::Sign && is_joint(letter) && follows(text, at + letter.len_utf8(), kind);
            let goes_on = kind_of(letter) == Some(kind) || joins;
            if at > start && (!goes_on || kind == Kind::Sign) {
                break;
            }
            end = at + letter.len_utf8();
            letters.next();
        }
        let word = word(text.get(start..end).unwrap_or_default());
        found.push(Token { word, at: start..end, sentence, kind });
        sentence += u32::from(ends_sentence(first));
    }
    found
}

/// What stands inside of a word between two letters: `don't`, `jane@example.test`, `AC-100234`, `e-mail`.
fn is_joint(letter: char) -> bool {
    matches!(letter, '\'' | '’' | '@' | '.' | '-' | '_' | ':' | '/' | '+')
}

/// Whether a letter of the same kind stands there.
fn follows(text: &str, at: usize, kind: Kind) -> bool {
    let next = text.get(at..).and_then(|rest| rest.chars().next());
    kind == Kind::Word && next.is_some_and(|letter| kind_of(letter) == Some(Kind::Word) || letter == '/')
}

fn word(surface: &str) -> String {
    if surface.contains("://") || surface.starts_with("www.") {
        return "//".to_owned();
    }
    if surface.contains('@') {
        return "@".to_owned();
    }
    let plain = |letter: char| match letter {
        '’' => '\'',
        letter if letter.is_numeric() => '0',
        '„' | '“' | '”' | '«' | '»' | '「' | '」' => '"',
        '？' => '?',
        '！' => '!',
        letter => letter,
    };
    surface.chars().take(MAX_LETTERS).flat_map(char::to_lowercase).map(plain).collect()
}

fn ends_sentence(letter: char) -> bool {
    matches!(letter, '.' | '!' | '?' | '\n' | ';' | '。' | '！' | '？' | '…')
}

/// What a token that begins with this letter is; none for blanks and for marks that say nothing.
fn kind_of(letter: char) -> Option<Kind> {
    match letter {
        // What is quoted is often what the page said.
        '?' | '!' | '？' | '！' | '"' | '„' | '“' | '”' | '«' | '»' | '「' | '」' => Some(Kind::Sign),
        // Symbols and pictures, without the shades of skin and the joiners.
        '\u{2600}'..='\u{27BF}' | '\u{1F300}'..='\u{1F3FA}' | '\u{1F400}'..='\u{1FAFF}' => Some(Kind::Sign),
        // Hiragana, Katakana, Han; Hangul is written with blanks, but its words carry their grammar with them.
        '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{AC00}'..='\u{D7AF}' => {
            Some(Kind::Run)
        }
        letter if letter.is_alphanumeric() => Some(Kind::Word),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.word).collect()
    }

    #[test]
    fn words_of_any_script() {
        assert_eq!(words("Hi, I can’t get in. AC-100234!"), ["hi", "i", "can't", "get", "in", "ac-000000", "!"]);
        assert_eq!(words("jane@example.test, https://example.test/x?y"), ["@", "//", "?", "y"]);
        assert_eq!(words("パスワードを忘れました。PC"), ["パスワードを忘れました", "pc"]);
        assert_eq!(words("비밀번호를 잊었어요"), ["비밀번호를", "잊었어요"]);
        assert_eq!(words("Ärger… 👍🏻 Не могу"), ["ärger", "👍", "не", "могу"]);
    }

    #[test]
    fn sentences_are_numbered() {
        let numbers: Vec<u32> = tokens("One two. Three\nfour").iter().map(|token| token.sentence).collect();
        assert_eq!(numbers, [0, 0, 1, 2]);
    }
}
