//! Cases on the pages: whose they are, what is seen of them, and answers that become mails.

use caseway::mail;

use crate::harness::browser::{Answer, Browser, PASSWORD, Site, account, web_config};
use crate::harness::mail::from;
use crate::harness::world::World;

const MAIJA: &str = "maija@customer.test";

/// Maija's case with an engineer's answer and a note, a case of somebody else, and a signed-in Maija.
async fn desk() -> (World, Site, Browser) {
    let mut world = World::with(|config| config.web = Some(web_config())).await;
    world.engineer("erkki@example.test", "Erkki Virtanen").await;
    world
        .receive(&from("Maija Meikäläinen <maija@customer.test>", "m1@customer.test").subject("The scan never ends"))
        .await;
    let told = world.sent().await;
    let told = told.iter().find(|mail| mail.recipient == "erkki@example.test").unwrap();
    let answer = from("Erkki Virtanen <erkki@example.test>", "e1@example.test").to(told.reply_to());
    world.receive(&answer.text("Exclude the folder.\n\n-- \nErkki, erkki@example.test, +358 9 111")).await;
    world.receive(&from("Mallory <mallory@elsewhere.test>", "x1@elsewhere.test").subject("Something secret")).await;
    account(&world.app, MAIJA, Some(PASSWORD)).await;
    let site = Site::of(&world).await;
    let mut maija = site.browser();
    maija.sign_in(MAIJA, PASSWORD).await;
    (world, site, maija)
}

async fn answer(browser: &mut Browser, case: &str, text: &str, files: &[(&str, &[u8])]) -> Answer {
    let path = format!("/cases/{case}");
    let page = browser.get(&path).await;
    let (csrf, once) = (page.hidden("csrf"), page.hidden("once"));
    let mut parts: Vec<(&str, &str, &[u8])> =
        vec![("csrf", "", csrf.as_bytes()), ("once", "", once.as_bytes()), ("text", "", text.as_bytes())];
    parts.extend(files.iter().map(|(name, content)| ("files", *name, *content)));
    browser.post_parts(&path, &parts).await
}

#[tokio::test(flavor = "multi_thread")]
async fn people_see_their_own_cases_and_no_others() {
    let (_world, site, mut maija) = desk().await;
    insta::assert_snapshot!("my_cases", maija.get("/cases").await.words());
    insta::assert_snapshot!("my_case", maija.get("/cases/CASE-1").await.words());
    let gone = maija.get("/nowhere").await;
    let messages = ["/cases/CASE-2/messages/1", "/cases/CASE-2/messages/1/files/1", "/cases/CASE-1/messages/99"];
    for path in ["/cases/CASE-2", "/cases/CASE-99", "/cases/x", messages[0], messages[1], messages[2]] {
        let answer = maija.get(path).await;
        assert_eq!((answer.status, answer.words()), (404, gone.words()), "{path}");
    }
    let csrf = maija.get("/cases/CASE-1").await.hidden("csrf");
    let parts: [(&str, &str, &[u8]); 2] = [("csrf", "", csrf.as_bytes()), ("text", "", b"hello")];
    assert_eq!(maija.post_parts("/cases/CASE-2", &parts).await.status, 404);
    for path in
        ["/cases", "/cases/CASE-1", "/cases/CASE-1/messages/1", "/profile", "/profile/password", "/profile/factor"]
    {
        assert!(site.browser().get(path).await.location().starts_with("/sign-in?next=/"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_colleague_sees_the_case_too() {
    let (world, site, _) = desk().await;
    let colleague = from("Maija <maija@customer.test>", "m2@customer.test").subject("Re: [CASE-1] scan").proven();
    world.receive(&colleague.header("Cc", "Liisa <liisa@customer.test>").answering("m1@customer.test")).await;
    account(&world.app, "liisa@customer.test", Some(PASSWORD)).await;
    let mut liisa = site.browser();
    liisa.sign_in("liisa@customer.test", PASSWORD).await;
    let list = liisa.get("/cases").await.words();
    assert!(list.contains("The scan never ends") && list.contains("Maija"), "{list}");
    let page = liisa.get("/cases/CASE-1").await;
    assert_eq!((page.status, page.text().contains("/close")), (200, false), "{}", page.words());
    let refused = liisa.post("/cases/CASE-1/close", &[("csrf", &page.hidden("csrf"))]).await;
    assert_eq!(refused.status, 403);
    insta::assert_snapshot!("not_yours_to_close", refused.words());
    assert_ne!(world.ticket(1, "status").await, "closed");
}

/// Who is on the case reads what another wrote, and no reply address of theirs: it would speak in their name.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_shows_no_token_of_another() {
    let (mut world, site, _) = desk().await;
    let told = world.sent().await;
    let told = told.iter().find(|mail| mail.recipient == MAIJA).unwrap();
    let token = told.reply_to().split(['+', '@']).nth(1).unwrap().to_owned();
    let words = format!("I wrote to {} as you said, and {token} alone.", told.reply_to());
    let file = format!("From: desk\nReply-To: {}\n\nkept\n", told.reply_to());
    let html =
        format!("<p>{words}</p><table><tr><td><a href=\"mailto:{}\">desk</a></td></tr></table>", told.reply_to());
    let mixed = format!(
        "--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\nContent-Type: text/plain\n\n{words}\n--c\nContent-Type: text/html\n\n\
         {html}\n--c--\n--b\nContent-Type: text/plain; name=old.txt\nContent-Disposition: attachment; filename=old.txt\n\n{file}\n--b--\n"
    );
    let letter = from("Maija <maija@customer.test>", "m2@customer.test").subject("Re: [CASE-1] scan").proven();
    let letter = letter.header("Cc", "Liisa <liisa@customer.test>").answering("m1@customer.test");
    world.receive(&letter.header("Content-Type", "multipart/mixed; boundary=b").text(&mixed)).await;
    account(&world.app, "liisa@customer.test", Some(PASSWORD)).await;
    let mut liisa = site.browser();
    liisa.sign_in("liisa@customer.test", PASSWORD).await;
    let page = liisa.get("/cases/CASE-1").await;
    assert!(page.words().contains("as you said, and"), "{}", page.words());
    let mut read = vec![page.text()];
    let links: Vec<String> =
        page.text().split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
    for link in links.iter().filter(|link| link.contains("/messages/")) {
        read.push(liisa.get(link).await.text());
    }
    assert!(read.iter().any(|text| text.contains("kept")) && read.iter().any(|text| text.contains("<td>")), "{read:?}");
    for text in read {
        assert!(!text.contains(&token), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_held_cases_and_engineers_addresses_are_never_shown() {
    let (world, _site, mut maija) = desk().await;
    world.execute("UPDATE message SET visibility = 'note' WHERE id = 1").await;
    let page = maija.get("/cases/CASE-1").await.text();
    assert!(!page.contains("printer"), "a note is shown: {page}");
    assert!(page.contains("Exclude the folder."));
    assert!(!page.contains("erkki@example.test") && !page.contains("+358 9 111"), "{page}");
    for number in 0..9 {
        let message = maija.get(&format!("/cases/CASE-1/messages/{number}")).await.text();
        assert!(!message.contains("printer"), "a note is shown: {message}");
    }
    world.execute("UPDATE ticket SET status = 'held' WHERE id = 1").await;
    assert_eq!(maija.get("/cases/CASE-1").await.status, 404, "a case that only claims to be Maija's");
    world.execute("UPDATE ticket SET status = 'merged', merged_into = 2 WHERE id = 1").await;
    assert_eq!(maija.get("/cases/CASE-1").await.status, 404, "merged into somebody else's");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_a_mail_like_any_other() {
    let (mut world, _site, mut maija) = desk().await;
    world.sent().await;
    let sent = answer(&mut maija, "CASE-1", "It ended.\n\nThank you!", &[("log ä.txt", b"done\n")]).await;
    assert_eq!(sent.location(), "/cases/CASE-1?news=answered");
    world.process().await;
    let settled = world.settled(world.count("SELECT MAX(id) FROM ledger").await).await;
    assert_eq!((settled.verdict.as_str(), settled.ticket, settled.proof.as_str()), ("threaded", 1, "token"));
    let mails = world.sent().await;
    assert_eq!(mails.iter().map(|mail| mail.recipient.as_str()).collect::<Vec<_>>(), ["erkki@example.test"]);
    assert!(mails[0].mail.text.contains("It ended.\n\nThank you!"), "{}", mails[0].mail.text);
    assert_eq!(mails[0].mail.attachments[0].filename, "log ä.txt");
    assert_eq!(world.ticket(1, "status").await, "open");
    let page = maija.get("/cases/CASE-1").await;
    assert!(page.words().contains("Thank you!"));
    let file = page
        .text()
        .split("href=\"")
        .find(|rest| rest.contains("/files/1"))
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let file = maija.get(&file).await;
    assert_eq!((file.status, file.body.as_slice()), (200, b"done\n".as_slice()));
    assert_eq!(file.header("content-type"), "application/octet-stream");
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"log _.txt\"; filename*=UTF-8''log%20%C3%A4.txt"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asked_may_close_the_case() {
    let (mut world, _site, mut maija) = desk().await;
    world.sent().await;
    let closed = maija.submit("/cases/CASE-1", "/cases/CASE-1/close", &[]).await;
    assert_eq!(closed.location(), "/cases/CASE-1?news=closed");
    assert_eq!(world.ticket(1, "status").await, "closed");
    let page = maija.get(closed.location()).await;
    assert!(page.words().contains("The case is closed.") && !page.text().contains("/close\""), "{}", page.words());
    assert_eq!(maija.submit("/cases/CASE-1", "/cases/CASE-2/close", &[]).await.status, 404);
    assert_eq!(world.ticket(2, "status").await, "new");
    answer(&mut maija, "CASE-1", "It is back.", &[]).await;
    world.process().await;
    assert_eq!(world.ticket(1, "status").await, "open");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_twice_is_one_answer() {
    let (world, _site, mut maija) = desk().await;
    let page = maija.get("/cases/CASE-1").await;
    let (csrf, once) = (page.hidden("csrf"), page.hidden("once"));
    let parts: [(&str, &str, &[u8]); 3] =
        [("csrf", "", csrf.as_bytes()), ("once", "", once.as_bytes()), ("text", "", b"Only once, please")];
    for _ in 0..3 {
        assert_eq!(maija.post_parts("/cases/CASE-1", &parts).await.status, 303);
        world.pass(jiff::SignedDuration::from_secs(2));
    }
    world.process().await;
    assert_eq!(world.count("SELECT COUNT(*) FROM ledger").await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_much_is_refused_and_nothing_of_it_kept() {
    let (world, _site, mut maija) = desk().await;
    let large = vec![b'x'; 10_000_001];
    assert_eq!(answer(&mut maija, "CASE-1", "see the file", &[("large.bin", &large)]).await.status, 413);
    let many: Vec<(&str, &[u8])> = (0..11).map(|_| ("a.txt", b"x".as_slice())).collect();
    let refused = answer(&mut maija, "CASE-1", "see the files", &many).await;
    assert!(refused.words().contains("Please send at most 10 files at once."), "{}", refused.words());
    let empty = answer(&mut maija, "CASE-1", "  \r\n ", &[]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.words().contains("Write something, or choose a file."));
    let endless = format!("csrf={}", "x".repeat(70_000));
    let head = [("Content-Type", "application/x-www-form-urlencoded")];
    assert_eq!(maija.request("POST", "/profile", &head, endless.as_bytes()).await.status, 413);
    assert_eq!(world.count("SELECT COUNT(*) FROM ledger").await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn file_names_stay_where_they_belong() {
    let (world, _site, mut maija) = desk().await;
    let names = ["../../etc/passwd", "a%0d%0aSet-Cookie: x=y.txt", "<img src=x>.html", "con.txt"];
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, b"x".as_slice())).collect();
    assert_eq!(answer(&mut maija, "CASE-1", "files", &files).await.status, 303);
    world.process().await;
    let page = maija.get("/cases/CASE-1").await.text();
    assert!(!page.contains("<img") && !page.contains("../"), "{page}");
    let hrefs: Vec<String> = page
        .split("href=\"")
        .filter(|rest| rest.contains("/files/"))
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert_eq!(hrefs.len(), names.len());
    for href in hrefs {
        let file = maija.get(&href).await;
        assert_eq!(file.header("set-cookie"), "");
        assert!(!file.header("content-disposition").contains('/'), "{}", file.header("content-disposition"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_html_of_a_mail_loads_and_runs_nothing() {
    let (world, _site, mut maija) = desk().await;
    let html = "<p>See <a href=\"https://x.test/\">this</a></p><table><tr><td>cell</td></tr></table>\
                <img src=\"https://elsewhere.test/p.png\"><script>alert(1)</script><form action=\"/sign-out\"></form>";
    let letter = from("Maija <maija@customer.test>", "m3@customer.test").answering("m1@customer.test");
    world.receive(&letter.header("Content-Type", "text/html; charset=utf-8").text(html)).await;
    let page = maija.get("/cases/CASE-1").await.text();
    let whole =
        page.split("href=\"").filter(|rest| rest.contains("/messages/")).last().unwrap().split('"').next().unwrap();
    let shown = maija.get(whole).await.text();
    let main = shown.split("<main").nth(1).unwrap();
    assert!(main.contains("cell") && main.contains("https://x.test/"), "{main}");
    for gone in ["<img", "<script", "elsewhere.test", "<form"] {
        assert!(!main.contains(gone), "{gone}: {main}");
    }
}

/// What the desk keeps of an answer reads as it was written.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_kept_as_it_was_written() {
    let (world, _site, mut maija) = desk().await;
    let text = "Zeile <eins> & \"zwei\"\n\n> zitiert von mir\n\nÄöü 漢字 -- fertig";
    answer(&mut maija, "CASE-1", &text.replace('\n', "\r\n"), &[]).await;
    let row = sqlx::query("SELECT bytes FROM raw ORDER BY id DESC LIMIT 1").fetch_one(world.app.store.reader()).await;
    let mail = mail::read(&sqlx::Row::get::<Vec<u8>, _>(&row.unwrap(), 0));
    assert_eq!(mail.text.trim(), text);
    assert_eq!(mail.subject, "Re: [CASE-1] The scan never ends");
    assert_eq!(mail.from.unwrap().name, "Maija Meikäläinen");
}

/// Sends the form for a new case; `once` is the page's, for a form that is sent twice.
async fn write(browser: &mut Browser, page: &Answer, subject: &str, text: &str) -> Answer {
    let (csrf, once) = (page.hidden("csrf"), page.hidden("once"));
    let parts: [(&str, &str, &[u8]); 4] = [
        ("csrf", "", csrf.as_bytes()),
        ("once", "", once.as_bytes()),
        ("subject", "", subject.as_bytes()),
        ("text", "", text.as_bytes()),
    ];
    browser.post_parts("/cases/new", &parts).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_begins_on_the_page_as_by_mail() {
    let (mut world, site, mut maija) = desk().await;
    world.sent().await;
    assert!(maija.get("/cases").await.text().contains("href=\"/cases/new\""));
    let page = maija.get("/cases/new").await;
    insta::assert_snapshot!("new_case", page.words());
    // A header is one line, whatever a program sends.
    let subject = "Blank\r\nBcc: mallory@elsewhere.test pages";
    for _ in 0..2 {
        let sent = write(&mut maija, &page, subject, "Since this morning.\n\nOn the <second> floor.").await;
        assert_eq!((sent.status, sent.location()), (303, "/cases?news=opened"), "{}", sent.words());
    }
    world.process().await;
    assert_eq!(world.count("SELECT COUNT(*) FROM ticket").await, 3, "a form that is sent twice is one case");
    assert_eq!(world.notices().await, ["acknowledgement → maija@customer.test", "new_ticket → erkki@example.test"]);
    let list = maija.get("/cases?news=opened").await.words();
    assert!(list.contains("Blank Bcc: mallory@elsewhere.test pages"), "{list}");
    let case = maija.get("/cases/CASE-3").await.text();
    assert!(case.contains("On the &lt;second&gt; floor."), "{case}");
    let sent = site.browser().get("/cases/new").await;
    assert!(sent.location().starts_with("/sign-in?next=/"), "{}", sent.location());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_new_case_lacks_is_said_and_nothing_typed_is_lost() {
    let (world, _site, mut maija) = desk().await;
    let page = maija.get("/cases/new").await;
    for (subject, text, said) in [
        ("", "Since this morning.", "Enter a subject."),
        ("Blank pages", " \n ", "Write something, or choose a file."),
        ("", "", "Enter a subject."),
    ] {
        let answer = write(&mut maija, &page, subject, text).await;
        assert_eq!(answer.status, 422);
        assert!(answer.words().contains(said), "{}", answer.words());
        assert!(answer.text().contains(subject) && answer.text().contains(text.trim()), "{}", answer.text());
    }
    let foreign =
        maija.post_parts("/cases/new", &[("csrf", "", b"x"), ("subject", "", b"x"), ("text", "", b"x")]).await;
    assert_eq!(foreign.status, 403);
    assert_eq!(world.count("SELECT COUNT(*) FROM ticket").await, 2);
}

/// Which mailbox gets them is said, or plain: one that begins a form is for its form.
#[tokio::test(flavor = "multi_thread")]
async fn new_cases_go_to_the_mailbox_that_takes_them() {
    for (mailboxes, named, goes_to) in [
        (vec!["support"], None, Some("support")),
        (vec!["sales", "support"], None, None),
        (vec!["sales", "support"], Some("support"), Some("support")),
        (vec!["sales", "support"], Some("sales"), Some("sales")),
    ] {
        let world = World::with(|config| {
            config.web = Some(web_config());
            let web = config.web.as_mut().unwrap();
            web.new_cases = named.map(str::to_owned);
            let support = config.mailboxes["support"].clone();
            config.mailboxes.clear();
            for name in &mailboxes {
                let address = format!("{name}@example.test");
                let mailbox = caseway::config::Mailbox { name: (*name).to_owned(), address, ..support.clone() };
                config.mailboxes.insert((*name).to_owned(), mailbox);
            }
        })
        .await;
        account(&world.app, MAIJA, Some(PASSWORD)).await;
        let site = Site::of(&world).await;
        let mut maija = site.browser();
        maija.sign_in(MAIJA, PASSWORD).await;
        let page = maija.get("/cases/new").await;
        assert_eq!(
            maija.get("/cases").await.text().contains("/cases/new"),
            goes_to.is_some(),
            "{mailboxes:?} {named:?}"
        );
        let Some(goes_to) = goes_to else {
            assert_eq!(page.status, 404);
            continue;
        };
        write(&mut maija, &page, "Blank pages", "Since this morning.").await;
        world.process().await;
        assert_eq!(world.ticket(1, "mailbox").await, goes_to);
    }
}

/// A case that a form is at work on waits for nobody: neither a reset that cools off, nor one that engineers check.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_says_that_it_waits_for_its_requester_only_when_it_does() {
    let (world, _site, mut maija) = desk().await;
    world.execute("INSERT INTO form (ticket_id, form, stage, data, created_at, updated_at) VALUES (1, 'x', 'asking', '{}', 0, 0)").await;
    for (stage, waits) in [
        ("UPDATE form SET stage = 'asking'", true),
        ("UPDATE form SET stage = 'sent'", true),
        ("UPDATE form SET stage = 'working'", false),
        ("UPDATE form SET stage = 'approval'", false),
        ("UPDATE form SET stage = 'cooling'", false),
    ] {
        world.execute(stage).await;
        for path in ["/cases", "/cases/CASE-1"] {
            let words = maija.get(path).await.words();
            assert_eq!(words.contains("Waiting for you"), waits, "{stage}, {path}: {words}");
        }
    }
}
