//! "I did not receive the mail", as people write it.

/// Words that deny, and words for what did not come; a short text with one of each asks for the mail again.
const DENIALS: &[&str] = &[
    // English
    "not receive",
    "n't receive",
    "not get",
    "n't get",
    "haven't got",
    "not got",
    "never received",
    "never got",
    "never came",
    "not arrived",
    "n't arrived",
    "never arrived",
    "no email",
    "no e-mail",
    "no mail",
    "nothing arrived",
    "nothing came",
    "still waiting for",
    "link expired",
    "link has expired",
    "link does not work",
    "link doesn't work",
    "resend",
    "send again",
    "send it again",
    // German
    "nicht erhalten",
    "nicht bekommen",
    "keine mail",
    "keine e-mail",
    "keine email",
    "nichts erhalten",
    "nichts bekommen",
    "nicht angekommen",
    "nichts angekommen",
    "link abgelaufen",
    "link ist abgelaufen",
    "link funktioniert nicht",
    "erneut senden",
    "nochmal senden",
    "noch einmal senden",
    "nochmals senden",
    "erneut zuschicken",
    "noch einmal schicken",
    "nochmal schicken",
    // Finnish
    "en ole saanut",
    "en saanut",
    "ei ole tullut",
    "ei tullut",
    "ei saapunut",
    "ei ole saapunut",
    "linkki vanhentui",
    "linkki on vanhentunut",
    "linkki ei toimi",
    "lähettäkää uudelleen",
    "lähettää uudelleen",
    "lähetä uudelleen",
    // Swedish, Danish, Norwegian
    "inte fått",
    "inte mottagit",
    "inte kommit",
    "länken fungerar inte",
    "länken har gått ut",
    "ikke modtaget",
    "ikke fået",
    "ikke mottatt",
    "ikke fått",
    "ikke kommet",
    "linket virker ikke",
    "linket er udløbet",
    // French
    "pas reçu",
    "jamais reçu",
    "rien reçu",
    "lien a expiré",
    "lien ne fonctionne pas",
    "renvoyer",
    // Spanish, Portuguese, Italian
    "no he recibido",
    "no recibí",
    "no me ha llegado",
    "enlace no funciona",
    "enlace ha caducado",
    "não recebi",
    "nao recebi",
    "não chegou",
    "link não funciona",
    "link expirou",
    "non ho ricevuto",
    "non è arrivata",
    "non ho mai ricevuto",
    "link non funziona",
    "link è scaduto",
    // Dutch, Polish
    "niet ontvangen",
    "niets ontvangen",
    "niet gekregen",
    "link werkt niet",
    "link is verlopen",
    "nie otrzymał",
    "nie dostał",
    "nie przyszedł",
    "link nie działa",
    "link wygasł",
    // Japanese
    "届いていません",
    "届きません",
    "届いておりません",
    "届かない",
    "リンクが開けません",
    "有効期限が切れ",
];

/// Longer texts tell a story that a person should read.
const MAX_WORDS: usize = 80;

/// Whether a text says that a mail of ours did not arrive, or asks for it again.
pub fn not_received(words: &str) -> bool {
    let folded = words.to_lowercase().replace('’', "'");
    folded.split_whitespace().count() <= MAX_WORDS && DENIALS.iter().any(|denial| folded.contains(denial))
}

#[cfg(test)]
mod tests {
    use super::not_received;

    #[test]
    fn as_people_write_it() {
        for words in [
            "Hi, I didn’t receive the mail yet.",
            "Guten Tag, die Aktivierungsmail habe ich leider nicht erhalten.",
            "Hei, en ole saanut viestiä.",
            "Je n'ai pas reçu le lien.",
            "Jag har inte fått något mejl.",
            "The link has expired, please send it again",
            "Länken fungerar inte.",
            "Linket er udløbet.",
            "De link werkt niet.",
            "El enlace no funciona.",
            "Il link è scaduto.",
            "O link não funciona.",
            "Link nie działa.",
            "メールがまだ届いていません。",
        ] {
            assert!(not_received(words), "{words}");
        }
        for words in
            ["Thank you, it works.", "Received, thanks.", "Danke, habe die Mail erhalten.", "What is the account ID?"]
        {
            assert!(!not_received(words), "{words}");
        }
    }
}
