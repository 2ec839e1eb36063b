//! Access tokens: fetched once for everybody, renewed before they end, kept over crashes, and lost loudly.

use std::process::Command;
use std::time::Duration;

use caseway::config::{ClientAuth, Grant, OAuth, SigningKey};
use caseway::desk::seal::keys::Keys;
use caseway::oauth::login::{Todo, sign_in};
use caseway::oauth::{Cause, Tokens};
use caseway::store::{Store, oauth as table};
use caseway::time::Clock;
use futures_util::future::join_all;
use jiff::SignedDuration;
use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;

use crate::harness::hands::Hands;
use crate::harness::identity::{Fault, IdentityServer};

const USER: &str = "support@example.test";

struct Desk {
    folder: TempDir,
    store: Store,
    hands: Hands,
    clock: Clock,
    server: IdentityServer,
    config: OAuth,
}

impl Desk {
    async fn with(life: i64, config: impl FnOnce(&IdentityServer) -> OAuth) -> Self {
        let folder = TempDir::new().unwrap();
        let store = open(&folder).await;
        let hands = Hands::new();
        let clock = hands.clock();
        let server = IdentityServer::start(life).await;
        let config = config(&server);
        Self { folder, store, hands, clock, server, config }
    }

    /// What one process works with.
    fn tokens(&self) -> Tokens {
        self.tokens_on(&self.store)
    }

    fn tokens_on(&self, store: &Store) -> Tokens {
        let providers = [(self.config.name.clone(), self.config.clone())].into();
        Tokens::new(&providers, store.clone(), keys(), self.clock.clone())
    }

    fn pass(&self, time: SignedDuration) {
        self.hands.pass(time);
    }

    async fn signed_in(&self) -> Tokens {
        let tokens = self.tokens();
        let granted = sign_in(tokens.wire("main").unwrap(), &self.clock, None, |_| {}).await.unwrap();
        tokens.keep("main", granted).await.unwrap();
        tokens
    }
}

async fn open(folder: &TempDir) -> Store {
    Store::open(&format!("sqlite://{}", folder.path().join("caseway.db").display())).await.unwrap()
}

fn keys() -> Keys {
    Keys::new(vec![(1, b"a secret of thirty-two octets...".to_vec())]).unwrap()
}

fn shown(token: SecretString) -> String {
    token.expose_secret().to_owned()
}

fn own_right(server: &IdentityServer) -> OAuth {
    server.config(Grant::ClientCredentials)
}

fn device(server: &IdentityServer) -> OAuth {
    server.config(Grant::DeviceCode { device_url: format!("{}/device", server.url) })
}

/// A key pair by OpenSSL: the private key as configured, the public one as the provider has it.
fn key_pair(folder: &TempDir) -> (SigningKey, Vec<u8>) {
    let (private, public) = (folder.path().join("key.pem"), folder.path().join("public.der"));
    let openssl = |words: &[&str]| {
        let done = Command::new("openssl").args(words).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    let (private, public) = (private.to_str().unwrap(), public.to_str().unwrap());
    openssl(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", private]);
    openssl(&["rsa", "-in", private, "-RSAPublicKey_out", "-outform", "DER", "-out", public]);
    let pem = SecretString::from(std::fs::read_to_string(private).unwrap());
    (SigningKey { pem, key_id: Some("k1".to_owned()), certificate: None }, std::fs::read(public).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn many_connections_want_one_token_and_one_is_fetched() {
    let desk = Desk::with(3600, own_right).await;
    let tokens = desk.tokens();
    let wishes = (0..20).map(|_| tokens.access("main", USER));
    for token in join_all(wishes).await {
        assert_eq!(shown(token.unwrap()), "access-1");
    }
    assert_eq!(desk.server.asked(), 1);
    assert_eq!(desk.server.said("scope"), "mail offline_access");
    assert_eq!(desk.server.said("client_secret"), "the secret");

    desk.pass(SignedDuration::from_mins(30));
    assert_eq!(shown(tokens.access("main", USER).await.unwrap()), "access-1", "half its life is left");
    desk.pass(SignedDuration::from_mins(25));
    assert_eq!(shown(tokens.access("main", USER).await.unwrap()), "access-2", "renewed before it ends");
    let after_restart = desk.tokens_on(&open(&desk.folder).await);
    assert_eq!(shown(after_restart.access("main", USER).await.unwrap()), "access-2", "kept in the database");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_renew_a_token_once() {
    let desk = Desk::with(3600, device).await;
    desk.signed_in().await;
    desk.pass(SignedDuration::from_hours(2));
    let (one, two) = (desk.tokens(), desk.tokens_on(&open(&desk.folder).await));
    let before = desk.server.asked();
    let wishes = (0..10).map(|n| if n % 2 == 0 { one.access("main", USER) } else { two.access("main", USER) });
    let got: Vec<String> = join_all(wishes).await.into_iter().map(|token| shown(token.unwrap())).collect();
    assert_eq!(got, ["access-2"; 10]);
    assert_eq!(desk.server.asked() - before, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn hours_of_renewals_with_rotated_refresh_tokens() {
    let desk = Desk::with(3600, device).await;
    let tokens = desk.signed_in().await;
    for hour in 2..100 {
        desk.pass(SignedDuration::from_hours(1));
        assert_eq!(shown(tokens.access("main", USER).await.unwrap()), format!("access-{hour}"));
        assert_eq!(desk.server.said("refresh_token"), format!("refresh-{}", hour - 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_provider_is_away_the_old_token_serves_until_it_ends() {
    let desk = Desk::with(3600, own_right).await;
    let tokens = desk.tokens();
    tokens.access("main", USER).await.unwrap();
    desk.pass(SignedDuration::from_mins(55));
    desk.server.plan(Fault::Refused(503, "", ""));
    assert_eq!(shown(tokens.access("main", USER).await.unwrap()), "access-1");
    let asked = desk.server.asked();
    assert_eq!(shown(tokens.access("main", USER).await.unwrap()), "access-1");
    assert_eq!(desk.server.asked(), asked, "left alone for a while");

    desk.pass(SignedDuration::from_mins(6));
    desk.server.plan(Fault::Page);
    let fault = tokens.access("main", USER).await.unwrap_err();
    assert_eq!(fault.cause, Cause::Temporary);
    assert!(fault.what.contains("holds no token"), "{fault}");
    desk.pass(SignedDuration::from_mins(1));
    assert_eq!(shown(tokens.access("main", USER).await.unwrap()), "access-2", "it heals by itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_never_comes_is_waited_for_no_longer_than_configured() {
    let desk = Desk::with(3600, |server| OAuth { timeout: Duration::from_millis(50), ..own_right(server) }).await;
    desk.server.plan(Fault::Hang);
    let fault = desk.tokens().access("main", USER).await.unwrap_err();
    assert_eq!(fault.cause, Cause::Temporary);
    assert!(fault.what.contains("no answer within 50ms"), "{fault}");
}

/// The provider has rotated and its answer is lost: the token before the last is tried again, which providers allow.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_of_a_rotation_signs_nobody_out() {
    let desk = Desk::with(3600, |server| OAuth { timeout: Duration::from_millis(200), ..device(server) }).await;
    let tokens = desk.signed_in().await;
    desk.pass(SignedDuration::from_hours(2));
    desk.server.plan(Fault::Lost);
    assert_eq!(tokens.access("main", USER).await.unwrap_err().cause, Cause::Temporary);
    desk.pass(SignedDuration::from_mins(1));
    assert_eq!(shown(tokens.access("main", USER).await.unwrap()), "access-3");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_is_renewed_once() {
    let desk = Desk::with(3600, own_right).await;
    let tokens = desk.tokens();
    let first = tokens.access("main", USER).await.unwrap();
    tokens.refused("main", USER, &first).await.unwrap();
    let second = tokens.access("main", USER).await.unwrap();
    assert_eq!(second.expose_secret(), "access-2");
    // Another connection still held the first one.
    tokens.refused("main", USER, &first).await.unwrap();
    assert_eq!(shown(tokens.access("main", USER).await.unwrap()), "access-2");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_must_mend_is_said_and_stays() {
    let desk = Desk::with(3600, own_right).await;
    let tokens = desk.tokens();
    let ended = "AADSTS7000222: The provided client secret keys for app 'x' are expired. Contact anna@example.test";
    desk.server.plan(Fault::Refused(401, "invalid_client", ended));
    let fault = tokens.access("main", USER).await.unwrap_err();
    assert_eq!(fault.cause, Cause::SignedOut);
    let words = fault.what.replace(&desk.server.url, "http://id");
    insta::assert_snapshot!(words);
    let held = table::get(&desk.store, &keys(), "main", "").await.unwrap();
    assert!(held.stays && held.error == fault.what);
    let asked = desk.server.asked();
    desk.pass(SignedDuration::from_mins(1));
    assert_eq!(tokens.access("main", USER).await.unwrap_err().cause, Cause::SignedOut);
    assert_eq!(desk.server.asked(), asked, "the provider is not asked with every connection");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_signed_in_yet() {
    let desk = Desk::with(3600, device).await;
    let fault = desk.tokens().access("main", USER).await.unwrap_err();
    assert_eq!(fault.cause, Cause::SignedOut);
    assert_eq!(fault.what, "nobody has signed in yet; run: caseway oauth login main");
    assert_eq!(desk.server.asked(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_code_is_asked_for_until_somebody_entered_it() {
    let desk = Desk::with(3600, device).await;
    desk.server.provider.lock().unwrap().pending = ["authorization_pending"; 3].into();
    let tokens = desk.tokens();
    let mut told = None;
    let granted =
        sign_in(tokens.wire("main").unwrap(), &desk.clock, None, |todo| told = Some(todo.clone())).await.unwrap();
    let url = "https://id.example.test/device".to_owned();
    assert_eq!(told, Some(Todo::Code { url, code: "ABCD-EFGH".to_owned(), life: Duration::from_secs(60) }));
    tokens.keep("main", granted).await.unwrap();
    assert_eq!(shown(tokens.access("main", USER).await.unwrap()), "access-1");

    desk.server.provider.lock().unwrap().pending = ["access_denied"].into();
    let fault = sign_in(tokens.wire("main").unwrap(), &desk.clock, None, |_| {}).await.unwrap_err();
    assert!(fault.what.ends_with("consent was declined; sign in again and accept"), "{fault}");
    assert_eq!(shown(tokens.access("main", USER).await.unwrap()), "access-1", "what was there stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_brings_the_code_and_another_page_changes_nothing() {
    let authorize = |server: &IdentityServer| {
        server.config(Grant::AuthorizationCode { authorization_url: "https://id.example.test/authorize".to_owned() })
    };
    let desk = Desk::with(3600, authorize).await;
    let tokens = desk.tokens();
    let (send, told) = tokio::sync::oneshot::channel();
    let provider = desk.server.provider.clone();
    let browser = async move {
        let Todo::Browser { url, port } = told.await.unwrap() else { panic!("no browser") };
        let query: std::collections::HashMap<String, String> = url
            .split_once('?')
            .unwrap()
            .1
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| {
                (name.to_owned(), percent_encoding::percent_decode_str(value).decode_utf8().unwrap().into_owned())
            })
            .collect();
        assert_eq!(query["redirect_uri"], format!("http://127.0.0.1:{port}/"));
        assert_eq!(query["login_hint"], USER);
        provider.lock().unwrap().codes.insert("c".to_owned(), query["code_challenge"].clone());
        let strange = visit(port, "/?code=c&state=guessed").await;
        assert!(strange.contains("another sign-in"), "{strange}");
        visit(port, &format!("/?code=c&state={}", query["state"])).await
    };
    let tell = |todo: &Todo| send.send(todo.clone()).unwrap();
    let (granted, page) = tokio::join!(sign_in(tokens.wire("main").unwrap(), &desk.clock, Some(USER), tell), browser);
    assert!(page.contains("close this page"), "{page}");
    assert_eq!(shown(granted.unwrap().access), "access-1");
}

async fn visit(port: u16, path: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut tcp = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    tcp.write_all(request.as_bytes()).await.unwrap();
    let mut page = String::new();
    // The gateway ends with the sign-in, perhaps before the page is whole.
    let _ = tcp.read_to_string(&mut page).await;
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_account_signs_a_statement_about_each_user() {
    let folder = TempDir::new().unwrap();
    let (key, public) = key_pair(&folder);
    let desk = Desk::with(3600, |server| OAuth {
        client: ClientAuth::None,
        client_id: "desk@project.test".to_owned(),
        ..server.config(Grant::JwtBearer { key })
    })
    .await;
    desk.server.provider.lock().unwrap().trusted = public;
    let tokens = desk.tokens();
    for user in [USER, "sales@example.test"] {
        assert_eq!(shown(tokens.access("main", user).await.unwrap()), format!("access-of-{user}"));
    }
    assert_eq!(desk.server.said("client_id"), "", "the statement says who it is");
    assert_eq!(table::subjects(&desk.store, "main").await.unwrap(), ["sales@example.test", USER]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_proves_itself_as_configured() {
    let folder = TempDir::new().unwrap();
    let (key, _) = key_pair(&folder);
    let secret = || SecretString::from("100 % se:cret".to_owned());
    for (client, field, start) in [
        (ClientAuth::Basic(secret()), "basic", "desk 100 % se:cret"),
        (ClientAuth::Post(secret()), "client_secret", "100 % se:cret"),
        (ClientAuth::PrivateKeyJwt(key), "client_assertion", "eyJ"),
    ] {
        let desk = Desk::with(3600, |server| OAuth { client, ..own_right(server) }).await;
        desk.tokens().access("main", USER).await.unwrap();
        assert!(desk.server.said(field).starts_with(start), "{field}");
    }
}

/// Who reads the database file can sign in nowhere.
#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_sealed_at_rest() {
    let desk = Desk::with(3600, device).await;
    desk.signed_in().await;
    desk.store.close().await;
    let mut file = std::fs::read(desk.folder.path().join("caseway.db")).unwrap();
    file.extend(std::fs::read(desk.folder.path().join("caseway.db-wal")).unwrap_or_default());
    for secret in ["access-1", "refresh-1"] {
        assert!(!file.windows(secret.len()).any(|octets| octets == secret.as_bytes()), "{secret}");
    }
}
