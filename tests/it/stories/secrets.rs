//! Links and codes come back in what people write, in many shapes. Nobody but who got them is ever shown them.

use caseway::desk::directory::AccountState;
use caseway::desk::seal::link::LinkHash;
use caseway::mail;
use caseway::store::link;
use data_encoding::BASE64;

use super::*;

const MALLORY: &str = "mallory@customer.test";

/// Anna forgot her password, her colleague Mallory is copied; the mail with the link.
async fn reset(world: &mut World) -> Sent {
    person(world, "anna@customer.test", AccountState::Active, false).await;
    let ask = from(ANNA, "p1@customer.test").header("Cc", MALLORY).subject("Password reset");
    let ask = ask.text("I forgot my password.\nE-mail: anna@customer.test");
    receive(world, "support", &ask).await;
    let sent = world.sent().await;
    let at = sent.iter().position(|mail| mail.notice == "password_reset").unwrap();
    sent.into_iter().nth(at).unwrap()
}

/// Her answer to that mail.
fn reply(to: &Sent, text: &str) -> Letter {
    from(ANNA, "p2@customer.test")
        .to(to.reply_to())
        .answering(to.message_id())
        .subject("Re: Choose a new password")
        .text(text)
}

/// All that a mail says, below everything that was done to it.
fn all_of(mail: &mail::Mail) -> String {
    let mut said = format!("{}\n{}\n{}", mail.subject, mail.text, mail.html.as_deref().unwrap_or_default());
    for file in &mail.attachments {
        said += &format!("\n{}\n{}", file.filename, String::from_utf8_lossy(&file.content));
        if file.filename.ends_with(".eml") {
            said += &all_of(&mail::read(&file.content));
        }
    }
    let undone = said.replace("=\r\n", "").replace("%3A", ":").replace("%2F", "/");
    undone.chars().filter(|c| !c.is_whitespace() && *c != '>' && *c != '\u{ad}' && *c != '\0').collect()
}

/// Every shape in which a link is sent back.
fn shapes(got: &Sent) -> Vec<(&'static str, Letter)> {
    let token = token(got, "reset");
    let link = format!("https://help.example.test/reset/{token}");
    let percent = link.replace(':', "%3A").replace('/', "%2F");
    let (head, tail) = link.split_at(45);
    let quoted: String = got.mail.text.lines().map(|line| format!("> {line}\n")).collect();
    let page = |about: &str| format!("Hello, I see a blank page: {about} on my phone. What now?");
    let words = |about: &str| reply(got, &page(about));
    let file = |head: &str, content: &str| {
        let text = format!("--b\nContent-Type: text/plain\n\nSee the file. What now?\n--b\n{head}\n\n{content}\n--b--");
        reply(got, &text).header("Content-Type", "multipart/mixed; boundary=b")
    };
    let raw = String::from_utf8(got.raw.clone()).unwrap().replace("\r\n", "\n");
    let encoded = BASE64.encode(format!("From: a@b.test\r\nSubject: x\r\n\r\n{link}\r\n").as_bytes());
    let lines: Vec<&str> = (0..encoded.len()).step_by(76).map(|at| &encoded[at..encoded.len().min(at + 76)]).collect();
    let inner = BASE64.encode(format!("Please open {link} today").as_bytes());
    let html = format!("<p>It does not open: <a href=\"{link}\">{head}<wbr>{tail}</a>. Why?</p>");
    vec![
        ("as it is", words(&link)),
        ("rewritten by a scanner", words(&format!("https://eur05.safelinks.test/?url={percent}&data=05"))),
        ("rewritten twice", words(&format!("https://gate.test/?u={}&x=1", percent.replace('%', "%25")))),
        ("base64 in an address", words(&format!("https://gate.test/r/{}", BASE64.encode(link.as_bytes())))),
        ("over two lines", words(&format!("\n{head}\n{tail}\n"))),
        ("over two quoted lines", reply(got, &format!("> {head}\n> {tail}\n\n{}", page("that")))),
        ("bare", words(&format!("the code is {token},"))),
        ("in capitals", words(&token.to_uppercase())),
        ("below the answer", reply(got, &format!("{}\n\nSupport wrote:\n{quoted}", page("nothing")))),
        ("in the subject", words("nothing").subject(&format!("Re: {link}"))),
        ("in HTML", words("").text(&html).header("Content-Type", "text/html; charset=utf-8")),
        (
            "our letter attached",
            file("Content-Type: message/rfc822\nContent-Disposition: attachment; filename=l.eml", &raw),
        ),
        (
            "a text file",
            file("Content-Type: text/plain; name=l.txt\nContent-Disposition: attachment; filename=l.txt", &link),
        ),
        (
            "base64 in a file",
            file("Content-Type: text/plain; name=l.txt\nContent-Disposition: attachment; filename=l.txt", &inner),
        ),
        (
            "an encoded mail",
            file(
                "Content-Type: application/octet-stream; name=l.eml\nContent-Transfer-Encoding: base64\n\
                 Content-Disposition: attachment; filename=l.eml",
                &lines.join("\n"),
            ),
        ),
        (
            "a file's name",
            file(&format!("Content-Type: text/plain\nContent-Disposition: attachment; filename=\"{token}.txt\""), "x"),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_comes_back_is_shown_to_nobody() {
    let count = shapes(&reset(&mut desk().await).await).len();
    for at in 0..count {
        let mut world = desk().await;
        let got = reset(&mut world).await;
        let secret = token(&got, "reset").to_owned();
        let (shape, letter) = shapes(&got).remove(at);
        assert_eq!(receive(&world, "support", &letter).await.ticket, 1, "{shape}");
        let told = world.sent().await;
        let told_engineer = told.iter().find(|mail| mail.recipient == "erkki@example.test");
        let told_engineer = told_engineer.unwrap_or_else(|| panic!("{shape}: {:?}", notices(&told)));
        let answer = from(ERKKI, "e1@example.test").to(told_engineer.reply_to()).answering(told_engineer.message_id());
        receive(&world, "support", &answer.text("Please try a computer.")).await;
        let answered = world.sent().await;
        assert!(notices(&answered).contains(&format!("answer → {MALLORY}")), "{shape}: {:?}", notices(&answered));
        for mail in told.iter().chain(&answered) {
            let said = all_of(&mail.mail);
            assert!(!said.to_lowercase().contains(&secret), "{shape}: {} to {}: {said}", mail.notice, mail.recipient);
            assert!(!said.contains(&BASE64.encode(secret.as_bytes())[..40]), "{shape}: {}", mail.notice);
        }
        for command in
            [vec!["ticket", "show", "1"], vec!["mail", "show", "2"], vec!["mail", "list"], vec!["ticket", "export"]]
        {
            let shown = crate::views::run(&world, 140, &command).out;
            let flat: String = shown.chars().filter(|c| !c.is_whitespace()).collect();
            assert!(!flat.to_lowercase().contains(&secret), "{shape}: {command:?}: {shown}");
        }
        world.execute("CREATE VIRTUAL TABLE words USING fts5vocab('search', 'row')").await;
        let word = format!("{}%", &secret[..8]);
        let sql = "SELECT COUNT(*) FROM words WHERE term LIKE $1";
        let count = sqlx::query_scalar::<_, i64>(sql).bind(word).fetch_one(world.app.store.reader()).await.unwrap();
        assert_eq!(count, 0, "{shape}: it can be searched for");
    }
}

/// What we never sent is nobody's secret: other people's links stay as they are.
#[tokio::test(flavor = "multi_thread")]
async fn the_links_of_others_stay() {
    let mut world = desk().await;
    let link = "https://help.example.test/reset/0123456789bcdfghjklmnpqrstuvwxyz";
    receive(&world, "support", &from(ANNA, "p1@customer.test").text(&format!("What is {link}?"))).await;
    let sent = world.sent().await;
    let told = sent.iter().find(|mail| mail.notice == "new_ticket").unwrap();
    assert!(told.mail.text.contains(link), "{}", told.mail.text);
    assert!(link::find(&world.app.store, LinkHash::of(link)).await.unwrap().is_none());
}

/// Whether a link can still be used.
async fn is_good(world: &World, token: &str) -> bool {
    link::find(&world.app.store, LinkHash::of(token)).await.unwrap().unwrap().is_good(world.now())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_back_is_worth_nothing_and_its_owner_gets_a_fresh_one() {
    let mut world = desk().await;
    let got = reset(&mut world).await;
    let old = token(&got, "reset").to_owned();
    let quoted = format!("The page https://help.example.test/reset/{old} is blank.");
    receive(&world, "support", &reply(&got, &quoted)).await;
    let sent = world.sent().await;
    let fresh = only(&sent, "password_reset");
    assert_eq!(fresh.recipient, "anna@customer.test");
    assert!(!is_good(&world, &old).await && is_good(&world, token(fresh, "reset")).await);
    assert!(world.events(1).await.contains(&"link_withdrawn".to_owned()));
}

/// On a case of its own, too.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_in_a_new_mail_is_withdrawn_as_well() {
    let mut world = desk().await;
    let got = reset(&mut world).await;
    let old = token(&got, "reset").to_owned();
    let mail =
        from(ANNA, "n1@customer.test").subject("Blank page").text(&format!("It is the page of {old} that I see"));
    assert_eq!(receive(&world, "support", &mail).await.ticket, 2);
    let sent = world.sent().await;
    assert!(!is_good(&world, &old).await);
    assert!(is_good(&world, token(only(&sent, "password_reset"), "reset")).await);
}

/// Somebody else has it: it is worth nothing, and no further mail comes of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_somebody_else_sends_is_withdrawn() {
    let mut world = desk().await;
    let got = reset(&mut world).await;
    let old = token(&got, "reset").to_owned();
    let mail =
        from("Carl <carl@other.test>", "c1@other.test").text(&format!("I found https://help.example.test/reset/{old}"));
    receive(&world, "support", &mail).await;
    let sent = notices(&world.sent().await);
    assert!(!is_good(&world, &old).await);
    assert!(!sent.iter().any(|notice| notice.starts_with("password_reset")), "{sent:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_did_not_get_it_gets_a_fresh_one_in_its_place() {
    let mut world = desk().await;
    let got = reset(&mut world).await;
    let old = token(&got, "reset").to_owned();
    receive(&world, "support", &reply(&got, "I did not receive the mail.")).await;
    let sent = world.sent().await;
    let fresh = only(&sent, "password_reset");
    assert!(!is_good(&world, &old).await && is_good(&world, token(fresh, "reset")).await);

    let mut world = desk().await;
    receive(&world, "registration", &registration("r1@customer.test", COMPLETE)).await;
    let sent = world.sent().await;
    let old = token(only(&sent, "activation"), "activate").to_owned();
    let again = registration("r2@customer.test", "I did not receive the mail.\nE-mail: anna@customer.test");
    receive(&world, "registration", &again).await;
    let sent = world.sent().await;
    let fresh = only(&sent, "activation");
    assert!(!is_good(&world, &old).await && is_good(&world, token(fresh, "activate")).await);
}

/// A code is a secret like a link: it goes from the quote, from the page and from the hand-over.
#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_comes_back_is_shown_to_nobody() {
    for typed in [|code: &str| code.to_owned(), |code: &str| code.to_uppercase(), |code: &str| code.replace('-', " ")] {
        let mut world = desk().await;
        let ask = registration("r1@customer.test", COMPLETE).header("Cc", MALLORY);
        receive(&world, "registration", &ask).await;
        let sent = world.sent().await;
        let activation = only(&sent, "activation");
        let hello = from(ANNA, "r2@customer.test").to(activation.reply_to()).text("Hello");
        receive(&world, "registration", &hello).await;
        let sent = world.sent().await;
        let mail = only(&sent, "activation_code");
        // A code stands on a line of its own. Not every one has a digit.
        let mut lines = mail.mail.text.lines().map(str::trim);
        let code = lines.find(|line| line.len() == 11 && line.find('-') == Some(5));
        let code = code.unwrap_or_else(|| panic!("no code: {}", mail.mail.text)).to_owned();
        let said = format!("The code {} is wrong, why?", typed(&code));
        let answer = from(ANNA, "r3@customer.test").to(mail.reply_to()).text(&said);
        receive(&world, "registration", &answer).await;
        assert!(!is_good(&world, &code).await);
        for sent in world.sent().await {
            assert!(
                !sent.mail.text.contains(&typed(&code)),
                "{} to {}: {}",
                sent.notice,
                sent.recipient,
                sent.mail.text
            );
        }
        let shown = crate::views::run(&world, 140, &["ticket", "show", "1"]).out;
        assert!(shown.contains("The code … is wrong") && !shown.contains(&typed(&code)), "{shown}");
    }
}
