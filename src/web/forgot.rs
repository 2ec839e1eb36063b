//! `/forgot`: asks for a link that sets another password. Known and unknown addresses get the same answer, and the same
//! work is done for both before it.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use super::form::Form;
use super::pages::{Page, Word};
use super::posted::Posted;
use super::visit::Visit;
use crate::desk::inbound::page::PortalEvent;
use crate::mail::address::normalise;
use crate::mail::limits::MAX_ADDRESS_OCTETS;
use crate::store::web::session;

/// The page.
pub(super) async fn show(visit: Visit) -> Response {
    visit.form(Page::Forgot, None, &json!({}), &Form::empty(&["email"]))
}

/// An address.
pub(super) async fn ask(posted: Posted) -> Response {
    let visit = &posted.visit;
    let email = normalise(&posted.text("email"));
    let mut form = Form::sent(&["email"], &posted);
    if !may_be_address(&email) {
        form.problem("email", Word::NoAddress);
        return visit.form(Page::Forgot, None, &json!({}), &form);
    }
    let told = async {
        let store = visit.web.store();
        let by_owner = match &visit.device {
            Some(device) => session::is_known_device(store, device.hash(), &email).await?,
            None => false,
        };
        let tx = store.write().await?;
        visit.web.commit(tx, &PortalEvent::Forgotten { email, by_owner }).await?;
        Ok(visit.message(StatusCode::OK, Word::Forgotten, Word::ForgottenText, ("/sign-in", Word::ToSignIn)))
    };
    let told = told.await;
    visit.answer(told)
}

/// Whether it is worth looking for; what the directory does not know is answered all the same.
fn may_be_address(email: &str) -> bool {
    let parts = email.rsplit_once('@').filter(|(local, domain)| !local.is_empty() && domain.contains('.'));
    parts.is_some()
        && email.len() <= MAX_ADDRESS_OCTETS
        && !email.contains(|c: char| c.is_whitespace() || c.is_control())
}
