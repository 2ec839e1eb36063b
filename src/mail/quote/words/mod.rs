//! The words of many languages, kept as text beside the code that uses them.
//!
//! Each line is `languages: word, word, …`; `#` starts a comment and `[name]` a section.

/// Every word of a list, in order, with the section and the label of its line.
pub(in crate::mail) fn of(list: &'static str) -> impl Iterator<Item = Word> {
    let mut section = "";
    list.lines()
        .filter_map(move |line| {
            if line.starts_with('#') {
                return None;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = name;
                return None;
            }
            line.split_once(':').map(|(label, words)| (section, label, words))
        })
        .flat_map(|(section, label, words)| {
            words.split(',').map(move |word| Word { section, label, text: word.trim() })
        })
}

/// One word of a list.
#[derive(Debug, Clone, Copy)]
pub(in crate::mail) struct Word {
    pub(in crate::mail) section: &'static str,
    pub(in crate::mail) label: &'static str,
    pub(in crate::mail) text: &'static str,
}

/// The words as alternatives of a regular expression, longer ones first: the first that fits is taken.
pub(in crate::mail) fn alternatives<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut words: Vec<&str> = words.collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.into_iter().map(regex::escape).collect::<Vec<_>>().join("|")
}
