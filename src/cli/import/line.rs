//! A line of `ticket export` as a ticket that moves in.

use anyhow::{Context, bail};
use data_encoding::{BASE64, HEXLOWER};
use sha2::{Digest, Sha256};

use crate::cli::ticket::moving::{LetterLine, LinkLine, notice_of};
use crate::cli::ticket::record::{MessageLine, TicketLine};
use crate::desk::follow_up::kind::Kind;
use crate::desk::form::state::Stage;
use crate::desk::seal::link::LinkPurpose;
use crate::desk::ticket::history::EventKind;
use crate::desk::ticket::message::Direction;
use crate::desk::ticket::{Priority, Role, Status};
use crate::intake::archive;
use crate::mail::language::Language;
use crate::store::moved::ticket::{
    Moved, MovedEvent, MovedFollowUp, MovedForm, MovedLetter, MovedLink, MovedMail, MovedMessage,
};
use crate::store::outbox;

/// The ticket; without what is due unless `follow_ups`.
pub(super) fn moved(line: TicketLine, follow_ups: bool) -> anyhow::Result<Moved> {
    let Some(moving) = line.moving else {
        bail!("the mails are not in it: make the export without --no-mails");
    };
    let case = &line.case_id;
    let origin = Sha256::digest(format!("{case}\n{}\n{}", line.created_at, line.requester.email));
    let messages = line.messages.into_iter().map(|message| self::message(message, &moving.mailbox, case));
    let messages = messages.collect::<anyhow::Result<_>>()?;
    let others = line.participants.iter().filter(|person| !matches!(person.role.as_str(), "requester" | "assignee"));
    let others = others.map(|person| Ok((person.person(), word(&person.role, role)?)));
    let events = line.events.into_iter().map(|event| {
        let kind = word(&event.kind, EventKind::parse)?;
        Ok(MovedEvent { at: event.at, kind, by: event.by, detail: event.detail })
    });
    let due = line.follow_ups.into_iter().filter(|_| follow_ups).map(|due| {
        let kind = word(&due.kind, Kind::parse)?;
        Ok(MovedFollowUp { kind, due_at: due.due_at, set_aside: due.set_aside, detail: due.detail })
    });
    let form = line.form.zip(moving.form).map(|(form, whole)| {
        let stage = word(&form.stage, Stage::parse)?;
        anyhow::Ok(MovedForm {
            name: form.name,
            stage,
            about: whole.about,
            approved_by: whole.approved_by,
            data: serde_json::from_str(&whole.data).context("the form is of another version")?,
        })
    });
    Ok(Moved {
        origin: HEXLOWER.encode(&origin),
        number: number(case),
        messages,
        subject: line.subject,
        status: word(&line.status, Status::parse)?,
        priority: word(&line.priority, Priority::parse)?,
        tags: line.tags.into_iter().collect(),
        mailbox: moving.mailbox,
        written_to: moving.written_to,
        queue: line.queue,
        language: word(&line.language, Language::from_code)?,
        requester: line.requester,
        assignee: line.assignee,
        others: others.collect::<anyhow::Result<_>>()?,
        created_at: line.created_at,
        updated_at: line.updated_at,
        closed_at: moving.closed_at,
        flooded: moving.flooded,
        events: events.collect::<anyhow::Result<_>>()?,
        letters: moving.letters.into_iter().map(letter).collect::<anyhow::Result<_>>()?,
        links: moving.links.into_iter().map(link).collect::<anyhow::Result<_>>()?,
        form: form.transpose()?,
        follow_ups: due.collect::<anyhow::Result<_>>()?,
    })
}

/// The number in a case ID; 0 when there is none.
fn number(case: &str) -> i64 {
    case.rsplit('-').next().and_then(|number| number.parse().ok()).unwrap_or_default()
}

/// The member of a closed set.
fn word<T>(word: &str, parse: impl Fn(&str) -> Option<T>) -> anyhow::Result<T> {
    parse(word).with_context(|| format!("{word:?} is a word of another version"))
}

fn role(word: &str) -> Option<Role> {
    match word {
        "copied" => Some(Role::Copied),
        "follower" => Some(Role::Follower),
        _ => None,
    }
}

fn message(line: MessageLine, mailbox: &str, case: &str) -> anyhow::Result<MovedMessage> {
    let moving = line.moving.with_context(|| format!("message {} has no mail in it", line.id))?;
    let octets = moving.mail.map(|mail| BASE64.decode(mail.as_bytes()));
    let octets = octets.transpose().with_context(|| format!("the mail of message {} is damaged", line.id))?;
    let mail = match (&moving.notice, octets) {
        (Some(_), Some(octets)) => MovedMail::Letter(Some(octets)),
        // Its text let its reader into an account.
        (Some(_), None) => MovedMail::Letter(line.sha256.is_some().then(|| outbox::ERASED.as_bytes().to_vec())),
        (None, Some(octets)) => {
            let place = format!("{case}#{}", line.id);
            MovedMail::Came(Box::new(archive::brought(mailbox, place, octets, moving.at)))
        }
        (None, None) => MovedMail::None,
    };
    Ok(MovedMessage {
        number: line.id,
        direction: word(&line.direction, Direction::parse)?,
        public: line.visibility == "public",
        author: line.author,
        message_id: line.message_id.unwrap_or_default(),
        at: moving.at,
        mail,
    })
}

/// What was not sent yet is not sent from here.
fn letter(line: LetterLine) -> anyhow::Result<MovedLetter> {
    let state = match line.state.as_str() {
        "sent" => "sent",
        "failed" => "failed",
        _ => "cancelled",
    };
    Ok(MovedLetter {
        notice: word(&line.notice, notice_of)?,
        automatic: line.automatic,
        recipient: line.to,
        subject: line.subject,
        message_id: line.message_id,
        state,
        created_at: line.created_at,
        sent_at: line.sent_at,
    })
}

fn link(line: LinkLine) -> anyhow::Result<MovedLink> {
    Ok(MovedLink {
        hash: HEXLOWER.decode(line.sha256.as_bytes()).context("a link's hash is damaged")?,
        purpose: word(&line.purpose, LinkPurpose::parse)?,
        email: line.email,
        created_at: line.created_at,
        expires_at: line.expires_at,
    })
}
