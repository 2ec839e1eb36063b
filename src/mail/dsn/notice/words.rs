//! Sentences of delivery reports that speak of the mail as a whole.

/// Sentences of a server that is still trying.
#[rustfmt::skip]
pub const DELAYED: &[&str] = &[
    "has been delayed", "is delayed", "been delayed", "not yet been delivered", "not been delivered yet", "warning message only",
    "will be retried", "will continue to be retried", "delivery attempts will continue", "do not need to resend",
    "don't need to resend", "still being retried", "will keep trying", "we will retry", "will retry for",
    "will try again", "continue to try", "delivery will be attempted", "wird verzögert", "verzögert sich",
    "retardée", "se ha retrasado", "ritardata", "vertraagd", "will be returned to you if",
    "been postponed", "is postponed", "been deferred", "attempts will continue", "wurde verschoben", "zurückgestellt",
    "wird weiterhin versucht", "weitere zustellversuche", "toimitus viivästyy", "yritetään uudelleen", "fördröjd",
    "forsinket", "opóźnion", "отложен", "задержан",
];
/// Sentences of a server that has stopped.
#[rustfmt::skip]
pub const GIVEN_UP: &[&str] = &[
    "permanent error", "given up", "giving up", "not going to try again", "failed permanently", "permanent failure",
    "gave up", "permanent fatal", "no further attempts", "no further delivery attempts",
    "has failed to these recipients", "retry timeout exceeded",
];
/// Words for a failed delivery, however it is said.
#[rustfmt::skip]
pub const FAILED: &[&str] = &[
    "delivery of the email was stopped", "delivery was stopped", "not able to be delivered", "not be delivered",
    "couldn't be delivered", "cannot be delivered", "can't be delivered", "was not delivered", "wasn't delivered",
    "not delivered", "not been delivered", "unable to deliver", "wasn't able to deliver", "could not deliver", "cannot deliver",
    "failed to deliver", "delivery failed", "delivery has failed", "delivery failure", "failed permanently",
    "failed delivery", "delivery has been delayed", "permanent error", "permanent failure", "permanent fatal",
    "fatal error", "transient non-fatal", "delivery problem", "delivery error", "undeliverable", "undelivered",
    "did not reach", "could not be reached", "cannot be reached", "did not receive", "returned to sender",
    "returned to you", "has been delayed", "not yet been delivered", "error delivering", "trouble delivering",
    "problem delivering", "rejected by", "has been rejected", "was rejected", "error message below",
    "been postponed", "been deferred", "failed recipients", "automatically rejected", "was refused", "been refused", "could not be sent", "been blocked by", "non remis", "n'a pas pu être remis", "n'a pas pu être délivré",
    "nicht zugestellt", "unzustellbar", "no se pudo entregar", "no se ha podido entregar", "non è stato possibile",
    "non recapit", "non consegnat", "niet worden bezorgd", "onbestelbaar", "não pôde ser entregue",
    "não foi possível entregar", "nie można dostarczyć", "nie dostarczono", "не удалось доставить", "не доставлено",
    "не может быть доставлено", "ei voitu toimittaa", "kunde inte levereras", "kunne ikke leveres", "無法傳", "无法投递",
    "无法送达", "投递失败", "退信", "送信できません", "配信できません", "届けることができません", "配送できません", "送信に失敗", "could not be completed",
    "unknown user", "unknown recipient",
];

/// How a program speaks of the mail that it returns.
#[rustfmt::skip]
pub const YOURS: &[&str] = &[
    "your message", "your mail", "your email", "your e-mail", "message you sent", "mail you sent", "email you sent",
    "you have sent", "original message", "returned mail", "returned message", "delivery of email", "delivery of mail",
    "delivery of the message", "automatically generated", "auto-generated", "do not reply", "failed recipient",
    "the following message", "the message below", "this message was created", "ihre nachricht", "ihre mail", "ihre e-mail", "automatisch erzeugt",
    "automatisch generiert", "votre message", "votre courriel", "su mensaje", "tu mensaje", "su correo", "il messaggio",
    "il tuo messaggio", "uw bericht", "je bericht", "sua mensagem", "mensagem que", "twoja wiadomość", "państwa wiadomość",
    "viestisi", "lähettämäsi", "viestiä", "ditt meddelande", "din besked", "din meddelelse", "meldingen din",
    "ваше сообщение", "ваше письмо", "vaši zprávu", "vaša správa", "vašu správu", "üzenetét", "mesajul dvs", "mesajul dumneavoastră", "mesajınız", "vašu poruku", "您的邮件", "您的郵件", "あなたの", "お送りいただいた",
];
/// Words of people who speak of themselves.
#[rustfmt::skip]
pub const MINE: &[&str] = &[
    " i ", " i'm ", " i've ", " my ", " me ", " can you ", " could you ", " ich ", " mein", " je ", " j'", " mon ", " yo ", " mi ",
    " io ", " mio ", " ik ", " mijn ", " eu ", " meu ", " minun ", " jag ", " jeg ", " min ", " mitt ", " мне ", " мой ", " я ",
];
/// How people begin a mail.
#[rustfmt::skip]
pub const GREETINGS: &[&str] = &[
    "hello", "hi", "hey", "dear", "good morning", "good afternoon", "good day", "hallo", "guten tag",
    "guten morgen", "moin", "servus", "sehr geehrte", "liebe", "lieber", "bonjour", "bonsoir", "chère", "cher",
    "madame", "monsieur", "hola", "buenos días", "buenas tardes", "estimado", "estimada", "estimados", "buongiorno",
    "salve", "ciao", "gentile", "spettabile", "egregio", "beste", "geachte", "goedemorgen", "goedendag", "olá",
    "bom dia", "boa tarde", "prezado", "prezada", "prezados", "caro", "cara", "dzień dobry", "szanowni", "szanowny",
    "szanowna", "witam", "cześć", "hei", "moi", "terve", "hyvä", "päivää", "hej", "hejsan", "kära", "kære", "kjære",
    "god dag", "здравствуйте", "добрый", "уважаемые", "уважаемый", "您好", "你好", "尊敬的", "こんにちは", "お世話", "拝啓",
];
/// Who a program greets.
#[rustfmt::skip]
pub const SENDER: &[&str] = &[
    "sender", "absender", "afzender", "expéditeur", "remitente", "mittente", "remetente", "nadawc", "odesílatel", "odosielate", "lähettäjä",
    "avsändare", "afsender", "avsender", "отправител", "відправник", "feladó",
];
