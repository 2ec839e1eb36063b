//! The pages where Business Accounts are an identity provider's.

use caseway::config::Directory;
use hyper::Method;
use jiff::SignedDuration;
use serde_json::json;

use super::*;
use crate::harness::browser::{Browser, PASSWORD, Site};
use crate::harness::scim::{Fault, ScimServer};

const EMAIL: &str = "anna@customer.test";
const OTHER: &str = "marble otter under the bridge";

/// A desk with pages and an identity provider.
async fn desk() -> (World, Site, ScimServer) {
    let provider = ScimServer::start().await;
    let scim = provider.config();
    let world = desk_with(|config| config.directory = Directory::Scim(Box::new(scim))).await;
    let site = Site::of(&world).await;
    (world, site, provider)
}

/// The same with Anna, whom the provider has already, and who has set a password on our page and signed in.
async fn signed_in() -> (World, Site, ScimServer, Browser) {
    let (mut world, site, provider) = desk().await;
    provider.provider(|provider| provider.add(EMAIL, true));
    let mut anna = site.browser();
    let page = forgotten(&mut world, &mut anna).await;
    assert_eq!(set(&mut anna, &page, PASSWORD).await.location(), "/sign-in?news=password_set");
    assert_eq!(anna.sign_in(EMAIL, PASSWORD).await.location(), "/cases");
    (world, site, provider, anna)
}

/// The page of the link that comes when Anna says to have forgotten her password.
async fn forgotten(world: &mut World, browser: &mut Browser) -> String {
    browser.submit("/forgot", "/forgot", &[("email", EMAIL)]).await;
    world.settle().await;
    format!("/reset/{}", token(only(&world.sent().await, "password_reset"), "reset"))
}

async fn set(browser: &mut Browser, page: &str, password: &str) -> crate::harness::browser::Answer {
    browser.submit(page, page, &[("password", password), ("again", password)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_registration_by_mail_to_a_session() {
    let (mut world, site, provider) = desk().await;
    let mut anna = site.browser();
    receive(&world, "registration", &registration("r1@customer.test", COMPLETE)).await;
    let page = format!("/activate/{}", token(only(&world.sent().await, "activation"), "activate"));
    assert_eq!(set(&mut anna, &page, PASSWORD).await.location(), "/sign-in?news=password_set");
    world.settle().await;
    assert_eq!(world.notices().await, ["welcome → anna@customer.test"]);
    assert_eq!(anna.sign_in(EMAIL, PASSWORD).await.location(), "/cases");
    let user = provider.provider(|provider| provider.user(EMAIL).unwrap().clone());
    assert_eq!((&user["active"], &user["password"]), (&json!(true), &json!(PASSWORD)));
    let change = "/profile/password";
    let fields = [("current", PASSWORD), ("password", OTHER), ("again", OTHER)];
    assert_eq!(anna.submit(change, change, &fields).await.location(), "/profile?news=password_changed");
    assert_eq!(provider.provider(|provider| provider.user(EMAIL).unwrap()["password"].clone()), OTHER);
    assert_eq!(site.browser().sign_in(EMAIL, OTHER).await.location(), "/cases");
}

/// Whom the provider has already has no password on our pages: the page says how to get one.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_of_the_providers_own_sets_a_password_here_first() {
    let (mut world, site, provider) = desk().await;
    provider.provider(|provider| provider.add(EMAIL, true));
    let mut anna = site.browser();
    insta::assert_snapshot!("provider_sign_in", anna.get("/sign-in").await.words());
    assert_eq!(anna.sign_in(EMAIL, "the one at the provider").await.status, 422);
    let page = forgotten(&mut world, &mut anna).await;
    set(&mut anna, &page, PASSWORD).await;
    assert_eq!(anna.sign_in(EMAIL, PASSWORD).await.location(), "/cases");
    insta::assert_snapshot!("provider_profile", anna.get("/profile").await.words());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_switched_off_at_the_provider_is_out_within_a_minute() {
    let (world, site, provider, mut anna) = signed_in().await;
    let mut elsewhere = site.browser();
    elsewhere.sign_in(EMAIL, PASSWORD).await;
    let active = |active: bool| provider.provider(|provider| provider.users[0]["active"] = json!(active));
    active(false);
    world.pass(SignedDuration::from_secs(60));
    assert_eq!(anna.get("/cases").await.location(), "/sign-in?next=/cases");
    active(true);
    assert_eq!(elsewhere.get("/cases").await.status, 303, "one of the sessions went on");
    assert_eq!(anna.get("/cases").await.status, 303, "the session came back");
    assert_eq!(anna.sign_in(EMAIL, PASSWORD).await.location(), "/cases");
    provider.provider(|provider| provider.users.clear());
    world.pass(SignedDuration::from_secs(60));
    assert_eq!(anna.get("/cases").await.status, 303, "who was removed is still in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_confirmed_once_a_minute() {
    let (world, _site, provider, mut anna) = signed_in().await;
    let asked = || provider.provider(|provider| provider.requests.len());
    let before = asked();
    for _ in 0..5 {
        assert_eq!(anna.get("/cases").await.status, 200);
    }
    assert_eq!(asked(), before);
    world.pass(SignedDuration::from_secs(60));
    for _ in 0..5 {
        assert_eq!(anna.get("/cases").await.status, 200);
    }
    assert_eq!(asked(), before + 1);
}

/// One page waits for a provider that does not answer; the next ones do not, for a minute.
#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_does_not_answer_is_asked_once_a_minute() {
    let (world, _site, provider, mut anna) = signed_in().await;
    let asked = || provider.provider(|provider| provider.requests.len());
    let before = asked();
    for minute in 1..=2 {
        world.pass(SignedDuration::from_secs(60));
        provider.fail(Method::GET, Fault::Status(503, ""));
        for _ in 0..5 {
            assert_eq!(anna.get("/cases").await.status, 200);
        }
        assert_eq!(asked(), before + minute);
    }
    world.pass(SignedDuration::from_secs(60));
    provider.provider(|provider| provider.users[0]["active"] = json!(false));
    assert_eq!(anna.get("/cases").await.status, 303, "it answers again, and she is out");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_away_ends_sessions_after_an_hour_and_says_so_to_others() {
    let (world, site, provider, mut anna) = signed_in().await;
    let away = || provider.fail(Method::GET, Fault::Status(503, ""));
    for _ in 0..5 {
        world.pass(SignedDuration::from_mins(11));
        away();
        assert_eq!(anna.get("/cases").await.status, 200);
    }
    away();
    let refused = site.browser().sign_in(EMAIL, PASSWORD).await;
    assert_eq!(refused.status, 503);
    insta::assert_snapshot!("provider_away", refused.words());
    world.pass(SignedDuration::from_mins(11));
    assert_eq!(anna.get("/cases").await.status, 303, "nobody has confirmed it for an hour");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_the_provider_refuses_can_be_another_one() {
    let (mut world, _site, provider, mut anna) = signed_in().await;
    let page = forgotten(&mut world, &mut anna).await;
    provider.fail(Method::PATCH, Fault::Status(400, "too weak"));
    let refused = set(&mut anna, &page, OTHER).await;
    assert_eq!(refused.status, 422);
    assert!(refused.words().contains("does not take this password"), "{}", refused.words());
    let change = "/profile/password";
    provider.fail(Method::PATCH, Fault::Status(400, "too weak"));
    let refused = anna.submit(change, change, &[("current", PASSWORD), ("password", OTHER), ("again", OTHER)]).await;
    assert!(refused.words().contains("does not take this password"), "{}", refused.words());
    assert_eq!(anna.get("/cases").await.status, 200, "signed out by nothing");
    assert_eq!(set(&mut anna, &page, OTHER).await.location(), "/sign-in?news=password_set");
    assert_eq!(anna.sign_in(EMAIL, OTHER).await.location(), "/cases");
}

/// A provider that cannot set passwords at all: another password is not asked for, without end.
#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_cannot_set_passwords_is_not_the_passwords_fault() {
    let (mut world, _site, provider, mut anna) = signed_in().await;
    let page = forgotten(&mut world, &mut anna).await;
    provider.fail(Method::PATCH, Fault::Refused(400, "mutability"));
    let answer = set(&mut anna, &page, OTHER).await;
    assert_eq!(answer.status, 503);
    assert!(answer.words().contains("Nothing was changed"), "{}", answer.words());
    let change = "/profile/password";
    provider.fail(Method::PATCH, Fault::Refused(405, ""));
    let answer = anna.submit(change, change, &[("current", PASSWORD), ("password", OTHER), ("again", OTHER)]).await;
    assert_eq!(answer.status, 503);
    assert_eq!(set(&mut anna, &page, OTHER).await.location(), "/sign-in?news=password_set", "the link is still good");
}

/// The provider has the new password, and the answer is lost or our own rows cannot be written.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_that_nothing_was_changed_when_it_may_be() {
    let (mut world, _site, provider, mut anna) = signed_in().await;
    let page = forgotten(&mut world, &mut anna).await;
    let change = "/profile/password";
    let fields = [("current", PASSWORD), ("password", OTHER), ("again", OTHER)];
    let there = || provider.provider(|provider| provider.user(EMAIL).unwrap()["password"].clone());
    provider.fail(Method::PATCH, Fault::DoneAndLost);
    let lost = set(&mut anna, &page, OTHER).await;
    insta::assert_snapshot!("provider_unsure", lost.words());
    assert_eq!((lost.status, there()), (503, json!(OTHER)));
    world
        .execute(
            "CREATE TRIGGER full BEFORE UPDATE OF password_hash ON business_account
             BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
        )
        .await;
    for answer in [set(&mut anna, &page, OTHER).await, anna.submit(change, change, &fields).await] {
        assert_eq!((answer.status, answer.words()), (503, lost.words()));
    }
    world.execute("DROP TRIGGER full").await;
    assert_eq!(anna.get("/cases").await.status, 200, "signed out by nothing");
    assert_eq!(set(&mut anna, &page, OTHER).await.location(), "/sign-in?news=password_set", "set again");
}

/// A link that was used up before the provider was told is given back when it could not be told.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_outlives_a_provider_that_is_away() {
    let (mut world, _site, provider, mut anna) = signed_in().await;
    let page = forgotten(&mut world, &mut anna).await;
    provider.fail(Method::PATCH, Fault::Status(503, ""));
    let away = set(&mut anna, &page, OTHER).await;
    assert_eq!(away.status, 503);
    assert!(!away.words().contains("Nothing was changed"), "a 503 may come after the change");
    assert_eq!(anna.get("/cases").await.status, 200, "signed out by nothing");
    assert_eq!(set(&mut anna, &page, OTHER).await.location(), "/sign-in?news=password_set");
}
