//! Accounts and people as programs read them. Field names and their order are a promise to other programs.

use serde::Serialize;

use crate::desk::directory::{Account, BusinessAccount, Known};

/// One line of `account list --json`.
#[derive(Debug, Serialize)]
pub struct AccountLine {
    account_id: String,
    company: String,
    domains: Vec<String>,
    contacts: Vec<String>,
    products: Vec<String>,
    partner: bool,
    support_level: String,
    disabled: bool,
}

impl From<Account> for AccountLine {
    fn from(account: Account) -> Self {
        Self {
            account_id: account.account_id,
            company: account.company,
            domains: account.domains,
            contacts: account.contacts,
            products: account.products,
            partner: account.partner,
            support_level: account.support_level,
            disabled: account.disabled,
        }
    }
}

/// What `account show --json` prints.
#[derive(Debug, Serialize)]
pub struct WholeAccount {
    /// The account itself.
    #[serde(flatten)]
    pub account: AccountLine,
    /// Those who have a Business Account.
    pub people: Vec<PersonLine>,
}

/// One line of `account person list --json`.
#[derive(Debug, Serialize)]
pub struct PersonLine {
    email: String,
    first_name: String,
    last_name: String,
    account_id: Option<String>,
    state: &'static str,
    administrator: bool,
    second_factor: bool,
    portals: Vec<String>,
}

impl From<BusinessAccount> for PersonLine {
    fn from(person: BusinessAccount) -> Self {
        Self {
            email: person.email,
            first_name: person.first_name,
            last_name: person.last_name,
            account_id: person.account_id,
            state: person.state.as_str(),
            administrator: person.administrator,
            second_factor: person.second_factor,
            portals: person.portals,
        }
    }
}

/// What `account person show --json` prints.
#[derive(Debug, Serialize)]
pub struct WholePerson {
    #[serde(flatten)]
    person: PersonLine,
    company: Option<String>,
    other_administrators: Vec<String>,
}

impl From<Known> for WholePerson {
    fn from(known: Known) -> Self {
        Self {
            person: known.business.into(),
            company: known.account.map(|account| account.company),
            other_administrators: known.administrators,
        }
    }
}
