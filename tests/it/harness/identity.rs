//! A provider of access tokens on loopback (RFC 6749, 7523, 7636, 8628) over real HTTP, and can be told to fail.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use caseway::config::{ClientAuth, Grant, OAuth};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use secrecy::SecretString;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

/// What a request is answered instead of what it asks for.
#[derive(Debug, Clone)]
pub enum Fault {
    /// With this status, error and description.
    Refused(u16, &'static str, &'static str),
    /// It is done, and the answer never arrives.
    Lost,
    /// Never.
    Hang,
    /// With a page for people.
    Page,
}

/// What the provider keeps.
#[derive(Default)]
pub struct Provider {
    /// Seconds that an access token lives.
    pub life: i64,
    /// Each refresh token is good once; a used one ends the sign-in. The one before the last is still taken, as
    /// providers do for clients that lost an answer.
    pub rotates: bool,
    /// The public key (DER, PKCS #1) of those who sign statements.
    pub trusted: Vec<u8>,
    /// Each form that came, decoded, secrets included.
    pub forms: Vec<HashMap<String, String>>,
    pub faults: VecDeque<Fault>,
    /// Answers to a device code that is polled, before it is granted.
    pub pending: VecDeque<&'static str>,
    /// `code_challenge` by code.
    pub codes: HashMap<String, String>,
    /// Octets that an access token is longer than need be.
    pub padding: usize,
    /// Access tokens that resource servers are told to be good.
    pub good: HashSet<String>,
    /// Resource servers are answered with this status instead.
    pub introspection: Option<u16>,
    issued: u64,
    refresh: Vec<String>,
    statements: HashSet<String>,
}

impl Provider {
    fn grant(&mut self, lasts: bool) -> Value {
        self.issued += 1;
        let access = format!("access-{}{}", self.issued, "x".repeat(self.padding));
        self.good.insert(access.clone());
        let mut answer = json!({ "access_token": access, "token_type": "Bearer", "expires_in": self.life });
        if lasts {
            let token = format!("refresh-{}", self.issued);
            answer["refresh_token"] = json!(token);
            self.refresh.push(token);
        }
        answer
    }

    fn statement(&mut self, text: &str) -> Option<Value> {
        let (words, signature) = text.rsplit_once('.')?;
        let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).ok()?;
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.trusted);
        key.verify(words.as_bytes(), &signature).ok()?;
        let (_, claims) = words.split_once('.')?;
        let claims: Value = serde_json::from_slice(&BASE64URL_NOPAD.decode(claims.as_bytes()).ok()?).ok()?;
        self.statements.insert(claims["jti"].as_str()?.to_owned()).then_some(claims)
    }

    fn token(&mut self, form: &HashMap<String, String>) -> Result<Value, (u16, &'static str, &'static str)> {
        let field = |name: &str| form.get(name).cloned().unwrap_or_default();
        match field("grant_type").rsplit(':').next().unwrap() {
            "client_credentials" => Ok(self.grant(false)),
            "jwt-bearer" => {
                let claims =
                    self.statement(&field("assertion")).ok_or((400, "invalid_grant", "Invalid JWT Signature."))?;
                let mut answer = self.grant(false);
                answer["access_token"] = json!(format!("access-of-{}", claims["sub"].as_str().unwrap()));
                Ok(answer)
            }
            "refresh_token" => {
                let known = self.refresh.iter().rev().take(2).any(|token| *token == field("refresh_token"));
                if !known {
                    return Err((400, "invalid_grant", "AADSTS70008: The refresh token has expired."));
                }
                Ok(self.grant(self.rotates))
            }
            "device_code" => match self.pending.pop_front() {
                Some(error) => Err((400, error, "")),
                None => Ok(self.grant(true)),
            },
            "authorization_code" => {
                let challenge = self.codes.remove(&field("code")).ok_or((400, "invalid_grant", "no such code"))?;
                let verified = BASE64URL_NOPAD.encode(&Sha256::digest(field("code_verifier").as_bytes()));
                if challenge == verified { Ok(self.grant(true)) } else { Err((400, "invalid_grant", "wrong verifier")) }
            }
            _ => Err((400, "unsupported_grant_type", "")),
        }
    }
}

/// A provider that listens until it is dropped.
pub struct IdentityServer {
    pub provider: Arc<Mutex<Provider>>,
    pub url: String,
    _stop: DropGuard,
}

impl IdentityServer {
    #[expect(clippy::disallowed_methods, reason = "the server lives as long as the test")]
    pub async fn start(life: i64) -> Self {
        let provider = Arc::new(Mutex::new(Provider { life, rotates: true, ..Provider::default() }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let routes = Router::new()
            .route("/token", post(token))
            .route("/device", post(device))
            .route("/introspect", post(introspect))
            .with_state(provider.clone());
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        tokio::spawn(async move {
            axum::serve(listener, routes).with_graceful_shutdown(stopped.cancelled_owned()).await.unwrap();
        });
        Self { provider, url, _stop: stop.drop_guard() }
    }

    /// How it is configured, with a secret in the form.
    pub fn config(&self, grant: Grant) -> OAuth {
        OAuth {
            name: "main".to_owned(),
            grant,
            token_url: format!("{}/token", self.url),
            client_id: "desk".to_owned(),
            client: ClientAuth::Post(SecretString::from("the secret".to_owned())),
            scopes: vec!["mail".to_owned(), "offline_access".to_owned()],
            ca_file: None,
            timeout: Duration::from_secs(5),
            ends: None,
        }
    }

    pub fn plan(&self, fault: Fault) {
        self.provider.lock().unwrap().faults.push_back(fault);
    }

    /// How many forms came.
    pub fn asked(&self) -> usize {
        self.provider.lock().unwrap().forms.len()
    }

    /// A field of the last form.
    pub fn said(&self, name: &str) -> String {
        self.provider.lock().unwrap().forms.last().and_then(|form| form.get(name)).cloned().unwrap_or_default()
    }
}

type Shared = State<Arc<Mutex<Provider>>>;

fn form(headers: &HeaderMap, body: &Bytes) -> HashMap<String, String> {
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned();
    let text = std::str::from_utf8(body).unwrap();
    let mut form: HashMap<String, String> = text
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect();
    if let Some(basic) = headers.get("authorization").and_then(|value| value.to_str().unwrap().strip_prefix("Basic ")) {
        let pair = String::from_utf8(BASE64.decode(basic.as_bytes()).unwrap()).unwrap();
        let (id, secret) = pair.split_once(':').unwrap();
        form.insert("basic".to_owned(), format!("{} {}", decoded(id), decoded(secret)));
    }
    form
}

async fn token(State(provider): Shared, headers: HeaderMap, body: Bytes) -> (StatusCode, String) {
    let form = form(&headers, &body);
    let (fault, answer) = {
        let mut provider = provider.lock().unwrap();
        provider.forms.push(form.clone());
        let fault = provider.faults.pop_front();
        let answer = match fault {
            None | Some(Fault::Lost) => provider.token(&form),
            _ => Ok(Value::Null),
        };
        (fault, answer)
    };
    match fault {
        Some(Fault::Lost | Fault::Hang) => std::future::pending().await,
        Some(Fault::Page) => (StatusCode::OK, "<html>Sign in</html>".to_owned()),
        Some(Fault::Refused(status, error, description)) => refused(status, error, description),
        None => match answer {
            Ok(answer) => (StatusCode::OK, answer.to_string()),
            Err((status, error, description)) => refused(status, error, description),
        },
    }
}

fn refused(status: u16, error: &str, description: &str) -> (StatusCode, String) {
    let body = json!({ "error": error, "error_description": description });
    (StatusCode::from_u16(status).unwrap(), body.to_string())
}

async fn device(State(provider): Shared, headers: HeaderMap, body: Bytes) -> String {
    provider.lock().unwrap().forms.push(form(&headers, &body));
    json!({ "device_code": "d", "user_code": "ABCD-EFGH", "verification_uri": "https://id.example.test/device", "expires_in": 60, "interval": 0 })
        .to_string()
}

/// RFC 7662, as Dovecot asks.
async fn introspect(State(provider): Shared, headers: HeaderMap, body: Bytes) -> (StatusCode, String) {
    let form = form(&headers, &body);
    let provider = provider.lock().unwrap();
    if let Some(status) = provider.introspection {
        return (StatusCode::from_u16(status).unwrap(), String::new());
    }
    let active = form.get("token").is_some_and(|token| provider.good.contains(token));
    (StatusCode::OK, json!({ "active": active, "email": "support@example.test", "scope": "mail" }).to_string())
}
