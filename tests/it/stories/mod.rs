//! Forms by mail: from the first mail to the last, through the front door.

mod asking;
mod closing;
mod files;
mod flood;
mod languages;
mod on_case;
mod own_words;
mod pages;
mod passwords;
mod provider;
mod registration;
mod relay;
mod second_factor;
mod secrets;
mod sign_in;
mod trouble;

use std::path::Path;

use caseway::config::{self, Config, Secrets};
use caseway::desk::directory::{Account, AccountState};
use caseway::desk::event::Event;
use caseway::desk::inbound::page::PortalEvent;
use caseway::store::directory::{account, business};

use crate::harness::mail::{Letter, from};
use crate::harness::world::{Sent, Settled, World};

const ANNA: &str = "Anna Schmidt <anna@customer.test>";
const ERKKI: &str = "Erkki Virtanen <erkki@example.test>";
const LIISA: &str = "Liisa Korhonen <liisa@example.test>";

/// A desk with two engineers, the forms of `forms.toml`, and one customer, AC-1001 of customer.test.
pub async fn desk() -> World {
    desk_with(|_| {}).await
}

/// The same with a configuration that `change` has touched.
async fn desk_with(change: impl FnOnce(&mut Config)) -> World {
    let forms = config::parse(include_str!("forms.toml"), Path::new("caseway.toml"), Secrets::Leave).unwrap().config;
    let world = World::with(|config| {
        let mut registration = forms.mailboxes["registration"].clone();
        registration.plus_addressing = true;
        config.mailboxes.insert("registration".to_owned(), registration);
        (config.forms, config.portals, config.web) = (forms.forms, forms.portals, forms.web);
        config.limits.per_recipient[0].1 = 50;
        config.limits.per_ticket[0].1 = 20;
        change(config);
    })
    .await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world.engineer("liisa@example.test", "Liisa Korhonen").await;
    customer(&world, |_| {}).await;
    world.known("anna@customer.test").await;
    world
}

/// Puts a customer's account into the directory.
async fn customer(world: &World, change: impl FnOnce(&mut Account)) {
    let mut new = Account {
        account_id: "AC-1001".to_owned(),
        company: "Customer Oy".to_owned(),
        domains: vec!["customer.test".to_owned()],
        contacts: Vec::new(),
        products: vec!["Endpoint Protection".to_owned()],
        partner: false,
        support_level: "gold".to_owned(),
        disabled: false,
    };
    change(&mut new);
    let mut tx = world.app.store.write().await.unwrap();
    account::save(&mut tx, &new, world.now()).await.unwrap();
    tx.commit().await.unwrap();
}

/// Puts a person's Business Account into the directory.
async fn person(world: &World, email: &str, state: AccountState, administrator: bool) {
    let new = business::NewBusiness {
        email: email.to_owned(),
        first_name: "Anna".to_owned(),
        last_name: "Schmidt".to_owned(),
        account_id: Some("AC-1001".to_owned()),
        state,
        administrator,
        external_id: String::new(),
    };
    let mut tx = world.app.store.write().await.unwrap();
    assert!(business::create(&mut tx, &new, world.now()).await.unwrap());
    tx.commit().await.unwrap();
}

/// A mail to a mailbox, worked off with everything that it causes.
async fn receive(world: &World, mailbox: &str, letter: &Letter) -> Settled {
    let settled = world.receive_at(mailbox, letter).await;
    world.settle().await;
    settled
}

/// Somebody did something on a page.
async fn portal(world: &World, event: PortalEvent) {
    world.app.process.act.events(&[Event::Page(&event)]).await.unwrap();
    world.settle().await;
}

/// A registration as somebody types it.
fn registration(id: &str, text: &str) -> Letter {
    from(ANNA, id).to("support-service-registration@example.test").subject("Portal account").text(text)
}

pub const COMPLETE: &str = "First name: Anna\nLast name: Schmidt\nE-mail: anna@customer.test\nAccount ID: AC-1001";

/// `notice → recipient` of each mail.
fn notices(sent: &[Sent]) -> Vec<String> {
    sent.iter().map(|mail| format!("{} → {}", mail.notice, mail.recipient)).collect()
}

/// The mail of one kind.
fn only<'a>(sent: &'a [Sent], notice: &str) -> &'a Sent {
    let mut found = sent.iter().filter(|mail| mail.notice == notice);
    let first = found.next().unwrap_or_else(|| panic!("no {notice} among {:?}", notices(sent)));
    assert!(found.next().is_none(), "several {notice} among {:?}", notices(sent));
    first
}

/// The token of the link to a page that a mail has.
fn token<'a>(mail: &'a Sent, page: &str) -> &'a str {
    let start = format!("https://help.example.test/{page}/");
    let (_, rest) =
        mail.mail.text.split_once(&start).unwrap_or_else(|| panic!("no link to {page}: {}", mail.mail.text));
    rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap()
}

/// A form as the table has it: stage and address.
async fn form(world: &World, ticket: i64) -> (String, String) {
    use sqlx::Row;
    let row = sqlx::query("SELECT stage, email FROM form WHERE ticket_id = $1").bind(ticket);
    let row = row.fetch_one(world.app.store.reader()).await.unwrap();
    (row.get(0), row.get(1))
}
