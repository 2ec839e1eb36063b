//! What came of the commands of a mail, in words of the engineer's language.

use super::table;
use crate::desk::form;
use crate::mail::language::Language;

/// What came of one command, or why nothing did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// A command before this one failed.
    NotTried,
    /// There is no such command.
    NoCommand,
    /// The command stands in a quote, or below something else.
    Misplaced,
    /// What a command on a form says.
    Form(form::said::Said),
}

impl Said {
    /// In one line.
    pub(super) fn words(&self, language: Language) -> String {
        let [english, german, finnish] = match self {
            Self::Form(said) => return said.words(language),
            Self::NoCommand => return no_command(language),
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
        };
        let words = match language {
            Language::De => german,
            Language::Fi => finnish,
            _ => english,
        };
        words.to_owned()
    }
}

fn no_command(language: Language) -> String {
    let offered = table::offered(language);
    match language {
        Language::De => format!("diesen Befehl gibt es nicht; es gibt {offered}"),
        Language::Fi => format!("tällaista komentoa ei ole; komennot ovat {offered}"),
        _ => format!("no such command; there are {offered}"),
    }
}
