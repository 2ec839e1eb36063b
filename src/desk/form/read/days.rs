//! Days in sentences: `30 septembre 2027`, `until the end of March 2027`, `2027年9月30日`.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::months::month;
use super::vocabulary::key;

/// A day that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Day {
    /// `2027-09-30`, or as written where that must be asked.
    pub(super) text: String,
    /// Where it begins.
    at: usize,
}

fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

/// `2027-09-30`, `2027/9/30`, `2027. 9. 30.`
static YEAR_FIRST: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?:^|[^\d.\-])(20\d\d)\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})(?:[^\d]|$)"));
/// `2027年9月30日`, `令和9年9月末`
static COUNTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?:(20\d\d)|令和\s?(\d{1,2}))\s?[年년]\s?(\d{1,2})\s?[月월]\s?(?:(\d{1,2})\s?[日일号號]|(末|底|말))?")
});
/// `30.9.2027`, `3/4/27`
static NUMBERS: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?:^|[^\d./\-])(\d{1,2}\s?[./\-]\s?\d{1,2}\s?[./\-]\s?(?:20)?\d\d)(?:[^\d]|$)"));
/// `30 de septiembre de 2027`, `31st of December, 2027`
static DAY_FIRST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?:^|[^\d])(\d{1,2})(?:\.|st|nd|rd|th|er|º|ª|°|:e)?\s?(?:de |of |di |den |d')?\s?([\p{L}]{3,14})\.?,?\s?(?:de |del |of |di |r\.? ?)?'?(20\d\d)",
    )
});
/// `September 30, 2027`
static MONTH_FIRST: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"([\p{L}]{3,14})\.?\s(\d{1,2})(?:st|nd|rd|th)?,?\s(20\d\d)"));
/// `the end of March 2027`, `maaliskuun loppuun 2027`
static MONTH_ALONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"([\p{L}]+\s+(?:[\p{L}']+\s+){0,2})?([\p{L}]{3,14})\.?,?\s(?:de |del |of |di |af |av )?(loppuun |loppu |lopussa )?(20\d\d)(\s[\p{L}]+)?",
    )
});
/// `the end of 2027`, `2027年末`
static YEAR_ALONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?:^|[^\p{L}\d.\-/])((?:[\p{L}']+\s+){1,3})?(20\d\d)\s?(年末|年底|년 말|년말|[\p{L}]+)?")
});

/// Words for the last day of a month or of a year, as `key` writes them.
const ENDS: &[&str] = &[
    "end",
    "ende",
    "loppu",
    "loppuun",
    "lopussa",
    "sista",
    "slutet",
    "utgangen",
    "fin",
    "finales",
    "final",
    "fine",
    "fim",
    "eind",
    "einde",
    "koniec",
    "konca",
    "koncu",
    "konec",
    "konce",
    "slutningen",
    "udgangen",
    "slutten",
    "utgangen",
    "sidste",
    "siste",
    "letzten",
    "ultimo",
    "last",
    "dernier",
    "laatste",
    "ostatniego",
    "年末",
    "年底",
    "konca",
    "конца",
    "конец",
    "sonu",
    "sonuna",
    "кінця",
    "кінець",
    "년말",
    "년 말",
];

/// Every day in a text, in order, each once; one that may be two, and a month without a day, as written.
pub(super) fn all(text: &str) -> Vec<Day> {
    let mut found: Vec<(usize, usize, String)> = Vec::new();
    let mut add = |start: usize, end: usize, text: String| {
        if !found.iter().any(|(from, to, _)| start < *to && *from < end) {
            found.push((start, end, text));
        }
    };
    for (start, end, text) in whole(text).into_iter().chain(by_month(text)).chain(by_year(text)) {
        add(start, end, text);
    }
    found.sort();
    found.into_iter().map(|(at, _, text)| Day { text, at }).collect()
}

type Span = (usize, usize, String);

/// Days that are written with day, month and year.
fn whole(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let number = |text: Option<regex::Match<'_>>| text.and_then(|text| text.as_str().parse::<i16>().ok());
    for hit in YEAR_FIRST.iter().flat_map(|pattern| pattern.captures_iter(text)) {
        found.extend(hit.get(1).and_then(|year| {
            span(year.start(), &hit, day(number(hit.get(1)), number(hit.get(2)), number(hit.get(3))))
        }));
    }
    for hit in COUNTED.iter().flat_map(|pattern| pattern.captures_iter(text)) {
        let year = number(hit.get(1)).or(number(hit.get(2)).map(|year| year + 2018));
        let month = number(hit.get(3));
        let date = match hit.get(5) {
            Some(_) => last_of(year, month),
            None => day(year, month, number(hit.get(4))),
        };
        let whole = hit.get(0);
        match (date, whole) {
            (Some(date), Some(whole)) => found.push((whole.start(), whole.end(), date.to_string())),
            (None, Some(whole)) => found.push((whole.start(), whole.end(), whole.as_str().to_owned())),
            _ => {}
        }
    }
    for hit in NUMBERS.iter().flat_map(|pattern| pattern.captures_iter(text)).filter_map(|hit| hit.get(1)) {
        found.push((hit.start(), hit.end(), hit.as_str().chars().filter(|c| !c.is_whitespace()).collect()));
    }
    let named = |pattern: &LazyLock<Option<Regex>>, day_at: usize, month_at: usize| -> Vec<Span> {
        let hits = pattern.iter().flat_map(|pattern| pattern.captures_iter(text));
        hits.filter_map(|hit| {
            let month = hit.get(month_at).and_then(|word| month(&key(word.as_str())));
            let start = hit.get(day_at.min(month_at))?.start();
            span(
                start,
                &hit,
                day(number(hit.get(3)), month.and_then(|month| i16::try_from(month).ok()), number(hit.get(day_at))),
            )
        })
        .collect()
    };
    found.extend(named(&DAY_FIRST, 1, 2));
    found.extend(named(&MONTH_FIRST, 2, 1));
    found
}

fn span(start: usize, hit: &regex::Captures<'_>, date: Option<Date>) -> Option<Span> {
    let end = hit.get(3)?.end();
    date.map(|date| (start, end, date.to_string()))
}

fn day(year: Option<i16>, month: Option<i16>, day: Option<i16>) -> Option<Date> {
    Date::new(year?, i8::try_from(month?).ok()?, i8::try_from(day?).ok()?).ok()
}

fn last_of(year: Option<i16>, month: Option<i16>) -> Option<Date> {
    day(year, month, Some(1)).map(Date::last_of_month)
}

/// A month and a year: their last day behind a word for the end, else as written.
fn by_month(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    for hit in MONTH_ALONE.iter().flat_map(|pattern| pattern.captures_iter(text)) {
        let Some(word) = hit.get(2) else { continue };
        // `joulukuun loppu 2027`: the end stands behind its month.
        let behind = hit
            .get(1)
            .and_then(|words| words.as_str().split_whitespace().next_back())
            .filter(|_| says_end(word.as_str()));
        if let Some(month) = behind.and_then(|word| month(&key(word))).and_then(|month| i16::try_from(month).ok())
            && let Some(year) = hit.get(4)
            && let Some(date) = last_of(year.as_str().parse().ok(), Some(month))
        {
            found.push((word.start(), year.end(), date.to_string()));
            continue;
        }
        let Some(month) = month(&key(word.as_str())).and_then(|month| i16::try_from(month).ok()) else { continue };
        let Some(year) = hit.get(4) else { continue };
        let written = text.get(word.start()..year.end()).unwrap_or_default();
        let date = last_of(year.as_str().parse().ok(), Some(month)).filter(|_| {
            hit.get(3).is_some() || [hit.get(1), hit.get(5)].into_iter().flatten().any(|words| says_end(words.as_str()))
        });
        found.push((word.start(), year.end(), date.map_or(written.to_owned(), |date| date.to_string())));
    }
    found
}

/// The last day of a year behind a word for the end.
fn by_year(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    for hit in YEAR_ALONE.iter().flat_map(|pattern| pattern.captures_iter(text)) {
        let Some(year) = hit.get(2) else { continue };
        let told = [hit.get(1), hit.get(3)].into_iter().flatten().any(|words| says_end(words.as_str()));
        // `2027-06`, `2027/6`
        let longer = text.get(year.end()..).is_some_and(|rest| {
            rest.starts_with(['-', '/', '.']) && rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit())
        });
        let date = day(year.as_str().parse().ok(), Some(12), Some(31)).filter(|_| told && !longer);
        found.extend(date.map(|date| (year.start(), year.end(), date.to_string())));
    }
    found
}

fn says_end(words: &str) -> bool {
    words.split_whitespace().any(|word| ENDS.contains(&key(word).as_str())) || ENDS.contains(&words.trim())
}

/// How words begin that say until when something holds, as `key` writes them.
const UNTIL: &[&str] = &[
    "valid",
    "expir",
    "until",
    "till",
    "upto",
    "upon",
    "bis",
    "gultig",
    "ablauf",
    "lauft",
    "asti",
    "saakka",
    "voimassa",
    "giltig",
    "utgar",
    "galler",
    "jusqu",
    "valab",
    "echeance",
    "expire",
    "hasta",
    "caduc",
    "vence",
    "vigen",
    "fino",
    "scad",
    "tot",
    "geldig",
    "verval",
    "ate",
    "validade",
    "wazn",
    "do",
    "plat",
    "gaelder",
    "gyldig",
    "udlob",
    "utlop",
    "gjeld",
    "有効",
    "期限",
    "まで",
    "有效",
    "到期",
    "유효",
    "만료",
    "까지",
    "действ",
    "до",
    "срок",
    "дійсн",
    "gecerli",
    "kadar",
    "licen",
    "lisen",
];

impl Day {
    /// Whether a word beside it says that something holds until then.
    pub(super) fn is_an_end(&self, text: &str) -> bool {
        let before = text.get(..self.at).unwrap_or_default();
        let near: Vec<&str> = before
            .split(['\n', '.', '!', '?'])
            .next_back()
            .unwrap_or_default()
            .split_whitespace()
            .rev()
            .take(5)
            .collect();
        let after = text.get(self.at..).unwrap_or_default().split_whitespace().skip(1).take(3);
        near.into_iter().chain(after).map(key).any(|word| UNTIL.iter().any(|stem| word.starts_with(stem)))
    }
}
