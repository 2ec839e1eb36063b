//! Whom a mail is about: those whom it names with an address, else who writes it.

use std::sync::LazyLock;

use regex::Regex;

use super::check::email;
use super::display::display_name;
use super::east;
use super::named::{Local, Run, runs};
use super::roles::is_of_a_role;
use super::script::Script;
use super::signature::above_signature;
use super::told::{Told, is_joined, sentences};
use super::vocabulary::{Vocabulary, halves, key};

/// Somebody else than the writer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Other {
    /// Empty where none is found.
    pub(super) name: String,
    /// Normalised.
    pub(super) email: String,
    /// It may be where to ask, rather than whom it is about.
    pub(super) aside: bool,
}

/// Everybody else whom the writer's words name with an address, in order.
pub(super) fn others(script: &Script, checks_people: bool) -> Vec<Other> {
    let mut lines = above_signature(script);
    lines.insert(0, &script.subject);
    lines.extend(script.rows.iter().map(String::as_str));
    if script.begins && email::all(&lines.join("\n")).is_empty() {
        // What somebody sends on without a word of their own is what it is about.
        lines.extend(script.lines.iter().filter(|line| line.quoted).map(|line| line.text.as_str()));
    }
    let text = lines.join("\n");
    let writer: Vec<&str> = script.reply_to.iter().chain(&script.from).map(|one| one.email.as_str()).collect();
    let mut found: Vec<Other> = Vec::new();
    for email in email::all(&text) {
        if is_machine(&email)
            || script.ours.contains(&email)
            || writer.contains(&email.as_str())
            || found.iter().any(|one| one.email == email)
        {
            continue;
        }
        let around = around(&text, &email);
        if checks_people && Told::of(around).has(VOUCHES) {
            continue;
        }
        let aside = Told::of(around).has(ASIDE);
        found.push(Other { name: name_of(&text, &email).unwrap_or_default(), email, aside });
    }
    found
}

/// Everybody whom a mail is about, the writer among them where they say so.
pub(super) fn people(script: &Script, vocabulary: &Vocabulary<'_>) -> Vec<Other> {
    let mut all = others(script, false);
    if all.is_empty() || all.iter().any(|other| other.aside) {
        return Vec::new();
    }
    let told = Told::of(&format!("{} {}", script.subject, above_signature(script).join(" ")));
    let writer = script
        .from
        .as_ref()
        .filter(|_| halves(vocabulary.form).is_some() && (counts_writer(script) || told.has(ME_TOO)));
    if let Some(from) = writer {
        let name = own_name(script).or_else(|| display_name(from)).unwrap_or_default();
        let text = above_signature(script).join("\n").to_lowercase();
        let one = Other { name, email: from.email.clone(), aside: false };
        let first = all.first().and_then(|other| text.find(&other.email)).unwrap_or(usize::MAX);
        let before = text.find(&from.email).is_none_or(|at| at < first);
        all.insert(if before { 0 } else { all.len() }, one);
    }
    all
}

/// That the writer wants it for themselves beside somebody else.
#[rustfmt::skip]
const ME_TOO: &[&str] = &[
    "for me and", "one for me", "un pour moi", "una para mi", "uno para mi", "um para mim", "moja osoba", "moja skromna", "para mim", "et un pour mon", "minha conta e", "person is me", "altsa mig", "jag a ", "jag och ", "ich selbst", "ich und ", "mina ja ", "pisaca te", "piszaca te", "このメール）と", "私（", "俺（", "for myself and", "and me$", "and myself", "me and my", "both me", "mich und", "mich sowie", "fur mich und", "und fur mich", "und mich", "und mir", "minulle ja", "mulle ja", "minulle seka", "ja minulle", "ja mulle", "til mig og", "mig og", "og mig", "til meg og", "meg og", "og meg", "till mig och", "mig och", "bade jag och", "och mig",
    "pour moi et", "moi et", "et moi", "pour moi ainsi", "para mi y", "para mi companer", "y para mi", "per me e", "e per me", "voor mij en", "voor mezelf en", "en voor mij", "para mim e", "e para mim", "dla mnie oraz", "dla mnie i", "kont dla mnie", "i dla mnie", "oraz dla mnie", "jednak me", "pro me a", "a pro me", "私と", "私の分", "自分と", "我和", "저와", "для меня и", "и для меня", "для мене та", "мне и", "ben ve", "bana ve",
];

/// The address that a mail came from, as people call it.
#[rustfmt::skip]
const THIS_ADDRESS: &[&str] = &[
    "this mail", "this e mail", "this address", "same mail", "same email", "same e mail", "same address", "sender address", "address i m writing", "address i am writing", "address i write", "one i m writing from", "one i am writing from", "this one i m", "diese mail", "dieser mail", "diese e mail", "dieser e mail",
    "diese adresse", "dieser adresse", "dieselbe adresse", "gleiche adresse", "selbe adresse", "wie absender", "siehe absender", "absenderadresse", "tama sahkoposti", "tama osoite", "tasta osoitteesta", "tama josta", "tama maili", "sama maili", "sama sahkoposti", "samma mejl", "samma mail", "samma adress", "denna adress",
    "den har adressen", "den har mejlen", "den har mailen", "denne mail", "samme mail", "denne adresse", "samme adresse", "den her mail", "denne e post", "samme e post", "denne eposten", "deze mail", "dit adres", "dit mailadres", "zelfde adres", "zelfde mail", "celle avec laquelle", "cette adresse", "meme adresse", "cette boite",
    "este correo", "este mismo", "este mail", "esta direccion", "el mismo correo", "esta misma direccion", "questa mail", "questa email", "questa e mail", "questo indirizzo", "stesso indirizzo", "stessa mail", "este e mail", "este email", "mesmo e mail", "mesmo email", "este endereco", "ten adres", "tego adresu", "ten mail", "ten sam adres", "tento e mail",
    "tento email", "tato adresa", "teto adresy", "stejny e mail", "stejna adresa", "このメール", "このアドレス", "эта рабочая", "этот адрес", "эту почту", "эта почта", "ця адреса", "这个邮箱", "本邮箱", "bu adres", "bu mail",
];
/// That it is not that one.
#[rustfmt::skip]
const NOT_THIS: &[&str] = &["not this", "not from this", "nicht diese", "nicht die", "ei tata", "ei tama", "inte den", "inte denna", "ikke denne", "ikke den", "pas cette", "no este", "no esta", "non questo", "non questa", "niet dit", "niet deze", "nao este", "nie ten", "nie na ten", "ne tento", "ne na tento", "ではなく", "instead of this"];

/// Whether a text says that its sender's address is meant.
pub(super) fn is_this_address(text: &str) -> bool {
    let told = Told::of(text);
    told.has(THIS_ADDRESS) && !told.has(NOT_THIS)
}

/// A machine's address, which nobody signs in by.
fn is_machine(email: &str) -> bool {
    let local = key(email.split('@').next().unwrap_or_default());
    ["noreply", "donotreply", "postmaster", "mailerdaemon"].iter().any(|machine| local.contains(machine))
}

/// Whether the writer wants the same for themselves as well: their own address stands before others'.
pub(super) fn counts_writer(script: &Script) -> bool {
    let text = above_signature(script).join("\n") + "\n" + &script.rows.join("\n");
    let writer: Vec<&str> = script.reply_to.iter().chain(&script.from).map(|one| one.email.as_str()).collect();
    let all = email::all(&text);
    let own = all.iter().position(|email| writer.contains(&email.as_str()));
    let labelled = script
        .rows
        .iter()
        .chain(script.lines.iter().map(|line| &line.text))
        .any(|line| line.contains(['|', '\t']) && writer.iter().any(|own| line.contains(own)));
    own.is_some_and(|own| labelled || all.iter().skip(own + 1).any(|email| !writer.contains(&email.as_str())))
}

/// The sentence in which an address stands.
fn around<'t>(text: &'t str, email: &str) -> &'t str {
    sentences(text).find(|sentence| sentence.to_lowercase().contains(email)).unwrap_or_default()
}

/// That somebody is named for other reasons, as words begin.
#[rustfmt::skip]
const VOUCHES: &[&str] = &[
    "vouch", "confirm", "burg", "bestatig", "vahvista", "ga i god", "bekraft", "garant", "confirm", "avalar", "dar fe", "potwierd", "potvrd", "instaan", "bevestig", "admin", "beheerder", "paakayttaj", "spravc", "管理者", "保証", "証明", "管理员", "관리자", "админ", "подтверд", "yonetici",
];
#[rustfmt::skip]
const ASIDE: &[&str] = &[
    "questions", "in copy", "in cc", "cc$", "copied to", "copy of", "reply to", "answer to", "contact me", "reach me", "ruckfragen", "fragen an", "in kopie", "kopie an", "erreichbar unter", "antwort an", "antworten sie", "kysymykset", "vastaus osoitteeseen", "fragor", "kopia till", "svar till",
    "questions a", "en copie", "repondre a", "me joindre", "preguntas", "en copia", "responder a", "contactar", "domande", "in copia", "rispondere a", "vragen", "in kopie", "antwoord naar", "duvidas", "em copia", "responder para", "pytania", "w kopii", "do wiadomosci", "odpowiedz na", "dotazy", "v kopii", "sporgsmal", "kopi til", "sporsmal",
];

/// The name behind an address: one that its local part fits, the nearest of the best; else one right before or behind it.
fn name_of(text: &str, email: &str) -> Option<String> {
    let at = text.to_lowercase().find(email)?;
    let local = Local::of(email);
    let bare = without_addresses(text);
    let distance = |run: &Run<'_>| if run.end <= at { at - run.end } else { run.start.saturating_sub(at) };
    let fitting = |any: bool| {
        let all = runs(&bare, any);
        let fits = all.iter().filter_map(|run| local.name_in(run).map(|(score, name)| (score, distance(run), name)));
        let fits = fits.filter(|(_, _, name)| !any || name.split_whitespace().count() == 2);
        fits.max_by(|one, other| (one.0, other.1).cmp(&(other.0, one.1)))
    };
    let best = fitting(false);
    if let Some((_, _, name)) =
        best.as_ref().filter(|(score, distance, name)| *score > 2 && name.contains(' ') || *score > 1 && *distance < 60)
    {
        return Some(name.clone());
    }
    let turned = || turned_around(&bare, at, &local);
    let eastern = east::beside(text, at, email.len());
    eastern.or_else(turned).or_else(|| called(&bare, at)).or_else(|| in_small_letters(&bare, at, &local)).or_else(
        || {
            let (score, _, name) = fitting(true)?;
            (score >= 6).then_some(name)
        },
    )
}

/// `Matthiesen, Wiebke, w.matthiesen@…`
fn turned_around(bare: &str, at: usize, local: &Local) -> Option<String> {
    let all = runs(bare, false);
    let mut near = all.iter().filter(|run| run.end <= at).rev();
    let (first, last) = (near.next()?, near.next()?);
    let gap = bare.get(last.end..first.start)?;
    let word = |run: &Run<'_>| run.words.join(" ");
    let fits = gap.trim() == "," && at - first.end < 20 && local.holds(&word(last)) && !local.holds(&word(first));
    fits.then(|| format!("{}, {}", word(last), word(first)))
}

/// `kona kari sundre kari@…`: the two words right before an address that one of them or their first letters fit.
fn in_small_letters(bare: &str, at: usize, local: &Local) -> Option<String> {
    let before = bare.get(..at)?;
    let gap = before.len() - before.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
    let words: Vec<&str> = before.trim_end_matches(|c: char| !c.is_alphanumeric()).rsplit(' ').take(2).collect();
    let [last, first] = words.as_slice() else { return None };
    let plain = |word: &str| word.chars().count() > 1 && word.chars().all(|c| c.is_alphabetic() || c == '-');
    let fits = local.holds(first) || local.holds(last) && local.begins_like(first) || local.is_initials(&[first, last]);
    (gap <= 3 && plain(first) && plain(last) && fits).then(|| format!("{first} {last}"))
}

/// The text with blanks in the place of its addresses.
fn without_addresses(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(char::is_whitespace) {
        match piece.contains('@') {
            true => {
                let blank = piece.trim_end();
                out.push_str(&"#".repeat(blank.len()));
                out.push_str(piece.strip_prefix(blank).unwrap_or_default());
            }
            false => out.push_str(piece),
        }
    }
    out
}

/// Words before a name that somebody is said to have.
const CALLED: &str = "se llama|se llaman|si chiama|s'appelle|heißt|heisst|heter|hedder|heet|nimi on|nimeltään|is called|named|name is|name's|naam is|chama-se|se chama|nazywa się|jmenuje se|зовут|звати|her name|his name|name ist|namens|hänen nimensä on|navnet er|namnet är|nom est|nombre es|nome è|nome é|colaboradora|colaborador|it's|de naam|for|für|pour|para|per|voor|dla|pro|till|til|för|cliente meu, seu";

static NAMED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"(?:^|[^\p{{L}}])(?i:{CALLED}):? ")).ok());

/// What people are called before their names.
#[rustfmt::skip]
const HONORIFICS: &[&str] = &["madame", "monsieur", "mme", "herr", "herrn", "frau", "mr", "mrs", "ms", "senor", "senora", "sr", "sra", "lic", "ing", "dott", "signor", "signora", "pan", "pani", "pana", "fru", "meneer", "mevrouw", "dr", "prof"];

/// Words between a name and its address.
#[rustfmt::skip]
const MAIL_WORDS: &[&str] = &["e", "email", "mail", "correo", "epost", "post", "sahkoposti", "osoite", "adres", "address", "indirizzo", "adresse", "endereco", "is", "ist", "on", "es", "est", "e", "er", "ar", "su", "his", "her", "their", "hans", "hennes", "sua", "son", "sa", "zijn", "haar", "jego", "jej", "mejl", "maili", "meili", "with", "mit", "med", "con", "com", "avec", "met", "z", "s", "a", "at", "direccion", "courriel", "почта", "пошта", "login", "user"];

/// The nearest name that follows a word of that kind, or stands right before the address.
fn called(bare: &str, at: usize) -> Option<String> {
    let all = runs(bare, false);
    let before = bare.get(..at).unwrap_or_default();
    let near = all.iter().filter(|run| run.end <= at && run.words.len() > 1).max_by_key(|run| run.end)?;
    let gap = bare.get(near.end..at).unwrap_or_default();
    let mail_word = |word: &str| MAIL_WORDS.iter().any(|known| key(word).starts_with(known));
    let said: Vec<&str> = gap.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let beside = gap.chars().count() <= 40 && !gap.contains(['!', '?', '#']) && said.iter().all(|word| mail_word(word));
    let honoured =
        near.words.len() > 2 && near.words.first().is_some_and(|word| HONORIFICS.contains(&key(word).as_str()));
    let named = honoured || NAMED.as_ref()?.find_iter(before).any(|hit| hit.end() == near.start);
    let named = named && gap.chars().count() <= 90;
    let words: Vec<&str> = near.words.iter().copied().skip_while(|word| super::named::is_title(word)).collect();
    if words.iter().any(|word| is_of_a_role(word) || key(word).contains("portal")) {
        return None;
    }
    (beside || named).then(|| words.join(" ")).filter(|name| name.contains(' ') && name.split(' ').count() <= 4)
}

/// A name of the writer in their own words that fits their address or display name: better than the display name where
/// that has one word or another spelling.
pub(super) fn own_name(script: &Script) -> Option<String> {
    let from = script.from.as_ref()?;
    let local = Local::of(&from.email);
    let own = std::iter::once(script.subject.as_str()).chain(script.own());
    let own: Vec<&str> = own.chain(script.signature.iter().map(String::as_str)).collect();
    let text = own.join("\n");
    let text = without_addresses(&text);
    let display = from.name.split_whitespace().filter(|word| !is_of_a_role(word)).map(key);
    let display: Vec<String> = display.filter(|word| word.chars().count() > 2).collect();
    let domain = key(from.email.split('@').nth(1).unwrap_or_default());
    let mut best: Option<(u32, usize, String)> = None;
    for run in runs(&text, false) {
        let words: Vec<&str> = run.words.iter().copied().skip_while(|word| super::named::is_title(word)).collect();
        let shown = words.iter().filter(|word| display.contains(&key(word))).count();
        let fits = local.name_in(&run);
        let fits = match fits {
            Some((score, name)) if score > 2 => Some((score + u32::try_from(shown).unwrap_or(0) * 2, name)),
            _ if shown > 1 || shown == 1 && display.len() == 1 && words.len() == 2 => {
                Some((3 * u32::try_from(shown).unwrap_or(1), words.join(" ")))
            }
            _ => None,
        };
        let fits = fits.map(|(score, name)| (score, without_firm(&name, &domain, &display)));
        let Some((score, name)) = fits.filter(|(_, name)| plausible(name)) else { continue };
        if best.as_ref().is_none_or(|(known, _, _)| score >= *known) {
            best = Some((score, run.start, name));
        }
    }
    let name = best.map(|(_, _, name)| name).or_else(|| local.spelled(&text))?;
    // Where one of the two says more of the same name, the display name is how the person writes it.
    let said: Vec<String> = name.split_whitespace().map(key).collect();
    let Some(shown) = display_name(from) else { return Some(name) };
    let shown: Vec<String> = shown.split_whitespace().map(key).collect();
    let within = |one: &[String], other: &[String]| one.iter().all(|word| other.contains(word));
    // `mulle, Sami Laitiselle`, from Sami Laitinen: the same name in another case.
    let alike =
        |(one, other): (&String, &String)| one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count() >= 4;
    if said.len() == shown.len()
        && said.len() > 1
        && said.iter().zip(&shown).all(|pair| pair.0 == pair.1 || alike(pair))
    {
        return None;
    }
    (shown.len() < 2 || !within(&shown, &said) && !within(&said, &shown)).then_some(name)
}

/// `Jorma Ala-Kokko Lakeuden Auto`, from `jorma@lakeudenauto.test`: without the firm that the domain names behind it.
fn without_firm(name: &str, domain: &str, display: &[String]) -> String {
    let mut words: Vec<&str> = name.split_whitespace().collect();
    let of_firm = |word: &str| word.chars().count() > 3 && domain.contains(&key(word)) && !display.contains(&key(word));
    while words.len() > 2 && words.last().is_some_and(|last| of_firm(last)) {
        words.pop();
    }
    words.join(" ")
}

/// Two to five words, none of which is one letter.
fn plausible(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    (2..=5).contains(&words.len())
        && words.iter().all(|word| word.chars().count() > 1 && !word.chars().any(is_joined))
        && !words.iter().any(|word| is_of_a_role(word))
}

/// A name that stands for itself at the start of a sentence with a number, where nothing else tells who writes:
/// `Gudrun Lühr, account AC-188420`.
pub(super) fn card(script: &Script) -> Option<String> {
    let from = script.from.as_ref()?;
    let place = key(&from.email);
    let text = above_signature(script).join("\n");
    let mut found: Vec<String> = Vec::new();
    for sentence in sentences(&text).filter(|one| one.chars().filter(char::is_ascii_digit).count() >= 4) {
        let piece = sentence.split([',', ';', '(', '–', '/', '|']).next().unwrap_or_default().trim();
        let all = runs(piece, false);
        let [run] = all.as_slice() else { continue };
        let name = run.words.join(" ");
        let whole = run.start == 0 && run.end == piece.len() && piece.len() < sentence.trim().len();
        let firm = run.words.iter().all(|word| place.contains(&key(word)));
        if whole
            && !firm
            && !run.words.iter().any(|word| super::named::is_title(word))
            && plausible(&name)
            && run.words.len() <= 4
        {
            found.push(name);
        }
    }
    found.dedup();
    match found.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

/// Whom somebody writes for, as phrases begin.
#[rustfmt::skip]
const FOR_ANOTHER: &[&str] = &[
    "for my colleague", "for our colleague", "for a colleague", "for our new", "for my new", "for a new", "for one of our", "new starter", "new hire", "new joiner", "on behalf of", "new employee", "new colleague", "new team member", "for my boss", "for my assistant",
    "fur meine kollegin", "fur meinen kollegen", "fur unseren", "fur unsere kollegin", "fur eine kollegin", "fur einen kollegen", "neuen kollegen", "neue kollegin", "neuer kollege", "neuen mitarbeiter", "neue mitarbeiter", "neuer mitarbeiter", "im auftrag von", "fur meine frau", "fur meinen",
    "kollegalle", "kollegalleni", "tyokaverille", "uudelle", "uusi tyontekij", "puolesta", "tyontekijalle", "for min kollega", "till min kollega", "at min kollega", "till en kollega", "ny kollega", "nya kolleg", "ny medarbet", "for vores nye", "til min kollega", "til vores", "ny ansatt", "ny kollega", "til ny",
    "pour ma collegue", "pour mon collegue", "pour notre", "nouveau collegue", "nouvelle collegue", "nouveau collaborateur", "nouvelle collaboratrice", "pour ma stagiaire", "para mi compan", "nuevo companero", "nueva companera", "para un companero", "para nuestra", "para nuestro", "nuevo emplead", "per il mio collega", "per la mia collega", "nuovo collega", "nuova collega", "per un collega",
    "voor mijn collega", "voor onze", "nieuwe collega", "nieuwe medewerker", "para o meu colega", "para a minha colega", "novo colega", "nova colega", "novo funcionario", "para nossa", "dla mojego", "dla mojej", "dla kolegi", "dla kolezanki", "nowego pracownika", "nowy pracownik", "nowego kolegi", "dla pracownika", "mon petit fils", "a mon fils", "para mi hijo", "anche la signorina", "tambien desea",
    "pro kolegu", "pro kolegyni", "noveho kolegu", "novy kolega", "後輩", "新入社員の", "同僚の", "部下の", "为同事", "给同事", "新同事", "신규 입사자", "동료", "для коллеги", "нового сотрудника", "для колеги", "yeni calisan", "is arkadasim icin",
];
/// That it is for the writer.
#[rustfmt::skip]
const FOR_ME: &[&str] = &[
    "for me", "for myself", "my own", "set me", "add me", "register me", "give me", "sign me up", "io sono", "i need", "i require", "i d like", "i would like", "could i", "can i", "may i", "i want", "fur mich", "auf meinen namen", "ich brauch", "ich brauchte", "ich mochte", "ich hatte gern", "kann ich", "mulle", "minulle", "itselleni", "saisinko", "haluaisin", "haluan", "tarvitsen", "till mig", "at mig", "jag behover", "skulle jag", "pour moi", "mon propre", "je souhait", "je voudrais", "j aimerais", "j ai besoin",
    "para mi$", "a mi nombre", "necesito un", "quisiera", "quiero", "per me", "vorrei", "a mio nome", "mi serve", "mi servirebbe", "voor mij", "voor mezelf", "ik wil", "ik heb een account nodig", "zou ik", "para mim", "preciso", "gostaria", "dla mnie", "chcialbym", "chcialabym", "potrzebuje", "pro me", "rad bych", "rada bych", "potrebuji", "til mig", "til meg", "jeg vil", "jeg trenger", "jeg har brug", "私の", "私が", "私も", "私に", "给我", "我需要", "我想", "제 ", "저도", "мне", "мені", "bana", "adima",
];

/// Whether what is asked for is for somebody else, of whom no address is known.
pub(super) fn is_for_another(script: &Script, vocabulary: &Vocabulary<'_>) -> bool {
    let told = Told::of(&format!("{} {}", script.subject, above_signature(script).join(" ")));
    halves(vocabulary.form).is_some() && told.has(FOR_ANOTHER) && !told.has(FOR_ME)
}

/// Whether the one other address that is named may be the writer's as well: nobody else is named with it or spoken of.
pub(super) fn is_alias(script: &Script, vocabulary: &Vocabulary<'_>) -> bool {
    let text = format!("{} {}", script.subject, above_signature(script).join(" "));
    let others = others(script, false);
    let [other] = others.as_slice() else { return false };
    let local = Local::of(&other.email);
    let own = script.from.as_ref().is_some_and(|from| from.name.split_whitespace().any(|word| local.holds(word)));
    let told = Told::of(&text);
    let about = told.has(SOMEBODY) || told.has(FOR_ANOTHER);
    own || other.name.is_empty() && !about && halves(vocabulary.form).is_some()
}

/// Words for somebody else.
#[rustfmt::skip]
const SOMEBODY: &[&str] = &[
    "he$", "she$", "his$", "her$", "him$", "they", "their", "wife", "husband", "son$", "daughter", "er$", "sie$", "ihm", "ihr$", "frau", "mann$", "han$", "hon$", "hun$", "hans$", "hendes", "hennes", "il$", "elle", "lui", "son$", "sa$", "hij", "zij$", "ze$", "zijn", "haar", "ella", "su$", "ele$", "ela$", "dele", "dela", "jego", "jej", "jemu", "mu$", "on$", "ona", "jeho", "ji$", "hanen", "hanelle", "sille", "colleague", "kolleg", "collegue", "companer", "collega", "colega", "kolega", "tyokaver", "employee", "mitarbeiter", "user$", "engineer",
];
