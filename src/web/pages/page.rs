//! Which pages there are.

/// A page of the site, named as its template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Page {
    /// One thing that must be said, with a link.
    Message,
    /// User name and password.
    SignIn,
    /// The second factor's code, at signing in.
    Code,
    /// Asks for a link to set another password.
    Forgot,
    /// Sets a password by a link.
    Password,
    /// Sets the first password by a code from a mail.
    Activate,
    /// Enrols a second factor.
    Enrol,
    /// Removes the second factor.
    FactorOff,
    /// Stops a second factor's reset.
    Stop,
    /// A person's own cases.
    Cases,
    /// One case.
    Case,
    /// Opens a case.
    NewCase,
    /// A whole mail of a case.
    Mail,
    /// What a person may change.
    Profile,
    /// Another password, by somebody who knows the old one.
    ChangePassword,
}

impl Page {
    /// All of them.
    pub(super) const ALL: [Self; 15] = [
        Self::Message,
        Self::SignIn,
        Self::Code,
        Self::Forgot,
        Self::Password,
        Self::Activate,
        Self::Enrol,
        Self::FactorOff,
        Self::Stop,
        Self::Cases,
        Self::Case,
        Self::NewCase,
        Self::Mail,
        Self::Profile,
        Self::ChangePassword,
    ];

    /// The template's name, and the table of its texts.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::SignIn => "sign_in",
            Self::Code => "code",
            Self::Forgot => "forgot",
            Self::Password => "new_password",
            Self::Activate => "activate",
            Self::Enrol => "enrol",
            Self::FactorOff => "factor_off",
            Self::Stop => "stop",
            Self::Cases => "cases",
            Self::Case => "case",
            Self::NewCase => "new_case",
            Self::Mail => "mail",
            Self::Profile => "profile",
            Self::ChangePassword => "change_password",
        }
    }

    /// Whether its title is always the same text, its table's `title`.
    pub(super) fn has_title(self) -> bool {
        !matches!(self, Self::Message | Self::Password | Self::Case | Self::Mail)
    }

    /// Belongs to the menu's entry for cases.
    pub(in crate::web) fn is_about_cases(self) -> bool {
        matches!(self, Self::Cases | Self::Case | Self::NewCase | Self::Mail)
    }

    /// Belongs to the menu's entry for the profile.
    pub(in crate::web) fn is_about_profile(self) -> bool {
        matches!(self, Self::Profile | Self::ChangePassword | Self::FactorOff)
    }
}
