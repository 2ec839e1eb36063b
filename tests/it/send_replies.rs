//! Clear answers of an SMTP server: what becomes of the mail, and of those after it.

use jiff::SignedDuration;

use crate::harness::post::{Post, smtp, transport};
use crate::harness::smtp_script::{Abilities, Act, SmtpScript, Step, say};

/// With and without PIPELINING.
async fn servers() -> Vec<SmtpScript> {
    vec![SmtpScript::start().await, SmtpScript::with(Abilities::default()).await]
}

#[tokio::test]
async fn a_refusal_at_any_step_fails_the_mail_and_the_next_goes_over_the_same_connection() {
    for step in [Step::Mail, Step::Rcpt, Step::Data, Step::Dot] {
        for server in servers().await {
            let post = Post::new().await;
            post.queue(&["alice@example.test", "bob@example.test"]).await;
            server.once(step, say("550 5.7.1 <alice@example.test>: not here"));
            let tally = post.send(&transport(smtp(server.port))).await;
            assert_eq!((tally.failed, tally.sent), (1, 1), "{step:?}");
            let shown = post.shown().await;
            assert_eq!((shown[0].state.as_str(), shown[0].attempts, shown[0].next), ("failed", 1, None), "{step:?}");
            assert!(
                shown[0].error.starts_with("550 5.7.1 <alice@example.test>: not here (answer to "),
                "{:?}",
                shown[0]
            );
            assert_eq!((shown[1].state.as_str(), server.received().len()), ("sent", 1), "{step:?}");
            assert_eq!(server.connections(), 1, "{step:?}");
        }
    }
}

#[tokio::test]
async fn a_temporary_refusal_at_any_step_is_tried_again_later() {
    for step in [Step::Mail, Step::Rcpt, Step::Data, Step::Dot] {
        for server in servers().await {
            let post = Post::new().await;
            post.queue(&["alice@example.test"]).await;
            server.once(step, say("450 4.2.1 mailbox busy"));
            post.send(&transport(smtp(server.port))).await;
            let shown = post.only().await;
            assert_eq!((shown.state.as_str(), shown.attempts), ("later", 1), "{step:?}");
            let delay = shown.next.unwrap().duration_since(post.now());
            assert!(delay >= SignedDuration::from_mins(1) && delay <= SignedDuration::from_mins(2), "{delay:?}");

            assert_eq!(post.send(&transport(smtp(server.port))).await.sent, 0, "not before it is due");
            post.pass(delay);
            assert_eq!(post.send(&transport(smtp(server.port))).await.sent, 1, "{step:?}");
            let shown = post.only().await;
            assert_eq!((shown.state.as_str(), shown.attempts, shown.error.as_str()), ("sent", 2, ""));
        }
    }
}

#[tokio::test]
async fn a_server_that_closes_with_421_charges_the_mail_and_gets_a_pause() {
    for step in [Step::Mail, Step::Rcpt, Step::Data, Step::Dot] {
        for server in servers().await {
            let post = Post::new().await;
            post.queue(&["alice@example.test", "bob@example.test"]).await;
            server.once(step, Act::SayAndCut("421 4.3.2 shutting down".into()));
            post.send(&transport(smtp(server.port))).await;
            let shown = post.shown().await;
            assert_eq!((shown[0].state.as_str(), shown[0].attempts), ("later", 1), "{step:?}");
            assert_eq!((shown[1].state.as_str(), shown[1].attempts), ("queued", 0), "waits, untouched");
            post.pass(SignedDuration::from_mins(2));
            assert_eq!(post.send(&transport(smtp(server.port))).await.sent, 2, "{step:?}");
        }
    }
}

#[tokio::test]
async fn trouble_before_a_mail_is_offered_charges_no_mail() {
    let steps = [
        (Step::Greeting, "421 4.7.0 too many connections", "the greeting"),
        (Step::Greeting, "450 4.3.2 wait", "the greeting"),
        (Step::Greeting, "554 5.7.1 go away", "ask the server's administrator"),
        (Step::Ehlo, "421 4.3.2 shutting down", "EHLO"),
        (Step::Ehlo, "550 5.5.1 no", "EHLO"),
        (Step::Auth, "454 4.7.0 try later", "login"),
        (Step::Auth, "535 5.7.8 wrong", "check `user` and `password`"),
        (Step::Mail, "530 5.7.0 authentication required", "530 5.7.0"),
    ];
    for (step, reply, said) in steps {
        let server = SmtpScript::with(Abilities { announced: vec!["AUTH PLAIN"], ..Abilities::default() }).await;
        let post = Post::new().await;
        post.queue(&["alice@example.test"]).await;
        server.always(step, say(reply));
        let mut smtp = smtp(server.port);
        smtp.login = Some(("support".into(), caseway::config::Credential::Password("secret-word".into())));
        assert_eq!(post.send(&transport(smtp.clone())).await.not_tried, 1, "{reply}");
        let shown = post.only().await;
        assert_eq!((shown.state.as_str(), shown.attempts), ("queued", 0), "{reply}");
        assert!(shown.error.contains(said), "{reply}: {}", shown.error);
        assert!(shown.next.unwrap() > post.now(), "not at once again");
        assert!(!shown.error.contains("secret-word"), "{}", shown.error);
        server.recover();
        post.pass(SignedDuration::from_mins(1));
        assert_eq!(post.send(&transport(smtp)).await.sent, 1, "{reply}");
    }
}

#[tokio::test]
async fn each_recipient_has_an_outcome_of_its_own() {
    for server in servers().await {
        let post = Post::new().await;
        let mut recipients = Vec::new();
        for number in 0..30 {
            recipients.push(format!("{}{number}@example.test", ["good", "unknown", "full", "slow"][number % 4]));
        }
        post.queue(&recipients.iter().map(String::as_str).collect::<Vec<_>>()).await;
        for recipient in &recipients {
            match recipient.split(|c: char| c.is_ascii_digit()).next().unwrap() {
                "unknown" => server.recipient(recipient, say("550 5.1.1 unknown")),
                "full" => server.recipient(recipient, say("552 5.2.2 full")),
                "slow" => server.recipient(recipient, say("450 4.2.0 greylisted")),
                _ => &server,
            };
        }
        let mut smtp = smtp(server.port);
        smtp.connections = 3;
        let tally = post.send(&transport(smtp)).await;
        assert_eq!((tally.sent, tally.failed, tally.later), (8, 15, 7));
        for shown in post.shown().await {
            let expected = if shown.recipient.starts_with("good") {
                "sent"
            } else if shown.recipient.starts_with("slow") {
                "later"
            } else {
                "failed"
            };
            assert_eq!(shown.state, expected, "{shown:?}");
        }
        assert_eq!(server.received().len(), 8);
    }
}

#[tokio::test]
async fn addresses_that_the_server_cannot_take_fail_clearly() {
    let server = SmtpScript::start().await;
    let post = Post::new().await;
    post.queue(&["jürgen@example.test", "nonsense", "info@bücher.example"]).await;
    post.send(&transport(smtp(server.port))).await;
    let shown = post.shown().await;
    assert_eq!(shown[0].state, "failed");
    assert!(shown[0].error.contains("SMTPUTF8"), "{}", shown[0].error);
    assert_eq!(shown[1].state, "failed");
    assert!(shown[1].error.contains("no mail address"), "{}", shown[1].error);
    assert_eq!(shown[2].state, "sent");
    assert_eq!(server.received()[0].rcpt, "RCPT TO:<info@xn--bcher-kva.example>");

    let server = SmtpScript::with(Abilities { announced: vec!["SMTPUTF8", "8BITMIME"], ..Abilities::default() }).await;
    let post = Post::new().await;
    post.queue_as(&["jürgen@example.test"], |mail| mail.return_path.clear()).await;
    post.send(&transport(smtp(server.port))).await;
    assert_eq!(post.only().await.state, "sent", "{:?}", post.only().await);
    assert_eq!(server.received()[0].rcpt, "RCPT TO:<jürgen@example.test>");
    assert_eq!(server.received()[0].mail, "MAIL FROM:<> BODY=8BITMIME SMTPUTF8");
}

#[tokio::test]
async fn replies_in_odd_forms_are_understood() {
    let server = SmtpScript::with(Abilities { announced: vec!["PIPELINING", "  "], ..Abilities::default() }).await;
    server
        .always(Step::Mail, Act::Raw(b"250\r\n".to_vec()))
        .once(Step::Rcpt, Act::Raw(b"250-fine\n250 so far\n".to_vec()))
        .always(Step::Data, Act::Raw(b"354\n".to_vec()))
        .recipient("bob@example.test", say("550 5.1.1 bo\u{ee}te inconnue"));
    let post = Post::new().await;
    post.queue(&["alice@example.test", "bob@example.test"]).await;
    post.send(&transport(smtp(server.port))).await;
    let shown = post.shown().await;
    assert_eq!(shown[0].state, "sent", "{shown:?}");
    assert_eq!((shown[1].state.as_str(), shown[1].attempts), ("failed", 1), "{shown:?}");

    let latin1 = SmtpScript::start().await;
    latin1.always(Step::Rcpt, Act::Raw(b"550 5.1.1 bo\xeete inconnue\r\n".to_vec()));
    let post = Post::new().await;
    post.queue(&["bob@example.test"]).await;
    post.send(&transport(smtp(latin1.port))).await;
    assert_eq!(post.only().await.error, "550 5.1.1 bo?te inconnue (answer to RCPT TO)");
}

#[tokio::test]
async fn given_up_after_days_and_told() {
    let server = SmtpScript::start().await;
    server.always(Step::Rcpt, say("450 4.2.2 mailbox full"));
    let post = Post::new().await;
    let id = post.queue_as(&["alice@example.test"], |_| {}).await[0];
    let start = post.now();
    let mut attempts = 0;
    while post.only().await.state != "failed" {
        post.send(&transport(smtp(server.port))).await;
        attempts += 1;
        let Some(next) = post.only().await.next else { break };
        post.pass(next.duration_since(post.now()));
        assert!(attempts < 200, "bounded");
    }
    assert_eq!(
        post.now().duration_since(start),
        SignedDuration::from_hours(120),
        "the last attempt is at the very end"
    );
    let shown = post.only().await;
    assert_eq!(shown.error, "given up after 120h; last: 450 4.2.2 mailbox full (answer to RCPT TO)");
    assert!((20..60).contains(&attempts), "{attempts} attempts: dense at first, every four hours later");
    assert_eq!(shown.attempts, attempts);

    let untold = caseway::store::outbox::untold_failures(&post.ctx.store, 10).await.unwrap();
    assert_eq!(untold.len(), 1);
    assert_eq!((untold[0].outbox, untold[0].recipient.as_str()), (id, "alice@example.test"));
    assert_eq!(untold[0].error, shown.error);
    let mut tx = post.ctx.store.write().await.unwrap();
    caseway::store::outbox::mark_failures_told(&mut tx, &[id]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(caseway::store::outbox::untold_failures(&post.ctx.store, 10).await.unwrap(), []);
}
