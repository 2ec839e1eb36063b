//! Names of companies in sentences and signatures: by the legal form that they end or begin with.

use super::script::Script;
use super::shape::Shape;
use super::told::is_joined;
use super::vocabulary::{Vocabulary, key};

/// Legal forms behind a name.
#[rustfmt::skip]
const FORMS: &[&str] = &[
    "GmbH", "mbH", "AG", "KG", "OHG", "SE", "UG", "e.V.", "eG", "Oy", "Ab", "Oyj", "Ky", "AB", "AS", "ASA", "A/S", "ApS", "I/S", "Ltd", "Ltd.", "Limited", "Inc", "Inc.", "LLC", "PLC", "plc", "Corp.", "Corp", "Corporation", "SARL", "S.A.R.L.", "SAS", "SA", "S.A.",
    "SL", "S.L.", "S.L.U.", "SRL", "Srl", "S.r.l.", "SpA", "S.p.A.", "Spa", "BV", "B.V.", "NV", "N.V.", "VOF", "BVBA", "SPRL", "Lda", "Lda.", "Ltda", "Ltda.", "S/A", "s.r.o.", "a.s.", "z.s.", "Kft", "Kft.", "Zrt.", "A.Ş.", "Ltd.Şti.", "Şti.", "Sp.k.", "S.C.", "Pvt", "Pte", "LLP", "GbR", "Co.",
];
/// Legal forms before or behind a name without a blank.
const JOINED: &[&str] = &["株式会社", "有限会社", "合同会社", "(株)", "㈱", "주식회사", "(주)", "有限公司"];
/// Legal forms before a quoted name.
const QUOTED: &[&str] = &["ООО", "ОАО", "ЗАО", "АО", "ТОВ", "ПАТ", "ИП", "ФОП"];

/// The companies that are named: beside the customer's ID, by their legal form, behind a word for a company; in the text,
/// else in the signature.
pub(super) fn read(script: &Script, vocabulary: &Vocabulary<'_>, text: &str) -> Vec<String> {
    let whole: Vec<&str> =
        script.lines.iter().filter(|line| !line.quoted || script.begins).map(|line| line.text.as_str()).collect();
    let whole = whole.into_iter().chain(script.signature.iter().map(String::as_str)).collect::<Vec<_>>().join("\n");
    let from = script.from.as_ref().map(|from| key(&from.name)).unwrap_or_default();
    let ids = vocabulary.form.fields.iter().filter_map(Shape::of);
    let beside = ids.filter(|shape| !shape.prefix().is_empty()).find_map(|shape| beside(&whole, &shape));
    let beside = beside.filter(|name| key(name) != from);
    let domain = script.from.as_ref().and_then(|from| from.email.split_once('@')).map(|(_, domain)| key(domain));
    let domain = domain.unwrap_or_default();
    let legal = all(text, &domain);
    match (legal.as_slice(), beside) {
        ([], Some(beside)) => vec![beside],
        ([_, _, ..], Some(beside)) => vec![beside],
        ([], None) => {
            let told = told(text);
            let signed = all(&whole, &domain);
            match (told.is_empty(), signed.as_slice()) {
                (false, _) => told,
                (true, [only]) => vec![only.clone()],
                _ => Vec::new(),
            }
        }
        _ => legal,
    }
}

/// The name beside an ID of the customer: `Rauman Varust, C301566`, `Zuidlaarkliniek (C870155)`, alone on the line before.
fn beside(text: &str, shape: &Shape<'_>) -> Option<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let at = lines.iter().position(|line| !shape.find(line).0.is_empty())?;
    let line = lines.get(at)?;
    let pieces: Vec<&str> = line
        .split([',', ';', '|', '(', ')', '/', '。', '、', '，', '（', '）', '·', '–', '—'])
        .flat_map(|piece| piece.split(" - "))
        .map(str::trim)
        .collect();
    let own = pieces.iter().position(|piece| !shape.find(piece).0.is_empty())?;
    let before = own.checked_sub(1).and_then(|before| pieces.get(before)).and_then(|piece| name_of(piece));
    let behind = || pieces.get(own + 1).and_then(|piece| name_of(piece));
    let inside = || {
        let head = pieces.get(own)?.split(|c: char| c.is_ascii_digit()).next()?.trim_end();
        name_of(head.strip_suffix(shape.prefix()).unwrap_or(head)).filter(|name| name.contains(' '))
    };
    let above = || {
        at.checked_sub(1)
            .and_then(|above| lines.get(above))
            .filter(|line| line.split_whitespace().count() <= 6)
            .and_then(|line| name_of(line))
    };
    before.or_else(behind).or_else(inside).or_else(above)
}

/// The capitalised words at the end of a piece of a line, without labels; none where they are few or no name.
fn name_of(piece: &str) -> Option<String> {
    let piece = piece
        .rsplit([':', '：'])
        .next()
        .unwrap_or_default()
        .rsplit(['.', '!', '?'])
        .find(|part| !part.trim().is_empty())?;
    let words: Vec<&str> = piece.split_whitespace().collect();
    let capital = |word: &str| {
        word.starts_with(|c: char| c.is_uppercase() || !c.is_lowercase() && c.is_alphabetic()) || word == "&"
    };
    let small =
        |word: &str| LINKS.contains(&word.to_lowercase().as_str()) || word.starts_with("d'") || word.starts_with("l'");
    let mut start = words.len();
    // `Koillisrajan kunta`, `Sibbo kommun`: bodies whose kind is written small.
    let body = words.last().is_some_and(|last| BODIES.contains(last)) && (2..=4).contains(&words.len());
    if body && words.first().is_some_and(|word| capital(word)) {
        start -= 1;
    }
    while let Some(word) = start.checked_sub(1).and_then(|at| words.get(at)) {
        if !capital(word) && !small(word) || words.len() - start >= 7 {
            break;
        }
        start -= 1;
    }
    let mut name: Vec<&str> = words.into_iter().skip(start).collect();
    while name.first().is_some_and(|word| small(word) && !word.contains('\'') || LABELS.contains(&key(word).as_str())) {
        name.remove(0);
    }
    while name.last().is_some_and(|word| LINKS.contains(word) || LABELS.contains(&key(word).as_str())) {
        name.pop();
    }
    let text = name.join(" ");
    let eastern = text.chars().any(is_joined);
    let fine = !text.chars().any(|c| c.is_ascii_digit() || c == '@' || c == '=')
        && (2..=60).contains(&text.chars().count())
        && (!eastern || text.chars().count() <= 12 && !text.ends_with(['す', 'た', '요', '。']));
    let proper = eastern || name.iter().any(|word| capital(word));
    let other = !proper || name.iter().any(|word| NO_FIRMS.contains(&key(word).as_str()));
    (fine && !other).then_some(text)
}

/// What public bodies are, as their names end.
const BODIES: &[&str] =
    &["kunta", "kaupunki", "seurakunta", "kommun", "kommune", "kuntayhtymä", "energi", "vatten", "fylkeskommune"];

/// Words beside an ID that name no company.
#[rustfmt::skip]
const NO_FIRMS: &[&str] = &[
    "windows", "linux", "debian", "ubuntu", "server", "rhel", "id", "dear", "hi", "hello", "hallo", "hei", "hej", "bonjour", "install", "installation",
    "customer", "kundennummer", "os", "offline", "hola", "moin", "servus", "ciao", "buongiorno", "ola", "salut", "ahoj", "czesc", "terve", "moi",
    "goddag", "gruss", "file", "datei", "token", "it", "edv", "consultant", "manager", "engineer",
];
/// Small words inside of names of companies.
#[rustfmt::skip]
const LINKS: &[&str] = &[
    "de", "del", "della", "di", "do", "da", "dos", "du", "des", "la", "le", "les", "el", "los", "las", "of", "the", "und", "and", "et", "y", "e", "im",
    "am", "an", "der", "die", "das", "en", "van", "von", "för", "og", "och", "ja", "for", "in", "on", "i",
];

/// Every name with a legal form, once; `domain` is the writer's.
fn all(text: &str, domain: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in text.lines() {
        for name in of_line(line, domain) {
            if !found.iter().any(|known| key(known) == key(&name)) {
                found.push(name);
            }
        }
    }
    found
}

fn of_line(line: &str, domain: &str) -> Vec<String> {
    let mut found = Vec::new();
    for piece in line
        .split([',', ';', '|', '(', ')', ':', '·', '。', '、', '\t', '，', '：', '/'])
        .flat_map(|piece| piece.split(" - "))
        .flat_map(|piece| piece.split(" – "))
    {
        let words: Vec<&str> = piece.split_whitespace().collect();
        for (at, word) in words.iter().enumerate() {
            let bare = word.trim_end_matches(['.', '!', '?']);
            let form = FORMS.contains(word) || FORMS.contains(&bare);
            let next = words.get(at + 1).map(|next| next.trim_end_matches(['.', '!', '?'])).unwrap_or_default();
            if form && !FORMS.contains(&next) && next != "&" {
                found.extend(before(&words, at, domain));
            }
            if *word == "z" && words.get(at + 1).is_some_and(|o| o.starts_with("o.o")) {
                found.extend(before(&words, at + 1, domain));
            }
        }
        found.extend(JOINED.iter().filter_map(|form| joined(piece, form)));
        found.extend(QUOTED.iter().filter_map(|form| quoted(piece, form)));
    }
    found
}

/// Words before a legal form that are looked at where they are written small.
const MOST_SMALL: usize = 3;

/// The capitalised words up to a legal form.
fn before(words: &[&str], form: usize, domain: &str) -> Option<String> {
    let link = |word: &str| {
        matches!(
            word,
            "&" | "und"
                | "and"
                | "et"
                | "y"
                | "e"
                | "og"
                | "och"
                | "en"
                | "ja"
                | "i"
                | "a"
                | "de"
                | "del"
                | "di"
                | "do"
                | "da"
                | "du"
                | "sp."
                | "z"
                | "+"
                | "of"
        )
    };
    let capital = |word: &str| {
        word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || !c.is_lowercase() && c.is_alphabetic())
    };
    let mut start = form;
    while start > 0 && form - start < 6 {
        let word = words.get(start - 1)?;
        let formal = FORMS.contains(word);
        let number = word.ends_with('.') && word.chars().any(|c| c.is_ascii_digit());
        let ends = (word.ends_with(['.', '!', '?']) && word.chars().count() > 4 || number) && !formal;
        if ends || !(capital(word) || link(word) || formal) {
            break;
        }
        start -= 1;
    }
    // `Firma Kraftwerk Süd GmbH`, `y Acme SL`
    while start < form && words.get(start).is_some_and(|word| link(word) || LABELS.contains(&key(word).as_str())) {
        start += 1;
    }
    // `Moravská pila s.r.o.`, `We are acme GmbH`: a name of small words begins where the writer's domain does.
    if start == form && form > 0 {
        let from = form.saturating_sub(MOST_SMALL);
        let of_domain = |word: &&str| key(word).chars().count() >= 4 && domain.starts_with(&key(word));
        let first = words.get(from..form)?.iter().position(of_domain);
        start = first.map_or(form, |first| from + first);
    }
    // `SA de CV`
    let behind = words.get(form + 1).zip(words.get(form + 2));
    let form = match behind {
        Some((de, cv)) if *de == "de" && key(cv) == "cv" => form + 2,
        _ => form,
    };
    let mut name = words.get(start..=form)?.join(" ");
    // The full stop of the sentence, and not of `Inc.`
    if words.get(form).is_some_and(|last| !FORMS.contains(last) && FORMS.contains(&last.trim_end_matches('.'))) {
        name.truncate(name.trim_end_matches('.').len());
    }
    let name = name.trim_end_matches(['!', '?']).trim_matches(['"', '“', '”', '„', '«', '»']).to_owned();
    (start < form).then_some(name)
}

#[rustfmt::skip]
const LABELS: &[&str] = &[
    "firma", "company", "yritys", "foretag", "foretaget", "societe", "entreprise", "empresa", "azienda", "societa", "ditta", "bedrijf", "klant",
    "cliente", "client", "kunde", "kund", "customer", "asiakas", "virksomhed", "firmaet", "org", "account", "spolka", "klient", "wir", "we", "our", "for",
    "fur", "fra", "from", "at", "bei", "von", "hos", "unternehmen", "the", "konto", "zakaznik", "spolecnost", "firm", "daten", "angaben", "datos",
    "dados", "details", "kundennummer", "kundenr", "kundnr", "kundnummer", "kundennr", "asiakasnumero", "klantnummer", "cliente", "codice", "numero",
    "number", "no", "nr", "id", "cust", "kd", "nummer", "titular", "intestatario", "institution", "instituicao", "auftraggeber", "vertragspartner",
    "sosaite", "顧客", "契約者", "顧客番号", "お客様番号", "会社名", "客户", "公司", "고객번호", "клиент", "клієнт", "заказчик", "замовник", "musteri", "unser", "notre",
    "nuestro", "unseren", "kunden", "kundin", "name", "behalf",
];

/// `株式会社北斗精密`, `東海精機株式会社`
fn joined(piece: &str, form: &str) -> Option<String> {
    let (front, back) = piece.split_once(form)?;
    let name = |c: char| c.is_alphanumeric() || matches!(c, 'ー' | '・' | '&');
    let ahead: String = front.chars().rev().take_while(|c| name(*c)).collect::<Vec<_>>().into_iter().rev().collect();
    let ahead =
        PARTICLES.iter().fold(ahead.as_str(), |rest, particle| rest.rsplit(particle).next().unwrap_or(rest)).to_owned();
    let behind: String = back.trim_start().chars().take_while(|c| name(*c)).collect();
    let behind =
        PARTICLES.iter().fold(behind.as_str(), |rest, particle| rest.split(particle).next().unwrap_or(rest)).to_owned();
    match (ahead.is_empty(), behind.is_empty()) {
        (false, _) => Some(format!("{ahead}{form}")),
        (true, false) => Some(format!("{form}{behind}")),
        _ => None,
    }
}

/// What ends a name in Japanese prose.
const PARTICLES: &[&str] = &["の", "です", "様", "は", "と", "を", "が", "で", "に"];

/// `ООО «Уралдеталь»`
fn quoted(piece: &str, form: &str) -> Option<String> {
    let (_, back) = piece.split_once(form)?;
    let inner = back.trim_start().strip_prefix(['«', '"', '„', '“'])?;
    let name: String = inner.chars().take_while(|c| !matches!(c, '»' | '"' | '“' | '”')).collect();
    (!name.trim().is_empty()).then(|| name.trim().to_owned())
}

/// `Firma: …`, `our company is Orbitpack`, `firma hadi Nordlicht`: capitalised words behind a word for a company.
fn told(text: &str) -> Vec<String> {
    #[rustfmt::skip]
    const WORDS: &[&str] = &[
        "company", "firma", "unternehmen", "yritys", "foretaget", "foretag", "societe", "entreprise", "empresa", "azienda", "ditta", "bedrijf", "cliente",
        "klant", "kunde", "kunden", "client", "customer", "spolka", "firmaet", "virksomhed", "org", "organisation", "asiakas", "klient", "zakaznik", "spolecnost",
    ];
    #[rustfmt::skip]
    const IS: &[&str] = &[
        "is", "ist", "on", "ar", "est", "es", "e", "jest", "name", "heisst", "heter", "hedder", "je",
    ];
    for line in text.lines() {
        let words: Vec<&str> = line.split([',', ';', '(', '/', '|']).flat_map(str::split_whitespace).collect();
        let Some(at) = words.iter().position(|word| WORDS.contains(&key(word).as_str())) else { continue };
        let behind: Vec<&str> =
            words.iter().skip(at + 1).copied().skip_while(|word| IS.contains(&key(word).as_str())).collect();
        let capital = |word: &&&str| {
            word.starts_with(char::is_uppercase) && !word.chars().any(|c| c.is_ascii_digit() || c == '@')
        };
        let name: Vec<&str> = behind.iter().take_while(capital).copied().take(4).collect();
        let name = name.join(" ").trim_end_matches(['.', '!', '?', ':']).to_owned();
        if name.chars().count() > 2 {
            return vec![name];
        }
    }
    Vec::new()
}
