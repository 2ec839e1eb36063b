//! Months by their names.

/// Names and abbreviations that are taken as they are, without marks: words that other words begin with.
#[rustfmt::skip]
const WHOLE: [&[&str]; 12] = [
    &["jan", "janv", "ene", "gen", "sty", "led", "tammi", "ocak", "ocagi", "янв", "січ"],
    &["feb", "febr", "fev", "fevr", "lut", "helmi", "фев", "лют"],
    &["mar", "march", "mars", "marts", "marz", "marzo", "maerz", "marzec", "marca", "marcu", "marco", "maart", "maalis", "mart", "mrt", "mrz", "мар"],
    &["apr", "avr", "abr", "kwi", "dub", "huhti", "nisan", "апр", "квіт"],
    &["may", "mai", "maj", "maja", "maju", "mayo", "maio", "mag", "mei", "touko", "mayis", "kve", "мая", "май", "маи"],
    &["jun", "june", "juni", "junio", "junho", "juin", "giu", "czer", "cer", "kesa", "июн", "черв"],
    &["jul", "july", "juli", "julio", "julho", "juil", "juillet", "lug", "lip", "lipca", "lipiec", "lipcu", "heina", "июл", "лип"],
    &["aug", "aou", "aout", "ago", "srp", "elo", "авг", "серп"],
    &["sep", "sept", "set", "wrz", "zari", "syys", "eylul", "сен", "сент", "вер"],
    &["oct", "okt", "ott", "out", "paz", "rij", "loka", "ekim", "окт", "жовт"],
    &["nov", "lis", "marras", "kasim", "kasimi", "ноя", "лист"],
    &["dec", "dez", "dic", "des", "gru", "joulu", "дек", "груд"],
];

/// How longer names begin, whatever case they stand in; the longest that fits decides.
#[rustfmt::skip]
const BEGUN: [&[&str]; 12] = [
    &["januar", "janvier", "janeir", "enero", "gennai", "stycz", "leden", "ledna", "lednu", "tammiku", "январ", "січн", "січень"],
    &["februar", "fevrier", "fevereir", "febrer", "febbrai", "luty", "lutego", "lutym", "unor", "helmiku", "subat", "феврал", "лютог", "лютии", "лютий"],
    &["maalisku", "brezen", "brezna", "breznu", "март", "берез"],
    &["april", "avril", "abril", "kwiecie", "kwietni", "duben", "dubna", "dubnu", "huhtiku", "апрел", "квітн", "квітень"],
    &["maggio", "kveten", "kvetna", "kvetnu", "toukoku", "травн", "травень"],
    &["giugno", "czerwiec", "czerwca", "czerwcu", "cerven", "cervna", "cervnu", "kesaku", "haziran", "июня", "июнь", "червн", "червень"],
    &["luglio", "cervenc", "cervenec", "heinaku", "temmuz", "июля", "июль", "липн", "липень"],
    &["august", "agosto", "sierp", "srpen", "srpna", "srpnu", "eloku", "agustos", "август", "серпн", "серпень"],
    &["septem", "setemb", "settemb", "setiemb", "septiemb", "wrzes", "wrzesien", "syysku", "сентябр", "верес"],
    &["octob", "octub", "octobr", "oktob", "ottobr", "outubr", "pazdz", "rijen", "rijna", "rijnu", "lokaku", "октябр", "жовтн", "жовтень"],
    &["novem", "noviem", "listopad", "marrasku", "ноябр", "листопад"],
    &["decem", "dezem", "diciem", "dicem", "dezemb", "desem", "grudz", "grudni", "prosin", "jouluku", "aralik", "декабр", "грудн", "грудень"],
];

/// The month that a word names, as `key` writes it: `lis` is November, and `lisenssi` is none.
pub(super) fn month(word: &str) -> Option<i32> {
    if let Some((number, _)) = (1..).zip(WHOLE).find(|(_, names)| names.contains(&word)) {
        return Some(number);
    }
    let begun =
        (1..).zip(BEGUN).flat_map(|(number, starts)| starts.iter().map(move |start| (start.len(), number, *start)));
    begun.filter(|(_, _, start)| word.starts_with(start)).max().map(|(_, number, _)| number)
}
