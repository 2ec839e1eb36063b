//! Names in display names and signatures of who writes.

use std::sync::LazyLock;

use regex::Regex;

use super::check::name::without_titles;
use super::east;
use super::named::Local;
use super::roles::{is_of_a_role, is_person, is_role};
use super::script::Script;
use super::vocabulary::{Target, halves, key};
use crate::config::form::Form;
use crate::mail::Address;

/// The person in a display name: without titles, companies, brackets.
pub(super) fn display_name(address: &Address) -> Option<String> {
    let bare = without_brackets(&address.name);
    let name = bare
        .split(['|', '/', '·', '•', '–', '—'])
        .next()
        .unwrap_or_default()
        .split(" - ")
        .next()
        .unwrap_or_default()
        .trim();
    let local = Local::of(&address.email);
    let fits = |part: &str| part.split_whitespace().any(|word| local.holds(word) || east::is_eastern(word));
    if let Some((one, two)) = name.split_once(',') {
        let (one, two) = (one.trim(), two.split(',').next().unwrap_or_default().trim());
        let several = |part: &str| without_titles(part).split_whitespace().count() > 1;
        // `Landratsamt Ostrachtal, Birgit Öttl`
        for part in [two, one] {
            // `García López, María` is left to the address.
            let behind = is_person(two)
                || (1..=2).contains(&two.split_whitespace().count()) && two.split_whitespace().all(is_name_word);
            if several(part) && fits(part) && is_person(&without_titles(part)) && (part == two || !behind) {
                return Some(without_titles(part));
            }
        }
        // `Pfarrbüro, Marlene Schorr <pfarrbuero@…>`, `Obsthof Quast, Heinrich <…@obsthof-quast…>`: what stands first may be where
        // somebody works.
        let place = key(&address.email);
        let is_place = one.split_whitespace().all(|word| local.holds(word) || place.contains(&key(word)));
        if is_place && (several(one) || several(two) && local.is(one)) || one.split_whitespace().any(is_of_a_role) {
            return None;
        }
        let (last, first) = (without_titles(one), without_titles(two));
        let fine = |part: &str| {
            (1..=3).contains(&part.split_whitespace().count()) && part.split_whitespace().all(is_name_word)
        };
        return (fits(name) && fine(&last) && fine(&first)).then(|| format!("{last}, {first}"));
    }
    let name = without_titles(name);
    if east::is_eastern(&name) {
        return eastern(&name);
    }
    // `lic. iur. Nadine Wyss`: abbreviations before a name are titles.
    let words: Vec<&str> = name.split_whitespace().collect();
    let titles = words.iter().take_while(|word| word.ends_with('.') && word.chars().count() > 2).count();
    let name = if words.len() > titles + 1 {
        words.iter().skip(titles).copied().collect::<Vec<_>>().join(" ")
    } else {
        name.clone()
    };
    let words: Vec<&str> = name.split_whitespace().collect();
    match words.as_slice() {
        [] => None,
        [only] => {
            (is_name_word(only) && !only.contains('.') && local.holds(only) && !is_role(address)).then(|| name.clone())
        }
        _ => {
            let domain = key(address.email.split('@').nth(1).unwrap_or_default());
            let of_firm = words.iter().any(|word| word.chars().count() > 3 && domain.contains(&key(word)));
            let fine = words.len() <= 5
                && words.iter().all(|word| is_name_word(word))
                && words.iter().filter(|word| word.chars().count() > 1).count() > 1;
            (fine && (fits(&name) || !of_firm)).then_some(name)
        }
    }
}

/// A display name in ideographs: behind a company's, where that stands before it.
fn eastern(name: &str) -> Option<String> {
    let parts: Vec<&str> = name.split_whitespace().collect();
    let firm = |part: &str| part.chars().count() > 3 || part.contains("株式会社");
    if parts.last().is_some_and(|last| last.ends_with(OFFICES) || east::is_word(last)) {
        return None;
    }
    // `民宿 浜木綿`: an inn.
    if parts.len() == 2 && parts.first().is_some_and(|one| east::is_word(one)) {
        return None;
    }
    match parts.as_slice() {
        [only] => {
            (!firm(only) || east::split(only).is_some_and(|_| only.chars().count() <= 5)).then(|| (*only).to_owned())
        }
        [one, two] if firm(one) => Some((*two).to_owned()),
        [one, two] => Some(format!("{one} {two}")),
        [.., family, given] => Some(format!("{family} {given}")),
        [] => None,
    }
}

/// How names of departments and firms end.
const OFFICES: &[char] = &[
    '部', '課', '室', '係', '店', '社', '院', '校', '所', '局', '署', '団', '会', '庁', '処', '科', '司', '館', '園',
    '부', '팀', '과', '청', '실',
];

/// How a writer in such a script says who they are: `…の西村あかりと申します`, signed by the whole name alone on a line.
pub(super) fn eastern_name(script: &Script) -> Option<String> {
    let shown = script.from.as_ref().map(|from| from.name.trim().to_owned()).unwrap_or_default();
    let families: Vec<&str> = shown.split_whitespace().collect();
    let family = families.last().copied().filter(|word| east::is_eastern(word)).unwrap_or_default();
    if families.len() == 1 && east::split(family).is_some() && family.chars().count() > 2
        || families.len() > 1
            && families.iter().all(|word| east::is_eastern(word))
            && display_name(script.from.as_ref()?).is_some_and(|name| name.contains(' '))
    {
        return None;
    }
    let lines: Vec<&str> = script.own().chain(script.signature.iter().map(String::as_str)).collect();
    let clean = |line: &&str| line.trim().trim_matches(['-', '─', '―', '=', '*']).trim().to_owned();
    let signed = lines.iter().rev().take(8).map(clean).find(|line| {
        let tail = line.split_whitespace().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect::<String>();
        east::is_eastern(&tail)
            && !family.is_empty()
            && tail.contains(family)
            && tail.chars().count() > family.chars().count()
            && tail.chars().count() <= 6
    });
    if let Some(line) = signed {
        let words: Vec<&str> = line.split_whitespace().collect();
        let tail: Vec<&str> = words.iter().rev().take(2).rev().copied().collect();
        return Some(tail.join(" "));
    }
    INTRODUCED.as_ref()?.captures_iter(&lines.join("\n")).find_map(|hit| {
        let name = hit.get(1)?.as_str();
        let name = name.rsplit('の').next().unwrap_or(name);
        let own = family.is_empty() || name.contains(family);
        (own && east::split(name).is_some() && !east::is_word(name) && name.chars().count() >= 3)
            .then(|| name.to_owned())
    })
}

static INTRODUCED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:の|、|。|^|\n|我叫|我是|课|科)([\p{Han}々]{1,3}[ 　]?[\p{Han}\p{Hiragana}\p{Katakana}ー々]{1,4}?)(?:と申します|といいます|と言います|です|でございます|で登録|，|,|。|！|!|$)").ok()
});

/// The half of a whole name that one word alone is: a first name, or in scripts that put it first the family name.
pub(super) fn half(word: &str, form: &Form) -> Option<Target> {
    let (first, last) = halves(form)?;
    Some(if east::is_eastern(word) && !east::is_kana(word) { last } else { first })
}

fn is_name_word(word: &str) -> bool {
    let letters = word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '-' | '.' | '’' | 'ª' | 'º'));
    letters && word.chars().any(char::is_alphabetic) && !is_of_a_role(word)
}

fn without_brackets(text: &str) -> String {
    let mut depth = 0u32;
    let kept = text.chars().filter(|c| match c {
        '(' | '[' | '<' | '（' => {
            depth += 1;
            false
        }
        ')' | ']' | '>' | '）' => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => depth == 0,
    });
    kept.collect()
}
