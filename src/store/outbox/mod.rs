//! The outbox: every mail we send, one row a recipient.

mod attempt;
mod failure;
mod mail;

pub use attempt::{
    ERASED, begin_anew, claim, give_up, load, next_due, record, release, release_expired, renew, resend,
};
pub use failure::{mark_failures_told, untold_failures};
pub use mail::{Claimed, NewMail, Outcome, State};

use super::{Tx, insert_many, micros, sent_copy, take_ids};

/// Takes `count` ids for new mails; the first of them, the others follow without a gap.
pub async fn new_ids(tx: &mut Tx, count: usize) -> anyhow::Result<i64> {
    take_ids(tx, "outbox", count).await
}

/// Writes mails to be sent. They go out once the transaction is committed and the sender was woken.
pub async fn insert(tx: &mut Tx, mails: &[NewMail]) -> anyhow::Result<()> {
    insert_many(
        tx,
        "INSERT INTO outbox (id, notice, transport, automatic, ticket_id, ledger_id, person_id, recipient, return_path,
         subject, message_id, state, created_at, next_attempt_at)",
        14,
        "",
        mails,
        |query, mail| {
            query
                .bind(mail.id)
                .bind(mail.notice.as_str())
                .bind(mail.transport.clone())
                .bind(i64::from(mail.automatic))
                .bind(mail.ticket_id)
                .bind(mail.ledger_id)
                .bind(mail.person_id)
                .bind(mail.recipient.clone())
                .bind(mail.return_path.clone())
                .bind(mail.subject.clone())
                .bind(mail.message_id.clone())
                .bind(State::Queued.as_str())
                .bind(micros(mail.created_at))
                .bind(micros(mail.next_attempt_at))
        },
    )
    .await?;
    insert_many(tx, "INSERT INTO outbox_bytes (outbox_id, bytes)", 2, "", mails, |query, mail| {
        query.bind(mail.id).bind(&mail.bytes)
    })
    .await?;
    let spares: Vec<(i64, &Vec<u8>)> = mails.iter().filter_map(|mail| Some((mail.id, mail.spare.as_ref()?))).collect();
    insert_many(tx, "INSERT INTO outbox_spare (outbox_id, bytes)", 2, "", &spares, |query, (id, bytes)| {
        query.bind(*id).bind(*bytes)
    })
    .await?;
    sent_copy::insert(tx, mails).await
}
