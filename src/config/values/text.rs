//! Any text.

/// Any text that says something.
pub(in crate::config) fn text(written: &str) -> Result<String, &'static str> {
    let trimmed = written.trim();
    if trimmed.is_empty() {
        return Err("is empty");
    }
    if trimmed.chars().any(char::is_control) {
        return Err("holds control characters");
    }
    Ok(trimmed.to_owned())
}
