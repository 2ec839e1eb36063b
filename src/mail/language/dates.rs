//! Days and times as each language writes them.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::written::Language;

/// A day, as it stands in a sentence or alone.
pub fn date(day: Date, language: Language) -> String {
    let (number, year) = (day.day(), day.year());
    let month = month(day, language);
    match language {
        Language::De | Language::Fi => format!("{number}.{}.{year}", day.month()),
        Language::En | Language::Sv | Language::Nl | Language::It | Language::Pl => format!("{number} {month} {year}"),
        Language::Da => format!("{number}. {month} {year}"),
        Language::Fr if number == 1 => format!("1er {month} {year}"),
        Language::Fr => format!("{number} {month} {year}"),
        Language::Es | Language::Pt => format!("{number} de {month} de {year}"),
        Language::Ja => format!("{year}年{}月{number}日", day.month()),
    }
}

/// A day with the time in a zone, and the zone's name.
pub fn date_time(at: Timestamp, language: Language, zone: &TimeZone) -> String {
    let at = at.to_zoned(zone.clone());
    let zone = at.strftime("%Z");
    let day = date(at.date(), language);
    let (hour, minute) = (at.hour(), at.minute());
    match language {
        Language::Fi => format!("{day} klo {hour}.{minute:02} {zone}"),
        Language::Sv => format!("{day} kl. {hour:02}:{minute:02} {zone}"),
        Language::Da => format!("{day} kl. {hour:02}.{minute:02} {zone}"),
        Language::Fr => format!("{day} à {hour:02}:{minute:02} {zone}"),
        Language::Ja => format!("{day} {hour}:{minute:02} {zone}"),
        _ => format!("{day}, {hour:02}:{minute:02} {zone}"),
    }
}

/// The month's name in the case that follows a day; empty for languages that write its number.
fn month(day: Date, language: Language) -> &'static str {
    let names = match language {
        Language::En => "January February March April May June July August September October November December",
        Language::Sv => "januari februari mars april maj juni juli augusti september oktober november december",
        Language::Da => "januar februar marts april maj juni juli august september oktober november december",
        Language::Nl => "januari februari maart april mei juni juli augustus september oktober november december",
        Language::Fr => "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        Language::Es => "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        Language::It => "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        Language::Pt => "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        Language::Pl => {
            "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"
        }
        Language::De | Language::Fi | Language::Ja => "",
    };
    let before = usize::try_from(day.month() - 1).unwrap_or_default();
    names.split(' ').nth(before).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_each_language_writes_them() {
        let at: Timestamp = "2026-03-01T09:05:00Z".parse().unwrap();
        let table = [
            (Language::En, "1 March 2026, 09:05 UTC"),
            (Language::De, "1.3.2026, 09:05 UTC"),
            (Language::Fi, "1.3.2026 klo 9.05 UTC"),
            (Language::Sv, "1 mars 2026 kl. 09:05 UTC"),
            (Language::Da, "1. marts 2026 kl. 09.05 UTC"),
            (Language::Nl, "1 maart 2026, 09:05 UTC"),
            (Language::Fr, "1er mars 2026 à 09:05 UTC"),
            (Language::Es, "1 de marzo de 2026, 09:05 UTC"),
            (Language::It, "1 marzo 2026, 09:05 UTC"),
            (Language::Pt, "1 de março de 2026, 09:05 UTC"),
            (Language::Pl, "1 marca 2026, 09:05 UTC"),
            (Language::Ja, "2026年3月1日 9:05 UTC"),
        ];
        for (language, expected) in table {
            assert_eq!(date_time(at, language, &TimeZone::UTC), expected);
        }
        assert_eq!(table.map(|(language, _)| language), Language::ALL);
    }

    #[test]
    fn every_month_has_a_name() {
        for language in Language::ALL {
            let days = (1..=12).map(|month| date(Date::constant(2026, month, 23), language));
            let shown: std::collections::BTreeSet<String> = days.collect();
            assert_eq!(shown.len(), 12, "{shown:?}");
        }
    }
}
