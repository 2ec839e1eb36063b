//! Message-IDs (RFC 5322 §3.6.4), always without angle brackets.

/// The ids in a `Message-ID`, `In-Reply-To` or `References` value, in order, each once.
pub fn list(value: &str) -> Vec<String> {
    let mut ids = Vec::new();
    for token in value.split(|c: char| c.is_whitespace() || c == '<' || c == '>' || c == ',') {
        if !token.is_empty() && token.contains('@') && !ids.iter().any(|id| id == token) {
            ids.push(token.to_owned());
        }
    }
    ids
}
