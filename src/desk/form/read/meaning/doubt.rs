//! Answers that are none: somebody does not know, will ask, or asks back.

use crate::desk::form::read::told::{Told, sentences};

/// Whether a text says that its writer does not know.
pub(super) fn is_unsure(text: &str) -> bool {
    Told::of(text).has(UNSURE)
}

/// Whether one of its sentences asks something.
pub(super) fn asks(text: &str) -> bool {
    sentences(text).any(|sentence| sentence.trim_end().ends_with(['?', '？']))
}

#[rustfmt::skip]
const UNSURE: &[&str] = &[
    "don t know", "dont know", "do not know", "idk", "dunno", "no idea", "not sure", "unsure", "not certain", "couldn t tell", "couldn t say", "can t say", "cannot say", "have to check", "need to check", "must ask", "have to ask", "will ask", "would have to check", "would have to ask", "let me check", "let me ask", "i ll check", "i ll ask", "maybe", "perhaps", "possibly", "might be", "clarify", "what do you mean", "what is meant", "don t understand", "do not understand", "define", "would like to confirm", "get back to you", "what s an admin", "whats an admin", "can you check", "depends",
    "weiss nicht", "weiss ich nicht", "weiss es nicht", "weiss das nicht", "nicht sicher", "keine ahnung", "muss ich fragen", "musste ich", "muss ich erst", "muss nachfragen", "muss erst", "frag mal", "frage nach", "nachfragen", "erfragen", "klaren", "vielleicht", "eventuell", "moglicherweise", "unter umstanden", "verstehe die frage nicht", "verstehe nicht", "was ist mit", "was ist denn", "erlauterung", "kenntnis", "muss ich passen", "ehrlich passen", "melde mich", "meld mich", "kommt darauf an", "kommt drauf an",
    "en tieda", "emme tieda", "en osaa sanoa", "en ole varma", "en oo varma", "ei hajua", "ei hajuakaan", "ei tietoa", "ehka", "mahdollisesti", "pitaa kysya", "taytyy kysya", "pitaa tarkistaa", "taytyy tarkistaa", "tarkistettava", "selvitan", "selvitettava", "kysyn", "tarkistan", "palaan asiaan", "en ymmarra", "mika se", "voisko", "lienee", "riippuu",
    "vet inte", "vet ej", "ingen aning", "inte saker", "osaker", "kanske", "eventuellt", "maste fraga", "maste kolla", "far kolla", "kollar med", "aterkommer", "forstar inte", "beror pa",
    "ved ikke", "ved det ikke", "ingen ide", "ikke sikker", "usikker", "maske", "muligvis", "skal sporge", "ma sporge", "sporger lige", "vender tilbage", "forstar ikke", "kommer an pa", "vet ikke", "vet ikkje", "aner ikke", "kanskje", "muligens", "ma sjekke", "skal sjekke", "ma hore med", "kommer tilbake", "sier fra nar", "kommer an",
    "ne sais pas", "sais pas", "j ignore", "aucune idee", "pas sur$", "pas sure$", "pas certain", "peut etre", "eventuellement", "je dois demander", "dois verifier", "vais demander", "vais verifier", "je me renseigne", "ne comprends pas", "comprends pas", "en theorie", "main au feu", "ca depend", "cela depend", "il me semble",
    "yo no se", "no se si", "no se quien", "no se que", "no se cual", "no se como", "no se donde", "pues no se", "verdad no se", "no sabe", "no lo se", "ni idea", "no estoy segur", "quiza", "tal vez", "a lo mejor", "puede que", "tengo que preguntar", "tendria que", "voy a preguntar", "lo consulto", "le confirmo", "no entiendo", "depende",
    "non so$", "non lo so", "non saprei", "nessuna idea", "non sono sicur", "forse", "puo darsi", "devo chiedere", "devo verificare", "chiedo e", "verifico", "non capisco", "non ci giurerei", "dipende", "non riesco a chieder",
    "weet niet", "weet ik niet", "weet het niet", "geen idee", "niet zeker", "misschien", "wellicht", "mogelijk", "moet vragen", "moet ik vragen", "navragen", "moet ik navragen", "ga vragen", "zoek het uit", "begrijp niet", "begrijp de vraag niet", "hangt ervan", "ligt eraan",
    "nao sei", "nao faco ideia", "sem ideia", "nao tenho certeza", "nao tenho a certeza", "talvez", "se calhar", "pode ser que", "tenho de perguntar", "tenho que perguntar", "vou perguntar", "vou verificar", "nao entendo", "nao percebo", "depende", "costumava",
    "nie wiem", "nie jestem pewien", "nie jestem pewna", "nie mam pojecia", "byc moze", "moze ktos", "moze to", "musze zapytac", "musze spytac", "musze sprawdzic", "zapytam", "zaraz sprawdze", "nie rozumiem", "doprecyzowanie", "zalezy", "nie umiem", "trudno powiedziec",
    "nevim", "netusim", "nejsem si jist", "mozna", "musim se zeptat", "musim zeptat", "musim overit", "zeptam se", "overim", "nerozumim", "zalezi", "myslis", "myslite",
    "わからない", "わかりません", "分かりません", "分からない", "存じません", "存じ上げ", "不明", "確認します", "確認いたします", "聞いてみます", "かもしれ", "たぶん", "多分", "おそらく", "ご教示", "教えて", "でしょうか", "ですか",
    "不知道", "不清楚", "不确定", "不確定", "不太清楚", "可能", "也许", "也許", "大概", "问一下", "確認一下", "确认一下", "什么意思", "不明白",
    "모르", "모르겠", "글쎄", "확실하지", "아마", "확인해", "물어보", "인가요", "무슨 뜻",
    "не знаю", "не уверен", "без понятия", "наверно", "возможно", "может быть", "может и", "надо уточн", "уточню", "нужно спросить", "спрошу", "не понимаю", "зависит", "не певен", "не певна", "мабуть", "можливо", "треба спитати", "треба запитати", "запитаю", "уточнити", "залежить",
    "bilmiyorum", "emin degilim", "fikrim yok", "belki", "sormam", "sorayim", "kontrol etmem", "anlamadim", "galiba", "bakmam lazim",
];
