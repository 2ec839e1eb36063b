//! The languages the desk writes, and which one a text is in.

mod dates;
mod prior;
mod script;
mod unwritten;
mod words;
mod written;

use whatlang::Lang;

use super::limits;
pub use dates::{date, date_time};
pub use unwritten::unwritten;
pub use written::Language;

/// Words without which no language is told.
const MIN_WORDS: usize = 3;
/// Letters of the same, in scripts that several languages share.
const MIN_LETTERS: usize = 12;

/// The ISO 639-1 code of a text's language, or `None` when the text is too short or too mixed to tell.
///
/// A script decides where one language alone writes it. Function words decide next between the languages that have a list of them, which is faster and for the short texts of
/// support mails surer than counting letters; `whatlang` knows the others.
pub fn detect(text: &str) -> Option<&'static str> {
    if let Some(code) = script::sure(text) {
        return Some(code);
    }
    let sample: String = prior::words(text).fold(String::new(), |mut sample, word| {
        sample.push_str(word);
        sample.push(' ');
        sample
    });
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    if letters < MIN_LETTERS && sample.is_ascii() || sample.split(' ').count() <= MIN_WORDS && sample.is_ascii() {
        return None;
    }
    let prior = prior::count(&sample);
    if let Some(code) = prior.sure() {
        return Some(code);
    }
    let found = whatlang::detect(&sample)?;
    let code = code(found.lang())?;
    // Unsure, but both ways of looking at it agree.
    (found.is_reliable() || prior.supports(code)).then_some(code)
}

/// The ISO 639-1 code of what `whatlang` tells apart.
fn code(language: Lang) -> Option<&'static str> {
    CODES.iter().find(|(known, _)| *known == language).map(|(_, code)| *code)
}

#[rustfmt::skip]
const CODES: &[(Lang, &str)] = &[
    (Lang::Afr, "af"), (Lang::Aka, "ak"), (Lang::Amh, "am"), (Lang::Ara, "ar"), (Lang::Aze, "az"), (Lang::Bel, "be"),
    (Lang::Ben, "bn"), (Lang::Bul, "bg"), (Lang::Cat, "ca"), (Lang::Ces, "cs"), (Lang::Cmn, "zh"), (Lang::Cym, "cy"),
    (Lang::Dan, "da"), (Lang::Deu, "de"), (Lang::Ell, "el"), (Lang::Eng, "en"), (Lang::Epo, "eo"), (Lang::Est, "et"),
    (Lang::Fin, "fi"), (Lang::Fra, "fr"), (Lang::Guj, "gu"), (Lang::Heb, "he"), (Lang::Hin, "hi"), (Lang::Hrv, "hr"),
    (Lang::Hun, "hu"), (Lang::Hye, "hy"), (Lang::Ind, "id"), (Lang::Ita, "it"), (Lang::Jav, "jv"), (Lang::Jpn, "ja"),
    (Lang::Kan, "kn"), (Lang::Kat, "ka"), (Lang::Khm, "km"), (Lang::Kor, "ko"), (Lang::Lat, "la"), (Lang::Lav, "lv"),
    (Lang::Lit, "lt"), (Lang::Mal, "ml"), (Lang::Mar, "mr"), (Lang::Mkd, "mk"), (Lang::Mya, "my"), (Lang::Nep, "ne"),
    (Lang::Nld, "nl"), (Lang::Nob, "no"), (Lang::Ori, "or"), (Lang::Pan, "pa"), (Lang::Pes, "fa"), (Lang::Pol, "pl"),
    (Lang::Por, "pt"), (Lang::Ron, "ro"), (Lang::Rus, "ru"), (Lang::Sin, "si"), (Lang::Slk, "sk"), (Lang::Slv, "sl"),
    (Lang::Sna, "sn"), (Lang::Spa, "es"), (Lang::Srp, "sr"), (Lang::Swe, "sv"), (Lang::Tam, "ta"), (Lang::Tel, "te"),
    (Lang::Tgl, "tl"), (Lang::Tha, "th"), (Lang::Tuk, "tk"), (Lang::Tur, "tr"), (Lang::Ukr, "uk"), (Lang::Urd, "ur"),
    (Lang::Uzb, "uz"), (Lang::Vie, "vi"), (Lang::Yid, "yi"), (Lang::Zul, "zu"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_a_code() {
        assert!(Lang::all().iter().all(|language| code(*language).is_some_and(|code| code.len() == 2)));
    }

    #[test]
    fn short_mails_in_the_languages_of_the_desk() {
        let table = [
            ("en", "Hi, my licence key stopped working after the update."),
            ("en", "Could you please reset the password for my account?"),
            ("en", "Thanks, that solved the problem. You can close the case."),
            ("en", "The installer reports error 1603 on Windows Server 2022."),
            ("en", "We need two more seats from Monday on, who can help us?"),
            ("en", "Please add our new office to the allow list: 192.0.2.7"),
            ("de", "Guten Tag, der Lizenzschlüssel funktioniert nicht mehr."),
            ("de", "Bitte setzen Sie das Kennwort für mein Konto zurück."),
            ("de", "Vielen Dank, damit ist das Problem für uns gelöst!"),
            ("de", "Nach dem Update startet die Anwendung leider nicht."),
            ("de", "Wir bräuchten ab Montag zwei weitere Zugänge, bitte."),
            ("de", "Der Server meldet seit gestern den Fehler 1603 beim Start."),
            ("fi", "Hei, lisenssiavain lakkasi toimimasta päivityksen jälkeen."),
            ("fi", "Voisitteko palauttaa käyttäjätunnukseni salasanan?"),
            ("fi", "Kiitos, ongelma ratkesi. Tapauksen voi sulkea."),
            ("fi", "Sovellus ei käynnisty päivityksen jälkeen ollenkaan."),
            ("fi", "Tarvitsemme maanantaista alkaen kaksi uutta käyttäjää."),
            ("fi", "Palvelin ilmoittaa eilisestä lähtien virheen 1603."),
        ];
        for (language, text) in table {
            assert_eq!(detect(text), Some(language), "{text}");
        }
    }

    #[test]
    fn other_languages() {
        let table = [
            ("fr", "Bonjour, la clé de licence ne fonctionne plus depuis la mise à jour de ce matin."),
            ("es", "Hola, la clave de licencia dejó de funcionar después de la última actualización."),
            ("it", "Buongiorno, la chiave di licenza non funziona più dopo l'aggiornamento di ieri."),
            ("nl", "Goedemorgen, de licentiesleutel werkt niet meer sinds de laatste update van gisteren."),
            ("sv", "Hej, licensnyckeln fungerar inte efter uppdateringen, och vi är nu utan tillgång till kontot."),
            ("pl", "Dzień dobry, klucz licencyjny przestał działać po ostatniej aktualizacji programu."),
            ("ru", "Здравствуйте, лицензионный ключ перестал работать после обновления."),
            ("ja", "こんにちは、ライセンスキーが動作しません。"),
            ("ko", "안녕하세요, 라이선스 키가 작동하지 않습니다."),
            ("zh", "您好，更新后许可证密钥无法使用。"),
            ("el", "Καλημέρα, το κλειδί της άδειας δεν λειτουργεί."),
        ];
        for (language, text) in table {
            assert_eq!(detect(text), Some(language), "{text}");
        }
    }

    #[test]
    fn too_little_to_tell() {
        for text in ["", "ok", "Thx!", "1603", "https://example.test/path?the=and", "jane@example.test", "---- ____"] {
            assert_eq!(detect(text), None, "{text}");
        }
    }
}
