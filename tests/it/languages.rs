//! The languages that customers write and are written to: which one a mail is in, and that every notice and page says the
//! same things in each.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use caseway::desk::notice::kind::Notice;
use caseway::mail::language::{Language, detect};
use regex::Regex;

use crate::harness::mail::from;
use crate::harness::world::World;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Mails that people wrote in all those languages: nearly all are told, and hardly one is taken for another.
#[test]
fn the_language_of_a_mail_is_told_and_seldom_wrongly() {
    let mut told: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    let mut wrong = Vec::new();
    for writer in 1..=4 {
        let rows = fs::read_to_string(root().join(format!("tests/people/mails-w{writer}.jsonl"))).unwrap();
        for line in rows.lines() {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            let (language, body) = (row["lang"].as_str().unwrap(), row["body"].as_str().unwrap());
            let counts = told.entry(language.to_owned()).or_default();
            match detect(body) {
                Some(code) if code == language => counts[0] += 1,
                None => counts[1] += 1,
                Some(code) => {
                    counts[2] += 1;
                    wrong.push(format!("{language} as {code}: {body:?}"));
                }
            }
        }
    }
    let table: String = told
        .iter()
        .map(|(language, [right, none, wrong])| format!("{language}: {right} right, {none} untold, {wrong} wrong\n"))
        .collect();
    let sum = |at: usize| told.values().map(|counts| counts[at]).sum::<usize>();
    let all = sum(0) + sum(1) + sum(2);
    assert!(sum(2) * 200 <= all && sum(0) * 100 >= all * 94, "{table}\n{}", wrong.join("\n"));
}

/// What a template does, without what it says: its blocks, conditions and values, each once. Their order and number are
/// those of the language's sentences.
fn structure(template: &str) -> BTreeSet<String> {
    let parts = Regex::new(r"\{\{[^}]*\}\}").unwrap();
    let parts = parts.find_iter(template).map(|found| found.as_str().split_whitespace().collect::<Vec<_>>().join(" "));
    parts.filter(|part| part != "{{else}}").collect()
}

#[test]
fn every_notice_names_the_same_values_in_every_language() {
    let mut wrong = Vec::new();
    let folders = Notice::ALL.map(|notice| (format!("mail/{}", notice.as_str()), notice.languages()));
    for (folder, languages) in folders.into_iter().chain([("footer".to_owned(), &Language::ALL[..])]) {
        let read = |language: &str| {
            fs::read_to_string(root().join(format!("templates/{folder}/{language}.hbs"))).unwrap_or_default()
        };
        let english = structure(&read("en"));
        for language in languages {
            let own = structure(&read(language.code()));
            let (without, with) = (english.difference(&own), own.difference(&english));
            let (without, with): (Vec<_>, Vec<_>) = (without.collect(), with.collect());
            if own != english {
                wrong.push(format!("{folder}/{}: without {without:?}, with {with:?}", language.code()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A mail in each language, and what our acknowledgement of it begins with.
const GREETINGS: [(&str, &str, &str); 9] = [
    ("sv", "Hej, skrivaren på andra våningen skriver inte ut längre. Kan ni hjälpa oss?", "Hej!"),
    ("da", "Hej, printeren på anden sal udskriver ikke længere. Kan I hjælpe os med det?", "Hej"),
    ("nl", "Goedemorgen, de printer op de tweede verdieping print niet meer. Kunt u ons helpen?", "Goedendag,"),
    ("fr", "Bonjour, l'imprimante du deuxième étage n'imprime plus. Pouvez-vous nous aider ?", "Bonjour,"),
    ("es", "Buenos días, la impresora del segundo piso ya no imprime. ¿Nos pueden ayudar?", "Hola:"),
    ("it", "Buongiorno, la stampante al secondo piano non stampa più. Potete aiutarci?", "Buongiorno,"),
    ("pt", "Bom dia, a impressora do segundo andar já não imprime. Podem ajudar-nos?", "Olá,"),
    ("pl", "Dzień dobry, drukarka na drugim piętrze już nie drukuje. Czy mogą nam Państwo pomóc?", "Dzień dobry,"),
    (
        "ja",
        "お世話になっております。2階のプリンターが印刷できなくなりました。ご確認をお願いします。",
        "お世話になっております。",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_answered_in_their_language_and_an_engineer_in_the_desks() {
    let mut world = World::with(|config| config.desk.default_language = Language::Fi).await;
    world.engineer("erkki@engineers.test", "Erkki").await;
    for (number, (language, words, greeting)) in GREETINGS.into_iter().enumerate() {
        let writer = format!("{language}@customer.test");
        world.receive(&from(&writer, &format!("m{number}@customer.test")).text(words)).await;
        let sent = world.sent().await;
        let ack = sent.iter().find(|mail| mail.recipient == writer).unwrap();
        assert_eq!(ack.mail.headers.first("Content-Language"), Some(language));
        assert!(ack.mail.text.lines().any(|line| line == greeting), "{}", ack.mail.text);
        let told = sent.iter().find(|mail| mail.recipient == "erkki@engineers.test").unwrap();
        assert_eq!(told.mail.headers.first("Content-Language"), Some("fi"), "{language}");
    }
}

/// What we say to who writes in a language that we do not write: one line in theirs, the rest in that of their account, or
/// else of the desk.
#[tokio::test(flavor = "multi_thread")]
async fn a_language_that_we_do_not_write_is_named_in_one_line() {
    let letters = [
        ("cs", "Dobrý den, tiskárna ve druhém patře už netiskne. Můžete nám prosím pomoci?", "Česky zatím"),
        ("no", "Hei, skriveren i andre etasje skriver ikke ut lenger. Kan dere hjelpe meg med noe her?", "norsk"),
        ("uk", "Добрий день, принтер на другому поверсі більше не друкує. Чи можете ви нам допомогти?", "українською"),
        ("ru", "Здравствуйте, принтер на втором этаже больше не печатает. Вы можете нам помочь?", "по-русски"),
        ("zh", "您好，二楼的打印机无法打印了，请问你们可以帮我们看一下吗？", "中文"),
        ("ko", "안녕하세요, 2층 프린터가 더 이상 인쇄되지 않습니다. 도와주실 수 있나요?", "한국어"),
        ("tr", "Merhaba, ikinci kattaki yazıcı artık çalışmıyor. Bize yardım eder misiniz lütfen?", "Türkçe"),
    ];
    let mut world = World::with(|config| config.desk.default_language = Language::De).await;
    world.engineer("erkki@engineers.test", "Erkki").await;
    for (number, (language, words, note)) in letters.into_iter().enumerate() {
        let writer = format!("{language}@customer.test");
        world.receive(&from(&writer, &format!("m{number}@customer.test")).text(words)).await;
        let sent = world.sent().await;
        let ack = sent.iter().find(|mail| mail.recipient == writer).unwrap();
        assert_eq!(ack.mail.headers.first("Content-Language"), Some("de"), "{language}");
        assert_eq!(ack.mail.text.lines().filter(|line| line.contains(note)).count(), 1, "{}", ack.mail.text);
        assert!(ack.mail.text.contains("Guten Tag"), "{}", ack.mail.text);
        let told = sent.iter().find(|mail| mail.recipient == "erkki@engineers.test").unwrap();
        assert!(!told.mail.text.contains(note) || words.contains(note), "{}", told.mail.text);
    }
    let swedish = GREETINGS[0].1;
    world.receive(&from("cs@customer.test", "m20@customer.test").text(swedish)).await;
    world.receive(&from("cs@customer.test", "m21@customer.test").text(letters[0].1)).await;
    let sent = world.sent().await;
    let last = sent.iter().rfind(|mail| mail.recipient == "cs@customer.test").unwrap();
    assert_eq!(last.mail.headers.first("Content-Language"), Some("sv"), "the language that they wrote before");
    assert!(last.mail.text.contains("Česky zatím"), "{}", last.mail.text);
}
