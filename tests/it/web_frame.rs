//! What every page has in common: headers, bounds, languages, who may ask at all.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::harness::browser::{Site, web_config};
use crate::harness::world::World;

async fn world() -> World {
    World::with(|config| config.web = Some(web_config())).await
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect_its_reader() {
    let world = world().await;
    let site = Site::of(&world).await;
    for path in ["/", "/health", "/nowhere", "/sign-in"] {
        let answer = site.browser().get(path).await;
        assert_eq!(
            answer.header("content-security-policy"),
            "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "{path}"
        );
        for (name, value) in [
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
            ("strict-transport-security", "max-age=31536000"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
    }
}

#[tokio::test]
async fn the_stylesheet_is_ours_and_may_be_kept() {
    let world = world().await;
    let site = Site::of(&world).await;
    let page = site.browser().get("/nowhere").await.text();
    let path = page.split("href=\"").find(|rest| rest.starts_with("/style-")).unwrap().split('"').next().unwrap();
    let style = site.browser().get(path).await;
    assert_eq!((style.status, style.header("content-type")), (200, "text/css; charset=utf-8"));
    assert!(style.header("cache-control").contains("immutable"));
    let foreign = ["http:", "https:", "//", "<script", "@import", "url("];
    assert!(foreign.iter().all(|word| !style.text().contains(word)), "the stylesheet loads something");
    assert!(foreign.iter().all(|word| !page.contains(word)), "the page loads something");
}

#[tokio::test]
async fn health_says_that_the_database_answers() {
    let world = world().await;
    let site = Site::of(&world).await;
    let answer = site.browser().get("/health").await;
    assert_eq!((answer.status, answer.text().as_str()), (200, "ok\n"));
}

#[tokio::test]
async fn pages_speak_the_language_of_the_browser_or_the_chosen_one() {
    let world = world().await;
    let site = Site::of(&world).await;
    let mut browser = site.browser();
    let german = browser.request("GET", "/nowhere", &[("Accept-Language", "cs-CZ, de-CH;q=0.8, en;q=0.5")], b"").await;
    assert!(german.text().contains("<html lang=\"de\">"));
    assert_eq!(german.words().lines().next(), Some("Seite nicht gefunden"));
    let finnish = browser.get("/nowhere?lang=fi").await;
    assert!(finnish.text().contains("<html lang=\"fi\">"));
    let remembered = browser.request("GET", "/nowhere", &[("Accept-Language", "de")], b"").await;
    assert!(remembered.text().contains("<html lang=\"fi\">"));
    let english = site.browser().get("/nowhere?lang=xx").await;
    assert!(english.text().contains("<html lang=\"en\">"));
}

#[tokio::test]
async fn a_request_beyond_the_bounds_is_refused() {
    let world = world().await;
    let site = Site::of(&world).await;
    let long = "x".repeat(40_000);
    let answer = site.browser().request("GET", "/", &[("X-Long", &long)], b"").await;
    assert_eq!(answer.status, 431);
}

#[tokio::test]
async fn what_takes_no_form_is_not_there_for_one() {
    let world = world().await;
    let site = Site::of(&world).await;
    let answer = site.browser().post("/nowhere", &[("a", "b & c")]).await;
    assert_eq!((answer.status, answer.words().lines().next()), (404, Some("Page not found")));
}

/// Connects from an address of this machine, and says half of a request.
async fn half_open(site: &Site, from: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
    let mut stream = socket.connect(site.address).await.unwrap();
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: help.example.test\r\n").await.unwrap();
    stream
}

/// Whoever holds connections open loses the oldest of them, and nobody else waits: neither a monitor, nor the same client's
/// next request.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn half_open_connections_of_one_client_keep_nobody_out() {
    let world = world().await;
    let site = Site::of(&world).await;
    let mut held = Vec::new();
    for _ in 0..100 {
        held.push(half_open(&site, "127.0.0.2").await);
    }
    assert_eq!(site.browser().get("/health").await.status, 200);
    let mut last = held.pop().unwrap();
    last.write_all(b"Connection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    last.read_to_string(&mut answer).await.unwrap();
    // Plain HTTP from there is no proxy's: what counts is that it is answered.
    assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
    for mut cut in held.drain(..36) {
        // A reset, or the end: nothing was answered.
        assert_eq!(cut.read(&mut [0; 16]).await.unwrap_or(0), 0);
    }
    for mut kept in held {
        kept.write_all(b"Connection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        kept.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 "), "one of the {} latest was cut", 64);
    }
}

/// Where there are no pages, no port is opened.
#[tokio::test]
async fn without_the_table_there_is_no_server() {
    assert!(World::new().await.app.web.is_none());
}
