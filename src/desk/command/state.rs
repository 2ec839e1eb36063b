//! Commands about where a case stands: `#close`, `#status`, `#reopen`, `#priority`, `#queue`, `#tag`, `#subject`, `#language`.

use std::collections::BTreeSet;

use super::arguments::{nothing, one_of, tags, words};
use super::errand::{Done, Errand};
use super::order::{Order, StateOrder};
use super::row::{Role, Row};
use super::said::Said;
use crate::desk::action::{close, wait};
use crate::desk::change::Change;
use crate::desk::id::PersonId;
use crate::desk::ticket::history::EventKind;
use crate::desk::ticket::{Priority, Status, Ticket};
use crate::mail::language::Language;
use crate::mail::subject;

/// Letters of the longest subject that is set.
const MAX_SUBJECT: usize = 200;
/// Tags on one case.
const MAX_TAGS: usize = 30;

/// Status words, with those that people use for the same.
const STATUSES: &[(&str, StateOrder)] = &[
    ("open", StateOrder::Open),
    ("waiting", StateOrder::Wait),
    ("pending", StateOrder::Wait),
    ("solved", StateOrder::Close { quietly: false }),
    ("closed", StateOrder::Close { quietly: false }),
    ("done", StateOrder::Close { quietly: false }),
];

const PRIORITIES: &[(&str, Priority)] =
    &[("low", Priority::Low), ("normal", Priority::Normal), ("high", Priority::High), ("urgent", Priority::Urgent)];

/// The commands of the family.
pub(super) const ROWS: &[Row] = &[
    Row {
        name: "close",
        synonyms: &["solved", "done", "resolve"],
        arguments: ["[quietly]", "[quietly]", "[quietly]"],
        read: |words| {
            let quietly = match words.to_lowercase().as_str() {
                "" => false,
                "quietly" | "quiet" | "silently" => true,
                _ => return None,
            };
            Some(Order::State(StateOrder::Close { quietly }))
        },
        role: Role::Engineer,
        does: [
            "The case is done. The customer reads your words below; without any, a short letter says that it is closed, unless you write `quietly`.",
            "Der Fall ist erledigt. Die Kundin oder der Kunde liest Ihren Text darunter; ohne Text geht ein kurzer Brief hinaus, außer Sie schreiben `quietly`.",
            "Tapaus on valmis. Asiakas saa alle kirjoittamasi tekstin; ilman tekstiä hän saa lyhyen ilmoituksen, ellet kirjoita `quietly`.",
        ],
        example: "#close",
    },
    Row {
        name: "reopen",
        synonyms: &[],
        arguments: ["", "", ""],
        read: |words| nothing(words, Order::State(StateOrder::Reopen)),
        role: Role::Engineer,
        does: ["It is not done after all.", "Er ist doch nicht erledigt.", "Se ei olekaan valmis."],
        example: "#reopen",
    },
    Row {
        name: "status",
        synonyms: &["state"],
        arguments: ["open|waiting|solved", "open|waiting|solved", "open|waiting|solved"],
        read: |words| one_of(words, STATUSES).map(Order::State),
        role: Role::Engineer,
        does: [
            "Who waits for whom: `open`, the customer for us; `waiting`, we for the customer; `solved` is `#close`.",
            "Wer auf wen wartet: `open`, die Kundin oder der Kunde auf uns; `waiting`, wir auf sie; `solved` ist `#close`.",
            "Kuka odottaa ketä: `open`, asiakas meitä; `waiting`, me asiakasta; `solved` on sama kuin `#close`.",
        ],
        example: "#status waiting",
    },
    Row {
        name: "priority",
        synonyms: &["prio"],
        arguments: ["low|normal|high|urgent", "low|normal|high|urgent", "low|normal|high|urgent"],
        read: |words| one_of(words, PRIORITIES).map(|priority| Order::State(StateOrder::Priority(priority))),
        role: Role::Engineer,
        does: [
            "How soon somebody should see to the case.",
            "Wie bald sich jemand um den Fall kümmern soll.",
            "Kuinka pian tapaus pitäisi hoitaa.",
        ],
        example: "#priority high",
    },
    Row {
        name: "queue",
        synonyms: &["move"],
        arguments: ["name", "Name", "nimi"],
        read: |typed| words(typed, |queue| Order::State(StateOrder::Queue(queue.to_lowercase()))),
        role: Role::Engineer,
        does: [
            "The engineers of this queue look after the case, and are told.",
            "Um den Fall kümmert sich das Team dieser Warteschlange; es erfährt davon.",
            "Tapauksen hoitavat tämän jonon asiantuntijat, ja heille kerrotaan siitä.",
        ],
        example: "#queue support",
    },
    Row {
        name: "tag",
        synonyms: &["tags"],
        arguments: ["+word -word", "+Wort -Wort", "+sana -sana"],
        read: |words| tags(words).map(|(add, remove)| Order::State(StateOrder::Tag { add, remove })),
        role: Role::Engineer,
        does: [
            "Words that you and your colleagues give the case. The customer does not see them.",
            "Stichwörter, die Sie und Ihr Team dem Fall geben. Die Kundin oder der Kunde sieht sie nicht.",
            "Tunnisteita, joita sinä ja työtoverisi annatte tapaukselle. Asiakas ei näe niitä.",
        ],
        example: "#tag +vpn -billing",
    },
    Row {
        name: "subject",
        synonyms: &["title"],
        arguments: ["text", "Text", "teksti"],
        read: |typed| words(typed, |subject| Order::State(StateOrder::Subject(subject))),
        role: Role::Engineer,
        does: [
            "What the case is called, in mails to the customer, too.",
            "Wie der Fall heißt, auch in den E-Mails an die Kundin oder den Kunden.",
            "Tapauksen otsikko, myös asiakkaan saamissa viesteissä.",
        ],
        example: "#subject Printer on the second floor",
    },
    Row {
        name: "language",
        synonyms: &["lang"],
        arguments: ["code", "Code", "koodi"],
        read: |words| {
            let typed = words.trim().to_lowercase();
            Language::from_code(&typed).map(|language| Order::State(StateOrder::Language(language)))
        },
        role: Role::Engineer,
        does: [
            "The language of our mails to the customer: en, de, fi, sv, da, nl, fr, es, it, pt, pl or ja.",
            "Die Sprache unserer E-Mails an die Kundin oder den Kunden: en, de, fi, sv, da, nl, fr, es, it, pt, pl oder ja.",
            "Asiakkaalle lähetettävien viestien kieli: en, de, fi, sv, da, nl, fr, es, it, pt, pl tai ja.",
        ],
        example: "#language fi",
    },
];

/// Carries one out.
pub(super) fn obey(
    change: &mut Change<'_>,
    ticket: Ticket,
    order: &StateOrder,
    by: PersonId,
    errand: &mut Errand,
) -> Result<Done, Said> {
    match order {
        StateOrder::Open => status(change, ticket, Status::Open, by, errand),
        StateOrder::Wait => status(change, ticket, Status::Waiting, by, errand),
        StateOrder::Reopen if ticket.status != Status::Closed => Err(Said::NotClosed),
        StateOrder::Reopen => status(change, ticket, Status::Open, by, errand),
        StateOrder::Close { quietly } => close(change, ticket, *quietly, by, errand),
        StateOrder::Priority(priority) => Ok(set_priority(change, ticket, *priority, by)),
        StateOrder::Queue(queue) => set_queue(change, ticket, queue, by, errand),
        StateOrder::Tag { add, remove } => set_tags(change, ticket, add, remove, by),
        StateOrder::Subject(typed) => set_subject(change, ticket, typed, by),
        StateOrder::Language(language) => Ok(set_language(change, ticket, *language, by)),
    }
}

/// The line that brings a status back; nothing brings back what mails alone come to.
fn back_to(status: Status) -> String {
    match status {
        Status::Closed => "#close quietly",
        Status::Waiting => "#status waiting",
        Status::New | Status::Open => "#status open",
        Status::Held | Status::Merged => "",
    }
    .to_owned()
}

fn status(
    change: &mut Change<'_>,
    ticket: Ticket,
    status: Status,
    by: PersonId,
    errand: &mut Errand,
) -> Result<Done, Said> {
    // An answer decides, or its closing: who is behind it is not known.
    if ticket.status == Status::Held {
        return Err(Said::Held);
    }
    errand.keeps_status = true;
    if ticket.status == status {
        return Ok(Done::only(Said::Status(status)));
    }
    change.status(ticket.id, status, Some(by));
    // What a line above closed is not closed after all.
    errand.closed_from = None;
    change.closed.retain(|closed| *closed != ticket.id);
    if status == Status::Waiting {
        wait::begin(change, ticket.id);
    }
    Ok(Done { said: Said::Status(status), undo: back_to(ticket.status) })
}

fn close(
    change: &mut Change<'_>,
    ticket: Ticket,
    quietly: bool,
    by: PersonId,
    errand: &mut Errand,
) -> Result<Done, Said> {
    errand.keeps_status = true;
    let Some((_, before)) = close::quietly(change, ticket.id, Some(by)) else {
        return Ok(Done::only(Said::ClosedBefore));
    };
    errand.closed_from = (!quietly).then_some(before);
    Ok(Done { said: Said::Closed { quietly }, undo: back_to(before) })
}

fn set_priority(change: &mut Change<'_>, ticket: Ticket, priority: Priority, by: PersonId) -> Done {
    let before = ticket.priority;
    if before == priority {
        return Done::only(Said::Priority(priority));
    }
    let id = ticket.id;
    change.put(Ticket { priority, ..ticket });
    change.event(id, EventKind::Priority, Some(by), format!("{} → {}", before.as_str(), priority.as_str()));
    Done { said: Said::Priority(priority), undo: format!("#priority {}", before.as_str()) }
}

/// Queues that are looked after, or that a mailbox leads to.
fn queues(change: &Change<'_>) -> BTreeSet<String> {
    let configured = change.rules.config.mailboxes.values().map(|mailbox| mailbox.queue.clone());
    let named = change.rules.config.queues.keys().cloned();
    configured.chain(named).chain(change.facts.engineers.values().flatten().cloned()).collect()
}

/// Whoever has the case and is not of the new queue has it no more; the queue hears of it.
fn set_queue(
    change: &mut Change<'_>,
    ticket: Ticket,
    queue: &str,
    by: PersonId,
    errand: &mut Errand,
) -> Result<Done, Said> {
    let known = queues(change);
    if !known.contains(queue) {
        return Err(Said::NoQueue(known.into_iter().collect()));
    }
    if ticket.queue == queue {
        return Ok(Done::only(Said::Queue(queue.to_owned())));
    }
    let (id, before) = (ticket.id, ticket.queue.clone());
    let engineers = change.facts.engineers_of(queue);
    let assignee = ticket.assignee.filter(|assignee| engineers.contains(assignee));
    change.put(Ticket { queue: queue.to_owned(), assignee, ..ticket });
    change.event(id, EventKind::Queue, Some(by), format!("{before} → {queue}"));
    let told = assignee.map_or(engineers, |assignee| vec![assignee]);
    for person in told.into_iter().filter(|person| *person != by) {
        errand.hand_over(person, "queue");
    }
    Ok(Done { said: Said::Queue(queue.to_owned()), undo: format!("#queue {before}") })
}

fn set_tags(
    change: &mut Change<'_>,
    ticket: Ticket,
    add: &[String],
    remove: &[String],
    by: PersonId,
) -> Result<Done, Said> {
    let before = ticket.tags.clone();
    let mut tags = before.clone();
    tags.extend(add.iter().cloned());
    tags.retain(|tag| !remove.contains(tag));
    if tags.len() > MAX_TAGS {
        return Err(Said::TooManyTags(MAX_TAGS));
    }
    let came = tags.difference(&before).map(|tag| format!("-{tag}"));
    let undo: Vec<String> = came.chain(before.difference(&tags).map(|tag| format!("+{tag}"))).collect();
    let id = ticket.id;
    change.put(Ticket { tags: tags.clone(), ..ticket });
    let all: Vec<String> = tags.into_iter().collect();
    change.event(id, EventKind::Tags, Some(by), all.join(" "));
    let undo = if undo.is_empty() { String::new() } else { format!("#tag {}", undo.join(" ")) };
    Ok(Done { said: Said::Tags(all), undo })
}

fn set_subject(change: &mut Change<'_>, ticket: Ticket, typed: &str, by: PersonId) -> Result<Done, Said> {
    let wanted = subject::base(typed, &change.rules.config.desk.case_prefix);
    if wanted.is_empty() || wanted.chars().count() > MAX_SUBJECT {
        return Err(Said::SubjectLength(MAX_SUBJECT));
    }
    let (id, before) = (ticket.id, ticket.subject.clone());
    if before == wanted {
        return Ok(Done::only(Said::Subject(wanted)));
    }
    change.put(Ticket { subject: wanted.clone(), ..ticket });
    change.event(id, EventKind::Subject, Some(by), format!("{before} → {wanted}"));
    let undo = if before.is_empty() { String::new() } else { format!("#subject {before}") };
    Ok(Done { said: Said::Subject(wanted), undo })
}

fn set_language(change: &mut Change<'_>, ticket: Ticket, language: Language, by: PersonId) -> Done {
    let (id, before) = (ticket.id, change.requester_language(&ticket));
    if before == language {
        return Done::only(Said::Language(language));
    }
    if let Some(mut requester) = change.person_by_id(ticket.requester) {
        requester.language = Some(language);
        change.update(&requester);
    }
    change.put(Ticket { language, ..ticket });
    change.event(id, EventKind::Language, Some(by), format!("{} → {}", before.code(), language.code()));
    Done { said: Said::Language(language), undo: format!("#language {}", before.code()) }
}
