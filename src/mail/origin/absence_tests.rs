use super::*;

#[test]
fn subjects_of_responders() {
    for subject in [
        "Automatic reply: Invoice 7",
        "Auto Reply",
        "Autoreply: x",
        "Out of Office AutoReply: x",
        "Out of office reply",
        "[EXTERNAL] Automatic reply: x",
        "Automatische Antwort: x",
        "Abwesenheitsnotiz",
        "Réponse automatique : x",
        "Message d’absence - Kim",
        "Respuesta automática: x",
        "Risposta automatica: x",
        "Automatisch antwoord: x",
        "Resposta automática: x",
        "Automatyczna odpowiedź: x",
        "Odpowiedź automatyczna",
        "Automaattinen vastaus: x",
        "Poissaoloviesti: x",
        "Automatiskt svar: x",
        "Autosvar: x",
        "Automatisk svar: x",
        "Fraværsmelding",
        "Автоматический ответ: x",
        "Автоответ",
        "自动回复: x",
        "自動回覆：x",
        "自動返信",
        "不在通知：x",
        "【自動返信】お問い合わせ",
        "Order 7 (automatic reply)",
    ] {
        assert!(reply_subject(subject).is_some(), "{subject}");
    }
}

#[test]
fn subjects_of_people() {
    for subject in [
        "Automatic reply does not work",
        "Auto reply rules for our mailbox",
        "Abwesenheitsnotiz einrichten",
        "How to set an automatic reply",
        "Réponse automatique impossible à désactiver",
        "Respuesta automática no funciona",
        "Automatic replying machine",
        "Automaattinen vastaus ei toimi",
        "Autosvar virker ikke",
        "Автоответ не работает",
        "Question",
        "",
    ] {
        assert_eq!(reply_subject(subject), None, "{subject}");
    }
}

#[test]
fn absence_needs_the_text() {
    for (subject, text) in [
        ("Out of office", "Hello,\nI am out of the office until Monday."),
        ("AUTO: Kim Lee is out of the office (returning 07/01/2026)", "I am out of the office until 07/01/2026."),
        ("Urlaub", "Ich bin bis Montag im Urlaub."),
        ("Absence", "Je suis absent du bureau jusqu’à lundi."),
        ("Fuera de la oficina", "Estaré fuera de la oficina hasta el lunes."),
        ("Fuori ufficio", "Sono assente fino a lunedì."),
        ("Afwezig", "Ik ben afwezig tot maandag."),
        ("Férias", "Estou de férias até segunda."),
        ("Nieobecność", "Jestem na urlopie do poniedziałku."),
        ("Lomalla", "Olen lomalla maanantaihin asti."),
        ("Frånvaro", "Jag är på semester till måndag."),
        ("Ferie", "Jeg er på ferie til mandag."),
        ("В отпуске", "Я в отпуске до понедельника."),
        ("不在", "月曜日まで休暇中です。"),
        ("休假", "我正在休假，周一回来。"),
    ] {
        assert!(away(subject, text).is_some(), "{subject}");
    }
    assert_eq!(away("Out of office", "How do I switch this on for our shared mailbox?"), None);
    assert_eq!(away("Printer", "I am out of the office until Monday, please ask Lee."), None);
    assert_eq!(away("Awayday", "We are out of the office."), None);
}

#[test]
fn statements_of_machines() {
    for text in [
        "This is an automated response.",
        "Dear customer,\n\nThis message was automatically generated.",
        "*** Please do not reply to this e-mail ***",
        "Dies ist eine automatisch erzeugte Nachricht.",
        "Ceci est un message automatique.",
        "Este es un mensaje automático.",
        "Questo è un messaggio automatico.",
        "Dit is een automatisch bericht.",
        "Esta é uma mensagem automática.",
        "To jest wiadomość automatyczna.",
        "Tämä on automaattinen viesti.",
        "Detta är ett automatiskt meddelande.",
        "Dette er en automatisk besked.",
        "Dette er et automatisk svar.",
        "Это автоматическое сообщение.",
        "此邮件由系统自动发送。",
        "このメールは自動送信されています。",
    ] {
        assert!(statement(text).is_some(), "{text}");
    }
    for text in [
        "> This is an automated response.\n\nI got this from you.",
        "I always get: this is an automated response.",
        "Hello,\nour system says: this is an automated response.",
        "A long first line in which a person explains at length what they did.\nThis is an automated response.",
        "",
    ] {
        assert_eq!(statement(text), None, "{text}");
    }
}

#[test]
fn lists_are_lower_case() {
    let replies = REPLIES.iter().flat_map(|(_, words)| *words);
    for words in replies.chain(AWAY_SUBJECTS).chain(ABSENT).chain(STATEMENTS) {
        assert_eq!(*words, words.to_lowercase());
    }
}
