//! The commands of one mail are carried out, all of them or none.

use super::errand::Errand;
use super::grammar::Line;
use super::order::Order;
use super::transcript::Said;
use super::{form, note, people, state};
use crate::desk::change::Change;
use crate::desk::id::{PersonId, TicketId};
use crate::desk::notice::flow::ResultVars;
use crate::desk::ticket::history::EventKind;
use crate::mail::language::Language;

/// What came of the commands of one mail.
#[derive(Debug, Default)]
pub(in crate::desk) struct Ran {
    /// Of each, in order, with the line that takes it back.
    outcomes: Vec<(Said, String)>,
    /// None was carried out.
    pub failed: bool,
    /// What is left to be done with the mail.
    pub errand: Errand,
}

impl Ran {
    /// One failed: those before it are not done either.
    fn fails(&mut self, why: Said, after: usize) {
        self.failed = true;
        self.errand = Errand::default();
        self.replace(&Said::TakenBack);
        self.outcomes.push((why, String::new()));
        self.outcomes.extend((0..after).map(|_| (Said::NotTried, String::new())));
    }

    /// None is done: what stands below them goes to nobody. Whoever says so takes back what they did.
    pub(in crate::desk) fn take_back(&mut self) {
        if !self.failed {
            self.failed = true;
            self.errand = Errand::default();
            self.replace(&Said::WordsKept);
        }
    }

    /// The list of commands is told all the same.
    fn replace(&mut self, by: &Said) {
        for outcome in self.outcomes.iter_mut().filter(|(said, _)| *said != Said::Help) {
            *outcome = (by.clone(), String::new());
        }
    }
}

/// Carries out the commands of one mail, in order. After one that failed the others are not tried, and none is done: whoever
/// asks takes back what was changed.
pub(in crate::desk) fn run(change: &mut Change<'_>, ticket: TicketId, lines: &[Line], by: PersonId) -> Ran {
    let mut ran = Ran::default();
    for (number, line) in lines.iter().enumerate() {
        match one(change, ticket, line, by, &mut ran.errand) {
            Ok(done) => ran.outcomes.push(done),
            Err(why) => {
                ran.fails(why, lines.len() - number - 1);
                return ran;
            }
        }
    }
    if !lines.is_empty() {
        form::check_anew(change, ticket);
    }
    ran
}

/// What came of each, in this language, and for the history of the case.
pub(in crate::desk) fn results(
    change: &mut Change<'_>,
    ticket: TicketId,
    lines: &[Line],
    ran: &Ran,
    by: PersonId,
    language: Language,
) -> Vec<ResultVars> {
    let mut results = Vec::with_capacity(lines.len());
    for (line, (said, undo)) in lines.iter().zip(&ran.outcomes) {
        change.event(ticket, EventKind::Command, Some(by), format!("{}: {}", line.typed, said.words(Language::En)));
        results.push(ResultVars {
            command: line.typed.clone(),
            ok: !ran.failed || *said == Said::Help,
            said: said.words(language),
            undo: undo.clone(),
        });
    }
    results
}

fn one(
    change: &mut Change<'_>,
    id: TicketId,
    line: &Line,
    by: PersonId,
    errand: &mut Errand,
) -> Result<(Said, String), Said> {
    let order = line.order.as_ref().map_err(|mistake| Said::Mistaken(*mistake))?;
    if line.misplaced {
        return Err(Said::Misplaced);
    }
    // Each sees what those before it did.
    let ticket = change.ticket(id).ok_or(Said::NoCase)?;
    let done = match order {
        Order::Help => return Ok((Said::Help, String::new())),
        Order::Form(order) => {
            let said = form::obey(change, id, order, by).map_err(Said::Form)?;
            return Ok((Said::Form(said), String::new()));
        }
        Order::Note(order) => note::obey(order, errand),
        Order::State(order) => state::obey(change, ticket, order, by, errand),
        Order::People(order) => people::obey(change, ticket, order, by, errand),
    };
    done.map(|done| (Said::Case(done.said), done.undo)).map_err(Said::Case)
}
