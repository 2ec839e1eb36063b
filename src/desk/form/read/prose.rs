//! What sentences say: an ID by its form, the one address, `my name is …`.

use std::sync::LazyLock;

use regex::Regex;

use super::check::name::PARTICLES;
use super::dashes::dashes;
use super::persons;
use super::roles::{agrees, is_of_a_role};
use super::script::Script;
use super::shape::Shape;
use super::signature::above_signature;
use super::told::Told;
use super::value::Place;
use super::vocabulary::{Target, Vocabulary, key};
use super::weigh::Candidate;
use crate::config::form::{ADMINISTRATOR, Field, FieldKind};
use crate::mail::Address;

/// How people say their name, in the languages that customers write.
const STRONG: &str = "my (?:full )?name is|my name's|mein name ist|ich heiße|ich heisse|nimeni on|minun nimeni on|jag heter|mitt namn är|je m'appelle|mon nom est|je me nomme|me llamo|mi nombre es|mi chiamo|il mio nome è|mijn naam is|ik heet|meu nome é|o meu nome é|chamo-me|me chamo|nazywam się|mit navn er|jeg hedder|jeg heter|mitt navn er|navnet mitt er|jmenuji se|mé jméno je|moje jméno je|меня зовут|мене звати|benim adım|adım|my name's|name is|mi nombre completo es|name on the account should be|in the name of|auf den namen|auf meinen namen|a nombre de|au nom de|a nome di|op naam van|em nome de|ansprechpartner(?:in)?|kontaktperson|contact person|interlocuteur|interlocutrice|persona de contacto";
/// The same, said of other things as well: the sender's address must agree.
const WEAK: &str = "i am|i'm|it's|my name:|ja jestem|tu|jsem|я|ben|här är|her er|c'est|minä olen|mä oon|oon|this is|ich bin|hier ist|hier schreibt|olen|jag är|je suis|soy|sono|ik ben|sou|eu sou|jestem|jeg er|det er";
/// Whom somebody writes for.
const BEHALF: &str = "(?:my|our|the|a|new) (?:new )?(?:colleague|coworker|co-worker|employee|engineer|team member)s?|(?:unsere[nrm]?|meine[nrm]?|neue[nrm]?) (?:neue[nrm]? )?(?:kollegin|kollegen|kollege|mitarbeiter|mitarbeiterin|mitarbeiters)|kollegani|kollegamme|työkaverini|min kollega|vår kollega|(?:mon|ma|notre) collègue|(?:mi|nuestro|nuestra) (?:compañero|compañera|colega)|(?:il mio|la mia) collega|mijn collega|onze collega|(?:meu|minha|nosso|nossa) colega|(?:mojego|moją|naszego|naszą) (?:kolegę|koleżankę)|(?:min|vores|vår) kollega";

/// Words of a name: capitals first, particles between.
const NAME: &str = r"((?:(?:Dr|Prof|Mr|Mrs|Ms|Herr|Frau|Herrn)\.? )*\p{Lu}[\p{L}'\-]+(?: (?:(?:van|von|der|den|de|del|della|di|da|dos|du|la|le|zu|zur|ter|af|av|al|el|bin)\b|\p{Lu}\.|\p{Lu}[\p{L}'\-]*)){0,5})";

fn intro(words: &str) -> Option<Regex> {
    Regex::new(&format!(r"(?:^|[^\p{{L}}])(?i:{words})[,:]? {NAME}")).ok()
}

static SAID: LazyLock<Option<Regex>> = LazyLock::new(|| intro(STRONG));
static MAYBE: LazyLock<Option<Regex>> = LazyLock::new(|| intro(WEAK));
static OTHERS: LazyLock<Option<Regex>> = LazyLock::new(|| intro(BEHALF));

pub(super) fn read(script: &Script, vocabulary: &Vocabulary<'_>, asked: &[String]) -> Vec<Candidate> {
    let text = above_signature(script).join("\n");
    let mut found = whom(script, vocabulary, &text);
    let all = whole(script, &text);
    let own = format!("{}\n{text}", script.subject);
    let domain = script.from.as_ref().and_then(|from| from.email.split_once('@')).map(|(_, domain)| key(domain));
    let domain = domain.unwrap_or_default();
    for target in vocabulary.targets(|kind| matches!(kind, FieldKind::AccountId | FieldKind::Identifier)) {
        let Target::Field(at) = target else { continue };
        let Some(field) = vocabulary.field(at) else { continue };
        found.extend(
            ids(field, &all, &own, &domain, asked).into_iter().map(|id| Candidate::new(target, id, Place::Prose)),
        );
    }
    for target in vocabulary.targets(|kind| matches!(kind, FieldKind::List { .. })) {
        let Target::Field(at) = target else { continue };
        let Some(shape) = vocabulary.field(at).and_then(Shape::of) else { continue };
        let (items, _) = shape.find(&all);
        found.extend((!items.is_empty()).then(|| Candidate::new(target, items.join("\n"), Place::Prose)));
    }
    found
}

/// Subject, own words, signature and tables.
fn whole(script: &Script, text: &str) -> String {
    let quoted: Vec<&str> =
        script.lines.iter().filter(|line| line.quoted && script.begins).map(|line| line.text.as_str()).collect();
    let quoted = quoted.join("\n");
    [
        quoted.as_str(),
        script.subject.as_str(),
        text,
        &script.signature.join("\n"),
        &script.own().collect::<Vec<_>>().join("\n"),
        &script.rows.join("\n"),
    ]
    .join("\n")
}

/// Whom the text is about: others who are named with their addresses, else the writer, who says their own name.
fn whom(script: &Script, vocabulary: &Vocabulary<'_>, text: &str) -> Vec<Candidate> {
    let checks = vocabulary.form.fields.iter().any(|field| field.name == ADMINISTRATOR);
    let others = persons::others(script, checks);
    let (emails, names) = (vocabulary.targets(|kind| *kind == FieldKind::Email), vocabulary.names());
    let mut found = Vec::new();
    let mut add = |targets: &[Target], text: &str| {
        found.extend(targets.iter().map(|target| Candidate::new(*target, text, Place::Prose)));
    };
    for other in &others {
        add(&emails, &other.email);
        if !other.name.is_empty() && !other.aside {
            add(&names, &other.name);
        }
    }
    let writer = script.reply_to.iter().chain(&script.from).next();
    if others.iter().any(|other| other.aside) || !others.is_empty() && persons::counts_writer(script) {
        writer.iter().for_each(|writer| add(&emails, &writer.email));
    }
    if let Some(writer) = writer.filter(|_| others.is_empty() && persons::is_this_address(text)) {
        add(&emails, &writer.email);
    }
    if others.is_empty() {
        said_names(script, vocabulary, text).iter().for_each(|name| add(&names, name));
    }
    found
}

/// The writer's own name in sentences, whatever letters it is in: `soy rocio jimenez`, where its first word is in the address.
fn introduced(text: &str, from: &Address) -> Option<String> {
    static SMALL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(&format!(
            r"(?:^|[^\p{{L}}])(?i:{WEAK}|{STRONG}|im|som)[,:]? ([\p{{L}}'\-]{{3,}}) ([\p{{L}}'\-]{{3,}})"
        ))
        .ok()
    });
    let own = key(from.email.split('@').next().unwrap_or_default());
    let shown: Vec<String> = from.name.split_whitespace().map(key).collect();
    SMALL.as_ref()?.captures_iter(text).find_map(|hit| {
        let (one, other) = (hit.get(1)?.as_str(), hit.get(2)?.as_str());
        let known = own.contains(&key(one)) || shown.contains(&key(one));
        let plain = !PARTICLES.contains(&other.to_lowercase().as_str()) && !is_of_a_role(other);
        let plain = plain && !other.contains(['\'', '’']);
        (known && plain && one.chars().all(char::is_lowercase)).then(|| format!("{one} {other}"))
    })
}

/// Names that sentences say: of whom somebody writes for, else the writer's own.
fn said_names(script: &Script, vocabulary: &Vocabulary<'_>, text: &str) -> Vec<String> {
    let text = text.replace('\n', " ");
    let named = |pattern: &LazyLock<Option<Regex>>| -> Vec<String> {
        let Some(pattern) = pattern.as_ref() else { return Vec::new() };
        pattern.captures_iter(&text).filter_map(|found| Some(found.get(1)?.as_str().to_owned())).collect()
    };
    let several = |name: &String| name.split_whitespace().count() > 1;
    if persons::is_for_another(script, vocabulary) {
        return named(&OTHERS).into_iter().filter(several).collect();
    }
    let weak = named(&MAYBE).into_iter().filter(several);
    let own = |name: &String| {
        let shown =
            |from: &Address| from.name.split_whitespace().any(|word| name.split(' ').any(|own| key(own) == key(word)));
        script.from.as_ref().is_some_and(|from| agrees(name, from) || shown(from))
    };
    let person = |name: &String| !name.split_whitespace().any(is_of_a_role);
    let mut all: Vec<String> =
        named(&SAID).into_iter().filter(several).filter(person).chain(weak.filter(own)).collect();
    if all.is_empty() {
        all.extend(script.from.as_ref().and_then(|from| introduced(&text, from)));
    }
    all
}

/// Words that say that a number is an account's or a customer's, as they begin.
#[rustfmt::skip]
const NUMBERED: &[&str] = &[
    "account", "acct", "acc$", "a c$", "customer", "client", "konto", "kont", "kunde", "kund", "kd", "vertrag", "asiakas", "tili", "tilin", "sopimus", "compte", "cuenta", "conta$", "klant", "konta", "klienta", "ucet", "uctu", "zakazn", "cislo uctu",
    "codice cliente", "numero cliente", "cliente", "アカウント", "顧客", "お客様", "契約", "会社の番号", "番号", "账户", "账号", "帐号", "客户", "帳號", "客戶", "合同", "계정", "고객", "аккаунт", "акаунт", "счет", "счёт", "рахун", "клиент", "клієнт", "договор", "hesap", "musteri", "numero on", "numeromme",
    "our number", "unsere nummer", "notre numero", "nuestro numero", "vart nummer",
];
/// Words that say that it is something else's.
#[rustfmt::skip]
const OTHERWISE: &[&str] = &["rechnung", "invoice", "facture", "faktur", "lasku", "factura", "fattura", "fatura", "order", "bestell", "ticket", "case", "dossier", "tel$", "puh$", "phone", "plz", "hrb", "po$", "請求", "電話", "发票", "инвойс", "zamowien", "objednav", "az$", "ref$", "serial", "serien", "pin$", "code", "kod", "koodi", "fax", "error", "fehler", "virhe", "fejl", "feil", "erreur", "errore", "blad", "build", "version", "zip", "postal", "mobil", "puhelin", "telefon", "ext$", "contrat", "angebot", "offer", "eur$", "euro", "chf", "kr$", "sek$", "nok$", "dkk", "pln", "usd", "call", "ring", "anruf", "ruf", "erreich", "soita", "soitto", "numerosta", "appel", "rappel", "joign", "llam", "chiam", "bel$", "belt", "bellen", "lig", "zadzwon", "dzwon", "zavol", "handy", "gsm", "cell", "sms", "whatsapp", "ordre", "pedido", "ordine", "commande", "tilaus", "tarjous", "bestall", "purchase", "delivery", "tracking", "lieferung", "iban", "vat$", "ust", "y tunnus", "電話番号", "注文", "订单", "电话", "주문", "전화", "заказ", "телефон", "замовлен", "siparis"];

/// Every ID in a text that has the field's pattern or nearly fits it; behind a word for an account, or in answer to our
/// question, its digits are enough. `own` is what the writer says, without signature and quotes, `domain` the writer's.
fn ids(field: &Field, text: &str, own: &str, domain: &str, asked: &[String]) -> Vec<String> {
    let Some(shape) = Shape::of(field) else { return patterned(field, text) };
    let (found, wrong) = shape.written(text);
    let mut found: Vec<String> = found.into_iter().map(|(_, typed)| typed).collect();
    if found.is_empty() {
        let asked = asked.contains(&field.name);
        found = shape.bare(text, |before, _| {
            let words: Vec<&str> =
                before.split(['\n', '.', '!', '?', '。']).next_back().unwrap_or_default().split_whitespace().collect();
            let near = Told::of(&words.iter().rev().take(5).rev().copied().collect::<Vec<_>>().join(" "));
            !near.has(OTHERWISE) && (asked || near.has(NUMBERED))
        });
    }
    // The only number of that length that somebody writes; the answer says how it was understood.
    if found.is_empty() && wrong.is_empty() && shape.is_long() && shape.numbers(own) == 1 {
        found = shape.bare(own, |before, behind| stands_for_itself(before, behind, domain));
    }
    if found.is_empty() { wrong } else { found }
}

/// Whether nothing around a number says that it is of something else, and something that it is of the customer: a word for
/// an account in its sentence, the company before it (`acme 102000`), or commas on both sides (`Navcykel, 140093`).
fn stands_for_itself(before: &str, behind: &str, domain: &str) -> bool {
    let before = before.rsplit(['\n', '!', '?', '。']).next().unwrap_or_default();
    let before = before
        .rmatch_indices(". ")
        .find(|(at, _)| is_end(before, *at))
        .map_or(before, |(at, _)| before.get(at + 1..).unwrap_or_default());
    let behind = behind.split(['\n', '.', '!', '?', '。']).next().unwrap_or_default();
    let (ahead, after) = (Told::of(before), Told::of(behind));
    if ahead.has(OTHERWISE) || after.has(OTHERWISE) {
        return false;
    }
    let company = ahead.words().last().is_some_and(|word| word.chars().count() >= 4 && domain.contains(word));
    let open = |c: Option<char>| c.is_none_or(|c| matches!(c, ',' | ';' | '(' | ')' | '|' | '/' | '–' | '、'));
    let listed = open(before.trim_end().chars().next_back()) && open(behind.trim_start().chars().next());
    company || listed || ahead.has(NUMBERED) || after.has(NUMBERED)
}

/// Whether a full stop ends a sentence: `Tel. ` and `nr. ` do not.
fn is_end(text: &str, at: usize) -> bool {
    let word = text.get(..at).and_then(|before| before.split_whitespace().next_back()).unwrap_or_default();
    word.chars().count() > 4
}

/// Letters or digits of an ID whose form alone tells what it is.
const TELLING: usize = 12;

/// Every ID in a text that has the pattern of a field without an example, where that cannot be a telephone number.
fn patterned(field: &Field, text: &str) -> Vec<String> {
    let text = dashes(text);
    let Some(pattern) = &field.pattern else { return Vec::new() };
    let inner = pattern.as_str().trim_start_matches('^').trim_end_matches('$');
    let Ok(search) = Regex::new(&format!(r"(?i)(?:^|[^\p{{L}}\p{{N}}@-])({inner})(?:$|[^\p{{L}}\p{{N}}@-])")) else {
        return Vec::new();
    };
    let mut found: Vec<String> = Vec::new();
    for id in search.captures_iter(&text).filter_map(|found| found.get(1)) {
        let id = id.as_str().to_owned();
        let telling =
            id.starts_with(char::is_alphabetic) && id.chars().any(|c| c.is_ascii_digit()) || key(&id).len() >= TELLING;
        if telling && !found.contains(&id) {
            found.push(id);
        }
    }
    found
}
