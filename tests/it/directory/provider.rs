//! An identity provider that has users of its own, and what happens when things go wrong half-way.

use caseway::desk::directory::{AccountState, Answer, Registration, Task};
use caseway::directory::{self, Directory, Embedded, Scim};
use caseway::store::Store;
use caseway::time::Clock;
use hyper::Method;
use secrecy::SecretString;
use serde_json::json;
use tempfile::TempDir;

use super::behaviour::{MAIJA, registrant, secret, store};
use crate::harness::browser::set_password;
use crate::harness::scim::{Fault, ScimServer};

pub struct Bench {
    pub server: ScimServer,
    pub directory: Scim,
    store: Store,
    _dir: TempDir,
}

impl Bench {
    pub async fn new() -> Self {
        let (dir, store) = store().await;
        let server = ScimServer::start().await;
        let directory = Scim::new(&server.config(), store.clone(), Clock::system()).await.unwrap();
        Self { server, directory, store, _dir: dir }
    }

    pub async fn set_password(&self, password: &SecretString) -> Result<(), directory::Fault> {
        set_password(&self.directory, &self.store, MAIJA, password).await
    }

    async fn register(&self) -> Registration {
        match self.directory.carry_out(&Task::Register(registrant(MAIJA))).await.unwrap() {
            Answer::Registered(registration) => registration,
            other => panic!("{other:?}"),
        }
    }

    async fn state(&self) -> AccountState {
        self.directory.find(MAIJA).await.unwrap().unwrap().business.state
    }
}

#[tokio::test]
async fn what_is_created_is_a_user_who_cannot_sign_in_yet() {
    let bench = Bench::new().await;
    assert!(matches!(bench.register().await, Registration::Created(_)));
    bench.server.provider(|provider| {
        let user = provider.user(MAIJA).unwrap();
        assert_eq!((&user["active"], &user["name"]["familyName"]), (&json!(false), &json!("Meikäläinen")));
        assert_eq!(user["emails"], json!([{ "value": MAIJA, "type": "work", "primary": true }]));
    });
    bench.set_password(&secret("kahvi ja pulla")).await.unwrap();
    assert!(matches!(bench.register().await, Registration::Enabled(_)));
    bench.server.provider(|provider| {
        let user = provider.user(MAIJA).unwrap();
        assert_eq!((&user["active"], &user["password"]), (&json!(true), &json!("kahvi ja pulla")));
        assert_eq!(user["entitlements"], json!([{ "value": "eservice" }]));
    });
}

#[tokio::test]
async fn a_creation_that_was_cut_short_is_completed_once() {
    for fault in [Fault::Status(500, ""), Fault::DoneAndLost] {
        let bench = Bench::new().await;
        bench.server.fail(Method::POST, fault.clone());
        let cut = bench.directory.carry_out(&Task::Register(registrant(MAIJA))).await.unwrap_err();
        assert!(!cut.permanent, "{cut}");
        assert!(matches!(bench.register().await, Registration::Created(_)), "{fault:?}");
        assert!(matches!(bench.register().await, Registration::Waiting(_)), "{fault:?}");
        assert_eq!(bench.server.provider(|provider| provider.users.len()), 1);
    }
}

#[tokio::test]
async fn who_was_faster_is_found() {
    let bench = Bench::new().await;
    bench.server.before(Method::POST, |provider| provider.add(MAIJA, true));
    assert!(matches!(bench.register().await, Registration::Enabled(_)));
    assert_eq!(bench.server.provider(|provider| provider.users.len()), 1);
}

#[tokio::test]
async fn an_address_that_exists_and_is_not_found_is_told() {
    let bench = Bench::new().await;
    for _ in 0..4 {
        bench.server.fail(Method::POST, Fault::Status(409, "e-mail address already in use"));
    }
    let fault = bench.directory.carry_out(&Task::Register(registrant(MAIJA))).await.unwrap_err();
    assert!(fault.permanent);
    insta::assert_snapshot!(fault.what);
}

#[tokio::test]
async fn a_user_of_the_providers_own_is_taken_as_they_are() {
    let bench = Bench::new().await;
    bench.server.provider(|provider| provider.add("Maija@Customer.test", true));
    let Registration::Enabled(known) = bench.register().await else { panic!() };
    assert_eq!((known.business.first_name.as_str(), known.business.last_name.as_str()), ("Iida", "Idp"));
    assert_eq!(
        (known.business.account_id.as_deref(), known.business.portals),
        (Some("AC-1001"), vec!["eservice".to_owned()])
    );
    bench.server.provider(|provider| {
        let user = provider.user(MAIJA).unwrap();
        assert_eq!(user["emails"][0]["value"], MAIJA);
        assert_eq!(user["entitlements"], json!([{ "value": "eservice" }]));
    });
    assert!(!bench.directory.verify_password(MAIJA, &secret("")).await.unwrap(), "no password is known here");
}

#[tokio::test]
async fn who_is_switched_off_at_the_provider_cannot_sign_in() {
    let bench = Bench::new().await;
    bench.server.provider(|provider| provider.add(MAIJA, false));
    assert_eq!(bench.register().await, Registration::Disabled);
    bench.server.provider(|provider| provider.users[0]["active"] = json!(true));
    let password = secret("kahvi ja pulla");
    bench.set_password(&password).await.unwrap();
    assert!(bench.directory.verify_password(MAIJA, &password).await.unwrap());
    bench.server.provider(|provider| provider.users[0]["active"] = json!(false));
    assert!(!bench.directory.verify_password(MAIJA, &password).await.unwrap());
    assert_eq!(bench.state().await, AccountState::Disabled);
    bench.server.fail(Method::GET, Fault::Status(503, ""));
    let fault = bench.directory.verify_password(MAIJA, &password).await.unwrap_err();
    assert!(!fault.permanent, "who cannot be asked about has not mistyped a password");
}

#[tokio::test]
async fn who_was_removed_at_the_provider_begins_anew() {
    let bench = Bench::new().await;
    bench.register().await;
    let password = secret("kahvi ja pulla");
    bench.set_password(&password).await.unwrap();
    bench.register().await;
    bench.server.provider(|provider| provider.users.clear());
    assert_eq!(bench.directory.find(MAIJA).await.unwrap(), None);
    assert!(!bench.directory.verify_password(MAIJA, &password).await.unwrap());
    let Registration::Created(known) = bench.register().await else { panic!() };
    assert_eq!((known.business.state, known.business.portals.len()), (AccountState::Invited, 0));
    assert!(!bench.directory.verify_password(MAIJA, &password).await.unwrap());
}

/// A desk that begins to use an identity provider after it had people of its own.
#[tokio::test]
async fn who_was_here_before_the_provider_sets_a_password_again() {
    let bench = Bench::new().await;
    let before = Embedded::new(bench.store.clone(), Clock::system());
    before.carry_out(&Task::Register(registrant(MAIJA))).await.unwrap();
    set_password(&before, &bench.store, MAIJA, &secret("kahvi ja pulla")).await.unwrap();
    assert!(matches!(bench.register().await, Registration::Created(_)));
    assert_eq!(bench.state().await, AccountState::Invited);
    bench.set_password(&secret("pulla")).await.unwrap();
    assert!(matches!(bench.register().await, Registration::Enabled(_)));
}

#[tokio::test]
async fn a_change_of_somebody_else_is_not_overwritten() {
    let bench = Bench::new().await;
    bench.register().await;
    bench.server.before(Method::PATCH, |provider| provider.touch(MAIJA));
    bench.set_password(&secret("kahvi ja pulla")).await.unwrap();
    assert_eq!(bench.state().await, AccountState::Active);
    let patches: Vec<String> = bench.server.provider(|provider| {
        provider.requests.iter().filter(|request| request.starts_with("PATCH")).cloned().collect()
    });
    assert_eq!(patches, ["PATCH /Users/id/1? W/\"1\"", "PATCH /Users/id/1? W/\"1\"+"]);
}

#[tokio::test]
async fn who_is_removed_while_they_are_changed_is_told() {
    let bench = Bench::new().await;
    bench.register().await;
    bench.server.before(Method::PATCH, |provider| provider.users.clear());
    let fault = bench.set_password(&secret("kahvi ja pulla")).await.unwrap_err();
    assert!(fault.permanent, "{fault}");
}

#[tokio::test]
async fn a_private_authority_is_trusted_where_it_is_named() {
    let (_dir, store) = store().await;
    let server = ScimServer::start_tls().await;
    let named = Scim::new(&server.config(), store.clone(), Clock::system()).await.unwrap();
    assert_eq!(named.find(MAIJA).await.unwrap(), None);
    let unnamed = caseway::config::Scim { ca_file: None, ..server.config() };
    let fault = Scim::new(&unnamed, store, Clock::system()).await.unwrap().find(MAIJA).await.unwrap_err();
    assert!(fault.what.contains("certificate") && fault.what.contains("ca_file"), "{fault}");
}
