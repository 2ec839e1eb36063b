//! Who is it, when tokens have been seen, signed mails are sent again and headers are added.

use caseway::mail::auth_results::Server;
use jiff::SignedDuration;

use crate::harness::mail::{Letter, from};
use crate::harness::world::{Sent, World};

const ANNA: &str = "Anna Schmidt <anna@customer.test>";
const BERTA: &str = "Berta Lang <berta@customer.test>";
const MALLORY: &str = "Mallory <mallory@elsewhere.test>";
const ERKKI: &str = "Erkki Virtanen <erkki@example.test>";
const RESULTS: &str = "Authentication-Results";
const AUTH_AS: &str = "X-MS-Exchange-Organization-AuthAs";

/// A ticket of Anna's and the mails it caused: her acknowledgement and Erkki's notification.
async fn opened() -> (World, Sent, Sent) {
    let mut world = World::new().await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world.receive(&from(ANNA, "a1@customer.test")).await;
    let mut sent = world.sent().await;
    let (notification, acknowledgement) = (sent.pop().unwrap(), sent.pop().unwrap());
    assert_eq!((notification.notice.as_str(), acknowledgement.notice.as_str()), ("new_ticket", "acknowledgement"));
    (world, acknowledgement, notification)
}

fn answer(id: &str) -> Letter {
    from(ERKKI, id).subject("Re: [CASE-1] printer").text("Please turn it off and on again.")
}

async fn held(world: &mut World, letter: &Letter, why: &str) {
    let settled = world.receive(letter).await;
    assert_eq!((settled.verdict.as_str(), settled.proof.as_str()), ("held", ""), "{why}");
    assert_eq!(world.notices().await, ["unproven → erkki@example.test"], "{why}");
}

async fn joined(world: &World) -> i64 {
    world.count("SELECT COUNT(*) FROM participant").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_others_saw_is_replaced_and_leads_to_the_case_alone() {
    let (mut world, _, notification) = opened().await;
    let direct = answer("e1@example.test").to(notification.reply_to()).answering(notification.message_id());
    let settled = world.receive(&direct.header("Cc", ANNA)).await;
    assert_eq!((settled.verdict.as_str(), settled.proof.as_str()), ("threaded", "token"));
    assert!(world.sent().await.is_empty(), "Anna has it already");
    let (to, id) = (notification.reply_to(), notification.message_id());
    for (number, forged) in [
        answer("f1@elsewhere.test").to(to),
        answer("f2@elsewhere.test").answering(id),
        answer("f3@elsewhere.test").header("References", &format!("<x@y.test> <{id}>")),
        answer("f4@elsewhere.test").header("Delivered-To", to),
        answer("f5@elsewhere.test").to(to).text("#approve"),
    ]
    .iter()
    .enumerate()
    {
        held(&mut world, forged, &format!("{forged:?}")).await;
        assert_eq!(world.ticket(number as i64 + 2, "linked_to").await, "1");
    }
    world.receive(&from(ANNA, "a2@customer.test").subject("Re: [CASE-1] printer")).await;
    let told = world.sent().await.remove(0);
    assert_eq!(told.notice, "customer_reply");
    assert_ne!(told.reply_to(), notification.reply_to());
    assert_eq!(told.mail.references, notification.mail.references, "the engineer's client keeps one thread");
    let genuine = world.receive(&answer("e2@example.test").to(told.reply_to())).await;
    assert_eq!((genuine.verdict.as_str(), genuine.proof.as_str()), ("threaded", "token"));
    assert_eq!(world.notices().await, ["answer → anna@customer.test"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_our_server_speaks_of_the_sender_a_token_alone_is_no_proof() {
    let (mut world, _, notification) = opened().await;
    let said = |id: &str, results: &str| {
        answer(id).to(notification.reply_to()).on_top(RESULTS, &format!("mx.example.test; {results}"))
    };
    for (number, results) in [
        "dmarc=none header.from=example.test",
        "dmarc=temperror header.from=example.test",
        "spf=none smtp.mailfrom=example.test; dkim=none",
        "spf=fail smtp.mailfrom=example.test",
        "spf=softfail smtp.mailfrom=example.test; dmarc=none",
        "spf=pass smtp.mailfrom=elsewhere.test; dkim=pass header.d=elsewhere.test",
        "dkim=fail header.d=example.test; spf=neutral smtp.mailfrom=example.test",
    ]
    .into_iter()
    .enumerate()
    {
        held(&mut world, &said(&format!("f{number}@elsewhere.test"), results), results).await;
    }
    for (number, results) in [
        "none",
        "spf=pass smtp.mailfrom=erkki@example.test; dmarc=none header.from=example.test",
        "dkim=fail header.d=list.test; dkim=pass header.d=example.test",
    ]
    .into_iter()
    .enumerate()
    {
        let settled = world.receive(&said(&format!("e{number}@example.test"), results)).await;
        assert_eq!((settled.verdict.as_str(), settled.proof.as_str()), ("threaded", "token"), "{results}");
        assert_eq!(world.notices().await, ["answer → anna@customer.test"], "{results}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn exchange_online_is_believed_where_it_is_named() {
    let mut world = World::with(|config| config.trust.server = Some(Server::ExchangeOnline)).await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world.receive(&from(ANNA, "a1@customer.test")).await;
    world.sent().await;
    let from_outside = "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.test; dkim=pass (signature was verified) \
                        header.d=example.test;dmarc=pass action=none header.from=example.test;compauth=pass reason=100";
    let settled = world.receive(&answer("e1@example.test").on_top(RESULTS, from_outside)).await;
    assert_eq!((settled.verdict.as_str(), settled.proof.as_str()), ("threaded", "dmarc"));
    let inside = "dkim=none (message not signed) header.d=none;dmarc=none action=none header.from=example.test;";
    let inside = answer("e2@example.test").on_top(RESULTS, inside).header(AUTH_AS, "Internal");
    let settled = world.receive(&inside).await;
    assert_eq!((settled.verdict.as_str(), settled.proof.as_str()), ("threaded", "internal"));
    assert_eq!(world.notices().await, ["answer → anna@customer.test", "answer → anna@customer.test"]);
    for (why, letter) in [
        ("named", answer("f1@x.test").proven()),
        ("another's on top", answer("f2@x.test").on_top(RESULTS, from_outside).on_top(RESULTS, "mx.x.test; none")),
        ("not internal", answer("f3@x.test").on_top(RESULTS, "spf=none; dmarc=none").header(AUTH_AS, "Anonymous")),
    ] {
        held(&mut world, &letter, why).await;
    }
    // Whoever does not use Exchange Online does not believe what anybody can write.
    let (mut world, ..) = opened().await;
    held(&mut world, &inside, "a mark that nobody removes").await;
    held(&mut world, &answer("f4@x.test").on_top(RESULTS, from_outside), "no name").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_gives_no_commands_and_brings_nobody_in() {
    let (mut world, _, notification) = opened().await;
    let orders = ["#approve", "#set email mallory@elsewhere.test\n\nHello Anna", "\n\n #Reject "];
    for (number, order) in orders.into_iter().enumerate() {
        let letter = answer(&format!("f{number}@example.test")).to(notification.reply_to()).text(order);
        let settled = world.receive(&letter).await;
        assert_eq!((settled.verdict.as_str(), settled.proof.as_str()), ("held", "token"), "{order}");
        let sent = world.sent().await;
        assert_eq!((sent.len(), sent[0].notice.as_str()), (1, "unproven"), "{order}");
        assert!(sent[0].mail.text.contains("send the commands again"), "{}", sent[0].mail.text);
    }
    let proven = answer("e2@example.test").to(notification.reply_to()).text("#approve").proven();
    assert_eq!(world.receive(&proven).await.proof, "dmarc");
    assert_eq!(world.notices().await, ["command_result → erkki@example.test"]);
    let copied = answer("e3@example.test").to(notification.reply_to()).header("Cc", MALLORY);
    assert_eq!(world.receive(&copied).await.proof, "token");
    assert_eq!((world.notices().await.len(), joined(&world).await), (1, 0));
    let copied = answer("e4@example.test").to(notification.reply_to()).header("Cc", MALLORY).proven();
    assert_eq!(world.receive(&copied).await.proof, "dmarc");
    assert_eq!(joined(&world).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_bring_no_token_to_another() {
    let (mut world, ack, notification) = opened().await;
    let token = |mail: &Sent| mail.reply_to().split(['+', '@']).nth(1).unwrap().to_owned();
    for (number, words) in [
        format!("On Monday {} wrote something:\nyes, thanks", ack.reply_to()),
        format!("My address of yours is <{}>.", ack.reply_to().to_uppercase()),
        format!("I answered {}", ack.message_id()),
        format!("Whose is {}?", notification.reply_to()),
    ]
    .iter()
    .enumerate()
    {
        let letter = from(ANNA, &format!("w{number}@customer.test")).to(ack.reply_to()).text(words);
        assert_eq!(world.receive(&letter).await.verdict, "threaded", "{words}");
        world.pass(SignedDuration::from_hours(1));
        let told = world.sent().await.remove(0);
        let read = format!("{}{}", told.mail.text, told.mail.html.unwrap_or_default()).to_lowercase();
        assert!(read.contains(words.split(' ').next().unwrap().to_lowercase().as_str()), "{read}");
        assert!(!read.contains(&token(&ack)) && !read.contains(&token(&notification)), "{read}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_that_stands_twice_proves_nothing() {
    let (mut world, ack, notification) = opened().await;
    let headers = [
        ("Subject", "[CASE-1] hi"),
        ("In-Reply-To", "<a1@customer.test>"),
        ("References", "<a1@customer.test>"),
        ("Content-Type", "multipart/mixed; boundary=x"),
        ("Content-Transfer-Encoding", "base64"),
        ("To", ack.reply_to()),
        ("Cc", ERKKI),
        ("Message-ID", "<other@example.test>"),
        ("Date", "Mon, 2 Mar 2026 10:00:00 +0000"),
        ("subject ", "[CASE-1] hi"),
        ("Sender", ERKKI),
    ];
    for (number, (name, value)) in headers.into_iter().enumerate() {
        let mut letter = answer(&format!("f{number}@elsewhere.test")).answering("a1@customer.test");
        letter = letter.header("Cc", ERKKI).header("Sender", ERKKI).header("Content-Transfer-Encoding", "7bit");
        letter = letter.on_top(name, value).proven();
        held(&mut world, &letter, name).await;
    }
    let twice = answer("f20@elsewhere.test").on_top("To", notification.reply_to());
    held(&mut world, &twice, "with a token").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_obeyed_once() {
    let (mut world, _, notification) = opened().await;
    world.receive(&from(BERTA, "b1@customer.test")).await;
    world.sent().await;
    let genuine = answer("e1@example.test").proven();
    assert_eq!(world.receive(&genuine).await.proof, "dmarc");
    assert_eq!(world.notices().await, ["answer → anna@customer.test"]);
    assert_eq!(world.receive(&genuine).await.verdict, "duplicate");
    for (why, copy) in [
        ("another case", genuine.clone().subject("[CASE-2] printer")),
        ("another thread", genuine.clone().answering("b1@customer.test")),
        ("another recipient", genuine.clone().to("help@example.test")),
        ("other blanks", genuine.clone().subject("[CASE-2] printer").text("Please  turn it off \n\nand on again.\n\n")),
        ("with a token", genuine.clone().to(notification.reply_to())),
    ] {
        held(&mut world, &copy, why).await;
    }
    // Nor is a mail that asked for something else: it opened a ticket, and is no answer on another.
    let question = from(ERKKI, "q1@example.test").subject("Who has the key?").proven();
    assert_eq!(world.receive(&question).await.verdict, "opened");
    world.sent().await;
    held(&mut world, &question.clone().subject("[CASE-2] Who has the key?"), "a question").await;
    // Two mails of the same words are two mails.
    let again = answer("e2@example.test").proven();
    assert_eq!(world.receive(&again).await.verdict, "threaded");
}

#[tokio::test(flavor = "multi_thread")]
async fn old_mails_and_mails_to_others_are_not_acted_on() {
    let (mut world, _, notification) = opened().await;
    let to_us = notification.reply_to();
    for (number, date) in
        ["Fri, 2 Jan 2026 09:00:00 +0000", "Thu, 2 Apr 2026 09:00:00 +0000", "yesterday"].iter().enumerate()
    {
        let letter = answer(&format!("f{number}@example.test")).to(to_us).header("Date", date).proven();
        held(&mut world, &letter, date).await;
    }
    let private = from(ERKKI, "p1@example.test").to(MALLORY).subject("[CASE-1] lunch?").proven();
    held(&mut world, &private, "a private mail").await;
    let late = answer("e1@example.test").header("Date", "Mon, 23 Feb 2026 09:00:00 +0000").proven();
    assert_eq!(world.receive(&late).await.verdict, "threaded", "a week in a queue");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_joins_a_case_without_proof() {
    let (world, ack, _) = opened().await;
    let reply = |id: &str| from(ANNA, id).header("Cc", MALLORY);
    for forged in [
        reply("f1@elsewhere.test").answering("a1@customer.test"),
        reply("f2@elsewhere.test").header("References", "<a1@customer.test>"),
        reply("f3@elsewhere.test").subject("[CASE-1] hi"),
        reply("f4@elsewhere.test").answering("a1@customer.test").on_top(RESULTS, "mx.example.test; dmarc=none"),
    ] {
        assert_eq!(world.receive(&forged).await.verdict, "threaded", "{forged:?}");
        assert_eq!(joined(&world).await, 0, "{forged:?}");
    }
    let unconfirmed = "mx.example.test; spf=fail smtp.mailfrom=customer.test; dmarc=none header.from=customer.test";
    assert_eq!(world.receive(&reply("f5@elsewhere.test").on_top(RESULTS, unconfirmed)).await.verdict, "opened");
    assert_eq!(joined(&world).await, 0);
    // By the token that only Anna has her colleague joins; whoever reads that mail has the token too.
    let genuine = from(ANNA, "a2@customer.test").answering(ack.message_id()).header("Cc", BERTA);
    assert_eq!(world.receive(&genuine).await.proof, "token");
    assert_eq!(joined(&world).await, 1);
    let seen = reply("f6@elsewhere.test").answering(ack.message_id());
    let settled = world.receive(&seen).await;
    assert_eq!((settled.verdict.as_str(), settled.proof.as_str(), joined(&world).await), ("threaded", "", 1));
    assert_eq!(world.receive(&reply("a3@customer.test").subject("[CASE-1] hi").proven()).await.proof, "dmarc");
    assert_eq!(joined(&world).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_one_plain_from_is_an_engineer() {
    let (mut world, _, notification) = opened().await;
    let token = || answer("f@elsewhere.test").to(notification.reply_to()).proven();
    let without_from = String::from_utf8(token().bytes()).unwrap().replacen("From: ", "Sender: ", 1);
    for (number, sender) in [
        "Erkki <=?utf-8?Q?erkki?=@example.test>",
        "=?utf-8?Q?Erkki_<erkki@example.test>?=",
        "Erkki <er\u{212a}ki@example.test>",
        "Erkki <\u{ff45}rkki@example.test>",
        "Erkki <erkki@\u{ff45}xample.test>",
        "<erkki@example.test>, <mallory@elsewhere.test>",
        "\"erkki@example.test\" <mallory@elsewhere.test>",
    ]
    .into_iter()
    .enumerate()
    {
        let letter = token().header("From", sender).header("Message-ID", &format!("<f{number}@elsewhere.test>"));
        let settled = world.receive(&letter).await;
        assert_eq!(settled.verdict, "held", "{sender}");
        assert!(!world.notices().await.iter().any(|notice| notice.starts_with("answer")), "{sender}");
    }
    let settled = world.receive_raw(without_from.as_bytes()).await;
    assert_eq!((settled.verdict.as_str(), settled.proof.as_str()), ("held", ""));
    let spaced = format!("{RESULTS} : mx.example.test; dmarc=pass header.from=example.test\r\n");
    let mut raw = spaced.into_bytes();
    raw.extend(answer("f9@elsewhere.test").bytes());
    assert_eq!(world.receive_raw(&raw).await.verdict, "held");
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_are_read_at_the_very_top_and_outside_of_quotes() {
    let (mut world, _, notification) = opened().await;
    let order = |id: &str| answer(id).to(notification.reply_to()).proven();
    for (number, html) in [
        "<blockquote>#approve</blockquote>",
        "<blockquote>#approve</blockquote><p>no idea</p>",
        "<div><blockquote><div>#approve</div></blockquote></div>",
    ]
    .into_iter()
    .enumerate()
    {
        let letter = order(&format!("q{number}@example.test")).header("Content-Type", "text/html").text(html);
        assert_eq!(world.receive(&letter).await.verdict, "threaded", "{html}");
        let sent = world.sent().await;
        assert_eq!((sent.len(), sent[0].notice.as_str()), (1, "command_result"), "{html}");
        assert!(sent[0].mail.text.contains("commands stand"), "{html}: {}", sent[0].mail.text);
    }
    // What stands on top is an order, and the quote below it is none.
    let html = "<p>#set email a@b.test</p><blockquote>#approve</blockquote>";
    let above = order("q8@example.test").header("Content-Type", "text/html").text(html);
    assert_eq!(world.receive(&above).await.verdict, "threaded");
    let sent = world.sent().await;
    assert!(sent[0].mail.text.contains("this case has no form"), "{}", sent[0].mail.text);
    assert!(!sent[0].mail.text.contains("#approve"), "{}", sent[0].mail.text);
    let below = order("q9@example.test").text("On Monday Jane wrote:\n> old\n\n#approve");
    assert_eq!(world.receive(&below).await.verdict, "threaded");
    assert_eq!(world.notices().await, ["command_result → erkki@example.test"]);
    world.pass(SignedDuration::from_hours(1));
    let warning = "CAUTION: This email originated from outside of the organization. Do not click links.";
    for (number, text) in ["#approve\n\n> old", &format!("{warning}\n\n#approve")].into_iter().enumerate() {
        world.receive(&order(&format!("e{number}@example.test")).text(text)).await;
        let sent = world.sent().await;
        assert!(sent[0].mail.text.contains("this case has no form"), "{}", sent[0].mail.text);
    }
}
