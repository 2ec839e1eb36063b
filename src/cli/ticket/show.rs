//! `caseway ticket show`: one ticket as people read it.

use std::io::Write;

use anyhow::Context;

use super::record::{self, EventLine, FollowUpLine, FormLine, MessageLine, TicketLine};
use crate::cli::output::{self, Output, cell};
use crate::cli::records::{PAGE, Records};
use crate::cli::{Exit, Globals, words};
use crate::desk::follow_up::kind::Kind;
use crate::desk::post::human_size;
use crate::store::view::outgoing::{self, Which};
use crate::store::view::tickets::{self, Ticket};

/// Show a ticket: who, what was said, what happened
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  caseway ticket show CASE-7
  caseway ticket show 7 --json | jq -r '.messages[].reply_text'")]
pub struct Args {
    /// The case ID: CASE-7, or 7
    #[arg(value_name = "CASE")]
    case: String,
    #[command(flatten)]
    output: Output,
}

/// Prints the ticket.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<Exit> {
    let records = Records::open(globals).await?;
    let id = records.ticket_number(&args.case)?;
    let ticket = tickets::get(&records.store, id).await?.with_context(|| {
        format!("there is no {}; 'caseway ticket list' shows which tickets there are", records.case(id))
    })?;
    let mut line = None;
    record::each(&records, vec![ticket.clone()], false, |found| {
        line = Some(found);
        Ok(())
    })
    .await?;
    let line = line.context("the ticket went away")?;
    let mut out = output::stdout();
    if args.output.json {
        output::write_json(&mut out, &line)?;
    } else {
        let width = words::reading_width();
        head(&mut out, &records, &ticket, &line)?;
        undelivered(&mut out, &records, id).await?;
        if let Some(found) = &line.form {
            form(&mut out, found, width)?;
        }
        for message in &line.messages {
            write_message(&mut out, message, width)?;
        }
        events(&mut out, &line.events, width)?;
    }
    out.flush()?;
    records.close(Exit::Done).await
}

fn head(out: &mut impl Write, records: &Records, ticket: &Ticket, line: &TicketLine) -> std::io::Result<()> {
    writeln!(out, "{}  {}\n", records.case(ticket.id), cell(&ticket.subject))?;
    let mut field = |name: &str, value: String| {
        if value.is_empty() { Ok(()) } else { writeln!(out, "{name:<9}  {value}") }
    };
    let case = |id: Option<i64>| id.map(|id| records.case(id)).unwrap_or_default();
    field("Status", status(records, ticket))?;
    field("Priority", Some(ticket.priority.clone()).filter(|priority| priority != "normal").unwrap_or_default())?;
    field("Tags", ticket.tags.join(", "))?;
    field("Queue", cell(&ticket.queue))?;
    field("Requester", words::person(&ticket.requester))?;
    field("Assignee", ticket.assignee.as_ref().map_or("nobody".to_owned(), words::person))?;
    for (name, role) in [("Copied", "copied"), ("Followers", "follower")] {
        let with_role: Vec<_> = line.participants.iter().filter(|person| person.role == role).collect();
        field(name, with_role.iter().map(|line| words::person(&line.person())).collect::<Vec<_>>().join(", "))?;
    }
    field("Opened", words::local(ticket.created_at))?;
    field("Changed", words::local(ticket.updated_at))?;
    for follow_up in &line.follow_ups {
        field("Next", next(follow_up))?;
    }
    if let Some(form) = &line.form {
        field("Form", format!("{}: {}", cell(&form.name), form.stage))?;
    }
    field("Linked to", case(ticket.linked_to))
}

/// What is known of a ticket's form, and what is not.
fn form(out: &mut impl Write, form: &FormLine, width: Option<usize>) -> std::io::Result<()> {
    writeln!(out, "\n{}\n", words::rule("Form", width))?;
    for value in &form.values {
        writeln!(out, "{:<20}  {} ({})", cell(&value.field), cell(&value.value), value.place)?;
    }
    for (field, why) in &form.doubts {
        writeln!(out, "{:<20}  in doubt: {}", cell(field), cell(why))?;
    }
    Ok(())
}

fn status(records: &Records, ticket: &Ticket) -> String {
    match (ticket.status.as_str(), ticket.merged_into, ticket.closed_at) {
        ("merged", Some(into), _) => format!("merged into {}", records.case(into)),
        ("closed", _, Some(at)) => format!("closed {}", words::local(at)),
        ("held", ..) => "held: waits for an engineer's decision".to_owned(),
        (status, ..) => status.to_owned(),
    }
}

/// What happens by itself, and when.
fn next(follow_up: &FollowUpLine) -> String {
    let what = Kind::parse(&follow_up.kind).map_or(follow_up.kind.as_str(), |kind| kind.words());
    match follow_up.set_aside {
        true => format!("{} (failed too often: tried no more)", cell(what)),
        false => format!("{}, {}", cell(what), words::local(follow_up.due_at)),
    }
}

/// Mails about the ticket that did not arrive, or perhaps not.
async fn undelivered(out: &mut impl Write, records: &Records, ticket: i64) -> anyhow::Result<()> {
    let state = vec!["failed".to_owned(), "ambiguous".to_owned()];
    let which = Which { state, ticket: Some(ticket), ..Which::default() };
    let count = outgoing::newest(&records.store, &which, None, PAGE).await?.len();
    if count > 0 {
        let mails = words::count(count, "mail", "mails");
        let case = records.case(ticket);
        let trouble = format!("{mails} did not arrive, or perhaps not: see 'caseway outbox list --case {case}'");
        words::hanging(out, "Trouble", 11, &trouble, words::reading_width())?;
    }
    Ok(())
}

/// A line across, the words that were visible to the other side, the files.
fn write_message(out: &mut impl Write, message: &MessageLine, width: Option<usize>) -> std::io::Result<()> {
    writeln!(out, "\n{}\n", words::rule(&title(message), width))?;
    if let Some((id, _)) = &message.ours {
        return writeln!(out, "'caseway outbox show {id}' shows it.");
    }
    match words::text(&message.reply_text, 0, width) {
        shown if shown.trim().is_empty() => writeln!(out, "(no text)")?,
        shown => out.write_all(shown.as_bytes())?,
    }
    for (index, file) in message.attachments.iter().enumerate() {
        let gap = if index == 0 { "\n" } else { "" };
        let about = format!("{}, {}", file.content_type, human_size(file.size as u64));
        writeln!(out, "{gap}File  {} ({})", cell(&file.filename), cell(&about))?;
    }
    Ok(())
}

fn title(message: &MessageLine) -> String {
    let author = message.author.as_ref().or(message.from.as_ref()).map(words::person);
    let at = words::local(message.at);
    if let Some((_, notice)) = &message.ours {
        return format!("{at}  {} to {}", notice.replace('_', " "), words::people(&message.to));
    }
    match (message.direction.as_str(), message.visibility.as_str(), author) {
        (_, "note", author) => format!("{at}  {}  note, for engineers only", author.unwrap_or_default()),
        ("outbound", _, Some(author)) => format!("{at}  {author}  answer"),
        (_, _, author) => format!("{at}  {}", author.unwrap_or_else(|| "somebody unknown".to_owned())),
    }
}

fn events(out: &mut impl Write, events: &[EventLine], width: Option<usize>) -> std::io::Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}\n", words::rule("What happened", width))?;
    for event in events {
        let by = event.by.as_ref().map(|by| format!(" by {}", words::short_person(by))).unwrap_or_default();
        let detail = if event.detail.is_empty() { String::new() } else { format!(": {}", event.detail) };
        let told = format!("{}{by}{detail}", event.kind.replace(['_', '.'], " "));
        words::hanging(out, &words::local(event.at), 18, &told, width)?;
    }
    Ok(())
}
