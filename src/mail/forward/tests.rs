use super::*;

const BODY: &str = "The engine stopped.\n\nAda";

/// The subject's prefix, the divider, and the names of From, date, subject and to.
const CLIENTS: &[(&str, &str, &str, [&str; 4])] = &[
    ("en Gmail", "Fwd:", "---------- Forwarded message ---------", ["From:", "Date:", "Subject:", "To:"]),
    ("en Outlook", "FW:", "", ["From:", "Sent:", "Subject:", "To:"]),
    ("en Outlook plain", "FW:", "-----Original Message-----", ["From:", "Sent:", "Subject:", "To:"]),
    ("en Apple", "Fwd:", "Begin forwarded message:", ["From:", "Date:", "Subject:", "To:"]),
    ("en Thunderbird", "Fwd:", "-------- Forwarded Message --------", ["Subject:", "Date:", "From:", "To:"]),
    ("en Yahoo", "Fw:", "----- Forwarded Message -----", ["From:", "Sent:", "Subject:", "To:"]),
    ("en Zoho", "Fwd:", "============ Forwarded message ============", ["From :", "Date :", "Subject :", "To :"]),
    ("de Outlook", "WG:", "", ["Von:", "Gesendet:", "Betreff:", "An:"]),
    ("de Apple", "Fwd:", "Anfang der weitergeleiteten Nachricht:", ["Von:", "Datum:", "Betreff:", "An:"]),
    ("de Thunderbird", "Fwd:", "-------- Weitergeleitete Nachricht --------", ["Betreff:", "Datum:", "Von:", "An:"]),
    ("fr Outlook", "TR:", "", ["De :", "Envoyé :", "Objet :", "À :"]),
    ("fr Apple", "Fwd:", "Début du message réexpédié :", ["De:", "Date:", "Objet:", "À:"]),
    ("es Outlook", "RV:", "", ["De:", "Enviado:", "Asunto:", "Para:"]),
    ("es Gmail", "Fwd:", "---------- Forwarded message ---------", ["De:", "Date:", "Subject:", "To:"]),
    ("it Outlook", "I:", "", ["Da:", "Inviato:", "Oggetto:", "A:"]),
    ("it Apple", "Fwd:", "Inizio messaggio inoltrato:", ["Da:", "Data:", "Oggetto:", "A:"]),
    ("nl Outlook", "Doorst:", "", ["Van:", "Verzonden:", "Onderwerp:", "Aan:"]),
    ("nl Apple", "Fwd:", "Begin doorgestuurd bericht:", ["Van:", "Datum:", "Onderwerp:", "Aan:"]),
    ("pt Outlook", "ENC:", "", ["De:", "Enviado:", "Assunto:", "Para:"]),
    ("pl Outlook", "PD:", "", ["Od:", "Wysłano:", "Temat:", "Do:"]),
    ("fi Outlook", "VL:", "", ["Lähettäjä:", "Lähetetty:", "Aihe:", "Vastaanottaja:"]),
    ("fi Apple", "Vl:", "Välitetty viesti alkaa:", ["Lähettäjä:", "Päivämäärä:", "Aihe:", "Vastaanottaja:"]),
    ("sv Outlook", "VB:", "", ["Från:", "Skickat:", "Ämne:", "Till:"]),
    ("sv Apple", "Fwd:", "Vidarebefordrat mejl:", ["Från:", "Datum:", "Ämne:", "Till:"]),
    ("da Outlook", "VS:", "", ["Fra:", "Sendt:", "Emne:", "Til:"]),
    ("no Outlook", "VS:", "", ["Fra:", "Dato:", "Emne:", "Til:"]),
    ("ru Mail.ru", "Fwd:", "-------- Пересылаемое сообщение --------", ["От кого:", "Дата:", "Тема:", "Кому:"]),
    ("uk Apple", "Fwd:", "Початок переадресованого повідомлення:", ["Від:", "Дата:", "Тема:", "Кому:"]),
    ("zh Outlook", "转发:", "", ["发件人:", "发送时间:", "主题:", "收件人:"]),
    ("zh QQ", "转发：", "------------------ 原始邮件 ------------------", ["发件人:", "发送时间:", "主题:", "收件人:"]),
    ("ja Outlook", "FW:", "", ["差出人:", "送信日時:", "件名:", "宛先:"]),
    ("ko Outlook", "FW:", "", ["보낸 사람:", "보낸 날짜:", "제목:", "받는 사람:"]),
    ("cs Outlook", "FW:", "", ["Od:", "Odesláno:", "Předmět:", "Komu:"]),
    ("tr Outlook", "İLT:", "", ["Kimden:", "Gönderildi:", "Konu:", "Kime:"]),
    ("hu Outlook", "Továbbítás:", "", ["Feladó:", "Elküldve:", "Tárgy:", "Címzett:"]),
    ("ro Outlook", "FW:", "", ["De la:", "Trimis:", "Subiect:", "Către:"]),
    ("el Outlook", "ΠΡΘ:", "", ["Από:", "Στάλθηκε:", "Θέμα:", "Προς:"]),
];

fn block(names: &[&str; 4]) -> String {
    let value = |name: &str| match names.iter().position(|known| *known == name) {
        _ if [
            "From:",
            "From :",
            "Von:",
            "De :",
            "De:",
            "Da:",
            "Van:",
            "Od:",
            "Lähettäjä:",
            "Från:",
            "Fra:",
            "От кого:",
            "Від:",
            "发件人:",
            "差出人:",
            "보낸 사람:",
            "Kimden:",
            "Feladó:",
            "De la:",
            "Από:",
        ]
        .contains(&name) =>
        {
            "Ada Byron <ada@example.test>"
        }
        Some(3) => "Bo <bo@desk.example.test>",
        _ if name.contains("ubject")
            || [
                "Betreff:",
                "Objet :",
                "Objet:",
                "Asunto:",
                "Oggetto:",
                "Onderwerp:",
                "Assunto:",
                "Temat:",
                "Aihe:",
                "Ämne:",
                "Emne:",
                "Тема:",
                "主题:",
                "件名:",
                "제목:",
                "Předmět:",
                "Konu:",
                "Tárgy:",
                "Subiect:",
                "Θέμα:",
            ]
            .contains(&name) =>
        {
            "The engine"
        }
        _ => "3.5.2022 10:15",
    };
    names.iter().map(|name| format!("{name} {}\n", value(name))).collect()
}

#[test]
fn every_client() {
    for (client, prefix, divider, names) in CLIENTS {
        let text = format!("Please handle.\n-- \nBo\n\n{divider}\n\n{}\n{BODY}\n", block(names));
        let found = original(&text, &format!("{prefix} The engine"), &[]).unwrap_or_else(|| panic!("{client}"));
        assert_eq!(found.from, Address::new("Ada Byron", "ada@example.test"), "{client}");
        assert_eq!(found.subject.as_deref(), Some("The engine"), "{client}");
        assert_eq!(found.date.as_deref(), Some("3.5.2022 10:15"), "{client}");
        assert_eq!(found.body, BODY, "{client}");
        assert_eq!(found.comment, "Please handle.", "{client}");
    }
}

#[test]
fn quoted_blocks_lose_their_marks() {
    let marked: String = format!("{}\n{BODY}", block(&["From:", "Date:", "Subject:", "To:"]))
        .lines()
        .map(|line| format!("> {line}\n"))
        .collect();
    let found = original(&format!("Begin forwarded message:\n\n{marked}"), "Fwd: The engine", &[]).unwrap();
    assert_eq!((found.body.as_str(), found.comment.as_str()), (BODY, ""));
}

#[test]
fn an_attribution_names_the_author_too() {
    for text in [
        "-------- Пересылаемое сообщение --------\n03.05.2022, 10:15, \"Ada Byron\" <ada@example.test>:\n\nThe engine stopped.\n\nAda",
        "------- Forwarded Message -------\nOn Tuesday, May 3rd, 2022 at 10:15, Ada Byron <ada@example.test> wrote:\n\n> The engine stopped.\n>\n> Ada",
        "On Tuesday, May 3rd, 2022 at 10:15, Ada Byron <ada@example.test> wrote:\n\nThe engine stopped.\n\nAda",
    ] {
        let found = original(text, "Fwd: The engine", &[]).unwrap();
        assert_eq!(found.from.email, "ada@example.test");
        assert_eq!(found.body, BODY, "{text}");
    }
}

#[test]
fn authors_as_clients_write_them() {
    for (value, name, email) in [
        ("Ada Byron <ada@example.test>", "Ada Byron", "ada@example.test"),
        ("\"Byron, Ada\" <Ada@Example.test>", "Byron, Ada", "ada@example.test"),
        ("Ada Byron [mailto:ada@example.test]", "Ada Byron", "ada@example.test"),
        ("Ada Byron <mailto:ada@example.test>", "Ada Byron", "ada@example.test"),
        ("Ada Byron <ada@example.test<mailto:ada@example.test>>", "Ada Byron", "ada@example.test"),
        ("'Ada Byron' <ada@example.test>", "Ada Byron", "ada@example.test"),
        ("ada@example.test", "", "ada@example.test"),
        ("ada@example.test (Ada Byron)", "Ada Byron", "ada@example.test"),
        ("ada@example.test <ada@example.test>", "", "ada@example.test"),
        ("*Ada Byron* <ada@example.test>", "Ada Byron", "ada@example.test"),
    ] {
        assert_eq!(address(value), Some(Address::new(name, email)), "{value}");
    }
    for value in ["Ada Byron", "", "@", "ada@", "@example.test", "Ada/Machines/ACME"] {
        assert_eq!(address(value), None, "{value}");
    }
}

#[test]
fn replies_and_mails_that_only_look_like_forwards() {
    let outlook = block(&["From:", "Sent:", "Subject:", "To:"]);
    let finnish = block(&["Lähettäjä:", "Lähetetty:", "Aihe:", "Vastaanottaja:"]);
    for (what, subject, text) in [
        ("a reply of Outlook", "RE: The engine", format!("It did.\n\n{outlook}\nOld words.")),
        ("a reply that kept its subject", "The engine", format!("It did.\n\n{outlook}\nOld words.")),
        (
            "a reply to a forward",
            "Re: Fwd: The engine",
            format!("It did.\n\n---------- Forwarded message ---------\n{outlook}\nOld."),
        ),
        ("a reply in Finnish", "VS: The engine", format!("Niin.\n\n{finnish}\nOld words.")),
        ("a reply in German", "AW: WG: The engine", format!("Ja.\n\n{outlook}\nOld words.")),
        (
            "a reply that quotes a forward",
            "The engine",
            format!("It did.\n\n{outlook}\n---------- Forwarded message ---------\n{outlook}\nOld."),
        ),
        (
            "a forward that names no address",
            "Fwd: The engine",
            "---------- Forwarded message ---------\nFrom: Ada Byron\nDate: 3 May 2022\n\nOld.".to_owned(),
        ),
        ("a forward of nothing", "Fwd: The engine", "Please look at the attached picture.".to_owned()),
        ("words about a forward", "Question", "Why was the\nforwarded message: empty\nFrom: nobody?".to_owned()),
        ("an Italian word", "I am sorry: the engine", format!("It did.\n\n{outlook}\nOld words.")),
        ("nothing", "", String::new()),
    ] {
        assert_eq!(original(&text, subject, &[]), None, "{what}");
    }
}

#[test]
fn prefixes() {
    for (subject, want) in [
        ("Fwd: x", Prefix::Forward),
        ("FW: Re: x", Prefix::Forward),
        ("[CASE-7] WG: x", Prefix::Forward),
        ("[Fwd: x]", Prefix::Forward),
        ("Fwd[2]: x", Prefix::Forward),
        ("转发：x", Prefix::Forward),
        ("[a] [b] Re: Fwd: x", Prefix::Reply),
        ("RE[3]: x", Prefix::Reply),
        ("VS: x", Prefix::Ambiguous),
        ("Forecast: rain", Prefix::None),
        ("[[[[[[[[", Prefix::None),
        ("", Prefix::None),
    ] {
        assert_eq!(Prefix::of(subject), want, "{subject}");
    }
}

fn mail_attached(raw: &str) -> Attachment {
    Attachment {
        filename: "The engine.eml".to_owned(),
        content_type: "message/rfc822".to_owned(),
        content_id: None,
        inline: false,
        content: raw.as_bytes().to_vec(),
    }
}

#[test]
fn a_mail_attached_as_a_whole() {
    let raw = "From: =?utf-8?q?Ad=C3=A1_Byron?= <ada@example.test>\r\nSubject: The engine\r\nDate: Tue, 3 May 2022 10:15:00 +0200\r\n\r\nThe engine stopped.\r\n";
    let found = original("See attached.\n-- \nBo", "Fwd: The engine", &[mail_attached(raw)]).unwrap();
    assert_eq!(found.from, Address::new("Adá Byron", "ada@example.test"));
    assert_eq!(found.subject.as_deref(), Some("The engine"));
    assert_eq!(found.date.as_deref(), Some("2022-05-03T08:15:00Z"));
    assert_eq!((found.body.as_str(), found.comment.as_str()), ("The engine stopped.", "See attached."));

    let html = raw
        .replace("\r\n\r\nThe engine stopped.", "\r\nContent-Type: text/html\r\n\r\n<p>The <b>engine</b> stopped.</p>");
    assert_eq!(original("", "FW: The engine", &[mail_attached(&html)]).unwrap().body, "The engine stopped.");

    let nobody = "Subject: x\r\n\r\nOld.";
    for attachments in
        [vec![mail_attached(nobody)], vec![mail_attached("")], vec![mail_attached(raw), mail_attached(raw)]]
    {
        assert_eq!(original("See attached.", "Fwd: x", &attachments), None);
    }
    assert_eq!(original("It did.", "Re: The engine", &[mail_attached(raw)]), None, "evidence attached to an answer");
}

/// What clients write that name no divider of the others, or end what they pass on.
#[test]
fn forwards_of_more_clients() {
    let head =
        "From: Ada <ada@example.test>\nSubject: Engine\nDate: Tue, 3 May 2022 10:15:00 +0000\nTo: bo@example.test";
    let yahoo = "----- Forwarded Message ----- From: Ada <ada@example.test>To: \"bo@example.test\" <bo@example.test>\
        Sent: Tuesday, May 3, 2022 at 10:15:00 AM GMT+1Subject: Engine";
    let yahoo_german = "----- Weitergeleitete Nachricht ----- Von: Ada <ada@example.test>An: Bo <bo@example.test>\
        Gesendet: Dienstag, 3. Mai 2022 um 10:15:00 MESZBetreff: Engine";
    let marked = format!("Begin forwarded message:\n\n{head}\n\n{BODY}").replace('\n', "\n> ");
    let table = [
        ("Yahoo", "Fwd: Engine", format!("Look.\n\n{yahoo}\n{BODY}")),
        ("Yahoo, German", "Fw: Engine", format!("Look.\n\n{yahoo_german}\n{BODY}")),
        (
            "nmh",
            "Engine (fwd)",
            format!(
                "Look.\n\n------- Forwarded Message\n\nReceived: from a by b\n{head}\nMessage-ID: <m1@example.test>\n\n{BODY}\n\n------- End of Forwarded Message\n\n-- \nBo"
            ),
        ),
        (
            "mutt",
            "[ada@example.test: Engine]",
            format!(
                "Look.\n\n----- Forwarded message from Ada <ada@example.test> -----\n\n{head}\n\n{BODY}\n\n----- End forwarded message -----\n\n-- \nBo, 040 000"
            ),
        ),
        (
            "alpine",
            "Re: Engine (fwd)",
            format!(
                "Look.\n\n---------- Forwarded message ----------\n{}\n\n{BODY}",
                head.replace("Engine", "Re: Engine")
            ),
        ),
        (
            "Gnus",
            "[Ada] Re: Engine",
            format!(
                "Look.\n\n-------------------- Start of forwarded message --------------------\n{}\n\n{BODY}\n-------------------- End of forwarded message --------------------\n",
                head.replace("Engine", "[Ada] Re: Engine")
            ),
        ),
        ("Apple Mail", "Fwd: Engine", format!("Look.\n\n> {marked}\n\nBo Berg\n040 000")),
    ];
    for (client, subject, text) in table {
        let found = original(&text, subject, &[]).unwrap_or_else(|| panic!("{client}"));
        assert_eq!(found.from.email, "ada@example.test", "{client}");
        assert_eq!(found.body, BODY, "{client}");
        assert_eq!(found.comment, "Look.", "{client}");
        assert!(found.subject.is_some_and(|subject| subject.ends_with("Engine")), "{client}");
        assert_eq!(found.message_id.is_some(), client == "nmh", "{client}");
    }
    let reply = format!("Yes.\n\nOn 3 May 2022, Bo <bo@example.test> wrote:\n> Look.\n> {marked}");
    assert_eq!(original(&reply, "Re: Fwd: Engine", &[]), None);
}

/// HTML whose paragraphs follow the headers without an empty line: the subject ends with its own line, unless that is as
/// long as a line that was wrapped.
#[test]
fn words_directly_below_the_subject_are_no_subject() {
    let head = "From: Ada <ada@example.test>\nSent: Tuesday, 3 May 2022 10:15\nTo: Bo <bo@example.test>\nSubject: ";
    let found = original(&format!("Look.\n\n{head}Engine\nIt stopped.\nAgain."), "FW: Engine", &[]).unwrap();
    assert_eq!((found.subject.as_deref(), found.body.as_str()), (Some("Engine"), "It stopped.\nAgain."));
    let long = "The engine in the second hall stopped again at a quarter past";
    let found = original(&format!("{head}{long}\nten\n\nIt stopped."), "FW: Engine", &[]).unwrap();
    assert_eq!((found.subject, found.body.as_str()), (Some(format!("{long} ten")), "It stopped."));
}
