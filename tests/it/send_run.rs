//! The sender as it runs for days: woken, waiting, stopped.

use std::time::Duration;

use caseway::config::Transport;
use caseway::send::{self, SendContext};
use caseway::store::outbox;
use jiff::SignedDuration;

use crate::harness::post::{Post, smtp, transport};
use crate::harness::smtp_script::{Act, SmtpScript, Step, say};

/// Runs the transport while `during` goes on, then stops it.
async fn running(post: &Post, out: Transport, during: impl Future<Output = ()>) -> send::Tally {
    let ctx = SendContext { shutdown: post.ctx.shutdown.child_token(), ..post.ctx.clone() };
    let stop = ctx.shutdown.clone();
    let (tally, ()) = tokio::join!(send::run(ctx, "out".to_owned(), out), async {
        during.await;
        stop.cancel();
    });
    tally
}

#[tokio::test]
async fn it_is_woken_by_new_mails_and_by_the_time() {
    let server = SmtpScript::start().await;
    let post = Post::new().await;
    let tally = running(&post, transport(smtp(server.port)), async {
        for count in 1..=5 {
            post.queue(&["alice@example.test"]).await;
            server.wait_for_texts(count).await;
        }
        server.once(Step::Rcpt, say("450 4.2.1 busy"));
        post.queue(&["bob@example.test"]).await;
        post.wait_until(|rows| rows[5].state == "later").await;
        post.pass(SignedDuration::from_mins(2));
        server.wait_for_texts(6).await;
        let id = post.queue_as(&["carol@example.test"], |mail| {
            mail.next_attempt_at += SignedDuration::from_hours(1);
        });
        id.await;
        post.pass(SignedDuration::from_hours(1));
        server.wait_for_texts(7).await;
    })
    .await;
    assert_eq!((tally.sent, tally.later), (7, 1));
    assert_eq!(server.connections(), 1, "kept while there is work");
}

/// Whoever keeps copies hears of it once the table knows it, and of nothing else.
#[tokio::test]
async fn who_waits_for_sent_mails_is_woken_when_they_are_recorded() {
    let server = SmtpScript::start().await;
    let post = Post::new().await;
    running(&post, transport(smtp(server.port)), async {
        let mut sent = std::pin::pin!(post.ctx.sent.notified());
        server.once(Step::Rcpt, say("550 5.1.1 no such user"));
        post.queue(&["nobody@example.test"]).await;
        post.wait_until(|rows| rows[0].state == "failed").await;
        assert!(futures_util::poll!(sent.as_mut()).is_pending(), "a refused mail leaves no copy");
        post.queue(&["alice@example.test"]).await;
        sent.await;
        assert_eq!(post.shown().await[1].state, "sent");
    })
    .await;
}

#[tokio::test]
async fn a_stop_finishes_what_is_in_hand_and_hands_the_rest_back() {
    let server = SmtpScript::start().await;
    let post = Post::new().await;
    let recipients: Vec<String> = (0..12).map(|number| format!("r{number}@example.test")).collect();
    post.queue(&recipients.iter().map(String::as_str).collect::<Vec<_>>()).await;
    server.once(Step::Dot, Act::Hang);
    let mut patient = smtp(server.port);
    patient.timeout = Duration::from_secs(1);
    let tally = running(&post, transport(patient), server.wait_for_texts(1)).await;
    assert_eq!((tally.sent, tally.ambiguous), (0, 1));
    let shown = post.shown().await;
    assert_eq!(shown.iter().filter(|row| row.state == "ambiguous").count(), 1);
    assert_eq!(shown.iter().filter(|row| row.state == "queued" && row.attempts == 0).count(), 11);
    assert!(shown.iter().filter(|row| row.state == "queued").all(|row| row.next == Some(post.now())));
}

#[tokio::test]
async fn a_failure_is_announced_and_stays_in_the_table_until_it_is_told() {
    let server = SmtpScript::start().await;
    server.recipient("gone@example.test", say("550 5.1.1 unknown"));
    let post = Post::new().await;
    let failed = post.ctx.failed.clone();
    running(&post, transport(smtp(server.port)), async {
        post.queue(&["alice@example.test", "gone@example.test"]).await;
        failed.notified().await;
        let untold = outbox::untold_failures(&post.ctx.store, 10).await.unwrap();
        assert_eq!(untold.len(), 1);
        assert_eq!((untold[0].recipient.as_str(), untold[0].notice.as_str()), ("gone@example.test", "acknowledgement"));
    })
    .await;
}

#[tokio::test]
async fn one_transport_in_trouble_delays_no_other() {
    let (dead, well) = (SmtpScript::start().await, SmtpScript::start().await);
    dead.always(Step::Greeting, Act::Hang);
    let post = Post::new().await;
    post.queue(&["alice@example.test"]).await;
    post.queue_as(&["bob@example.test"], |mail| mail.transport = "other".to_owned()).await;
    tokio::select! {
        _ = send::run(post.ctx.clone(), "out".into(), transport(smtp(dead.port))) => panic!("it hangs"),
        tally = send::run_until_empty(post.ctx.clone(), "other".into(), transport(smtp(well.port))) => {
            assert_eq!(tally.sent, 1);
        }
    }
}

#[tokio::test]
async fn two_senders_on_one_table_send_every_mail_once() {
    let server = SmtpScript::start().await;
    let post = Post::new().await;
    let recipients: Vec<String> = (0..300).map(|number| format!("r{number}@example.test")).collect();
    post.queue(&recipients.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let out = transport(smtp(server.port));
    let (one, two) = tokio::join!(post.send(&out), post.send(&out));
    assert_eq!(one.sent + two.sent, 300);
    let mut rcpts: Vec<String> = server.received().into_iter().map(|mail| mail.rcpt).collect();
    rcpts.sort_unstable();
    rcpts.dedup();
    assert_eq!(rcpts.len(), 300);
    assert_eq!(server.texts().len(), 300);
}

#[tokio::test]
async fn what_a_process_that_died_had_claimed_is_taken_back_when_its_lease_runs_out() {
    let post = Post::new().await;
    let store = &post.ctx.store;
    let ids = post.queue(&["alice@example.test", "bob@example.test", "carol@example.test"]).await;
    let lease = post.now() + SignedDuration::from_mins(10);
    let claimed = outbox::claim(store, "out", post.now(), lease, 2).await.unwrap();
    assert_eq!(claimed.iter().map(|mail| mail.id).collect::<Vec<_>>(), ids[..2]);
    post.pass(SignedDuration::from_mins(9));
    outbox::renew(store, &ids[..1], post.now() + SignedDuration::from_mins(10)).await.unwrap();
    assert_eq!(outbox::release_expired(store, "out", post.now()).await.unwrap(), 0);
    post.pass(SignedDuration::from_mins(2));
    assert_eq!(outbox::release_expired(store, "other", post.now()).await.unwrap(), 0);
    assert_eq!(outbox::release_expired(store, "out", post.now()).await.unwrap(), 1, "the one that was not renewed");
    let states: Vec<_> = post.shown().await.into_iter().map(|row| row.state).collect();
    assert_eq!(states, ["sending", "ambiguous", "queued"]);
}

#[tokio::test]
async fn large_mails_are_read_when_their_turn_comes() {
    let server = SmtpScript::start().await;
    let post = Post::new().await;
    let line = "x".repeat(998) + "\r\n";
    let recipients = ["alice@example.test", "bob@example.test"];
    post.queue_as(&recipients, |mail| {
        if mail.recipient.starts_with("bob") {
            mail.bytes.extend_from_slice(line.repeat(200).as_bytes());
        }
    })
    .await;
    let lease = post.now() + SignedDuration::from_mins(10);
    let mut claimed = outbox::claim(&post.ctx.store, "out", post.now(), lease, 10).await.unwrap();
    assert!(!claimed[0].bytes.is_empty());
    assert!(claimed[1].bytes.is_empty());
    outbox::load(&post.ctx.store, &mut claimed[1]).await.unwrap();
    let whole = claimed.remove(1).bytes;
    assert!(whole.len() > 200_000);
    outbox::release(&post.ctx.store, post.now()).await.unwrap();
    post.pass(SignedDuration::from_secs(2));
    assert_eq!(post.send(&transport(smtp(server.port))).await.sent, 2);
    assert_eq!(server.received()[1].bytes, whole);
}
