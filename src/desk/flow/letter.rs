//! The mails about a form.

use crate::desk::action::send;
use crate::desk::ticket::history::EventKind;
use jiff::Timestamp;

use crate::config::form::{Field, FieldKind, Form};
use crate::desk::caps;
use crate::desk::change::Change;
use crate::desk::follow_up::due::{Elapsed, due_at};
use crate::desk::form::read::{self, Trouble, Value};
use crate::desk::form::state::{FormState, KnownPerson};
use crate::desk::form::wanted::{approvals_needed, wanted};
use crate::desk::id::PersonId;
use crate::desk::notice::flow::{ApprovalVars, EntryVars, FormVars, LinkToVars, MissingVars, PortalVars, UserVars};
use crate::desk::notice::kind::Notice;
use crate::desk::notice::vars::Vars;
use crate::desk::post::{self, Draft};
use crate::desk::seal::link::{LinkHash, LinkPurpose, NewLink};
use crate::desk::ticket::Ticket;
use crate::desk::ticket::person::{Person, letter_language};
use crate::mail::language::Language;
use crate::mail::{Address, Attachment};

/// One mail about a form: what it says beyond the form itself.
#[derive(Debug, Clone, Default)]
pub(in crate::desk) struct Say {
    /// As the template chooses words by.
    pub reason: &'static str,
    /// A link or a code.
    pub link: LinkToVars,
    /// What the directory knows; empty when the reader must not be told.
    pub user: UserVars,
    /// A date in words.
    pub when: String,
    /// The customer's words, for engineers.
    pub words: String,
    /// What the directory said, for engineers.
    pub detail: String,
    /// The files that go along.
    pub files: Vec<Attachment>,
}

/// A form with its ticket, as its letters need it.
pub(in crate::desk) struct Case<'a> {
    pub form: &'a Form,
    pub state: &'a FormState,
    pub ticket: &'a Ticket,
}

/// Sends one mail about the form to somebody.
pub(in crate::desk) fn send(change: &mut Change<'_>, case: &Case<'_>, to: &Person, notice: Notice, say: Say) {
    let engineer = change.facts.is_engineer(to.id) && to.id != case.ticket.requester;
    let own = (!engineer).then_some(case.ticket.language);
    let language = letter_language(notice.languages(), to, own, change.rules.config.desk.default_language);
    let (files, listed) = post::files(&say.files, change.rules.config.limits.attach_size);
    let address_of = |id: Option<PersonId>| {
        let person = id.and_then(|id| change.person_by_id(id));
        person.map(|person| Address { name: person.name, email: person.email }).unwrap_or_default()
    };
    let requester = address_of(Some(case.ticket.requester));
    let vars = Vars {
        author: requester.clone(),
        requester,
        assignee: address_of(case.ticket.assignee),
        words: say.words,
        detail: say.detail,
        files: listed,
        reason: say.reason.to_owned(),
        form: form_vars(case.form, case.state, language),
        link: say.link,
        user: say.user,
        portal: portal_vars(change, case.form),
        approvals: approvals(case),
        when: say.when,
        ..Vars::default()
    };
    send::send(change, Draft { files, ..Draft::to(to, notice, case.ticket, language, vars, change.now) });
}

/// The same to everybody who looks after the ticket.
pub(in crate::desk) fn send_to_engineers(
    change: &mut Change<'_>,
    case: &Case<'_>,
    notice: Notice,
    say: &Say,
    but: Option<PersonId>,
) {
    for person in change.looked_after_by(case.ticket) {
        if Some(person.id) != but {
            send(change, case, &person, notice, say.clone());
        }
    }
}

/// A fresh link for the address the form is about, good until `end` at the longest; `None` when too many were sent to it
/// already.
pub(in crate::desk) fn fresh_link(
    change: &mut Change<'_>,
    case: &Case<'_>,
    purpose: LinkPurpose,
    end: Option<Timestamp>,
) -> Option<LinkToVars> {
    let email = case.state.email(case.form);
    let by_owner = case.state.data.by_owner;
    if purpose.is_limited()
        && let Some(why) = caps::links_broken(change.facts, &change.rules.config.limits, &email, by_owner, change.now)
    {
        let detail = format!("{} link to {email}: {why}", purpose.as_str());
        change.event(case.ticket.id, EventKind::Suppressed, None, detail);
        return None;
    }
    let longest = due_at(change.now, Elapsed(purpose.valid_for()));
    let expires_at = end.map_or(longest, |end| longest.min(end));
    let token = change.out.entropy.token(purpose)?;
    let base = change.rules.config.web.as_ref().map(|web| web.base_url.clone()).unwrap_or_default();
    let page = format!("{base}/{}", if purpose == LinkPurpose::Code { "activate" } else { purpose.as_str() });
    change.out.links.push(NewLink {
        hash: LinkHash::of(&token),
        purpose,
        email,
        ticket: case.ticket.id,
        created_at: change.now,
        expires_at,
        by_owner,
    });
    let hours = u32::try_from(expires_at.duration_since(change.now).as_hours()).unwrap_or_default();
    let (url, code) =
        if purpose == LinkPurpose::Code { (String::new(), token) } else { (format!("{page}/{token}"), String::new()) };
    Some(LinkToVars { url, page, code, hours })
}

/// What the directory told, for those who may know.
pub(in crate::desk) fn user_vars(state: &FormState, form: &Form) -> UserVars {
    let KnownPerson { state: known, company, second_factor, portals, administrators } = state.data.known.clone();
    if known.is_empty() {
        return UserVars::default();
    }
    let (first, last) = state.names(form);
    UserVars {
        user_name: state.email(form),
        name: format!("{first} {last}").trim().to_owned(),
        state: known,
        company,
        second_factor,
        portals,
        administrators: u32::try_from(administrators.len()).unwrap_or(u32::MAX),
    }
}

/// What letters may say of a ticket's form.
pub fn vars(change: &Change<'_>, state: &FormState, language: Language) -> FormVars {
    let form = change.rules.config.forms.get(&state.form);
    form.map(|form| form_vars(form, state, language)).unwrap_or_default()
}

fn form_vars(form: &Form, state: &FormState, language: Language) -> FormVars {
    let entry = |field: &Field| {
        let filled = state.data.values.get(&field.name)?;
        Some(EntryVars {
            label: field.label(language).to_owned(),
            value: shown(field, &filled.value, language),
            place: filled.place.as_str().to_owned(),
            typed: filled.typed.clone(),
            field: field.name.clone(),
        })
    };
    let wanted = wanted(form, state);
    FormVars {
        name: form.name.clone(),
        title: form.title(language).to_owned(),
        action: form.action.as_str().to_owned(),
        platform: state.value("platform"),
        understood: form.fields.iter().filter_map(entry).collect(),
        missing: wanted.iter().map(|field| missing(field, state, language)).collect(),
        block: if wanted.is_empty() { String::new() } else { read::block(wanted, language) },
    }
}

/// A value as people call it: of a choice, its label.
fn shown(field: &Field, value: &Value, language: Language) -> String {
    let stored = value.to_string();
    let FieldKind::Choice(choices) = &field.kind else { return stored };
    choices.iter().find(|choice| choice.name == stored).map_or(stored, |choice| choice.label(language).to_owned())
}

fn missing(field: &Field, state: &FormState, language: Language) -> MissingVars {
    let (problem, value) = match state.data.doubts.get(&field.name) {
        Some(Trouble::Conflict { values }) => ("conflict", values.join(" / ")),
        Some(Trouble::Invalid { typed, .. }) => ("invalid", typed.clone()),
        None => ("missing", String::new()),
    };
    MissingVars {
        label: field.label(language).to_owned(),
        example: field.example.clone(),
        value,
        problem: problem.to_owned(),
        field: field.name.clone(),
    }
}

fn portal_vars(change: &Change<'_>, form: &Form) -> PortalVars {
    let config = &change.rules.config;
    let portal = form.portal.as_ref().and_then(|name| config.portals.get(name));
    let base = config.web.as_ref().map(|web| web.base_url.clone()).unwrap_or_default();
    let forgot = if base.is_empty() { String::new() } else { format!("{base}/forgot") };
    PortalVars {
        name: portal.map(|portal| portal.title.clone()).unwrap_or_default(),
        url: portal.map(|portal| portal.url.clone()).unwrap_or_default(),
        forgot_url: portal.and_then(|portal| portal.forgot_url.clone()).unwrap_or(forgot),
    }
}

fn approvals(case: &Case<'_>) -> ApprovalVars {
    let given = u32::try_from(case.state.data.approved_by.len()).unwrap_or(u32::MAX);
    ApprovalVars { given, needed: approvals_needed(case.form) }
}

/// The language of a letter to somebody on a ticket.
pub(in crate::desk) fn language(change: &Change<'_>, notice: Notice, to: &Person, ticket: &Ticket) -> Language {
    letter_language(notice.languages(), to, Some(ticket.language), change.rules.config.desk.default_language)
}
