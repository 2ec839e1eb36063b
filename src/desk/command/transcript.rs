//! What came of the commands of a mail, in words of the engineer's language.

use super::order::Mistake;
use super::row::{Row, of};
use super::{said, table};
use crate::desk::change::Change;
use crate::desk::form;
use crate::desk::notice::flow::{CommandVars, StandingVars};
use crate::desk::ticket::{Role, Ticket};
use crate::mail::language::Language;

/// What came of one command, or why nothing did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// A command before this one failed.
    NotTried,
    /// A command after this one failed, and so this one is not done either.
    TakenBack,
    /// The words below it go to nobody, and so it is not done.
    WordsKept,
    /// The case is gone: it was merged too often to be followed.
    NoCase,
    /// It is no command.
    Mistaken(Mistake),
    /// The command stands in a quote, or below something else.
    Misplaced,
    /// The list of commands stands below.
    Help,
    /// What a command on a form says.
    Form(form::said::Said),
    /// What a command on the case itself says.
    Case(said::Said),
}

impl Said {
    /// In one line.
    pub(super) fn words(&self, language: Language) -> String {
        let texts = match self {
            Self::Form(said) => return said.words(language),
            Self::Case(said) => return said.words(language),
            Self::Mistaken(mistake) => return mistaken(*mistake, language),
            Self::NotTried => [
                "not tried, as the one before it failed",
                "nicht versucht, weil der Befehl davor gescheitert ist",
                "ei yritetty, koska edellinen komento epäonnistui",
            ],
            Self::TakenBack => [
                "taken back, as one below it failed",
                "zurückgenommen, weil ein Befehl danach gescheitert ist",
                "peruttu, koska myöhempi komento epäonnistui",
            ],
            Self::WordsKept => [
                "not done, as what stands below it was not passed on",
                "nicht ausgeführt, weil der Text darunter nicht weitergegeben wurde",
                "ei tehty, koska sen alla olevaa tekstiä ei välitetty",
            ],
            Self::NoCase => ["there is no such case", "diesen Fall gibt es nicht", "tällaista tapausta ei ole"],
            Self::Misplaced => [
                "commands stand at the very top of a mail, above everything else and outside of quotes",
                "Befehle stehen ganz oben in der E-Mail, über allem anderen und nicht in einem Zitat",
                "komennot kirjoitetaan viestin alkuun, ennen kaikkea muuta ja lainauksen ulkopuolelle",
            ],
            Self::Help => ["see below", "siehe unten", "katso alta"],
        };
        of(texts, language).to_owned()
    }
}

fn mistaken(mistake: Mistake, language: Language) -> String {
    match mistake {
        Mistake::Unknown { meant: Some(name) } => match language {
            Language::De => format!("diesen Befehl gibt es nicht; meinten Sie #{name}?"),
            Language::Fi => format!("tällaista komentoa ei ole; tarkoititko #{name}?"),
            _ => format!("no such command; did you mean #{name}?"),
        },
        Mistake::Unknown { meant: None } => match language {
            Language::De => "diesen Befehl gibt es nicht; #help nennt alle".to_owned(),
            Language::Fi => "tällaista komentoa ei ole; #help luettelee kaikki".to_owned(),
            _ => "no such command; #help lists all of them".to_owned(),
        },
        Mistake::Arguments(name) => {
            let usage = table::row(name).map(|row| row.usage(language)).unwrap_or_default();
            match language {
                Language::De => format!("so wird er geschrieben: {usage}"),
                Language::Fi => format!("se kirjoitetaan näin: {usage}"),
                _ => format!("it is written {usage}"),
            }
        }
    }
}

/// How a case stands, for whoever gave commands on it.
pub(in crate::desk) fn standing(change: &Change<'_>, ticket: &Ticket) -> StandingVars {
    let of_part = |part: Role| {
        let all = ticket.others.iter().filter(|(_, role)| *role == part);
        let emails = all.filter_map(|(id, _)| change.person_by_id(*id)).map(|person| person.email);
        emails.collect::<Vec<_>>().join(", ")
    };
    StandingVars {
        status: ticket.status.as_str().to_owned(),
        queue: ticket.queue.clone(),
        priority: ticket.priority.as_str().to_owned(),
        tags: ticket.tags.iter().cloned().collect::<Vec<_>>().join(", "),
        copied: of_part(Role::Copied),
        followers: of_part(Role::Follower),
    }
}

/// All commands, for `#help`.
pub(in crate::desk) fn help(language: Language) -> Vec<CommandVars> {
    let vars = |row: &Row| CommandVars { usage: row.usage(language), does: of(row.does, language).to_owned() };
    table::rows().map(vars).collect()
}
