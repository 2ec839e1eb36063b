//! Whether there is another administrator.

use crate::desk::form::read::told::{Told, sentences};

/// Yes or no, as the whole text says it.
pub(super) fn another(text: &str, asked: bool) -> Option<&'static str> {
    let (mut one, mut more) = (false, false);
    for sentence in sentences(text) {
        let told = Told::of(sentence);
        let about = told.has(ADMINISTRATOR);
        if told.has(NOT_ALONE) && (about || asked) {
            more = true;
            continue;
        }
        let alone = told.has(ALONE) || about && (told.has(ONLY) || told.has(NOT));
        one |= alone;
        more |= !alone && (about && (told.has(ALSO) || asked) || told.has(TOO));
    }
    match (one, more) {
        (true, false) => Some("no"),
        (false, true) => Some("yes"),
        _ => None,
    }
}

/// Whether a text denies that somebody is alone: one `not` more than the words by which a mail is known.
pub(super) fn is_denied(text: &str) -> bool {
    Told::of(text).has(NOT_ALONE)
}

#[rustfmt::skip]
const ADMINISTRATOR: &[&str] = &[
    "admin", "amministrat", "verwalter", "paakayttaj", "piakayttaj", "yllapit", "beheerder", "spravc", "uzytkownik z uprawnieniami", "管理者", "管理员", "管理員", "관리자", "админ", "адмін", "yonetici", "gestionnaire du compte", "adm$", "co admin", "systemadmin", "forvalter", "hovedbruger", "アドミン", "管理権限",
];
/// That somebody else is one.
#[rustfmt::skip]
const ALSO: &[&str] = &[
    "also", "too$", "other", "another", "second", "as well", "either", "too ", "is an admin", "is admin", "has admin", "and admin", "both admins", "two admins", "my colleague", "my boss", "my manager", "rights", "backup admin", "there is", "there s",
    "auch", "ebenfalls", "ebenso", "noch ein", "weiter", "zweit", "ander", "zwei", "mein chef", "kolleg", "neben mir", "ausserdem", "gibt es", "gibt s", "hat ", "ist admin", "is admin",
    "myos", "kans", "toinen", "toise", "toista", "kaks", "on admin", "muitakin", "lisaksi", "samoin", "on kylla",
    "ocksa", "annan", "andra", "aven", "en till", "kollega", "tva", "numera", "finns",
    "aussi", "egalement", "autre", "second", "deuxieme", "mon chef", "mon associe", "collegue", "est admin", "co admin", "oui$", "a lui aussi", "il y a",
    "tambien", "otro", "otra", "segundo", "mas administradores", "mi jefe", "hay ", "companer", "aparte de mi",
    "anche", "altro", "altri", "secondo", "pure", "c e ", "collega", "il mio capo",
    "ook", "tweede", "andere", "nog een", "is er", "er is", "mede",
    "tambem", "outro", "outra", "segundo", "ha ", "tem ", "colega", "o meu chefe", "alem de mim",
    "tez", "rowniez", "takze", "drug", "inny", "jest ", "kolega", "kolezanka", "szef", "poza mna",
    "take", "taky", "druh", "dals", "jeste", "je ", "kolega", "sef", "krome me", "tez",
    "ogsa", "ogsaa", "anden", "annen", "andre", "en til", "kollega", "kollegaen", "sjefen", "chefen", "er admin",
    "他に", "ほかに", "別の", "もう一人", "もう1人", "も管理者", "も持", "います", "おります", "もおり", "も権限", "も管理", "二人", "複数",
    "还有", "另", "也是", "也有", "其他", "同事", "领导", "有一个", "有一位", "還有", "兩個", "两个",
    "도 관리", "다른", "또", "도 있", "있습니다", "있어요", "님도", "한 명 더", "두 명",
    "тоже", "второй", "еще", "также", "другой", "есть", "ще один", "також", "другий", "інший", "є ",
    "baska bir", "ikinci", "diger", "de yonetici", "da yonetici", "de admin", "da admin", "var$",
];
/// That nobody else is.
#[rustfmt::skip]
const NOT: &[&str] = &[
    "no other", "no one else", "nobody", "no second", "isn t another", "not another", "no more", "none", "don t have another", "no admin", "no additional", "is no ", "are no ", "don t exist", "not any", "no$", "there isn t", "without",
    "kein", "niemand", "nicht", "keine", "sonst keiner", "koan", "net",
    "ei$", "eika", "ee$", "ei ole", "ei oo", "ketaan",
    "ingen", "inga", "inte", "ikke", "ingen andre", "ikkje",
    "pas d", "aucun", "personne", "n y a pas", "n y en a pas", "pas de", "pas un", "plus d autre",
    "no hay", "ningun", "nadie", "no tenemos", "no existe", "no tengo",
    "nessun", "non c e", "non ci sono", "non abbiamo", "non ne",
    "geen", "niemand", "niet",
    "nenhum", "ninguem", "nao ha", "nao tem", "nao temos", "nao existe",
    "nie ma", "nikt", "zadn", "brak", "nie mamy", "nie ma ", "nie posiadamy",
    "neni", "nikdo", "nemame", "zadny", "neexistuje",
    "いません", "おりません", "いない", "ない", "なし", "居りません",
    "没有", "無", "沒有", "没别",
    "없", "아니",
    "нет", "никого", "немає", "нема", "ніхто", "никто",
    "yok", "degil",
];
#[rustfmt::skip]
const ONLY: &[&str] = &[
    "only", "sole", "just me", "alone", "single", "lone", "unique", "myself$",
    "einzig", "nur ich", "allein", "alloa", "bloss ich", "als einzige",
    "ainoa", "yksin", "vain mina", "ainut", "ainuu",
    "enda", "ensam", "bara jag", "sjalv$",
    "seul", "unique", "que moi", "toute seule", "tout seul",
    "unico", "unica", "solo yo", "sola", "solo$", "solamente", "soy yo el", "solo soy",
    "solo io", "soltanto", "da solo", "da sola", "sono solo",
    "enige", "alleen",
    "so eu", "apenas eu", "somente eu", "sozinh",
    "jedyn", "tylko ja", "sam$", "sama$",
    "jediny", "jedina", "jen ja", "jenom ja", "pouze ja", "sam$",
    "eneste", "kun mig", "kun jeg", "alene", "bare meg", "bare jeg", "aleine",
    "私一人", "私だけ", "一人だけ", "のみ", "だけ", "一人しか", "わたしだけ", "自分だけ", "一人です", "1人",
    "只有我", "就我一个", "只有一个", "我一个", "仅", "就我", "只有",
    "혼자", "저뿐", "저 하나", "한 명뿐", "유일", "저만",
    "один", "единствен", "только я", "одна", "лише я", "єдин", "тільки я", "сам",
    "tek", "sadece ben", "yalniz", "benden baska",
];
/// That somebody is alone, without the word for an administrator.
#[rustfmt::skip]
const ALONE: &[&str] = &[
    "nobody else", "no one else", "noone else", "just me$", "only me$", "it s just me", "it is just me", "just myself", "i m the only", "i am the only", "i m on my own", "one man show", "one man band", "by myself here", "only one here", "just the one of us",
    "sonst keiner", "sonst niemand", "bin allein", "bin alleine", "ausser mir hat niemand", "ausser mir niemand", "ausser mir keiner", "nur ich", "bin der einzige", "bin die einzige", "bin die einzigste", "nur mich", "niemand sonst", "niemand ander", "kein anderer", "keinen anderen",
    "olen ainoa", "mina yksin", "yksin tassa", "ei ole muita", "ei oo muita", "ei ketaan muuta", "vain mina", "vaan mina", "yksin naita", "ihan yksin", "oon ainoo", "oon ainut", "ei muita",
    "ensam har", "bara jag", "ingen annan", "inga andra", "jag ar ensam", "det ar bara jag", "ar sjalv",
    "personne d autre", "je suis seul", "suis la seule", "suis le seul", "que moi", "toute seule d admin", "je suis toute seule",
    "nadie mas", "solo yo", "soy el unico", "soy la unica", "solo estoy yo", "no hay nadie mas", "yo solo", "yo sola", "no hay mas", "ningun otro",
    "nessun altro", "solo io", "sono l unico", "sono l unica", "sono da solo", "ci sono solo io", "sono solo io", "non c e nessun",
    "niemand anders", "alleen ik", "ik ben de enige", "ben de enige", "niemand verder", "verder niemand", "verder geen", "ben alleen",
    "so eu", "mais ninguem", "sou o unico", "sou a unica", "ninguem mais", "apenas eu", "nao ha mais ninguem", "estou sozinh",
    "nikt inny", "tylko ja", "jestem jedyn", "jestem sam", "nikogo innego", "nikt wiecej", "nikogo wiecej", "sam jestem",
    "nikdo jiny", "jen ja", "jsem jediny", "jsem jedina", "jenom ja", "jsem na to sam", "nikdo dalsi", "jsem sam",
    "ingen andre", "kun mig", "bare mig", "er den eneste", "er alene", "bare meg", "bare jeg", "kun meg", "det er kun", "det er bare",
    "私一人", "私だけ", "自分だけ", "一人だけです", "他にはいません", "他にいません", "ほかにいません", "私のみ",
    "没有别人", "没别人", "就我一个", "只有我", "就我自己", "沒有別人",
    "저 혼자", "저뿐", "저밖에", "혼자입", "저만",
    "я один", "я одна", "больше никого", "только я", "кроме меня никого", "лише я", "тільки я", "більше нікого",
    "benden baska", "sadece ben", "tek ben", "tek basima", "baska kimse",
];
/// That somebody else can do the same, without the word.
#[rustfmt::skip]
const TOO: &[&str] = &["has the same rights", "same permissions as", "kann auch rein", "hat auch zugang", "a aussi acces", "有权限"];
/// That somebody is not alone.
#[rustfmt::skip]
const NOT_ALONE: &[&str] = &[
    "not the only", "not the sole", "not alone", "isn t the only", "not only me", "not just me", "not on my own", "aren t the only", "not a sole",
    "nicht der einzig", "nicht die einzig", "nicht allein", "nicht nur ich", "nicht als einzig", "net der einzig", "net die einzig", "ned der einzig", "ned die einzig", "ned allein", "net allein",
    "en ole ainoa", "en oo ainoa", "en oo ainoo", "en ole ainut", "en oo ainut", "en ole yksin", "en oo yksin", "emme ole ainoa", "ei ole ainoa", "ei oo ainoa", "enka ole ainoa",
    "inte ensam", "inte den enda", "inte enda", "inte bara jag", "inte sjalv$",
    "ikke den eneste", "ikke eneste", "ikke alene", "ikke kun mig", "ikke bare mig", "ikke bare meg", "ikke bare jeg", "ikke kun jeg", "ikkje den einaste", "ikkje aleine", "ikkje berre",
    "pas le seul", "pas la seule", "pas seul", "pas l unique", "pas que moi", "pas tout seul", "pas toute seule", "pas un seul",
    "no soy el unico", "no soy la unica", "no soy unic", "no estoy solo", "no estoy sola", "no solo yo", "no solo soy yo", "no es el unico", "no es la unica",
    "non sono l unic", "non sono unic", "non sono il solo", "non sono la sola", "non sono da sol", "non solo io", "non sono solo io", "non e l unic",
    "niet de enige", "niet alleen", "niet als enige",
    "nao sou o unico", "nao sou a unica", "nao estou sozinh", "nao so eu", "nao e so eu", "nao sou so eu", "nao sou unic",
    "nie jestem jedyn", "nie jestem sam", "nie tylko ja", "nie jestem tu sam", "nie jestem tutaj sam",
    "nejsem jedin", "nejsem sam", "nejsem na to sam", "nejsem tu sam", "nejen ja",
    "だけではな", "だけではあ", "だけじゃ", "一人ではな", "一人ではあ", "一人じゃ", "のみではな", "のみではあ", "唯一ではな", "唯一ではあ",
    "不是唯一", "不只我", "不止我", "不是只有我", "不只有我", "不仅我", "不仅仅是我", "不是就我", "不是我一个",
    "혼자가 아니", "혼자는 아니", "혼자 아니", "저만 있는 게 아니", "저만은 아니", "저뿐만", "저뿐이 아니", "유일한 관리자가 아니", "유일한 관리자는 아니",
    "не единствен", "не один$", "не одна$", "не только я", "не єдин", "не тільки я", "не лише я",
    "tek yonetici degil", "tek ben degil", "sadece ben degil", "yalniz degil", "tek degil", "tek admin degil",
];
