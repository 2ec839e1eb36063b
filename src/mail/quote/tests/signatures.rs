//! Signatures and what phones and apps add.

use super::{reply, split};

#[test]
fn app_lines_by_language() {
    for line in [
        "Sent from my iPhone",
        "Sent from my Galaxy",
        "Sent from Mail for Windows",
        "Sent from Outlook for iOS<https://aka.ms/o0ukef>",
        "Get Outlook for Android<https://aka.ms/AAb9ysg>",
        "Sent with Proton Mail secure email.",
        "Sent from Yahoo Mail on Android",
        "Von meinem iPhone gesendet",
        "Gesendet von Outlook für Android",
        "Diese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.",
        "Envoyé de mon iPhone",
        "Envoyé à partir de Outlook pour iOS",
        "Enviado desde mi iPhone",
        "Obtener Outlook para iOS",
        "Inviato da iPhone",
        "Ottieni Outlook per Android",
        "Verstuurd vanaf mijn iPhone",
        "Verzonden met Outlook voor Android",
        "Enviado do meu iPhone",
        "Wysłane z iPhone'a",
        "Lähetetty iPhonesta",
        "Hanki Outlook for iOS",
        "Skickat från min iPhone",
        "Sendt fra min iPhone",
        "Skaff deg Outlook for iOS",
        "Отправлено с iPhone",
        "Отправлено из Почты Mail",
        "发自我的 iPhone",
        "從我的 iPhone 傳送",
        "iPhoneから送信",
        "Odesláno z iPhonu",
        "iPhone'umdan gönderildi",
        "Elküldve az iPhone-omról",
        "Trimis de pe iPhone-ul meu",
        "Надіслано з iPhone",
        "나의 iPhone에서 보냄",
        "Εστάλη από το iPhone μου",
    ] {
        let alone = split(&format!("Thank you.\n\n{line}\n"), None);
        assert_eq!((alone.reply.as_str(), alone.quoted.as_str()), ("Thank you.", line));
        let above_a_quote =
            format!("Thank you.\n\n{line}\n\n> On 3 May 2022, at 10:15, Ada <ada@example.test> wrote:\n> \n> Old.");
        assert_eq!(reply(&above_a_quote), "Thank you.", "{line}");
    }
}

#[test]
fn sentences_about_sending_are_words() {
    for line in [
        "Sent from the warehouse on Monday",
        "The notice was sent from my iPhone app to all users.",
        "Outlook für iOS startet nicht mehr",
        "Von meinem Handy aus kann ich mich nicht anmelden",
        "从我的手机登录不了",
        "내 휴대폰이 고장났어요",
        "// Sent from my custom mailer",
    ] {
        let text = format!("Hello,\n\n{line}");
        assert_eq!(reply(&text), text);
    }
}

#[test]
fn delimiters() {
    for (text, shown) in [
        ("Thank you.\n-- \nAda Byron\nMachines", "Thank you."),
        ("Thank you.\n\n--\nAda Byron", "Thank you."),
        ("Thank you.\n\n-- \nAda\n\nThis e-mail and its attachments are confidential.\n", "Thank you."),
        ("Thank you.\n\nSent from my iPhone\n-- \nAda", "Thank you."),
        ("Thank you.\n-- \nAda\n\n\nOn 3 May 2022, Bo <bo@example.test> wrote:\n> Old.", "Thank you."),
        ("On 3 May 2022, Bo <bo@example.test> wrote:\n> Old.\n\nThank you.\n-- \nAda", "Thank you."),
        ("Thank you.\n\n-- \n> Old.\n> Older.", "Thank you."),
    ] {
        assert_eq!(reply(text), shown, "{text:?}");
    }
}

#[test]
fn dashes_that_are_no_delimiter() {
    for text in [
        "The dump:\n--\n-- Table structure for table `parts`\n--\nCREATE TABLE parts (id int);",
        "Two points:\n-- first\n-- second",
        "Above\n---\nbelow the rule",
        "Table\n--------\n1 2 3",
    ] {
        assert_eq!(reply(text), text);
    }
    let listing = format!("Before\n--\n{}", "a line\n".repeat(30));
    assert_eq!(reply(&listing), listing.trim_end(), "too long for a signature without the space");
}

#[test]
fn a_mail_of_nothing_but_a_signature_shows_it() {
    let split = split("-- \nAda Byron\n\nOn 3 May 2022, Bo <bo@example.test> wrote:\n> Old.", None);
    assert_eq!(split.reply, "-- \nAda Byron");
    assert_eq!(split.quoted, "On 3 May 2022, Bo <bo@example.test> wrote:\n> Old.");
}
