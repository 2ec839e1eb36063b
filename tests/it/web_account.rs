//! Passwords, sessions and second factors on the pages, and what somebody does who should not be in.

use caseway::desk::seal::link::LinkHash;
use caseway::store::directory::sign_in;
use jiff::SignedDuration;

use crate::harness::browser::{Answer, Browser, PASSWORD, Site, account, code_of, link, shown_secret, web_config};
use crate::harness::mail::from;
use crate::harness::world::World;

const MAIJA: &str = "maija@customer.test";
const OTHER: &str = "marble otter under the bridge";
const TOKEN: &str = "0123456789bcdfghjklmnpqrstuvwxyz";

/// A gateway with pages, Maija's case, and Maija's Business Account.
async fn world(password: Option<&str>) -> (World, Site) {
    let world = World::with(|config| config.web = Some(web_config())).await;
    world.receive(&from("Maija Meikäläinen <maija@customer.test>", "m1@customer.test")).await;
    account(&world.app, MAIJA, password).await;
    let site = Site::of(&world).await;
    (world, site)
}

fn title(answer: &Answer) -> String {
    let text = answer.text();
    text.split("<h1>").nth(1).unwrap_or_default().split("</h1>").next().unwrap_or_default().to_owned()
}

async fn set_password(browser: &mut Browser, path: &str, password: &str) -> Answer {
    browser.submit(path, path, &[("password", password), ("again", password)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_sets_the_first_password_once() {
    let (world, site) = world(None).await;
    link(&world.app, "activate", MAIJA, TOKEN).await;
    let path = format!("/activate/{TOKEN}");
    let mut browser = site.browser();
    for _ in 0..3 {
        assert_eq!(title(&browser.get(&path).await), "Set your password", "opening a link uses it up");
    }
    let weak = set_password(&mut browser, &path, "meikäläinen").await;
    assert_eq!((weak.status, title(&weak).as_str()), (422, "Set your password"));
    let differ = browser.submit(&path, &path, &[("password", PASSWORD), ("again", OTHER)]).await;
    assert!(differ.words().contains("This is not the same as the new password."));
    assert!(!differ.text().contains(PASSWORD), "a password is sent back");
    assert_eq!(set_password(&mut browser, &path, PASSWORD).await.location(), "/sign-in?news=password_set");
    let again = browser.submit("/sign-in", &path, &[("password", OTHER), ("again", OTHER)]).await;
    assert_eq!((again.status, browser.get(&path).await.status), (410, 410));
    assert_eq!(browser.sign_in(MAIJA, OTHER).await.status, 422);
    assert_eq!(browser.sign_in(MAIJA, PASSWORD).await.location(), "/cases");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_uses_at_the_same_time_one_wins() {
    let (world, site) = world(None).await;
    for round in 0..4 {
        let token = format!("{TOKEN}{round}");
        link(&world.app, "reset", MAIJA, &token).await;
        let path = format!("/reset/{token}");
        let (mut one, mut other) = (site.browser(), site.browser());
        // Both have the page before either sends it: who opens a link that is used up sees no form.
        let forms = [one.get(&path).await.hidden("csrf"), other.get(&path).await.hidden("csrf")];
        let fields =
            |form: usize, password| [("csrf", forms[form].as_str()), ("password", password), ("again", password)];
        let (mine, theirs) = (fields(0, PASSWORD), fields(1, OTHER));
        let (one, other) = tokio::join!(one.post(&path, &mine), other.post(&path, &theirs));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 410]);
        let kept = if one.status == 303 { PASSWORD } else { OTHER };
        assert_eq!(site.browser().sign_in(MAIJA, kept).await.status, 303);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn old_guessed_and_misused_links_say_the_same() {
    let (world, site) = world(Some(PASSWORD)).await;
    link(&world.app, "reset", MAIJA, TOKEN).await;
    let mut browser = site.browser();
    let guessed = browser.get("/reset/0123456789bcdfghjklmnpqrstuvwxzz").await;
    let misused = browser.get(&format!("/activate/{TOKEN}")).await;
    assert_eq!((guessed.status, misused.status), (410, 410));
    assert_eq!(title(&guessed), title(&misused));
    world.pass(SignedDuration::from_mins(59));
    assert_eq!(browser.get(&format!("/reset/{TOKEN}")).await.status, 200);
    world.pass(SignedDuration::from_mins(1));
    let old = browser.get(&format!("/reset/{TOKEN}")).await;
    assert_eq!(old.words(), guessed.words());
    let late = browser.submit("/sign-in", &format!("/reset/{TOKEN}"), &[("password", OTHER), ("again", OTHER)]).await;
    assert_eq!(late.status, 410);
    assert_eq!(browser.sign_in(MAIJA, PASSWORD).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_from_a_mail_activates_with_its_address_alone() {
    let (world, site) = world(None).await;
    link(&world.app, "code", MAIJA, "k7m2x-9qrt4").await;
    let mut browser = site.browser();
    let fields = |email: &'static str, code: &'static str| {
        [("email", email), ("code", code), ("password", PASSWORD), ("again", PASSWORD)]
    };
    for (email, code) in [("other@customer.test", "k7m2x-9qrt4"), (MAIJA, "k7m2x-9qrt5")] {
        assert_eq!(browser.submit("/activate", "/activate", &fields(email, code)).await.status, 422, "{email} {code}");
    }
    let typed = browser.submit("/activate", "/activate", &fields(" Maija@Customer.test", "K7M2X 9QRT4 ")).await;
    assert_eq!(typed.location(), "/sign-in?news=password_set");
    assert_eq!(browser.submit("/activate", "/activate", &fields(MAIJA, "k7m2x-9qrt4")).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_says_nothing_about_who_is_known() {
    let (world, site) = world(Some(PASSWORD)).await;
    account(&world.app, "invited@customer.test", None).await;
    let mut answers = Vec::new();
    for email in [MAIJA, "nobody@customer.test", "invited@customer.test"] {
        let answer = site.browser().sign_in(email, "wrong").await;
        answers.push((answer.status, answer.text().replace(email, "ADDRESS").replace(&answer.hidden("csrf"), "TOKEN")));
    }
    assert_eq!(answers[0].0, 422);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn forgetting_a_password_says_nothing_about_who_is_known() {
    let (_world, site) = world(Some(PASSWORD)).await;
    let known = site.browser().submit("/forgot", "/forgot", &[("email", MAIJA)]).await;
    let unknown = site.browser().submit("/forgot", "/forgot", &[("email", "nobody@customer.test")]).await;
    assert_eq!((known.status, known.words()), (200, unknown.words()));
    assert_eq!(unknown.status, 200);
    assert_eq!(site.browser().submit("/forgot", "/forgot", &[("email", "nobody")]).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_of_others_are_refused() {
    let (world, site) = world(Some(PASSWORD)).await;
    link(&world.app, "reset", MAIJA, TOKEN).await;
    let mut maija = site.browser();
    maija.sign_in(MAIJA, PASSWORD).await;
    let foreign = site.browser().get("/sign-in").await.hidden("csrf");
    let own = maija.get("/profile").await.hidden("csrf");
    let reset = format!("/reset/{TOKEN}");
    let paths = [
        "/sign-in",
        "/sign-in/code",
        "/sign-out",
        "/forgot",
        "/activate",
        &reset,
        "/cases/CASE-1/close",
        "/activate/x",
        "/enrol/x",
        "/stop/x",
        "/profile",
        "/profile/password",
        "/profile/factor",
    ];
    for path in paths {
        for token in ["", "x", foreign.as_str()] {
            let answer =
                maija.post(path, &[("csrf", token), ("email", MAIJA), ("password", OTHER), ("again", OTHER)]).await;
            assert_eq!(answer.status, 403, "{path} with {token:?}");
        }
        let head = [("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", "cross-site")];
        let answer = maija.request("POST", path, &head, format!("csrf={own}").as_bytes()).await;
        assert_eq!(answer.status, 403, "{path} from another site");
        // Whoever tries this often is stopped by other means.
        world.pass(SignedDuration::from_mins(1));
    }
    for token in ["", foreign.as_str()] {
        let parts: [(&str, &str, &[u8]); 2] = [("csrf", "", token.as_bytes()), ("text", "", b"hello")];
        assert_eq!(maija.post_parts("/cases/CASE-1", &parts).await.status, 403);
    }
    let late: [(&str, &str, &[u8]); 2] = [("text", "", b"hello"), ("csrf", "", own.as_bytes())];
    assert_eq!(maija.post_parts("/cases/CASE-1", &late).await.status, 403, "the token must stand first");
    assert_eq!(maija.get("/cases").await.status, 200, "nobody was signed out");
    assert_eq!(world.count("SELECT COUNT(*) FROM ledger").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planted_session_is_worth_nothing_after_signing_in() {
    let (_world, site) = world(Some(PASSWORD)).await;
    let mut thief = site.browser();
    thief.get("/sign-in").await;
    let mut maija = site.browser();
    maija.cookies = thief.cookies.clone();
    maija.sign_in(MAIJA, PASSWORD).await;
    assert_eq!(maija.get("/cases").await.status, 200);
    assert_ne!(maija.cookies["__Host-session"], thief.cookies["__Host-session"]);
    assert!(thief.get("/cases").await.location().starts_with("/sign-in"));
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_are_kept_from_scripts_other_sites_and_plain_http() {
    let (_world, site) = world(Some(PASSWORD)).await;
    let mut browser = site.browser();
    browser.get("/sign-in").await;
    let answer = browser.sign_in(MAIJA, PASSWORD).await;
    let set: Vec<&str> =
        answer.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value.as_str()).collect();
    assert_eq!(set.len(), 2, "{set:?}");
    for cookie in set {
        assert!(cookie.starts_with("__Host-"), "{cookie}");
        for attribute in ["Path=/", "SameSite=Lax", "HttpOnly", "Secure"] {
            assert!(cookie.split("; ").any(|part| part == attribute), "{cookie}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_end_by_themselves_and_when_their_owner_says_so() {
    let (world, site) = world(Some(PASSWORD)).await;
    let mut browser = site.browser();
    browser.sign_in(MAIJA, PASSWORD).await;
    for _ in 0..8 {
        world.pass(SignedDuration::from_mins(50));
        assert_eq!(browser.get("/cases").await.status, 200, "used within the hour");
    }
    world.pass(SignedDuration::from_mins(61));
    assert_eq!(browser.get("/cases").await.location(), "/sign-in?next=/cases");
    browser.sign_in(MAIJA, PASSWORD).await;
    for _ in 0..14 {
        world.pass(SignedDuration::from_mins(50));
        assert_eq!(browser.get("/cases").await.status, 200);
    }
    world.pass(SignedDuration::from_mins(50));
    assert_eq!(browser.get("/cases").await.status, 303, "no session lasts longer than twelve hours");
    browser.sign_in(MAIJA, PASSWORD).await;
    let kept = browser.clone();
    assert_eq!(browser.submit("/cases/CASE-1", "/sign-out", &[]).await.location(), "/sign-in?news=signed_out");
    assert_eq!(kept.clone().get("/cases").await.status, 303, "a copied cookie outlives signing out");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_password_ends_all_other_sessions() {
    let (world, site) = world(Some(PASSWORD)).await;
    let (mut here, mut there) = (site.browser(), site.browser());
    here.sign_in(MAIJA, PASSWORD).await;
    there.sign_in(MAIJA, PASSWORD).await;
    let before = here.clone();
    let page = "/profile/password";
    let wrong = here.submit(page, page, &[("current", "x"), ("password", OTHER), ("again", OTHER)]).await;
    assert!(wrong.words().contains("This is not your current password."));
    let changed = here.submit(page, page, &[("current", PASSWORD), ("password", OTHER), ("again", OTHER)]).await;
    assert_eq!(changed.location(), "/profile?news=password_changed");
    assert_eq!(here.get("/cases").await.status, 200);
    assert_eq!(before.clone().get("/cases").await.status, 303, "the old cookie still works");
    assert_eq!(there.get("/cases").await.status, 303);
    link(&world.app, "reset", MAIJA, TOKEN).await;
    set_password(&mut there, &format!("/reset/{TOKEN}"), PASSWORD).await;
    assert_eq!(here.get("/cases").await.status, 303, "a reset ends every session");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_switched_off_is_out_at_once() {
    let (world, site) = world(Some(PASSWORD)).await;
    let mut browser = site.browser();
    browser.sign_in(MAIJA, PASSWORD).await;
    assert!(world.app.provision.directory.set_enabled(MAIJA, false).await.unwrap());
    assert_eq!(browser.get("/cases").await.status, 303);
    // Also by whatever else changes the table.
    world.app.provision.directory.set_enabled(MAIJA, true).await.unwrap();
    browser.sign_in(MAIJA, PASSWORD).await;
    world.execute("UPDATE business_account SET state = 'disabled'").await;
    world.pass(SignedDuration::from_secs(60));
    assert_eq!(browser.get("/cases").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_led_elsewhere_after_signing_in() {
    let (_world, site) = world(Some(PASSWORD)).await;
    for (next, leads) in
        [("/cases/CASE-1", "/cases/CASE-1"), ("https://evil.test", "/cases"), ("//evil.test", "/cases")]
    {
        let mut browser = site.browser();
        let fields = [("email", MAIJA), ("password", PASSWORD), ("next", next)];
        assert_eq!(browser.submit("/sign-in", "/sign-in", &fields).await.location(), leads);
        assert!(!site.browser().get(&format!("/sign-in?next={next}")).await.text().contains("evil.test"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_of_the_second_factor_works_once() {
    let (world, site) = world(Some(PASSWORD)).await;
    let mut browser = site.browser();
    browser.sign_in(MAIJA, PASSWORD).await;
    let page = "/profile/factor";
    let secret = shown_secret(&browser.get(page).await);
    assert_eq!(secret, shown_secret(&browser.get(page).await), "opening the page again shows another secret");
    assert!(sign_in::second_factor(&world.app.store, MAIJA).await.unwrap().is_none(), "opening the page enrols");
    let code = code_of(&secret, &world);
    let unsure = browser.submit(page, page, &[("password", "x"), ("code", &code)]).await;
    assert_eq!(unsure.status, 422, "an open browser is enough");
    let on = browser.submit(page, page, &[("password", PASSWORD), ("code", &code)]).await;
    assert_eq!(on.location(), "/profile?news=factor_on");
    let mut other = site.browser();
    assert_eq!(other.sign_in(MAIJA, PASSWORD).await.location(), "/sign-in/code?next=/cases");
    assert_eq!(other.get("/cases").await.status, 303, "the password alone lets in");
    let submit_code = async |browser: &mut Browser, code: &str| {
        browser.submit("/sign-in/code", "/sign-in/code", &[("code", code), ("next", "/cases")]).await
    };
    assert_eq!(submit_code(&mut other, &code).await.status, 422, "the code of enrolling is used up");
    world.pass(SignedDuration::from_secs(30));
    let code = code_of(&secret, &world);
    assert_eq!(submit_code(&mut other, &code).await.location(), "/cases");
    assert_eq!(other.get("/cases").await.status, 200);
    let mut third = site.browser();
    third.sign_in(MAIJA, PASSWORD).await;
    assert_eq!(submit_code(&mut third, &code).await.status, 422, "a code works twice");
    world.pass(SignedDuration::from_mins(11));
    assert_eq!(submit_code(&mut third, &code_of(&secret, &world)).await.status, 403, "the second step waits for ever");
    let off = other.submit(page, page, &[("password", PASSWORD), ("code", &code_of(&secret, &world))]).await;
    assert_eq!(off.location(), "/profile?news=factor_off");
    assert_eq!(site.browser().sign_in(MAIJA, PASSWORD).await.location(), "/cases");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_enrols_anew_for_who_knows_the_password_too() {
    let (world, site) = world(Some(PASSWORD)).await;
    link(&world.app, "enrol", MAIJA, TOKEN).await;
    let path = format!("/enrol/{TOKEN}");
    let (mut reader, mut maija) = (site.browser(), site.browser());
    let secret = shown_secret(&reader.get(&path).await);
    assert_ne!(secret, shown_secret(&maija.get(&path).await), "who reads the mail knows the secret of the factor");
    let code = code_of(&secret, &world);
    assert_eq!(reader.submit(&path, &path, &[("password", "guess"), ("code", &code)]).await.status, 422);
    let secret = shown_secret(&maija.get(&path).await);
    let code = code_of(&secret, &world);
    let before = maija.cookies.clone();
    let done = maija.submit(&path, &path, &[("password", PASSWORD), ("code", &code)]).await;
    assert_eq!(done.location(), "/sign-in?news=factor_on");
    assert_ne!(maija.cookies, before, "from the old secret the factor's could be made again");
    assert_eq!(maija.get(&path).await.status, 410);
    let kept = sign_in::second_factor(&world.app.store, MAIJA).await.unwrap().unwrap().sealed;
    assert!(!kept.windows(4).any(|four| secret.windows(4).any(|plain| plain == four)), "the secret is stored as it is");
    assert_eq!(world.app.process.act.rules.keys.open_factor(MAIJA, &kept).unwrap(), secret);
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_a_reset_takes_a_click() {
    let (world, site) = world(Some(PASSWORD)).await;
    link(&world.app, "stop", MAIJA, TOKEN).await;
    let path = format!("/stop/{TOKEN}");
    let used = async || {
        let hash = LinkHash::of(TOKEN);
        caseway::store::link::find(&world.app.store, hash).await.unwrap().unwrap().used
    };
    let mut browser = site.browser();
    assert_eq!(browser.get(&path).await.status, 200);
    assert!(!used().await, "opening the page stops it");
    assert_eq!(title(&browser.submit(&path, &path, &[]).await), "The reset is stopped");
    assert!(used().await);
    assert_eq!(browser.get(&path).await.status, 410);
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_slow_a_guesser_down_and_never_lock_the_owner_out() {
    let (world, site) = world(Some(PASSWORD)).await;
    let mut maija = site.browser();
    maija.sign_in(MAIJA, PASSWORD).await;
    maija.submit("/profile", "/sign-out", &[]).await;
    let mut guesser = site.browser();
    guesser.from = "198.51.100.7".to_owned();
    for _ in 0..5 {
        assert_eq!(guesser.sign_in(MAIJA, "guess").await.status, 422);
    }
    let slowed = guesser.sign_in(MAIJA, PASSWORD).await;
    assert_eq!(slowed.status, 429, "the right password is looked at before the wait is over");
    assert!(slowed.words().contains("Please wait for 1 min"));
    // Many places, for hours: each guess waits for its turn, and the owner's browser does not.
    for place in 0..40 {
        guesser.from = format!("198.51.100.{}", 100 + place);
        guesser.sign_in(MAIJA, "guess").await;
    }
    guesser.from = "198.51.100.99".to_owned();
    assert_eq!(guesser.sign_in(MAIJA, PASSWORD).await.status, 429, "guesses from everywhere are not slowed down");
    assert_eq!(maija.sign_in(MAIJA, PASSWORD).await.status, 303, "strangers locked the owner out");
    world.pass(SignedDuration::from_mins(2));
    assert_eq!(guesser.sign_in(MAIJA, PASSWORD).await.status, 303, "nobody waits for ever");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_client_cannot_take_the_time_of_all() {
    let (world, site) = world(Some(PASSWORD)).await;
    let mut flood = site.browser();
    flood.from = "198.51.100.7".to_owned();
    let page = flood.get("/forgot").await;
    let csrf = page.hidden("csrf");
    let mut refused = 0;
    for _ in 0..40 {
        refused += u32::from(flood.post("/forgot", &[("csrf", &csrf), ("email", "x")]).await.status == 429);
    }
    assert_eq!(refused, 10, "30 forms at once, no more");
    assert_eq!(site.browser().get("/sign-in").await.status, 200, "others wait for a flood");
    world.pass(SignedDuration::from_secs(2));
    assert_eq!(flood.post("/forgot", &[("csrf", &csrf), ("email", "x")]).await.status, 422);
}

/// A clock that was a year ahead for a while locks nobody out once it is right again, and keeps nobody signed in.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_ahead_locks_nobody_out() {
    let year = SignedDuration::from_hours(365 * 24);
    let (world, site) = world(Some(PASSWORD)).await;
    world.set_clock(year);
    let mut maija = site.browser();
    maija.sign_in(MAIJA, PASSWORD).await;
    let mut guesser = site.browser();
    guesser.from = "198.51.100.7".to_owned();
    for _ in 0..20 {
        guesser.sign_in(MAIJA, "guess").await;
        world.pass(SignedDuration::from_mins(1));
    }
    guesser.sign_in(MAIJA, "guess").await;
    assert_eq!(guesser.sign_in(MAIJA, "guess").await.status, 429);
    world.set_clock(-year);
    assert_eq!(maija.get("/cases").await.status, 303, "a session of the future would last a year");
    assert_eq!(guesser.sign_in(MAIJA, "guess").await.status, 422, "it is looked at");
    assert_eq!(guesser.sign_in(MAIJA, PASSWORD).await.status, 429, "and counted, by the clock as it is");
    world.pass(SignedDuration::from_mins(15));
    assert_eq!(guesser.sign_in(MAIJA, PASSWORD).await.status, 303);
}

/// Bursts go by the time that passes, whatever becomes of the time of day.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_changes_no_burst() {
    let (world, site) = world(Some(PASSWORD)).await;
    let mut flood = site.browser();
    let csrf = flood.get("/forgot").await.hidden("csrf");
    for _ in 0..30 {
        flood.post("/forgot", &[("csrf", &csrf), ("email", "x")]).await;
    }
    for by in [365 * 24, -2 * 365 * 24] {
        world.set_clock(SignedDuration::from_hours(by));
        assert_eq!(flood.post("/forgot", &[("csrf", &csrf), ("email", "x")]).await.status, 429, "no time has passed");
    }
    world.pass(SignedDuration::from_secs(2));
    assert_eq!(flood.post("/forgot", &[("csrf", &csrf), ("email", "x")]).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_start_no_header_and_no_markup() {
    let (world, site) = world(Some(PASSWORD)).await;
    let mut maija = site.browser();
    maija.sign_in(MAIJA, PASSWORD).await;
    let name = "Maija\r\nBcc: victim@elsewhere.test\r\n <b>\"x\"</b>";
    let saved = maija.submit("/profile", "/profile", &[("name", name), ("language", "fi")]).await;
    assert_eq!(saved.location(), "/profile?news=profile_saved");
    let page = maija.get("/profile").await.text();
    assert!(page.contains("<html lang=\"fi\">") && !page.contains("<b>"), "{page}");
    let page = maija.get("/cases/CASE-1").await;
    let (csrf, once) = (page.hidden("csrf"), page.hidden("once"));
    let parts: [(&str, &str, &[u8]); 3] =
        [("csrf", "", csrf.as_bytes()), ("once", "", once.as_bytes()), ("text", "", b"Hello again")];
    maija.post_parts("/cases/CASE-1", &parts).await;
    world.process().await;
    let raw: Vec<u8> = sqlx::Row::get(
        &sqlx::query("SELECT bytes FROM raw ORDER BY id DESC LIMIT 1")
            .fetch_one(world.app.store.reader())
            .await
            .unwrap(),
        0,
    );
    let mail = caseway::mail::read(&raw);
    assert_eq!(mail.headers.first("Bcc"), None);
    assert_eq!(mail.from.unwrap().email, MAIJA);
    assert_eq!(world.count("SELECT COUNT(*) FROM message WHERE ticket_id = 1 AND direction = 'inbound'").await, 2);
}

/// Who may be a customer no more has no people who sign in.
#[tokio::test(flavor = "multi_thread")]
async fn people_of_a_disabled_company_are_out() {
    let (world, site) = world(Some(PASSWORD)).await;
    world
        .execute(
            "INSERT INTO account (id, account_id, company, disabled, created_at, updated_at)
             VALUES (1, 'AC-1', 'Customer Oy', 0, 0, 0)",
        )
        .await;
    world.execute("UPDATE business_account SET account_id = 1").await;
    let mut browser = site.browser();
    assert_eq!(browser.sign_in(MAIJA, PASSWORD).await.location(), "/cases");
    world.execute("UPDATE account SET disabled = 1").await;
    world.pass(SignedDuration::from_mins(2));
    assert_eq!(browser.get("/cases").await.status, 303, "the session goes on");
    assert_eq!(site.browser().sign_in(MAIJA, PASSWORD).await.status, 422);
    link(&world.app, "reset", MAIJA, TOKEN).await;
    let reset = set_password(&mut site.browser(), &format!("/reset/{TOKEN}"), OTHER).await;
    assert_eq!(reset.status, 403);
    world.execute("UPDATE account SET disabled = 0").await;
    assert_eq!(site.browser().sign_in(MAIJA, PASSWORD).await.location(), "/cases", "the old password is still hers");
}
