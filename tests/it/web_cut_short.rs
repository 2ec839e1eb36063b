//! Passwords set on the pages, cut short in the middle: all of it happened, or nothing.

use sqlx::Row;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::harness::browser::{Browser, PASSWORD, Site, account, encoded, link, web_config};
use crate::harness::mail::from;
use crate::harness::world::World;

const MAIJA: &str = "maija@customer.test";
const OTHER: &str = "marble otter under the bridge";
const TOKEN: &str = "0123456789bcdfghjklmnpqrstuvwxyz";

/// The database refuses in the middle of it, or at its very end.
const REFUSALS: [&str; 2] = [
    "CREATE TRIGGER refuses BEFORE DELETE ON session BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
    "CREATE TRIGGER refuses BEFORE UPDATE ON counter BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
];

/// Maija with a password and a link to reset it, signed in.
async fn world() -> (World, Site, Browser) {
    let world = World::with(|config| config.web = Some(web_config())).await;
    world.receive(&from("Maija Meikäläinen <maija@customer.test>", "m1@customer.test")).await;
    account(&world.app, MAIJA, Some(PASSWORD)).await;
    link(&world.app, "reset", MAIJA, TOKEN).await;
    let site = Site::of(&world).await;
    let mut maija = site.browser();
    assert_eq!(maija.sign_in(MAIJA, PASSWORD).await.status, 303);
    (world, site, maija)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_that_the_database_refuses_has_not_happened() {
    let (world, site, mut maija) = world().await;
    let page = format!("/reset/{TOKEN}");
    let fields = [("password", OTHER), ("again", OTHER)];
    for refusal in REFUSALS {
        world.execute(refusal).await;
        assert_eq!(site.browser().submit(&page, &page, &fields).await.status, 500, "{refusal}");
        world.execute("DROP TRIGGER refuses").await;
        assert_eq!(maija.get("/cases").await.status, 200, "signed out by nothing: {refusal}");
        assert_eq!(site.browser().sign_in(MAIJA, OTHER).await.status, 422, "{refusal}");
        assert_eq!(site.browser().sign_in(MAIJA, PASSWORD).await.status, 303, "{refusal}");
    }
    assert_eq!(site.browser().submit(&page, &page, &fields).await.status, 303, "the link is used up by nothing");
    assert_eq!(maija.get("/cases").await.status, 303);
    assert_eq!(site.browser().sign_in(MAIJA, OTHER).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_the_database_refuses_has_not_happened() {
    let (world, site, mut maija) = world().await;
    let page = "/profile/password";
    let fields = [("current", PASSWORD), ("password", OTHER), ("again", OTHER)];
    let mut elsewhere = site.browser();
    elsewhere.sign_in(MAIJA, PASSWORD).await;
    for refusal in REFUSALS {
        world.execute(refusal).await;
        assert_eq!(maija.submit(page, page, &fields).await.status, 500, "{refusal}");
        world.execute("DROP TRIGGER refuses").await;
        assert_eq!(maija.get("/cases").await.status, 200, "still signed in: {refusal}");
        assert_eq!(elsewhere.get("/cases").await.status, 200, "signed out by nothing: {refusal}");
        assert_eq!(site.browser().sign_in(MAIJA, OTHER).await.status, 422, "{refusal}");
    }
    assert_eq!(maija.submit(page, page, &fields).await.location(), "/profile?news=password_changed");
    assert_eq!((maija.get("/cases").await.status, elsewhere.get("/cases").await.status), (200, 303));
}

/// Who leaves a browser to others is out, whatever the database says.
#[tokio::test(flavor = "multi_thread")]
async fn a_sign_out_that_the_database_refuses_holds_for_the_browser() {
    let (world, _site, mut maija) = world().await;
    world.execute(REFUSALS[0]).await;
    assert_eq!(maija.submit("/profile", "/sign-out", &[]).await.status, 500);
    world.execute("DROP TRIGGER refuses").await;
    assert_eq!(maija.get("/cases").await.location(), "/sign-in?next=/cases");
}

/// What a password's change consists of, at one moment: the password, the link, the sessions.
async fn changed(world: &World, hash: &str) -> (bool, bool, bool) {
    let sql = "SELECT CASE WHEN b.password_hash <> $1 THEN 1 ELSE 0 END,
        (SELECT COUNT(*) FROM link WHERE used_at IS NOT NULL), (SELECT COUNT(*) FROM session WHERE email = b.email)
        FROM business_account b";
    let row = sqlx::query(sql).bind(hash.to_owned()).fetch_one(world.app.store.reader()).await.unwrap();
    (row.get::<i64, _>(0) == 1, row.get::<i64, _>(1) == 1, row.get::<i64, _>(2) == 0)
}

/// The browser goes away after it has sent the form: at once, and then later and later.
#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_goes_away_leaves_nothing_half_done() {
    let (world, site, _maija) = world().await;
    let row = sqlx::query("SELECT password_hash FROM business_account").fetch_one(world.app.store.reader()).await;
    let hash: String = row.unwrap().get(0);
    let (mut browser, page) = (site.browser(), format!("/reset/{TOKEN}"));
    let csrf = browser.get(&page).await.hidden("csrf");
    let body = format!("csrf={}&password={}&again={}", encoded(&csrf), encoded(OTHER), encoded(OTHER));
    let cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let (cookies, length) = (cookies.join("; "), body.len());
    let mut looks = 0;
    while changed(&world, &hash).await != (true, true, true) {
        looks += 20;
        let mut stream = TcpStream::connect(site.address).await.unwrap();
        let head = format!(
            "POST {page} HTTP/1.1\r\nHost: help.example.test\r\nX-Forwarded-For: 203.0.113.{}\r\nCookie: {cookies}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n",
            looks / 20 % 250
        );
        stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
        for _ in 0..looks {
            let seen = changed(&world, &hash).await;
            assert!(matches!(seen, (true, true, true) | (false, false, false)), "password, link, sessions: {seen:?}");
        }
    }
    assert_eq!(site.browser().sign_in(MAIJA, OTHER).await.status, 303);
}
