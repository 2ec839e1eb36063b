//! Days, as people write them in the languages of customers.

use jiff::civil::Date;

use crate::desk::form::read::days;
use crate::desk::form::read::months::month;
use crate::desk::form::read::reason::Reason;
use crate::desk::form::read::vocabulary::key;

/// Languages in which a day stands before its month.
const DAY_FIRST: &[&str] = &["de", "fi", "fr", "es", "it", "nl", "pt", "pl", "da", "nb", "nn", "no", "sv"];

/// A day as ISO 8601 writes it. `language` decides between `1/2/2027` in January and in February; English does not.
pub(super) fn read(typed: &str, future: bool, today: Date, language: Option<&str>) -> Result<String, Reason> {
    let typed = typed.trim_end_matches(['.', ',', '!', '|', ' ']);
    let found = match named(typed) {
        Some(date) => date,
        None => numbers(typed, language).or_else(|why| among_words(typed, language).ok_or(why))?,
    };
    if future && found < today {
        return Err(Reason::Past);
    }
    if !future && found > today {
        return Err(Reason::Future);
    }
    Ok(found.to_string())
}

/// The one day in a text with words around it: `upto 15 January 2028`.
fn among_words(typed: &str, language: Option<&str>) -> Option<Date> {
    let all = days::all(typed);
    let [only] = all.as_slice() else { return None };
    only.text.parse().ok().or_else(|| numbers(&only.text, language).ok())
}

fn date(year: i32, month: i32, day: i32) -> Option<Date> {
    let year = if (0..100).contains(&year) { year + 2000 } else { year };
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The numbers of a text; `None` when one is too large to be part of a date.
fn parts(typed: &str) -> Option<Vec<i32>> {
    let digits = typed.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    digits.map(|part| part.parse().ok().filter(|_| part.len() <= 4)).collect()
}

/// `31 December 2027`, `December 31st, 2027`, `31. joulukuuta 2026`
fn named(typed: &str) -> Option<Date> {
    let words = typed.split(|c: char| !c.is_alphabetic()).map(key).filter(|word| word.chars().count() >= 3);
    let mut months: Vec<i32> = words.filter_map(|word| month(&word)).collect();
    months.dedup();
    let numbers = parts(typed)?;
    let ([month], [one, other]) = (months.as_slice(), numbers.as_slice()) else { return None };
    match (*one > 31, *other > 31) {
        (false, true) => date(*other, *month, *one),
        (true, false) => date(*one, *month, *other),
        _ => None,
    }
}

/// `2027-12-31`, `31.12.2027`, `31/12/2027`, `12/31/2027`
fn numbers(typed: &str, language: Option<&str>) -> Result<Date, Reason> {
    let parts = parts(typed).ok_or(Reason::NoDate)?;
    let [one, two, three] = parts.as_slice() else { return Err(Reason::NoDate) };
    let (one, two, three) = (*one, *two, *three);
    if typed.chars().any(char::is_alphabetic) {
        return Err(Reason::NoDate);
    }
    if one > 31 {
        return date(one, two, three).ok_or(Reason::NoDate);
    }
    let day_first = typed.contains('.') || language.is_some_and(|code| DAY_FIRST.contains(&code));
    match (date(three, two, one), date(three, one, two)) {
        (Some(date), Some(other)) if date == other || day_first => Ok(date),
        (Some(_), Some(_)) => Err(Reason::EitherDay),
        (Some(date), None) => Ok(date),
        (None, Some(date)) if !typed.contains('.') => Ok(date),
        _ => Err(Reason::NoDate),
    }
}
