//! What a participant wants on a case, apart from adding to it: to know how far it is, to be heard sooner, to have it closed.
//!
//! What changes a case must be nearly certain, and can be undone by an answer. What is less sure is an ordinary reply.

use jiff::SignedDuration;

use super::deciding::Deciding;
use super::{form, tell, thanks};
use crate::desk::action::{close, send};
use crate::desk::flow::hand_over;
use crate::desk::flow::letter::Say;
use crate::desk::follow_up::due::{Elapsed, due_at};
use crate::desk::follow_up::kind::Kind;
use crate::desk::form::hand_over::HandOver;
use crate::desk::form::phrases;
use crate::desk::form::state::Stage;
use crate::desk::notice::kind::Notice;
use crate::desk::notice::vars::Vars;
use crate::desk::post::Draft;
use crate::desk::ticket::history::EventKind;
use crate::desk::ticket::person::{Person, letter_language};
use crate::desk::ticket::{Priority, Status, Ticket};
use crate::intent::examples::Taught;
use crate::intent::judge::{Judgement, judge};
use crate::intent::wish::{Said, Wish};
use crate::mail::{Mail, Origin, language, subject};

/// What is answered or told from this probability on.
const LIKELY: f32 = 0.8;
/// What closes a case must be this likely.
const NEARLY_CERTAIN: f32 = 0.95;
/// Words of the longest mail that closes a case: a longer one says more than that.
const MAX_WORDS: usize = 50;
/// Words of denial and of contrast: a mail with one of them says more than that a case can be closed. A request may be
/// withdrawn with them ("no longer needed").
const DENIALS: &str = "not don't dont doesn't doesnt isn't isnt never but still however other \
    nicht kein keine aber noch jedoch nie ei eivät mutta vielä enää inte men fortfarande än ikke stadig fortsatt \
    pas ne mais encore toujours no pero todavía aún non ma ancora però não mas ainda niet geen maar nog nie ale jeszcze \
    ne není ještě не но ещё еще але ще değil ama hala";
/// How far a case is is told no more often than this.
const STATUS_PAUSE: SignedDuration = SignedDuration::from_hours(1);

/// What somebody wants on a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OnCase {
    /// To know how far it is.
    Status,
    /// To be heard sooner, or by somebody higher.
    Escalate,
    /// That it is closed: it is solved.
    Close,
    /// That it is closed: nothing is wanted any more.
    Withdraw,
    /// Nothing: these are thanks.
    Thanks,
    /// That an account is removed.
    DeleteAccount,
}

/// What a participant's mail on a ticket wants, where that is clear enough; noted for who asks why.
pub(super) fn on_case(case: &mut Deciding<'_>, ticket: &Ticket) -> Option<OnCase> {
    let arrival = case.arrival;
    let mail = &arrival.mail;
    let speaks = mail.origin == Origin::Person && mail.conduct.fill_forms && case.voice.forwarded_by.is_none();
    // What did not arrive is sent again, and a closed case opens again, whatever else is said.
    let other = phrases::not_received(&mail.reply_text) || ticket.status == Status::Closed;
    if !speaks || other || arrival.oversize.is_some() || form::is_answer(case, ticket.id) {
        return None;
    }
    let names = names(case, ticket);
    if thanks::is_thanks(mail, names.iter().map(String::as_str)) {
        return Some(OnCase::Thanks);
    }
    let judgement = judged(case, ticket);
    let wanted = wanted(&judgement, mail)?;
    let because = judgement.because.join(", ");
    case.change.note("wish", "match", format!("{wanted:?} {:.0} %: {because}", judgement.ranked.first()?.1 * 100.0));
    Some(wanted)
}

fn names(case: &Deciding<'_>, ticket: &Ticket) -> Vec<String> {
    let people = ticket.assignee.into_iter().chain([ticket.requester]).chain(ticket.others.iter().map(|(id, _)| *id));
    let known = people.filter_map(|id| case.change.facts.people.get(&id)).map(|person| person.name.clone());
    known.chain(case.arrival.mail.from.iter().map(|from| from.name.clone())).collect()
}

fn judged(case: &Deciding<'_>, ticket: &Ticket) -> Judgement {
    let mail = &case.arrival.mail;
    let base = subject::base(&mail.subject, &case.change.rules.config.desk.case_prefix);
    let is_reply = subject::is_reply(&mail.subject) || base == ticket.subject;
    judge(&Said { subject: &mail.subject, is_reply, words: &mail.reply_text, mailbox: None }, &Taught::default())
}

fn wanted(judgement: &Judgement, mail: &Mail) -> Option<OnCase> {
    let is_short = mail.reply_text.split_whitespace().nth(MAX_WORDS).is_none();
    let asks = mail.reply_text.contains(['?', '？', '؟']);
    let is_plain = is_short && mail.attachments.is_empty() && !asks;
    if is_plain && !denies(&mail.reply_text) && judgement.of(Wish::Close) + judgement.of(Wish::Cancel) >= NEARLY_CERTAIN
    {
        let solved = judgement.of(Wish::Close) >= judgement.of(Wish::Cancel);
        return Some(if solved { OnCase::Close } else { OnCase::Withdraw });
    }
    if is_plain && judgement.of(Wish::Cancel) >= NEARLY_CERTAIN {
        return Some(OnCase::Withdraw);
    }
    let (status, escalates) = (judgement.of(Wish::Status), judgement.of(Wish::Escalate));
    if status + escalates >= LIKELY {
        return Some(if escalates >= status { OnCase::Escalate } else { OnCase::Status });
    }
    (judgement.of(Wish::DeleteAccount) >= LIKELY).then_some(OnCase::DeleteAccount)
}

/// Whether a short text has a word of denial or contrast.
fn denies(text: &str) -> bool {
    text.split_whitespace().map(bare).any(|word| DENIALS.split_whitespace().any(|denial| denial == word))
}

/// A word as it is compared.
fn bare(word: &str) -> String {
    word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase().replace('’', "'")
}

impl OnCase {
    /// Whether a case that waits for the customer waits on.
    pub(super) fn leaves_waiting(self) -> bool {
        matches!(self, Self::Status | Self::Thanks)
    }
}

/// Does what a participant wants. True when that was all: neither the form nor the engineers need to hear of it otherwise.
pub(super) fn act(case: &mut Deciding<'_>, before: &Ticket, author: &Person, wanted: OnCase) -> bool {
    match wanted {
        OnCase::Status => status(case, before, author),
        OnCase::Escalate => escalate(case, before, author),
        OnCase::Close => closed(case, before, author, "asked"),
        OnCase::Withdraw => closed(case, before, author, "withdrawn"),
        OnCase::Thanks => thanked(case, before, author),
        OnCase::DeleteAccount => {
            case.change.event(before.id, EventKind::AsksDeletion, Some(author.id), String::new());
            tell::engineers(case, before.id, Notice::CustomerReply, "delete_account", None);
            true
        }
    }
}

/// How far the case is; the engineers hear that somebody asks, unless a form asks and they know nothing of it yet.
fn status(case: &mut Deciding<'_>, before: &Ticket, author: &Person) -> bool {
    case.change.event(before.id, EventKind::AsksStatus, Some(author.id), String::new());
    let asking = case.change.form(before.id).is_some_and(|state| state.stage == Stage::Asking);
    let reason = match before.status {
        _ if asking => "asking",
        Status::New | Status::Held => "new",
        Status::Waiting => "waiting",
        Status::Open | Status::Closed | Status::Merged => "open",
    };
    tell_status(case, before, author, reason);
    if !asking {
        tell::engineers(case, before.id, Notice::CustomerReply, "asks_status", None);
    }
    true
}

/// One letter on how far a case is, unless there was one lately.
fn tell_status(case: &mut Deciding<'_>, ticket: &Ticket, author: &Person, reason: &str) {
    let now = case.change.now;
    if case.change.facts.follow_up(ticket.id, Kind::StatusPause).is_some_and(|pause| pause.due_at > now) {
        return case.change.note("letter", "none", "the status was told within the last hour".to_owned());
    }
    case.change.follow_up(ticket.id, Kind::StatusPause, due_at(now, Elapsed(STATUS_PAUSE)), String::new());
    let Some(ticket) = case.change.the_ticket(ticket.id) else { return };
    let default = case.change.rules.config.desk.default_language;
    let language = letter_language(Notice::CaseStatus.languages(), author, Some(ticket.language), default);
    let vars = Vars { reason: reason.to_owned(), ..Vars::default() };
    send::send(&mut case.change, Draft::to(author, Notice::CaseStatus, &ticket, language, vars, now));
}

/// The priority rises, and the engineers read the words; a form that still asks goes to them as it is.
fn escalate(case: &mut Deciding<'_>, before: &Ticket, author: &Person) -> bool {
    if let Some(mut ticket) = case.change.ticket(before.id).filter(|ticket| ticket.priority < Priority::High) {
        ticket.priority = Priority::High;
        case.change.put(ticket);
    }
    case.change.event(before.id, EventKind::Escalated, Some(author.id), String::new());
    let rules = case.change.rules;
    let asking = case.change.form(before.id).filter(|state| state.stage == Stage::Asking);
    match asking.and_then(|state| rules.config.forms.get(&state.form).map(|form| (form, state))) {
        Some((form, state)) => {
            let mail = &case.arrival.mail;
            let say = Say { words: mail.reply_text.clone(), files: mail.attachments.clone(), ..Say::default() };
            hand_over::to_engineers(&mut case.change, form, state, HandOver::Escalated, say);
        }
        None => tell::engineers(case, before.id, Notice::CustomerReply, "escalated", None),
    }
    tell_status(case, before, author, "escalated");
    true
}

/// The requester's case is closed; what a colleague in copy writes is an ordinary reply.
fn closed(case: &mut Deciding<'_>, before: &Ticket, author: &Person, reason: &str) -> bool {
    if author.id != before.requester {
        return false;
    }
    let handed_over = case.change.form(before.id).is_none_or(|state| {
        matches!(state.stage, Stage::Engineer | Stage::Approval | Stage::Cooling | Stage::Done | Stage::Declined)
    });
    let Some((ticket, _)) = close::quietly(&mut case.change, before.id, Some(author.id)) else { return false };
    // From can be forged: the customer hears of it in any case, and opens the case again by an answer.
    let until = close::reopens_until(&case.change, case.change.now);
    let (language, zone) = (case.change.requester_language(&ticket), &case.change.rules.config.desk.time_zone);
    let when = language::date_time(until, language, zone);
    let vars = Vars { when, reason: reason.to_owned(), ..Vars::default() };
    send::to_requester(&mut case.change, &ticket, Notice::Closed, vars);
    if handed_over {
        tell::engineers(case, before.id, Notice::CustomerReply, reason, None);
    }
    true
}

/// Thanks change nothing. A form that waits for an answer looks into them all the same.
fn thanked(case: &mut Deciding<'_>, before: &Ticket, author: &Person) -> bool {
    let form = case.change.form(before.id);
    if form.as_ref().is_some_and(|state| state.stage == Stage::Asking) {
        return false;
    }
    case.change.event(before.id, EventKind::Thanks, Some(author.id), String::new());
    if form.is_none() {
        tell::engineers(case, before.id, Notice::CustomerReply, "", None);
    }
    true
}
