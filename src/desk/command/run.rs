//! The commands of one mail are carried out.

use super::form;
use super::grammar::Line;
use super::order::Order;
use super::transcript::Said;
use crate::desk::change::Change;
use crate::desk::id::{PersonId, TicketId};
use crate::desk::notice::flow::ResultVars;
use crate::desk::ticket::history::EventKind;
use crate::mail::language::Language;

/// Carries out the commands of one mail, in order; what came of each, in this language. After one that failed the others are
/// not tried.
pub(in crate::desk) fn run(
    change: &mut Change<'_>,
    ticket: TicketId,
    lines: &[Line],
    by: PersonId,
    language: Language,
) -> Vec<ResultVars> {
    let mut results: Vec<ResultVars> = Vec::with_capacity(lines.len());
    let mut failed = false;
    for line in lines {
        let outcome = if failed { Err(Said::NotTried) } else { one(change, ticket, line, by) };
        failed |= outcome.is_err();
        let ok = outcome.is_ok();
        let said = outcome.unwrap_or_else(|why| why);
        change.event(ticket, EventKind::Command, Some(by), format!("{}: {}", line.typed, said.words(Language::En)));
        results.push(ResultVars { command: line.typed.clone(), ok, said: said.words(language) });
    }
    if !failed {
        form::check_anew(change, ticket);
    }
    results
}

fn one(change: &mut Change<'_>, ticket: TicketId, line: &Line, by: PersonId) -> Result<Said, Said> {
    let order = line.order.as_ref().map_err(|mistake| Said::Mistaken(*mistake))?;
    if line.misplaced {
        return Err(Said::Misplaced);
    }
    match order {
        Order::Help => Ok(Said::Help),
        Order::Form(order) => form::obey(change, ticket, order, by).map(Said::Form).map_err(Said::Form),
    }
}
