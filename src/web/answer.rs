//! An answer written on the page of a case: to the reply address that was given to this person on this case.

use axum::extract::Path;
use axum::response::Response;

use super::cases;
use super::visit::Visit;
use super::written::{self, Way, Writing, Written};
use crate::desk::id::{PersonId, TicketId};
use crate::desk::seal::token;
use crate::store::web::cases::Case;

/// A form of a case's page.
pub(super) async fn send(Path(typed): Path<String>, mut writing: Writing) -> Response {
    let answered = async {
        let Some(case) = cases::own(&writing.visit, &writing.email, &typed).await? else {
            return Ok(writing.visit.not_found());
        };
        let written = match writing.read().await {
            Ok(written) => written,
            Err(response) => return Ok(response),
        };
        let visit = &writing.visit;
        let form = written.form();
        if !form.is_fine() {
            return cases::page(visit, &case, &form).await;
        }
        store(visit, &writing.email, &case, &written).await?;
        Ok(visit.redirect(&format!("/cases/{}?news=answered", cases::name(visit, &case))))
    };
    let answered = answered.await;
    writing.visit.answer(answered)
}

async fn store(visit: &Visit, email: &str, case: &Case, written: &Written) -> anyhow::Result<()> {
    let rules = &visit.web.act().rules;
    let mailbox = rules.mailbox(&case.mailbox).ok_or_else(|| anyhow::anyhow!("there is no mailbox"))?;
    let token = rules.keys.reply(TicketId(case.id), PersonId(case.person), case.generation);
    let parent = token::root_id(&token, written::domain(mailbox));
    // The address carries the token wherever there is room, also where mail servers would not take it: this mail meets none.
    let to = token::plus_address(&mailbox.address, &token).unwrap_or_else(|| mailbox.address.clone());
    let subject = format!("Re: [{}] {}", cases::name(visit, case), case.subject);
    let way = Way { mailbox, to: &to, subject: &subject, in_reply_to: Some(&parent) };
    written::store(visit, email, &way, written).await
}
