//! `/profile`: how a person is called and written to, the password, the second factor.

use axum::response::Response;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::fault::{Unset, to_its_end, unmade, unset};
use super::form::Form;
use super::pages::{Page, Word};
use super::posted::Posted;
use super::visit::{SignedIn, Visit};
use super::{factor, link};
use crate::desk::inbound::page::PortalEvent;
use crate::directory::Fault;
use crate::mail::language::Language;
use crate::mail::limits::MAX_NAME_CHARS;
use crate::mail::outbound::clean;
use crate::store::directory::sign_in;
use crate::store::web::profile::{self, Profile};
use crate::store::web::session::{self, Stage};

const FIELDS: [&str; 2] = ["name", "language"];
const PASSWORD: [&str; 3] = ["current", "password", "again"];

/// The page.
pub(super) async fn show(SignedIn { visit, email }: SignedIn) -> Response {
    let shown = async {
        let known = profile::get(visit.web.store(), &email).await?;
        let language = known.language.map_or("", Language::code);
        page(&visit, &email, &Form::empty(&FIELDS).with("name", known.name).with("language", language)).await
    };
    let shown = shown.await;
    visit.answer(shown)
}

async fn page(visit: &Visit, email: &str, form: &Form) -> anyhow::Result<Response> {
    let chosen = form.value("language");
    let languages: Vec<Value> = Language::ALL
        .iter()
        .map(|language| json!({ "code": language.code(), "name": language.own_name(), "current": language.code() == chosen }))
        .collect();
    let factor = sign_in::second_factor(visit.web.store(), email).await?.is_some();
    Ok(visit.form(Page::Profile, None, &json!({ "email": email, "choices": languages, "factor": factor }), form))
}

/// Name and language.
pub(super) async fn change(mut posted: Posted) -> Response {
    let Some(email) = posted.visit.signed_in().map(str::to_owned) else { return posted.visit.redirect("/sign-in") };
    let changed = async {
        let name = clean(&posted.text("name"), MAX_NAME_CHARS).into_owned();
        let language = Language::from_code(&posted.text("language"));
        let mut form = Form::sent(&FIELDS, &posted);
        if name.is_empty() {
            form.problem("name", Word::NoName);
            return page(&posted.visit, &email, &form).await;
        }
        let web = &posted.visit.web;
        profile::set(web.store(), &email, &Profile { name, language }, web.clock().now()).await?;
        if let Some(language) = language {
            posted.visit.speak(language);
        }
        Ok(posted.visit.redirect("/profile?news=profile_saved"))
    };
    let changed = changed.await;
    posted.visit.answer(changed)
}

/// `/profile/password`.
pub(super) async fn show_password(SignedIn { visit, email }: SignedIn) -> Response {
    password_page(&visit, &email, &Form::empty(&PASSWORD))
}

fn password_page(visit: &Visit, email: &str, form: &Form) -> Response {
    visit.form(Page::ChangePassword, None, &json!({ "email": email }), form)
}

/// Another password: all other sessions end.
pub(super) async fn change_password(mut posted: Posted) -> Response {
    let Some(email) = posted.visit.signed_in().map(str::to_owned) else { return posted.visit.redirect("/sign-in") };
    let changing = async move {
        let changed = set_password(&mut posted, &email).await;
        Ok(posted.visit.answer(changed))
    };
    to_its_end(changing).await.unwrap_or_else(|error| unmade(&error))
}

async fn set_password(posted: &mut Posted, email: &str) -> anyhow::Result<Response> {
    let mut form = Form::sent(&PASSWORD, posted);
    factor::check_password(posted, email, "current", &mut form).await?;
    link::judge(posted, email, &mut form).await?;
    if !form.is_fine() {
        return Ok(password_page(&posted.visit, email, &form));
    }
    let password = posted.secret("password");
    let visit = &mut posted.visit;
    let fault = match in_both(visit, email, &password).await {
        Ok(()) => return Ok(visit.redirect("/profile?news=password_changed")),
        Err(fault) => fault,
    };
    match unset(email, fault)? {
        Unset::Refused => form.problem("password", Word::PasswordRefused),
        Unset::Unusable => return Ok(link::unusable(visit)),
    }
    Ok(password_page(visit, email, &form))
}

/// The password in the directory, then in our own rows.
async fn in_both(visit: &mut Visit, email: &str, password: &SecretString) -> Result<(), Fault> {
    let web = visit.web.clone();
    let new = web.directory().prepare_password(email, password).await?;
    let here = async {
        let mut tx = web.store().write().await?;
        new.write(&mut tx, web.clock().now()).await?;
        session::end_all(&mut tx, email).await?;
        let renewal = visit.begin(&mut tx, email, Stage::SignedIn).await?;
        web.commit(tx, &PortalEvent::PasswordChanged { email: email.to_owned() }).await?;
        visit.renew(renewal);
        Ok(())
    };
    here.await.map_err(|fault| web.after_prepared(fault))
}
