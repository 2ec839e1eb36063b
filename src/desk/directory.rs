//! The directory of customer accounts and Business Accounts, as the rules know it: what is in it, what is asked of it,
//! what it answers. The rules never touch the directory: they ask by a [`Task`] and are told an [`Answer`].

use serde::{Deserialize, Serialize};

use crate::mail::address::normalise;
use crate::mail::limits::MAX_NAME_CHARS;

/// What a Business Account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountState {
    /// Created; the person has set no password yet.
    Invited,
    /// The person can sign in.
    Active,
    /// Switched off by somebody.
    Disabled,
}

impl AccountState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Invited, Self::Active, Self::Disabled];

    /// As stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    /// The state of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// One person's sign-in to every portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusinessAccount {
    /// The user name: an address, normalised.
    pub email: String,
    /// As the person writes it.
    pub first_name: String,
    /// As the person writes it.
    pub last_name: String,
    /// The customer account it belongs to.
    pub account_id: Option<String>,
    /// Whether it can be used.
    pub state: AccountState,
    /// May manage the other people of the account.
    pub administrator: bool,
    /// A second factor is enrolled.
    pub second_factor: bool,
    /// The portals it may use, sorted.
    pub portals: Vec<String>,
}

/// A company that is a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The public account ID, as [`account_id`] writes it.
    pub account_id: String,
    /// The company's name.
    pub company: String,
    /// Its mail domains, sorted; subdomains belong to it as well.
    pub domains: Vec<String>,
    /// Addresses of people who may speak for it, normalised and sorted.
    pub contacts: Vec<String>,
    /// What it has bought, sorted.
    pub products: Vec<String>,
    /// A reseller or distributor.
    pub partner: bool,
    /// A word of the administrator's own; empty when there is none.
    pub support_level: String,
    /// No longer a customer.
    pub disabled: bool,
}

impl Account {
    /// Whether an address is in one of the account's domains.
    pub fn has_domain_of(&self, email: &str) -> bool {
        let host = email.rsplit_once('@').map_or("", |(_, domain)| domain);
        let host = domain(host);
        self.domains.iter().filter(|domain| !domain.is_empty()).any(|domain| {
            host.strip_suffix(domain.as_str()).is_some_and(|below| below.is_empty() || below.ends_with('.'))
        })
    }

    /// Whether an address may speak for the account.
    pub fn has_contact(&self, email: &str) -> bool {
        !email.is_empty() && self.contacts.iter().any(|contact| contact == email)
    }
}

/// Everything about one Business Account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The person's own.
    pub business: BusinessAccount,
    /// The customer account it belongs to.
    pub account: Option<Account>,
    /// Addresses of the other active administrators of that account, sorted.
    pub administrators: Vec<String>,
}

impl Known {
    /// Whether the Business Account can be used: nobody's can whose company is switched off.
    pub fn state(&self) -> AccountState {
        match &self.account {
            Some(account) if account.disabled => AccountState::Disabled,
            _ => self.business.state,
        }
    }
}

/// What the directory is asked to do or to tell. Doing it twice is doing it once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// A person wants to use a portal.
    Register(Registrant),
    /// What is known of an address?
    Find {
        /// The user name.
        email: String,
    },
    /// An active person may use a portal from now on.
    EnablePortal {
        /// The user name.
        email: String,
        /// The portal by its configured name.
        portal: String,
    },
}

impl Task {
    /// The user name that it is about.
    pub fn email(&self) -> &str {
        match self {
            Self::Register(registrant) => &registrant.email,
            Self::Find { email } | Self::EnablePortal { email, .. } => email,
        }
    }
}

/// Who wants to use a portal, and who asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registrant {
    /// The address, which becomes the user name.
    pub email: String,
    /// As written.
    pub first_name: String,
    /// As written.
    pub last_name: String,
    /// As written.
    pub account_id: String,
    /// The portal by its configured name, when the form is about one.
    pub portal: Option<String>,
    /// Who wrote the mail. A contact of the account vouches by this, so it must be proven; empty when it is not.
    pub asked_by: String,
    /// An engineer vouches for the person.
    pub approved: bool,
}

/// What the directory answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// To [`Task::Register`].
    Registered(Registration),
    /// To [`Task::Find`].
    Found(Option<Known>),
    /// It is as was asked.
    Done,
}

/// What became of a wish to use a portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// There is a new Business Account; the person has to set a password.
    Created(Known),
    /// There was one; the person still has to set a password.
    Waiting(Known),
    /// There was one that is in use; the portal is enabled.
    Enabled(Known),
    /// The account is a partner's: the partner portal has its own way. Nothing was changed.
    Partner(Account),
    /// An engineer has to say whether it may be. Nothing was changed.
    NeedsApproval(NeedsApproval),
    /// There is one that was switched off. Nothing was changed.
    Disabled,
}

/// Why an engineer has to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NeedsApproval {
    /// There is no such account; no approval helps before there is one.
    UnknownAccount,
    /// The account is switched off; no approval helps before it is enabled.
    AccountDisabled,
    /// The address belongs to nobody of the account, or to somebody of another one.
    ForeignAddress,
}

/// What is to be done for a registrant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// An engineer has to decide.
    Ask(NeedsApproval),
    /// The partner portal has its own way.
    Partner,
    /// Create a Business Account.
    Create,
    /// There is one without a password.
    Wait,
    /// Enable the portal.
    Enable,
    /// There is one that was switched off.
    Disabled,
}

/// Decides about a registrant by the account that was named and the Business Account of the address, if there are any.
///
/// Whether the address belongs is decided before anything else is looked at: who has no right to ask learns nothing.
pub fn plan(registrant: &Registrant, account: Option<&Account>, business: Option<&BusinessAccount>) -> Plan {
    let Some(account) = account else { return Plan::Ask(NeedsApproval::UnknownAccount) };
    if account.disabled {
        return Plan::Ask(NeedsApproval::AccountDisabled);
    }
    if !registrant.approved && !belongs(registrant, account, business) {
        return Plan::Ask(NeedsApproval::ForeignAddress);
    }
    if account.partner {
        return Plan::Partner;
    }
    match business.map(|business| business.state) {
        None => Plan::Create,
        Some(AccountState::Invited) => Plan::Wait,
        Some(AccountState::Active) => Plan::Enable,
        Some(AccountState::Disabled) => Plan::Disabled,
    }
}

fn belongs(registrant: &Registrant, account: &Account, business: Option<&BusinessAccount>) -> bool {
    let elsewhere =
        business.and_then(|business| business.account_id.as_ref()).is_some_and(|id| *id != account.account_id);
    let email = normalise(&registrant.email);
    !elsewhere
        && (account.has_domain_of(&email)
            || account.has_contact(&email)
            || account.has_contact(&normalise(&registrant.asked_by)))
}

/// A name as it is kept: on one line, without control characters, at most [`MAX_NAME_CHARS`] long.
pub fn name(written: &str) -> String {
    let clean = written.split_whitespace().collect::<Vec<_>>().join(" ");
    clean.chars().filter(|c| !c.is_control()).take(MAX_NAME_CHARS).collect()
}

/// An account ID in the form in which it is compared: upper case, without blanks, with plain dashes.
pub fn account_id(typed: &str) -> String {
    typed
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .map(|c| if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}') { '-' } else { c })
        .flat_map(char::to_uppercase)
        .collect()
}

/// A mail domain in the form in which it is compared: lower case, without the `@` that people write before it and the
/// dot that DNS writes behind it, in ASCII where it is an internationalised one (RFC 5890).
pub fn domain(typed: &str) -> String {
    let bare = typed.trim().trim_start_matches('@').trim_end_matches('.');
    idna::domain_to_ascii(bare).unwrap_or_else(|_| bare.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Account {
        Account {
            account_id: "AC-1001".to_owned(),
            company: "Example Oy".to_owned(),
            domains: vec!["customer.test".to_owned(), "xn--mller-kva.test".to_owned()],
            contacts: vec!["boss@elsewhere.test".to_owned()],
            products: Vec::new(),
            partner: false,
            support_level: String::new(),
            disabled: false,
        }
    }

    fn registrant(email: &str) -> Registrant {
        Registrant {
            email: email.to_owned(),
            first_name: "Maija".to_owned(),
            last_name: "Meikäläinen".to_owned(),
            account_id: "ac-1001".to_owned(),
            portal: Some("eservice".to_owned()),
            asked_by: String::new(),
            approved: false,
        }
    }

    fn business(state: AccountState, account_id: Option<&str>) -> BusinessAccount {
        BusinessAccount {
            email: "maija@customer.test".to_owned(),
            first_name: String::new(),
            last_name: String::new(),
            account_id: account_id.map(str::to_owned),
            state,
            administrator: false,
            second_factor: false,
            portals: Vec::new(),
        }
    }

    #[test]
    fn who_belongs_to_an_account() {
        let foreign = Plan::Ask(NeedsApproval::ForeignAddress);
        for (email, asked_by, planned) in [
            ("maija@customer.test", "", Plan::Create),
            ("Maija@CUSTOMER.TEST ", "", Plan::Create),
            ("maija@sales.customer.test", "", Plan::Create),
            ("maija@müller.test", "", Plan::Create),
            ("maija@notcustomer.test", "", foreign),
            ("maija@customer.test.evil.test", "", foreign),
            ("maija@test", "", foreign),
            ("customer.test", "", foreign),
            ("boss@elsewhere.test", "", Plan::Create),
            ("friend@elsewhere.test", "", foreign),
            ("friend@elsewhere.test", "Boss@Elsewhere.test", Plan::Create),
            ("friend@elsewhere.test", "maija@customer.test", foreign),
        ] {
            let asked = Registrant { asked_by: asked_by.to_owned(), ..registrant(email) };
            assert_eq!(plan(&asked, Some(&account()), None), planned, "{email} asked by {asked_by}");
        }
        let approved = Registrant { approved: true, ..registrant("friend@elsewhere.test") };
        assert_eq!(plan(&approved, Some(&account()), None), Plan::Create);
    }

    #[test]
    fn an_approval_makes_no_account() {
        let approved = Registrant { approved: true, ..registrant("maija@customer.test") };
        assert_eq!(plan(&approved, None, None), Plan::Ask(NeedsApproval::UnknownAccount));
        let closed = Account { disabled: true, ..account() };
        assert_eq!(plan(&approved, Some(&closed), None), Plan::Ask(NeedsApproval::AccountDisabled));
    }

    #[test]
    fn a_partner_is_told_only_to_its_own_people() {
        let partner = Account { partner: true, ..account() };
        assert_eq!(plan(&registrant("maija@customer.test"), Some(&partner), None), Plan::Partner);
        let foreign = Plan::Ask(NeedsApproval::ForeignAddress);
        assert_eq!(plan(&registrant("friend@elsewhere.test"), Some(&partner), None), foreign);
    }

    #[test]
    fn what_is_there_decides_what_is_done() {
        for (state, planned) in [
            (AccountState::Invited, Plan::Wait),
            (AccountState::Active, Plan::Enable),
            (AccountState::Disabled, Plan::Disabled),
        ] {
            for account_id in [None, Some("AC-1001")] {
                let there = business(state, account_id);
                assert_eq!(plan(&registrant("maija@customer.test"), Some(&account()), Some(&there)), planned);
            }
        }
        let elsewhere = business(AccountState::Active, Some("AC-7"));
        let foreign = Plan::Ask(NeedsApproval::ForeignAddress);
        assert_eq!(plan(&registrant("maija@customer.test"), Some(&account()), Some(&elsewhere)), foreign);
        assert_eq!(AccountState::ALL.map(|state| AccountState::parse(state.as_str())), AccountState::ALL.map(Some));
    }

    #[test]
    fn ids_and_domains_are_compared_as_written_by_anyone() {
        for typed in ["ac-1001", " AC–1001 ", "AC\u{2011}1001", "aC- 10 01\t"] {
            assert_eq!(account_id(typed), "AC-1001", "{typed}");
        }
        for (typed, compared) in
            [("@Customer.TEST.", "customer.test"), ("Müller.test", "xn--mller-kva.test"), (" a.test ", "a.test")]
        {
            assert_eq!(domain(typed), compared);
        }
        assert_eq!(name(" Maija\r\nBcc:\u{0} x  Y\t"), "Maija Bcc: x Y");
    }
}
