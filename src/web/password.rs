//! Whether a new password is good enough.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use data_encoding::HEXUPPER;
use secrecy::{ExposeSecret, SecretString};
use sha1::{Digest, Sha1};

use super::pages::Word;
use super::site::Web;

/// Characters without which no password is taken, however odd.
const LEAST: usize = 8;
/// Characters from which on it need not be a riddle.
const LONG: usize = 12;
/// Characters beyond which nobody types; bounds the time that judging takes.
const MOST: usize = 200;

/// What is wrong with a new password, or nothing. `words` are those that everybody who knows the person would try.
pub(super) async fn judge(web: &Web, password: &SecretString, words: &[String]) -> anyhow::Result<Option<Word>> {
    let chars = password.expose_secret().chars().count();
    if chars < LEAST {
        return Ok(Some(Word::PasswordShort));
    }
    if chars > MOST {
        return Ok(Some(Word::PasswordLong));
    }
    let (secret, words) = (password.clone(), words.to_vec());
    let breached = web.settings().breached_passwords.clone();
    tokio::task::spawn_blocking(move || {
        let words = known_words(&words);
        let enough = if chars < LONG { zxcvbn::Score::Four } else { zxcvbn::Score::Three };
        let words_of: Vec<&str> = words.iter().map(String::as_str).collect();
        let score = |password: &str| zxcvbn::zxcvbn(password, &words_of).score();
        // What everybody would try makes no password longer.
        if score(secret.expose_secret()).min(score(&without(secret.expose_secret(), &words))) < enough {
            return Ok(Some(Word::PasswordWeak));
        }
        match breached {
            Some(list) if is_breached(&list, secret.expose_secret())? => Ok(Some(Word::PasswordBreached)),
            _ => Ok(None),
        }
    })
    .await?
}

/// Letters of the shortest word that counts as one.
const LEAST_WORD: usize = 3;

/// The words that everybody would try: each name in its parts and in one, as they are typed.
fn known_words(names: &[String]) -> Vec<String> {
    let mut words = BTreeSet::new();
    for name in names {
        let typed: Vec<char> = name.chars().map(plain).collect();
        let parts = typed.split(|letter| !letter.is_alphanumeric());
        let whole: String = typed.iter().filter(|letter| letter.is_alphanumeric()).collect();
        words.extend(parts.map(|part| part.iter().collect()).chain([whole]));
    }
    words.retain(|word: &String| word.chars().count() >= LEAST_WORD);
    let mut words: Vec<String> = words.into_iter().collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words
}

/// A letter as it is typed where it is not on the keyboard, or to look clever: `ä` is `a`, `4` as well.
fn plain(letter: char) -> char {
    match letter.to_lowercase().next().unwrap_or(letter) {
        'ä' | 'á' | 'à' | 'â' | 'ã' | 'å' | '4' | '@' => 'a',
        'é' | 'è' | 'ê' | 'ë' | '3' | '€' => 'e',
        'í' | 'ì' | 'î' | 'ï' | '1' | '!' => 'i',
        'ö' | 'ó' | 'ò' | 'ô' | 'õ' | 'ø' | '0' => 'o',
        'ü' | 'ú' | 'ù' | 'û' => 'u',
        'ß' | '5' | '$' => 's',
        'ñ' => 'n',
        'ç' => 'c',
        '7' => 't',
        other => other,
    }
}

/// A password without these words, forwards or backwards; `words` are as [`known_words`] makes them.
fn without(password: &str, words: &[String]) -> String {
    let letters: Vec<char> = password.chars().collect();
    let typed: Vec<char> = letters.iter().copied().map(plain).collect();
    let mut left = vec![true; letters.len()];
    for word in words {
        let forwards: Vec<char> = word.chars().collect();
        let backwards: Vec<char> = word.chars().rev().collect();
        for (at, window) in typed.windows(forwards.len()).enumerate() {
            if window == forwards || window == backwards {
                left.iter_mut().skip(at).take(forwards.len()).for_each(|left| *left = false);
            }
        }
    }
    letters.into_iter().zip(left).filter_map(|(letter, left)| left.then_some(letter)).collect()
}

/// Octets read around a place in the list: several of its lines, and the longest.
const WINDOW: u64 = 256;

/// Whether the SHA-1 of a password stands in a sorted list of `HASH` or `HASH:COUNT` lines: a binary search in the file.
fn is_breached(list: &Path, password: &str) -> anyhow::Result<bool> {
    let wanted = HEXUPPER.encode(&Sha1::digest(password.as_bytes()));
    let mut file = File::open(list)?;
    let (mut low, mut high) = (0, file.metadata()?.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let Some((start, line)) = line_at(&mut file, middle)? else { return Ok(false) };
        let hash = line.split(':').next().unwrap_or_default().trim().to_ascii_uppercase();
        match wanted.cmp(&hash) {
            std::cmp::Ordering::Equal => return Ok(true),
            std::cmp::Ordering::Less => high = start,
            std::cmp::Ordering::Greater => low = start + line.len() as u64 + 1,
        }
    }
    Ok(false)
}

/// The line that the octet at `place` belongs to, and where it begins.
fn line_at(file: &mut File, place: u64) -> std::io::Result<Option<(u64, String)>> {
    let from = place.saturating_sub(WINDOW);
    file.seek(SeekFrom::Start(from))?;
    let mut octets = Vec::new();
    file.take(2 * WINDOW).read_to_end(&mut octets)?;
    let at = usize::try_from(place - from).unwrap_or_default();
    let Some((before, behind)) = octets.split_at_checked(at) else { return Ok(None) };
    let head = before.iter().rev().take_while(|octet| **octet != b'\n').count();
    let tail = behind.iter().take_while(|octet| **octet != b'\n').count();
    let line = octets.get(at - head..at + tail).unwrap_or_default();
    Ok(Some((place - head as u64, String::from_utf8_lossy(line).into_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_companies_make_no_password_longer() {
        let names = ["anna", "customer", "test", "Example Support", "Anna", "Schmidt", "Customer Oy", "Meikäläinen"];
        let words = known_words(&names.map(str::to_owned));
        for (password, left) in [
            ("anna2026schmidt", "2026"),
            ("customeroy2026!", "2026!"),
            ("AnnaSchmidt1", "1"),
            ("examplesupport1", "1"),
            ("anna.schmidt.26", "..26"),
            ("customer2026customer", "2026"),
            ("4nn4-5chm1dt", "-"),
            ("tdimhcs meikalainen", " "),
            ("Customer-Oy", "-Oy"),
            ("correct-horse-battery", "correct-horse-battery"),
        ] {
            assert_eq!(without(password, &words), left, "{password}");
        }
    }

    #[test]
    fn every_listed_password_is_found_and_no_other() {
        let passwords: Vec<String> = (0..500).map(|n| format!("password {n}")).collect();
        let mut lines: Vec<String> =
            passwords.iter().map(|word| HEXUPPER.encode(&Sha1::digest(word.as_bytes()))).collect();
        lines.sort();
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("list.txt");
        for (end, count) in [("\n", ":3"), ("\r\n", ":12345"), ("\n", "")] {
            let text: String = lines.iter().map(|line| format!("{line}{count}{end}")).collect();
            std::fs::write(&list, &text).unwrap();
            assert!(passwords.iter().all(|word| is_breached(&list, word).unwrap()));
            assert!((500..700).all(|n| !is_breached(&list, &format!("password {n}")).unwrap()));
            std::fs::write(&list, text.trim_end()).unwrap();
            assert!(passwords.iter().all(|word| is_breached(&list, word).unwrap()));
        }
        std::fs::write(&list, "").unwrap();
        assert!(!is_breached(&list, "password 1").unwrap());
        std::fs::write(&list, "no list at all").unwrap();
        assert!(!is_breached(&list, "password 1").unwrap());
        assert!(is_breached(&folder.path().join("gone"), "x").is_err());
    }
}
