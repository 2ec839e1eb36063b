//! The desk that lives are lived at: low caps, so that random histories reach them, two queues, every form.

use std::path::Path;
use std::sync::Arc;

use caseway::config::{self, Config, Secrets};
use caseway::desk::directory::Account;
use caseway::desk::notice::own_words::OwnWords;
use caseway::desk::rules::Rules;
use caseway::desk::seal::keys::Keys;
use caseway::letters::Letters;
use caseway::mail::auth_results::Server;
use jiff::SignedDuration;

/// Whose people look after which queue.
pub const ENGINEERS: [(&str, &str, &str); 3] = [
    ("alice@desk.test", "Alice Adams", "support"),
    ("bob@desk.test", "Bob Brown", "support"),
    ("carol@desk.test", "Carol Clark", "sales"),
];

/// The forms of the other tests, `sales` beside `support`, and low caps.
pub fn config() -> Config {
    let text = include_str!("../it/stories/forms.toml");
    let mut config = config::parse(text, Path::new("caseway.toml"), Secrets::Leave).unwrap().config;
    let mut sales = config.mailboxes["support"].clone();
    sales.name = "sales".to_owned();
    sales.address = "sales@example.test".to_owned();
    sales.queue = "sales".to_owned();
    config.mailboxes.get_mut("support").unwrap().aliases.push("help@example.test".to_owned());
    config.mailboxes.insert("sales".to_owned(), sales);
    for mailbox in config.mailboxes.values_mut() {
        mailbox.plus_addressing = true;
    }
    config.trust.server = Some(Server::Named("mx.example.test".to_owned()));
    let hours = SignedDuration::from_hours;
    config.limits.per_recipient = vec![(hours(1), 6), (hours(24), 15)];
    config.limits.per_ticket = vec![(hours(1), 4)];
    config.limits.total = vec![(hours(1), 30)];
    config.limits.links = vec![(hours(1), 2), (hours(24), 4)];
    config.limits.per_sender = vec![(hours(1), 4), (hours(24), 8)];
    config.limits.first_contacts = 5;
    config
}

/// What decides in a life: the same keys every time, so that a seed is the same life.
pub fn rules() -> Rules {
    let letters = Letters::load(None).unwrap();
    let own_words = OwnWords::new(letters.standing_words().into_iter());
    let keys = Keys::new(vec![(1, b"thirty-two octets of no secrecy.".to_vec())]).unwrap();
    Rules { config: Arc::new(config()), keys, own_words }
}

/// The one customer in the directory of accounts.
pub fn account() -> Account {
    Account {
        account_id: "AC-1001".to_owned(),
        company: "Customer Oy".to_owned(),
        domains: vec!["customer.test".to_owned()],
        contacts: Vec::new(),
        products: vec!["Endpoint Protection".to_owned()],
        partner: false,
        support_level: "gold".to_owned(),
        disabled: false,
    }
}
