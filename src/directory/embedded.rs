//! The directory in the gateway's own database.

use anyhow::Context;
use async_trait::async_trait;
use secrecy::SecretString;

use super::fault::unusable;
use super::password::{self, Verified};
use super::{Directory, Fault, NewPassword};
use crate::desk::directory::{self, AccountState, Answer, Known, Plan, Registrant, Registration, Task};
use crate::mail::address::{masked, normalise};
use crate::store::directory::business::{self, NewBusiness};
use crate::store::directory::{account, sign_in};
use crate::store::{Store, Tx};
use crate::time::Clock;

/// Customer accounts and Business Accounts in our own tables.
#[derive(Debug, Clone)]
pub struct Embedded {
    store: Store,
    clock: Clock,
}

#[async_trait]
impl Directory for Embedded {
    async fn carry_out(&self, task: &Task) -> Result<Answer, Fault> {
        let email = normalise(task.email());
        match task {
            Task::Register(registrant) => Ok(Answer::Registered(self.register(registrant, &email).await?)),
            Task::Find { .. } => Ok(Answer::Found(self.find(&email).await?)),
            Task::EnablePortal { portal, .. } => self.enable_portal(&email, portal).await.map(|()| Answer::Done),
        }
    }

    async fn prepare_password(&self, email: &str, password: &SecretString) -> Result<NewPassword, Fault> {
        NewPassword::of(normalise(email), password).await
    }

    fn is_elsewhere(&self) -> bool {
        false
    }

    async fn verify_password(&self, email: &str, password: &SecretString) -> Result<bool, Fault> {
        let email = normalise(email);
        let credential = sign_in::credential(&self.store, &email).await?;
        let hash = credential.as_ref().map_or("", |credential| &credential.password_hash);
        let verified = password::verify(password, hash).await?;
        let is_active = credential.as_ref().is_some_and(|credential| credential.state == AccountState::Active);
        if let (Verified::Renew(new), true) = (&verified, is_active) {
            let mut tx = self.store.write().await?;
            sign_in::renew_hash(&mut tx, &email, hash, new).await?;
            commit(tx).await?;
        }
        Ok(is_active && verified != Verified::Wrong)
    }

    async fn find(&self, email: &str) -> Result<Option<Known>, Fault> {
        Ok(business::known(&self.store, &normalise(email)).await?)
    }

    async fn add(&self, new: &NewBusiness) -> Result<bool, Fault> {
        let mut tx = self.store.write().await?;
        let created = business::create(&mut tx, new, self.clock.now()).await?;
        commit(tx).await?;
        Ok(created)
    }

    async fn set_enabled(&self, email: &str, enabled: bool) -> Result<bool, Fault> {
        let mut tx = self.store.write().await?;
        let found = business::set_enabled(&mut tx, &normalise(email), enabled, self.clock.now()).await?;
        commit(tx).await?;
        Ok(found)
    }
}

impl Embedded {
    /// The directory in `store`.
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    async fn register(&self, registrant: &Registrant, email: &str) -> anyhow::Result<Registration> {
        let now = self.clock.now();
        let account_id = directory::account_id(&registrant.account_id);
        let mut tx = self.store.write().await?;
        let account = account::find_in(&mut tx, &account_id).await?;
        let plan = async |tx: &mut Tx| {
            let known = business::known_in(tx, email).await?;
            let business = known.as_ref().map(|known| &known.business);
            anyhow::Ok(directory::plan(registrant, account.as_ref(), business))
        };
        let mut planned = plan(&mut tx).await?;
        let created = planned == Plan::Create && business::create(&mut tx, &invited(registrant, email), now).await?;
        if planned == Plan::Create && !created {
            // Somebody was faster.
            planned = plan(&mut tx).await?;
        }
        if matches!(planned, Plan::Wait | Plan::Enable) {
            business::join(&mut tx, email, &account_id, now).await?;
        }
        if let (Plan::Enable, Some(portal)) = (planned, &registrant.portal) {
            business::enable_portal(&mut tx, email, portal, now).await?;
        }
        let known = business::known_in(&mut tx, email).await?;
        tx.commit().await.context("committing a registration")?;
        let known = || known.context("a Business Account went away");
        Ok(match (planned, account) {
            (Plan::Create, _) => Registration::Created(known()?),
            (Plan::Wait, _) => Registration::Waiting(known()?),
            (Plan::Enable, _) => Registration::Enabled(known()?),
            (Plan::Partner, account) => Registration::Partner(account.context("an account went away")?),
            (Plan::Ask(why), _) => Registration::NeedsApproval(why),
            (Plan::Disabled, _) => Registration::Disabled,
        })
    }

    async fn enable_portal(&self, email: &str, portal: &str) -> Result<(), Fault> {
        let mut tx = self.store.write().await?;
        match business::known_in(&mut tx, email).await?.map(|known| known.business.state) {
            Some(AccountState::Active) => {}
            Some(AccountState::Invited) => {
                return Err(Fault::permanent(format!("{} has set no password yet", masked(email))));
            }
            Some(AccountState::Disabled) | None => return Err(unusable(email)),
        }
        business::enable_portal(&mut tx, email, portal, self.clock.now()).await?;
        commit(tx).await
    }
}

/// A Business Account for a registrant who has none.
pub(super) fn invited(registrant: &Registrant, email: &str) -> NewBusiness {
    NewBusiness {
        email: email.to_owned(),
        first_name: directory::name(&registrant.first_name),
        last_name: directory::name(&registrant.last_name),
        account_id: Some(directory::account_id(&registrant.account_id)),
        state: AccountState::Invited,
        administrator: false,
        external_id: String::new(),
    }
}

pub(super) async fn commit(tx: Tx) -> Result<(), Fault> {
    Ok(tx.commit().await.context("committing a change of the directory")?)
}
