//! What is said in SCIM 2.0: resources (RFC 7643) and requests (RFC 7644).

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::mail::address::normalise;
use crate::store::directory::business::NewBusiness;

/// RFC 7643 §4.1.
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// RFC 7644 §3.5.2.
const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// A user (RFC 7643 §4.1), as far as we look at one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The provider's own name for it.
    pub id: String,
    /// For us an address.
    pub user_name: String,
    name: Option<Name>,
    emails: Option<Vec<Labelled>>,
    active: Option<bool>,
    entitlements: Option<Vec<Labelled>>,
    meta: Option<Meta>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Name {
    given_name: Option<String>,
    family_name: Option<String>,
}

/// One value of a list (RFC 7643 §2.4).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Labelled {
    value: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Meta {
    version: Option<String>,
}

impl User {
    /// Whether the user may sign in. Providers that never switch anybody off leave `active` out.
    pub fn is_active(&self) -> bool {
        self.active.unwrap_or(true)
    }

    /// Whether its user name is this normalised address.
    pub fn is_named(&self, email: &str) -> bool {
        normalise(&self.user_name) == email
    }

    /// Whether any of its addresses is this normalised one.
    pub fn has_email(&self, email: &str) -> bool {
        values(self.emails.as_deref()).any(|value| normalise(value) == email)
    }

    /// The names of the entitlements: portals, and perhaps others.
    pub fn entitlements(&self) -> impl Iterator<Item = &str> {
        values(self.entitlements.as_deref())
    }

    /// First and last name; empty where there are none.
    pub fn names(&self) -> (&str, &str) {
        let part = |part: fn(&Name) -> Option<&String>| self.name.as_ref().and_then(part).map_or("", String::as_str);
        (part(|name| name.given_name.as_ref()), part(|name| name.family_name.as_ref()))
    }

    /// The version of what we have read, for `If-Match` (RFC 7644 §3.14), where the provider has versions.
    pub fn version(&self) -> Option<&str> {
        self.meta.as_ref().and_then(|meta| meta.version.as_deref()).filter(|version| !version.is_empty())
    }
}

fn values(labelled: Option<&[Labelled]>) -> impl Iterator<Item = &str> {
    labelled.unwrap_or_default().iter().filter_map(|one| one.value.as_deref())
}

/// RFC 7644 §3.4.2.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListResponse {
    /// On all pages together.
    pub total_results: u64,
    /// What is on this page; absent when nothing is.
    #[serde(rename = "Resources", default)]
    pub resources: Vec<User>,
}

/// RFC 7644 §3.12.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Complaint {
    /// A word for programs: `uniqueness`, `invalidValue`, …
    pub scim_type: Option<String>,
    /// For people.
    pub detail: Option<String>,
}

/// RFC 7643 §5, as far as we look at it.
#[derive(Debug, Clone, Deserialize)]
pub struct ServiceProviderConfig {
    patch: Option<Supported>,
    filter: Option<Supported>,
}

#[derive(Debug, Clone, Deserialize)]
struct Supported {
    supported: bool,
}

impl ServiceProviderConfig {
    /// What we need and the provider says not to have.
    pub fn lacks(&self) -> Vec<&'static str> {
        let lacks = |feature: &Option<Supported>| feature.as_ref().is_some_and(|feature| !feature.supported);
        [("PATCH", lacks(&self.patch)), ("filters", lacks(&self.filter))]
            .into_iter()
            .filter_map(|(name, is_lacking)| is_lacking.then_some(name))
            .collect()
    }
}

/// The path that finds the user of an address. The value of a filter is a JSON string (RFC 7644 §3.4.2.2), so that no
/// address can change what is asked.
pub fn find_path(email: &str, start: u64, count: u64) -> String {
    let filter = format!("userName eq {}", Value::from(email));
    format!("/Users?filter={}&startIndex={start}&count={count}", escaped(&filter))
}

/// The path of one user.
pub fn user_path(id: &str) -> String {
    format!("/Users/{}", escaped(id))
}

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// A user to be created, who cannot sign in yet.
pub fn new_user(new: &NewBusiness) -> Value {
    json!({
        "schemas": [USER],
        "userName": new.email,
        "name": { "givenName": new.first_name, "familyName": new.last_name },
        "displayName": format!("{} {}", new.first_name, new.last_name).trim(),
        "emails": [{ "value": new.email, "type": "work", "primary": true }],
        "active": false,
    })
}

/// Changes of one user, done together (RFC 7644 §3.5.2).
#[derive(Clone, Default)]
pub struct Patch {
    operations: Vec<Value>,
    /// The provider's words about it may repeat a secret.
    pub is_secret: bool,
}

impl Patch {
    /// Switches the user on or off.
    pub fn active(mut self, active: bool) -> Self {
        self.operations.push(json!({ "op": "replace", "path": "active", "value": active }));
        self
    }

    /// Sets a password.
    pub fn password(mut self, password: &SecretString) -> Self {
        self.operations.push(json!({ "op": "replace", "path": "password", "value": password.expose_secret() }));
        self.is_secret = true;
        self
    }

    /// Lets the user use a portal.
    pub fn entitlement(mut self, portal: &str) -> Self {
        self.operations.push(json!({ "op": "add", "path": "entitlements", "value": [{ "value": portal }] }));
        self
    }

    /// Notes the address that the user is written to at.
    pub fn email(mut self, email: &str) -> Self {
        let value = json!([{ "value": email, "type": "work", "primary": true }]);
        self.operations.push(json!({ "op": "add", "path": "emails", "value": value }));
        self
    }

    /// Whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// The request's body.
    pub fn body(&self) -> Value {
        json!({ "schemas": [PATCH_OP], "Operations": self.operations })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_changes_what_is_asked() {
        for email in [
            "a@x.test",
            "a\" or userName pr or userName eq \"@x.test",
            "a\\\"@x.test",
            "a&b=c#d@x.test",
            "ä\u{1}@x.test",
        ] {
            let path = find_path(email, 1, 100);
            let query = path.strip_prefix("/Users?filter=").unwrap();
            let (filter, rest) = query.split_once('&').unwrap();
            assert_eq!(rest, "startIndex=1&count=100");
            let filter = percent_encoding::percent_decode_str(filter).decode_utf8().unwrap();
            let value = filter.strip_prefix("userName eq ").unwrap();
            assert_eq!(serde_json::from_str::<String>(value).unwrap(), email);
        }
        assert_eq!(user_path("../a?b"), "/Users/%2E%2E%2Fa%3Fb");
    }

    #[test]
    fn users_of_any_provider_are_read() {
        let bare: User = serde_json::from_str(r#"{"id":"1","userName":"Maija@X.test"}"#).unwrap();
        assert!(bare.is_named("maija@x.test") && bare.is_active() && bare.version().is_none());
        assert_eq!((bare.names(), bare.entitlements().count(), bare.has_email("maija@x.test")), (("", ""), 0, false));
        let full: User = serde_json::from_str(
            r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"7","externalId":null,"userName":"m@x.test",
            "name":{"formatted":"Maija M","givenName":"Maija","familyName":null},"emails":[{"value":"M@x.test","primary":true}],
            "active":false,"entitlements":[{"value":"cases","display":"Cases"},{"display":"nothing"}],"groups":[],
            "meta":{"resourceType":"User","version":"W/\"3\""}}"#,
        )
        .unwrap();
        assert_eq!((full.names(), full.is_active(), full.version()), (("Maija", ""), false, Some("W/\"3\"")));
        assert_eq!((full.entitlements().collect::<Vec<_>>(), full.has_email("m@x.test")), (vec!["cases"], true));
        assert!(serde_json::from_str::<User>(r#"{"userName":"m@x.test"}"#).is_err());
    }
}
