//! Enrolling a second factor, by a link after an approved reset or from the profile, and removing it.
//!
//! The secret that a page shows follows from the browser's own: nothing is stored before a code of it was right.

use axum::extract::Path;
use axum::response::Response;
use serde_json::{Value, json};

use super::fault::fault;
use super::form::Form;
use super::pages::{Page, Word};
use super::posted::Posted;
use super::throttle::{Attempt, Throttle, too_often};
use super::visit::{Renewal, SignedIn, Visit};
use super::{link, totp};
use crate::desk::inbound::page::PortalEvent;
use crate::desk::seal::link::{LinkHash, LinkPurpose};
use crate::store::directory::sign_in::{self, SecondFactor};
use crate::store::link as links;
use crate::store::web::session::{self, Stage};

const FIELDS: [&str; 2] = ["password", "code"];

/// `/enrol/TOKEN`.
pub(super) async fn show_enrol(visit: Visit, Path(token): Path<String>) -> Response {
    let shown = async {
        match link::good(&visit, LinkPurpose::Enrol, LinkHash::of(&token)).await? {
            Some(link) => enrol_page(&visit, &link.email, &Form::empty(&FIELDS)),
            None => Ok(link::gone(&visit, LinkPurpose::Enrol)),
        }
    };
    let shown = shown.await;
    visit.answer(shown)
}

/// A form of `/enrol/TOKEN`: password and first code.
pub(super) async fn enrol(Path(token): Path<String>, mut posted: Posted) -> Response {
    let enrolled = enrol_by_link(&mut posted, LinkHash::of(&token)).await;
    posted.visit.answer(enrolled)
}

async fn enrol_by_link(posted: &mut Posted, hash: LinkHash) -> anyhow::Result<Response> {
    let Some(link) = link::good(&posted.visit, LinkPurpose::Enrol, hash).await? else {
        return Ok(link::gone(&posted.visit, LinkPurpose::Enrol));
    };
    let mut form = Form::sent(&FIELDS, posted);
    let step = confirmed(posted, &link.email, &mut form).await?;
    let visit = &mut posted.visit;
    let Some(step) = step.filter(|_| form.is_fine()) else { return enrol_page(visit, &link.email, &form) };
    let now = visit.web.clock().now();
    let mut tx = visit.web.store().write().await?;
    if !links::consume(&mut tx, hash, now).await? {
        return Ok(link::gone(visit, LinkPurpose::Enrol));
    }
    if !sign_in::enrol_second_factor(&mut tx, &link.email, &sealed(visit, &link.email)?, step, now).await? {
        return Ok(link::unusable(visit));
    }
    session::end_all(&mut tx, &link.email).await?;
    visit.end(&mut tx).await?;
    visit.web.commit(tx, &PortalEvent::SecondFactorEnrolled { email: link.email }).await?;
    // From the browser's old secret the factor's could be made again.
    visit.renew(Renewal::signed_out());
    Ok(visit.redirect("/sign-in?news=factor_on"))
}

/// `/profile/factor`: enrols one, or removes the one there is.
pub(super) async fn show(SignedIn { visit, email }: SignedIn) -> Response {
    let shown = async {
        match sign_in::second_factor(visit.web.store(), &email).await? {
            Some(_) => Ok(remove_page(&visit, &Form::empty(&FIELDS))),
            None => enrol_page(&visit, &email, &Form::empty(&FIELDS)),
        }
    };
    let shown = shown.await;
    visit.answer(shown)
}

/// A form of `/profile/factor`.
pub(super) async fn change(mut posted: Posted) -> Response {
    let Some(email) = posted.visit.signed_in().map(str::to_owned) else { return posted.visit.redirect("/sign-in") };
    let changed = async {
        match sign_in::second_factor(posted.visit.web.store(), &email).await? {
            Some(factor) => {
                let secret = opened(&posted.visit, &email, &factor)?;
                remove(&posted, &email, &secret).await
            }
            None => switch_on(&mut posted, &email).await,
        }
    };
    let changed = changed.await;
    posted.visit.answer(changed)
}

async fn switch_on(posted: &mut Posted, email: &str) -> anyhow::Result<Response> {
    let mut form = Form::sent(&FIELDS, posted);
    let step = confirmed(posted, email, &mut form).await?;
    let visit = &mut posted.visit;
    let Some(step) = step.filter(|_| form.is_fine()) else { return enrol_page(visit, email, &form) };
    let now = visit.web.clock().now();
    let secret = sealed(visit, email)?;
    let mut tx = visit.web.store().write().await?;
    if !sign_in::enrol_second_factor(&mut tx, email, &secret, step, now).await? {
        return Ok(link::unusable(visit));
    }
    session::end_all(&mut tx, email).await?;
    // A new secret of the browser: from the old one the factor's could be made again.
    let renewal = visit.begin(&mut tx, email, Stage::SignedIn).await?;
    visit.web.commit(tx, &PortalEvent::SecondFactorEnrolled { email: email.to_owned() }).await?;
    visit.renew(renewal);
    Ok(visit.redirect("/profile?news=factor_on"))
}

/// Password and code, as for signing in: an open browser alone is not enough.
async fn remove(posted: &Posted, email: &str, secret: &[u8]) -> anyhow::Result<Response> {
    let visit = &posted.visit;
    let mut form = Form::sent(&FIELDS, posted);
    check_password(posted, email, "password", &mut form).await?;
    let now = visit.web.clock().now();
    let throttle = Throttle::of(&visit.web, Attempt::Factor, email, visit.client, visit.device.as_ref()).await?;
    if let (true, Err(wait)) = (form.is_fine(), throttle.admit(&visit.web).await?) {
        form.problem("code", too_often(wait));
    }
    let step = totp::step_of(secret, &posted.text("code"), now);
    let mut tx = visit.web.store().write().await?;
    let fresh = match step.filter(|_| form.is_fine()) {
        Some(step) => sign_in::use_step(&mut tx, email, step).await?,
        None => false,
    };
    if !fresh {
        form.problem("code", Word::CodeWrong);
        return Ok(remove_page(visit, &form));
    }
    throttle.clear(&mut tx).await?;
    sign_in::remove_second_factor(&mut tx, email, now).await?;
    visit.web.commit(tx, &PortalEvent::SecondFactorRemoved { email: email.to_owned() }).await?;
    tracing::info!(
        event = "web.factor_removed",
        to = crate::mail::address::masked(email),
        "a second factor was removed"
    );
    Ok(visit.redirect("/profile?news=factor_off"))
}

/// The secret that this browser was shown, as it is stored.
fn sealed(visit: &Visit, email: &str) -> anyhow::Result<Vec<u8>> {
    visit.web.act().rules.keys.seal_factor(email, &visit.factor(email))
}

/// The secret of a second factor.
pub(super) fn opened(visit: &Visit, email: &str, factor: &SecondFactor) -> anyhow::Result<Vec<u8>> {
    visit.web.act().rules.keys.open_factor(email, &factor.sealed)
}

/// The password is right, and the code one of the secret that this browser was shown: its time step.
async fn confirmed(posted: &Posted, email: &str, form: &mut Form) -> anyhow::Result<Option<i64>> {
    check_password(posted, email, "password", form).await?;
    let visit = &posted.visit;
    let step = totp::step_of(&visit.factor(email), &posted.text("code"), visit.web.clock().now());
    if step.is_none() {
        form.problem("code", Word::FirstCodeWrong);
    }
    Ok(step)
}

/// Notes a problem unless a field holds the person's password.
pub(super) async fn check_password(
    posted: &Posted,
    email: &str,
    field: &'static str,
    form: &mut Form,
) -> anyhow::Result<()> {
    let visit = &posted.visit;
    let throttle = Throttle::of(&visit.web, Attempt::Password, email, visit.client, visit.device.as_ref()).await?;
    if let Err(wait) = throttle.admit(&visit.web).await? {
        form.problem(field, too_often(wait));
        return Ok(());
    }
    if !visit.web.directory().verify_password(email, &posted.secret(field)).await.map_err(fault)? {
        form.problem(field, Word::PasswordWrong);
        return Ok(());
    }
    let mut tx = visit.web.store().write().await?;
    throttle.clear(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

fn enrol_page(visit: &Visit, email: &str, form: &Form) -> anyhow::Result<Response> {
    let shown = totp::enrolment(&visit.factor(email), &visit.web.config().desk.name, email)?;
    Ok(visit.form(Page::Enrol, None, &json!({ "email": email, "factor": shown }), form))
}

fn remove_page(visit: &Visit, form: &Form) -> Response {
    visit.form(Page::FactorOff, None, &Value::Null, form)
}
