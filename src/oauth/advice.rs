//! What the providers' errors mean for an administrator.

/// Codes of Microsoft Entra ID: "Microsoft Entra authentication and authorization error codes", 2026-11.
const ENTRA: &[(u32, &str)] = &[
    (16_000, "several people are signed in in that browser; sign in again in a private window"),
    (50_034, "the tenant has no such user; check `user` and `tenant`"),
    (50_053, "the account is locked after too many attempts; wait, or unlock it in the admin center"),
    (50_057, "the account is disabled; enable it in the admin center"),
    (50_076, "a second factor is asked for; sign in again by caseway oauth login"),
    (50_079, "a second factor must be set up for the account; then sign in again by caseway oauth login"),
    (50_126, "user name or password are wrong; sign in again by caseway oauth login"),
    (50_173, "the account's password was changed; sign in again by caseway oauth login"),
    (53_003, "a Conditional Access policy blocks this sign-in; exclude the application or the account from it"),
    (65_001, "nobody has consented; an administrator must press Grant admin consent under API permissions"),
    (65_004, "consent was declined; sign in again and accept, or let an administrator grant it"),
    (70_008, "the sign-in has ended; sign in again by caseway oauth login"),
    (90_002, "there is no such tenant; copy the directory (tenant) ID"),
    (700_016, "the tenant does not know this application; check `client_id` and `tenant`"),
    (700_025, "the application is a public client; leave out client_secret and certificate"),
    (700_027, "the certificate is not one of the application's; upload it under Certificates & secrets"),
    (700_082, "the sign-in was not used for too long; sign in again by caseway oauth login"),
    (
        700_084,
        "the sign-in of a single-page application ends after a day; register caseway as a mobile and desktop application",
    ),
    (7_000_215, "the client secret is wrong; copy the secret's Value, not its ID"),
    (7_000_218, "the application wants a secret; add client_secret, or allow public client flows under Authentication"),
    (
        7_000_222,
        "the client secret has ended; make a new one under Certificates & secrets and put it into client_secret",
    ),
    (7_000_229, "the application has no service principal in the tenant; an administrator must consent to it there"),
];

/// Codes of Entra ID that pass by themselves.
const ENTRA_PASSING: &[u32] = &[50_196, 90_006, 90_012, 90_033, 90_055, 500_341];

/// The number of an `AADSTS…` code in a text.
fn entra(text: &str) -> Option<u32> {
    let (_, rest) = text.split_once("AADSTS")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Whether a provider's error passes by itself: the codes of RFC 6749 §4.1.2.1 and of Entra ID that say so.
pub fn passes(error: &str, description: &str) -> bool {
    matches!(error, "temporarily_unavailable" | "server_error" | "slow_down")
        || entra(description).is_some_and(|code| ENTRA_PASSING.contains(&code))
}

/// What to do about an error of the token endpoint (RFC 6749 §5.2). `delegated`: somebody signed in.
pub fn token_endpoint(error: &str, description: &str, delegated: bool) -> &'static str {
    if let Some((_, advice)) = entra(description).and_then(|code| ENTRA.iter().find(|(known, _)| *known == code)) {
        return advice;
    }
    match (error, delegated) {
        ("invalid_grant" | "expired_token", true) => {
            "the sign-in has ended or was taken back; sign in again by caseway oauth login"
        }
        ("invalid_grant", false) => "check the key, `user`, and this machine's clock",
        ("invalid_client", _) => "check `client_id` and its secret or certificate; an ended secret reads the same",
        ("unauthorized_client", _) => {
            "the client may not do this; at Google: delegate the scope to the client ID under Security, API controls, Domain-wide delegation"
        }
        ("access_denied", _) => "consent was declined; sign in again and accept",
        ("invalid_scope", _) => "check `scopes`",
        ("admin_policy_enforced", _) => "an administrator must allow the application in the Workspace's API controls",
        ("unsupported_grant_type", _) => "check `grant`",
        _ => "check the settings under [oauth]",
    }
}

/// Words of mail servers and what they mean: the first that a text holds, in lower case.
const SERVERS: &[(&str, &str)] = &[
    (
        "user is authenticated but not connected",
        "the token is good and the mailbox is not: check the permission (IMAP.AccessAsApp with New-ServicePrincipal and \
         Add-MailboxPermission, or IMAP.AccessAsUser.All), the mailbox's licence, and `user`",
    ),
    (
        "5.7.139",
        "the server takes no passwords for this mailbox (SMTP AUTH is off or basic authentication has ended); use auth = { oauth = … }, and Set-CASMailbox -SmtpClientAuthenticationDisabled $false",
    ),
    ("5.7.30", "Exchange Online takes no passwords any more; use auth = { oauth = … }"),
    (
        "5.7.3",
        "the server takes no sign-in for this mailbox: check the permission (SMTP.SendAsApp or SMTP.Send) and `user`",
    ),
    ("basicauthblocked", "the server takes no passwords any more; use auth = { oauth = … }"),
    (
        "application-specific password required",
        "Google takes no plain password here; use auth = { oauth = … }, or an app password",
    ),
    (
        "please log in via your web browser",
        "Google wants the owner to look at the account: sign in there once in a browser",
    ),
    ("invalid credentials (failure)", "Google refuses user, password or token; use auth = { oauth = … }"),
    ("web login required", "Google wants the owner to look at the account: sign in there once in a browser"),
    ("imap access is disabled", "turn IMAP on in the account's or the domain's settings"),
    ("your account is not enabled for imap", "turn IMAP on in the account's or the domain's settings"),
    ("454 4.7.0", "the server cannot check sign-ins at the moment; it is tried again"),
];

/// What to do about a mail server's refusal to sign us in.
pub fn mail_server(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    SERVERS.iter().find(|(words, _)| text.contains(words)).map(|(_, advice)| *advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_in_their_sentences() {
        let ended = "AADSTS7000222: The provided client secret keys for app '…' are expired.";
        assert!(token_endpoint("invalid_client", ended, false).contains("has ended"));
        assert!(
            token_endpoint("invalid_client", "AADSTS7000215: Invalid client secret provided.", false).contains("Value")
        );
        assert!(token_endpoint("invalid_grant", "Bad Request", true).contains("oauth login"));
        assert!(token_endpoint("unauthorized_client", "Client is unauthorized", false).contains("Domain-wide"));
        assert!(
            passes("server_error", "")
                && passes("invalid_grant", "AADSTS90033: A transient error")
                && !passes("invalid_grant", "")
        );
    }

    #[test]
    fn servers_are_understood() {
        assert!(
            mail_server("NO AUTHENTICATE failed. User is authenticated but not connected.")
                .unwrap()
                .contains("IMAP.AccessAsApp")
        );
        assert!(
            mail_server("535 5.7.139 Authentication unsuccessful, basic authentication is disabled.")
                .unwrap()
                .contains("SmtpClientAuthenticationDisabled")
        );
        assert!(mail_server("535 5.7.3 Authentication unsuccessful").unwrap().contains("SMTP.SendAsApp"));
        assert!(mail_server("NO [ALERT] Application-specific password required").unwrap().contains("app password"));
        assert_eq!(mail_server("NO [AUTHENTICATIONFAILED] Authentication failed."), None);
    }
}
