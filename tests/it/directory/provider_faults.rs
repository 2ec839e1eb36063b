//! An identity provider that fails in every way there is.

use std::time::Duration;

use caseway::config;
use caseway::desk::directory::Task;
use caseway::directory::{self, Cause, Directory, Scim};
use caseway::time::Clock;
use hyper::Method;
use secrecy::SecretString;

use super::behaviour::{MAIJA, registrant, secret, store};
use super::provider::Bench;
use crate::harness::scim::{Fault, ScimServer};

fn told(fault: &directory::Fault, port: u16) -> String {
    let class = if fault.permanent { "permanent" } else { "temporary" };
    let wait = fault.retry_after.map(|wait| format!(", again in {wait:#}")).unwrap_or_default();
    format!("{class}{wait}: {}", fault.what.replace(&port.to_string(), "[PORT]"))
}

#[tokio::test]
async fn every_answer_to_a_question_is_classed_and_told() {
    let bench = Bench::new().await;
    let mut all = Vec::new();
    for fault in [
        Fault::Status(400, "bad filter"),
        Fault::Status(403, "scope users:read is missing"),
        Fault::Status(404, ""),
        Fault::Status(500, "database of maija@customer.test\nis down"),
        Fault::TooMany("7"),
        Fault::TooMany("Wed, 21 Oct 2015 07:28:00 GMT"),
        Fault::TooMany("99999999"),
        Fault::BrokenJson,
        Fault::Redirect,
    ] {
        bench.server.fail(Method::GET, fault.clone());
        let failed = bench.directory.find(MAIJA).await.unwrap_err();
        all.push(format!("{fault:?}\n  {}", told(&failed, bench.server.port)));
    }
    insta::assert_snapshot!(all.join("\n"));
    assert_eq!(bench.directory.find(MAIJA).await.unwrap(), None, "it works again afterwards");
}

#[tokio::test]
async fn who_never_answers_is_not_waited_for() {
    let server = ScimServer::start().await;
    let (_dir, store) = store().await;
    let hasty = config::Scim { timeout: Duration::from_millis(300), ..server.config() };
    let directory = Scim::new(&hasty, store, Clock::system()).await.unwrap();
    for fault in [Fault::Hang, Fault::SlowBody] {
        server.fail(Method::GET, fault.clone());
        let failed = directory.find(MAIJA).await.unwrap_err();
        assert!(!failed.permanent && failed.what.contains("no answer within 300ms"), "{fault:?}: {failed}");
    }
}

#[tokio::test]
async fn nobody_there_and_a_wrong_token_are_told() {
    let server = ScimServer::start().await;
    let (_dir, store) = store().await;
    let wrong = config::Scim { token: SecretString::from("wrong-token"), ..server.config() };
    let directory = Scim::new(&wrong, store.clone(), Clock::system()).await.unwrap();
    assert!(!format!("{directory:?}").contains("wrong-token"));
    let refused = directory.find(MAIJA).await.unwrap_err();
    insta::assert_snapshot!(told(&refused, server.port));
    let (port, config) = (server.port, server.config());
    drop(server);
    let directory = Scim::new(&config, store, Clock::system()).await.unwrap();
    let failed = directory.find(MAIJA).await.unwrap_err();
    assert!(!failed.permanent);
    assert!(told(&failed, port).contains("cannot be reached"), "{failed}");
}

#[tokio::test]
async fn no_address_widens_the_filter() {
    let bench = Bench::new().await;
    bench.server.provider(|provider| provider.add(MAIJA, true));
    for email in
        ["a\" or userName pr", "a\\\" or userName pr or userName eq \"a", "x@customer.test\" or active eq true"]
    {
        assert_eq!(bench.directory.find(email).await.unwrap(), None, "{email}");
        let asked = bench.server.provider(|provider| provider.requests.pop().unwrap());
        let asked_for = format!("userName eq {}", serde_json::json!(caseway::mail::address::normalise(email)));
        assert!(asked.contains(&asked_for), "{asked}");
    }
}

#[tokio::test]
async fn a_provider_that_ignores_filters_is_looked_through_and_given_up() {
    let bench = Bench::new().await;
    bench.server.provider(|provider| {
        provider.ignores_filters = true;
        (0..250).for_each(|n| provider.add(&format!("user{n}@customer.test"), true));
        provider.add(MAIJA, true);
        (0..50).for_each(|n| provider.add(&format!("more{n}@customer.test"), true));
    });
    assert!(bench.directory.find(MAIJA).await.unwrap().is_some());
    assert_eq!(bench.server.provider(|provider| provider.requests.len()), 3);
    assert_eq!(bench.directory.find("nobody@customer.test").await.unwrap(), None);
    bench.server.provider(|provider| (0..2000).for_each(|n| provider.add(&format!("x{n}@customer.test"), true)));
    let fault = bench.directory.find("nobody@customer.test").await.unwrap_err();
    assert!(fault.what.contains("filter"), "{fault}");
}

#[tokio::test]
async fn a_refused_password_is_not_repeated() {
    let bench = Bench::new().await;
    bench.directory.carry_out(&Task::Register(registrant(MAIJA))).await.unwrap();
    bench.server.fail(Method::PATCH, Fault::Status(400, "'kahvi ja pulla' is too weak"));
    let fault = bench.set_password(&secret("kahvi ja pulla")).await.unwrap_err();
    assert!(fault.permanent && !fault.what.contains("kahvi"), "{fault}");
    assert!(fault.what.contains("invalidValue"), "{fault}");
    assert!(!bench.directory.verify_password(MAIJA, &secret("kahvi ja pulla")).await.unwrap());
}

/// What a provider cannot do at all must not be told as the fault of a password: nobody would ever find another one.
#[tokio::test]
async fn only_a_refused_value_is_the_fault_of_the_password() {
    let bench = Bench::new().await;
    bench.directory.carry_out(&Task::Register(registrant(MAIJA))).await.unwrap();
    for (status, word, cause) in [
        (400, "invalidValue", Cause::Password),
        (400, "mutability", Cause::Directory),
        (400, "invalidPath", Cause::Directory),
        (400, "", Cause::Directory),
        (405, "", Cause::Directory),
        (405, "invalidValue", Cause::Directory),
    ] {
        bench.server.fail(Method::PATCH, Fault::Refused(status, word));
        let fault = bench.set_password(&secret("kahvi ja pulla")).await.unwrap_err();
        assert_eq!((fault.cause, fault.permanent, fault.is_unsure), (cause, true, false), "{status} {word}: {fault}");
        assert!(fault.what.contains(word) && !fault.what.contains("kahvi"), "{fault}");
    }
}

#[tokio::test]
async fn what_may_have_been_done_is_told_from_what_was_not() {
    let server = ScimServer::start().await;
    let (_dir, store) = store().await;
    let hasty = config::Scim { timeout: Duration::from_millis(300), ..server.config() };
    let directory = Scim::new(&hasty, store, Clock::system()).await.unwrap();
    server.provider(|provider| provider.add(MAIJA, true));
    for (method, fault, is_unsure) in [
        (Method::GET, Fault::Hang, false),
        (Method::GET, Fault::Status(503, ""), false),
        (Method::PATCH, Fault::Status(403, ""), false),
        (Method::PATCH, Fault::TooMany("7"), false),
        (Method::PATCH, Fault::Hang, true),
        (Method::PATCH, Fault::SlowBody, true),
        (Method::PATCH, Fault::DoneAndLost, true),
    ] {
        server.fail(method.clone(), fault.clone());
        let failed = directory.prepare_password(MAIJA, &secret("kahvi ja pulla")).await.unwrap_err();
        assert_eq!(failed.is_unsure, is_unsure, "{method} {fault:?}: {failed}");
    }
}
