//! What links and codes from mails lead to. Opening one changes nothing, as mail scanners open them before people do;
//! only a sent form uses it up, and of any number of them exactly one.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::fault::{Unset, fault, to_its_end, unset};
use super::form::Form;
use super::pages::{Page, Word};
use super::password;
use super::posted::Posted;
use super::site::Web;
use super::throttle::{Attempt, Throttle, too_often};
use super::visit::Visit;
use crate::desk::inbound::page::PortalEvent;
use crate::desk::seal::link::{LinkHash, LinkPurpose, SentLink};
use crate::directory::Fault;
use crate::mail::address::normalise;
use crate::store::link;
use crate::store::web::session;

/// The fields of a new password.
pub(super) const PASSWORD: [&str; 2] = ["password", "again"];
const CODE: [&str; 4] = ["email", "code", "password", "again"];

/// `/activate/TOKEN`: the page that sets the first password.
pub(super) async fn show_activate(visit: Visit, Path(token): Path<String>) -> Response {
    let shown = show_password(&visit, LinkPurpose::Activate, &token).await;
    visit.answer(shown)
}

/// `/reset/TOKEN`: the page that sets another password.
pub(super) async fn show_reset(visit: Visit, Path(token): Path<String>) -> Response {
    let shown = show_password(&visit, LinkPurpose::Reset, &token).await;
    visit.answer(shown)
}

async fn show_password(visit: &Visit, purpose: LinkPurpose, token: &str) -> anyhow::Result<Response> {
    match good(visit, purpose, LinkHash::of(token)).await? {
        Some(link) => Ok(password_page(visit, &link, &Form::empty(&PASSWORD))),
        None => Ok(gone(visit, purpose)),
    }
}

/// A form of `/activate/TOKEN`.
pub(super) async fn activate(Path(token): Path<String>, posted: Posted) -> Response {
    let set = set_by_link(&posted, LinkPurpose::Activate, &token).await;
    posted.visit.answer(set)
}

/// A form of `/reset/TOKEN`.
pub(super) async fn reset(Path(token): Path<String>, posted: Posted) -> Response {
    let set = set_by_link(&posted, LinkPurpose::Reset, &token).await;
    posted.visit.answer(set)
}

async fn set_by_link(posted: &Posted, purpose: LinkPurpose, token: &str) -> anyhow::Result<Response> {
    let visit = &posted.visit;
    let hash = LinkHash::of(token);
    let Some(link) = good(visit, purpose, hash).await? else { return Ok(gone(visit, purpose)) };
    let mut form = Form::sent(&PASSWORD, posted);
    judge(posted, &link.email, &mut form).await?;
    if form.is_fine() {
        match set(posted, hash, &link).await? {
            Ok(response) => return Ok(response),
            Err(refused) => form.problem("password", refused),
        }
    }
    Ok(password_page(visit, &link, &form))
}

/// `/activate`: the page for a code that came by mail.
pub(super) async fn show_code(visit: Visit) -> Response {
    visit.form(Page::Activate, None, &json!({}), &Form::empty(&CODE))
}

/// A form of `/activate`.
pub(super) async fn code(posted: Posted) -> Response {
    let set = set_by_code(&posted).await;
    posted.visit.answer(set)
}

async fn set_by_code(posted: &Posted) -> anyhow::Result<Response> {
    let visit = &posted.visit;
    let email = normalise(&posted.text("email"));
    let mut form = Form::sent(&CODE, posted);
    let throttle = Throttle::of(&visit.web, Attempt::MailCode, &email, visit.client, None).await?;
    if let Err(wait) = throttle.admit(&visit.web).await? {
        form.problem("", too_often(wait));
        return Ok(visit.form(Page::Activate, None, &json!({}), &form));
    }
    let hash = LinkHash::of(&posted.text("code"));
    let Some(link) = good(visit, LinkPurpose::Code, hash).await?.filter(|link| link.email == email) else {
        form.problem("code", Word::MailCodeWrong);
        return Ok(visit.form(Page::Activate, None, &json!({}), &form));
    };
    judge(posted, &email, &mut form).await?;
    if form.is_fine() {
        match set(posted, hash, &link).await? {
            Ok(response) => return Ok(response),
            Err(refused) => form.problem("password", refused),
        }
    }
    Ok(visit.form(Page::Activate, None, &json!({}), &form))
}

/// A link that still lets its holder do this.
pub(super) async fn good(visit: &Visit, purpose: LinkPurpose, hash: LinkHash) -> anyhow::Result<Option<SentLink>> {
    let found = link::find(visit.web.store(), hash).await?;
    Ok(found.filter(|link| link.purpose == purpose && link.is_good(visit.web.clock().now())))
}

/// How setting a password by a link ended.
enum Ended {
    Set,
    /// Somebody else used the link first.
    Gone,
    /// The account cannot have one.
    Unusable,
    /// An identity provider does not take this one; the link is still good.
    Refused,
}

/// Sets the password; otherwise what is wrong with it.
async fn set(posted: &Posted, hash: LinkHash, link: &SentLink) -> anyhow::Result<Result<Response, Word>> {
    let visit = &posted.visit;
    let setting = set_password(visit.web.clone(), hash, link.clone(), posted.secret("password"));
    Ok(match to_its_end(setting).await? {
        Ended::Set => Ok(visit.redirect("/sign-in?news=password_set")),
        Ended::Gone => Ok(gone(visit, link.purpose)),
        Ended::Unusable => Ok(unusable(visit)),
        Ended::Refused => Err(Word::PasswordRefused),
    })
}

/// Sets the password, uses the link up, ends all sessions and tells the rules, in one transaction. An identity provider
/// is told before that, by whoever has used the link up; what fails later gives the link back.
async fn set_password(web: Web, hash: LinkHash, link: SentLink, password: SecretString) -> anyhow::Result<Ended> {
    if !web.directory().is_elsewhere() {
        return written(&web, Some(hash), &link, &password).await;
    }
    if !consumed(&web, hash).await? {
        return Ok(Ended::Gone);
    }
    let ended = written(&web, None, &link, &password).await;
    if matches!(ended, Ok(Ended::Set | Ended::Gone | Ended::Unusable)) {
        return ended;
    }
    match given_back(&web, hash).await {
        Ok(()) => ended,
        // The first error decides what the person is told.
        Err(error) => ended.and(Err(error)),
    }
}

async fn given_back(web: &Web, hash: LinkHash) -> anyhow::Result<()> {
    let mut tx = web.store().write().await?;
    link::give_back(&mut tx, hash).await?;
    Ok(tx.commit().await?)
}

/// All that setting a password by a link causes; `unused` is the link when it is still to be used up.
async fn written(
    web: &Web,
    unused: Option<LinkHash>,
    link: &SentLink,
    password: &SecretString,
) -> anyhow::Result<Ended> {
    match in_both(web, unused, link, password).await {
        Ok(ended) => Ok(ended),
        Err(fault) => Ok(match unset(&link.email, fault)? {
            Unset::Refused => Ended::Refused,
            Unset::Unusable => Ended::Unusable,
        }),
    }
}

/// The password in the directory, then in our own rows.
async fn in_both(
    web: &Web,
    unused: Option<LinkHash>,
    link: &SentLink,
    password: &SecretString,
) -> Result<Ended, Fault> {
    let new = web.directory().prepare_password(&link.email, password).await?;
    let here = async {
        let (mut tx, now) = (web.store().write().await?, web.clock().now());
        if let Some(hash) = unused
            && !link::consume(&mut tx, hash, now).await?
        {
            return Ok(Ended::Gone);
        }
        new.write(&mut tx, now).await?;
        session::end_all(&mut tx, &link.email).await?;
        web.commit(tx, &event(link.purpose, &link.email)).await?;
        Ok(Ended::Set)
    };
    here.await.map_err(|fault| web.after_prepared(fault))
}

/// Uses a link up, for itself.
async fn consumed(web: &Web, hash: LinkHash) -> anyhow::Result<bool> {
    let mut tx = web.store().write().await?;
    let won = link::consume(&mut tx, hash, web.clock().now()).await?;
    tx.commit().await?;
    Ok(won)
}

fn event(purpose: LinkPurpose, email: &str) -> PortalEvent {
    let email = email.to_owned();
    match purpose {
        LinkPurpose::Reset => PortalEvent::PasswordChanged { email },
        _ => PortalEvent::Activated { email },
    }
}

/// Whether a new password is good enough and typed twice the same.
pub(super) async fn judge(posted: &Posted, email: &str, form: &mut Form) -> anyhow::Result<()> {
    let visit = &posted.visit;
    let password = posted.secret("password");
    let known = visit.web.directory().find(email).await.map_err(fault)?;
    let mut words: Vec<String> = email.split(['@', '.', '-', '_']).map(str::to_owned).collect();
    words.push(visit.web.config().desk.name.clone());
    if let Some(known) = known {
        words.extend([known.business.first_name, known.business.last_name]);
        words
            .extend(known.account.into_iter().flat_map(|account| account.domains.into_iter().chain([account.company])));
    }
    if let Some(word) = password::judge(&visit.web, &password, &words).await? {
        form.problem("password", word);
    } else if password.expose_secret() != posted.secret("again").expose_secret() {
        form.problem("again", Word::PasswordsDiffer);
    }
    Ok(())
}

fn password_page(visit: &Visit, link: &SentLink, form: &Form) -> Response {
    let first = link.purpose == LinkPurpose::Activate;
    let title = visit.say(if first { Word::FirstPassword } else { Word::OtherPassword });
    let values: Value = json!({ "email": link.email, "first": first });
    visit.form(Page::Password, Some(title), &values, form)
}

/// The link is used, too old, or none of ours: the same words for all, with what to do.
pub(super) fn gone(visit: &Visit, purpose: LinkPurpose) -> Response {
    let (text, link) = match purpose {
        LinkPurpose::Activate | LinkPurpose::Code => (Word::ActivateGone, ("/activate", Word::ToCode)),
        LinkPurpose::Reset => (Word::ResetGone, ("/forgot", Word::ToForgot)),
        LinkPurpose::Enrol | LinkPurpose::Stop => (Word::LinkGone, ("/", Word::ToStart)),
    };
    visit.message(StatusCode::GONE, Word::LinkGoneTitle, text, link)
}

/// The Business Account was switched off meanwhile.
pub(super) fn unusable(visit: &Visit) -> Response {
    visit.message(StatusCode::FORBIDDEN, Word::Unusable, Word::UnusableText, ("/", Word::ToStart))
}

/// `/stop/TOKEN`: asks whether to stop a second factor's reset.
pub(super) async fn show_stop(visit: Visit, Path(token): Path<String>) -> Response {
    let shown = async {
        Ok(match good(&visit, LinkPurpose::Stop, LinkHash::of(&token)).await? {
            Some(link) => visit.show(Page::Stop, &json!({ "email": link.email })),
            None => gone(&visit, LinkPurpose::Stop),
        })
    };
    let shown = shown.await;
    visit.answer(shown)
}

/// Stops it.
pub(super) async fn stop(Path(token): Path<String>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let hash = LinkHash::of(&token);
    let stopped = async {
        let Some(link) = good(visit, LinkPurpose::Stop, hash).await? else {
            return Ok(gone(visit, LinkPurpose::Stop));
        };
        let mut tx = visit.web.store().write().await?;
        if !link::consume(&mut tx, hash, visit.web.clock().now()).await? {
            return Ok(gone(visit, LinkPurpose::Stop));
        }
        visit.web.commit(tx, &PortalEvent::SecondFactorStopped { ticket: link.ticket }).await?;
        Ok(visit.message(StatusCode::OK, Word::Stopped, Word::StoppedText, ("/", Word::ToStart)))
    };
    let stopped = stopped.await;
    visit.answer(stopped)
}
