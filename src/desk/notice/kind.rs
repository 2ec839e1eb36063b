//! The kinds of mail we send.

use serde::Serialize;

use crate::mail::language::Language;

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
    /// To a participant who asked: how far the case is.
    CaseStatus,
    /// To engineers: so many people wrote for the first time, without proof, that letters to such are held back.
    FirstContacts,
    /// To the lead: something about the gateway's mail needs a person, or works again.
    Trouble,
    /// To an engineer: a colleague gave them the case, or moved it to their queue.
    HandedOver,
    /// To engineers: a colleague wrote a note on the case.
    Note,
}

impl Notice {
    /// All kinds.
    pub const ALL: [Notice; 40] = [
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
        Notice::CaseStatus,
        Notice::FirstContacts,
        Notice::Trouble,
        Notice::HandedOver,
        Notice::Note,
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
            Notice::CaseStatus => "case_status",
            Notice::FirstContacts => "first_contacts",
            Notice::Trouble => "trouble",
            Notice::HandedOver => "handed_over",
            Notice::Note => "note",
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
                | Notice::Trouble
                | Notice::HandedOver
                | Notice::Note
        )
    }

    /// The languages that it is written in.
    pub fn languages(self) -> &'static [Language] {
        if self.is_to_customer() { &Language::ALL } else { &Language::OF_ENGINEERS }
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
