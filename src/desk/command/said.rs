//! What came of a command on a case, in words of the engineer's language.

use super::row::of;
use crate::desk::ticket::{Priority, Status};
use crate::mail::language::Language;

/// What came of one command, or why nothing did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// Who orders it has the case.
    Taken,
    /// Somebody else has it.
    Assigned(String),
    /// Nobody has it.
    Unassigned,
    /// Nobody is called so; these are.
    NoEngineer(Vec<String>),
    /// Several are, and have these addresses.
    SeveralEngineers(Vec<String>),
    /// Where the case stands.
    Status(Status),
    /// It is done.
    Closed { quietly: bool },
    /// It was done before.
    ClosedBefore,
    /// It waits for somebody to decide whether to believe it.
    Held,
    /// It is not closed, and so cannot be reopened.
    NotClosed,
    /// How soon somebody should see to it.
    Priority(Priority),
    /// Whose engineers look after it.
    Queue(String),
    /// There is no such queue; there are these.
    NoQueue(Vec<String>),
    /// All its tags.
    Tags(Vec<String>),
    /// More than it can have.
    TooManyTags(usize),
    /// What it is called.
    Subject(String),
    /// Nothing, or longer than this.
    SubjectLength(usize),
    /// The language of its customer.
    Language(Language),
    /// They read what goes to the customer.
    Copied(Vec<String>),
    /// They do not any more.
    Uncopied(Vec<String>),
    /// This address is in copy of nothing.
    NotCopied(String),
    /// An address of the desk's own.
    OurOwn(String),
    /// An engineer's address.
    IsEngineer(String),
    /// Who orders it follows the case.
    Follows,
    /// And does not.
    FollowsNot,
    /// Whose case it is, and who is on it no more.
    Requester { now: String, left: Vec<String> },
    /// A form of the case goes on, and is about whose it is.
    FormRuns,
    /// Nobody more can be on it.
    TooManyPeople,
    /// Only colleagues read the mail.
    Note,
    /// The customer reads it.
    Published,
    /// It cannot be both.
    NoteAndPublished,
}

impl Said {
    /// In one line.
    pub(super) fn words(&self, language: Language) -> String {
        let texts = self.of_case().or_else(|| self.of_people());
        of(texts.unwrap_or_else(|| self.fixed().map(str::to_owned)), language)
    }

    /// Those that name something of the case.
    fn of_case(&self) -> Option<[String; 3]> {
        Some(match self {
            Self::Queue(queue) => [
                format!("it is in the queue {queue}"),
                format!("er liegt in der Warteschlange {queue}"),
                format!("tapaus on jonossa {queue}"),
            ],
            Self::NoQueue(all) => [
                format!("there is no such queue; there are {}", all.join(", ")),
                format!("diese Warteschlange gibt es nicht; es gibt {}", all.join(", ")),
                format!("tämän nimistä jonoa ei ole; jonot ovat {}", all.join(", ")),
            ],
            Self::Tags(all) if all.is_empty() => {
                ["it has no tags".to_owned(), "er hat keine Stichwörter".to_owned(), "tunnisteita ei ole".to_owned()]
            }
            Self::Tags(all) => [
                format!("its tags are {}", all.join(", ")),
                format!("die Stichwörter sind {}", all.join(", ")),
                format!("tunnisteet ovat {}", all.join(", ")),
            ],
            Self::TooManyTags(most) => [
                format!("a case has at most {most} tags"),
                format!("ein Fall hat höchstens {most} Stichwörter"),
                format!("tapauksessa voi olla enintään {most} tunnistetta"),
            ],
            Self::Subject(text) => {
                [format!("it is called “{text}”"), format!("er heißt „{text}“"), format!("otsikko on nyt ”{text}”")]
            }
            Self::SubjectLength(most) => [
                format!("a subject has one to {most} letters"),
                format!("ein Betreff hat ein bis {most} Zeichen"),
                format!("otsikossa on 1–{most} merkkiä"),
            ],
            Self::Language(it) => [
                format!("our mails to the customer are in {} from now on", it.code()),
                format!("unsere E-Mails nach außen sind ab jetzt in {}", it.code()),
                format!("asiakkaan viestit kirjoitetaan tästä lähtien kielellä {}", it.code()),
            ],
            _ => return None,
        })
    }

    /// Those that name somebody.
    fn of_people(&self) -> Option<[String; 3]> {
        Some(match self {
            Self::Assigned(name) => [
                format!("{name} has the case now"),
                format!("{name} hat jetzt den Fall"),
                format!("käsittelijä on nyt {name}"),
            ],
            Self::NoEngineer(all) => [
                format!("no engineer is called so; there are {}", all.join(", ")),
                format!("so heißt hier niemand; es gibt {}", all.join(", ")),
                format!("tämän nimistä asiantuntijaa ei ole; asiantuntijat ovat {}", all.join(", ")),
            ],
            Self::SeveralEngineers(all) => [
                format!("several are called so; write one of {}", all.join(", ")),
                format!("so heißen mehrere; schreiben Sie eine dieser Adressen: {}", all.join(", ")),
                format!("tällä nimellä on useita; kirjoita jokin näistä: {}", all.join(", ")),
            ],
            Self::Copied(all) => [
                format!("{} will read what goes to the customer", all.join(", ")),
                format!("{} liest mit, was hinausgeht", all.join(", ")),
                format!("{} saa asiakkaalle lähetettävät viestit", all.join(", ")),
            ],
            Self::Uncopied(all) => [
                format!("{} will read nothing more", all.join(", ")),
                format!("{} liest nicht mehr mit", all.join(", ")),
                format!("{} ei enää saa viestejä", all.join(", ")),
            ],
            Self::NotCopied(email) => [
                format!("{email} is not in copy"),
                format!("{email} liest gar nicht mit"),
                format!("{email} ei ole jakelussa"),
            ],
            Self::OurOwn(email) => [
                format!("{email} is the desk's own address"),
                format!("{email} ist unsere eigene Adresse"),
                format!("{email} on tukemme oma osoite"),
            ],
            Self::IsEngineer(email) => [
                format!("{email} is an engineer's; #assign and #follow are for colleagues"),
                format!("{email} gehört zum Team; dafür gibt es #assign und #follow"),
                format!("{email} on asiantuntijan osoite; työtovereille ovat #assign ja #follow"),
            ],
            Self::Requester { now, left } if left.is_empty() => [
                format!("it is the case of {now}"),
                format!("es ist der Fall von {now}"),
                format!("tapaus on asiakkaan {now}"),
            ],
            Self::Requester { now, left } => {
                let left = left.join(", ");
                [
                    format!("it is the case of {now}; nothing more of it goes to {left}, unless you write #cc {left}"),
                    format!("es ist jetzt der Fall von {now}; {left} liest nichts mehr davon, außer mit #cc {left}"),
                    format!(
                        "tapaus on nyt asiakkaan {now}; osoitteeseen {left} ei enää lähetetä mitään, ellet kirjoita #cc {left}"
                    ),
                ]
            }
            _ => return None,
        })
    }

    /// Those that name nothing.
    fn fixed(&self) -> [&'static str; 3] {
        match self {
            Self::Taken => ["you have the case", "Sie haben den Fall", "tapaus on sinulla"],
            Self::Unassigned => [
                "nobody has it; the queue looks after it",
                "niemand hat ihn; die Warteschlange kümmert sich",
                "käsittelijää ei ole; jono hoitaa tapausta",
            ],
            Self::Status(status) => match status {
                Status::Waiting => {
                    ["we wait for the customer", "wir warten auf die Kundin oder den Kunden", "odotamme asiakasta"]
                }
                _ => ["it is open", "er ist offen", "tapaus on avoin"],
            },
            Self::Closed { quietly: true } => [
                "it is closed; the customer gets no letter about it",
                "er ist geschlossen; es geht kein Brief darüber hinaus",
                "tapaus on päätetty; asiakkaalle ei ilmoiteta siitä",
            ],
            Self::Closed { quietly: false } => ["it is closed", "er ist geschlossen", "tapaus on päätetty"],
            Self::ClosedBefore => ["it was closed already", "er war schon geschlossen", "tapaus oli jo päätetty"],
            Self::Held => [
                "it is held until somebody decides: answer it, or #close it",
                "er wartet auf eine Entscheidung: Antworten Sie darauf oder schließen Sie ihn mit #close",
                "tapaus odottaa päätöstä: vastaa siihen tai päätä se komennolla #close",
            ],
            Self::NotClosed => ["it is not closed", "er ist nicht geschlossen", "tapausta ei ole päätetty"],
            Self::Priority(priority) => match priority {
                Priority::Low => ["its priority is low", "die Priorität ist niedrig", "kiireellisyys on matala"],
                Priority::Normal => {
                    ["its priority is normal", "die Priorität ist normal", "kiireellisyys on tavallinen"]
                }
                Priority::High => ["its priority is high", "die Priorität ist hoch", "kiireellisyys on korkea"],
                Priority::Urgent => ["it is urgent", "er ist dringend", "tapaus on kiireellinen"],
            },
            Self::FormRuns => [
                "a form of it is still on its way and is about its customer: #reject it first, or have the other one write",
                "ein Formular dazu läuft noch und gehört zu dieser Person: erst #reject, oder die andere Person schreibt selbst",
                "tapauksen lomake on kesken ja koskee nykyistä asiakasta: hylkää se ensin komennolla #reject tai pyydä toista kirjoittamaan itse",
            ],
            Self::TooManyPeople => [
                "there are too many people on it already",
                "es sind schon zu viele Personen daran beteiligt",
                "tapauksessa on jo liikaa osallisia",
            ],
            Self::Note | Self::Published | Self::NoteAndPublished => self.of_mail(),
            Self::Follows => ["you hear what happens on it", "Sie lesen mit", "saat viestit tapauksesta"],
            _ => ["you do not follow it", "Sie lesen nicht mit", "et seuraa tapausta"],
        }
    }

    /// Those about who reads the mail.
    fn of_mail(&self) -> [&'static str; 3] {
        match self {
            Self::Note => [
                "only colleagues read this email",
                "nur das Team liest diese E-Mail",
                "vain työtoverit näkevät tämän viestin",
            ],
            Self::Published => [
                "the words below are for the customer",
                "der Text darunter ist für die Kundin oder den Kunden",
                "alla oleva teksti on asiakkaalle",
            ],
            _ => [
                "#note and #publish do not go together",
                "#note und #publish passen nicht zusammen",
                "#note ja #publish eivät sovi yhteen",
            ],
        }
    }
}
