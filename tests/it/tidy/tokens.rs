//! Rust cut into words and signs, far enough to find the paths in it.

/// A word, or a sign of one character, and the line it stands on (the first is 1). Literals and comments are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub text: String,
    pub line: usize,
}

impl Token {
    pub fn is(&self, text: &str) -> bool {
        self.text == text
    }

    pub fn is_word(&self) -> bool {
        self.text.starts_with(|c: char| c.is_alphabetic() || c == '_')
    }
}

/// The tokens of `code`.
pub fn tokens(code: &str) -> Vec<Token> {
    let letters: Vec<char> = code.chars().collect();
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < letters.len() {
        let start = at;
        at = match letters[at] {
            '/' if letters.get(at + 1) == Some(&'/') => line_end(&letters, at),
            '/' if letters.get(at + 1) == Some(&'*') => comment_end(&letters, at),
            '"' => string_end(&letters, at),
            '\'' => quote_end(&letters, at),
            c if c.is_alphanumeric() || c == '_' => {
                let end = at + letters[at..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').count();
                let word: String = letters[at..end].iter().collect();
                match raw_end(&letters, &word, end) {
                    Some(end) => end,
                    None => {
                        found.push(Token { text: word, line });
                        end
                    }
                }
            }
            c if c.is_whitespace() => at + 1,
            c => {
                found.push(Token { text: c.to_string(), line });
                at + 1
            }
        };
        line += letters[start..at].iter().filter(|c| **c == '\n').count();
    }
    found
}

/// The texts in quotes that `code` has, as they stand there.
pub fn string_literals(code: &str) -> Vec<String> {
    let letters: Vec<char> = code.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        at = match letters[at] {
            '/' if letters.get(at + 1) == Some(&'/') => line_end(&letters, at),
            '"' => {
                let end = string_end(&letters, at);
                found.push(letters[at..end].iter().collect());
                end
            }
            '\'' => quote_end(&letters, at),
            _ => at + 1,
        };
    }
    found
}

fn line_end(letters: &[char], at: usize) -> usize {
    letters[at..].iter().position(|c| *c == '\n').map_or(letters.len(), |length| at + length)
}

/// Behind a comment, and those in it.
fn comment_end(letters: &[char], mut at: usize) -> usize {
    let mut depth = 0;
    while at < letters.len() {
        match (letters[at], letters.get(at + 1)) {
            ('/', Some('*')) => {
                depth += 1;
                at += 2;
            }
            ('*', Some('/')) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    break;
                }
            }
            _ => at += 1,
        }
    }
    at
}

fn string_end(letters: &[char], mut at: usize) -> usize {
    at += 1;
    while at < letters.len() && letters[at] != '"' {
        at += if letters[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(letters.len())
}

/// Behind a character, or the mark of a lifetime.
fn quote_end(letters: &[char], at: usize) -> usize {
    if letters.get(at + 1) == Some(&'\\') {
        // The escaped character itself may be a quote.
        return letters[at + 3..].iter().position(|c| *c == '\'').map_or(letters.len(), |length| at + 3 + length + 1);
    }
    if letters.get(at + 2) == Some(&'\'') { at + 3 } else { at + 1 }
}

/// Behind the raw string that begins with `word`.
fn raw_end(letters: &[char], word: &str, end: usize) -> Option<usize> {
    if !matches!(word, "r" | "br") {
        return None;
    }
    let hashes = letters[end..].iter().take_while(|c| **c == '#').count();
    if letters.get(end + hashes) != Some(&'"') {
        return None;
    }
    let mut at = end + hashes + 1;
    while at < letters.len() {
        if letters[at] == '"' && letters[at + 1..].iter().take_while(|c| **c == '#').count() >= hashes {
            return Some(at + 1 + hashes);
        }
        at += 1;
    }
    Some(at)
}

/// The tokens without what is compiled for tests alone.
pub fn shipped(tokens: &[Token]) -> Vec<Token> {
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if texts(&tokens[at..], &["#", "[", "cfg", "(", "test", ")", "]"]) {
            at = item_end(tokens, at);
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

/// Whether `tokens` begin with `texts`.
pub fn texts(tokens: &[Token], texts: &[&str]) -> bool {
    tokens.len() >= texts.len() && tokens.iter().zip(texts).all(|(token, text)| token.is(text))
}

/// Behind the item that begins at `at`, with its attributes.
fn item_end(tokens: &[Token], mut at: usize) -> usize {
    while at < tokens.len() && tokens[at].is("#") {
        at = group_end(tokens, at + 1);
    }
    let is_use = tokens[at..].iter().take(4).any(|token| token.is("use"));
    while at < tokens.len() {
        match tokens[at].text.as_str() {
            ";" => return at + 1,
            "{" if !is_use => return group_end(tokens, at),
            "{" | "(" | "[" => at = group_end(tokens, at),
            _ => at += 1,
        }
    }
    at
}

/// Behind the brackets that open at `at`.
pub fn group_end(tokens: &[Token], mut at: usize) -> usize {
    let mut depth = 0;
    while at < tokens.len() {
        match tokens[at].text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            break;
        }
    }
    at
}
