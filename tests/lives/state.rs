//! What must hold of the tables after every commit, and at the end of a life.

use std::collections::BTreeSet;

use caseway::desk::follow_up::kind::Kind;
use caseway::desk::form::state::Stage;
use caseway::desk::id::TicketId;
use caseway::desk::ticket::{Status, Ticket};
use jiff::Timestamp;

use crate::check::{Sound, hold};
use crate::model::Model;

impl Model {
    /// What must hold whenever nothing is half done.
    pub fn is_sound(&self, now: Timestamp) -> Sound {
        let emails: BTreeSet<&str> = self.people.values().map(|person| person.email.as_str()).collect();
        hold!(emails.len() == self.people.len(), "two people have one address");
        for (ticket, _) in self.tickets.values() {
            self.ticket_is_sound(ticket).map_err(|why| format!("ticket {}: {why}", ticket.id.0))?;
        }
        for (id, state) in &self.forms {
            self.form_is_sound(*id, now).map_err(|why| format!("the form {} of ticket {}: {why}", state.form, id.0))?;
        }
        Ok(())
    }

    fn due(&self, ticket: TicketId) -> impl Iterator<Item = Kind> + '_ {
        self.follow_ups
            .range((ticket, Kind::ALL[0])..)
            .map(|(key, _)| *key)
            .take_while(move |key| key.0 == ticket)
            .map(|key| key.1)
    }

    fn ticket_is_sound(&self, ticket: &Ticket) -> Sound {
        let closed = ticket.status == Status::Closed;
        hold!(closed == ticket.closed_at.is_some(), "it is {}, and closed_at says otherwise", ticket.status.as_str());
        for kind in self.due(ticket.id) {
            let word = kind.as_str();
            hold!(!closed || kind.outlives_closing(), "it is closed, and {word} is due");
            hold!(
                ticket.status == Status::Waiting || !kind.ends_with_waiting(),
                "it is {}, and {word} is due",
                ticket.status.as_str()
            );
        }
        let waits = ticket.status == Status::Waiting;
        let asks = self.tasks.values().any(|task| task.ticket == Some(ticket.id));
        hold!(!waits || asks || self.due(ticket.id).next().is_some(), "it waits, and nothing will ever happen");
        Ok(())
    }

    fn form_is_sound(&self, id: TicketId, now: Timestamp) -> Sound {
        let state = &self.forms[&id];
        let closed = self.tickets[&id].0.status == Status::Closed;
        let good = self.links.iter().filter(|row| row.link.ticket == id && !row.used && row.link.expires_at > now);
        let good: Vec<&str> = good.map(|row| row.link.purpose.as_str()).collect();
        let ended = matches!(state.stage, Stage::Done | Stage::Declined);
        hold!(!ended || good.is_empty(), "it is {}, and links are good: {good:?}", state.stage.as_str());
        let live =
            matches!(state.stage, Stage::Asking | Stage::Working | Stage::Sent | Stage::Cooling | Stage::Approval);
        hold!(!(closed && live), "its case is closed, and it is {}", state.stage.as_str());
        match state.stage {
            Stage::Working => {
                let asked = self.tasks.get(&state.data.task);
                hold!(asked.is_some_and(|task| task.ticket == Some(id)), "it works, and nobody was asked");
            }
            Stage::Cooling => {
                hold!(self.due(id).any(|kind| kind == Kind::CoolingOff), "it cools, and that never ends");
            }
            Stage::Sent => hold!(self.due(id).next().is_some(), "it was sent, and nothing will ever happen"),
            _ => {}
        }
        Ok(())
    }

    /// What must hold when all is quiet.
    pub fn has_ended(&self, spent: usize) -> Sound {
        let last = usize::try_from(self.next.ticket).unwrap();
        let (there, gaps) = (self.tickets.len(), last - self.tickets.len());
        hold!(gaps == spent, "{last} case numbers were given out: {there} tickets, {spent} spent on pages");
        let mut filed = BTreeSet::new();
        for ledger in self.messages.iter().filter_map(|message| message.ledger) {
            hold!(filed.insert(ledger), "mail {ledger} is filed twice");
        }
        for row in &self.ledger {
            let settled = row.settled.as_ref().ok_or_else(|| format!("mail {} has no verdict", row.arrival.ledger))?;
            let there = settled.ticket.is_none_or(|id| self.tickets.contains_key(&id));
            hold!(there, "mail {} is on a ticket that is not there", row.arrival.ledger);
        }
        hold!(self.tasks.is_empty(), "questions to the directory wait: {:?}", self.tasks.keys());
        Ok(())
    }
}
