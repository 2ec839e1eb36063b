//! The directory at an identity provider that speaks SCIM 2.0 (RFC 7643, RFC 7644).
//!
//! The provider's users are the Business Accounts; whether they can be used is its word. Our own tables keep what it has no
//! place for: the customer account, the administrator's role, our pages' password hash and second factor, and, for
//! providers without entitlements, the portals. A row of ours is written *before* the user is created, so that a
//! creation that was cut short is completed and not taken for somebody else's user.

mod client;
mod users;
mod wire;

use anyhow::Context;
use async_trait::async_trait;
use secrecy::SecretString;

use self::client::Client;
use self::users::{Patched, Users};
use self::wire::{Patch, User};
use super::embedded::{commit, invited};
use super::fault::unusable;
use super::{Directory, Embedded, Fault, NewBusiness, NewPassword};
use crate::config;
use crate::desk::directory::{
    self, AccountState, Answer, BusinessAccount, Known, Plan, Registrant, Registration, Task,
};
use crate::mail::address::{masked, normalise};
use crate::store::Store;
use crate::store::directory::{account, business};
use crate::time::Clock;

/// Times that a user who changes under our hands is looked at again.
const TRIES: u32 = 4;

/// Business Accounts at an identity provider, customer accounts in our own tables.
#[derive(Debug, Clone)]
pub struct Scim {
    users: Users,
    local: Embedded,
    store: Store,
    clock: Clock,
}

/// What both sides know of an address.
struct Found {
    user: Option<User>,
    /// The provider's name for the user as we noted it; empty when we did not, `None` when we have no row.
    noted: Option<String>,
    known: Option<Known>,
}

impl Found {
    fn state(&self) -> Option<AccountState> {
        self.known.as_ref().map(|known| known.business.state)
    }
}

#[async_trait]
impl Directory for Scim {
    async fn carry_out(&self, task: &Task) -> Result<Answer, Fault> {
        let email = normalise(task.email());
        match task {
            Task::Register(registrant) => Ok(Answer::Registered(self.register(registrant, &email).await?)),
            Task::Find { .. } => Ok(Answer::Found(self.find(&email).await?)),
            Task::EnablePortal { portal, .. } => self.enable_portal(&email, portal).await.map(|()| Answer::Done),
        }
    }

    async fn prepare_password(&self, email: &str, password: &SecretString) -> Result<NewPassword, Fault> {
        let email = normalise(email);
        let new = NewPassword::of(email.clone(), password).await?;
        self.change(&email, |user, state| match state {
            AccountState::Disabled => Err(unusable(&email)),
            _ if user.is_active() => Ok(Patch::default().password(password)),
            _ => Ok(Patch::default().password(password).active(true)),
        })
        .await?;
        Ok(new)
    }

    fn is_elsewhere(&self) -> bool {
        true
    }

    async fn verify_password(&self, email: &str, password: &SecretString) -> Result<bool, Fault> {
        let email = normalise(email);
        // Only who knows the password can tell by the time that the provider was asked.
        Ok(self.local.verify_password(&email, password).await?
            && self.look(&email).await?.state() == Some(AccountState::Active))
    }

    async fn find(&self, email: &str) -> Result<Option<Known>, Fault> {
        Ok(self.look(&normalise(email)).await?.known)
    }

    async fn add(&self, new: &NewBusiness) -> Result<bool, Fault> {
        let found = self.look(&new.email).await?;
        if found.known.is_some() {
            return Ok(false);
        }
        self.create(new, &found).await?.ok_or_else(|| exists_unseen(&new.email))
    }

    async fn set_enabled(&self, email: &str, enabled: bool) -> Result<bool, Fault> {
        let email = normalise(email);
        if self.look(&email).await?.user.is_some() {
            self.change(&email, |_, _| Ok(Patch::default().active(enabled))).await?;
        }
        let mut tx = self.store.write().await?;
        let found = business::set_enabled(&mut tx, &email, enabled, self.clock.now()).await?;
        if enabled {
            business::set_state(&mut tx, &email, &[AccountState::Invited], AccountState::Active, self.clock.now())
                .await?;
        }
        commit(tx).await?;
        Ok(found)
    }
}

impl Scim {
    /// The directory that is configured. Fails when the certificates that are to be trusted cannot be read.
    pub async fn new(config: &config::Scim, store: Store, clock: Clock) -> anyhow::Result<Self> {
        let client = Client::new(config, clock.clone()).await?;
        let local = Embedded::new(store.clone(), clock.clone());
        Ok(Self { users: Users::new(client), local, store, clock })
    }

    /// Whether the provider answers, takes our token, and can do what we need; what it lacks.
    pub async fn probe(config: &config::Scim, clock: Clock) -> Result<Vec<&'static str>, Fault> {
        let client = Client::new(config, clock).await.map_err(|error| Fault::permanent(format!("{error:#}")))?;
        Users::new(client).probe().await
    }

    async fn look(&self, email: &str) -> Result<Found, Fault> {
        let mut noted = business::external_id(&self.store, email).await?;
        let mut local = business::known(&self.store, email).await?;
        let user = self.users.find(email).await?;
        if user.is_some() && local.is_none() {
            // A user whom another call made meanwhile has had a row since before.
            noted = business::external_id(&self.store, email).await?;
            local = business::known(&self.store, email).await?;
        }
        let known = merged(email, user.as_ref(), local);
        Ok(Found { user, noted, known })
    }

    async fn register(&self, registrant: &Registrant, email: &str) -> Result<Registration, Fault> {
        let account_id = directory::account_id(&registrant.account_id);
        let account = account::find(&self.store, &account_id).await?;
        for _ in 0..TRIES {
            let found = self.look(email).await?;
            let business = found.known.as_ref().map(|known| &known.business);
            match directory::plan(registrant, account.as_ref(), business) {
                Plan::Ask(why) => return Ok(Registration::NeedsApproval(why)),
                Plan::Partner => {
                    return Ok(Registration::Partner(account.context("a partner without an account")?));
                }
                Plan::Disabled => return Ok(Registration::Disabled),
                Plan::Create => {
                    let new = NewBusiness { account_id: Some(account_id.clone()), ..invited(registrant, email) };
                    // When somebody was faster, the next look finds the user.
                    if let Some(is_ours) = self.create(&new, &found).await? {
                        return self.welcomed(email, is_ours).await;
                    }
                }
                Plan::Wait => {
                    let is_ours = self.note(email, &found).await?;
                    self.join(email, &account_id).await?;
                    return self.welcomed(email, is_ours).await;
                }
                Plan::Enable => {
                    self.adopt(email).await?;
                    self.join(email, &account_id).await?;
                    if let Some(portal) = &registrant.portal {
                        self.enable_portal(email, portal).await?;
                    }
                    return Ok(Registration::Enabled(self.known(email).await?));
                }
            }
        }
        Err(exists_unseen(email))
    }

    /// Who was invited: by this very call, or before.
    async fn welcomed(&self, email: &str, is_ours: bool) -> Result<Registration, Fault> {
        let known = self.known(email).await?;
        Ok(if is_ours { Registration::Created(known) } else { Registration::Waiting(known) })
    }

    async fn known(&self, email: &str) -> Result<Known, Fault> {
        self.look(email).await?.known.ok_or_else(|| Fault::temporary(format!("{} went away", masked(email))))
    }

    /// Creates a user with its row: whether this call did, of several at the same time; `None` when the provider has one.
    async fn create(&self, new: &NewBusiness, found: &Found) -> Result<Option<bool>, Fault> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        if let Some(removed) = &found.noted {
            business::forget_external(&mut tx, &new.email, removed, now).await?;
        }
        business::create(&mut tx, new, now).await?;
        commit(tx).await?;
        let Some(user) = self.users.create(new).await? else { return Ok(None) };
        self.noted(&new.email, &user).await.map(Some)
    }

    /// Completes a creation that was cut short; whether there was one.
    async fn note(&self, email: &str, found: &Found) -> Result<bool, Fault> {
        match (&found.user, found.noted.as_deref()) {
            (Some(user), Some("")) => self.noted(email, user).await,
            _ => Ok(false),
        }
    }

    async fn noted(&self, email: &str, user: &User) -> Result<bool, Fault> {
        let mut tx = self.store.write().await?;
        let noted = business::note_external_id(&mut tx, email, &user.id, self.clock.now()).await?;
        commit(tx).await?;
        Ok(noted)
    }

    async fn join(&self, email: &str, account_id: &str) -> Result<(), Fault> {
        let mut tx = self.store.write().await?;
        business::join(&mut tx, email, account_id, self.clock.now()).await?;
        commit(tx).await
    }

    /// Makes a row for a user of the provider that we have not seen yet, and lets it follow one who became active there.
    async fn adopt(&self, email: &str) -> Result<(), Fault> {
        let Found { user: Some(user), known: Some(known), .. } = self.look(email).await? else {
            return Err(unusable(email));
        };
        let now = self.clock.now();
        let new = NewBusiness {
            email: email.to_owned(),
            first_name: known.business.first_name,
            last_name: known.business.last_name,
            account_id: None,
            state: known.business.state,
            administrator: false,
            external_id: user.id.clone(),
        };
        let mut tx = self.store.write().await?;
        if !business::create(&mut tx, &new, now).await? {
            business::note_external_id(&mut tx, email, &user.id, now).await?;
        }
        if new.state == AccountState::Active {
            business::set_state(&mut tx, email, &[AccountState::Invited], AccountState::Active, now).await?;
        }
        commit(tx).await
    }

    async fn enable_portal(&self, email: &str, portal: &str) -> Result<(), Fault> {
        self.change(email, |user, state| match state {
            AccountState::Active => {
                let has_portal = user.entitlements().any(|one| one == portal);
                let patch = if has_portal { Patch::default() } else { Patch::default().entitlement(portal) };
                Ok(if user.has_email(email) { patch } else { patch.email(email) })
            }
            AccountState::Invited => Err(Fault::permanent(format!("{} has set no password yet", masked(email)))),
            AccountState::Disabled => Err(unusable(email)),
        })
        .await?;
        let mut tx = self.store.write().await?;
        business::enable_portal(&mut tx, email, portal, self.clock.now()).await?;
        commit(tx).await
    }

    /// Changes a user to what `wanted` makes of it, looking again when somebody else changed it meanwhile. Afterwards there is
    /// a row of ours for it.
    async fn change(
        &self,
        email: &str,
        wanted: impl Fn(&User, AccountState) -> Result<Patch, Fault> + Send + Sync,
    ) -> Result<(), Fault> {
        for _ in 0..TRIES {
            let found = self.look(email).await?;
            let (Some(state), Some(user)) = (found.state(), &found.user) else { return Err(unusable(email)) };
            let patch = wanted(user, state)?;
            if self.users.patch(user, &patch).await? == Patched::Done {
                return if found.noted.is_none() { self.adopt(email).await.map_err(Fault::unsure) } else { Ok(()) };
            }
        }
        Err(Fault::temporary(format!("{} changes all the time at the identity provider", masked(email))))
    }
}

/// One Business Account of what the provider says and what we keep.
///
/// Who was invited by us cannot sign in yet and is not active there; who is not active there for another reason was
/// switched off. Who is switched off here stays so, whatever the provider says.
fn merged(email: &str, user: Option<&User>, local: Option<Known>) -> Option<Known> {
    let state = match (user.map(User::is_active), local.as_ref().map(|known| known.business.state)) {
        (_, Some(AccountState::Disabled)) => AccountState::Disabled,
        (None, _) => return None,
        (Some(true), _) => AccountState::Active,
        (Some(false), Some(AccountState::Invited)) => AccountState::Invited,
        (Some(false), _) => AccountState::Disabled,
    };
    let mut known = local.unwrap_or_else(|| Known {
        business: BusinessAccount {
            email: email.to_owned(),
            first_name: String::new(),
            last_name: String::new(),
            account_id: None,
            state,
            administrator: false,
            second_factor: false,
            portals: Vec::new(),
        },
        account: None,
        administrators: Vec::new(),
    });
    let business = &mut known.business;
    business.state = state;
    if let Some(user) = user {
        let (first, last) = user.names();
        if !(first.is_empty() && last.is_empty()) {
            (business.first_name, business.last_name) = (directory::name(first), directory::name(last));
        }
        business.portals.extend(user.entitlements().map(str::to_owned));
        business.portals.sort();
        business.portals.dedup();
    }
    Some(known)
}

fn exists_unseen(email: &str) -> Fault {
    let what = format!(
        "the identity provider says that {} exists already, and does not find it by userName; \
         is the address somebody else's there?",
        masked(email)
    );
    Fault::permanent(what)
}
