//! An identity provider on loopback that speaks SCIM 2.0 over real HTTP, and can be told to fail.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use caseway::config;
use futures_util::stream::{self, StreamExt};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::tls::TestCa;

/// What a request is answered instead of what it asks for.
#[derive(Debug, Clone)]
pub enum Fault {
    /// With this status and these words for people.
    Status(u16, &'static str),
    /// With this status and this word for programs.
    Refused(u16, &'static str),
    /// 429 with this `Retry-After`.
    TooMany(&'static str),
    /// It is done, and the answer is a 500.
    DoneAndLost,
    /// Never.
    Hang,
    /// With half an answer, and never the other half.
    SlowBody,
    /// With something else than JSON.
    BrokenJson,
    /// By sending us elsewhere.
    Redirect,
}

type Hook = Box<dyn FnOnce(&mut Provider) + Send>;

enum Planned {
    Fault(Fault),
    Before(Hook),
}

/// What the provider keeps.
#[derive(Default)]
pub struct Provider {
    pub users: Vec<Value>,
    /// Every user is an answer to every filter.
    pub ignores_filters: bool,
    /// Each `METHOD path?query` with its `If-Match`, decoded.
    pub requests: Vec<String>,
    planned: VecDeque<(Method, Planned)>,
    next_id: u64,
}

impl Provider {
    pub fn add(&mut self, email: &str, active: bool) {
        self.insert(
            json!({ "userName": email, "active": active, "name": { "givenName": "Iida", "familyName": "Idp" } }),
        );
    }

    pub fn user(&self, email: &str) -> Option<&Value> {
        self.users.iter().find(|user| is_named(user, email))
    }

    /// Somebody else changes a user.
    pub fn touch(&mut self, email: &str) {
        let user = self.users.iter_mut().find(|user| is_named(user, email)).unwrap();
        let version = user["meta"]["version"].as_str().unwrap().to_owned();
        user["meta"]["version"] = json!(format!("{version}+"));
    }

    fn insert(&mut self, mut user: Value) -> Value {
        self.next_id += 1;
        user["id"] = json!(format!("id/{}", self.next_id));
        user["meta"] = json!({ "resourceType": "User", "version": "W/\"1\"" });
        self.users.push(user.clone());
        user
    }

    fn find(&self, query: &str) -> (StatusCode, Value) {
        let part = |name: &str| query.split('&').find_map(|part| part.strip_prefix(name)).unwrap_or_default();
        let filter = percent_encoding::percent_decode_str(part("filter=")).decode_utf8().unwrap().into_owned();
        let Some(value) = filter.strip_prefix("userName eq ") else { return refused(400, "invalidFilter") };
        let mut values = serde_json::Deserializer::from_str(value).into_iter::<String>();
        let Some(Ok(name)) = values.next() else { return refused(400, "invalidFilter") };
        // What follows the value would widen the filter: a provider would answer with everybody.
        let is_wide = self.ignores_filters || !value[values.byte_offset()..].trim().is_empty();
        let found: Vec<&Value> = self.users.iter().filter(|user| is_wide || is_named(user, &name)).collect();
        let (start, count) = (part("startIndex=").parse().unwrap_or(1), part("count=").parse().unwrap_or(100));
        let page: Vec<&Value> = found.iter().copied().skip(start - 1).take(count).collect();
        let list = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": found.len(),
            "startIndex": start, "itemsPerPage": page.len(), "Resources": page });
        (StatusCode::OK, list)
    }

    fn create(&mut self, user: Value) -> (StatusCode, Value) {
        assert_eq!(user["schemas"], json!(["urn:ietf:params:scim:schemas:core:2.0:User"]));
        if self.user(user["userName"].as_str().unwrap()).is_some() {
            return refused(409, "uniqueness");
        }
        (StatusCode::CREATED, self.insert(user))
    }

    fn patch(&mut self, id: &str, version: &str, patch: &Value) -> (StatusCode, Value) {
        assert_eq!(patch["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:PatchOp"]));
        let Some(user) = self.users.iter_mut().find(|user| user["id"] == id) else { return refused(404, "noTarget") };
        if user["meta"]["version"] != version {
            return refused(412, "");
        }
        for operation in patch["Operations"].as_array().unwrap() {
            let (path, value) = (operation["path"].as_str().unwrap(), &operation["value"]);
            match operation["op"].as_str().unwrap() {
                "replace" => user[path] = value.clone(),
                "add" => {
                    let mut all = user[path].as_array().cloned().unwrap_or_default();
                    all.extend(value.as_array().unwrap().iter().cloned());
                    user[path] = json!(all);
                }
                other => panic!("{other}"),
            }
        }
        user["meta"]["version"] = json!(format!("{version}."));
        (StatusCode::NO_CONTENT, Value::Null)
    }

    fn planned(&mut self, method: &Method) -> Option<Planned> {
        let at = self.planned.iter().position(|(planned, _)| planned == method)?;
        self.planned.remove(at).map(|(_, planned)| planned)
    }
}

fn is_named(user: &Value, email: &str) -> bool {
    user["userName"].as_str().unwrap().eq_ignore_ascii_case(email)
}

fn refused(status: u16, word: &str) -> (StatusCode, Value) {
    let body = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": status.to_string(),
        "scimType": word });
    (StatusCode::from_u16(status).unwrap(), body)
}

/// A running provider; ends with the test.
pub struct ScimServer {
    pub port: u16,
    pub ca: Option<TestCa>,
    provider: Arc<Mutex<Provider>>,
    _stop: DropGuard,
}

/// The token that it takes.
pub const TOKEN: &str = "token-of-the-test";

impl ScimServer {
    pub async fn start() -> Self {
        Self::with(None).await
    }

    pub async fn start_tls() -> Self {
        Self::with(Some(TestCa::new())).await
    }

    #[expect(clippy::disallowed_methods, reason = "a server of the test's own")]
    async fn with(ca: Option<TestCa>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let provider = Arc::new(Mutex::new(Provider::default()));
        let stop = CancellationToken::new();
        let (shared, stopped, acceptor) = (provider.clone(), stop.clone(), ca.as_ref().map(|ca| ca.acceptor.clone()));
        tokio::spawn(stopped.clone().run_until_cancelled_owned(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (shared, acceptor) = (shared.clone(), acceptor.clone());
                let talk = async move {
                    let service = hyper::service::service_fn(move |request| answer(shared.clone(), request));
                    let http = hyper::server::conn::http1::Builder::new();
                    // Clients that trust nobody break off.
                    let _ = match acceptor {
                        None => http.serve_connection(TokioIo::new(stream), service).await,
                        Some(acceptor) => match acceptor.accept(stream).await {
                            Ok(stream) => http.serve_connection(TokioIo::new(stream), service).await,
                            Err(_) => return,
                        },
                    };
                };
                tokio::spawn(stopped.clone().run_until_cancelled_owned(talk));
            }
        }));
        Self { port, ca, provider, _stop: stop.drop_guard() }
    }

    /// Looks at what the provider keeps, or changes it.
    pub fn provider<T>(&self, look: impl FnOnce(&mut Provider) -> T) -> T {
        look(&mut self.provider.lock().unwrap())
    }

    /// The next request of this method fails.
    pub fn fail(&self, method: Method, fault: Fault) {
        self.provider(|provider| provider.planned.push_back((method, Planned::Fault(fault))));
    }

    /// Something happens just before the next request of this method.
    pub fn before(&self, method: Method, hook: impl FnOnce(&mut Provider) + Send + 'static) {
        self.provider(|provider| provider.planned.push_back((method, Planned::Before(Box::new(hook)))));
    }

    /// How it is configured.
    pub fn config(&self) -> config::Scim {
        let scheme = if self.ca.is_some() { "https" } else { "http" };
        config::Scim {
            url: format!("{scheme}://localhost:{}/scim/v2", self.port),
            token: SecretString::from(TOKEN),
            ca_file: self.ca.as_ref().map(|ca| ca.ca_file.clone()),
            timeout: Duration::from_secs(20),
        }
    }
}

type Body = BoxBody<Bytes, Infallible>;

async fn answer(provider: Arc<Mutex<Provider>>, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let decoded = percent_encoding::percent_decode_str(head.uri.path()).decode_utf8().unwrap().into_owned();
    let (path, query) = (decoded.strip_prefix("/scim/v2").unwrap_or(&decoded), head.uri.query().unwrap_or_default());
    let planned = {
        let mut provider = provider.lock().unwrap();
        let seen = percent_encoding::percent_decode_str(query).decode_utf8().unwrap().into_owned();
        provider.requests.push(format!("{} {path}?{seen} {}", head.method, header("if-match")).trim().to_owned());
        if header("authorization") != format!("Bearer {TOKEN}") {
            return Ok(plain(401, "{}"));
        }
        provider.planned(&head.method)
    };
    let fault = match planned {
        Some(Planned::Before(hook)) => {
            hook(&mut provider.lock().unwrap());
            None
        }
        Some(Planned::Fault(fault)) => Some(fault),
        None => None,
    };
    match &fault {
        None | Some(Fault::DoneAndLost) => {}
        Some(fault) => return Ok(failed(fault).await),
    }
    let json = || serde_json::from_slice::<Value>(&body).unwrap();
    let (status, value) = {
        let mut provider = provider.lock().unwrap();
        match (head.method.as_str(), path) {
            ("GET", "/Users") => provider.find(query),
            ("POST", "/Users") => provider.create(json()),
            ("PATCH", path) if path.starts_with("/Users/") => {
                provider.patch(path.trim_start_matches("/Users/"), header("if-match"), &json())
            }
            ("GET", "/ServiceProviderConfig") => {
                (StatusCode::OK, json!({ "patch": { "supported": true }, "filter": { "supported": true } }))
            }
            _ => refused(404, ""),
        }
    };
    if fault.is_some() {
        return Ok(plain(500, "it is done"));
    }
    Ok(plain(status.as_u16(), &if value.is_null() { String::new() } else { value.to_string() }))
}

async fn failed(fault: &Fault) -> Response<Body> {
    match fault {
        Fault::Status(status, detail) => {
            plain(*status, &json!({ "scimType": "invalidValue", "detail": detail }).to_string())
        }
        Fault::Refused(status, word) => plain(*status, &refused(*status, word).1.to_string()),
        Fault::TooMany(retry_after) => {
            let mut response = plain(429, "");
            response.headers_mut().insert("retry-after", retry_after.parse().unwrap());
            response
        }
        Fault::Hang => std::future::pending().await,
        Fault::SlowBody => {
            let half = stream::iter([Ok(Frame::data(Bytes::from_static(b"{\"totalResults\":")))]);
            Response::new(BodyExt::boxed(StreamBody::new(half.chain(stream::pending()))))
        }
        Fault::BrokenJson => plain(200, "<html>Welcome to our portal, maija@customer.test!</html>"),
        Fault::Redirect => {
            let mut response = plain(302, "");
            response.headers_mut().insert("location", "https://id.example.test/login".parse().unwrap());
            response
        }
        Fault::DoneAndLost => unreachable!("handled by the caller"),
    }
}

fn plain(status: u16, body: &str) -> Response<Body> {
    let mut response = Response::new(Full::new(Bytes::from(body.to_owned())).boxed());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}
