//! `[oauth.NAME]`: providers of access tokens.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use jiff::civil::Date;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use secrecy::SecretString;
use serde::Deserialize;

use super::secret::secret;
use crate::config::permissions::is_readable_by_all;
use crate::config::secrets::Secrets;
use crate::config::section::Section;
use crate::config::{ClientAuth, Grant, OAuth, SigningKey, values};

/// Application permission at Exchange Online: what the administrator granted, whatever it is.
const MICROSOFT_APPLICATION: &[&str] = &["https://outlook.office365.com/.default"];
/// Delegated permission at Exchange Online: reading by IMAP, sending by SMTP, and going on without the person.
const MICROSOFT_DELEGATED: &[&str] =
    &["https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send", "offline_access"];
/// Gmail knows one scope for IMAP and SMTP.
const GOOGLE: &[&str] = &["https://mail.google.com/"];
const GOOGLE_AUTHORIZATION: &str = "https://accounts.google.com/o/oauth2/v2/auth";
const GOOGLE_TOKEN: &str = "https://oauth2.googleapis.com/token";

/// Octets of a key file that are read at most.
const MAX_KEY_FILE: u64 = 64 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Provider {
    Microsoft,
    Google,
    Custom,
}

pub(super) fn providers(root: &Section<'_>) -> Option<BTreeMap<String, OAuth>> {
    let Some(section) = root.section("oauth") else {
        return root.is_absent("oauth").then(BTreeMap::new);
    };
    let mut providers = BTreeMap::new();
    let mut complete = true;
    for entry in section.entries() {
        if let Err(what) = values::name(entry.key()) {
            entry.problem(what);
        }
        match entry.section("oauth.NAME").and_then(|section| provider(entry.key(), &section)) {
            Some(provider) => _ = providers.insert(entry.key().to_owned(), provider),
            None => complete = false,
        }
    }
    complete.then_some(providers)
}

fn provider(name: &str, section: &Section<'_>) -> Option<OAuth> {
    let words = [("microsoft", Provider::Microsoft), ("google", Provider::Google), ("custom", Provider::Custom)];
    let kind = section.parsed("provider", |word| values::one_of(word, &words));
    let kind = section.required("provider", kind, "\"microsoft\", \"google\" or \"custom\"");
    let ca_file = section.path("ca_file");
    let timeout = section.parsed("timeout", values::wait).unwrap_or(Duration::from_secs(20));
    let ends = section.parsed("secret_ends", day);
    let made = match kind {
        Some(Provider::Microsoft) => microsoft(section),
        Some(Provider::Google) => google(section),
        Some(Provider::Custom) => custom(section),
        // What belongs to which provider cannot be told.
        None => return None,
    };
    section.refuse_unknown();
    let Made { grant, token_url, client_id, client, scopes } = made?;
    Some(OAuth { name: name.to_owned(), grant, token_url, client_id, client, scopes, ca_file, timeout, ends })
}

/// What differs between the providers.
struct Made {
    grant: Grant,
    token_url: String,
    client_id: String,
    client: ClientAuth,
    scopes: Vec<String>,
}

fn day(written: &str) -> Result<Date, String> {
    written.trim().parse().map_err(|_| format!("{written:?} is no day; write it like \"2027-05-31\""))
}

fn owned(scopes: &[&str]) -> Vec<String> {
    scopes.iter().map(|scope| (*scope).to_owned()).collect()
}

fn scopes(section: &Section<'_>, default: &[&str]) -> Vec<String> {
    let written: Vec<String> = section.list("scopes").iter().filter_map(|scope| scope.parsed(values::text)).collect();
    if written.is_empty() { owned(default) } else { written }
}

/// Microsoft Entra ID: with a secret or a certificate the application's own right, without one somebody signs in.
fn microsoft(section: &Section<'_>) -> Option<Made> {
    let tenant = section.parsed("tenant", tenant);
    let tenant = section.required("tenant", tenant, "the directory (tenant) ID or a domain of it");
    let client_id = section.text("client_id");
    let client_id = section.required("client_id", client_id, "the application (client) ID");
    let client = match (secret(section, "client_secret"), section.path("certificate")) {
        (Some(secret), None) => Some(ClientAuth::Post(secret)),
        (None, Some(file)) => signing_key(section, "certificate", &file, None).map(ClientAuth::PrivateKeyJwt),
        (None, None) if section.is_absent("client_secret") => Some(ClientAuth::None),
        (None, None) => None,
        (Some(_), Some(_)) => {
            section.problem_at("certificate", "stands beside client_secret; keep one of them");
            None
        }
    };
    let application = !matches!(client, Some(ClientAuth::None));
    let scopes = scopes(section, if application { MICROSOFT_APPLICATION } else { MICROSOFT_DELEGATED });
    let place = format!("https://login.microsoftonline.com/{}/oauth2/v2.0", tenant?);
    let grant = match application {
        true => Grant::ClientCredentials,
        false => Grant::DeviceCode { device_url: format!("{place}/devicecode") },
    };
    Some(Made { grant, token_url: format!("{place}/token"), client_id: client_id?, client: client?, scopes })
}

/// A tenant stands in a URL.
fn tenant(written: &str) -> Result<String, String> {
    let tenant = values::text(written)?;
    if tenant.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.')) {
        return Ok(tenant);
    }
    Err(format!("{written:?} is no tenant; copy the directory (tenant) ID, or write a domain like \"example.test\""))
}

/// Google: a service account's key, or an installed application.
fn google(section: &Section<'_>) -> Option<Made> {
    let scopes = scopes(section, GOOGLE);
    if let Some(file) = section.path("service_account") {
        let account = service_account(section, &file)?;
        return Some(Made { scopes, ..account });
    }
    let client_id = section.text("client_id");
    let client_id = section.required(
        "client_id",
        client_id,
        "the client ID of an installed application, or service_account = \"key.json\" instead of it",
    );
    let client_secret = secret(section, "client_secret");
    let client_secret = section.required("client_secret", client_secret, "the secret that goes with client_id");
    Some(Made {
        grant: Grant::AuthorizationCode { authorization_url: GOOGLE_AUTHORIZATION.to_owned() },
        token_url: GOOGLE_TOKEN.to_owned(),
        client_id: client_id?,
        client: ClientAuth::Post(client_secret?),
        scopes,
    })
}

/// The parts that we need of the file that Google's console hands out.
#[derive(Deserialize)]
struct ServiceAccount {
    client_email: String,
    private_key: String,
    private_key_id: Option<String>,
    token_uri: Option<String>,
}

fn service_account(section: &Section<'_>, file: &Path) -> Option<Made> {
    let (account, key) = if section.document().secrets == Secrets::Leave {
        (None, SigningKey { pem: SecretString::default(), key_id: None, certificate: None })
    } else {
        let text = key_file(section, "service_account", file)?;
        let account: ServiceAccount = serde_json::from_str(&text)
            // The parser's own words may repeat what it read.
            .map_err(|_| section.problem_at("service_account", "the file is no key of a service account (JSON)"))
            .ok()?;
        let pem = SecretString::from(account.private_key.clone());
        let key = SigningKey { pem, key_id: account.private_key_id.clone(), certificate: None };
        usable(section, "service_account", &key)?;
        (Some(account), key)
    };
    let token_url = account.as_ref().and_then(|account| account.token_uri.clone());
    Some(Made {
        grant: Grant::JwtBearer { key },
        token_url: token_url.unwrap_or_else(|| GOOGLE_TOKEN.to_owned()),
        client_id: account.map(|account| account.client_email).unwrap_or_default(),
        client: ClientAuth::None,
        scopes: Vec::new(),
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    ClientCredentials,
    DeviceCode,
    AuthorizationCode,
    JwtBearer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Auth {
    None,
    Basic,
    Post,
    PrivateKeyJwt,
}

const GRANTS: [(&str, Kind); 4] = [
    ("client_credentials", Kind::ClientCredentials),
    ("device_code", Kind::DeviceCode),
    ("authorization_code", Kind::AuthorizationCode),
    ("jwt_bearer", Kind::JwtBearer),
];
const AUTHS: [(&str, Auth); 4] =
    [("none", Auth::None), ("basic", Auth::Basic), ("post", Auth::Post), ("private_key_jwt", Auth::PrivateKeyJwt)];

/// Any other provider: everything is said.
fn custom(section: &Section<'_>) -> Option<Made> {
    let kind = section.parsed("grant", |word| values::one_of(word, &GRANTS));
    let words: Vec<&str> = GRANTS.iter().map(|(word, _)| *word).collect();
    let kind = section.required("grant", kind, &format!("one of \"{}\"", words.join("\", \"")));
    let token_url = section.required("token_url", endpoint(section, "token_url"), "the provider's token endpoint");
    let client_id = section.text("client_id");
    let client_id = section.required("client_id", client_id, "what the provider knows this desk by");
    let key_id = section.text("key_id");
    let key = section.path("private_key").and_then(|file| signing_key(section, "private_key", &file, key_id));
    let client = client(section, kind, key.as_ref());
    let scopes = scopes(section, &[]);
    let device_url = needed(section, "device_url", kind == Some(Kind::DeviceCode));
    let authorization_url = needed(section, "authorization_url", kind == Some(Kind::AuthorizationCode));
    let grant = match kind? {
        Kind::ClientCredentials => Some(Grant::ClientCredentials),
        Kind::DeviceCode => device_url.map(|device_url| Grant::DeviceCode { device_url }),
        Kind::AuthorizationCode => {
            authorization_url.map(|authorization_url| Grant::AuthorizationCode { authorization_url })
        }
        Kind::JwtBearer => section
            .required("private_key", key, "the file (PEM) of the key that statements are signed with")
            .map(|key| Grant::JwtBearer { key }),
    };
    Some(Made { grant: grant?, token_url: token_url?, client_id: client_id?, client: client?, scopes })
}

fn client(section: &Section<'_>, kind: Option<Kind>, key: Option<&SigningKey>) -> Option<ClientAuth> {
    let secret = secret(section, "client_secret");
    let default = if section.is_absent("client_secret") { Auth::None } else { Auth::Basic };
    let auth =
        section.get("client_auth").map_or(Some(default), |auth| auth.parsed(|word| values::one_of(word, &AUTHS)));
    let auth = auth?;
    if auth == Auth::None && kind == Some(Kind::ClientCredentials) {
        section.problem_at("client_auth", "client_credentials needs proof: add client_secret, or private_key");
        return None;
    }
    let needed = || section.required("client_secret", secret.clone(), "the client's secret, best as { file = \"…\" }");
    match auth {
        Auth::None => Some(ClientAuth::None),
        Auth::Basic => needed().map(ClientAuth::Basic),
        Auth::Post => needed().map(ClientAuth::Post),
        Auth::PrivateKeyJwt => section
            .required("private_key", key.cloned(), "the file (PEM) of the key that statements are signed with")
            .map(ClientAuth::PrivateKeyJwt),
    }
}

/// An address that one grant alone has: needed with it, of no use with others.
fn needed(section: &Section<'_>, key: &'static str, is_needed: bool) -> Option<String> {
    let url = endpoint(section, key);
    if is_needed {
        return section.required(key, url, "the provider's endpoint for this grant");
    }
    if !section.is_absent(key) {
        section.problem_at(key, "has no use with this grant; leave it out");
    }
    None
}

/// An address of the provider. Plain HTTP is for this machine alone: secrets go there.
fn endpoint(section: &Section<'_>, key: &'static str) -> Option<String> {
    let (url, is_local) = section.parsed(key, values::service_url)?;
    if url.starts_with("http://") && !is_local {
        section.problem_at(key, "http:// lets everybody on the way read secrets and tokens; use https://");
        return None;
    }
    Some(url)
}

/// A private key in a file; a certificate beside it is how its owner knows it again.
fn signing_key(section: &Section<'_>, key: &'static str, file: &Path, key_id: Option<String>) -> Option<SigningKey> {
    if section.document().secrets == Secrets::Leave {
        return Some(SigningKey { pem: SecretString::default(), key_id, certificate: None });
    }
    let text = key_file(section, key, file)?;
    let certificate = CertificateDer::from_pem_slice(text.as_bytes()).ok().map(|certificate| certificate.to_vec());
    if key == "certificate" && certificate.is_none() {
        section.problem_at(key, format!("{} holds no certificate (PEM)", file.display()));
        return None;
    }
    let signing = SigningKey { pem: SecretString::from(text), key_id, certificate };
    usable(section, key, &signing)?;
    Some(signing)
}

fn usable(section: &Section<'_>, key: &'static str, signing: &SigningKey) -> Option<()> {
    if signing.signer().is_none() {
        section.problem_at(key, "the file holds no RSA private key (PEM) that could sign");
        return None;
    }
    Some(())
}

pub(super) fn key_file(section: &Section<'_>, key: &'static str, file: &Path) -> Option<String> {
    if is_readable_by_all(file) {
        section.warning_at(key, format!("every user of this machine can read {}; use chmod 640", file.display()));
    }
    let mut text = String::new();
    std::fs::File::open(file)
        .and_then(|from| from.take(MAX_KEY_FILE).read_to_string(&mut text))
        .map_err(|error| section.problem_at(key, format!("{} cannot be read: {error}", file.display())))
        .ok()?;
    Some(text)
}
