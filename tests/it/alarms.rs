//! What only a person can mend: who is told, how often, and what is never held against a customer.

use std::time::Duration;

use caseway::config::{ClientAuth, Config, Credential, Grant, OAuth, Smtp, Transport};
use caseway::mail::language::Language;
use jiff::SignedDuration;

use crate::harness::intake::imap;
use crate::harness::mail::from;
use crate::harness::post::{send_by, smtp, transport};
use crate::harness::smtp_script::{SmtpScript, Step, say};
use crate::harness::world::{Sent, World};

const ANNA: &str = "Anna Schmidt <anna@customer.test>";
const LEAD: &str = "lead@example.test";

async fn desk(change: impl FnOnce(&mut Config)) -> World {
    let world = World::with(|config| {
        config.desk.lead = Some(LEAD.to_owned());
        change(config);
    })
    .await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world
}

/// Subjects of what the lead gets by one look, in order.
async fn told(world: &mut World) -> Vec<String> {
    told_in_full(world).await.into_iter().map(|mail| mail.mail.subject).collect()
}

async fn told_in_full(world: &mut World) -> Vec<Sent> {
    world.app.alarms().look().await.unwrap();
    let sent = world.sent().await;
    sent.into_iter().filter(|mail| mail.notice == "trouble").inspect(|mail| assert_eq!(mail.recipient, LEAD)).collect()
}

/// What Gmail, Outlook.com and Exchange Online say when our domain, address or quota is the trouble: reply, words of the remedy, and
/// whether it is tried again.
const OURS: [(&str, &str, bool); 7] = [
    (
        "550 5.7.515 Access denied, sending domain EXAMPLE.TEST doesn't meet the required authentication level. The sender's domain in the \
         5322.From address doesn't meet the authentication requirements defined for the sender.",
        "SPF, DKIM and DMARC",
        false,
    ),
    (
        "550 5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail requires all senders to authenticate",
        "SPF",
        false,
    ),
    (
        "550 5.7.25 [203.0.113.7] The IP address sending this message does not have a PTR record setup, or the corresponding forward DNS \
      entry does not match the sending IP.",
        "PTR",
        false,
    ),
    (
        "550 5.7.29 Your email has been blocked because this message wasn't sent over a TLS connection.",
        "STARTTLS",
        false,
    ),
    (
        "550 5.7.28 [203.0.113.7 19] Gmail has detected an unusual rate of unsolicited mail originating from your IP address.",
        "tried again",
        true,
    ),
    (
        "550 5.7.232 Your message can't be sent because your trial tenant has exceeded its daily limit for sending email to external \
      recipients (tenant external recipient rate limit).",
        "licence",
        true,
    ),
    (
        "550 5.7.233 Your message can't be sent because your tenant exceeded its daily limit for sending email to external recipients \
      (tenant external recipient rate limit).",
        "outbound limit",
        true,
    ),
];

async fn score(world: &World) -> (i64, i64) {
    let score = world.count("SELECT bounce_score FROM person WHERE email = 'anna@customer.test'").await;
    (score, world.count("SELECT suppressed FROM person WHERE email = 'anna@customer.test'").await)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_receivers_have_against_us_is_told_and_held_against_nobody() {
    for (reply, remedy, again) in OURS {
        for step in [Step::Rcpt, Step::Dot] {
            let mut world = desk(|_| {}).await;
            let server = SmtpScript::start().await;
            world.receive(&from(ANNA, "a1@customer.test")).await;
            world.sent().await;
            // Her acknowledgement goes first.
            server.once(step, say(reply));
            send_by(&world, &server).await;
            assert_eq!(score(&world).await, (0, 0), "{reply}");
            let failed = world.count("SELECT COUNT(*) FROM outbox WHERE state = 'failed'").await;
            assert_eq!(failed, i64::from(!again), "{reply}");
            let sent = world.sent().await;
            let engineer: Vec<_> = sent.iter().filter(|mail| mail.notice == "delivery_failed").collect();
            assert_eq!(engineer.len(), usize::from(!again), "{reply}");
            for mail in engineer {
                assert!(
                    mail.mail.text.contains("not about the address") && mail.mail.text.contains(remedy),
                    "{}",
                    mail.mail.text
                );
            }
            let lead = told_in_full(&mut world).await;
            assert_eq!(lead.len(), 1, "{reply}");
            let text = lead[0].mail.text.replace('\n', " ");
            assert!(text.contains(remedy), "{text}");
            assert!(!text.contains("anna"), "no word of the customer: {text}");
            assert!(told(&mut world).await.is_empty(), "told once");
            if again {
                world.pass(SignedDuration::from_hours(1));
                send_by(&world, &server).await;
                assert_eq!(
                    world.count("SELECT COUNT(*) FROM outbox WHERE state = 'sent' AND id = 1").await,
                    1,
                    "{reply}"
                );
            } else {
                world.pass(SignedDuration::from_hours(25));
            }
            let over = told(&mut world).await;
            assert_eq!(over.len(), 1, "once more when it is over: {over:?}");
            assert!(over[0].starts_with("Works again: refusal 5.7."), "{over:?}");
            assert!(told(&mut world).await.is_empty());
        }
    }
}

/// The same by a relay's report.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_of_our_own_trouble_counts_for_nothing_against_the_address() {
    for (reply, remedy, _) in OURS {
        let mut world = desk(|_| {}).await;
        world.receive(&from(ANNA, "a1@customer.test")).await;
        let ack = world.sent().await.remove(0);
        let code = reply.split(' ').nth(1).unwrap();
        let report = format!(
            "From: Mail Delivery System <MAILER-DAEMON@relay.test>\r\nTo: {}\r\nSubject: Undelivered Mail Returned to Sender\r\n\
             Message-ID: <report@relay.test>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
             Your message could not be delivered.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.test\r\n\r\n\
             Final-Recipient: rfc822; anna@customer.test\r\nAction: failed\r\nStatus: {code}\r\nDiagnostic-Code: smtp; {reply}\r\n\r\n--b--\r\n",
            ack.return_path
        );
        assert_eq!(world.receive_raw(report.as_bytes()).await.verdict, "bounce");
        assert_eq!(score(&world).await, (0, 0), "{reply}");
        let news = world.sent().await;
        let news = news.iter().find(|mail| mail.notice == "delivery_failed").expect("the engineer hears of it");
        assert!(news.mail.text.contains(remedy), "{}", news.mail.text);
        assert_eq!(told(&mut world).await.len(), 1, "{reply}");
    }
}

fn provider(ends: Option<&str>) -> OAuth {
    OAuth {
        name: "main".to_owned(),
        grant: Grant::ClientCredentials,
        token_url: String::new(),
        client_id: String::new(),
        client: ClientAuth::None,
        scopes: Vec::new(),
        ca_file: None,
        timeout: Duration::from_secs(1),
        ends: ends.map(|day| day.parse().unwrap()),
    }
}

fn signing_in() -> Transport {
    transport(Smtp { login: Some(("support".to_owned(), Credential::OAuth("main".to_owned()))), ..smtp(25) })
}

/// A second mailbox with a transport of its own, that needs no sign-in.
fn another_way(config: &mut Config) {
    let mut sales = config.mailboxes["support"].clone();
    (sales.name, sales.address, sales.transport) =
        ("sales".to_owned(), "sales@example.test".to_owned(), "other".to_owned());
    config.mailboxes.insert("sales".to_owned(), sales);
    config.transports.insert("other".to_owned(), transport(smtp(26)));
}

const SIGNED_OUT: &str = "INSERT INTO oauth_token (provider, subject, expires_at, stays, error)
     VALUES ('main', '', 0, 1, 'AADSTS7000222: the client secret has ended')";

#[tokio::test]
async fn a_sign_in_that_ended_is_told_over_a_way_that_works_and_once_more_when_it_is_over() {
    let mut world = desk(|config| {
        config.transports.insert("out".to_owned(), signing_in());
        another_way(config);
    })
    .await;
    assert!(told(&mut world).await.is_empty());
    world.execute(SIGNED_OUT).await;
    let mails = told_in_full(&mut world).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].mail.subject, "Needs you: sign-in main");
    let text = mails[0].mail.text.replace('\n', " ");
    assert!(text.contains("AADSTS7000222") && text.contains("caseway oauth status"), "{text}");
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE transport = 'other'").await, 1);
    assert!(told(&mut world).await.is_empty(), "once");
    world.execute("UPDATE oauth_token SET stays = 0, error = ''").await;
    assert_eq!(told(&mut world).await, ["Works again: sign-in main"]);
    assert!(told(&mut world).await.is_empty(), "once more");
}

/// Where there is no other way nobody is told by mail, and as soon as there is one, somebody is.
#[tokio::test]
async fn without_a_way_that_works_nothing_is_written() {
    let mut world = desk(|config| _ = config.transports.insert("out".to_owned(), signing_in())).await;
    world.execute(SIGNED_OUT).await;
    assert!(told(&mut world).await.is_empty());
    world.execute("UPDATE oauth_token SET stays = 0").await;
    assert!(told(&mut world).await.is_empty(), "who was told nothing hears of no end");
}

#[tokio::test]
async fn the_end_of_a_secret_is_told_thirty_fourteen_and_three_days_before() {
    let mut world = desk(|config| _ = config.oauth.insert("main".to_owned(), provider(Some("2026-04-02")))).await;
    let day = SignedDuration::from_hours(24);
    let mut heard = Vec::new();
    // From the second of March: 31 days before.
    for passed in 0..35 {
        heard.extend(told(&mut world).await.into_iter().map(|subject| (passed, subject)));
        heard.extend(told(&mut world).await.into_iter().map(|subject| (passed, subject)));
        world.pass(day);
    }
    let expected = [
        (1, "Will end soon: secret of main (30 days)"),
        (17, "Will end soon: secret of main (14 days)"),
        (28, "Will end soon: secret of main (3 days)"),
        (31, "Needs you: secret of main"),
    ];
    assert_eq!(heard, expected.map(|(passed, subject)| (passed, subject.to_owned())));
}

/// A server that is away for a moment is nobody's business; one that stays away is, and a restart alone mends nothing.
#[tokio::test]
async fn a_mailbox_or_a_transport_that_stays_away_is_told_after_ten_minutes() {
    let mut world = desk(|config| {
        another_way(config);
        let read = imap(1, |_| {});
        config.mailboxes.get_mut("support").unwrap().source = read.source;
    })
    .await;
    let metrics = world.app.process.metrics.clone();
    metrics.lost("support", "no connection to imap.example.test:993");
    metrics.stops("out", "550 5.3.2 go away");
    assert!(told(&mut world).await.is_empty());
    world.pass(SignedDuration::from_mins(9));
    assert!(told(&mut world).await.is_empty());
    world.pass(SignedDuration::from_mins(1));
    let mails = told_in_full(&mut world).await;
    let subjects: Vec<&str> = mails.iter().map(|mail| mail.mail.subject.as_str()).collect();
    assert_eq!(subjects, ["Needs you: mailbox support", "Needs you: transport out"]);
    assert!(mails[0].mail.text.contains("no connection to imap.example.test:993"), "{}", mails[0].mail.text);
    assert_eq!(
        world.count("SELECT COUNT(*) FROM outbox WHERE transport = 'other'").await,
        2,
        "not over the one that stopped"
    );

    // Begun anew: nothing was tried yet.
    let mut config = (*world.app.config).clone();
    let mut world = World::over_with(world.dir, |fresh| std::mem::swap(fresh, &mut config)).await;
    world.sent().await;
    assert!(told(&mut world).await.is_empty());
    let metrics = world.app.process.metrics.clone();
    metrics.read("support");
    metrics.goes("out");
    assert_eq!(told(&mut world).await, ["Works again: mailbox support", "Works again: transport out"]);
}

#[tokio::test]
async fn nobody_is_told_where_nobody_is_named() {
    let mut world = World::new().await;
    world.execute(SIGNED_OUT).await;
    assert!(told(&mut world).await.is_empty());
    assert_eq!(world.count("SELECT COUNT(*) FROM alarm").await, 1, "caseway check has it");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_as_the_lead_reads_it() {
    for (language, code) in [(Language::En, "en"), (Language::De, "de"), (Language::Fi, "fi")] {
        let mut world = desk(|config| config.desk.default_language = language).await;
        let server = SmtpScript::start().await;
        world.receive(&from(ANNA, "a1@customer.test")).await;
        server.once(Step::Rcpt, say(OURS[2].0));
        send_by(&world, &server).await;
        let begun = told_in_full(&mut world).await.remove(0);
        world.pass(SignedDuration::from_hours(25));
        let over = told_in_full(&mut world).await.remove(0);
        let read = [begun, over].map(|sent| format!("Subject: {}\n\n{}", sent.mail.subject, sent.mail.text));
        insta::assert_snapshot!(format!("trouble_{code}"), read.join("\n==========\n"));
    }
}
