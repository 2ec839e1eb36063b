//! What every directory does, run against each.

use std::sync::Arc;

use argon2::PasswordHasher;
use caseway::desk::directory::{
    Account, AccountState, Answer, Known, NeedsApproval, Registrant, Registration, Task, account_id,
};
use caseway::directory::{Directory, Embedded, Fault, NewBusiness, Scim};
use caseway::store::Store;
use caseway::store::directory::account::{self, Saved};
use caseway::store::directory::sign_in;
use caseway::time::Clock;
use futures_util::future::join_all;
use secrecy::SecretString;
use tempfile::TempDir;

use crate::harness::browser::set_password;
use crate::harness::database;
use crate::harness::scim::ScimServer;

pub const MAIJA: &str = "maija@customer.test";

/// A directory that knows three customer accounts and nobody.
struct Bench {
    directory: Arc<dyn Directory>,
    store: Store,
    _dir: TempDir,
    _server: Option<ScimServer>,
}

impl Bench {
    async fn embedded() -> Self {
        let (dir, store) = store().await;
        let directory = Arc::new(Embedded::new(store.clone(), Clock::system()));
        Self { directory, store, _dir: dir, _server: None }
    }

    async fn scim() -> Self {
        let (dir, store) = store().await;
        let server = ScimServer::start().await;
        let directory = Arc::new(Scim::new(&server.config(), store.clone(), Clock::system()).await.unwrap());
        Self { directory, store, _dir: dir, _server: Some(server) }
    }

    async fn ask(&self, task: Task) -> Answer {
        self.directory.carry_out(&task).await.unwrap()
    }

    async fn register(&self, registrant: &Registrant) -> Registration {
        match self.ask(Task::Register(registrant.clone())).await {
            Answer::Registered(registration) => registration,
            other => panic!("{other:?}"),
        }
    }

    async fn known(&self, email: &str) -> Known {
        self.directory.find(email).await.unwrap().unwrap()
    }

    /// Maija as a person who can sign in.
    async fn active(&self) {
        assert!(matches!(self.register(&registrant(MAIJA)).await, Registration::Created(_)));
        self.set_password(&secret("kahvi ja pulla")).await.unwrap();
    }

    async fn set_password(&self, password: &SecretString) -> Result<(), Fault> {
        set_password(&*self.directory, &self.store, MAIJA, password).await
    }

    async fn disable(&self, email: &str) {
        assert!(self.directory.set_enabled(email, false).await.unwrap());
    }
}

/// Each of these runs against each directory.
macro_rules! on_each {
    ($($behaviour:ident),* $(,)?) => {
        mod embedded {
            $(#[tokio::test] async fn $behaviour() { super::$behaviour(super::Bench::embedded().await).await; })*
        }
        mod scim {
            $(#[tokio::test] async fn $behaviour() { super::$behaviour(super::Bench::scim().await).await; })*
        }
    };
}

on_each![
    an_administrator_adds_and_switches_people,
    a_person_is_created_waits_and_is_enabled,
    an_active_person_gets_the_portal_at_once,
    who_has_no_right_to_ask_changes_nothing,
    a_contact_or_an_engineer_vouches,
    of_many_at_once_one_creates,
    passwords_are_those_of_active_people_alone,
    who_is_disabled_stays_so,
    a_second_factor_is_used_once_a_step_and_can_be_reset,
    the_other_administrators_are_known,
    hashes_with_old_parameters_are_renewed_at_sign_in,
];

pub async fn store() -> (TempDir, Store) {
    let dir = TempDir::new().unwrap();
    let store = Store::open(&database::url(dir.path())).await.unwrap();
    let mut tx = store.write().await.unwrap();
    for account in [
        company("ac-1001", "customer.test"),
        Account { partner: true, ..company("ac-2002", "reseller.test") },
        Account { disabled: true, ..company("ac-3003", "former.test") },
    ] {
        assert_eq!(account::save(&mut tx, &account, Clock::system().now()).await.unwrap(), Saved::New);
    }
    tx.commit().await.unwrap();
    (dir, store)
}

fn company(id: &str, domain: &str) -> Account {
    Account {
        account_id: account_id(id),
        company: format!("{domain} Oy"),
        domains: vec![domain.to_owned()],
        contacts: vec![format!("boss@{domain}"), "shared@consultant.test".to_owned()],
        products: vec!["Endpoint".to_owned()],
        partner: false,
        support_level: "premium".to_owned(),
        disabled: false,
    }
}

pub fn registrant(email: &str) -> Registrant {
    Registrant {
        email: email.to_owned(),
        first_name: " Maija\r\n".to_owned(),
        last_name: "Meikäläinen".to_owned(),
        account_id: "ac 1001".to_owned().replace(' ', "\u{2011}"),
        portal: Some("eservice".to_owned()),
        asked_by: String::new(),
        approved: false,
    }
}

pub fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

async fn a_person_is_created_waits_and_is_enabled(bench: Bench) {
    let Registration::Created(known) = bench.register(&registrant(" Maija@Customer.TEST")).await else { panic!() };
    assert_eq!(known.business.email, MAIJA);
    assert_eq!((known.business.first_name.as_str(), known.business.last_name.as_str()), ("Maija", "Meikäläinen"));
    assert_eq!((known.business.state, known.business.portals.len()), (AccountState::Invited, 0));
    assert_eq!(known.account.unwrap().company, "customer.test Oy");

    let Registration::Waiting(known) = bench.register(&registrant(MAIJA)).await else { panic!() };
    assert_eq!(known.business.state, AccountState::Invited);
    let portal = || Task::EnablePortal { email: MAIJA.to_owned(), portal: "eservice".to_owned() };
    let fault = bench.directory.carry_out(&portal()).await.unwrap_err();
    assert!(fault.permanent, "no portal before there is a password");

    for _ in 0..2 {
        bench.set_password(&secret("kahvi ja pulla")).await.unwrap();
    }
    for _ in 0..2 {
        assert_eq!(bench.ask(portal()).await, Answer::Done);
        let Registration::Enabled(known) = bench.register(&registrant(MAIJA)).await else { panic!() };
        assert_eq!((known.business.state, known.business.portals), (AccountState::Active, vec!["eservice".to_owned()]));
    }
    let Answer::Found(Some(found)) = bench.ask(Task::Find { email: MAIJA.to_uppercase() }).await else { panic!() };
    assert_eq!(found, bench.known(MAIJA).await);
}

async fn an_active_person_gets_the_portal_at_once(bench: Bench) {
    bench.active().await;
    let Registration::Enabled(known) = bench.register(&registrant(MAIJA)).await else { panic!() };
    assert_eq!(known.business.portals, ["eservice"]);
}

async fn who_has_no_right_to_ask_changes_nothing(bench: Bench) {
    let ask = async |account_id: &str, email: &str| {
        bench.register(&Registrant { account_id: account_id.to_owned(), ..registrant(email) }).await
    };
    let needs = Registration::NeedsApproval;
    assert_eq!(ask("AC-9999", MAIJA).await, needs(NeedsApproval::UnknownAccount));
    assert_eq!(ask("AC-3003", "x@former.test").await, needs(NeedsApproval::AccountDisabled));
    assert_eq!(ask("AC-1001", "x@reseller.test").await, needs(NeedsApproval::ForeignAddress));
    let Registration::Partner(account) = ask("AC-2002", "x@reseller.test").await else { panic!() };
    assert_eq!(account.account_id, "AC-2002");
    for email in [MAIJA, "x@former.test", "x@reseller.test"] {
        assert_eq!(bench.directory.find(email).await.unwrap(), None, "{email}");
    }
}

async fn a_contact_or_an_engineer_vouches(bench: Bench) {
    let friend = registrant("friend@elsewhere.test");
    assert_eq!(bench.register(&friend).await, Registration::NeedsApproval(NeedsApproval::ForeignAddress));
    let vouched = Registrant { asked_by: "Boss@customer.test".to_owned(), ..friend };
    assert!(matches!(bench.register(&vouched).await, Registration::Created(_)));
    let approved = Registrant { approved: true, ..registrant("other@elsewhere.test") };
    assert!(matches!(bench.register(&approved).await, Registration::Created(_)));
    assert!(matches!(bench.register(&registrant("shared@consultant.test")).await, Registration::Created(_)));
}

async fn of_many_at_once_one_creates(bench: Bench) {
    let wish = registrant(MAIJA);
    let answers = join_all((0..8).map(|_| bench.register(&wish))).await;
    let created = answers.iter().filter(|answer| matches!(answer, Registration::Created(_))).count();
    let waiting = answers.iter().filter(|answer| matches!(answer, Registration::Waiting(_))).count();
    assert_eq!((created, waiting), (1, 7), "{answers:?}");
}

async fn passwords_are_those_of_active_people_alone(bench: Bench) {
    let (right, wrong) = (secret("kahvi ja pulla"), secret("kahvi"));
    let fault = bench.set_password(&right).await.unwrap_err();
    assert!(fault.permanent && fault.what.contains("m…@customer.test"), "{fault}");
    assert!(!bench.directory.verify_password(MAIJA, &right).await.unwrap());
    bench.active().await;
    assert_eq!(bench.known(MAIJA).await.business.state, AccountState::Active);
    assert!(bench.directory.verify_password("MAIJA@customer.test", &right).await.unwrap());
    assert!(!bench.directory.verify_password(MAIJA, &wrong).await.unwrap());
    assert!(!bench.directory.verify_password(MAIJA, &secret("")).await.unwrap());
    bench.set_password(&wrong).await.unwrap();
    assert!(bench.directory.verify_password(MAIJA, &wrong).await.unwrap());
    assert!(!bench.directory.verify_password(MAIJA, &right).await.unwrap());
}

async fn who_is_disabled_stays_so(bench: Bench) {
    bench.active().await;
    bench.disable(MAIJA).await;
    assert_eq!(bench.register(&registrant(MAIJA)).await, Registration::Disabled);
    assert!(!bench.directory.verify_password(MAIJA, &secret("kahvi ja pulla")).await.unwrap());
    assert!(bench.set_password(&secret("kahvi")).await.unwrap_err().permanent);
    let portal = Task::EnablePortal { email: MAIJA.to_owned(), portal: "eservice".to_owned() };
    assert!(bench.directory.carry_out(&portal).await.unwrap_err().permanent);
    assert_eq!(bench.known(MAIJA).await.business.state, AccountState::Disabled);
}

async fn a_second_factor_is_used_once_a_step_and_can_be_reset(bench: Bench) {
    bench.active().await;
    assert!(!bench.known(MAIJA).await.business.second_factor);
    let mut tx = bench.store.write().await.unwrap();
    assert!(sign_in::enrol_second_factor(&mut tx, MAIJA, &[7; 20], 100, Clock::system().now()).await.unwrap());
    for (step, taken) in [(100, false), (101, true), (101, false), (100, false), (103, true)] {
        assert_eq!(sign_in::use_step(&mut tx, MAIJA, step).await.unwrap(), taken, "{step}");
    }
    tx.commit().await.unwrap();
    assert!(bench.known(MAIJA).await.business.second_factor);
    assert_eq!(sign_in::second_factor(&bench.store, MAIJA).await.unwrap().unwrap().last_step, 103);
    for _ in 0..2 {
        let mut tx = bench.store.write().await.unwrap();
        sign_in::remove_second_factor(&mut tx, MAIJA, Clock::system().now()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!bench.known(MAIJA).await.business.second_factor);
        assert!(sign_in::second_factor(&bench.store, MAIJA).await.unwrap().is_none());
    }
}

async fn the_other_administrators_are_known(bench: Bench) {
    bench.active().await;
    for email in ["boss@customer.test", "root@customer.test", "gone@customer.test"] {
        assert!(matches!(bench.register(&registrant(email)).await, Registration::Created(_)));
        set_password(&*bench.directory, &bench.store, email, &secret("kahvi ja pulla")).await.unwrap();
    }
    let mut tx = bench.store.write().await.unwrap();
    sqlx::query("UPDATE business_account SET administrator = 1").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    bench.disable("gone@customer.test").await;
    assert_eq!(bench.known(MAIJA).await.administrators, ["boss@customer.test", "root@customer.test"]);
}

async fn hashes_with_old_parameters_are_renewed_at_sign_in(bench: Bench) {
    bench.active().await;
    let hash = async || sign_in::credential(&bench.store, MAIJA).await.unwrap().unwrap().password_hash;
    let first = hash().await;
    assert!(bench.directory.verify_password(MAIJA, &secret("kahvi ja pulla")).await.unwrap());
    assert_eq!(hash().await, first, "of the parameters of today");
    let old = cheap_hash("vanha");
    let mut tx = bench.store.write().await.unwrap();
    assert!(sign_in::set_password(&mut tx, MAIJA, &old, Clock::system().now()).await.unwrap());
    tx.commit().await.unwrap();
    assert!(!bench.directory.verify_password(MAIJA, &secret("uusi")).await.unwrap());
    assert_eq!(hash().await, old);
    assert!(bench.directory.verify_password(MAIJA, &secret("vanha")).await.unwrap());
    assert!(hash().await.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    assert!(bench.directory.verify_password(MAIJA, &secret("vanha")).await.unwrap());
}

/// A hash of less memory and fewer passes than today's.
fn cheap_hash(password: &str) -> String {
    let params = argon2::Params::new(8 * 1024, 1, 1, None).unwrap();
    let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    argon2.hash_password_with_salt(password.as_bytes(), &[7; 16]).unwrap().to_string()
}

async fn an_administrator_adds_and_switches_people(bench: Bench) {
    let new = NewBusiness {
        email: MAIJA.to_owned(),
        first_name: "Maija".to_owned(),
        last_name: "Meikäläinen".to_owned(),
        account_id: Some("AC-1001".to_owned()),
        state: AccountState::Invited,
        administrator: true,
        external_id: String::new(),
    };
    assert!(bench.directory.add(&new).await.unwrap());
    assert!(!bench.directory.add(&new).await.unwrap());
    let known = bench.known(MAIJA).await;
    assert_eq!((known.business.state, known.business.administrator), (AccountState::Invited, true));
    bench.set_password(&secret("kahvi ja pulla")).await.unwrap();
    for enabled in [false, false, true, true] {
        assert!(bench.directory.set_enabled(MAIJA, enabled).await.unwrap());
        let state = if enabled { AccountState::Active } else { AccountState::Disabled };
        assert_eq!(bench.known(MAIJA).await.business.state, state);
        assert_eq!(bench.directory.verify_password(MAIJA, &secret("kahvi ja pulla")).await.unwrap(), enabled);
    }
    assert!(!bench.directory.set_enabled("nobody@customer.test", true).await.unwrap());
}
