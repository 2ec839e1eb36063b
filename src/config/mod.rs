//! What an administrator decides: read from `caseway.toml`, validated as a whole.
//!
//! Every value of [`Config`] can be relied on: [`load()`] either gives one or an [`Invalid`] with *all* problems, each
//! with its line and key path. `section` asks for keys by name and type and refuses what nobody asked for, `read` has
//! one file a table and one for secrets, `values` one function a kind of text, `settings` what it all becomes. The keys are
//! described in docs/CONFIGURATION.md; a test keeps that page and the readers together.

mod dkim;
mod document;
pub mod find;
pub mod form;
pub mod load;
mod mailbox;
mod nearest;
mod oauth;
mod permissions;
mod read;
pub mod report;
pub mod secrets;
mod section;
mod settings;
mod transport;
mod values;

pub use dkim::{DkimKey, DkimKind};
pub use find::find;
pub use load::{Loaded, load, parse};
pub use mailbox::{After, FirstStart, Folder, Imap, ImapAuth, Junk, Mailbox, Maildir, Source};
pub use oauth::{ClientAuth, Grant, OAuth, SigningKey};
pub use report::{Invalid, Problem};
pub use secrets::Secrets;
pub use settings::{
    Canary, Config, Database, Desk, Directory, Limits, Log, LogFormat, Portal, Queue, Scim, Spam, Trust, Web, WebTls,
};
pub use transport::{Credential, Smtp, Tls, Transport};
pub use values::log_filter;
