//! What letters may say about forms, links, accounts and commands. Everything is empty where a letter has nothing to say.

use serde::Serialize;

/// The form of a ticket, in the letter's language.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FormVars {
    /// Its name in the configuration.
    pub name: String,
    /// What people call it: `Portal account`.
    pub title: String,
    /// What happens when it is complete, as a code: `register`, `reset-password`, `reset-second-factor`,
    /// `sign-in-help`, `partner-sign-in-help`, `registration-file`, `engineer`.
    pub action: String,
    /// For which system, as a code: `windows`, `linux`; empty when nobody said.
    pub platform: String,
    /// The values so far, in the order of the form.
    pub understood: Vec<EntryVars>,
    /// What has to be asked, in the order of the form.
    pub missing: Vec<MissingVars>,
    /// Lines of `Label: value` to fill in; shown verbatim.
    pub block: String,
}

/// One value of a form.
#[derive(Debug, Clone, Default, Serialize)]
pub struct EntryVars {
    /// What people call the field.
    pub label: String,
    /// The value; items of a list with commas between.
    pub value: String,
    /// Where it was found, as a code: `label`, `table`, `list`, `above`, `prose`, `signature`, `reply_to`, `from`,
    /// `engineer`, `page`.
    pub place: String,
    /// As it was written, where an ID was completed; else empty.
    pub typed: String,
    /// The field's name in the configuration, as `#set` takes it.
    pub field: String,
}

/// One field that has to be asked.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MissingVars {
    /// What people call the field.
    pub label: String,
    /// What a value looks like; may be empty.
    pub example: String,
    /// What was written instead; items of a conflict with commas between.
    pub value: String,
    /// As a code: `missing`, `invalid` (the value does not pass the check), `conflict` (several values).
    pub problem: String,
    /// The field's name in the configuration, as `#set` takes it.
    pub field: String,
}

/// A single-use link or code.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LinkToVars {
    /// The whole address, with its token.
    pub url: String,
    /// The page where a code is typed in.
    pub page: String,
    /// The code to type in.
    pub code: String,
    /// Hours that link or code are valid.
    pub hours: u32,
}

/// A Business Account. Empty when the directory knows nobody, or when the reader must not be told.
#[derive(Debug, Clone, Default, Serialize)]
pub struct UserVars {
    /// The address that is the user name; in a confirmation the address that the form names, known or not.
    pub user_name: String,
    /// The person's name.
    pub name: String,
    /// As a code: `invited`, `active`, `disabled`.
    pub state: String,
    /// The customer's company.
    pub company: String,
    /// Whether a second factor is set up.
    pub second_factor: bool,
    /// The portals that are enabled.
    pub portals: Vec<String>,
    /// How many other active administrators the customer's account has.
    pub administrators: u32,
}

/// The portal that a letter is about.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PortalVars {
    /// What people call it.
    pub name: String,
    /// Where one signs in.
    pub url: String,
    /// Where one asks for a new password.
    pub forgot_url: String,
}

/// How many engineers approved, and how many must.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ApprovalVars {
    /// So far.
    pub given: u32,
    /// In all.
    pub needed: u32,
}

/// How a case stands. Everything is empty in letters that do not say it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct StandingVars {
    /// As a code: `new`, `open`, `waiting`, `closed`, `held`, `merged`.
    pub status: String,
    /// Whose engineers look after it.
    pub queue: String,
    /// As a code: `low`, `normal`, `high`, `urgent`.
    pub priority: String,
    /// With commas between.
    pub tags: String,
    /// Addresses of those in copy, with commas between.
    pub copied: String,
    /// Addresses of engineers who follow it, with commas between.
    pub followers: String,
}

/// A command, as `#help` explains it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CommandVars {
    /// As it is written: `#set field value`.
    pub usage: String,
    /// What it does, in the engineer's language.
    pub does: String,
}

/// What came of one command line.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ResultVars {
    /// The line as it was written.
    pub command: String,
    /// Whether it was carried out.
    pub ok: bool,
    /// What came of it, in words of the engineer's language; one line.
    pub said: String,
    /// The line that takes it back; empty where nothing can, or nothing has to.
    pub undo: String,
}
