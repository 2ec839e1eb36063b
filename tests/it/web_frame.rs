//! What every page has in common: headers, bounds, languages, who may ask at all.

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
    let german = browser.request("GET", "/nowhere", &[("Accept-Language", "fr-FR, de-CH;q=0.8, en;q=0.5")], b"").await;
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

/// Where there are no pages, no port is opened.
#[tokio::test]
async fn without_the_table_there_is_no_server() {
    assert!(World::new().await.app.web.is_none());
}
