//! What came of the commands of a mail, in words of the engineer's language.

use super::order::Mistake;
use super::table;
use crate::desk::form;
use crate::desk::notice::flow::CommandVars;
use crate::mail::language::Language;

/// What came of one command, or why nothing did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// A command before this one failed.
    NotTried,
    /// It is no command.
    Mistaken(Mistake),
    /// The command stands in a quote, or below something else.
    Misplaced,
    /// The list of commands stands below.
    Help,
    /// What a command on a form says.
    Form(form::said::Said),
}

impl Said {
    /// In one line.
    pub(super) fn words(&self, language: Language) -> String {
        let texts = match self {
            Self::Form(said) => return said.words(language),
            Self::Mistaken(mistake) => return mistaken(*mistake, language),
            Self::NotTried => [
                "not tried, as the one before it failed",
                "nicht versucht, weil der Befehl davor gescheitert ist",
                "ei yritetty, koska edellinen komento epäonnistui",
            ],
            Self::Misplaced => [
                "commands stand at the very top of a mail, above everything else and outside of quotes",
                "Befehle stehen ganz oben in der E-Mail, über allem anderen und nicht in einem Zitat",
                "komennot kirjoitetaan viestin alkuun, ennen kaikkea muuta ja lainauksen ulkopuolelle",
            ],
            Self::Help => ["see below", "siehe unten", "katso alta"],
        };
        table::of(texts, language).to_owned()
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

/// All commands, for `#help`.
pub(in crate::desk) fn help(language: Language) -> Vec<CommandVars> {
    let vars =
        |row: &table::Row| CommandVars { usage: row.usage(language), does: table::of(row.does, language).to_owned() };
    table::ROWS.iter().map(vars).collect()
}
