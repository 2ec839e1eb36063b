//! Tickets as programs read them. Field names and their order are a promise to other programs.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::moving::{self, MessageMoving, Moving};
use crate::cli::inspect::{InspectedAttachment, sha256_hex};
use crate::cli::records::Records;
use crate::desk::form::state::Filled;
use crate::mail::{Address, Mail, quote};
use crate::store::link;
use crate::store::view::conversation::{self, Content, Event, FollowUp, Message, Participant, TicketForm};
use crate::store::view::tickets::Ticket;

/// One line of `ticket list --json`.
#[derive(Debug, Serialize)]
pub struct TicketHead {
    case_id: String,
    subject: String,
    status: String,
    priority: String,
    tags: Vec<String>,
    queue: String,
    language: String,
    requester: Address,
    assignee: Option<Address>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl TicketHead {
    /// Of a stored ticket.
    pub fn of(records: &Records, ticket: Ticket) -> Self {
        Self {
            case_id: records.case(ticket.id),
            subject: ticket.subject,
            status: ticket.status,
            priority: ticket.priority,
            tags: ticket.tags,
            queue: ticket.queue,
            language: ticket.language,
            requester: ticket.requester,
            assignee: ticket.assignee,
            created_at: ticket.created_at,
            updated_at: ticket.updated_at,
        }
    }
}

/// One line of `ticket export`.
#[derive(Debug, Serialize, Deserialize)]
pub struct TicketLine {
    pub case_id: String,
    pub subject: String,
    pub status: String,
    pub priority: String,
    pub tags: Vec<String>,
    pub queue: String,
    pub language: String,
    pub requester: Address,
    pub assignee: Option<Address>,
    pub participants: Vec<ParticipantLine>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub messages: Vec<MessageLine>,
    pub events: Vec<EventLine>,
    /// What is due, the next one first.
    pub follow_ups: Vec<FollowUpLine>,
    /// The form that the ticket is about, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<FormLine>,
    /// What another desk needs besides; in exports alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moving: Option<Moving>,
}

/// A person on a ticket.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ParticipantLine {
    pub name: String,
    pub email: String,
    /// `requester`, `assignee`, `copied` or `follower`.
    pub role: String,
}

impl ParticipantLine {
    fn of(person: Address, role: &str) -> Self {
        Self { name: person.name, email: person.email, role: role.to_owned() }
    }

    /// The person.
    pub fn person(&self) -> Address {
        Address { name: self.name.clone(), email: self.email.clone() }
    }
}

/// A message of a ticket, with what its mail says.
#[derive(Debug, Serialize, Deserialize)]
pub struct MessageLine {
    pub id: i64,
    pub direction: String,
    pub author: Option<Address>,
    pub visibility: String,
    pub from: Option<Address>,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    pub subject: String,
    pub message_id: Option<String>,
    /// The mail's own date, or when it came, if it has none.
    date: Timestamp,
    text: String,
    pub reply_text: String,
    #[serde(skip_deserializing)]
    pub attachments: Vec<InspectedAttachment>,
    /// Of the raw mail; `None` for an entry without one.
    pub sha256: Option<String>,
    /// What another desk needs besides; in exports alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moving: Option<MessageMoving>,
    #[serde(skip)]
    pub at: Timestamp,
    /// Outbox id and kind of a mail that we wrote.
    #[serde(skip)]
    pub ours: Option<(i64, String)>,
}

/// Something that happened to a ticket.
#[derive(Debug, Serialize, Deserialize)]
pub struct EventLine {
    pub at: Timestamp,
    pub kind: String,
    pub by: Option<Address>,
    pub detail: String,
}

/// The form of a ticket.
#[derive(Debug, Serialize, Deserialize)]
pub struct FormLine {
    pub name: String,
    /// `asking`, `working`, `approval`, `sent`, `cooling`, `engineer`, `done` or `declined`.
    pub stage: String,
    /// In the order of their names.
    pub values: Vec<FormValueLine>,
    /// What must be asked: the field, and why.
    pub doubts: Vec<(String, String)>,
}

/// A value of a form.
#[derive(Debug, Serialize, Deserialize)]
pub struct FormValueLine {
    pub field: String,
    pub value: String,
    /// Where it was found.
    pub place: String,
}

impl FormLine {
    fn of(form: TicketForm) -> Self {
        let value = |(field, filled): (String, Filled)| FormValueLine {
            field,
            value: filled.value.to_string(),
            place: filled.place.as_str().to_owned(),
        };
        Self {
            name: form.form,
            stage: form.stage,
            values: form.data.values.into_iter().map(value).collect(),
            doubts: form.data.doubts.into_iter().map(|(field, trouble)| (field, trouble.to_string())).collect(),
        }
    }
}

/// Something that is due on a ticket.
#[derive(Debug, Serialize, Deserialize)]
pub struct FollowUpLine {
    pub kind: String,
    pub due_at: Timestamp,
    /// It failed too often and is tried no more.
    pub set_aside: bool,
    /// What its kind remembers.
    pub detail: String,
}

/// Octets of raw mail whose words are held at once; a single ticket may have more.
const OCTETS: i64 = 16_000_000;
/// Mails whose words are held at once.
const MAILS: usize = 100;

/// Hands out tickets with all that belongs to them, in order. They must be in the order of their ids, without others in
/// between that would be read in vain. `whole` has what another desk needs besides, the mails among it.
pub async fn each(
    records: &Records,
    tickets: Vec<Ticket>,
    whole: bool,
    mut take: impl FnMut(TicketLine) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (Some(first), Some(last)) = (tickets.first().map(|t| t.id), tickets.last().map(|t| t.id)) else {
        return Ok(());
    };
    let store = &records.store;
    let mut participants = by_ticket(conversation::participants(store, first, last).await?, |entry| entry.ticket);
    let mut events = by_ticket(conversation::events(store, first, last).await?, |entry| entry.ticket);
    let mut follow_ups = by_ticket(conversation::follow_ups(store, first, last).await?, |entry| entry.ticket);
    let mut forms = by_ticket(conversation::forms(store, first, last).await?, |entry| entry.ticket);
    let mut moving = if whole { Some(moving::Around::read(records, first, last).await?) } else { None };
    let mut messages = by_ticket(conversation::messages(store, first, last).await?, |entry| entry.ticket);
    let mut tickets = tickets.into_iter().peekable();
    while tickets.peek().is_some() {
        // As many tickets as fit, so that few statements read many mails, and at least one.
        let mut group = Vec::new();
        let mut wanted: Vec<Message> = Vec::new();
        while let Some(ticket) = tickets.next_if(|_| group.is_empty() || fits(&wanted)) {
            wanted.extend(messages.remove(&ticket.id).unwrap_or_default());
            group.push(ticket);
        }
        let mut lines = by_ticket(read_messages(records, &wanted, whole).await?, |(ticket, _)| *ticket);
        for ticket in group {
            let id = ticket.id;
            let messages = lines.remove(&id).unwrap_or_default().into_iter().map(|(_, line)| line).collect();
            let form = forms.remove(&id).unwrap_or_default().pop();
            let moving = match &mut moving {
                Some(moving) => moving.of(records, &ticket, form.as_ref()).await?,
                None => None,
            };
            let around = Around {
                participants: participants.remove(&id).unwrap_or_default(),
                events: events.remove(&id).unwrap_or_default(),
                follow_ups: follow_ups.remove(&id).unwrap_or_default(),
                form,
                moving,
            };
            take(line(records, ticket, messages, around))?;
        }
    }
    Ok(())
}

fn fits(messages: &[Message]) -> bool {
    messages.len() < MAILS && messages.iter().map(|message| message.size).sum::<i64>() < OCTETS
}

fn by_ticket<T>(entries: Vec<T>, ticket: impl Fn(&T) -> i64) -> HashMap<i64, Vec<T>> {
    let mut sorted: HashMap<i64, Vec<T>> = HashMap::new();
    for entry in entries {
        sorted.entry(ticket(&entry)).or_default().push(entry);
    }
    sorted
}

/// What belongs to a ticket besides its messages.
struct Around {
    participants: Vec<Participant>,
    events: Vec<Event>,
    follow_ups: Vec<FollowUp>,
    form: Option<TicketForm>,
    moving: Option<Moving>,
}

fn line(records: &Records, ticket: Ticket, messages: Vec<MessageLine>, around: Around) -> TicketLine {
    let Around { participants: others, events, follow_ups, form, moving } = around;
    let mut participants = vec![ParticipantLine::of(ticket.requester.clone(), "requester")];
    participants.extend(ticket.assignee.clone().map(|person| ParticipantLine::of(person, "assignee")));
    participants.extend(others.into_iter().map(|other| ParticipantLine::of(other.person, &other.role)));
    TicketLine {
        case_id: records.case(ticket.id),
        subject: ticket.subject,
        status: ticket.status,
        priority: ticket.priority,
        tags: ticket.tags,
        queue: ticket.queue,
        language: ticket.language,
        requester: ticket.requester,
        assignee: ticket.assignee,
        participants,
        created_at: ticket.created_at,
        updated_at: ticket.updated_at,
        messages,
        events: events
            .into_iter()
            .map(|event| EventLine { at: event.at, kind: event.kind, by: event.by, detail: event.detail })
            .collect(),
        follow_ups: follow_ups
            .into_iter()
            .map(|due| FollowUpLine {
                kind: due.kind,
                due_at: due.due_at,
                set_aside: due.set_aside,
                detail: due.detail,
            })
            .collect(),
        form: form.map(FormLine::of),
        moving,
    }
}

/// The words of messages, each read from its raw mail, of which few are held at a time.
async fn read_messages(
    records: &Records,
    messages: &[Message],
    whole: bool,
) -> anyhow::Result<Vec<(i64, MessageLine)>> {
    let mut lines = Vec::with_capacity(messages.len());
    let mut rest = messages;
    while !rest.is_empty() {
        let mut octets = 0;
        let fits = rest.iter().take(MAILS).take_while(|message| {
            let first = octets == 0;
            octets += message.size.max(1);
            first || octets <= OCTETS
        });
        let (share, later) = rest.split_at(fits.count());
        rest = later;
        let wanted: Vec<Content> = share.iter().map(|message| message.content).collect();
        let bytes = conversation::bytes(&records.store, &wanted).await?;
        for message in share {
            // Copies of one mail on several tickets are several messages with the same bytes.
            let raw = bytes.get(&message.content).cloned();
            let sha256 = raw.as_deref().map(sha256_hex);
            let moving = whole.then(|| MessageMoving::of(message, raw.as_deref()));
            let mail = match raw {
                Some(raw) => Some(link::shown(&records.store, raw).await?.into_mail()),
                None => None,
            };
            lines.push((message.ticket, MessageLine { moving, ..message_line(message, mail, sha256) }));
        }
    }
    Ok(lines)
}

fn message_line(message: &Message, mail: Option<Mail>, sha256: Option<String>) -> MessageLine {
    let attachments = mail.iter().flat_map(|mail| &mail.attachments).map(InspectedAttachment::of).collect();
    let ours = match message.content {
        Content::Outbox(id) => Some((id, message.notice.clone())),
        _ => None,
    };
    let mut to = mail.as_ref().map(|mail| mail.to.clone()).unwrap_or_default();
    // A mail that carried a secret was erased when it was sent: the row still knows whom it went to.
    if to.is_empty() && ours.is_some() {
        to.push(Address::new("", &message.recipient));
    }
    let own_id = Some(message.message_id.clone()).filter(|id| !id.is_empty());
    MessageLine {
        id: message.id,
        direction: message.direction.clone(),
        author: message.author.clone(),
        visibility: message.visibility.clone(),
        from: mail.as_ref().and_then(|mail| mail.from.clone()),
        to,
        cc: mail.as_ref().map(|mail| mail.cc.clone()).unwrap_or_default(),
        subject: mail.as_ref().map(|mail| mail.subject.clone()).unwrap_or_default(),
        message_id: own_id.or_else(|| mail.as_ref().and_then(|mail| mail.message_id.clone())),
        date: mail.as_ref().and_then(|mail| mail.date).unwrap_or(message.at),
        reply_text: mail.as_ref().map(|mail| visible(mail, ours.is_some())).unwrap_or_default(),
        text: mail.map(|mail| mail.text).unwrap_or_default(),
        attachments,
        sha256,
        moving: None,
        at: message.at,
        ours,
    }
}

/// What people should see of a mail. Our own mails begin with the line that separates quoted text in answers to them:
/// without it, all of them is seen.
fn visible(mail: &Mail, ours: bool) -> String {
    if !ours {
        return mail.reply_text.clone();
    }
    let separates = |line: &str| line.starts_with(quote::SEPARATOR.0) && line.ends_with(quote::SEPARATOR.1);
    let lines: Vec<&str> = mail.text.lines().filter(|line| !separates(line.trim())).collect();
    lines.join("\n").trim().to_owned()
}
