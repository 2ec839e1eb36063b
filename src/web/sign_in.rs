//! `/sign-in`: password, then the second factor's code where there is one.

use axum::response::Response;
use serde_json::json;

use super::fault::fault;
use super::form::Form;
use super::pages::{Page, Word};
use super::posted::Posted;
use super::throttle::{Attempt, Throttle, too_often};
use super::visit::{Renewal, Visit};
use super::{factor, totp};
use crate::mail::address::normalise;
use crate::store::directory::sign_in;
use crate::store::web::session::Stage;

const FIELDS: [&str; 2] = ["email", "password"];

/// The page.
pub(super) async fn show(visit: Visit) -> Response {
    if visit.signed_in().is_some() {
        return visit.redirect("/cases");
    }
    let next = next(visit.parameter("next"));
    visit.form(Page::SignIn, None, &json!({ "next": next }), &Form::empty(&FIELDS))
}

/// User name and password.
pub(super) async fn password(mut posted: Posted) -> Response {
    let answered = check_password(&mut posted).await;
    posted.visit.answer(answered)
}

async fn check_password(posted: &mut Posted) -> anyhow::Result<Response> {
    let (email, password) = (normalise(&posted.text("email")), posted.secret("password"));
    let next = next(posted.fields.get("next").map(String::as_str));
    let mut form = Form::sent(&FIELDS, posted);
    let visit = &mut posted.visit;
    let throttle = Throttle::of(&visit.web, Attempt::Password, &email, visit.client, visit.device.as_ref()).await?;
    if let Err(wait) = throttle.admit(&visit.web).await? {
        form.problem("", too_often(wait));
        return Ok(visit.form(Page::SignIn, None, &json!({ "next": next }), &form));
    }
    if !visit.web.directory().verify_password(&email, &password).await.map_err(fault)? {
        tracing::info!(event = "web.refused", to = crate::mail::address::masked(&email), "a sign-in failed");
        form.problem("", Word::SignInWrong);
        return Ok(visit.form(Page::SignIn, None, &json!({ "next": next }), &form));
    }
    let factor = sign_in::second_factor(visit.web.store(), &email).await?;
    let mut tx = visit.web.store().write().await?;
    throttle.clear(&mut tx).await?;
    if factor.is_some() {
        let renewal = visit.begin(&mut tx, &email, Stage::Code).await?;
        tx.commit().await?;
        visit.renew(renewal);
        return Ok(visit.redirect(&format!("/sign-in/code?next={next}")));
    }
    sign_in::succeeded(&mut tx, &email, visit.web.clock().now()).await?;
    let renewal = visit.begin(&mut tx, &email, Stage::SignedIn).await?;
    tx.commit().await?;
    visit.renew(renewal);
    Ok(visit.redirect(&next))
}

/// The page of the second factor.
pub(super) async fn show_code(visit: Visit) -> Response {
    if visit.session.as_ref().is_none_or(|session| session.stage != Stage::Code) {
        return visit.redirect("/sign-in");
    }
    let next = next(visit.parameter("next"));
    visit.form(Page::Code, None, &json!({ "next": next }), &Form::empty(&["code"]))
}

/// A code of the second factor.
pub(super) async fn code(mut posted: Posted) -> Response {
    let answered = check_code(&mut posted).await;
    posted.visit.answer(answered)
}

async fn check_code(posted: &mut Posted) -> anyhow::Result<Response> {
    let (typed, next) = (posted.text("code"), next(posted.fields.get("next").map(String::as_str)));
    let mut form = Form::sent(&["code"], posted);
    let visit = &mut posted.visit;
    let Some(session) = visit.session.clone().filter(|session| session.stage == Stage::Code) else {
        return Ok(visit.redirect("/sign-in"));
    };
    let email = session.email;
    let throttle = Throttle::of(&visit.web, Attempt::Factor, &email, visit.client, visit.device.as_ref()).await?;
    if let Err(wait) = throttle.admit(&visit.web).await? {
        form.problem("code", too_often(wait));
        return Ok(visit.form(Page::Code, None, &json!({ "next": next }), &form));
    }
    let now = visit.web.clock().now();
    let step = match sign_in::second_factor(visit.web.store(), &email).await? {
        Some(factor) => totp::step_of(&factor::opened(visit, &email, &factor)?, &typed, now),
        None => None,
    };
    let mut tx = visit.web.store().write().await?;
    let fresh = match step {
        Some(step) => sign_in::use_step(&mut tx, &email, step).await?,
        None => false,
    };
    if !fresh {
        form.problem("code", Word::CodeWrong);
        return Ok(visit.form(Page::Code, None, &json!({ "next": next }), &form));
    }
    throttle.clear(&mut tx).await?;
    sign_in::succeeded(&mut tx, &email, now).await?;
    let renewal = visit.begin(&mut tx, &email, Stage::SignedIn).await?;
    tx.commit().await?;
    visit.renew(renewal);
    Ok(visit.redirect(&next))
}

/// Ends the session. Whatever the database says, this browser is out: others may use it next.
pub(super) async fn sign_out(mut posted: Posted) -> Response {
    let visit = &mut posted.visit;
    let ending = async {
        let mut tx = visit.web.store().write().await?;
        visit.end(&mut tx).await?;
        anyhow::Ok(tx.commit().await?)
    };
    let ended = ending.await;
    visit.renew(Renewal::signed_out());
    visit.answer(ended.map(|()| visit.redirect("/sign-in?news=signed_out")))
}

/// Where to go after signing in: a page of ours, and nothing that leads elsewhere.
fn next(asked: Option<&str>) -> String {
    let fine = |path: &&str| {
        let known = ["/cases", "/profile"]
            .iter()
            .any(|start| path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
        known && path.len() <= 100 && path.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-'))
    };
    asked.filter(fine).unwrap_or("/cases").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_come_after_signing_in() {
        assert_eq!(next(Some("/cases/CASE-7")), "/cases/CASE-7");
        assert_eq!(next(Some("/profile")), "/profile");
        for elsewhere in [
            "https://evil.test",
            "//evil.test",
            "/\\evil.test",
            "/cases.evil.test",
            "/cases/../../x",
            "/cases\r\nX: y",
            "",
            "/sign-out",
            "/casesx",
            "/cases?x=//evil.test",
            "/cases/%2e%2e",
        ] {
            assert_eq!(next(Some(elsewhere)), "/cases", "{elsewhere}");
        }
    }
}
