//! Subjects and words of vacation responders and other automatic replies.

/// Subjects that only a responder writes: at the start, followed by a sign or the end, or in brackets at the end.
#[rustfmt::skip]
const REPLIES: &[(&str, &[&str])] = &[
    ("en", &[
            "automatic reply", "auto reply", "auto-reply", "autoreply", "automated reply", "automatic response",
            "automated response", "auto response", "auto-response", "autoresponse", "autoresponder",
            "out of office autoreply", "out of office auto-reply", "out of office auto reply",
            "out of office automatic reply", "out of office reply", "out of office response",
            "out of office notification", "out of office message", "out of office alert", "out-of-office reply",
            "out-of-office autoreply", "vacation reply", "vacation response", "vacation message",
            "vacation autoreply",
        ]),
    ("de", &[
            "automatische antwort", "automatische rückantwort", "automatische abwesenheitsnotiz",
            "abwesenheitsnotiz", "abwesenheitsmeldung", "abwesenheitsnachricht", "abwesenheitsbenachrichtigung",
            "abwesenheitsinfo", "autoantwort", "auto-antwort", "automatische eingangsbestätigung",
        ]),
    ("fr", &[
            "réponse automatique", "reponse automatique", "réponse automatisée", "message d'absence",
            "notification d'absence", "avis d'absence", "accusé de réception automatique",
        ]),
    ("es", &[
            "respuesta automática", "respuesta automatica", "contestación automática", "autorespuesta",
            "auto-respuesta", "autorrespuesta", "mensaje de ausencia", "aviso de ausencia",
        ]),
    ("it", &[
            "risposta automatica", "messaggio automatico di assenza", "messaggio di assenza", "avviso di assenza",
            "notifica di assenza", "autorisponditore",
        ]),
    ("nl", &[
            "automatisch antwoord", "automatische beantwoording", "automatische reactie", "automatische reply",
            "afwezigheidsbericht", "afwezigheidsmelding", "afwezigheidsassistent",
        ]),
    ("pt", &[
            "resposta automática", "resposta automatica", "mensagem de ausência", "aviso de ausência",
            "notificação de ausência",
        ]),
    ("pl", &[
            "automatyczna odpowiedź", "odpowiedź automatyczna", "autoodpowiedź", "auto-odpowiedź",
            "wiadomość o nieobecności", "powiadomienie o nieobecności",
        ]),
    ("fi", &[
            "automaattinen vastaus", "automaattivastaus", "automaattinen poissaoloviesti", "poissaoloviesti",
            "poissaoloilmoitus", "lomavastaus",
        ]),
    ("sv", &[
            "automatiskt svar", "autosvar", "auto-svar", "automatsvar", "frånvaromeddelande",
            "automatiskt frånvaromeddelande",
        ]),
    ("da", &[
            "automatisk svar", "automatisk besvarelse", "autobesvarelse", "fraværsmeddelelse", "fraværsbesked",
            "ikke til stede-svar",
        ]),
    ("no", &["automatisk svar", "fraværsmelding", "fraværsassistent", "autosvar", "automatisk fraværsmelding"]),
    ("ru", &[
            "автоматический ответ", "автоответ", "автоответчик", "автоматическое сообщение об отсутствии",
            "уведомление об отсутствии",
        ]),
    ("zh", &["自动回复", "自动答复", "自動回覆", "自動回復", "自動答覆", "休假自动回复", "假期自动回复"]),
    ("ja", &["自動応答", "自動返信", "不在通知", "不在応答", "不在のお知らせ", "不在自動応答"]),
    ("cs", &["automatická odpověď"]),
    ("sk", &["automatická odpoveď"]),
    ("hu", &["automatikus válasz"]),
    ("ro", &["răspuns automat"]),
    ("hr", &["automatski odgovor"]),
    ("sl", &["samodejni odgovor"]),
    ("uk", &["автоматична відповідь"]),
    ("tr", &["otomatik yanıt", "otomatik cevap"]),
    ("el", &["αυτόματη απάντηση"]),
    ("et", &["automaatvastus", "automaatne vastus"]),
    ("ko", &["자동 회신", "자동 응답", "부재 중"]),
    ("he", &["תשובה אוטומטית"]),
    ("ar", &["رد تلقائي"]),
];

/// Subjects that a person may write as well; with [`ABSENT`] words in the text they are a responder's.
#[rustfmt::skip]
const AWAY_SUBJECTS: &[&str] = &[
    "out of office", "out of the office", "out-of-office", "ooo", "away", "on vacation", "on leave", "annual leave",
    "vacation", "holiday", "i am away", "i'm away", "i am on vacation", "i'm on vacation", "i am on holiday", "i am out of", "ich bin im urlaub",
    "ich bin verreist", "auto", "maternity leave", "parental leave", "abwesend", "abwesenheit", "nicht im büro",
    "nicht im haus", "urlaub", "im urlaub", "absence", "absent", "en congé", "congés", "hors du bureau",
    "fuera de la oficina", "ausente", "ausencia", "vacaciones", "fuori ufficio", "assenza", "assente", "in ferie",
    "ferie", "afwezig", "niet aanwezig", "vakantie", "fora do escritório", "ausência", "férias", "poza biurem",
    "nieobecność", "nieobecny", "urlop", "poissa", "lomalla", "loma", "frånvaro", "frånvarande", "semester",
    "inte på kontoret", "fravær", "fraværende", "ikke på kontoret", "ikke til stede", "ferie", "på ferie",
    "borte fra kontoret", "отпуск", "в отпуске", "отсутствую", "нет на месте", "отсутствие", "不在", "休暇", "外出", "休假",
    "出差", "不在办公室", "不在辦公室",
];

/// Words that a responder's text holds near its beginning.
#[rustfmt::skip]
const ABSENT: &[&str] = &[
    "out of the office", "out of office", "on vacation", "on holiday", "on annual leave", "on leave",
    "i am away", "i'm away", "i will be away", "i'll be away", "on maternity", "on parental", "away from my", "away from the office", "currently away", "be away",
    "limited access to", "returning to the office", "return to the office", "upon my return", "when i return",
    "will be back", "no longer with the company", "not in the office", "nicht im büro", "nicht im hause",
    "nicht im haus", "außer haus", "abwesend", "im urlaub", "bin ich wieder", "wieder erreichbar",
    "nicht erreichbar", "wird nicht weitergeleitet", "bin in elternzeit", "ich bin verreist", "bin bis zum", "absent du", "absente du",
    "actuellement absent", "suis absent", "en congé", "en vacances", "hors du bureau", "de retour le",
    "à mon retour", "serai de retour", "fuera de la oficina", "de vacaciones", "estoy ausente", "estaré ausente",
    "me encuentro fuera", "mi regreso", "fuori ufficio", "sono assente", "sarò assente", "in ferie",
    "al mio rientro", "mio ritorno", "ben afwezig", "ik afwezig", "niet aanwezig", "met vakantie", "op vakantie",
    "niet op kantoor", "weer aanwezig", "fora do escritório", "estou ausente", "estarei ausente", "de férias",
    "meu retorno", "meu regresso", "poza biurem", "na urlopie", "jestem nieobecn", "będę nieobecn", "nie ma mnie w",
    "po powrocie", "olen matkoilla", "olen lomalla", "olen poissa", "poissa toimistolta", "lomalla", "palaan töihin", "vuosilomalla",
    "på semester", "inte på kontoret", "är frånvarande", "är ledig", "åter på kontoret", "tillbaka på kontoret",
    "föräldraledig", "på ferie", "holder ferie", "ikke på kontoret", "ikke til stede", "er fraværende",
    "tilbake på", "tilbage på", "har ferie", "borte fra kontoret", "в отпуске", "отсутствую", "нет в офисе",
    "буду отсутствовать", "нахожусь в", "休假", "不在办公室", "不在辦公室", "出差", "外出", "不在にして", "休暇中", "休暇を", "不在のため", "外出して",
    "休業",
];

/// What a responder of the kind "this is no person" begins its text with.
#[rustfmt::skip]
const STATEMENTS: &[&str] = &[
    "this is an automated", "this is an automatic", "this is an auto-", "this is an auto ",
    "this is an autogenerated", "this is an autoreply", "this e-mail is an automat", "this email is an automat",
    "this message is an automat", "this message was automatically generated",
    "this message has been automatically generated", "this message is automatically generated",
    "this email was automatically generated", "this e-mail was automatically generated",
    "this email has been automatically generated", "this email is automatically generated",
    "this message was sent automatically", "this mail was automatically generated", "automated message",
    "automatic message", "please do not reply to this", "do not reply to this", "dies ist eine automatisch",
    "das ist eine automatisch", "diese e-mail wurde automatisch", "diese email wurde automatisch",
    "diese mail wurde automatisch", "diese nachricht wurde automatisch", "dies ist eine autom. ",
    "automatisch generierte", "automatisch erzeugte", "bitte antworten sie nicht auf diese",
    "bitte nicht auf diese", "ceci est un message automatique", "ceci est une réponse automatique",
    "ceci est un courriel automatique", "ce message est automatique", "ce message a été généré automatiquement",
    "ce message est généré automatiquement", "cet email a été généré automatiquement",
    "cet e-mail a été généré automatiquement", "message automatique", "merci de ne pas répondre à ce",
    "veuillez ne pas répondre à ce", "este es un mensaje automático", "este es un correo automático",
    "esta es una respuesta automática", "este mensaje ha sido generado automáticamente",
    "este mensaje se ha generado automáticamente", "este correo ha sido generado automáticamente",
    "mensaje automático", "por favor no responda a este", "no responda a este", "questo è un messaggio automatico",
    "questa è una risposta automatica", "questa è una mail automatica",
    "questo messaggio è stato generato automaticamente", "messaggio generato automaticamente",
    "messaggio automatico", "si prega di non rispondere a quest", "dit is een automatisch",
    "deze e-mail is automatisch", "dit bericht is automatisch", "deze mail is automatisch",
    "automatisch gegenereerd", "esta é uma mensagem automática", "esta é uma resposta automática",
    "este é um e-mail automático", "esta mensagem foi gerada automaticamente", "mensagem automática",
    "não responda a este", "por favor, não responda", "to jest wiadomość automatyczna", "to jest automatyczna",
    "to jest automatycznie", "ta wiadomość została wygenerowana automatycznie",
    "wiadomość wygenerowana automatycznie", "wiadomość automatyczna", "prosimy nie odpowiadać na",
    "tämä on automaattinen", "tämä viesti on lähetetty automaattisesti", "tämä on automaattisesti",
    "tämä viesti on automaattinen", "automaattinen viesti", "älä vastaa tähän", "detta är ett automatiskt",
    "detta är ett autosvar", "detta är ett autogenererat", "detta mail är automatiskt",
    "detta meddelande har skickats automatiskt", "svara inte på detta", "det här är ett automatiskt",
    "dette er en automatisk", "dette er et automatisk", "dette er et autosvar", "dette er en autogenerert",
    "denne e-posten er automatisk", "denne mail er automatisk", "denne e-mail er automatisk", "ikke svar på denne",
    "svar ikke på denne", "это автоматическ", "это письмо сформировано автоматически",
    "это сообщение сформировано автоматически", "данное письмо сформировано автоматически",
    "данное сообщение сформировано автоматически", "письмо отправлено автоматически",
    "пожалуйста, не отвечайте на это", "此邮件由系统自动", "本邮件由系统自动", "此邮件为系统自动", "这是一封自动", "这是自动回复", "此為系統自動", "此郵件由系統自動",
    "這是一封自動", "このメールは自動", "このメールは、自動", "※このメールは自動", "本メールは自動", "本メールは、自動", "これは自動", "このメールはシステムより自動", "このメールは、システム",
];

/// The words of a responder's subject that stand in `subject`, if any.
pub fn reply_subject(subject: &str) -> Option<&'static str> {
    let subject = plain(subject);
    REPLIES
        .iter()
        .flat_map(|(_, words)| *words)
        .find(|words| {
            let starts = subject.strip_prefix(**words).is_some_and(|rest| ends_phrase(rest, words));
            starts || tagged(&subject, words)
        })
        .copied()
}

/// The words of an absence that stand at the start of `subject`, if the text tells of one as well. Lotus Notes
/// writes `AUTO: Kim Lee is out of the office (returning 07/01/2026)`.
pub fn away(subject: &str, text: &str) -> Option<&'static str> {
    let subject = plain(subject);
    let notes = subject.contains(" is out of the office") || subject.contains(" is away from the office");
    let words =
        AWAY_SUBJECTS.iter().find(|words| subject.strip_prefix(**words).is_some_and(|rest| ends_word(rest, words)));
    let words = words.copied().or(notes.then_some("is out of the office"))?;
    let head = head(text);
    ABSENT.iter().any(|absent| head.contains(absent)).then_some(words)
}

/// The statement of a machine that the text begins with: in its first line, or in the second below a greeting.
pub fn statement(text: &str) -> Option<&'static str> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next()?;
    let second = lines.next().filter(|_| first.chars().count() <= 40);
    [Some(first), second].into_iter().flatten().find_map(|line| {
        let line: String = line.chars().take(200).collect::<String>().to_lowercase().replace('’', "'");
        let line = line.trim_start_matches(|c: char| c.is_whitespace() || "*-#=[(_~|\"".contains(c));
        STATEMENTS.iter().find(|statement| line.starts_with(**statement)).copied()
    })
}

/// The beginning of a text, lower case, on one line.
fn head(text: &str) -> String {
    let head: String = text.chars().take(1_500).collect();
    head.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase().replace('’', "'")
}

/// Lower case, without tags in front.
fn plain(subject: &str) -> String {
    let mut rest = subject.trim();
    for _ in 0..3 {
        rest = match rest.strip_prefix('[').and_then(|tag| tag.split_once(']')) {
            Some((tag, after)) if tag.chars().count() <= 30 && !after.trim().is_empty() => after.trim_start(),
            _ => break,
        };
    }
    let rest: String = rest.chars().take(300).collect();
    let rest = rest.to_lowercase().replace('’', "'");
    rest.trim_start_matches(|c: char| c.is_whitespace() || "*\"'<【[(".contains(c)).to_owned()
}

/// Whether a responder's words end here: at a sign. Words in Chinese and Japanese need none.
fn ends_phrase(rest: &str, words: &str) -> bool {
    let rest = rest.trim_start();
    let sign = |c: char| ":：-–—|([)]】\"'«»„“”,!./・".contains(c);
    rest.is_empty() || rest.starts_with(sign) || !words.chars().any(|c| (c as u32) < 0x2E80)
}

fn ends_word(rest: &str, words: &str) -> bool {
    !rest.starts_with(char::is_alphanumeric) || !words.chars().any(|c| (c as u32) < 0x2E80)
}

/// `Order 7 (automatic reply)`.
fn tagged(subject: &str, words: &str) -> bool {
    let tail = subject.trim_end_matches([')', ']', '】', '）']);
    tail.len() < subject.len() && tail.strip_suffix(words).is_some_and(|lead| lead.ends_with(['(', '[', '【', '（']))
}

#[cfg(test)]
#[path = "absence_tests.rs"]
mod tests;
