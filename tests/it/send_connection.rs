//! How a connection comes about, and how long it is kept.

use std::time::Duration;

use caseway::config::{Smtp, Tls};
use caseway::send::{FaultKind, probe};
use proptest::prelude::{ProptestConfig, prop_assert_eq};
use proptest::test_runner::TestRunner;
use secrecy::SecretString;

use crate::harness::post::{Post, smtp, transport};
use crate::harness::smtp_script::{Abilities, Act, SmtpScript, Step, say};
use crate::harness::tls::TestCa;

fn many(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("r{number}@example.test")).collect()
}

async fn queue(post: &Post, count: usize) {
    post.queue(&many(count).iter().map(String::as_str).collect::<Vec<_>>()).await;
}

fn login(smtp: &mut Smtp) {
    smtp.login = Some((
        "support@example.test".to_owned(),
        caseway::config::Credential::Password(SecretString::from("pass word")),
    ));
}

#[tokio::test]
async fn mails_arrive_as_they_are_over_few_connections() {
    for announced in [vec!["PIPELINING", "SIZE"], vec![]] {
        let server = SmtpScript::with(Abilities { announced, ..Abilities::default() }).await;
        let post = Post::new().await;
        queue(&post, 250).await;
        let mut smtp = smtp(server.port);
        smtp.connections = 2;
        assert_eq!(post.send(&transport(smtp)).await.sent, 250);
        assert!((2..=4).contains(&server.connections()), "{}", server.connections());
        let received = server.received();
        for connection in 1..=server.connections() {
            assert!(received.iter().filter(|mail| mail.connection == connection).count() <= 100, "then a new one");
        }
        for recipient in many(250) {
            let mail = received.iter().find(|mail| mail.rcpt == format!("RCPT TO:<{recipient}>")).unwrap();
            let text = String::from_utf8(mail.bytes.clone()).unwrap();
            assert!(text.contains(&format!("To: {recipient}\r\n")), "the right mail to the right person");
            assert!(text.ends_with("We have your request.\r\n.\r\n..two dots\r\n"), "{text:?}");
            assert!(mail.mail.starts_with("MAIL FROM:<support+v1@example.test>"), "{}", mail.mail);
        }
        assert!(server.said().contains(&"EHLO gateway.example.test".to_owned()));
    }
}

/// Whatever the lines are, they arrive octet by octet; only a missing last line end is added.
#[test]
fn bytes_arrive_identical() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (server, post) = runtime.block_on(async { (SmtpScript::start().await, Post::new().await) });
    let lines = proptest::collection::vec("(\\.{0,3}|[ -~]{0,80})", 0..40);
    let mut runner = TestRunner::new(ProptestConfig::with_cases(100));
    let cases = (lines, proptest::bool::weighted(0.1));
    let checked = runner.run(&cases, |(lines, big)| {
        let mut text = lines.join("\r\n");
        if big {
            text = format!("{text}\r\n").repeat(3_000);
        }
        if text.is_empty() {
            text.push_str("\r\n");
        }
        let sent = runtime.block_on(async {
            post.queue_as(&["a@example.test"], |mail| mail.bytes = text.clone().into_bytes()).await;
            post.send(&transport(smtp(server.port))).await.sent
        });
        prop_assert_eq!(sent, 1);
        if !text.ends_with("\r\n") {
            text.push_str("\r\n");
        }
        let arrived = server.received().pop().unwrap().bytes;
        prop_assert_eq!(arrived, text.as_bytes());
        Ok(())
    });
    checked.unwrap();
}

#[tokio::test]
async fn eight_bit_mails_need_a_server_that_takes_them() {
    let bytes = "Subject: x\r\n\r\nGr\u{fc}\u{df}e\r\n".as_bytes();
    for (announced, state) in [(vec!["8BITMIME"], "sent"), (vec![], "failed")] {
        let server = SmtpScript::with(Abilities { announced, ..Abilities::default() }).await;
        let post = Post::new().await;
        post.queue_as(&["alice@example.test"], |mail| mail.bytes = bytes.to_vec()).await;
        post.send(&transport(smtp(server.port))).await;
        assert_eq!(post.only().await.state, state);
        for mail in server.received() {
            assert_eq!(mail.bytes, bytes);
            assert!(mail.mail.ends_with(" BODY=8BITMIME"), "{}", mail.mail);
        }
    }
}

#[tokio::test]
async fn a_connection_that_died_while_idle_is_replaced_without_charging_the_mail() {
    for dead in [Act::Cut, Act::SayAndCut("421 4.4.2 idle for too long".into())] {
        for announced in [vec!["PIPELINING"], vec![]] {
            let server = SmtpScript::with(Abilities { announced, ..Abilities::default() }).await;
            server.once(Step::Mail, Act::Agree).once(Step::Mail, dead.clone());
            let post = Post::new().await;
            queue(&post, 2).await;
            assert_eq!(post.send(&transport(smtp(server.port))).await.sent, 2, "{dead:?}");
            assert!(post.shown().await.iter().all(|row| row.attempts == 1));
            assert_eq!(server.connections(), 2);
        }
    }
}

#[tokio::test]
async fn plain_and_login_are_spoken() {
    for (mechanisms, expected) in [
        ("AUTH PLAIN LOGIN", vec!["AUTH PLAIN AHN1cHBvcnRAZXhhbXBsZS50ZXN0AHBhc3Mgd29yZA=="]),
        ("AUTH LOGIN", vec!["AUTH LOGIN", "c3VwcG9ydEBleGFtcGxlLnRlc3Q=", "cGFzcyB3b3Jk"]),
        ("AUTH=LOGIN", vec!["AUTH LOGIN", "c3VwcG9ydEBleGFtcGxlLnRlc3Q=", "cGFzcyB3b3Jk"]),
    ] {
        let server = SmtpScript::with(Abilities { announced: vec![mechanisms], ..Abilities::default() }).await;
        let post = Post::new().await;
        queue(&post, 1).await;
        let mut smtp = smtp(server.port);
        login(&mut smtp);
        assert_eq!(post.send(&transport(smtp)).await.sent, 1);
        let said = server.said();
        let from = said.iter().position(|line| line.starts_with("AUTH")).unwrap();
        assert_eq!(said[from..from + expected.len()], expected);
    }
}

/// Postfix cuts an `AUTH` line at 2,048 octets and RFC 4954 at 512: a long secret waits for its question.
#[tokio::test]
async fn a_long_password_goes_on_a_line_of_its_own() {
    let server = SmtpScript::with(Abilities { announced: vec!["AUTH PLAIN"], ..Abilities::default() }).await;
    let mut smtp = smtp(server.port);
    smtp.login = Some((
        "support@example.test".to_owned(),
        caseway::config::Credential::Password(SecretString::from("x".repeat(3_000))),
    ));
    probe(&smtp, None).await.unwrap();
    let said = server.said();
    let from = said.iter().position(|line| line == "AUTH PLAIN").unwrap();
    assert_eq!(said[from + 1].len(), 4_032, "base64 of both and two NULs");
}

/// OpenSMTPD 6.8 refuses a second EHLO, and so does the server of these tests.
#[tokio::test]
async fn there_is_one_ehlo_a_connection_and_one_more_after_starttls() {
    let ca = TestCa::new();
    for (starttls, hellos) in [(None, 1), (Some(ca.acceptor.clone()), 2)] {
        let encrypted = starttls.is_some();
        let announced = vec!["AUTH LOGIN", "8BITMIME"];
        let server = SmtpScript::with(Abilities { announced, starttls, implicit: None }).await;
        let post = Post::new().await;
        queue(&post, 3).await;
        let mut smtp = smtp(server.port);
        login(&mut smtp);
        if encrypted {
            smtp.tls = Tls::StartTls { ca_file: Some(ca.ca_file.clone()) };
        }
        assert_eq!(post.send(&transport(smtp)).await.sent, 3);
        assert_eq!(server.said().iter().filter(|line| line.starts_with("EHLO")).count(), hellos);
    }
}

/// What `openssl req -x509` makes is an authority as well, which no verifier takes for a server.
#[tokio::test]
async fn a_certificate_that_signed_itself_is_trusted_once_it_is_named() {
    let own = TestCa::self_signed("localhost");
    let probed = async |server: &TestCa, named: Option<&TestCa>| {
        let abilities = Abilities { implicit: Some(server.acceptor.clone()), ..Abilities::default() };
        let mut smtp = smtp(SmtpScript::with(abilities).await.port);
        smtp.tls = Tls::Implicit { ca_file: named.map(|named| named.ca_file.clone()) };
        probe(&smtp, None).await
    };
    probed(&own, Some(&own)).await.unwrap();
    for stranger in [None, Some(TestCa::new()), Some(TestCa::self_signed("localhost"))] {
        let fault = probed(&own, stranger.as_ref()).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Tls);
        assert!(fault.to_string().contains("name that"), "{fault}");
        assert!(fault.to_string().contains("`ca_file`"), "{fault}");
    }
    let elsewhere = TestCa::self_signed("elsewhere.test");
    let fault = probed(&elsewhere, Some(&elsewhere)).await.unwrap_err();
    assert!(fault.to_string().contains("use the name in `host`"), "{fault}");
}

#[tokio::test]
async fn a_server_without_a_login_we_know_is_the_configurations_fault() {
    for announced in [vec!["AUTH CRAM-MD5"], vec![]] {
        let server = SmtpScript::with(Abilities { announced, ..Abilities::default() }).await;
        let mut smtp = smtp(server.port);
        login(&mut smtp);
        let fault = probe(&smtp, None).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Login);
        assert!(fault.to_string().contains("PLAIN or LOGIN"), "{fault}");
    }
}

#[tokio::test]
async fn starttls_and_implicit_tls_with_a_private_authority() {
    let ca = TestCa::new();
    let announced = vec!["PIPELINING", "AUTH PLAIN", "SIZE 1000000"];
    for implicit in [false, true] {
        let (starttls, at_once) =
            if implicit { (None, Some(ca.acceptor.clone())) } else { (Some(ca.acceptor.clone()), None) };
        let server = SmtpScript::with(Abilities { announced: announced.clone(), starttls, implicit: at_once }).await;
        let post = Post::new().await;
        queue(&post, 20).await;
        let mut smtp = smtp(server.port);
        login(&mut smtp);
        let ca_file = Some(ca.ca_file.clone());
        smtp.tls = if implicit { Tls::Implicit { ca_file } } else { Tls::StartTls { ca_file } };
        assert_eq!(post.send(&transport(smtp.clone())).await.sent, 20, "{:?}", post.shown().await[0]);
        assert_eq!(server.connections(), 1);

        let report = probe(&smtp, None).await.unwrap();
        assert_eq!(report.greeting, "220 mail.example.test ESMTP at your service");
        assert_eq!(report.starttls, !implicit);
        assert_eq!(report.mechanisms, ["PLAIN"]);
        assert_eq!(report.size_limit, Some(1_000_000));
    }
}

#[tokio::test]
async fn nothing_is_said_in_plain_text_that_should_be_secret() {
    let ca = TestCa::new();
    let other = TestCa::new();
    let ca_file = Some(ca.ca_file.clone());
    let encrypted = |starttls| Abilities { announced: vec!["AUTH PLAIN"], starttls, implicit: None };
    let without = SmtpScript::with(encrypted(None)).await;
    let refusing = SmtpScript::with(encrypted(Some(ca.acceptor.clone()))).await;
    refusing.always(Step::StartTls, say("454 4.7.0 TLS not available"));
    let meddled = SmtpScript::with(encrypted(Some(ca.acceptor.clone()))).await;
    meddled.always(Step::StartTls, Act::Raw(b"220 go\r\n250-evil\r\n250 AUTH PLAIN\r\n".to_vec()));
    let stranger = SmtpScript::with(encrypted(Some(other.acceptor.clone()))).await;
    let cases = [
        (&without, FaultKind::StartTls, "does not offer STARTTLS"),
        (&refusing, FaultKind::StartTls, "454 4.7.0 TLS not available"),
        (&meddled, FaultKind::StartTls, "somebody may be meddling"),
        (&stranger, FaultKind::Tls, "certificate"),
    ];
    for (server, kind, words) in cases {
        let mut smtp = smtp(server.port);
        login(&mut smtp);
        smtp.tls = Tls::StartTls { ca_file: ca_file.clone() };
        let fault = probe(&smtp, None).await.unwrap_err();
        assert_eq!(fault.kind, kind, "{fault}");
        assert!(fault.to_string().contains(words), "{fault}");
        let post = Post::new().await;
        queue(&post, 1).await;
        assert_eq!(post.send(&transport(smtp)).await.not_tried, 1);
        assert_eq!(post.only().await.attempts, 0);
        let said = server.said();
        assert!(!said.iter().any(|line| line.starts_with("AUTH") || line.starts_with("MAIL")), "{said:?}");
    }
}

#[tokio::test]
async fn a_probe_says_what_is_wrong_where_and_what_to_do() {
    let server = SmtpScript::start().await;
    let report = probe(&smtp(server.port), None).await.unwrap();
    assert!(!report.starttls && report.mechanisms.is_empty());
    assert_eq!(server.said().last().unwrap(), "QUIT");

    // TLS from the first octet on a port that speaks plain text.
    let mut wrong = smtp(server.port);
    wrong.tls = Tls::Implicit { ca_file: None };
    let fault = probe(&wrong, None).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Tls);
    assert!(fault.to_string().starts_with(&format!("localhost:{}: TLS failed: ", server.port)), "{fault}");
    assert!(fault.to_string().contains("try `tls = \"starttls\"`"), "{fault}");

    wrong.tls = Tls::Implicit { ca_file: Some("/nowhere/ca.pem".into()) };
    let fault = probe(&wrong, None).await.unwrap_err();
    assert!(fault.to_string().contains("/nowhere/ca.pem"), "{fault}");

    let mut unknown = smtp(server.port);
    unknown.host = "no-such-host.invalid".into();
    let fault = probe(&unknown, None).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Unreachable);
    assert!(fault.to_string().contains("no-such-host.invalid"), "{fault}");

    let silent = SmtpScript::start().await;
    silent.always(Step::Greeting, Act::Hang);
    let mut impatient = smtp(silent.port);
    impatient.timeout = Duration::from_millis(500);
    let fault = probe(&impatient, None).await.unwrap_err();
    assert!(fault.to_string().contains("no answer within 500ms at the greeting"), "{fault}");
}
