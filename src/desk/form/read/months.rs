//! Months by their names.

/// How months begin, in the languages that customers write, without marks; the longest that fits decides.
#[rustfmt::skip]
const MONTHS: [&[&str]; 12] = [
    &["jan", "tammik", "ene", "gen", "sty", "led", "ocak", "янв", "січ"],
    &["feb", "helmik", "fev", "lut", "unor", "subat", "şubat", "фев", "лют"],
    &["mar", "maalisk", "maart", "mrt", "mrz", "brez", "мар", "берез"],
    &["apr", "huhtik", "avr", "abr", "kwi", "dub", "nisan", "апр", "квіт"],
    &["may", "mai", "maj", "toukok", "mag", "mei", "kve", "мая", "май", "трав"],
    &["jun", "kesak", "juin", "giu", "czer", "cerv", "haziran", "июн", "черв"],
    &["jul", "heinak", "juil", "lug", "lip", "cervenc", "cervenec", "temmuz", "июл", "лип"],
    &["aug", "elok", "aou", "ago", "sie", "srp", "agustos", "ağustos", "авг", "серп"],
    &["sep", "syysk", "set", "wrz", "zar", "eylul", "сен", "верес"],
    &["oct", "okt", "lokak", "ott", "out", "paz", "rij", "ekim", "окт", "жовт"],
    &["nov", "marrask", "lis", "kasim", "kasım", "ноя", "листоп"],
    &["dec", "dez", "jouluk", "dic", "des", "gru", "pros", "aralik", "aralık", "дек", "груд"],
];

/// The month whose name a word begins like, as `key` writes it.
pub(super) fn month(word: &str) -> Option<i32> {
    let starts =
        (1..).zip(MONTHS).flat_map(|(number, starts)| starts.iter().map(move |start| (start.len(), number, *start)));
    starts.filter(|(_, _, start)| word.starts_with(start)).max().map(|(_, number, _)| number)
}
