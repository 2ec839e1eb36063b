//! A mail to itself, through real servers and through ones that lose it.

use std::time::Duration;

use caseway::config::{After, Canary, Config, Tls};
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use crate::harness::imap_script::Server;
use crate::harness::intake::imap;
use crate::harness::post::{smtp, transport};
use crate::harness::servers::{Dovecot, Postfix};
use crate::harness::smtp_script::{SmtpScript, Step, say};
use crate::harness::world::World;

fn flying(config: &mut Config, late: Duration) {
    config.canary = Some(Canary { every: Duration::from_secs(600), late });
    config.desk.lead = Some("lead@example.test".to_owned());
    config.limits.shutdown = Duration::from_secs(5);
}

/// Runs the gateway until `done`.
async fn until(world: &World, done: impl AsyncFn() -> bool) {
    let stop = CancellationToken::new();
    let watch = async {
        while !done().await {
            tokio::task::yield_now().await;
        }
        stop.cancel();
    };
    let (ended, ()) =
        tokio::time::timeout(Duration::from_secs(60), async { tokio::join!(world.app.serve(stop.clone()), watch) })
            .await
            .expect("it comes to that");
    ended.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_to_itself_is_back_and_leaves_nothing_behind() {
    for after in [After::Keep, After::Seen, After::Move("Done".to_owned()), After::Delete] {
        let dovecot = Dovecot::start();
        let postfix = Postfix::start(&dovecot);
        let world = World::with(|config| {
            flying(config, Duration::from_secs(30));
            let read = imap(dovecot.imaps, |imap| {
                imap.tls = Tls::Implicit { ca_file: Some(dovecot.ca_file()) };
                imap.after = after.clone();
            });
            config.mailboxes.get_mut("support").unwrap().source = read.source;
            config.transports.insert("out".to_owned(), transport(smtp(postfix.smtp)));
        })
        .await;
        let metrics = world.app.process.metrics.clone();
        let gone = || {
            let left = ["", ".Done"].map(|folder| dovecot.files("support", folder).len());
            left == [0, 0]
        };
        let empty = async || world.count("SELECT COUNT(*) FROM ledger").await == 0;
        until(&world, async || {
            let back = metrics.canary("support").is_some_and(|canary| canary.took.is_some());
            let is_done = back && gone() && empty().await;
            if is_done {
                for table in ["SELECT COUNT(*) FROM ticket", "SELECT COUNT(*) FROM raw", "SELECT COUNT(*) FROM outbox"]
                {
                    assert_eq!(world.count(table).await, 0, "{table}");
                }
            }
            is_done
        })
        .await;
        let canary = metrics.canary("support").unwrap();
        assert!(canary.took.unwrap() < Duration::from_secs(30) && canary.trouble.is_empty(), "{canary:?}");
    }
}

/// A server that takes the mail and loses it, and one that does not take it.
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_does_not_come_back_is_told_once_and_once_more_when_one_does() {
    for (reply, words) in
        [("", "is not back within 1 s"), ("550 5.7.60 not allowed to send as this sender", "not allowed to send as")]
    {
        let (read, server) = (Server::start(0, |_| {}).await, SmtpScript::start().await);
        if !reply.is_empty() {
            server.once(Step::Mail, say(reply));
        }
        let mut world = World::with(|config| {
            flying(config, Duration::from_secs(1));
            config.mailboxes.get_mut("support").unwrap().source = imap(read.port, |_| {}).source;
            config.transports.insert("out".to_owned(), transport(smtp(server.port)));
        })
        .await;
        let metrics = world.app.process.metrics.clone();
        let late = async || metrics.canary("support").is_some_and(|canary| canary.trouble.contains(words));
        let canaries = world.app.canaries().unwrap();
        let stop = CancellationToken::new();
        let watch = async {
            while !late().await {
                tokio::task::yield_now().await;
            }
            stop.cancel();
        };
        tokio::time::timeout(Duration::from_secs(60), async { tokio::join!(canaries.run(stop.clone()), watch) })
            .await
            .unwrap();
        let told = async |world: &mut World| {
            world.app.alarms().look().await.unwrap();
            world.sent().await.into_iter().map(|mail| mail.mail.subject).collect::<Vec<_>>()
        };
        assert_eq!(told(&mut world).await, ["Needs you: canary support"]);
        assert_eq!(told(&mut world).await, [] as [String; 0]);
        world.pass(SignedDuration::from_mins(10));
        metrics.canary_is_back("support", Duration::from_secs(2));
        assert_eq!(told(&mut world).await, ["Works again: canary support"]);
        assert_eq!(world.count("SELECT COUNT(*) FROM ticket").await, 0);
    }
}
