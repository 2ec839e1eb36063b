//! Mails that a click makes: nobody wrote words, whatever text their program put in.

use super::headers::Headers;
use super::inbound::armour;
use super::mime::Parts;

/// What a program sent when somebody clicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// A thumb on somebody's mail (RFC 9078; Outlook and Gmail have ways of their own).
    Reaction,
    /// A thumb alone that may be typed.
    Sign,
    /// An answer to an invitation, or a proposal of another time (RFC 5546 §3.2).
    Calendar,
    /// A mail was read or deleted (RFC 8098, and what Exchange sends in words).
    Receipt,
    /// Outlook asks for a mail back.
    Recall,
    /// Words that only their recipient can read.
    Encrypted,
}

/// Behind the name of who reacted: Outlook and Gmail in their users' languages.
#[rustfmt::skip]
const REACTED: &[&str] = &[
    "reacted to your message", "reacted to your email", "reacted via gmail", "reacted to a message",
    "hat auf ihre nachricht reagiert", "hat auf deine nachricht reagiert", "hat über gmail reagiert", "hat per gmail reagiert",
    "hat mit gmail reagiert", "reagierte auf ihre nachricht", "reagoi viestiisi", "on reagoinut viestiisi", "reagoi gmailissa", "reagoi gmailin kautta",
    "a réagi à votre message", "a réagi via gmail", "ha reaccionado a tu mensaje", "ha reaccionado a su mensaje", "reaccionó a tu mensaje",
    "reaccionó a través de gmail", "ha reaccionado mediante gmail", "ha reagito al tuo messaggio", "ha reagito tramite gmail",
    "reagerade på ditt meddelande", "har reagerat på ditt meddelande", "reagerade via gmail", "reagerte på meldingen din",
    "reagerede på din meddelelse", "har reageret på din", "reagerte via gmail", "reagerede via gmail", "heeft gereageerd op uw bericht",
    "heeft gereageerd op je bericht", "heeft gereageerd via gmail", "reagiu à sua mensagem", "reagiu à tua mensagem", "reagiu pelo gmail",
    "zareagował na twoją wiadomość", "zareagowała na twoją wiadomość", "отреагировал",
];

/// How Outlook and others begin the subject of an answer to an invitation.
#[rustfmt::skip]
const CALENDAR: &[&str] = &[
    "accepted", "declined", "tentative", "tentatively accepted", "new time proposed", "updated invitation", "canceled", "cancelled",
    "zugesagt", "angenommen", "abgelehnt", "abgesagt", "mit vorbehalt", "mit vorbehalt zugesagt", "vorläufig zugesagt", "neuer zeitvorschlag",
    "neue zeit vorgeschlagen", "hyväksytty", "hylätty", "alustavasti hyväksytty", "alustava", "peruutettu", "ehdotettu uutta aikaa",
    "uusi aika ehdotettu", "accepté", "refusé", "provisoire", "annulé", "nouvel horaire proposé", "aceptado", "aceptada", "rechazado", "rechazada",
    "provisional", "cancelado", "cancelada", "accettato", "rifiutato", "provvisorio", "annullato", "accepterat", "accepterad", "avböjt", "preliminärt",
    "inställt", "akseptert", "avslått", "foreløpig", "avlyst", "accepteret", "afvist", "aflyst", "geaccepteerd", "geweigerd", "voorlopig", "aceite",
    "aceito", "recusado", "zaakceptowano", "odrzucono", "принято", "отклонено", "已接受", "已拒绝", "承諾", "辞退",
];

/// How the subject of a receipt begins.
#[rustfmt::skip]
const RECEIPT: &[&str] = &[
    "read", "read receipt", "not read", "return receipt", "return receipt (displayed)", "disposition notification", "gelesen", "ungelesen gelöscht",
    "nicht gelesen", "lesebestätigung", "luettu", "ei luettu", "lukukuittaus", "lu", "non lu", "accusé de lecture", "leído", "no leído", "letto",
    "non letto", "läst", "oläst", "lest", "ikke lest", "læst", "ikke læst", "gelezen", "ongelezen", "lido", "przeczytano", "прочтено", "已读", "開封済み",
];

/// What its text says.
#[rustfmt::skip]
const WAS_READ: &[&str] = &[
    "was read on", "was deleted without being read", "has been displayed", "message was displayed on", "no guarantee that the message has been read",
    "this is a return receipt", "wurde gelesen am", "wurde am", "wurde ungelesen gelöscht", "luettiin", "on luettu", "a été lu le", "fue leído", "è stato letto",
    "lästes", "ble lest", "blev læst", "is gelezen op", "foi lida", "została przeczytana", "было прочитано",
];

/// How the subject of a recall begins, and what its text says.
#[rustfmt::skip]
const RECALL: &[&str] = &[
    "recall", "message recall", "rückruf", "nachrichtenrückruf", "palautus", "palauta", "viestin palautus", "rappel", "recuperar", "richiamo",
    "återkallelse", "återkalla", "tilbakekalling", "tilbakekall", "tilbagekald", "intrekken", "terugroepen", "recuperação", "odwołanie", "отзыв",
];
#[rustfmt::skip]
const WANTS_BACK: &[&str] = &[
    "would like to recall the message", "wants to recall the message", "möchte die nachricht", "haluaa palauttaa viestin", "haluaa perua viestin",
    "souhaite rappeler le message", "desea recuperar el mensaje", "desidera richiamare il messaggio", "vill återkalla meddelandet",
    "ønsker å tilbakekalle", "ønsker at tilbagekalde", "wil het bericht", "gostaria de recuperar", "chce odwołać wiadomość", "хочет отозвать",
];

/// Letters of the longest reaction in words.
const MAX_REACTION: usize = 300;
/// Letters looked at of a text.
const HEAD: usize = 600;

/// The signal that a mail is. `reply` is its visible text, quotes cut off.
pub fn of(parts: &Parts<'_>, headers: &Headers, subject: &str, reply: &str) -> Option<Signal> {
    by_part(parts).or_else(|| by_words(headers, subject, reply)).or_else(|| encrypted(reply))
}

fn by_part(parts: &Parts<'_>) -> Option<Signal> {
    parts.list.iter().find_map(|part| match part.kind() {
        "text/vnd.google.email-reaction+json" => Some(Signal::Reaction),
        "message/disposition-notification" => Some(Signal::Receipt),
        "application/x-microsoft-rpmsg-message" => Some(Signal::Encrypted),
        // RFC 9078 §3.
        _ if part.placing.value == "reaction" => Some(Signal::Reaction),
        "text/calendar" | "application/ics" => {
            answers_invitation(&part.transfer.decode(part.body).0).then_some(Signal::Calendar)
        }
        _ => None,
    })
}

/// Methods by which somebody answers rather than invites (RFC 5546 §1.4).
fn answers_invitation(file: &[u8]) -> bool {
    let head = file.get(..4_000).unwrap_or(file);
    let text = String::from_utf8_lossy(head).to_ascii_uppercase();
    let method = text.lines().find_map(|line| line.trim().strip_prefix("METHOD:"));
    method.is_some_and(|method| matches!(method.trim(), "REPLY" | "COUNTER" | "DECLINECOUNTER" | "REFRESH"))
}

fn by_words(headers: &Headers, subject: &str, reply: &str) -> Option<Signal> {
    let text: String = reply.chars().take(HEAD).collect::<String>().to_lowercase().replace('’', "'");
    let says = |list: &[&str]| list.iter().any(|words| text.contains(words));
    let mark = subject.split_once([':', '：']).map(|(mark, _)| mark.trim().to_lowercase()).unwrap_or_default();
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let reacted = REACTED.iter().any(|words| first.contains(words))
        && reply.chars().take(MAX_REACTION + 1).count() <= MAX_REACTION;
    if reacted || headers.first("X-MS-Reaction").is_some() {
        Some(Signal::Reaction)
    } else if is_sign(&text) {
        Some(Signal::Sign)
    } else if CALENDAR.contains(&mark.as_str()) {
        Some(Signal::Calendar)
    } else if RECALL.contains(&mark.as_str()) && (says(WANTS_BACK) || text.trim().is_empty()) {
        Some(Signal::Recall)
    } else if RECEIPT.contains(&mark.as_str()) && (says(WAS_READ) || text.trim().is_empty()) {
        Some(Signal::Receipt)
    } else {
        None
    }
}

/// A text of signs alone: a thumb, a heart.
fn is_sign(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.chars().count() <= 40 && !text.is_ascii() && !text.chars().any(char::is_alphanumeric)
}

/// The placeholder stands where the writer's own words would, or the armour itself, in HTML.
fn encrypted(reply: &str) -> Option<Signal> {
    let is_sealed = |line: &str| line == armour::ENCRYPTED || line.starts_with("-----BEGIN PGP MESSAGE");
    reply.lines().any(|line| is_sealed(line.trim())).then_some(Signal::Encrypted)
}

#[cfg(test)]
mod tests {
    use super::Signal;
    use crate::mail;

    fn signal(subject: &str, kind: &str, body: &str) -> Option<Signal> {
        let raw = format!(
            "From: erkki@example.test\nSubject: {subject}\nMIME-Version: 1.0\nContent-Type: {kind}\n\n{body}\n"
        );
        mail::read(raw.as_bytes()).signal
    }

    fn words(subject: &str, body: &str) -> Option<Signal> {
        signal(subject, "text/plain; charset=utf-8", body)
    }

    #[test]
    fn reactions() {
        for body in [
            "Erkki Virtanen reacted to your message:\n\n❤️",
            "Erkki Virtanen reacted via Gmail\n👍",
            "Erkki Virtanen hat auf Ihre Nachricht reagiert:\n👍",
            "Erkki Virtanen reagoi viestiisi:\n👍",
        ] {
            assert_eq!(words("Re: [CASE-1] Printer", body), Some(Signal::Reaction), "{body}");
        }
        for body in ["👍", "🎉🎉"] {
            assert_eq!(words("Re: [CASE-1] Printer", body), Some(Signal::Sign), "{body}");
        }
        let part = "--b\nContent-Type: text/plain\nContent-Disposition: reaction\n\n\u{1f44d}\n--b--";
        assert_eq!(signal("Re: x", "multipart/mixed; boundary=b", part), Some(Signal::Reaction));
        let gmail = "--b\nContent-Type: text/plain\n\nErkki reacted\n--b\nContent-Type: text/vnd.google.email-reaction+json\n\n{}\n--b--";
        assert_eq!(signal("Re: x", "multipart/alternative; boundary=b", gmail), Some(Signal::Reaction));
    }

    #[test]
    fn calendars_receipts_and_recalls() {
        let answer = "--b\nContent-Type: text/plain\n\nI cannot.\n--b\nContent-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n--b--";
        assert_eq!(signal("Re: x", "multipart/alternative; boundary=b", answer), Some(Signal::Calendar));
        for subject in ["Accepted: [CASE-1] Printer", "Zugesagt: Printer", "Hyväksytty: Printer", "Tentative: Printer"]
        {
            assert_eq!(words(subject, ""), Some(Signal::Calendar), "{subject}");
        }
        let read = "Your message\n\n To: Erkki\n Subject: x\n\nwas read on Monday.";
        assert_eq!(words("Read: [CASE-1] Printer", read), Some(Signal::Receipt));
        let recall = "Virtanen, Erkki would like to recall the message, \"[CASE-1] Printer\".";
        assert_eq!(words("Recall: [CASE-1] Printer", recall), Some(Signal::Recall));
    }

    #[test]
    fn peoples_words_are_none() {
        for (subject, body) in [
            ("Re: [CASE-1] Printer", "Please restart it. 👍"),
            ("Re: [CASE-1] Accepted: offer", "Thank you."),
            ("Read: the manual", "Please read the manual, page 7."),
            (
                "Re: x",
                "The customer reacted to your message as I feared, because the printer went on to print the same page over and over again until somebody came, and so on. I would call him. Please look whether the fuser is worn out; the firmware may be too old as well, and the paper is too moist. Then tell him what you found, please.",
            ),
            ("Re: x", "?"),
            ("Re: x", ""),
        ] {
            assert_eq!(words(subject, body), None, "{subject}: {body}");
        }
        let invites = "--b\nContent-Type: text/plain\n\nLet us look at it together.\n--b\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR\n--b--";
        assert_eq!(signal("Session", "multipart/alternative; boundary=b", invites), None);
    }

    #[test]
    fn encrypted_words() {
        let pgp = "-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----";
        assert_eq!(words("Re: x", pgp), Some(Signal::Encrypted));
        assert_eq!(
            words(
                "Re: x",
                "Hello,\n\n> [This part of the mail is encrypted and cannot be read here.]\n\nplease send it again."
            ),
            None
        );
    }
}
