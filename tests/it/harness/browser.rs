//! The pages of a gateway under test over real HTTP on loopback, and somebody who looks at them.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use caseway::app::App;
use caseway::config;
use caseway::desk::directory::AccountState;
use caseway::desk::seal::link::LinkHash;
use caseway::directory::{Directory, Embedded, Fault};
use caseway::store::Store;
use caseway::store::directory::business::{self, NewBusiness};
use caseway::time::Clock;
use regex::Regex;
use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};
use totp_rs::Builder;

use super::world::World;

/// A running server; ends with the test.
pub struct Site {
    pub address: SocketAddr,
    _stop: DropGuard,
}

/// The pages' configuration in tests: a trusted proxy on loopback speaks TLS, so that cookies are as they are outside.
pub fn web_config() -> config::Web {
    config::Web {
        listen: "127.0.0.1:0".parse().unwrap(),
        base_url: "https://help.example.test".to_owned(),
        trusted_proxies: vec!["127.0.0.1/32".parse().unwrap()],
        tls: None,
        breached_passwords: None,
        new_cases: None,
    }
}

impl Site {
    /// Serves the pages of a world.
    #[expect(clippy::disallowed_methods, reason = "a server of the test's own")]
    pub async fn of(world: &World) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let web = world.app.web.as_ref().expect("a world with pages");
        tokio::spawn(web.serve(listener, stop.clone()).unwrap());
        Self { address, _stop: stop.drop_guard() }
    }

    /// Somebody with an empty jar of cookies.
    pub fn browser(&self) -> Browser {
        Browser { address: self.address, cookies: BTreeMap::new(), from: "203.0.113.9".to_owned() }
    }
}

/// Keeps cookies, follows nothing by itself.
#[derive(Debug, Clone)]
pub struct Browser {
    address: SocketAddr,
    pub cookies: BTreeMap<String, String>,
    /// What the proxy says of the client.
    pub from: String,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// What people read of a page, without its frame: a tag is a line's end.
    pub fn words(&self) -> String {
        let text = self.text();
        let main = text.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).unwrap_or(&text);
        let bare = Regex::new("(?s)^[^>]*>|<[^>]*>").unwrap().replace_all(main, "\n").into_owned();
        let lines = bare.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.words());
        self.header("location")
    }

    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let text = self.text();
        let found = Regex::new(&format!(r#"name="{name}" value="([^"]*)""#)).unwrap().captures(&text);
        found.map(|found| found[1].to_owned()).unwrap_or_default()
    }
}

impl Browser {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.request("GET", path, &[], b"").await
    }

    /// Sends a form as it stands.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let head = [("Content-Type", "application/x-www-form-urlencoded")];
        self.request("POST", path, &head, body.join("&").as_bytes()).await
    }

    /// Opens a page and sends its form with the token that stands in it.
    pub async fn submit(&mut self, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.get(page).await.hidden("csrf");
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        self.post(path, &all).await
    }

    /// Signs in with a password alone.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        self.submit("/sign-in", "/sign-in", &[("email", email), ("password", password)]).await
    }

    /// Sends a form with files: `(name, file name, content)`, the name of a field without one empty.
    pub async fn post_parts(&mut self, path: &str, parts: &[(&str, &str, &[u8])]) -> Answer {
        let mut body = Vec::new();
        for (name, file, content) in parts {
            let file = if file.is_empty() { String::new() } else { format!("; filename=\"{file}\"") };
            let head = format!("--frontier\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--frontier--\r\n");
        self.request("POST", path, &[("Content-Type", "multipart/form-data; boundary=frontier")], &body).await
    }

    pub async fn request(&mut self, method: &str, path: &str, head: &[(&str, &str)], body: &[u8]) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut text = format!("{method} {path} HTTP/1.1\r\nHost: help.example.test\r\nConnection: close\r\n");
        text += &format!("X-Forwarded-For: {}\r\nContent-Length: {}\r\n", self.from, body.len());
        if !cookies.is_empty() {
            text += &format!("Cookie: {}\r\n", cookies.join("; "));
        }
        for (name, value) in head {
            text += &format!("{name}: {value}\r\n");
        }
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(format!("{text}\r\n").as_bytes()).await.unwrap();
        // A server that refuses early may close before it has read all.
        let _ = stream.write_all(body).await;
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes).await;
        let answer = parse(&bytes);
        self.keep_cookies(&answer);
        answer
    }

    fn keep_cookies(&mut self, answer: &Answer) {
        for (_, value) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, rest) = value.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap_or_default();
            if value.is_empty() || rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

fn parse(bytes: &[u8]) -> Answer {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer with a head");
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(':').unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let body = bytes[end + 4..].to_vec();
    let chunked = headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    Answer { status, headers, body: if chunked { unchunked(&body) } else { body } }
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(&String::from_utf8_lossy(&rest[..end]), 16).unwrap();
        if size == 0 {
            break;
        }
        whole.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
    whole
}

/// A password that is good enough for anybody.
pub const PASSWORD: &str = "seven quiet lanterns drift";

/// A Business Account; with a password it is active.
pub async fn account(app: &App, email: &str, password: Option<&str>) {
    let mut tx = app.store.write().await.unwrap();
    let new = NewBusiness {
        email: email.to_owned(),
        first_name: "Maija".to_owned(),
        last_name: "Meikäläinen".to_owned(),
        account_id: None,
        state: AccountState::Invited,
        administrator: false,
        external_id: String::new(),
    };
    assert!(business::create(&mut tx, &new, app.clock.now()).await.unwrap());
    tx.commit().await.unwrap();
    if let Some(password) = password {
        let directory = Embedded::new(app.store.clone(), app.clock.clone());
        set_password(&directory, &app.store, email, &SecretString::from(password)).await.unwrap();
    }
}

/// Sets a password as the pages do.
pub async fn set_password(
    directory: &dyn Directory,
    store: &Store,
    email: &str,
    password: &SecretString,
) -> Result<(), Fault> {
    let new = directory.prepare_password(email, password).await?;
    let mut tx = store.write().await?;
    new.write(&mut tx, Clock::system().now()).await?;
    tx.commit().await.unwrap();
    Ok(())
}

/// A link as a mail brings it, good for an hour, on ticket 1.
pub async fn link(app: &App, purpose: &str, email: &str, token: &str) {
    let now = app.clock.now().as_microsecond();
    let sql =
        "INSERT INTO link (hash, purpose, email, ticket_id, created_at, expires_at) VALUES ($1, $2, $3, 1, $4, $5)";
    let mut tx = app.store.write().await.unwrap();
    sqlx::query(sql)
        .bind(LinkHash::of(token).0.to_vec())
        .bind(purpose.to_owned())
        .bind(email.to_owned())
        .bind(now)
        .bind(now + 3_600_000_000)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// The code of an app that was told this secret.
pub fn code_of(secret: &[u8], world: &World) -> String {
    let totp = Builder::new().with_secret(secret.to_vec()).with_account_name("x").build().unwrap();
    totp.generate(u64::try_from(world.now().as_second()).unwrap()).to_string()
}

/// The key that a page of enrolling shows.
pub fn shown_secret(page: &Answer) -> Vec<u8> {
    let text = page.text();
    let key = text.split("<code class=\"key\">").nth(1).unwrap().split('<').next().unwrap().replace(' ', "");
    data_encoding::BASE32_NOPAD.decode(key.as_bytes()).unwrap()
}

/// `application/x-www-form-urlencoded`.
pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}
