//! Commands about who is on a case: `#take`, `#assign`, `#follow`, `#unfollow`, `#cc`, `#uncc`, `#requester`.

use super::arguments::{addresses, nothing, words};
use super::errand::{Done, Errand};
use super::order::{Order, PeopleOrder, Whom};
use super::row::{Role, Row};
use super::said::Said;
use crate::desk::action::{colleague, join};
use crate::desk::change::Change;
use crate::desk::form::state::{FormState, Stage};
use crate::desk::id::PersonId;
use crate::desk::ticket::history::EventKind;
use crate::desk::ticket::person::Person;
use crate::desk::ticket::{Role as Part, Ticket};
use crate::mail::Address;

/// The commands of the family.
pub(super) const ROWS: &[Row] = &[
    Row {
        name: "take",
        synonyms: &["mine"],
        arguments: ["", "", ""],
        read: |words| nothing(words, Order::People(PeopleOrder::Assign(Whom::Me))),
        role: Role::Engineer,
        does: ["You have the case.", "Sie übernehmen den Fall.", "Otat tapauksen itsellesi."],
        example: "#take",
    },
    Row {
        name: "assign",
        synonyms: &["give", "owner"],
        arguments: ["me|name|none", "me|Name|none", "me|nimi|none"],
        read: |typed| {
            words(typed, |whom| {
                let whom = match whom.to_lowercase().as_str() {
                    "me" | "myself" => Whom::Me,
                    "none" | "nobody" | "-" => Whom::Nobody,
                    _ => Whom::Named(whom.trim_start_matches('@').to_owned()),
                };
                Order::People(PeopleOrder::Assign(whom))
            })
        },
        role: Role::Engineer,
        does: [
            "This colleague has the case, and is told. `none`: the whole queue looks after it.",
            "Diese Kollegin oder dieser Kollege hat den Fall und erfährt es. `none`: Die ganze Warteschlange kümmert sich.",
            "Tapaus annetaan tälle työtoverille, ja hänelle kerrotaan siitä. `none`: koko jono hoitaa sitä.",
        ],
        example: "#assign none",
    },
    Row {
        name: "follow",
        synonyms: &["watch"],
        arguments: ["", "", ""],
        read: |words| nothing(words, Order::People(PeopleOrder::Follow)),
        role: Role::Engineer,
        does: [
            "You hear what whoever has the case hears.",
            "Sie lesen mit, was zu dem Fall eingeht.",
            "Saat samat viestit kuin tapauksen käsittelijä.",
        ],
        example: "#follow",
    },
    Row {
        name: "unfollow",
        synonyms: &["unwatch"],
        arguments: ["", "", ""],
        read: |words| nothing(words, Order::People(PeopleOrder::Unfollow)),
        role: Role::Engineer,
        does: ["And not any more.", "Sie lesen nicht mehr mit.", "Et enää saa niitä."],
        example: "#unfollow",
    },
    Row {
        name: "cc",
        synonyms: &[],
        arguments: ["address", "Adresse", "osoite"],
        read: |words| addresses(words).map(|all| Order::People(PeopleOrder::Copy(all))),
        role: Role::Engineer,
        does: [
            "From now on this person reads what goes to the customer, and may write on the case.",
            "Diese Person liest ab jetzt mit, was hinausgeht, und darf zu dem Fall schreiben.",
            "Tämä henkilö saa tästä lähtien asiakkaalle lähetettävät viestit ja voi kirjoittaa tapaukseen.",
        ],
        example: "#cc bob@customer.test",
    },
    Row {
        name: "uncc",
        synonyms: &[],
        arguments: ["address", "Adresse", "osoite"],
        read: |words| addresses(words).map(|all| Order::People(PeopleOrder::Uncopy(all))),
        role: Role::Engineer,
        does: ["And not any more.", "Sie liest nicht mehr mit.", "Hän ei enää saa niitä."],
        example: "#uncc bob@customer.test",
    },
    Row {
        name: "requester",
        synonyms: &["customer"],
        arguments: ["address", "Adresse", "osoite"],
        read: |words| {
            let [address] = <[Address; 1]>::try_from(addresses(words)?).ok()?;
            Some(Order::People(PeopleOrder::Requester(address)))
        },
        role: Role::Engineer,
        does: [
            "It is this person's case. Whose it was so far, and those in copy, are on it no more.",
            "Es ist der Fall dieser Person. Wer ihn bisher hatte oder mitlas, ist nicht mehr dabei.",
            "Tapaus on tämän henkilön. Aiempi asiakas ja jakelussa olleet eivät enää ole siinä mukana.",
        ],
        example: "#requester anna@customer.test",
    },
];

/// Carries one out.
pub(super) fn obey(
    change: &mut Change<'_>,
    ticket: Ticket,
    order: &PeopleOrder,
    by: PersonId,
    errand: &mut Errand,
) -> Result<Done, Said> {
    match order {
        PeopleOrder::Assign(whom) => assign(change, ticket, whom, by, errand),
        PeopleOrder::Follow => follow(change, &ticket, by),
        PeopleOrder::Unfollow => Ok(unfollow(change, &ticket, by)),
        PeopleOrder::Copy(addresses) => copy(change, &ticket, addresses, by),
        PeopleOrder::Uncopy(addresses) => uncopy(change, &ticket, addresses, by),
        PeopleOrder::Requester(address) => requester(change, ticket, address, by),
    }
}

fn assign(
    change: &mut Change<'_>,
    ticket: Ticket,
    whom: &Whom,
    by: PersonId,
    errand: &mut Errand,
) -> Result<Done, Said> {
    errand.keeps_assignee = true;
    let assignee = match whom {
        Whom::Me => Some(by),
        Whom::Nobody => None,
        Whom::Named(name) => Some(engineer(change, name)?.id),
    };
    let (id, before) = (ticket.id, ticket.assignee);
    let name = |id: PersonId| change.person_by_id(id).map(|person| called(&person)).unwrap_or_default();
    let said = assignee.map_or(Said::Unassigned, |id| if id == by { Said::Taken } else { Said::Assigned(name(id)) });
    if before == assignee {
        return Ok(Done::only(said));
    }
    let detail = assignee.map_or_else(|| "nobody".to_owned(), name);
    let undo = before.and_then(|id| change.person_by_id(id)).map_or("none".to_owned(), |person| person.email);
    change.put(Ticket { assignee, ..ticket });
    change.event(id, EventKind::Assigned, Some(by), detail);
    if let Some(assignee) = assignee.filter(|assignee| *assignee != by) {
        errand.hand_over(assignee, "assigned");
    }
    Ok(Done { said, undo: format!("#assign {undo}") })
}

/// The engineer of a name: an address, a whole name, or a part of one that only one of them has.
fn engineer(change: &Change<'_>, typed: &str) -> Result<Person, Said> {
    let found = colleague::called(change, typed);
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(Said::NoEngineer(colleague::all(change).iter().map(called).collect())),
        several => Err(Said::SeveralEngineers(several.iter().map(|person| person.email.clone()).collect())),
    }
}

/// The name, or the address of who has none.
fn called(person: &Person) -> String {
    if person.name.is_empty() { person.email.clone() } else { person.name.clone() }
}

fn follow(change: &mut Change<'_>, ticket: &Ticket, by: PersonId) -> Result<Done, Said> {
    let there = ticket.assignee == Some(by) || ticket.others.contains(&(by, Part::Follower));
    if there {
        return Ok(Done::only(Said::Follows));
    }
    let address = |person: Person| Address { name: person.name, email: person.email };
    match change.person_by_id(by).map(address) {
        Some(address) if join::join(change, ticket.id, &address, by) => {
            Ok(Done { said: Said::Follows, undo: "#unfollow".to_owned() })
        }
        _ => Err(Said::TooManyPeople),
    }
}

fn unfollow(change: &mut Change<'_>, ticket: &Ticket, by: PersonId) -> Done {
    if !join::leave(change, ticket.id, by, Part::Follower, by) {
        return Done::only(Said::FollowsNot);
    }
    Done { said: Said::FollowsNot, undo: "#follow".to_owned() }
}

fn copy(change: &mut Change<'_>, ticket: &Ticket, addresses: &[Address], by: PersonId) -> Result<Done, Said> {
    for address in addresses {
        customer(change, address)?;
        if !join::join(change, ticket.id, address, by) {
            return Err(Said::TooManyPeople);
        }
    }
    let emails = |known: &[(PersonId, Part)]| -> Vec<String> {
        let copied = known.iter().filter(|(_, part)| *part == Part::Copied);
        copied.filter_map(|(id, _)| change.person_by_id(*id)).map(|person| person.email).collect()
    };
    let before = emails(&ticket.others);
    let now = change.ticket(ticket.id).map(|ticket| emails(&ticket.others)).unwrap_or_default();
    let came: Vec<String> = now.into_iter().filter(|email| !before.contains(email)).collect();
    let undo = if came.is_empty() { String::new() } else { format!("#uncc {}", came.join(", ")) };
    Ok(Done { said: Said::Copied(emails_of(addresses)), undo })
}

fn uncopy(change: &mut Change<'_>, ticket: &Ticket, addresses: &[Address], by: PersonId) -> Result<Done, Said> {
    for address in addresses {
        let known = change.facts.person_by_email(&address.email).map(|person| person.id);
        let left = known.is_some_and(|person| join::leave(change, ticket.id, person, Part::Copied, by));
        if !left {
            return Err(Said::NotCopied(address.email.clone()));
        }
    }
    let emails = emails_of(addresses);
    Ok(Done { undo: format!("#cc {}", emails.join(", ")), said: Said::Uncopied(emails) })
}

fn emails_of(addresses: &[Address]) -> Vec<String> {
    addresses.iter().map(|address| address.email.clone()).collect()
}

/// Somebody outside the desk.
fn customer(change: &Change<'_>, address: &Address) -> Result<(), Said> {
    let known = change.facts.person_by_email(&address.email);
    if change.rules.is_ours(&address.email) {
        return Err(Said::OurOwn(address.email.clone()));
    }
    match known.is_some_and(|person| change.facts.is_engineer(person.id)) {
        true => Err(Said::IsEngineer(address.email.clone())),
        false => Ok(()),
    }
}

/// The case is somebody else's. Whoever was on its side is on it no more, so that nobody reads the other's words by accident; and
/// what a form gives to whom it is about, it gives to nobody else.
fn requester(change: &mut Change<'_>, ticket: Ticket, address: &Address, by: PersonId) -> Result<Done, Said> {
    customer(change, address)?;
    let ended = |state: &FormState| matches!(state.stage, Stage::Done | Stage::Declined);
    if change.form(ticket.id).is_some_and(|state| !ended(&state)) {
        return Err(Said::FormRuns);
    }
    let person = change.person(address);
    let (id, before) = (ticket.id, ticket.requester);
    if before == person.id {
        return Ok(Done::only(Said::Requester { now: person.email, left: Vec::new() }));
    }
    let copied = ticket.others.iter().filter(|(_, part)| *part == Part::Copied).map(|(other, _)| *other);
    let others: Vec<PersonId> = copied.collect();
    for other in &others {
        join::leave(change, id, *other, Part::Copied, by);
    }
    let email = |id: PersonId| change.person_by_id(id).map(|person| person.email).unwrap_or_default();
    let gone = std::iter::once(before).chain(others).filter(|other| *other != person.id);
    let left: Vec<String> = gone.map(email).collect();
    let was = email(before);
    let Some(ticket) = change.the_ticket(id) else { return Err(Said::NotCopied(was)) };
    let language = person.language.unwrap_or(ticket.language);
    let (first_message_id, last_message_id) = (String::new(), String::new());
    change.put(Ticket { requester: person.id, language, first_message_id, last_message_id, ..ticket });
    change.event(id, EventKind::Requester, Some(by), format!("{was} → {}", person.email));
    Ok(Done { undo: format!("#requester {was}"), said: Said::Requester { now: person.email, left } })
}
