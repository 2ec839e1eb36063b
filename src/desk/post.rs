//! Letters: to whom, under which name, with which token, in which thread.

use jiff::Timestamp;

use super::facts::Facts;
use super::notice::kind::Notice;
use super::notice::letter::Letter;
use super::notice::post::Post;
use super::notice::vars::{DeskVars, FileVars, LinkVars, Vars};
use super::rules::Rules;
use super::seal::{marks, token};
use super::ticket::Ticket;
use super::ticket::person::Person;
use crate::config::Mailbox;
use crate::mail::language::Language;
use crate::mail::{Address, Attachment};

/// What a letter says beyond its kind; the rest follows from ticket and recipient.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
    /// The kind of mail.
    pub notice: Notice,
    /// What it is about.
    pub ticket: &'a Ticket,
    /// Who gets it.
    pub recipient: &'a Person,
    /// The language to write in.
    pub language: Language,
    /// Shown instead of the desk's name.
    pub from_name: Option<String>,
    /// Shown as To and Cc; empty for the recipient alone.
    pub to: Vec<Address>,
    /// Shown as Cc.
    pub cc: Vec<Address>,
    /// What the template may say.
    pub vars: Vars,
    /// What goes along.
    pub files: Vec<Attachment>,
    /// The Date of the mail.
    pub now: Timestamp,
    /// It tells of a note: whoever answers it writes one.
    pub internal: bool,
}

impl<'a> Draft<'a> {
    /// A letter in the desk's name to one person alone, without files.
    pub fn to(
        recipient: &'a Person,
        notice: Notice,
        ticket: &'a Ticket,
        language: Language,
        vars: Vars,
        now: Timestamp,
    ) -> Self {
        let (to, cc, files) = (Vec::new(), Vec::new(), Vec::new());
        let internal = notice == Notice::Note;
        Self { notice, ticket, recipient, language, from_name: None, to, cc, vars, files, now, internal }
    }
}

/// Addresses a draft: token of the recipient's generation, thread, return path. One that is `impersonal` bears nothing of
/// what its sender chose but the Message-IDs by which the sender's client threads it.
pub fn address(
    rules: &Rules,
    facts: &Facts,
    (outbox, generation): (i64, i64),
    draft: Draft<'_>,
    impersonal: bool,
) -> Option<Post> {
    let engineer = is_to_engineer(facts, &draft);
    let Draft { notice, ticket, recipient, language, from_name, to, cc, vars, files, now, internal } = draft;
    let (mailbox, address) = match engineer {
        true => rules.mailbox(&ticket.mailbox).map(|mailbox| (mailbox, mailbox.address.as_str()))?,
        false => rules.speaks_as(&ticket.mailbox, &ticket.written_to, &ticket.queue)?,
    };
    let token = rules.keys.reply(ticket.id, recipient.id, generation);
    // The first token heads the thread for ever, or else the reader's client would begin another one.
    let first = rules.keys.reply(ticket.id, recipient.id, 0);
    let domain = address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let name = if impersonal { String::new() } else { recipient.name.clone() };
    let who = Address { name, email: recipient.email.clone() };
    let (in_reply_to, references) = thread(ticket, &first, domain, engineer);
    let reply_to = mailbox.plus_addressing.then(|| token::plus_address(address, &token)).flatten();
    let for_notes = rules.keys.note(ticket.id, recipient.id, generation);
    let note_to = (engineer && mailbox.plus_addressing).then(|| token::note_address(address, &for_notes)).flatten();
    // Whoever answers a letter about a note writes a note, by the address and by what is answered.
    let reply_to = if internal { note_to.clone().or(reply_to) } else { reply_to };
    let message_id = rules.keys.message_id(&token, outbox, domain);
    let letter = Letter {
        notice,
        language,
        from: Address::new(from_name.unwrap_or_else(|| rules.config.desk.name.clone()), address),
        reply_to: Address::new(rules.config.desk.name.clone(), reply_to.as_deref().unwrap_or(address)),
        to: if to.is_empty() { vec![who.clone()] } else { to },
        cc,
        message_id: if internal { token::note_id(&message_id) } else { message_id },
        in_reply_to,
        references,
        delivery: rules.keys.bounce(outbox),
        no_reactions: !engineer && !rules.config.desk.reactions,
        date: now,
        vars: Vars {
            desk: desk_vars(rules, address, language),
            case_id: rules.case_id(ticket.id),
            note_address: note_to.unwrap_or_default(),
            recipient: who.clone(),
            assignee: if engineer { vars.assignee.clone() } else { Address::new(vars.assignee.name.clone(), "") },
            ..if impersonal {
                vars.impersonal()
            } else {
                Vars { subject: ticket.subject.clone(), ..unmarked(rules, vars) }
            }
        },
        files: if impersonal { Vec::new() } else { files },
    };
    Some(Post {
        outbox,
        transport: mailbox.transport.clone(),
        ticket: ticket.id,
        person: recipient.id,
        recipient: who,
        return_path: return_path(rules, (mailbox, address), outbox, notice),
        capped: notice.is_automatic() && !engineer,
        // A secret one is erased once it is sent, and an engineer's token gives an engineer's rights: both are for one
        // person, not for everybody who may look into the desk's account.
        copy_to: (mailbox.keeps_sent() && !engineer && !notice.is_secret()).then(|| mailbox.name.clone()),
        letter,
    })
}

/// Whether its reader gets it as an engineer: one who asked for help themselves is a customer, but for what only engineers
/// are told.
pub(super) fn is_to_engineer(facts: &Facts, draft: &Draft<'_>) -> bool {
    let asked = draft.recipient.id == draft.ticket.requester;
    facts.is_engineer(draft.recipient.id) && (!asked || !draft.notice.is_to_customer())
}

/// A customer's client knows the customer's own mails. An engineer's knows ours: they hang below a root that was never
/// sent and is the same for all mails of a ticket (clients thread by the first reference).
fn thread(ticket: &Ticket, token: &str, domain: &str, engineer: bool) -> (Option<String>, Vec<String>) {
    if engineer {
        return (None, vec![token::root_id(token, domain)]);
    }
    let last = Some(&ticket.last_message_id).filter(|id| !id.is_empty());
    let mut references: Vec<String> =
        [&ticket.first_message_id, &ticket.last_message_id].into_iter().cloned().collect();
    references.retain(|id| !id.is_empty());
    references.dedup();
    (last.cloned(), references)
}

/// A return path of its own (VERP), so that a bounce names the row. Where addresses cannot carry one, automatic mail
/// gets the null path (RFC 3834 §3.3) and a person's mail the desk's address.
fn return_path(rules: &Rules, (mailbox, address): (&Mailbox, &str), outbox: i64, notice: Notice) -> String {
    let verp = mailbox.plus_addressing.then(|| token::plus_address(address, &rules.keys.bounce(outbox)));
    match verp.flatten() {
        Some(verp) => verp,
        None if notice.is_automatic() => String::new(),
        None => address.to_owned(),
    }
}

fn desk_vars(rules: &Rules, address: &str, language: Language) -> DeskVars {
    let desk = &rules.config.desk;
    let in_language = |words: &std::collections::BTreeMap<Language, String>| {
        words.get(&language).or_else(|| words.get(&desk.default_language)).cloned().unwrap_or_default()
    };
    DeskVars {
        name: desk.name.clone(),
        address: address.to_owned(),
        hours: in_language(&desk.hours),
        phones: desk.phones.clone(),
        links: desk.links.iter().map(|(label, url)| LinkVars { label: label.clone(), url: url.clone() }).collect(),
        incident: in_language(&desk.incident),
    }
}

/// The files of a mail that are passed on, and how the letter lists all of them. Inline images go along: the words may
/// refer to them.
pub fn files(attachments: &[Attachment], limit: u64) -> (Vec<Attachment>, Vec<FileVars>) {
    let mut left = limit;
    let mut passed = Vec::new();
    let mut listed = Vec::new();
    for file in attachments {
        let size = file.content.len() as u64;
        let attached = size <= left;
        if attached {
            left -= size;
            passed.push(file.clone());
        }
        listed.push(FileVars { name: file.filename.clone(), size: human_size(size), attached });
    }
    (passed, listed)
}

/// What one person wrote and another reads names no token: its holder would be taken for the other.
fn unmarked(rules: &Rules, mut vars: Vars) -> Vars {
    for text in [&mut vars.words, &mut vars.quote.text] {
        let clean = marks::words(&rules.keys, text).into_owned();
        *text = clean;
    }
    vars
}

/// Octets in words: `184 KB`.
pub fn human_size(octets: u64) -> String {
    match octets {
        0..1_000 => format!("{octets} B"),
        1_000..1_000_000 => format!("{} KB", octets.div_ceil(1_000)),
        _ if octets % 1_000_000 < 100_000 => format!("{} MB", octets / 1_000_000),
        _ => format!("{}.{} MB", octets / 1_000_000, octets % 1_000_000 / 100_000),
    }
}
