//! One circuit breaker a server: while it is open the mails wait, untouched.

use jiff::SignedDuration;

use crate::harness::post::{Post, Shown, smtp, transport};
use crate::harness::smtp_script::{Abilities, Act, SmtpScript, Step, say};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

fn twenty() -> Vec<String> {
    (0..20).map(|number| format!("r{number}@example.test")).collect()
}

#[tokio::test]
async fn it_opens_after_faults_in_a_row_and_one_probe_closes_it() {
    let server = SmtpScript::start().await;
    let post = Post::new().await;
    let recipients = twenty();
    post.queue(&recipients.iter().map(String::as_str).collect::<Vec<_>>()).await;
    server.always(Step::Rcpt, Act::Cut);
    let out = transport(smtp(server.port));
    let stop = post.ctx.shutdown.clone();
    let (tally, ()) = tokio::join!(caseway::send::run(post.ctx.clone(), "out".into(), out), async {
        let fifteen = |rows: &[Shown]| rows.iter().filter(|row| row.state == "queued").count() == 15;
        post.wait_until(|rows| fifteen(rows) && rows.iter().filter(|row| row.state == "later").count() == 5).await;
        assert_eq!(server.connections(), 5, "five faults in a row, then no more");
        // Those that were offered are charged; those that wait are not, once they are handed back.
        let waiting = |rows: &[Shown]| rows.iter().filter(|row| row.state == "queued" && row.attempts == 0).count();
        post.wait_until(|rows| waiting(rows) == 15 && rows.iter().filter(|row| row.attempts == 1).count() == 5).await;

        // Half open: one mail, and it fails.
        post.pass(MINUTE);
        post.wait_until(|rows| rows.iter().filter(|row| row.state == "later").count() == 6).await;
        assert_eq!(server.connections(), 6, "a single probe");

        server.recover();
        post.pass(MINUTE);
        server.wait_for_texts(14).await;
        post.pass(SignedDuration::from_mins(10));
        server.wait_for_texts(20).await;
        post.wait_until(|rows| rows.iter().all(|row| row.state == "sent")).await;
        stop.cancel();
    });
    assert_eq!((tally.sent, tally.later), (20, 6));
}

#[tokio::test]
async fn a_server_that_is_not_there_charges_nobody_however_long_it_lasts() {
    let post = Post::new().await;
    post.queue(&["alice@example.test", "bob@example.test"]).await;
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    for _ in 0..40 {
        post.send(&transport(smtp(port))).await;
        post.pass(SignedDuration::from_mins(6));
    }
    for shown in post.shown().await {
        assert_eq!((shown.state.as_str(), shown.attempts), ("queued", 0));
        assert!(
            shown.error.contains(&format!("localhost:{port}")) && shown.error.contains("refused"),
            "{}",
            shown.error
        );
    }
    // After days even that is a failure, and somebody is told.
    post.pass(SignedDuration::from_hours(5 * 24));
    post.send(&transport(smtp(port))).await;
    let shown = post.shown().await;
    assert!(shown.iter().all(|row| row.state == "failed"), "{shown:?}");
    assert!(shown[0].error.starts_with("given up after 120h; last: localhost:"), "{}", shown[0].error);
    assert_eq!(caseway::store::outbox::untold_failures(&post.ctx.store, 10).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_refused_login_opens_it_at_once() {
    let server = SmtpScript::with(Abilities { announced: vec!["AUTH PLAIN"], ..Abilities::default() }).await;
    server.always(Step::Auth, say("535 5.7.8 bad credentials"));
    let post = Post::new().await;
    let recipients = twenty();
    post.queue(&recipients.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let mut smtp = smtp(server.port);
    smtp.login = Some(("support".into(), caseway::config::Credential::Password("wrong".into())));
    let tally = post.send(&transport(smtp)).await;
    assert_eq!(tally.not_tried, 16, "what was claimed goes back");
    assert_eq!(server.connections(), 1, "an account is not locked by trying again and again");
    assert!(post.shown().await.iter().all(|row| row.attempts == 0 && row.state == "queued"));
}

#[tokio::test]
async fn a_rate_limit_is_answered_with_a_pause() {
    for (step, reply) in [(Step::Mail, "451 4.7.500 server busy"), (Step::Dot, "450 4.7.1 too much mail")] {
        let server = SmtpScript::start().await;
        let post = Post::new().await;
        let recipients = twenty();
        post.queue(&recipients.iter().map(String::as_str).collect::<Vec<_>>()).await;
        server.once(step, Act::Agree).once(step, say(reply));
        let tally = post.send(&transport(smtp(server.port))).await;
        assert_eq!((tally.sent, tally.later), (1, 1), "{reply}");
        assert_eq!(post.shown().await.iter().filter(|row| row.attempts == 0).count(), 18);
        post.pass(SignedDuration::from_mins(2));
        assert_eq!(post.send(&transport(smtp(server.port))).await.sent, 19);
    }
}

/// Exchange Online takes three connections, Postfix as many as it is told. The mails go out over those, at once.
#[tokio::test]
async fn connections_too_many_are_left_out_and_the_others_go_on() {
    for (most, connections, words) in [
        (3, 4, "432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending."),
        (1, 8, "421 4.7.0 mail.example.test Error: too many connections from 127.0.0.1"),
        (2, 3, "421 4.3.2 no more for you"),
    ] {
        let server = SmtpScript::start().await;
        server.takes(most, words);
        let post = Post::new().await;
        let recipients: Vec<String> = (0..150).map(|number| format!("r{number}@example.test")).collect();
        post.queue(&recipients.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let mut smtp = smtp(server.port);
        smtp.connections = connections;
        assert_eq!(post.send(&transport(smtp)).await.sent, 150, "{words}");
        assert!(post.shown().await.iter().all(|row| row.state == "sent" && row.attempts == 1), "{words}");
        assert!((1..=connections as usize - most).contains(&server.refused()), "learned: {}", server.refused());
    }
}

/// Said later, to a mail, it is the same.
#[tokio::test]
async fn a_connection_that_turns_out_to_be_too_many_hands_its_mail_to_the_others() {
    let server = SmtpScript::start().await;
    let reply = "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded";
    server.recipient("r3@example.test", say(reply));
    let post = Post::new().await;
    let recipients = twenty();
    post.queue(&recipients.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let mut smtp = smtp(server.port);
    smtp.connections = 1;
    // Of a single connection it is a limit of another kind: a pause.
    let tally = post.send(&transport(smtp)).await;
    assert_eq!((tally.sent, tally.later), (3, 1));
}

#[tokio::test]
async fn greylisting_of_one_recipient_does_not_hold_up_the_others() {
    let server = SmtpScript::start().await;
    server.recipient("r7@example.test", say("450 4.7.1 greylisted"));
    let post = Post::new().await;
    let recipients = twenty();
    post.queue(&recipients.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let tally = post.send(&transport(smtp(server.port))).await;
    assert_eq!((tally.sent, tally.later, tally.not_tried), (19, 1, 0));
}
