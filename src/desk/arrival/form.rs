//! A mail that begins a form, or goes on with one.

use super::deciding::Deciding;
use super::{flood, new_ticket, sender, thanks};
use crate::config::form::{Form, FormAction};
use crate::desk::flow::letter::Say;
use crate::desk::flow::{directory, hand_over, proceed, registration, second_factor};
use crate::desk::form::choose::{self, Chosen};
use crate::desk::form::hand_over::HandOver;
use crate::desk::form::phrases;
use crate::desk::form::read::{self, Context, Reading};
use crate::desk::form::state::{FormState, Stage};
use crate::desk::form::task::Purpose;
use crate::desk::form::wanted::wanted;
use crate::desk::id::TicketId;
use crate::desk::inbound::verdict::{Proof, Verdict};
use crate::desk::seal::link::LinkPurpose;
use crate::desk::ticket::history::EventKind;
use crate::desk::ticket::message::Direction;
use crate::desk::ticket::person::Person;
use crate::desk::ticket::{Status, Ticket};

/// What a new mail begins. Machines fill in no forms.
pub fn leads_to<'a>(case: &mut Deciding<'a>) -> Option<Chosen<'a>> {
    let (rules, arrival) = (case.change.rules, case.arrival);
    if !arrival.mail.conduct.fill_forms || case.voice.forwarded_by.is_some() {
        return None;
    }
    let chosen = choose::choose(&rules.config, &arrival.mailbox, &arrival.mail);
    case.change.note("wish", chosen.by, chosen.reasons());
    Some(chosen)
}

/// The rule by which a new mail joins an earlier request of the same person.
pub const ASKED_ANEW: &str = "form";

/// Opens a ticket with a form.
pub fn open(case: &mut Deciding<'_>, form: &Form) {
    let requester = sender::sender(case);
    if flood::joins(case, &requester, false) {
        return;
    }
    let Some(ticket) = new_ticket::new_ticket(case, &requester, Status::New, None) else { return };
    case.file(ticket.id, Some(requester.id), Direction::Inbound, true);
    case.change.event(ticket.id, EventKind::Opened, Some(requester.id), String::new());
    sender::introduce(case, ticket.id, requester.id);
    case.settle(Verdict::Opened, format!("a new request: the form {}", form.name));
    begin(case, ticket.id, form, &requester);
}

/// Begins a form on a ticket that this mail is on; a form of its own for each further person whom the mail is about.
pub fn begin(case: &mut Deciding<'_>, ticket: TicketId, form: &Form, requester: &Person) {
    let mut reading = read::read(form, &case.arrival.mail, &Context::first(case.change.today()));
    let others = std::mem::take(&mut reading.others);
    begin_with(case, form, ticket, requester, reading);
    for other in others {
        also(case, form, requester, ticket, other);
    }
}

fn begin_with(case: &mut Deciding<'_>, form: &Form, ticket: TicketId, requester: &Person, reading: Reading) {
    case.change.event(ticket, EventKind::Form, None, form.name.clone());
    let mut state = FormState::new(ticket, form);
    state.data.proven = case.proof() != Proof::None;
    state.merge(form, reading);
    state.data.by_owner = state.data.proven && requester.email == state.email(form);
    proceed::proceed(&mut case.change, form, state);
}

/// A form of its own for somebody else whom the same mail is about. The mail itself stays on the first one's ticket.
fn also(case: &mut Deciding<'_>, form: &Form, requester: &Person, first: TicketId, reading: Reading) {
    let Some(ticket) = new_ticket::new_ticket(case, requester, Status::New, None) else { return };
    // Answers that name the mail alone are the first one's.
    if let Some(new) = case.change.out.tickets.last_mut() {
        new.ticket.first_message_id.clear();
    }
    case.lands_on(Some(first));
    let with = format!("in the mail that opened {}", case.change.rules.case_id(first));
    case.change.event(ticket.id, EventKind::Opened, Some(requester.id), with);
    sender::introduce(case, ticket.id, requester.id);
    begin_with(case, form, ticket.id, requester, reading);
}

/// An earlier request that a new mail asks after: about the same address, neither at its end nor closed, and the sender's
/// own, or about the sender.
pub fn asked_before(case: &Deciding<'_>, form: &Form) -> Option<TicketId> {
    let sender = case.sender()?;
    let mut asked = FormState::new(TicketId(0), form);
    asked.merge(form, read::read(form, &case.arrival.mail, &Context::first(case.change.today())));
    let email = asked.email(form);
    let is_same = |state: &&FormState| {
        let own = case.change.ticket(state.ticket).is_some_and(|ticket| {
            ticket.status != Status::Closed
                && (ticket.requester == sender.id || email == sender.email && ticket.is_customer(sender.id))
        });
        own && state.form == form.name
            && matches!(state.stage, Stage::Sent | Stage::Working)
            && state.email(form) == email
    };
    case.change.facts.forms.values().filter(is_same).map(|state| state.ticket).max()
}

/// Whether a mail is of the person a form is about, on a case that somebody else opened: the other must learn neither that
/// they answered nor what. While something is asked, nothing was sent to them yet: they answer for who asked.
pub fn is_aside(case: &Deciding<'_>, ticket: &Ticket) -> bool {
    let Some(sender) = case.sender().filter(|sender| sender.id != ticket.requester) else { return false };
    case.change.form(ticket.id).is_some_and(|state| state.stage != Stage::Asking && state.about == sender.email)
}

/// Whether a mail answers what a form asks: something in it was wanted, or corrects what was known.
pub fn is_answer(case: &Deciding<'_>, ticket: TicketId) -> bool {
    let Some(mut state) = case.change.form(ticket).filter(|state| state.stage == Stage::Asking) else { return false };
    let form = case.change.rules.config.forms.get(&state.form);
    form.is_some_and(|form| {
        let asked = wanted(form, &state).iter().map(|field| field.name.clone()).collect();
        let context = Context { asked, ..Context::first(case.change.today()) };
        state.merge(form, read::read(form, &case.arrival.mail, &context))
    })
}

/// What a participant's mail on a ticket means for its form; true when no engineer needs to hear of it.
pub fn reply(case: &mut Deciding<'_>, ticket: TicketId, author: &Person, rule: &str) -> bool {
    let rules = case.change.rules;
    let Some(mut state) = case.change.form(ticket) else { return false };
    // The form is not configured any more: engineers read the mail.
    let Some(form) = rules.config.forms.get(&state.form) else { return false };
    let aside = case.change.ticket(ticket).is_some_and(|ticket| is_aside(case, &ticket));
    let conduct = case.arrival.mail.conduct;
    if !conduct.fill_forms {
        // What ends the waiting ends what it was for: the steps were sent, and nothing comes after them.
        let steps = state.stage == Stage::Sent && form.action != FormAction::Register;
        let woken = steps && !aside && conduct.stop_follow_ups && conduct.tell;
        return !conduct.tell || woken && not_helped(case, form, state);
    }
    let again = rule == ASKED_ANEW || phrases::not_received(&case.arrival.mail.reply_text);
    let proven = case.proof() != Proof::None;
    if again {
        state.data.by_owner = proven && author.email == state.email(form);
    }
    if !again && let Some(after) = corrected(case, form, &state, author) {
        return go_on(case, form, &state, after);
    }
    match state.stage {
        Stage::Asking => answer(case, form, state, author),
        Stage::Sent if form.action == FormAction::Register => sent(case, form, state, author, again),
        Stage::Sent if form.action == FormAction::ResetPassword && again => {
            state.data.again += 1;
            directory::find(&mut case.change, form, state, Purpose::Password);
            true
        }
        Stage::Sent => !aside && not_helped(case, form, state),
        Stage::Done if form.action == FormAction::Register && again => {
            registration::again(&mut case.change, form, state);
            true
        }
        Stage::Cooling if proven && !thanks::is_thanks(&case.arrival.mail, std::iter::once(author.name.as_str())) => {
            let said = with_words(case);
            second_factor::objected(&mut case.change, form, state, author, said)
        }
        Stage::Working => again,
        _ => false,
    }
}

/// The form with the values that its requester corrects after we asked for all that we needed: once it was carried out, is
/// being checked by engineers or about to take effect, what they write is for engineers.
fn corrected(case: &Deciding<'_>, form: &Form, state: &FormState, author: &Person) -> Option<FormState> {
    let open = matches!(state.stage, Stage::Sent | Stage::Engineer) && state.data.approved_by.is_empty();
    let own = case.change.ticket(state.ticket).is_some_and(|ticket| ticket.requester == author.id);
    // Whoever tries one value after the other talks to an engineer.
    if !open || !own || state.data.corrections >= form.rounds {
        return None;
    }
    let mut after = state.clone();
    let context = Context { late: true, ..Context::first(case.change.today()) };
    after.merge(form, read::read(form, &case.arrival.mail, &context));
    after.data.corrections += 1;
    after.data.proven &= case.proof() != Proof::None;
    after.data.by_owner = after.data.proven && author.email == after.email(form);
    (after.data.values != state.data.values).then_some(after)
}

/// A corrected form goes on where nothing is missing any more; what engineers had for another reason they keep, with the new
/// values. True when no engineer needs to hear of it.
fn go_on(case: &mut Deciding<'_>, form: &Form, before: &FormState, after: FormState) -> bool {
    let complete = wanted(form, &after).is_empty();
    let by_itself = match before.stage {
        Stage::Engineer => complete && before.data.handed_over.is_some_and(HandOver::goes_on),
        _ => complete,
    };
    case.change.event(after.ticket, EventKind::FormCorrected, None, form.name.clone());
    if !by_itself {
        case.change.keep(after);
        return false;
    }
    case.change.withdraw_links(before, &LinkPurpose::ALL);
    proceed::proceed(&mut case.change, form, after);
    true
}

/// An answer to our question.
fn answer(case: &mut Deciding<'_>, form: &Form, state: FormState, author: &Person) -> bool {
    let before = state.clone();
    let mut after = state;
    let asked = wanted(form, &before).iter().map(|field| field.name.clone()).collect();
    let context = Context { asked, ..Context::first(case.change.today()) };
    let helped = after.merge(form, read::read(form, &case.arrival.mail, &context));
    // Values of somebody else, or of nobody proven, are nothing that the requester vouches for.
    let own = case.change.ticket(before.ticket).is_some_and(|ticket| ticket.requester == author.id);
    after.data.proven &= !helped || own && case.proof() != Proof::None;
    let asks = case.arrival.mail.reply_text.contains(QUESTION);
    if !helped && asks {
        let say = with_words(case);
        hand_over::to_engineers(&mut case.change, form, before, HandOver::Unclear, say);
    } else {
        proceed::proceed(&mut case.change, form, after);
    }
    true
}

/// The activation was sent: who says that it did not come gets a fresh link, who answers it gets a code.
fn sent(case: &mut Deciding<'_>, form: &Form, mut state: FormState, author: &Person, again: bool) -> bool {
    if again {
        registration::again(&mut case.change, form, state);
        return true;
    }
    let own = author.email == state.email(form) && case.proof() != Proof::None && case.holds_token();
    if own {
        if case.change.ticket(state.ticket).is_some_and(|ticket| ticket.requester == author.id) {
            case.change.status(state.ticket, Status::Waiting, None);
        }
        state.data.by_owner = true;
        registration::code(&mut case.change, form, &state);
    }
    // A question is for a person, whatever else it brought.
    own && !case.arrival.mail.reply_text.contains(QUESTION)
}

/// The steps did not help: an engineer goes on.
fn not_helped(case: &mut Deciding<'_>, form: &Form, state: FormState) -> bool {
    let say = with_words(case);
    hand_over::to_engineers(&mut case.change, form, state, HandOver::NotHelped, say);
    true
}

/// What makes a text a question, in any script.
const QUESTION: [char; 3] = ['?', '？', '؟'];

fn with_words(case: &Deciding<'_>) -> Say {
    let mail = &case.arrival.mail;
    Say { words: mail.reply_text.clone(), files: mail.attachments.clone(), ..Say::default() }
}
