//! The directory of accounts in memory, as `directory::Embedded` is in the database.

use std::collections::BTreeMap;

use caseway::desk::directory::{
    self, Account, AccountState, Answer, BusinessAccount, Known, Plan, Registrant, Registration, Task,
};
use caseway::mail::address::normalise;

/// Customer accounts and Business Accounts.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    pub accounts: BTreeMap<String, Account>,
    pub business: BTreeMap<String, BusinessAccount>,
}

impl Accounts {
    /// Everything about one address.
    pub fn known(&self, email: &str) -> Option<Known> {
        let business = self.business.get(email)?.clone();
        let account = business.account_id.as_ref().and_then(|id| self.accounts.get(id)).cloned();
        let same = |other: &&BusinessAccount| {
            other.account_id.is_some() && other.account_id == business.account_id && other.email != business.email
        };
        let administrators = self.business.values().filter(same);
        let administrators = administrators
            .filter(|other| other.administrator && other.state == AccountState::Active)
            .map(|other| other.email.clone());
        let administrators = administrators.collect();
        Some(Known { business, account, administrators })
    }

    pub fn is_active(&self, email: &str) -> bool {
        self.business.get(email).is_some_and(|business| business.state == AccountState::Active)
    }

    /// What the directory answers, having done it.
    pub fn carry_out(&mut self, task: &Task) -> Answer {
        let email = normalise(task.email());
        match task {
            Task::Register(registrant) => Answer::Registered(self.register(registrant, &email)),
            Task::Find { .. } => Answer::Found(self.known(&email)),
            Task::EnablePortal { portal, .. } => {
                self.enable(&email, portal);
                Answer::Done
            }
        }
    }

    fn register(&mut self, registrant: &Registrant, email: &str) -> Registration {
        let account_id = directory::account_id(&registrant.account_id);
        let account = self.accounts.get(&account_id).cloned();
        let plan = directory::plan(registrant, account.as_ref(), self.business.get(email));
        if plan == Plan::Create {
            let new = BusinessAccount {
                email: email.to_owned(),
                first_name: directory::name(&registrant.first_name),
                last_name: directory::name(&registrant.last_name),
                account_id: Some(account_id.clone()),
                state: AccountState::Invited,
                administrator: false,
                second_factor: false,
                portals: Vec::new(),
            };
            self.business.insert(email.to_owned(), new);
        }
        if let (Plan::Wait | Plan::Enable, Some(business)) = (plan, self.business.get_mut(email)) {
            business.account_id.get_or_insert(account_id);
        }
        if let (Plan::Enable, Some(portal)) = (plan, &registrant.portal) {
            self.enable(email, portal);
        }
        let known = || self.known(email).expect("it was made or found");
        match plan {
            Plan::Create => Registration::Created(known()),
            Plan::Wait => Registration::Waiting(known()),
            Plan::Enable => Registration::Enabled(known()),
            Plan::Partner => Registration::Partner(account.expect("the plan found it")),
            Plan::Ask(why) => Registration::NeedsApproval(why),
            Plan::Disabled => Registration::Disabled,
        }
    }

    fn enable(&mut self, email: &str, portal: &str) {
        if let Some(business) = self.business.get_mut(email)
            && !business.portals.iter().any(|known| known == portal)
        {
            business.portals.push(portal.to_owned());
            business.portals.sort();
        }
    }
}
