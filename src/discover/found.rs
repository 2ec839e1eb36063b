//! What a domain tells of its mail servers.

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// TLS from the first octet.
    Implicit,
    /// Upgraded by STARTTLS.
    StartTls,
}

/// What a server is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Mail is read there.
    Imap,
    /// Mail is handed in there.
    Smtp,
}

/// A mail server as somebody describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Name or IP address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How the connection is protected.
    pub protection: Protection,
    /// The name to sign in with, where it is told.
    pub user: Option<String>,
}

/// A server, and who told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Where it is.
    pub server: Server,
    /// The address of the file, or the name of the record.
    pub told_by: String,
    /// Told by DNS alone, and in another domain than the address. Whoever can forge an answer would get the password:
    /// RFC 6186 §6 wants a person to confirm it.
    pub is_foreign: bool,
}

/// Whose mail service a domain uses, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// Microsoft 365, or Outlook.com.
    Microsoft,
    /// Google Workspace, or Gmail.
    Google,
}

/// Who takes a domain's mail (RFC 5321 §5.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mx {
    /// These hosts, the preferred first.
    Hosts(Vec<String>),
    /// There is no record: senders try the domain's own host, where it has one.
    Missing,
    /// The domain says that it takes no mail (RFC 7505).
    Refused,
    /// Nobody could be asked; why.
    Unknown(String),
}

/// All that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where mail is read.
    pub imap: Option<Known>,
    /// Where mail is handed in.
    pub smtp: Option<Known>,
    /// Who takes the domain's mail.
    pub mx: Mx,
    /// Where nothing was found and why, one place each.
    pub in_vain: Vec<String>,
    /// No name server answered any question.
    pub dns_is_silent: bool,
}

/// What stands behind the last `@`.
pub fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}

impl Mx {
    /// The provider behind it, by the names that it gives its hosts.
    pub fn provider(&self) -> Option<Provider> {
        let Self::Hosts(hosts) = self else { return None };
        hosts.iter().find_map(|host| {
            let below =
                |domain: &str| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
            if below("mail.protection.outlook.com") || below("olc.protection.outlook.com") || below("mx.microsoft") {
                Some(Provider::Microsoft)
            } else if below("aspmx.l.google.com")
                || below("gmail-smtp-in.l.google.com")
                || below("smtp.google.com")
                || below("aspmx2.googlemail.com")
            {
                Some(Provider::Google)
            } else {
                None
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_are_known_by_their_hosts_and_not_by_what_sounds_alike() {
        let provider = |host: &str| Mx::Hosts(vec![host.to_owned()]).provider();
        for host in [
            "example-test.mail.protection.outlook.com",
            "example-test.a-v1.mx.microsoft",
            "outlook-com.olc.protection.outlook.com",
        ] {
            assert_eq!(provider(host), Some(Provider::Microsoft), "{host}");
        }
        for host in ["aspmx.l.google.com", "alt1.aspmx.l.google.com", "smtp.google.com", "gmail-smtp-in.l.google.com"] {
            assert_eq!(provider(host), Some(Provider::Google), "{host}");
        }
        for host in
            ["mx.example.test", "notaspmx.l.google.com", "aspmx.l.google.com.example.test", "evilmx.microsoft", ""]
        {
            assert_eq!(provider(host), None, "{host}");
        }
        assert_eq!(Mx::Missing.provider(), None);
    }
}
