//! Mail forms: requests that need certain facts before anyone can act, as an administrator defines them.

pub mod labels;

use std::collections::BTreeMap;

use jiff::SignedDuration;
use regex::Regex;

use crate::intent::wish::Wish;
use crate::mail::language::Language;

/// The field that says whether the old device is still at hand; its values are `yes` and `no`.
pub const DEVICE: &str = "device_at_hand";
/// The field that says whether the account has another administrator; its values are `yes` and `no`.
pub const ADMINISTRATOR: &str = "other_administrator";

/// A mail form: `[form.NAME]`.
#[derive(Debug, Clone)]
pub struct Form {
    /// The name in the file, in tables and in commands.
    pub name: String,
    /// What people call it: `Portal account`.
    pub title: BTreeMap<Language, String>,
    /// A mail to one of these mailboxes is this form, unless it surely wants something else.
    pub mailboxes: Vec<String>,
    /// A subject that matches one of these leads to it.
    pub subjects: Vec<Regex>,
    /// One of these phrases in the subject or in a short mail leads to it; lower case.
    pub words: Vec<String>,
    /// Mails that ask for it, as people would write them; what they have in common is learnt at the start.
    pub examples: Vec<String>,
    /// What was learnt beforehand that leads to it.
    pub wish: Option<Wish>,
    /// What has to be known, in the order in which it is asked.
    pub fields: Vec<Field>,
    /// What happens when it is complete.
    pub action: FormAction,
    /// Name of the portal that a registration enables.
    pub portal: Option<String>,
    /// Questions sent before an engineer gets it.
    pub rounds: u32,
    /// How long a question waits for its answer before it is asked again.
    pub remind_after: SignedDuration,
    /// How often a question is asked again.
    pub reminders: u32,
    /// How long a reset of the second factor can be stopped by those concerned.
    pub cooling_off: SignedDuration,
    /// How long before a date of the form the customer is reminded of it.
    pub remind_before: SignedDuration,
}

impl Form {
    /// What people call it, in a language or the first there is.
    pub fn title(&self, language: Language) -> &str {
        let first = || self.title.values().next();
        self.title.get(&language).or_else(first).map_or(self.name.as_str(), String::as_str)
    }

    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// One fact that a form needs.
#[derive(Debug, Clone)]
pub struct Field {
    /// The name in the file and in `#set`.
    pub name: String,
    /// What kind of value it has.
    pub kind: FieldKind,
    /// What people call it, by ISO 639-1 code; the first of a language is shown, the others are read as well.
    pub labels: BTreeMap<String, Vec<String>>,
    /// Whether the form is incomplete without it.
    pub required: bool,
    /// The whole of a value, or of each item of a list, as it is stored.
    pub pattern: Option<Regex>,
    /// What a value looks like; empty when nobody said.
    pub example: String,
}

impl Field {
    /// What people call it, in a language or in English.
    pub fn label(&self, language: Language) -> &str {
        let first = |code: &str| self.labels.get(code).and_then(|labels| labels.first());
        let any = || self.labels.values().find_map(|labels| labels.first());
        first(language.code()).or_else(|| first("en")).or_else(any).map_or(self.name.as_str(), String::as_str)
    }

    /// Everything that people call it, in any language.
    pub fn all_labels(&self) -> impl Iterator<Item = &str> {
        self.labels.values().flatten().map(String::as_str)
    }
}

/// A kind of value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// Any words.
    Text,
    /// A person's whole name.
    Name,
    /// A person's first name or names.
    FirstName,
    /// A person's last name, with its particles.
    LastName,
    /// The name of a company.
    Company,
    /// A mail address.
    Email,
    /// The ID of a customer's account.
    AccountId,
    /// Any other ID: of a customer, of an installation.
    Identifier,
    /// A day, stored as `2027-06-30`.
    Date {
        /// It lies ahead (today counts); otherwise it lies behind (today counts).
        future: bool,
    },
    /// One of several.
    Choice(Vec<Choice>),
    /// Several items.
    List {
        /// The fewest that are enough.
        min: u32,
        /// The most that are taken.
        max: u32,
    },
    /// One of the products of these names.
    Product(Vec<String>),
}

impl FieldKind {
    /// Whether it says who somebody is.
    pub fn is_personal(&self) -> bool {
        matches!(self, Self::Name | Self::FirstName | Self::LastName | Self::Email)
    }
}

/// One of several values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// As it is stored.
    pub name: String,
    /// What people call it, by ISO 639-1 code; the first of a language is shown.
    pub labels: BTreeMap<String, Vec<String>>,
}

impl Choice {
    /// What people call it, in a language, or its name.
    pub fn label(&self, language: Language) -> &str {
        let first = |code: &str| self.labels.get(code).and_then(|labels| labels.first());
        first(language.code()).or_else(|| first("en")).map_or(self.name.as_str(), String::as_str)
    }
}

/// What happens when a form is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FormAction {
    /// A Business Account is created or a portal enabled for it.
    Register,
    /// A link to set a new password goes to the address on record.
    ResetPassword,
    /// The second factor is moved, or reset after two engineers approved.
    ResetSecondFactor,
    /// Steps that help to sign in.
    SignInHelp,
    /// Steps that help to sign in to the partner portal.
    PartnerSignInHelp,
    /// An engineer makes a registration file, and the customer is reminded before it ends.
    RegistrationFile,
    /// An engineer gets it.
    Engineer,
}

impl FormAction {
    /// All of them, by what they are called in the file and in templates.
    pub const ALL: [(&'static str, Self); 7] = [
        ("register", Self::Register),
        ("reset-password", Self::ResetPassword),
        ("reset-second-factor", Self::ResetSecondFactor),
        ("sign-in-help", Self::SignInHelp),
        ("partner-sign-in-help", Self::PartnerSignInHelp),
        ("registration-file", Self::RegistrationFile),
        ("engineer", Self::Engineer),
    ];

    /// As in the file and in templates.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, action)| *action == self).map_or("", |(word, _)| word)
    }
}
