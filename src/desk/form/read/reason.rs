//! Why a text cannot be a field's value, in words that follow it.

use serde::{Deserialize, Serialize};

use crate::mail::language::Language;

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nothing was written.
    Empty,
    /// More characters than these.
    TooLong(usize),
    /// Not as the field's pattern wants it; with an example, where the field has one.
    Shape(String),
    /// Too few or too many items.
    Items {
        /// So many.
        count: u32,
        /// At least so many are wanted.
        min: u32,
        /// At most so many are wanted.
        max: u32,
    },
    /// None of these.
    NoneOf(Vec<String>),
    /// No product, but nearly this one.
    NearProduct(String),
    /// A day that is over where one to come is wanted.
    Past,
    /// A day to come where one that is over is wanted.
    Future,
    /// No date that can be read.
    NoDate,
    /// The first or the second number may be the month.
    EitherDay,
    /// No mail address in it.
    NoAddress,
    /// So many mail addresses in it.
    Addresses(usize),
    /// An ID without a digit.
    NoDigit,
    /// A name without letters.
    NoLetters,
    /// Characters that no name has.
    NoName,
    /// More words than a name has.
    ManyWords,
    /// Our own example, sent back.
    OurExample,
    /// English words, as they were stored before there were reasons.
    #[serde(untagged)]
    Words(String),
}

impl Reason {
    /// Words that follow the text.
    pub(super) fn words(&self, language: Language) -> String {
        match language {
            Language::De => self.german(),
            Language::Fi => self.finnish(),
            _ => self.english(),
        }
    }

    fn english(&self) -> String {
        let words = match self {
            Self::Empty => "is empty",
            Self::TooLong(most) => return format!("is longer than {most} characters"),
            Self::Shape(example) if example.is_empty() => "does not have the right form",
            Self::Shape(example) => return format!("does not have the right form; it looks like {example}"),
            Self::Items { count, min, max } => {
                return format!("has the wrong number of items: {count} instead of {}", range(*min, *max, " to "));
            }
            Self::NoneOf(names) => return format!("is none of {}", names.join(", ")),
            Self::NearProduct(name) => return format!("is none of the products; did you mean {name}?"),
            Self::Past => "lies behind us",
            Self::Future => "lies ahead of us",
            Self::NoDate => "is no date that can be read; write it like 2027-12-31",
            Self::EitherDay => "may be one of two days; write it like 2027-12-31",
            Self::NoAddress => "is no mail address",
            Self::Addresses(count) => return format!("holds {count} mail addresses"),
            Self::NoDigit => "has no digit in it",
            Self::NoLetters => "has no letters",
            Self::NoName => "holds what no name does",
            Self::ManyWords => "has more words than a name",
            Self::OurExample => "is the example of our question",
            Self::Words(words) => words,
        };
        words.to_owned()
    }

    fn german(&self) -> String {
        let words = match self {
            Self::Empty => "ist leer",
            Self::TooLong(most) => return format!("ist länger als {most} Zeichen"),
            Self::Shape(example) if example.is_empty() => "hat nicht die richtige Form",
            Self::Shape(example) => return format!("hat nicht die richtige Form; richtig wäre etwa {example}"),
            Self::Items { count, min, max } => {
                return format!("hat die falsche Zahl von Einträgen: {count} statt {}", range(*min, *max, " bis "));
            }
            Self::NoneOf(names) => return format!("ist keine der Möglichkeiten {}", names.join(", ")),
            Self::NearProduct(name) => return format!("ist keines der Produkte; meinten Sie {name}?"),
            Self::Past => "liegt in der Vergangenheit",
            Self::Future => "liegt in der Zukunft",
            Self::NoDate => "ist kein lesbares Datum; schreiben Sie es so: 2027-12-31",
            Self::EitherDay => "kann zwei Tage bedeuten; schreiben Sie es so: 2027-12-31",
            Self::NoAddress => "ist keine E-Mail-Adresse",
            Self::Addresses(count) => return format!("enthält {count} E-Mail-Adressen"),
            Self::NoDigit => "enthält keine Ziffer",
            Self::NoLetters => "enthält keine Buchstaben",
            Self::NoName => "enthält Zeichen, die in keinem Namen stehen",
            Self::ManyWords => "hat mehr Wörter als ein Name",
            Self::OurExample => "ist das Beispiel aus unserer Frage",
            Self::Words(words) => words,
        };
        words.to_owned()
    }

    fn finnish(&self) -> String {
        let words = match self {
            Self::Empty => "on tyhjä",
            Self::TooLong(most) => return format!("on yli {most} merkkiä pitkä"),
            Self::Shape(example) if example.is_empty() => "ei ole oikeassa muodossa",
            Self::Shape(example) => return format!("ei ole oikeassa muodossa; oikea on esimerkiksi {example}"),
            Self::Items { count, min, max } => {
                return format!(
                    "on väärän mittainen luettelo: kohtia on {count}, pitäisi olla {}",
                    range(*min, *max, "–")
                );
            }
            Self::NoneOf(names) => return format!("ei ole mikään näistä: {}", names.join(", ")),
            Self::NearProduct(name) => return format!("ei ole mikään tuotteista; tarkoititko {name}?"),
            Self::Past => "on menneisyydessä",
            Self::Future => "on tulevaisuudessa",
            Self::NoDate => "ei ole tunnistettava päivämäärä; kirjoita se muodossa 2027-12-31",
            Self::EitherDay => "voi tarkoittaa kahta päivää; kirjoita se muodossa 2027-12-31",
            Self::NoAddress => "ei ole sähköpostiosoite",
            Self::Addresses(count) => return format!("sisältää {count} sähköpostiosoitetta"),
            Self::NoDigit => "ei sisällä numeroa",
            Self::NoLetters => "ei sisällä kirjaimia",
            Self::NoName => "sisältää merkkejä, joita nimissä ei ole",
            Self::ManyWords => "sisältää enemmän sanoja kuin nimi",
            Self::OurExample => "on kysymyksemme esimerkki",
            Self::Words(words) => words,
        };
        words.to_owned()
    }
}

fn range(min: u32, max: u32, between: &str) -> String {
    if min == max { min.to_string() } else { format!("{min}{between}{max}") }
}

#[cfg(test)]
mod tests {
    use super::Reason;
    use crate::mail::language::Language;

    /// Stored in tickets' forms: a name that changes would be read as words.
    #[test]
    fn what_is_stored_stays() {
        let stored = [
            (Reason::Empty, r#""empty""#),
            (Reason::TooLong(120), r#"{"too_long":120}"#),
            (Reason::Shape("AC-1234".to_owned()), r#"{"shape":"AC-1234"}"#),
            (Reason::Items { count: 1, min: 2, max: 3 }, r#"{"items":{"count":1,"min":2,"max":3}}"#),
            (Reason::NoneOf(vec!["a".to_owned()]), r#"{"none_of":["a"]}"#),
            (Reason::NearProduct("a".to_owned()), r#"{"near_product":"a"}"#),
            (Reason::Past, r#""past""#),
            (Reason::Future, r#""future""#),
            (Reason::NoDate, r#""no_date""#),
            (Reason::EitherDay, r#""either_day""#),
            (Reason::NoAddress, r#""no_address""#),
            (Reason::Addresses(2), r#"{"addresses":2}"#),
            (Reason::NoDigit, r#""no_digit""#),
            (Reason::NoLetters, r#""no_letters""#),
            (Reason::NoName, r#""no_name""#),
            (Reason::ManyWords, r#""many_words""#),
            (Reason::OurExample, r#""our_example""#),
        ];
        for (why, json) in stored {
            assert_eq!(serde_json::to_string(&why).unwrap(), json);
            assert_eq!(serde_json::from_str::<Reason>(json).unwrap(), why);
        }
    }

    #[test]
    fn words_that_were_stored_before_are_read_and_shown() {
        let read: Reason = serde_json::from_str("\"is no mail address\"").unwrap();
        assert_eq!(read, Reason::Words("is no mail address".to_owned()));
        assert_eq!(read.words(Language::En), "is no mail address");
    }

    #[test]
    fn the_items_that_are_wanted_are_told() {
        let told = |min, max| Reason::Items { count: 1, min, max }.words(Language::En);
        assert_eq!(told(2, 2), "has the wrong number of items: 1 instead of 2");
        assert_eq!(told(2, 9), "has the wrong number of items: 1 instead of 2 to 9");
    }
}
