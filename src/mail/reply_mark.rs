//! The marks that mail clients put before a subject when a person answers or forwards.

/// Answer and forward marks, lower case without the colon, as the clients of many languages write them
/// (Outlook's localised ones among them). One that ends in a letter is followed by a colon, maybe with a
/// count: `Re[2]:`, `Re(3):`, `SV :`.
#[rustfmt::skip]
const MARKS: &[&str] = &[
    "re", "fw", "fwd", "aw", "wg", "antw", "antwort", "sv", "vs", "vl", "vb", "vd", "ref", "rif", "i", "inoltra",
    "r", "tr", "rv", "res", "enc", "odp", "pd", "ynt", "ilt", "vá", "továbbítás", "на", "отв", "ha", "fs", "απ",
    "σχετ", "πρθ", "回复", "回覆", "答复", "转发", "轉寄", "返信", "転送", "회신", "전달", "atb", "trs", "bls", "doorst",
    "doorgestuurd", "antwoord", "weitergeleitet", "svar",
];

/// Whether a subject begins with such a mark: then what follows is another mail's subject, and says nothing of
/// who wrote this one.
pub fn is_marked(subject: &str) -> bool {
    let rest = subject.trim_start().to_lowercase();
    let Some(end) = rest.find([':', '：']).filter(|end| *end <= 24) else { return false };
    let word = rest.get(..end).unwrap_or_default();
    let word = word.split(['[', '(', '^']).next().unwrap_or_default().trim_end();
    MARKS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks() {
        for subject in [
            "Re: x",
            "RE:x",
            "Re[2]: x",
            "Re(3): x",
            "AW: x",
            "Antw: x",
            "SV : x",
            "VS: x",
            "回复：x",
            "FW: Undeliverable: x",
        ] {
            assert!(is_marked(subject), "{subject}");
        }
        for subject in
            ["Undeliverable: x", "Automatic reply: x", "Auto: x", "", "Reply: no", "Warnung: x", "12:30 is fine"]
        {
            assert!(!is_marked(subject), "{subject}");
        }
    }
}
