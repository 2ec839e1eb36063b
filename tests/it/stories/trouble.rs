//! Questions to the directory that cannot be read, asked or acted on: none stands in the way of another.

use std::sync::Arc;

use async_trait::async_trait;
use caseway::desk::directory::{Answer, Known, Task};
use caseway::directory::{Directory, Fault, NewPassword};
use caseway::store::directory::business::NewBusiness;
use jiff::SignedDuration;
use secrecy::SecretString;

use super::*;

/// A directory that panics over one address, and asks another for the rest.
#[derive(Debug)]
struct Brittle(Arc<dyn Directory>);

#[async_trait]
impl Directory for Brittle {
    async fn carry_out(&self, task: &Task) -> Result<Answer, Fault> {
        assert_ne!(task.email(), "anna@customer.test", "out of luck");
        self.0.carry_out(task).await
    }
    async fn prepare_password(&self, email: &str, password: &SecretString) -> Result<NewPassword, Fault> {
        self.0.prepare_password(email, password).await
    }
    fn is_elsewhere(&self) -> bool {
        self.0.is_elsewhere()
    }
    async fn verify_password(&self, email: &str, password: &SecretString) -> Result<bool, Fault> {
        self.0.verify_password(email, password).await
    }
    async fn find(&self, email: &str) -> Result<Option<Known>, Fault> {
        self.0.find(email).await
    }
    async fn add(&self, new: &NewBusiness) -> Result<bool, Fault> {
        self.0.add(new).await
    }
    async fn set_enabled(&self, email: &str, enabled: bool) -> Result<bool, Fault> {
        self.0.set_enabled(email, enabled).await
    }
}

/// Three registrations that ask the directory, worked off by nobody yet.
async fn asked() -> World {
    let world = desk().await;
    for name in ["Anna", "Berta", "Clara"] {
        let email = format!("{}@customer.test", name.to_lowercase());
        let text = COMPLETE.replace("Anna", name).replace("anna@customer.test", &email);
        let letter = from(&format!("{name} Schmidt <{email}>"), &format!("r@{email}"));
        world
            .receive_at(
                "registration",
                &letter.to("support-service-registration@example.test").subject("Portal account").text(&text),
            )
            .await;
    }
    world
}

const ACTIVATED: [&str; 2] = ["activation → berta@customer.test", "activation → clara@customer.test"];

async fn activations(world: &mut World) -> Vec<String> {
    world.notices().await.into_iter().filter(|notice| notice.starts_with("activation")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_cannot_be_read_stops_none_beside_it() {
    for broken in ["task = '{}'", "task = 'no JSON'", "purpose = 'tea'"] {
        let mut world = asked().await;
        let sql = format!("UPDATE directory_task SET {broken} WHERE id = 1");
        let mut tx = world.app.store.write().await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        world.settle().await;
        assert_eq!(activations(&mut world).await, ACTIVATED, "{broken}");
        assert_eq!(
            world.count("SELECT COUNT(*) FROM directory_task WHERE id = 1 AND state = 'new'").await,
            1,
            "{broken}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_over_which_the_directory_panics_stops_none_beside_it() {
    let mut world = asked().await;
    world.app.provision.directory = Arc::new(Brittle(world.app.provision.directory.clone()));
    world.settle().await;
    assert_eq!(activations(&mut world).await, ACTIVATED);
    // In the end a person gets it.
    world.pass(SignedDuration::from_hours(25));
    world.settle().await;
    let told = world.notices().await;
    assert!(told.contains(&"form_handover → erkki@example.test".to_owned()), "{told:?}");
}

/// An answer that the database refuses to act on is asked for again, and set aside after a day.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_nobody_can_act_on_is_given_up_in_the_end() {
    let mut world = asked().await;
    world
        .execute(
            "CREATE TRIGGER broken BEFORE UPDATE ON form WHEN NEW.ticket_id = 1
             BEGIN SELECT RAISE(ROLLBACK, 'broken'); END",
        )
        .await;
    world.settle().await;
    assert_eq!(activations(&mut world).await, ACTIVATED);
    world.pass(SignedDuration::from_hours(25));
    world.settle().await;
    assert_eq!(world.count("SELECT COUNT(*) FROM directory_task WHERE id = 1 AND state = 'failed'").await, 1);
}

/// What was put off while the clock was ahead is asked once it is right again.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_ahead_delays_no_question() {
    let mut world = desk().await;
    world.set_clock(SignedDuration::from_hours(365 * 24));
    world.receive_at("registration", &registration("r1@customer.test", COMPLETE)).await;
    world.set_clock(-SignedDuration::from_hours(365 * 24));
    world.settle().await;
    assert_eq!(activations(&mut world).await, ["activation → anna@customer.test"]);
}
