//! What is asked of the identity provider: find, create and change one user.

use hyper::StatusCode;

use super::client::Client;
use super::wire::{self, ListResponse, Patch, ServiceProviderConfig, User};
use crate::directory::{Fault, NewBusiness};

/// Users asked for at once.
const PAGE: u64 = 100;
/// Pages looked through for one user: a provider that has more for one name does not look at our filter.
const MAX_PAGES: u64 = 20;

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patched {
    /// It is done.
    Done,
    /// The user is another one meanwhile, or gone: look again.
    Stale,
}

/// The users of one identity provider.
#[derive(Debug, Clone)]
pub struct Users {
    client: Client,
}

impl Users {
    /// The users that `client` reaches.
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// The user whose name is this normalised address.
    pub async fn find(&self, email: &str) -> Result<Option<User>, Fault> {
        let doing = "looking for a user";
        let mut seen = 0;
        for _ in 0..MAX_PAGES {
            let reply = self.client.get(&wire::find_path(email, seen + 1, PAGE)).await?;
            if reply.status != StatusCode::OK {
                return Err(self.client.refused(&reply, doing, false));
            }
            let page: ListResponse = self.client.parsed(&reply, doing)?;
            let on_page = page.resources.len() as u64;
            let mut named = page.resources.into_iter().filter(|user| user.is_named(email));
            let found = named.next();
            if named.next().is_some() {
                return Err(Fault::permanent(
                    "the identity provider has several users of one name; remove all but one",
                ));
            }
            seen += on_page;
            if found.is_some() || on_page == 0 || seen >= page.total_results {
                return Ok(found);
            }
        }
        Err(Fault::temporary("the identity provider does not look at our filter; it must support userName eq \"…\""))
    }

    /// Creates a user; `None` when there is one of the name already.
    pub async fn create(&self, new: &NewBusiness) -> Result<Option<User>, Fault> {
        let doing = "creating a user";
        let reply = self.client.post("/Users", &wire::new_user(new)).await?;
        match reply.status {
            StatusCode::CREATED | StatusCode::OK => self.client.parsed(&reply, doing).map(Some),
            StatusCode::CONFLICT => Ok(None),
            _ => Err(self.client.refused(&reply, doing, false)),
        }
    }

    /// Changes a user as it was read.
    pub async fn patch(&self, user: &User, patch: &Patch) -> Result<Patched, Fault> {
        if patch.is_empty() {
            return Ok(Patched::Done);
        }
        let reply = self.client.patch(&wire::user_path(&user.id), user.version(), &patch.body()).await?;
        match reply.status {
            StatusCode::OK | StatusCode::NO_CONTENT => Ok(Patched::Done),
            StatusCode::PRECONDITION_FAILED | StatusCode::NOT_FOUND => Ok(Patched::Stale),
            status => {
                let fault = self.client.refused(&reply, "changing a user", patch.is_secret);
                // It failed there while it was at work, perhaps after the change.
                let half_done = status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT;
                Err(if half_done { fault.unsure() } else { fault })
            }
        }
    }

    /// Whether the provider answers, takes our token, and can do what we need; what it lacks.
    pub async fn probe(&self) -> Result<Vec<&'static str>, Fault> {
        // Nobody has this name: RFC 6761 §6.4.
        self.find("caseway-check@example.invalid").await?;
        let reply = self.client.get("/ServiceProviderConfig").await?;
        if reply.status != StatusCode::OK {
            // Many providers have none of it.
            return Ok(Vec::new());
        }
        let config: ServiceProviderConfig = self.client.parsed(&reply, "reading what the provider can do")?;
        Ok(config.lacks())
    }
}
