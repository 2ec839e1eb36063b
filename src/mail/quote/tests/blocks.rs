//! Header blocks by language, dividers, and what looks like them.

use super::reply;

/// From, date, to, subject as Outlook and its kin write them.
const NAMES: &[(&str, [&str; 4])] = &[
    ("en", ["From:", "Sent:", "To:", "Subject:"]),
    ("en Apple", ["From:", "Date:", "To:", "Subject:"]),
    ("en bold", ["*From:*", "*Sent:*", "*To:*", "*Subject:*"]),
    ("de", ["Von:", "Gesendet:", "An:", "Betreff:"]),
    ("de phone", ["Von:", "Datum:", "An:", "Betreff:"]),
    ("fr", ["De :", "Envoyé :", "À :", "Objet :"]),
    ("fr Outlook web", ["De:", "Envoyé le:", "À:", "Objet:"]),
    ("es", ["De:", "Enviado:", "Para:", "Asunto:"]),
    ("es Outlook 2010", ["De:", "Enviado el:", "Para:", "Asunto:"]),
    ("ca", ["De:", "Enviat:", "Per a:", "Assumpte:"]),
    ("it", ["Da:", "Inviato:", "A:", "Oggetto:"]),
    ("nl", ["Van:", "Verzonden:", "Aan:", "Onderwerp:"]),
    ("pt", ["De:", "Enviado:", "Para:", "Assunto:"]),
    ("pt-br", ["De:", "Enviada em:", "Para:", "Assunto:"]),
    ("pl", ["Od:", "Wysłano:", "Do:", "Temat:"]),
    ("fi", ["Lähettäjä:", "Lähetetty:", "Vastaanottaja:", "Aihe:"]),
    ("sv", ["Från:", "Skickat:", "Till:", "Ämne:"]),
    ("da", ["Fra:", "Sendt:", "Til:", "Emne:"]),
    ("no", ["Fra:", "Dato:", "Til:", "Emne:"]),
    ("ru", ["От:", "Отправлено:", "Кому:", "Тема:"]),
    ("ru Mail.ru", ["От кого:", "Дата:", "Кому:", "Тема:"]),
    ("uk", ["Від:", "Надіслано:", "Кому:", "Тема:"]),
    ("zh", ["发件人：", "发送时间：", "收件人：", "主题："]),
    ("zh-tw", ["寄件者:", "寄件日期:", "收件者:", "主旨:"]),
    ("ja", ["差出人:", "送信日時:", "宛先:", "件名:"]),
    ("ko", ["보낸 사람:", "보낸 날짜:", "받는 사람:", "제목:"]),
    ("cs", ["Od:", "Odesláno:", "Komu:", "Předmět:"]),
    ("sk", ["Od:", "Odoslané:", "Komu:", "Predmet:"]),
    ("tr", ["Kimden:", "Gönderildi:", "Kime:", "Konu:"]),
    ("hu", ["Feladó:", "Elküldve:", "Címzett:", "Tárgy:"]),
    ("ro", ["De la:", "Trimis:", "Către:", "Subiect:"]),
    ("el", ["Από:", "Στάλθηκε:", "Προς:", "Θέμα:"]),
];

#[test]
fn every_language() {
    for (language, [from, date, to, subject]) in NAMES {
        let block = format!(
            "{from} Ada Byron <ada@example.test>\n{date} 3.5.2022 10:15\n{to} help@example.test\n{subject} The engine\n"
        );
        assert_eq!(reply(&format!("Thank you.\n\n{block}\nThe old words.\n")), "Thank you.", "{language}");
        let names_only = block.replace(" <ada@example.test>", "").replace("help@example.test", "Help Desk");
        assert_eq!(
            reply(&format!("Thank you.\n\n{names_only}\nThe old words.\n")),
            "Thank you.",
            "{language}, names only"
        );
    }
}

#[test]
fn odd_blocks() {
    for (oddity, block) in [
        (
            "a wrapped address",
            "From: Department of Machines\n<machines@example.test>\nSent: Tuesday, 3 May 2022 10:15\nTo: help@example.test\nSubject: x",
        ),
        (
            "many recipients",
            "From: Ada <ada@example.test>\nSent: 3 May 2022 10:15\nTo: a@example.test; b@example.test;\nc@example.test; d@example.test\nCc: e@example.test\nSubject: x",
        ),
        (
            "empty lines between",
            "From: Ada <ada@example.test>\n\nSent: 3 May 2022 10:15\n\nTo: help@example.test\n\nSubject: x",
        ),
        (
            "one line",
            "From: Ada Byron Sent: Tuesday, 3 May 2022 10:15 To: Help Desk <help@example.test> Subject: The engine",
        ),
        (
            "date first",
            "Date: Tue, 3 May 2022 10:15:00 +0200\nFrom: ada@example.test\nTo: help@example.test\nSubject: x",
        ),
        (
            "tabs, as Notes",
            "From:\tAda Byron <ada@example.test>\nTo:\thelp@example.test\nDate:\t03.05.2022 10:15\nSubject:\tx",
        ),
        (
            "importance and attachments",
            "Von: Ada <ada@example.test>\nGesendet: 3. Mai 2022 10:15\nAn: help@example.test\nBetreff: x\nWichtigkeit: Hoch\nAnlagen: a.pdf",
        ),
        (
            "a rule above",
            "________________________________\nFrom: Ada <ada@example.test>\nSent: 3 May 2022 10:15\nTo: help@example.test\nSubject: x",
        ),
        ("a divider above", "-----Original Message-----\nFrom: Ada\nSent: 3 May 2022 10:15\nTo: Help\nSubject: x"),
        (
            "Orange",
            "Message du : 03/05/22 10:15\nDe : \"Ada Byron\" <ada@example.test>\nA : help@example.test\nCopie à :\nObjet : x",
        ),
        (
            "indented and bold",
            "  *Von:* Ada Byron [mailto:ada@example.test]\n  *Gesendet:* Dienstag, 3. Mai 2022 10:15\n  *An:* help@example.test\n  *Betreff:* x",
        ),
        ("without the author", "Date: Tue, 3 May 2022 10:15:00 +0200\nTo: help@example.test\nSubject: x"),
    ] {
        assert_eq!(reply(&format!("Thank you.\n\n{block}\n\nThe old words.\n")), "Thank you.", "{oddity}");
    }
}

#[test]
fn dividers() {
    for divider in [
        "-----Original Message-----",
        "----- Original Message -----",
        "-------- Original message --------",
        "-----Ursprüngliche Nachricht-----",
        "-------- Originalnachricht --------",
        "-----Message d'origine-----",
        "-----Mensaje original-----",
        "-----Messaggio originale-----",
        "-----Oorspronkelijk bericht-----",
        "-----Mensagem original-----",
        "-----Wiadomość oryginalna-----",
        "-----Alkuperäinen viesti-----",
        "-----Ursprungligt meddelande-----",
        "-----Oprindelig meddelelse-----",
        "-----Opprinnelig melding-----",
        "-----Исходное сообщение-----",
        "------------------ 原始邮件 ------------------",
        "-----元のメッセージ-----",
        "-----Původní zpráva-----",
        "-----Orijinal Mesaj-----",
        "-----Eredeti üzenet-----",
        "-----Mesaj original-----",
        "-----Оригінальне повідомлення-----",
        "-----원본 메시지-----",
        "-----Αρχικό μήνυμα-----",
    ] {
        assert_eq!(reply(&format!("Thank you.\n\n{divider}\n\nThe old words.\n")), "Thank you.", "{divider}");
    }
}

#[test]
fn forms_and_lists_are_words() {
    for text in [
        "Please book:\n\nFrom: Turku\nTo: Tampere\nDate: 3 May 2022\n\nThank you",
        "The new form came in:\n\nFrom: Ada <ada@example.test>\nSubject: The engine\n\nIt stopped.",
        "I got this from them:\n\nFrom: Ada <ada@example.test>\nSent: 3 May 2022 10:15\nTo: me@example.test\nSubject: x\n\nPlease look.",
        "Here is the source.\n\nReceived: from a by b;\n\t3 May 2022\nFrom: Ada <ada@example.test>\nTo: b@example.test\nSubject: x\nMessage-ID: <1@example.test>\nDate: Tue, 3 May 2022 10:15:00 +0200\n\nThe engine stopped.",
        "Invitation\n\nDate: Tuesday, 3 May 2022\nTime: 10:15\nPlace: the hall\n\nSee you",
        "Two things.\n\nSubject: none yet\nDate: open\n\nThank you",
        "Ana wrote on paper.\n\nTo: do\nDone: nothing",
        "----- Enter your answer below -----\nIt stopped.",
        "Original message\n\nwas lost",
    ] {
        assert_eq!(reply(text), text);
    }
}

#[test]
fn a_bare_block_is_what_the_mail_is_about() {
    for text in [
        "From: Ada <ada@example.test>\nSent: 3 May 2022 10:15\nTo: help@example.test\nSubject: x\n\nThe engine stopped.",
        "-----Original Message-----\nFrom: Ada <ada@example.test>\n\nThe engine stopped.",
        "On 3 May 2022, Ada Byron <ada@example.test> wrote:\n\nThe engine stopped.",
        "Please handle.\n\n---------- Forwarded message ---------\nFrom: Ada <ada@example.test>\n\nThe engine stopped.",
        "Begin forwarded message:\n\n> From: Ada <ada@example.test>\n>\n> The engine stopped.",
        "---------- Forwarded message ---------\nFrom: Ada <ada@example.test>\nDate: 3 May 2022\nSubject: x\nTo: b@example.test\n\nSee:\n\nOn 2 May 2022, Bo <bo@example.test> wrote:\n> Stopped.",
    ] {
        assert_eq!(reply(text), text);
    }
}

/// Names alone are a block in a mail that answers another, and below a drawn line.
#[test]
fn blocks_of_names_alone() {
    let block = "Fra: Ada Byron\nTil: Bob\nEmne: The printer\n\nThe old words.";
    let text = format!("Thank you.\n\n{block}");
    assert_eq!(super::split(&text, None).reply, text);
    assert_eq!(crate::mail::quote::split_answer(&text, None).reply, "Thank you.");
    for line in
        ["From: Ada Byron Sent: Monday To: Bob Subject: The printer", "Ada Byron <ada@example.test>, 02.03.2026 09:00:"]
    {
        let text = format!("Thank you.\n\n________________________________\n{line}\nThe old words.");
        assert_eq!(reply(&text), "Thank you.", "{line}");
    }
    let form = "Please book:\n\nFrom: Helsinki\nTo: Oulu\nSubject: Travel";
    assert_eq!(crate::mail::quote::split_answer(form, None).reply, form);
}
