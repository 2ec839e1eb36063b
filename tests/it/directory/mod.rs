//! The directory of accounts, in the gateway's own tables and at an identity provider.

mod behaviour;
mod provider;
mod provider_faults;
