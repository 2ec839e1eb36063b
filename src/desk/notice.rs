//! The kinds of mail we send, and what a letter of any kind may say.

mod flow;

use jiff::Timestamp;
use serde::Serialize;

use crate::mail::language::Language;
use crate::mail::{Address, Attachment};

pub use flow::{ApprovalVars, EntryVars, FormVars, LinkToVars, MissingVars, PortalVars, ResultVars, UserVars};

/// A kind of mail we send; its name is the folder of its templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// To the customer: we have your request, this is its case ID, this happens next.
    Acknowledgement,
    /// To the engineers of a queue: a new ticket, the customer's words and files, how to answer.
    NewTicket,
    /// To assignee and followers (or all engineers): a participant wrote again.
    CustomerReply,
    /// To requester and copied people: an engineer's answer. A person's mail.
    Answer,
    /// To assignee (or all engineers): a mail claims a ticket without proof and is held on a ticket of its own.
    Held,
    /// To the engineer on record: a mail in your name was held because nothing proved that it is yours.
    Unproven,
    /// To the engineer: your mail did not go to the customer, or not all of it; why, and the words ready to be sent again.
    NotPassedOn,
    /// To the sender: the mail was too large to take; how to send the files instead.
    Oversize,
    /// To the assignee: a mail could not be delivered, or a bounce came back; what happened and what to do.
    DeliveryFailed,
    /// To the sender of a form: what we understood, what is missing, and the lines to fill in.
    FormQuestion,
    /// To the sender of a form: it is complete; its values, and what happens next. The same for known and unknown people.
    FormReceived,
    /// To engineers: a form needs a person; why, what is known, and how to go on.
    FormHandover,
    /// To the engineer: what came of each command.
    CommandResult,
    /// To the person: the link by which a password is set for a new Business Account.
    Activation,
    /// To the person: the account waits for its password; a fresh link.
    ActivationReminder,
    /// To the person: no password was set in time; how to start again.
    ActivationExpired,
    /// To the person, who replied to the activation: a code to type in instead of the link.
    ActivationCode,
    /// To the person: the portal is enabled; how to sign in.
    Welcome,
    /// To the sender: partner accounts have the partner portal's own request.
    PartnerPortal,
    /// To the address on record: the link to set a new password.
    PasswordReset,
    /// To the person: the password was changed and every session ended.
    PasswordChanged,
    /// To the person: how to move the second factor to a new device while the old one is at hand.
    SecondFactorSelfService,
    /// To the person: how another administrator of the account helps when the old device is gone.
    SecondFactorByAdministrator,
    /// To every known address of the person and to the account's administrators: a reset of the second factor was approved;
    /// when it takes effect, and how to stop it.
    SecondFactorPending,
    /// To the person: the link to set up a new second factor.
    SecondFactorEnrol,
    /// To the person and the engineers: the reset was stopped, nothing has changed.
    SecondFactorStopped,
    /// To the person: a new second factor is set up.
    SecondFactorChanged,
    /// To the person: what to try when signing in fails.
    SignInHelp,
    /// To the person: what to try when signing in to the partner portal fails.
    PartnerSignInHelp,
    /// To requester and copied people: an engineer's words with the registration file, and how to install it. A person's mail.
    RegistrationFile,
    /// To the requester: the registration of a server ends soon; how to get a new file.
    LicenceReminder,
    /// To the requester: we answered and wait for you.
    WaitingReminder,
    /// To the requester: the case will be closed, and when; how to keep it open.
    Closing,
    /// To the requester: the case is closed; how to reopen it.
    Closed,
    /// To the person: the second factor is removed, and the password alone is enough.
    SecondFactorRemoved,
    /// To engineers: so many people wrote for the first time, without proof, that letters to such are held back.
    FirstContacts,
}

impl Notice {
    /// All kinds.
    pub const ALL: [Notice; 36] = [
        Notice::Acknowledgement,
        Notice::NewTicket,
        Notice::CustomerReply,
        Notice::Answer,
        Notice::Held,
        Notice::Unproven,
        Notice::NotPassedOn,
        Notice::Oversize,
        Notice::DeliveryFailed,
        Notice::FormQuestion,
        Notice::FormReceived,
        Notice::FormHandover,
        Notice::CommandResult,
        Notice::Activation,
        Notice::ActivationReminder,
        Notice::ActivationExpired,
        Notice::ActivationCode,
        Notice::Welcome,
        Notice::PartnerPortal,
        Notice::PasswordReset,
        Notice::PasswordChanged,
        Notice::SecondFactorSelfService,
        Notice::SecondFactorByAdministrator,
        Notice::SecondFactorPending,
        Notice::SecondFactorEnrol,
        Notice::SecondFactorStopped,
        Notice::SecondFactorChanged,
        Notice::SignInHelp,
        Notice::PartnerSignInHelp,
        Notice::RegistrationFile,
        Notice::LicenceReminder,
        Notice::WaitingReminder,
        Notice::Closing,
        Notice::Closed,
        Notice::SecondFactorRemoved,
        Notice::FirstContacts,
    ];

    /// The name in tables, in exports and of the template folder.
    pub fn as_str(self) -> &'static str {
        match self {
            Notice::Acknowledgement => "acknowledgement",
            Notice::NewTicket => "new_ticket",
            Notice::CustomerReply => "customer_reply",
            Notice::Answer => "answer",
            Notice::Held => "held",
            Notice::Unproven => "unproven",
            Notice::NotPassedOn => "not_passed_on",
            Notice::Oversize => "oversize",
            Notice::DeliveryFailed => "delivery_failed",
            Notice::FormQuestion => "form_question",
            Notice::FormReceived => "form_received",
            Notice::FormHandover => "form_handover",
            Notice::CommandResult => "command_result",
            Notice::Activation => "activation",
            Notice::ActivationReminder => "activation_reminder",
            Notice::ActivationExpired => "activation_expired",
            Notice::ActivationCode => "activation_code",
            Notice::Welcome => "welcome",
            Notice::PartnerPortal => "partner_portal",
            Notice::PasswordReset => "password_reset",
            Notice::PasswordChanged => "password_changed",
            Notice::SecondFactorSelfService => "second_factor_self_service",
            Notice::SecondFactorByAdministrator => "second_factor_by_administrator",
            Notice::SecondFactorPending => "second_factor_pending",
            Notice::SecondFactorEnrol => "second_factor_enrol",
            Notice::SecondFactorStopped => "second_factor_stopped",
            Notice::SecondFactorChanged => "second_factor_changed",
            Notice::SignInHelp => "sign_in_help",
            Notice::PartnerSignInHelp => "partner_sign_in_help",
            Notice::RegistrationFile => "registration_file",
            Notice::LicenceReminder => "licence_reminder",
            Notice::WaitingReminder => "waiting_reminder",
            Notice::Closing => "closing",
            Notice::Closed => "closed",
            Notice::SecondFactorRemoved => "second_factor_removed",
            Notice::FirstContacts => "first_contacts",
        }
    }

    /// Whether the customer reads it: it is part of what was said on the ticket.
    pub fn is_to_customer(self) -> bool {
        !matches!(
            self,
            Notice::NewTicket
                | Notice::CustomerReply
                | Notice::Held
                | Notice::Unproven
                | Notice::NotPassedOn
                | Notice::DeliveryFailed
                | Notice::FormHandover
                | Notice::CommandResult
                | Notice::FirstContacts
        )
    }

    /// Whether it carries a link or a code that lets its reader into an account: only its recipient may ever see it.
    pub fn is_secret(self) -> bool {
        matches!(
            self,
            Notice::Activation
                | Notice::ActivationReminder
                | Notice::ActivationCode
                | Notice::PasswordReset
                | Notice::SecondFactorPending
                | Notice::SecondFactorEnrol
        )
    }

    /// Whether it tells that something about signing in was changed, or will be. The caps do not hold it back, as somebody
    /// who writes in another's name could use them up. What causes it is bounded: a sign-in, a link used, two engineers.
    pub fn is_security(self) -> bool {
        matches!(
            self,
            Notice::PasswordChanged
                | Notice::SecondFactorPending
                | Notice::SecondFactorChanged
                | Notice::SecondFactorRemoved
        )
    }

    /// Whether an engineer wrote it: a person's mail, with the engineer's name.
    pub fn is_by_engineer(self) -> bool {
        matches!(self, Notice::Answer | Notice::RegistrationFile)
    }

    /// Whether a machine decided to send it (RFC 3834): it then carries `Auto-Submitted` and kin and counts in the caps.
    pub fn is_automatic(self) -> bool {
        !self.is_by_engineer()
    }
}

/// One mail to one recipient, before it becomes bytes.
#[derive(Debug, Clone)]
pub struct Letter {
    /// What it is about; chooses the template and the headers of automatic mail.
    pub notice: Notice,
    /// The recipient's; chooses the template.
    pub language: Language,
    /// The desk's address, with the desk's or the engineer's display name.
    pub from: Address,
    /// The desk's address, with the recipient's token where addresses can carry one.
    pub reply_to: Address,
    /// As shown; the envelope has the one recipient.
    pub to: Vec<Address>,
    /// As shown.
    pub cc: Vec<Address>,
    /// Without angle brackets; carries the recipient's token.
    pub message_id: String,
    /// The recipient's own thread.
    pub in_reply_to: Option<String>,
    /// The same thread, oldest first, without angle brackets.
    pub references: Vec<String>,
    /// The sealed token of this delivery: what a report on it must return.
    pub delivery: String,
    /// When it was decided; the `Date` header.
    pub date: Timestamp,
    /// What the template fills in.
    pub vars: Vars,
    /// Passed on with the mail.
    pub files: Vec<Attachment>,
}

impl Letter {
    /// The same with its files left out, and named as left out; `None` where there are none, or none that its words list.
    pub fn without_files(&self) -> Option<Self> {
        if self.files.is_empty() || self.vars.files.is_empty() {
            return None;
        }
        let mut vars = self.vars.clone();
        vars.files.iter_mut().for_each(|file| file.attached = false);
        Some(Self {
            notice: self.notice,
            language: self.language,
            from: self.from.clone(),
            reply_to: self.reply_to.clone(),
            to: self.to.clone(),
            cc: self.cc.clone(),
            message_id: self.message_id.clone(),
            in_reply_to: self.in_reply_to.clone(),
            references: self.references.clone(),
            date: self.date,
            vars,
            files: Vec::new(),
            delivery: self.delivery.clone(),
        })
    }
}

/// All that a template may name. Every field is there in every notice, so that a misspelt one is an error at start.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Vars {
    /// Who we are.
    pub desk: DeskVars,
    /// `CASE-1042`.
    pub case_id: String,
    /// The ticket's subject, without tags and `Re:`.
    pub subject: String,
    /// Who gets this mail.
    pub recipient: Address,
    /// Who wrote `words`; in `delivery_failed` whom the mail did not reach.
    pub author: Address,
    /// The From of the mail, when another header names `author`; empty otherwise.
    pub sent_by: String,
    /// Where else `author` wants answers (Reply-To), as addresses; empty when nowhere else.
    pub answers_to: String,
    /// The ticket's requester.
    pub requester: Address,
    /// The engineer who has the ticket; empty name and address when nobody has.
    pub assignee: Address,
    /// The visible words that are passed on, as plain text; shown verbatim, never read as Markdown.
    pub words: String,
    /// What the words answer, for the quoted tail; empty text when there is nothing to quote.
    pub quote: Quote,
    /// The files of the mail that is passed on.
    pub files: Vec<FileVars>,
    /// The case the mail claimed or follows; empty when none.
    pub linked_case_id: String,
    /// Why, as a code that templates choose words by: `stranger`, `token_of_another`, `dmarc_fail`, `no_proof`, …
    pub reason: String,
    /// Somebody else's words on the reason: a server's diagnostic.
    pub detail: String,
    /// The size limit in words: `25 MB`.
    pub limit: String,
    /// The ticket's form.
    pub form: FormVars,
    /// The single-use link or code of this mail.
    pub link: LinkToVars,
    /// The Business Account it is about.
    pub user: UserVars,
    /// The portal it is about.
    pub portal: PortalVars,
    /// How many engineers approved.
    pub approvals: ApprovalVars,
    /// A date or a time in the letter's language: when something happened, takes effect or ends; in `closed`
    /// until when a reply reopens the case.
    pub when: String,
    /// What came of an engineer's commands.
    pub results: Vec<ResultVars>,
}

/// The desk as templates see it, in the letter's language.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeskVars {
    /// The desk's display name.
    pub name: String,
    /// The mailbox's own address, without a token.
    pub address: String,
    /// Opening hours in words; may be empty.
    pub hours: String,
    /// As people read them: `Helsinki +358 9 1234`.
    pub phones: Vec<String>,
    /// Knowledge base, community, portal.
    pub links: Vec<LinkVars>,
    /// What is wrong right now, in words of any length; empty when nothing is.
    pub incident: String,
}

/// A link below acknowledgements.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LinkVars {
    /// What people read.
    pub label: String,
    /// `https:`, `http:`, `mailto:` or `tel:`; others are shown as their label only.
    pub url: String,
}

/// An earlier message, quoted.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Quote {
    /// The display name of who wrote it.
    pub author: String,
    /// Date and time as the language writes them, with the zone.
    pub date: String,
    /// The words, without what they quoted themselves.
    pub text: String,
}

/// A file of the mail that is passed on.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FileVars {
    /// The file's name.
    pub name: String,
    /// In words: `184 KB`.
    pub size: String,
    /// Whether it goes with this mail or stays in the desk's records (too large to pass on).
    pub attached: bool,
}
