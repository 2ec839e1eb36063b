//! Choices of service desks other than yes and no: platform, kind of detection, scope.

use crate::config::form::Choice;
use crate::desk::form::read::told::{Told, sentences};

/// Words that mean a choice of this name.
struct Sense {
    name: &'static str,
    words: &'static [&'static str],
    /// Stronger than the others: beats them where both are said.
    strong: &'static [&'static str],
}

/// The one choice that is meant.
pub(super) fn choose(choices: &[Choice], text: &str, asked: bool) -> Option<String> {
    let mut scores: Vec<(usize, usize, &Choice)> = Vec::new();
    for choice in choices {
        let (mut strong, mut weak) = (0, 0);
        for sentence in sentences(text) {
            let told = Told::of(sentence);
            let sense = SENSES.iter().find(|sense| sense.name == choice.name);
            let count = |words: &[&str]| words.iter().filter(|word| stands(&told, word)).count();
            if let Some(sense) = sense {
                strong += count(sense.strong) + usize::from(sense.name == "file" && names_a_file(sentence) && !asked);
                weak += count(sense.words) + usize::from(sense.name == "file" && names_a_file(sentence));
                weak += usize::from(sense.name == "web" && names_a_site(sentence));
            }
            // Labels are words that people use, too; short ones mean much else in prose.
            let labels =
                choice.labels.values().flatten().filter(|label| asked || sense.is_none() && label.chars().count() > 3);
            let labels = labels.map(|label| Told::of(label).words().collect::<Vec<_>>().join(" "));
            weak += labels.filter(|label| stands(&told, &format!("{label}$"))).take(1).count();
        }
        scores.push((strong, weak, choice));
    }
    let best = scores.iter().map(|(strong, weak, _)| (*strong, *weak)).max().filter(|best| *best > (0, 0))?;
    let mut top = scores.iter().filter(|(strong, weak, _)| (*strong > 0) == (best.0 > 0) && (*strong > 0 || *weak > 0));
    match (top.next(), top.next()) {
        (Some((_, _, only)), None) => Some(only.name.clone()),
        _ => None,
    }
}

/// Whether a phrase stands in a text and is not denied right before it: `not only on this one`, `kein Windows`.
fn stands(told: &Told, phrase: &str) -> bool {
    let Some(at) = told.at(phrase) else { return false };
    let before: Vec<&str> = told.before(at).split(' ').rev().filter(|word| !word.is_empty()).take(3).collect();
    !before.iter().any(|word| NEGATIONS.contains(word))
}

#[rustfmt::skip]
const NEGATIONS: &[&str] = &["not", "no", "nicht", "kein", "keine", "ei", "eika", "inte", "ingen", "pas", "non", "nie", "ne", "neni", "niet", "geen", "nao", "ikke", "never", "instead", "rather", "don", "не", "statt"];

/// `name.exe`, `macro.xlsm`
fn names_a_file(text: &str) -> bool {
    let ends = |c: char| {
        c.is_whitespace()
            || matches!(c, ',' | ';' | '(' | ')' | '"' | '\'' | '“' | '”' | '„' | ':' | '!' | '?' | '「' | '」')
    };
    text.to_lowercase().split(|c: char| ends(c) || super::super::told::is_joined(c)).any(|word| {
        let word = word.trim_end_matches('.').split('-').next().unwrap_or_default();
        word.rsplit_once('.').is_some_and(|(name, end)| !name.is_empty() && FILES.contains(&end))
    })
}

/// `www.example.com`, `https://…`
fn names_a_site(text: &str) -> bool {
    text.contains("://")
        || text.to_lowercase().split_whitespace().any(|word| word.trim_start_matches('(').starts_with("www."))
}

#[rustfmt::skip]
const FILES: &[&str] = &["exe", "dll", "msi", "bat", "ps1", "sys", "jar", "zip", "doc", "docx", "docm", "xls", "xlsx", "xlsm", "pdf", "iso", "apk", "so", "py", "js", "vbs", "cmd", "bin", "dmg", "deb", "rpm", "ocx", "sh", "pkg", "scr", "com", "dwg"];

/// Whether a sentence tells why something is harmless.
pub(super) fn explains(sentence: &str) -> bool {
    Told::of(sentence).has(HARMLESS)
}

#[rustfmt::skip]
const HARMLESS: &[&str] = &[
    "it s our own", "our own", "is ours", "harmless", "signed", "false positive", "clean", "legit", "for years", "since 20", "wrote it", "in house", "nothing wrong with", "is safe",
    "unser", "von uns", "signiert", "harmlos", "sauber", "eigene", "eigenes", "seit 20", "seit jahren", "selbst geschrieben",
    "oma ", "meidan oma", "itse tehty", "vaaraton", "allekirjoit", "vuodesta", "vuosia",
    "var egen", "egen ", "ofarlig", "signerad", "i flera ar", "vores egen", "vores eget", "ufarlig", "signeret", "signert", "ufarleg",
    "notre propre", "c est notre", "inoffensi", "signe", "depuis 20", "depuis des annees", "c est moi qui", "developpe",
    "nuestro", "nuestra", "inofensiv", "firmado", "desde 20", "son correctos", "es seguro", "propio", "propia",
    "nostro", "nostra", "innocu", "firmato", "dal 20", "da anni", "sviluppat",
    "onze eigen", "ons eigen", "onschuldig", "ondertekend", "al jaren", "zelf gemaakt", "zelfgemaakt",
    "nosso", "nossa", "inofensiv", "assinado", "desde 20",
    "nasz", "niegrozn", "podpisan", "od lat", "wlasny", "bezpieczn", "nase", "nas vlastni", "neskodn", "podepsan", "vlastni",
    "自社", "社内", "弊社で", "問題な", "問題あり", "危険では", "署名", "普通の", "我们自己", "没有问题", "無害", "自己写", "저희가", "자체", "정상", "наш", "безопас", "подписан", "kendi", "zararsiz", "imzali",
];

#[rustfmt::skip]
static SENSES: &[Sense] = &[
    Sense {
        name: "linux", strong: &[],
        words: &["linux", "rhel", "red hat", "redhat", "centos", "rocky", "almalinux", "alma$", "alma 8", "alma 9", "ubuntu", "debian", "suse", "sles", "opensuse", "fedora", "oracle linux", "astra linux", "kali", "arch$", "raspbian", "raspberry", "proxmox", "linuks", "リナックス", "линукс", "лінукс", "리눅스", "ウブンツ", "tumbleweed", "リナクス", "buntu", "pardus"],
    },
    Sense {
        name: "windows", strong: &[],
        words: &["windows", "windos", "windoof", "windowsi", "win server", "win srv", "winserver", "win$", "win10", "win11", "win 10", "win 11", "win2", "win 20", "microsoft", "server 2008", "server 2012", "server 2016", "server 2019", "server 2022", "server 2025", "2012 r2", "ws2019", "ws2022", "w2k", "ウィンドウズ", "виндовс", "винда", "винде", "windou", "윈도", "виндоус", "віндовс", "hyper v", "виндос", "vindovs"],
    },
    Sense {
        name: "behaviour",
        strong: &["behavio", "verhalten", "kayttaytym", "beteende", "comportement", "comporta", "gedrag", "zachowan", "chovani", "adfaerd", "atferd", "atferd", "動作", "挙動", "ふるまい", "振る舞い", "行为", "行為", "동작", "행위", "행동", "поведен", "поведін", "davranis", "toimintaa", "suspicious activity", "epailyttava toiminta", "ransomware like", "terminated", "suspicious action", "what it does", "was es tut", "oppforsel"],
        words: &["process", "prozess", "prosess", "proces", "processus", "proceso", "processo", "script", "skript", "startar", "killed", "kills", "stops it", "while running", "beim start", "プロセス", "进程", "프로세스", "процесс", "toiminta", "läuft", "runs", "running", "supprime des", "activity"],
    },
    Sense {
        name: "web",
        strong: &["website", "web site", "webseite", "web page", "webpage", "the site", "internetseite", "homepage", "verkkosivu", "nettisivu", "nettside", "hemsida", "webbsida", "webbplats", "sajt", "hjemmeside", "site web", "page web", "sitio", "pagina web", "sito", "url", "web$", "webistä", "strona intern", "stron$", "strone", "stronie", "webov", "stranka", "stranku", "サイト", "ページ", "ウェブ", "网站", "网页", "網站", "網頁", "사이트", "홈페이지", "웹", "сайт", "вебсай", "web site", "internet sitesi", "sayfa", "phishing", "domain", "paginas", "webside", "webcim", "website", "webshop", "webportal", "intranet"],
        words: &["link", "seite", "sivu", "sida", "side$", "site", "page", "pagina", "strona", "stron", "portal", "dominio", "domein", "adres www", "リンク", "链接", "링크", "ссылк", "adresse", "browser", "netsiden"],
    },
    Sense {
        name: "file",
        strong: &["file", "datei", "tiedosto", "filen", "filer", "fila", "fil$", "fichier", "archivo", "fichero", "bestand", "ficheiro", "arquivo", "plik", "soubor", "ファイル", "文件", "檔案", "파일", "файл", "dosya", "executable", "exe$", "dll$", "attachment", "anhang", "quarantin", "karantan", "karanteeni", "quarantaine", "cuarentena", "quarantena", "kwarantann", "karanten", "隔離", "隔离", "격리", "карантин", "karantin"],
        words: &["program", "document", "dokument", "pdf", "excel", "word$", "makro", "macro", "installer", "programm", "ohjelma", "programme", "programa", "programma", "deleted", "geloscht", "löscht", "削除", "删了", "удал", "скрипт", "app$", "tool$"],
    },
    Sense {
        name: "host",
        strong: &["one host", "single host", "this host", "that one", "one machine", "single machine", "one computer", "one pc", "one laptop", "one box", "one server", "just mine", "only mine", "just my", "only my", "only on my", "my machine only", "my pc only", "only this", "just this", "only the one", "only for this", "just the one", "only one", "that box", "just on the", "only on the", "only that", "single",
            "nur auf mein", "nur bei mir", "nur mein", "nur dies", "nur den einen", "nur die eine", "nur an dies", "diesen einen", "diesem einen", "einen rechner", "einem rechner", "ein rechner", "einzelne", "ausschliesslich", "nur an meinem", "nur fur diesen", "nur auf dem", "nur der", "nur die kiste", "eine kiste", "nur am", "nur auf diesem", "bloss bei mir", "nur auf einem", "nur einer", "nur eins", "nur ein",
            "vain mun", "vain minun", "vain tama", "vain tassa", "vain tall", "vain yhde", "yhdella kone", "yksi kone", "yhden kone", "ainoastaan", "mun kone", "omalla kone", "vaan mun", "vaan yks", "vaan tas", "vaan tah", "yhta kone", "yhdelle", "vain oma", "vain omalla", "yhessa",
            "bara min", "bara pa min", "bara den", "endast", "en dator", "en enda", "bara pa den", "bara en", "bare min", "bare pa min", "kun min", "kun pa min", "kun den", "kun pa den", "bare den", "kun en", "bare en", "bare pa den", "kun denne", "bare denne", "en maskin", "en pc", "min egen pc", "berre", "min dator", "bara har", "bara pa",
            "seulement sur mon", "que sur mon", "uniquement", "mon poste", "un seul poste", "une seule machine", "qu un poste", "seulement", "juste mon", "juste le", "un seul", "que mon", "juste sur", "que le mien", "sur le mien", "juste moi", "que pour moi", "seule machine",
            "solo en mi", "solo mi", "solo en ese", "unicamente", "un solo equipo", "este equipo", "ese host", "solamente", "solo en el", "solo en este", "solo para ese", "un unico", "solo a mi", "solo en la", "solo el mio", "solo para mi", "una sola",
            "solo sul mio", "solo il mio", "solo su quest", "solo quello", "un solo pc", "solo per quest", "soltanto", "solo sul", "solo su", "solo mio", "una sola", "un solo", "solo il pc", "solo la mia", "solo questa",
            "alleen op", "alleen mijn", "alleen de", "alleen die", "een machine", "ene machine", "ene pc", "alleen bij mij", "alleen deze", "enkel", "1 pc", "alleen voor",
            "so no meu", "so o meu", "so neste", "apenas no", "apenas nest", "somente", "so na minha", "um so", "so aqui", "so nesse", "so na", "apenas o meu", "so no", "so este", "so esse", "apenas um", "so um",
            "tylko u mnie", "tylko na", "tylko moj", "tylko ten", "jednego hosta", "jednym komp", "tylko jeden", "tego jednego", "u mnie na", "tylko dla", "tylko jedn", "wylacznie", "na moim",
            "jen na", "jen u me", "jen muj", "jen ten", "jeden pocitac", "jednom pocitac", "pouze na", "pouze ten", "jen tenhle", "jenom", "pouze", "stačí jen", "jen pro",
            "だけ", "のみ", "に限り", "1台", "一台", "私のパソコン", "自分の", "この端末", "１台", "この1", "僕の", "このpc",
            "只有我", "只在", "就我这", "一台", "只我", "这台", "仅", "只有这", "只需", "這台", "只是我", "我这台", "我自己",
            "제 pc만", "제 컴퓨터", "한 대", "저만", "이 pc만", "만 그", "제 자리", "제 노트북", "제 것만", "한대",
            "только на", "только у меня", "только мой", "один компьют", "одном компьют", "одна машина", "только эт", "лише на", "тільки на", "один комп", "только для", "лише", "только один", "одной машин",
            "sadece benim", "sadece bu", "tek bilgisayar", "yalnizca", "tek makine", "sadece bir", "sadece"],
        words: &["my laptop", "my pc", "my computer", "my machine", "auf meinem", "mein rechner", "meinem laptop", "mon pc", "mon ordi", "mi pc", "mi equipo", "mio pc", "mijn laptop", "mijn pc", "meu computador", "meu pc", "muj pocitac", "min pc", "min laptop", "on the server", "laptopie", "自分のpc"],
    },
    Sense {
        name: "company",
        strong: &["company wide", "companywide", "whole company", "entire company", "whole firm", "whole organi", "whole business", "organisation wide", "organization wide", "org wide", "orgwide", "all machines", "all our", "all computers", "all of us", "all the ", "all servers", "all hosts", "every machine", "every pc", "everyone", "everybody", "everywhere", "entire", "the lot of us", "all of them", "all of em", "all pcs", "across", "estate wide", "global", "for all", "on all", "all devices", "whole office", "all staff", "all users", "whole school", "company level", "every computer", "all 60", "whole team", "fleet", "each and every", "all over",
            "firmenweit", "unternehmensweit", "ganze firma", "ganzen firma", "gesamte", "alle rechner", "allen rechner", "allen gerat", "alle gerat", "uberall", "fur alle", "bei allen", "alle in der", "gesamten", "samtlich", "auf alle", "alle pc", "bei uns allen", "alle kollegen", "alle mitarbeiter", "konzernweit", "hausweit", "jedem rechner", "alle arbeitspl", "alle betroffen", "alle standorte", "flachendeckend", "jeder rechner", "landesweit", "im ganzen",
            "koko yrity", "koko firma", "kaikille", "kaikilla", "kaikki", "kaikkiin", "joka kone", "koko talo", "kaekki", "kaekil", "joka iik", "koko organisaatio", "yritystaso", "kaikkien", "koko porukka", "jokaise", "koko konserni", "koko kunta",
            "hela foretag", "hela bolag", "alla datorer", "alla dator", "for alla", "alla ", "hela organisation", "vartenda", "hele firma", "hele virksomhed", "hele bedrift", "heile bedrift", "alle maskin", "alle computere", "alle pc", "alle hos oss", "hele huset", "hela huset", "overalt", "alle sammen", "alle ", "allesammen", "hele selskap", "hela kommun", "alle saman", "hele kontoret", "hver eneste",
            "toute l entreprise", "tous les postes", "toute la societe", "toute la boite", "toute la boutique", "ensemble de", "l ensemble", "tout le monde", "tous les pc", "partout", "toute l etabl", "tous les", "toutes les", "global", "entreprise entiere", "tous nos", "toute l organi", "chez tout",
            "toda la empresa", "todos los equipos", "toda la organizacion", "todos los", "todas las", "en todos", "en todas", "toda la oficina", "toda la", "a todos", "para todos", "todo el mundo", "todo el",
            "tutta l azienda", "tutti i pc", "tutti i", "tutte le", "intera azienda", "tutto l ufficio", "su tutti", "per tutti", "ovunque", "a tutti", "livello aziendale", "tutta la", "tutto lo", "l intera", "dappertutto", "tutto il",
            "hele bedrijf", "alle pc s", "alle machines", "alle werkplek", "iedereen", "overal", "bedrijfsbreed", "alle computers", "alle collega", "heel het", "hele organisatie", "alle laptops", "alle vestiging", "hele kantoor", "hele team",
            "toda a empresa", "todos os", "todas as", "em todos", "em todas", "toda a gente", "empresa toda", "a empresa inteira", "para todos", "todo mundo", "toda a", "empresa inteira", "geral",
            "calej firm", "cala firm", "wszystkich", "wszystkie", "wszedzie", "w calej", "caly szpital", "calym", "dla wszystkich", "kazdym", "wszyscy", "wszystkim",
            "cela firma", "cele firm", "celou firmu", "vsechny", "vsech", "vsude", "cely urad", "celeho", "pro vsechny", "celofirem", "cele organiz", "cely", "celou", "vsichni", "vsem",
            "会社全体", "全社", "全台", "全員", "全営業所", "みんな", "すべて", "全て", "全部", "全端末", "社内全", "全職員", "全店", "どのパソコン", "全拠点", "会社中",
            "全公司", "整个公司", "所有", "全部", "大家", "公司都", "整個公司", "公司里", "每台",
            "회사 전체", "전사", "모든", "전 직원", "전체", "다 그렇", "모두", "다들", "전 지점",
            "всей компан", "всех", "все компьют", "везде", "для всей", "на всех", "по всей", "у всех", "всем", "усіх", "всій", "всіх", "всю комп", "все машины",
            "butun sirket", "tum sirket", "butun bilgisayar", "tum bilgisayar", "herkes", "tum cihaz", "sirket genel", "sirketin tamam", "tum ", "butun "],
        words: &["employees", "mitarbeiter", "office", "departments", "abteilung"],
    },
];
