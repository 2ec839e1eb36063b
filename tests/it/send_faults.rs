//! Connections that break or fall silent: sent, not sent, or perhaps sent.

use std::time::Duration;

use caseway::config::Transport;
use caseway::store::outbox::NewMail;
use futures_util::future::join_all;
use jiff::SignedDuration;
use proptest::prelude::{ProptestConfig, Strategy, prop_assert};
use proptest::test_runner::TestRunner;

use crate::harness::post::{Post, smtp, transport};
use crate::harness::smtp_script::{Abilities, Act, SmtpScript, Step, say};

const BEFORE_A_MAIL: [Step; 3] = [Step::Greeting, Step::Ehlo, Step::Auth];
const BEFORE_THE_DOT: [Step; 4] = [Step::Mail, Step::Rcpt, Step::Data, Step::Body];

/// With and without PIPELINING; each knows AUTH.
async fn servers() -> Vec<SmtpScript> {
    let with = |announced| SmtpScript::with(Abilities { announced, ..Abilities::default() });
    vec![with(vec!["AUTH PLAIN", "PIPELINING"]).await, with(vec!["AUTH PLAIN"]).await]
}

/// How long a silent server is waited for. Long enough for every step that is not meant to be silent, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(1);

fn impatient(port: u16) -> Transport {
    let mut smtp = smtp(port);
    smtp.timeout = PATIENCE;
    smtp.login = Some(("support".into(), caseway::config::Credential::Password("word".into())));
    transport(smtp)
}

/// Larger than all buffers between (Linux: 4 MB to send, 6 MB to receive), so that trouble in the middle of the text is
/// met while writing it.
fn enlarge(mail: &mut NewMail, step: Step) {
    if step == Step::Body {
        let line = "x".repeat(998) + "\r\n";
        mail.bytes.extend_from_slice(line.repeat(11_000).as_bytes());
    }
}

#[tokio::test]
async fn cut_before_a_mail_was_offered_charges_nothing() {
    for step in BEFORE_A_MAIL {
        for server in servers().await {
            let post = Post::new().await;
            post.queue(&["alice@example.test"]).await;
            server.once(step, Act::Cut);
            let tally = post.send(&impatient(server.port)).await;
            assert_eq!(tally.not_tried, 1, "{step:?}");
            let shown = post.only().await;
            assert_eq!((shown.state.as_str(), shown.attempts), ("queued", 0), "{step:?}");
            assert!(shown.error.contains(&format!("localhost:{}", server.port)), "says where: {}", shown.error);
            post.pass(SignedDuration::from_secs(10));
            assert_eq!(post.send(&impatient(server.port)).await.sent, 1, "{step:?}");
        }
    }
}

#[tokio::test]
async fn cut_before_the_final_dot_is_certainly_not_sent() {
    for step in BEFORE_THE_DOT {
        for server in servers().await {
            let post = Post::new().await;
            post.queue_as(&["alice@example.test"], |mail| enlarge(mail, step)).await;
            server.once(step, Act::Cut);
            post.send(&impatient(server.port)).await;
            let shown = post.only().await;
            assert_eq!((shown.state.as_str(), shown.attempts), ("later", 1), "{step:?} {}", shown.error);
            assert_eq!(server.texts().len(), 0);
            post.pass(SignedDuration::from_mins(2));
            assert_eq!(post.send(&impatient(server.port)).await.sent, 1, "{step:?}");
            assert_eq!(server.received().len(), 1);
        }
    }
}

#[tokio::test]
async fn silence_before_the_final_dot_is_certainly_not_sent() {
    // All at once: what takes time is the waiting.
    join_all(BEFORE_A_MAIL.into_iter().chain(BEFORE_THE_DOT).map(async |step| {
        let each = servers().await.into_iter().map(async |server: SmtpScript| {
            let post = Post::new().await;
            post.queue_as(&["alice@example.test"], |mail| enlarge(mail, step)).await;
            server.once(step, Act::Hang);
            post.send(&impatient(server.port)).await;
            let shown = post.only().await;
            let (state, attempts) = if BEFORE_A_MAIL.contains(&step) { ("queued", 0) } else { ("later", 1) };
            assert_eq!((shown.state.as_str(), shown.attempts), (state, attempts), "{step:?} {}", shown.error);
            assert!(shown.error.contains("no answer within 1s"), "says how long it waited: {}", shown.error);
        });
        join_all(each).await;
    }))
    .await;
}

#[tokio::test]
async fn a_server_that_says_why_it_cuts_a_mail_short_is_believed() {
    let server = SmtpScript::start().await;
    let post = Post::new().await;
    post.queue_as(&["alice@example.test"], |mail| enlarge(mail, Step::Body)).await;
    server.once(Step::Body, Act::SayAndCut("552 5.3.4 too large".into()));
    post.send(&transport(smtp(server.port))).await;
    let shown = post.only().await;
    // The reply is read unless the system has thrown it away with the connection; never is it called sent.
    assert!(matches!(shown.state.as_str(), "failed" | "later"), "{shown:?}");
    if shown.state == "failed" {
        assert!(shown.error.contains("552 5.3.4 too large"), "{}", shown.error);
    }
}

#[tokio::test]
async fn lost_after_the_final_dot_is_resent_once_with_the_same_bytes_and_then_left_alone() {
    let ends = ["25", "what?\r\n"].map(|said| Act::SayAndCut(said.to_owned()));
    join_all(ends.into_iter().chain([Act::Cut, Act::Hang]).map(async |lost| {
        let each = servers().await.into_iter().map(async |server: SmtpScript| {
            let lost = &lost;
            let post = Post::new().await;
            post.queue(&["alice@example.test"]).await;
            server.once(Step::Dot, lost.clone()).once(Step::Dot, lost.clone());
            let tally = post.send(&impatient(server.port)).await;
            assert_eq!(tally.ambiguous, 1, "{lost:?}");
            let first = post.only().await;
            assert_eq!((first.state.as_str(), first.attempts), ("ambiguous", 1), "{lost:?}");
            let delay = first.next.unwrap().duration_since(post.now());
            assert_eq!(post.send(&impatient(server.port)).await.ambiguous, 0, "not before it is due");

            post.pass(delay);
            assert_eq!(post.send(&impatient(server.port)).await.ambiguous, 1);
            let second = post.only().await;
            assert_eq!((second.state.as_str(), second.attempts, second.next), ("ambiguous", 2, None), "{lost:?}");
            let texts = server.texts();
            assert_eq!(texts.len(), 2);
            assert_eq!(texts[0], texts[1], "the same bytes, the same Message-ID");

            post.pass(SignedDuration::from_hours(24 * 30));
            post.send(&impatient(server.port)).await;
            assert_eq!(server.texts().len(), 2, "never a third time");
        });
        join_all(each).await;
    }))
    .await;
}

#[tokio::test]
async fn a_resend_that_is_accepted_or_refused_settles_it() {
    for (reply, state) in [("250 2.0.0 ok", "sent"), ("550 5.7.1 no", "failed")] {
        let server = SmtpScript::start().await;
        let post = Post::new().await;
        post.queue(&["alice@example.test"]).await;
        server.once(Step::Dot, Act::Cut).once(Step::Dot, say(reply));
        post.send(&transport(smtp(server.port))).await;
        post.pass(SignedDuration::from_mins(2));
        post.send(&transport(smtp(server.port))).await;
        let shown = post.only().await;
        assert_eq!((shown.state.as_str(), shown.attempts), (state, 2));
        assert_eq!(shown.error.contains("perhaps got through"), state == "failed", "{}", shown.error);
    }
}

#[tokio::test]
async fn a_mail_that_was_perhaps_sent_is_never_shown_as_merely_late() {
    let server = SmtpScript::start().await;
    let post = Post::new().await;
    post.queue(&["alice@example.test"]).await;
    server.once(Step::Dot, Act::Cut).once(Step::Rcpt, Act::Agree).once(Step::Rcpt, say("450 4.2.1 busy"));
    post.send(&transport(smtp(server.port))).await;
    post.pass(SignedDuration::from_mins(2));
    post.send(&transport(smtp(server.port))).await;
    let shown = post.only().await;
    assert_eq!((shown.state.as_str(), shown.attempts), ("ambiguous", 2), "{}", shown.error);
    assert!(shown.next.is_some(), "the resend did not happen yet");
    post.pass(SignedDuration::from_mins(10));
    post.send(&transport(smtp(server.port))).await;
    assert_eq!(post.only().await.state, "sent");
    assert_eq!(server.texts().len(), 2);
}

#[tokio::test]
async fn a_gateway_that_was_killed_while_sending_sends_again() {
    let server = SmtpScript::start().await;
    let post = Post::new().await;
    post.queue(&["alice@example.test"]).await;
    server.once(Step::Dot, Act::Hang);
    let out = transport(smtp(server.port));
    tokio::select! {
        _ = post.send(&out) => panic!("it hangs"),
        () = server.wait_for_texts(1) => {}
    }
    assert_eq!(post.only().await.state, "sending");
    assert_eq!(post.only().await.attempts, 1, "counted before it was sent");
    assert_eq!(post.send(&out).await.sent, 0, "nobody else takes it");
    let released = caseway::store::outbox::release(&post.ctx.store, post.now()).await.unwrap();
    assert_eq!(released, 1);
    assert_eq!(post.send(&out).await.sent, 0, "not at once: it may be what kills the gateway");
    post.pass(SignedDuration::from_secs(2));
    assert_eq!(post.send(&out).await.sent, 1);
    assert_eq!(post.only().await.attempts, 2);
}

/// Runs until the server has `texts` mails, as they went over the wire, and dies there.
async fn killed_after(post: &Post, server: &SmtpScript, texts: usize) {
    let out = transport(smtp(server.port));
    tokio::select! {
        _ = post.send(&out) => panic!("it hangs"),
        () = server.wait_for_texts(texts) => {}
    }
    assert_eq!(caseway::store::outbox::release(&post.ctx.store, post.now()).await.unwrap(), 1);
}

#[tokio::test]
async fn killed_twice_after_the_final_dot_leaves_two_copies_and_a_decision_to_people() {
    for server in servers().await {
        let post = Post::new().await;
        post.queue(&["alice@example.test"]).await;
        server.always(Step::Dot, Act::Hang);
        killed_after(&post, &server, 1).await;
        let shown = post.only().await;
        assert_eq!((shown.state.as_str(), shown.next.is_some()), ("ambiguous", true), "resent by itself");
        post.pass(SignedDuration::from_secs(4));
        killed_after(&post, &server, 2).await;
        let shown = post.only().await;
        assert_eq!((shown.state.as_str(), shown.next, shown.attempts), ("ambiguous", None, 2));
        assert_eq!(shown.error, "the gateway stopped while sending it again");
        server.recover();
        post.pass(SignedDuration::from_hours(24 * 30));
        post.send(&transport(smtp(server.port))).await;
        assert_eq!(server.texts().len(), 2, "never a third");
        // A person may want it once more; the gateway may die then, too.
        caseway::store::operator::retry(&post.ctx.store, &[1], post.now()).await.unwrap();
        assert_eq!(post.send(&transport(smtp(server.port))).await.sent, 1);
        assert_eq!(server.texts().len(), 3);
    }
}

/// Death before the text of the resend: that is no copy, and the mail is not given up for it, however often it happens.
#[tokio::test]
async fn killed_before_the_text_of_a_resend_costs_no_copy() {
    let server = SmtpScript::with(Abilities::default()).await;
    let post = Post::new().await;
    post.queue(&["alice@example.test"]).await;
    server.once(Step::Dot, Act::Hang);
    killed_after(&post, &server, 1).await;
    for life in 2..6 {
        post.pass(SignedDuration::from_mins(1));
        let until = post.now() + SignedDuration::from_mins(10);
        let claimed = caseway::store::outbox::claim(&post.ctx.store, "out", post.now(), until, 8).await.unwrap();
        assert_eq!((claimed.len(), claimed[0].resent, claimed[0].attempts), (1, true, life));
        caseway::store::outbox::release(&post.ctx.store, post.now()).await.unwrap();
        assert!(post.only().await.next.is_some(), "life {life}");
    }
    post.pass(SignedDuration::from_mins(1));
    assert_eq!(post.send(&transport(smtp(server.port))).await.sent, 1);
    assert_eq!(server.texts().len(), 2);
}

/// A clear "not now" to the resend says that this copy was not taken: it is tried again.
#[tokio::test]
async fn a_resend_that_is_put_off_is_still_the_one_resend() {
    let server = SmtpScript::start().await;
    let post = Post::new().await;
    post.queue(&["alice@example.test"]).await;
    server.once(Step::Dot, Act::Cut).once(Step::Dot, say("451 4.3.0 try later")).once(Step::Dot, Act::Hang);
    for _ in 0..2 {
        post.send(&transport(smtp(server.port))).await;
        let shown = post.only().await;
        assert_eq!(shown.state, "ambiguous");
        post.pass(shown.next.unwrap().duration_since(post.now()));
    }
    killed_after(&post, &server, 3).await;
    assert_eq!(post.only().await.next, None, "now it was resent");
}

/// Whatever octets a server says at whatever step: no panic, no endless wait, and nothing is called sent without a 2xx to
/// the final dot.
#[test]
fn nonsense_at_any_step_never_counts_as_sent() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (server, post) = runtime.block_on(async { (servers().await.remove(0), Post::new().await) });
    let steps = BEFORE_A_MAIL.into_iter().chain([Step::Mail, Step::Rcpt, Step::Data, Step::Dot]).collect::<Vec<_>>();
    let reply = "[2-5][0-9]{0,2}[ -]?[ -~]{0,20}(\r?\n)?";
    let octets = proptest::prop_oneof![
        proptest::collection::vec(proptest::prelude::any::<u8>(), 0..60),
        proptest::collection::vec(reply, 0..4).prop_map(|lines| lines.concat().into_bytes()),
    ];
    let cases = (proptest::sample::select(steps), octets);
    let checked = TestRunner::new(ProptestConfig::with_cases(300)).run(&cases, |(step, octets)| {
        server.once(step, Act::RawAndCut(octets.clone()));
        let shown = runtime.block_on(async {
            let id = post.queue(&["alice@example.test"]).await[0];
            // Long enough for the circuit to be ready for another mail, and for none to be given up.
            post.pass(SignedDuration::from_mins(6));
            post.send(&impatient(server.port)).await;
            server.recover();
            let shown = post.shown().await.pop().unwrap();
            // What waits must not meet the next case.
            let mut tx = post.ctx.store.write().await.unwrap();
            let cancel = sqlx::query("UPDATE outbox SET state = 'cancelled' WHERE id = $1").bind(id);
            cancel.execute(&mut *tx).await.unwrap();
            tx.commit().await.unwrap();
            shown
        });
        let agreed = octets.starts_with(b"2") && step == Step::Dot;
        prop_assert!(agreed || shown.state != "sent", "{:?}", shown);
        prop_assert!(["queued", "later", "failed", "ambiguous", "sent"].contains(&shown.state.as_str()), "{:?}", shown);
        Ok(())
    });
    checked.unwrap();
}
