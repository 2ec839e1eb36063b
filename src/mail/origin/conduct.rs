//! What the desk may do because of a mail, by what its headers say of the machine behind it.
//!
//! A machine's header does not tell that nobody wrote the words: inbox rules, gateways and other desks put their marks on
//! what people wrote. So a mark always keeps our automatic answers back; whether anybody hears of the mail is another
//! question, and only the marks and the words of responders answer it with no.

use super::super::{Headers, sender};
use super::absence;
use super::headers::{self, Meaning};
use super::kind::Origin;

/// What may follow from a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conduct {
    /// Its sender may get an automatic answer.
    pub acknowledge: bool,
    /// The engineers hear of it, on its case or as a new one.
    pub tell: bool,
    /// It opens a closed case again, and our next mail hangs below it.
    pub reopen: bool,
    /// What waits for its sender stops waiting.
    pub stop_follow_ups: bool,
    /// Its words may fill in a form.
    pub fill_forms: bool,
}

impl Conduct {
    /// Somebody wrote to us.
    const PERSON: Self = Self { acknowledge: true, tell: true, reopen: true, stop_follow_ups: true, fill_forms: true };
    /// Words of a person, perhaps, that a machine sent.
    const PASSED_ON: Self = Self { acknowledge: false, fill_forms: false, ..Self::PERSON };
    /// A mailing, or an answer that calls itself automatic and says something.
    const MACHINE: Self = Self { reopen: false, ..Self::PASSED_ON };
    /// Nobody needs to know: a vacation, a receipt, our own mail.
    const NOTHING: Self =
        Self { acknowledge: false, tell: false, reopen: false, stop_follow_ups: false, fill_forms: false };

    /// By what sent the mail, and where that is a machine, by its marks and words.
    pub fn of(origin: Origin, headers: &Headers, subject: &str, text: &str) -> Self {
        match origin {
            Origin::Person => Self::PERSON,
            Origin::Bulk => Self::MACHINE,
            Origin::Bounce | Origin::Own | Origin::Feedback => Self::NOTHING,
            Origin::AutoReply if is_responder(headers, subject, text) => Self::NOTHING,
            Origin::AutoReply if headers::meaning(headers) == Some(Meaning::PassedOn) => Self::PASSED_ON,
            Origin::AutoReply => Self::MACHINE,
        }
    }
}

/// Signs that nobody wrote the words: a report, a responder's mark, the words of an absence, or an answer that calls
/// itself automatic and has a second sign of it beside (RFC 3834 §3.1 asks responders for the null return path).
fn is_responder(headers: &Headers, subject: &str, text: &str) -> bool {
    let meaning = headers::meaning(headers);
    let beside = || {
        sender::null_return_path(headers)
            || ["Precedence", "X-Auto-Response-Suppress", "X-Caseway"].iter().any(|name| headers.first(name).is_some())
    };
    headers::report(headers).is_some()
        || text.trim().is_empty()
        || meaning == Some(Meaning::Responder)
        || absence::reply_subject(subject).is_some()
        || absence::away(subject, text).is_some()
        || absence::statement(text).is_some()
        || meaning != Some(Meaning::PassedOn) && (beside() || speaks_of_absence(text))
}

/// Bytes of the words in which a responder says what it is.
const BEGINNING: usize = 400;

/// Any word of an absence, however the sentence goes on: enough beside an answer that calls itself automatic.
fn speaks_of_absence(text: &str) -> bool {
    let beginning = text.get(..text.floor_char_boundary(BEGINNING)).unwrap_or(text).to_lowercase();
    ABSENCE.iter().any(|word| beginning.contains(word))
}

#[rustfmt::skip]
const ABSENCE: &[&str] = &[
    "out of office", "out of the office", "away", "vacation", "holiday", "on leave", "parental leave", "not available",
    "received your", "have received", "urlaub", "abwesen", "nicht im büro", "nicht im haus", "außer haus", "elternzeit",
    "ihre nachricht erhalten", "ihre e-mail erhalten", "absent", "congé", "vacances", "bien reçu", "ausente", "vacaciones",
    "fuera de la oficina", "hemos recibido", "ferie", "assente", "fuori ufficio", "abbiamo ricevuto", "afwezig", "vakantie",
    "férias", "fora do escritório", "urlop", "nieobecn", "lomalla", "loman", "poissa", "vastaanotettu", "semester",
    "frånvar", "ferien", "fravær", "ute av kontoret", "отпуск", "отсутств", "休暇", "不在", "休假", "外出", "휴가", "부재",
];

#[cfg(test)]
mod tests {
    use super::super::super::inbound;
    use super::Conduct;

    fn conduct(mail: &str) -> Conduct {
        inbound::read(mail.as_bytes()).conduct
    }

    #[test]
    fn a_persons_words_behind_a_machines_header() {
        for header in [
            "Auto-Submitted: auto-generated",
            "Auto-Submitted: no\nAuto-Submitted: auto-generated",
            "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
            "X-OTRS-Loop: yes",
            "X-Loop: true",
        ] {
            let mail = format!(
                "From: kim@example.test\nSubject: Re: [CASE-7] Scanner\n{header}\n\nStill dark. Please call.\n"
            );
            assert_eq!(conduct(&mail), Conduct::PASSED_ON, "{header}");
        }
        let bare = "From: kim@example.test\nSubject: Re: [CASE-7] Scanner\nAuto-Submitted: auto-replied\n\nStill dark. Please call.\n";
        assert_eq!(conduct(bare), Conduct::MACHINE);
    }

    #[test]
    fn nobodys_words() {
        for mail in [
            "From: kim@example.test\nReturn-Path: <>\nSubject: Re: Scanner\nAuto-Submitted: auto-replied\n\nGone fishing.\n",
            "From: kim@example.test\nSubject: Re: Scanner\nAuto-Submitted: auto-replied\nPrecedence: bulk\n\nGone fishing.\n",
            "From: kim@example.test\nSubject: Automatic reply: Scanner\nAuto-Submitted: auto-generated\n\nI am away.\n",
            "From: kim@example.test\nSubject: Re: Scanner\nX-Autoreply: yes\n\nThank you for your mail.\n",
            "From: kim@example.test\nSubject: Scanner\nAuto-Submitted: auto-replied\n\n\n",
        ] {
            assert_eq!(conduct(mail), Conduct::NOTHING, "{mail}");
        }
    }
}
