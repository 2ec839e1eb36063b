//! Whether the old device is still at hand.

use crate::desk::form::read::told::{Told, sentences};

/// Yes or no, as the whole text says it.
pub(super) fn at_hand(text: &str, asked: bool) -> Option<&'static str> {
    let mut kept = false;
    let mut lost = false;
    for sentence in sentences(text) {
        let told = Told::of(sentence);
        let about = asked || told.has(DEVICE) || told.has(KEPT) || told.has(GONE);
        if told.has(NO_MORE) && about {
            return Some("no");
        }
        kept |= told.has(KEPT);
        let of_app = told.has(APP) && !told.has(HARD);
        lost |= told.has(GONE) && !of_app && (asked || told.has(DEVICE) || told.has(PLAIN_GONE));
    }
    match (kept, lost) {
        (true, _) => Some("yes"),
        (false, true) => Some("no"),
        _ => None,
    }
}

/// Whether a sentence says what happened to a device.
pub(super) fn tells(sentence: &str) -> bool {
    let told = Told::of(sentence);
    told.has(DEVICE) && (told.has(GONE) || told.has(KEPT) || told.has(NO_MORE) || told.has(CHANGED))
}

#[rustfmt::skip]
const CHANGED: &[&str] = &["new", "neu", "uusi", "uude", "vaihto", "ny$", "nytt", "bytt", "nouveau", "change", "nuevo", "cambi", "nuovo", "nieuw", "novo", "troquei", "nowy", "zmien", "novy", "機種変更", "換", "换", "바꾸"];
/// What people call the device.
#[rustfmt::skip]
const DEVICE: &[&str] = &[
    "phone", "mobile", "cell", "handset", "device", "token", "iphone", "android", "smartphone", "fob", "key$", "yubikey", "pixel", "galaxy", "samsung", "tablet",
    "handy", "telefon", "gerat", "natel", "diensthandy", "mobiltelefon", "puhelin", "puhelim", "luuri", "laite", "laitte", "kannykk", "kapula", "mobil", "lur$", "luren", "enhet", "dosa",
    "telephone", "portable", "appareil", "tel$", "gsm", "movil", "celular", "celu", "telefono", "cellulare", "cell$", "dispositivo", "aparato", "telefoon", "toestel", "mobiel", "telemovel",
    "komork", "urzadzeni", "aparat", "telef", "mobilni", "zarizeni", "slusk", "携帯", "スマホ", "スマートフォン", "端末", "電話", "トークン", "手机", "手機", "设备", "令牌", "폰", "휴대", "핸드폰", "단말", "기기", "телефон", "смартфон",
    "токен", "мобил", "трубк", "cihaz", "telefonum", "apparaat", "brik",
];
/// That it is there.
#[rustfmt::skip]
const KEPT: &[&str] = &[
    "still have", "still got", "still here", "still at hand", "still with me", "still in my", "still working", "still works", "have it here", "got it here", "have got it", "is in my hand", "in front of me", "in my pocket",
    "in the drawer", "in my drawer", "on my desk", "on the desk", "same phone", "same device", "i have the old", "have the phone", "i have the device", "phone is fine", "phone itself is", "phone works", "device i am having", "is with me$", "available with me", "within reach", "to hand$",
    "noch da", "hab ich noch", "habe ich noch", "hab i no", "noch hier", "noch vorhanden", "liegt vor mir", "liegt hier", "liegt noch", "liegt neben", "in der schublade", "hab es noch", "habe es noch", "habe das alte", "hab das alte", "vor mir", "noch in meinem besitz", "noch bei mir", "noch im besitz", "handy hab ich", "handy habe ich", "noch funktionier", "gerat ist da", "alte hab", "alte habe ich noch", "hob i no",
    "tallella", "on viel", "on viela", "laatikossa", "tassa kadessa", "on kylla", "minulla on se", "on edelleen", "pöydällä", "poydalla", "kadessani", "on yha", "mulla on vanha", "vanha puhelin on", "vanha on", "on mulla", "on minulla",
    "har kvar", "finns kvar", "ligger kvar", "ligger har", "ligger i ladan", "har den har", "kvar i", "har den gamla kvar", "har telefonen", "den gamla fungerar", "gamla har jag", "gamla ligger", "ligger pa skrivbordet", "har mobilen",
    "je l ai encore", "ai toujours", "l ai toujours", "sous la main", "dans la main", "dans mon tiroir", "dans le tiroir", "encore l ancien", "toujours le telephone", "devant moi", "l ancien fonctionne", "ai encore", "est toujours la", "je l ai la", "sur mon bureau", "j ai gard", "jai toujour", "encore le vieux", "en ma possession", "est la$", "l ai gard",
    "lo tengo", "todavia tengo", "aun tengo", "todavia lo tengo", "aun lo tengo", "lo conservo", "aqui mismo", "encima de la mesa", "en el cajon", "sigue conmigo", "tengo el viejo", "tengo el antiguo", "el viejo lo tengo", "lo sigo teniendo", "tengo el movil", "tengo el telefono", "lo guardo",
    "ce l ho ancora", "ce lo ancora", "ho ancora", "l ho ancora", "nel cassetto", "il vecchio ce l ho", "funziona ancora", "ho con me", "ce l ho qui", "ho il vecchio", "sul tavolo", "sulla scrivania", "ho qui", "e ancora qui", "in mano", "lo tengo",
    "heb ik nog", "nog hier", "ligt hier", "nog in huis", "heb hem nog", "heb het nog", "ligt in de la", "ligt nog", "nog bij me", "oude heb ik", "nog gewoon", "nog steeds", "ligt voor me", "voor mijn neus", "heb m nog", "heb ik hier", "ligt op mijn bureau", "ik heb de telefoon",
    "ainda tenho", "ainda o tenho", "ainda esta comigo", "ainda ta aqui", "na gaveta", "tenho o antigo", "esta comigo", "ta comigo", "tenho aqui", "o velho ainda", "o antigo ainda", "continua comigo", "aqui comigo", "recuperei o aparelho", "na mao", "guardei o",
    "mam jeszcze", "nadal mam", "stary mam", "mam stary", "lezy na biurku", "jeszcze lezy", "w szufladzie", "mam go", "mam przy sobie", "wciaz mam", "mam ten telefon", "telefon mam", "lezy przede mna", "jest w szufladzie", "ciagle mam", "jest u mnie", "dalej mam", "lezy obok", "mam nadal", "mam pod reka", "stary telefon jest",
    "mam ho", "porad mam", "jeste mam", "mam jeste", "mam porad", "v supliku", "jeste u sebe", "stary mam", "je u me", "lezi na stole", "mam u sebe", "mam stale", "stale mam", "k dispozici", "mam v ruce", "stary telefon mam",
    "har stadig", "har jeg stadig", "har den endnu", "har jeg endnu", "ligger i skuffen", "ligger her", "har den her", "har fortsatt", "har jeg fortsatt", "har enna", "i skuffen", "ligger pa bordet", "har den ennå", "har telefonen", "gamle har jeg", "ligger foran meg", "ligger foran mig",
    "手元にあり", "手元にござ", "まだあり", "まだ手元", "持ってい", "持って", "机にござ", "机の", "引き出し", "手元に残", "使えます", "はあります", "まだ使え", "まだ持", "そのままあり", "手元にある",
    "还在", "還在", "在我手", "在手上", "在抽屉", "手上有", "还有旧", "在我这", "就在", "旧手机在", "还能用",
    "가지고 있", "갖고 있", "아직 있", "손에 있", "서랍에", "그대로 있", "있습니다", "있어요", "있긴",
    "остался", "у меня есть", "лежит", "при мне", "на руках", "телефон у меня", "у меня на столе", "еще у меня", "пока у меня", "есть на руках", "старый есть", "все еще", "в ящике", "сохранился",
    "лежить", "при мені", "у мене", "ще є", "в мене",
    "hala bende", "yanimda", "elimde", "duruyor", "bende$", "cekmece", "hala var", "masamda",
    "in my possession", "at hand but", "smartphone is at hand", "phone is at hand", "is at hand", "in my hand", "in the hand", "the same one", "same mobile", "i have the telephone", "telefonen har jag", "telefonen har eg", "i handen", "telefoon heb ik", "handy ist da", "handy is da", "telefon ist da", "hallussa", "手边", "手邊", "尚在", "ich habs noch", "gsm je l ai", "je l ai$", "chez moi", "obra en mi poder", "en mi poder", "guardado", "guardada", "posiadam", "przy sobie", "den same", "samma telefon", "samme telefon", "samme mobil", "meme telephone", "mismo telefono", "mismo movil", "stesso telefono", "zelfde telefoon", "mesmo telemovel", "ten sam telefon", "stejny telefon", "sama puhelin", "sama laite", "kvar hos mig", "hos mig", "bij mij", "entre les mains", "connosco", "comigo", "まだいえに", "家にあり", "会社にあり", "うちにあり", "остался у меня", "сам телефон жив", "телефон живой", "у себе", "telefon bende", "handset remains", "in der hand", "in da hand", "is still in", "right here", "still in the", "sitting here", "sitting on", "lying here", "in my drawer", "i have it but", "phone is ok", "telefonen ar ok", "telefon ok", "puhelin on kunnossa", "on kunnossa", "ihan kunnossa", "funktioniert noch", "funktioniert ja", "telefonen fungerar", "virker fint", "telefon dziala", "telefon funguje", "el telefono funciona", "funciona bien", "funziona benissimo", "fonctionne tres bien", "werkt prima", "werkt nog",
];
/// What is gone may be the codes alone.
#[rustfmt::skip]
const APP: &[&str] = &["app$", "app s", "apps$", "appen", "appi", "authenticator", "codes", "code$", "application", "applikation", "aplicacion", "aplicativo", "applicazione", "aplikac", "sovellus", "sovellu", "koodi", "koder", "koden", "codigos", "codici", "codes$", "kody", "アプリ", "コード", "验证器", "앱", "приложен", "коды", "seed", "uygulama"];
/// What only a device can be.
#[rustfmt::skip]
const HARD: &[&str] = &["phone is gone", "phone s gone", "stolen", "stole", "robbed", "snatched", "lost my phone", "lost the phone", "dropped", "fell", "drown", "broke", "smash", "traded", "sold", "handed", "returned", "wiped", "formatted", "dead", "died", "gestohlen", "geklaut", "verloren", "kaputt", "gfallen", "gefallen", "gelandet", "zuruckgegeben", "hajosi", "rikki", "putos", "varast", "katosi", "stulen", "tappat", "tappade", "sonder", "vole", "perdu mon", "tombe", "casse", "robaron", "afanaron", "perdi el", "rompio", "cayo", "rubat", "rotto", "caduto", "perso il", "smarrito", "gestolen", "kapot", "gevallen", "verloren", "roubar", "roubo", "caiu", "partiu", "perdi o", "ukrad", "skradzi", "kradziez", "zgubi", "rozbi", "utopi", "ztrati", "stjal", "mistet", "tabt", "falt", "紛失", "盗", "水没", "落と", "壊れ", "下取り", "初期化", "丢了", "偷", "坏了", "분실", "도난", "침수", "украл", "потерял", "разбил", "розбив", "calindi", "kaybettim", "kirildi"];
/// That it is not there, said so.
#[rustfmt::skip]
const NO_MORE: &[&str] = &[
    "no longer have", "don t have it", "do not have it", "don t have the old", "dont have", "no longer with me", "not with me", "no longer at hand", "haven t got it", "have not got", "no more phone", "don t have that phone", "can t use it any more", "don t have access to the old", "not at hand", "isn t with me", "without my phone", "not available any", "no longer in my",
    "nicht mehr da", "nimmer da", "nicht mehr vorhanden", "hab ich nicht mehr", "habe ich nicht mehr", "nicht mehr in meinem besitz", "nicht mehr im besitz", "hab s nimmer", "nicht mehr bei mir", "gibt es nicht mehr", "gibts nicht mehr", "hab es nicht mehr", "habe es nicht mehr", "nicht mehr auffindbar", "hab i nimmer",
    "ei ole enaa", "ei oo enaa", "ei ole tallella", "ei ole minulla", "ei enaa ole", "ei oo tallella", "ei loydy", "en omista enaa",
    "har inte kvar", "inte kvar", "finns inte", "har jag inte", "inte langre", "har den inte", "har ikke mere", "har ikke lenger", "har den ikke", "har jeg ikke", "ikke lenger", "ikke laengere", "har ikke telefonen", "finnes ikke",
    "ne l ai plus", "n ai plus l ancien", "l ai plus", "plus en ma possession", "n est plus", "n ai plus le", "n ai plus mon", "pas sous la main", "n ai plus",
    "ya no lo tengo", "no lo tengo", "ya no tengo el", "no tengo el viejo", "ya no esta", "no dispongo", "ya no existe", "no esta conmigo",
    "non ce l ho piu", "non ho piu il", "non l ho piu", "non c e piu", "non piu in mio possesso", "non e piu", "non ce l ho",
    "niet meer", "heb ik niet", "heb hem niet", "heb m niet",
    "ja nao tenho", "nao tenho mais", "ja nao o tenho", "nao esta comigo", "nao ta comigo", "ja nao esta", "nao o tenho", "ja o nao tenho", "nao existe mais",
    "nie mam juz", "juz nie mam", "juz go nie", "nie mam go", "nie mam starego", "nie mam tego", "nie odzyskano", "nie ma go",
    "uz nemam", "nemam ho", "uz ho nemam", "neni k dispozici", "uz neni",
    "手元にあり ません", "手元にありません", "手元にない", "もうありません", "もうない", "ありません", "手元にございません", "持っていません", "無いです", "はもうな", "ないです", "手元になく",
    "没有了", "不在了", "已经没有", "不在我", "没了", "不在手",
    "없습니다", "없어요", "없음", "안 가지고",
    "больше нет", "нет у меня", "уже нет", "нету", "немає", "вже нема",
    "artik yok", "yok artik", "bende degil", "elimde degil", "yanimda degil", "yok$",
];
/// What makes a device be gone.
#[rustfmt::skip]
const GONE: &[&str] = &[
    "lost", "stolen", "stole", "robbed", "nicked", "snatched", "pinched", "broke", "broken", "smash", "dead", "died", "drown", "fell", "fallen", "dropped", "ran over", "drove over", "washing machine", "traded", "trade in", "sold", "returned", "handed in", "handed back", "gave it", "given back", "gave the", "wiped", "formatted", "bin$", "binned", "threw", "thrown", "gone", "vanished", "missing", "kaput", "brick", "bust", "knackered", "overboard", "sea bed", "went into", "in the lake", "destroyed", "cracked", "water damage", "collected by", "withdrawn", "confiscated", "recycled", "left it in", "swapped", "donated", "melted", "disappeared", "took my phone", "packed up", "conked",
    "verlor", "gestohlen", "geklaut", "kaputt", "hin$", "hinuber", "weg$", "gfallen", "gefallen", "runtergefallen", "zerstort", "defekt", "weggeworfen", "weggschmiss", "weggeschmissen", "wegschmiss", "entsorgt", "verkauft", "zuruckgegeben", "abgegeben", "eingezogen", "vernichtet", "ertrunken", "abgesoffen", "versenkt", "waschmaschine", "waschmasch", "gelandet", "verschwunden", "geschrottet", "schrott", "eingeschickt", "umgetauscht", "in zahlung", "liegen gelassen", "liegengelassen", "verschenkt", "tot$", "gecrasht", "zerbrochen", "zersprungen", "uberfahren", "verbrannt", "gesturzt", "zruckgeben",
    "rikki", "rikkout", "hajosi", "hajonn", "hajalla", "katosi", "kadonn", "hukka", "hukkas", "varastett", "varasti", "putosi", "putos", "tipahti", "tippu", "pudot", "vietiin", "myyty", "myin", "palautettu", "palautin", "paskana", "sarky", "kastui", "vessanpontto", "jarveen", "jarvessa", "pesukone", "hävis", "havis", "romu", "kuoli", "mennyt", "meni rikki", "uponn", "kierratyk", "annoin", "vaihdoin vanhan", "tuhout", "lahti",
    "tappat", "tappade", "forlorat", "forsvunn", "borta", "stulen", "stals", "stulit", "sonder", "gick sonder", "trasig", "ramlade", "foll", "tappa", "lamnade", "lamnat", "salt$", "saldes", "inbyte", "aterlamna", "slangde", "slangt", "drunkna", "blev kvar", "krossad", "backa over", "dog$", "havererat", "havererad", "dott", "kord over",
    "perdu", "vole", "volee", "casse", "tombe", "disparu", "mort$", "morte$", "brise", "jete", "rendu", "vendu", "restitue", "retourne", "fichu", "foutu", "hs$", "noye", "reprise", "envole", "egare", "oublie mon telephone", "detruit", "echange", "a l eau", "tombee", "explose", "cramé", "crame", "wiped", "reinitialise",
    "robaron", "robado", "robo$", "afanaron", "chorearon", "perdi", "perdido", "extravi", "rompio", "roto$", "rota$", "cayo", "caido", "murio", "mojo", "ahogo", "vendi", "entregue", "devolvi", "tire$", "tirado", "estropea", "averia", "destroz", "hurtaron", "hurto", "se me fue", "desapareci", "lo di", "cambie por", "formateado", "inservible",
    "rubato", "rubarono", "perso$", "perduto", "smarrito", "rotto", "caduto", "cascato", "morto", "venduto", "restituito", "buttato", "lasciato il telefono", "sparito", "annegato", "distrutto", "guasto", "furto", "finito in", "dato via", "reso$", "permuta", "fracassato", "scippat",
    "kwijt", "verloren", "gestolen", "gejat", "kapot", "stuk$", "gevallen", "verdwenen", "ingeleverd", "weggegooid", "verkocht", "teruggestuurd", "teruggegeven", "wasmachine", "overleden", "in het water", "gracht", "ingeruild", "gesneuveld", "weggedaan", "defect", "dood$", "gecrasht", "beland", "gepikt", "overreden", "ingestuurd", "foetsie",
    "roubar", "roubo", "roubad", "furtad", "perdi$", "perdeu", "perdido", "partiu", "partido", "caiu", "avari", "quebrou", "quebrado", "morreu", "vendi$", "devolvi", "entreguei", "estrag", "deitei fora", "joguei fora", "levou o telemovel", "levaram", "afogou", "sumiu", "molhou", "dei para", "foi se", "assalta", "queimou", "pifou",
    "zgubi", "zgubion", "ukrad", "skradzi", "kradziez", "rozbi", "zepsu", "utopi", "wpadl", "spadl", "upadl", "oddal", "sprzeda", "wyrzuci", "stracil", "zniszcz", "padl", "umarl", "zginal", "zgnieci", "w kosz", "do kosza", "zwroci", "zwrocon", "zdepta", "utona", "rozjecha", "przepadl", "zjadl", "poszedl",
    "ztrati", "ukradl", "ukraden", "rozbil", "rozbit", "spadl", "utopi", "vyhodi", "prodal", "vratil", "odevzdal", "znicen", "zmizel", "umrel", "nefung", "rozjel", "prejel", "rozmlat", "reklamac",
    "mistet", "tabt", "tabte", "stjalet", "gaet i stykker", "gik i stykker", "odelagt", "faldt", "smadret", "smidt ud", "afleveret", "solgt", "vaek$", "druknet", "mistede", "stjal", "mistet", "knust", "odelagt", "falt", "solgte", "levert inn", "kastet", "borte$", "dod$", "i stykker", "ga i stykker", "tok kvelden", "kjort over", "kort over", "ramlet", "havnet", "tyven",
    "紛失", "なくし", "無くし", "失くし", "盗ま", "盗難", "壊れ", "故障", "水没", "落とし", "捨て", "下取り", "売っ", "売却", "返却しました", "返却済", "処分", "割れ", "初期化", "廃棄", "返納", "なくなっ", "破損", "沈", "譲", "溺", "返しました", "手放",
    "丢了", "丢失", "弄丢", "被偷", "偷了", "坏了", "摔坏", "摔碎", "卖掉", "卖了", "掉进", "掉到", "扔了", "报废", "进水", "交回", "上交", "回收", "遗失", "不见了", "掉在", "弄坏", "壞了", "弄丟", "丟了", "遺失", "送修",
    "분실", "잃어버", "도난", "고장", "침수", "반납", "팔았", "버렸", "깨졌", "폐기", "망가", "부서", "떨어뜨", "훔쳐", "빠뜨", "파손",
    "потерял", "потерян", "украли", "украден", "сломал", "разбил", "разбит", "утопил", "утонул", "сдал", "продал", "выбросил", "пропал", "утрачен", "упал", "сдох", "умер", "вытащили", "загубил", "вкрали", "розбив", "втопив", "викрали", "зламав", "здав", "загублен", "втратив", "впав", "зламал",
    "calindi", "kaybettim", "kayboldu", "kirildi", "bozuldu", "sattim", "dustu", "dusurdum", "kayip", "çalındı", "gasp", "teslim ettim", "suya", "parcalandi", "attim",
    "crushed", "zertreten", "platt$", "uber bord", "im beton", "einbetoniert", "ersoffen", "jeklaut", "seagull", "taken by", "no longer", "conveyor", "rake", "flishuggin", "vack$", "snofreser", "tatt av", "roed i", "rog i", "rok i", "ombyttet", "udskiftet", "muret", "skiftet ut", "byttet inn", "ardeu", "deixei o telemovel", "esqueci o telemovel", "dejado el movil", "lo olvide", "olvide el movil", "dimenticato il telefono", "zapomnel", "zostawil", "zapomnia", "odevzd", "zlikvidov", "zniszczon", "ritirato", "sottratto", "pietine", "stabulation", "置き忘れ", "忘れて", "引き取", "没收", "落在", "두고 내", "забыл", "загубив", "забув", "unuttum", "tuhott", "vaihdettu", "udskift", "quedado un alumno", "asaltaron", "quitaron", "gewaaid", "kleurbak", "in der presse", "disposed of", "recycling", "kleinanzeigen", "fass$", "windlade", "instalments", "splash",
];
/// Words of the same that say so without naming the device.
#[rustfmt::skip]
const PLAIN_GONE: &[&str] = &["stolen", "robbed", "gestohlen", "geklaut", "varastett", "stulen", "vole", "robaron", "rubato", "gestolen", "roubar", "ukrad", "skradzi", "stjalet", "紛失", "盗", "分실", "분실", "украли", "calindi"];
