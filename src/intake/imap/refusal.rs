//! Why a server says NO: its response code (RFC 9051 §7.1, first in RFC 5530).

/// A response code, as far as it decides what is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// `AUTHENTICATIONFAILED`: wrong user or password.
    AuthenticationFailed,
    /// `AUTHORIZATIONFAILED`: right, and not allowed to.
    AuthorizationFailed,
    /// `EXPIRED`: the password is right and too old.
    Expired,
    /// `PRIVACYREQUIRED`: not without TLS.
    PrivacyRequired,
    /// `CONTACTADMIN`: the account needs its administrator.
    ContactAdmin,
    /// `UNAVAILABLE`: a part of the server is down. Exchange has no code for it.
    Unavailable,
    /// `INUSE`: somebody else holds the account.
    InUse,
    /// `LIMIT`: too much of something, connections most often. Gmail has no code for these.
    Limit,
    /// `OVERQUOTA`: more was read or kept than the account may. Gmail says so when too much was downloaded.
    OverQuota,
    /// `TRYCREATE`: the folder is not there.
    TryCreate,
    /// No code, or one that changes nothing.
    Other,
}

impl Refusal {
    /// From the words of the answer, with the code in brackets before them: the library knows the codes of RFC 3501 only and
    /// leaves others there.
    pub(super) fn read(words: &str) -> Self {
        let code = words.strip_prefix('[').and_then(|rest| rest.split([']', ' ']).next()).unwrap_or_default();
        match code.to_ascii_uppercase().as_str() {
            "AUTHENTICATIONFAILED" => Self::AuthenticationFailed,
            "AUTHORIZATIONFAILED" => Self::AuthorizationFailed,
            "EXPIRED" => Self::Expired,
            "PRIVACYREQUIRED" => Self::PrivacyRequired,
            "CONTACTADMIN" => Self::ContactAdmin,
            "UNAVAILABLE" => Self::Unavailable,
            "INUSE" => Self::InUse,
            "LIMIT" => Self::Limit,
            "OVERQUOTA" => Self::OverQuota,
            "TRYCREATE" => Self::TryCreate,
            _ => Self::without_code(words),
        }
    }

    /// Servers that say it in words alone.
    fn without_code(words: &str) -> Self {
        let words = words.to_ascii_lowercase();
        // Exchange, while the store of the account moves or restarts.
        if words.contains("authenticated but not connected") {
            Self::Unavailable
        // Gmail ([ALERT]), Zoho, Courier.
        } else if words.contains("too many simultaneous connections") || words.contains("too many connections") {
            Self::Limit
        // Gmail.
        } else if words.contains("exceeded command or bandwidth limits") {
            Self::OverQuota
        } else {
            Self::Other
        }
    }

    /// It passes by itself, and is about the account rather than about what was asked for.
    pub fn is_about_account(self) -> bool {
        matches!(self, Self::Unavailable | Self::InUse | Self::Limit | Self::OverQuota)
    }

    /// What a person can do about a login or an account that was refused so.
    pub(super) fn advice(self) -> &'static str {
        match self {
            Self::Unavailable => "a part of the server is down; it is tried again by itself, and mails wait there",
            Self::InUse => "another program holds the account; it is tried again by itself, and mails wait there",
            Self::Limit => {
                "close other programs that read it, or ask for a higher limit; it is tried again by itself, and mails wait there"
            }
            Self::OverQuota => {
                "the account has used up what it may read or keep; it is tried again by itself, and mails wait there"
            }
            Self::AuthenticationFailed | Self::TryCreate | Self::Other => "check `user`, `password` and `auth`",
            Self::AuthorizationFailed => "the account may not do this: ask the server's administrator",
            Self::Expired => "the password is too old: set a new one at the server, and in `password`",
            Self::PrivacyRequired => "the server wants TLS first: set `tls`",
            Self::ContactAdmin => "the account is locked: ask the server's administrator",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Refusal;

    #[test]
    fn codes_are_read_and_servers_without_them_understood() {
        for (words, refusal) in [
            ("[AUTHENTICATIONFAILED] Authentication failed.", Refusal::AuthenticationFailed),
            ("[unavailable] Temporary authentication failure. [mx:2026-11-30 14:00]", Refusal::Unavailable),
            ("[OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)", Refusal::OverQuota),
            ("[INUSE] Mailbox is locked", Refusal::InUse),
            ("[LIMIT] Too many connections from your IP", Refusal::Limit),
            ("[TRYCREATE] Mailbox doesn't exist", Refusal::TryCreate),
            ("User is authenticated but not connected.", Refusal::Unavailable),
            ("[ALERT] Too many simultaneous connections. (Failure)", Refusal::Limit),
            ("[CANNOT] no", Refusal::Other),
            ("[", Refusal::Other),
            ("", Refusal::Other),
            ("UNAVAILABLE in words only", Refusal::Other),
        ] {
            assert_eq!(Refusal::read(words), refusal, "{words}");
        }
        assert!(Refusal::Limit.is_about_account() && !Refusal::AuthenticationFailed.is_about_account());
    }
}
