//! Subjects: the case IDs in them and the words around them.

/// Every case number `[PREFIX-n]` in a subject, in order, each once. Brackets are required: a bare
/// `CASE-7` may be anybody's.
pub fn case_numbers(subject: &str, prefix: &str) -> Vec<i64> {
    let mut found = Vec::new();
    for piece in subject.split('[').skip(1) {
        let number = piece
            .split_once(']')
            .and_then(|(tag, _)| tag.trim().split_once('-'))
            .filter(|(word, _)| word.eq_ignore_ascii_case(prefix))
            .and_then(|(_, number)| number.parse::<i64>().ok());
        if let Some(number) = number.filter(|n| *n > 0 && !found.contains(n)) {
            found.push(number);
        }
    }
    found
}
