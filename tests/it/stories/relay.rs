//! Forms that name somebody: what they make us send to that person, or to whom the mail claims to be from, bears no word of
//! who wrote them.

use caseway::desk::directory::AccountState;

use super::*;

const LURE: [&str; 3] = ["voucher", "evil.test", "Bargain"];

fn impersonal(sent: &[Sent], recipient: &str) {
    let to_them: Vec<&Sent> = sent.iter().filter(|mail| mail.recipient == recipient).collect();
    assert!(!to_them.is_empty(), "{:?}", notices(sent));
    for mail in to_them {
        for word in LURE {
            let text = String::from_utf8_lossy(&mail.raw).replace("=\r\n", "");
            assert!(
                !text.contains(word) && !mail.mail.text.contains(word),
                "{word} in {}: {}",
                mail.notice,
                mail.mail.text
            );
        }
    }
}

/// A registration of somebody else, in the name of somebody else again.
fn about(id: &str, email: &str) -> Letter {
    from("Bargain <berta@customer.test>", id)
        .to("support-service-registration@example.test")
        .subject("Your voucher is at evil.test")
        .text(&format!("First name: Bargain\nLast name: Voucher evil.test\nE-mail: {email}\nAccount ID: AC-1001"))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_registered_by_a_stranger_reads_none_of_the_strangers_words() {
    let mut world = desk().await;
    receive(&world, "registration", &about("m1@customer.test", "victor@customer.test")).await;
    let sent = world.sent().await;
    impersonal(&sent, "berta@customer.test");
    if sent.iter().any(|mail| mail.recipient == "victor@customer.test") {
        impersonal(&sent, "victor@customer.test");
    }
    // Somebody proven is no reason to trust the names that they type either.
    let pass = "mx.example.test; dmarc=pass header.from=customer.test";
    receive(
        &world,
        "registration",
        &about("m2@customer.test", "vera@customer.test").on_top("Authentication-Results", pass),
    )
    .await;
    impersonal(&world.sent().await, "vera@customer.test");
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_password_a_stranger_wants_reset_reads_none_of_the_strangers_words() {
    let mut world = desk().await;
    person(&world, "vera@customer.test", AccountState::Active, false).await;
    let asking = from("Bargain voucher <victim@victims.test>", "m1@victims.test")
        .subject("reset my password: voucher at evil.test")
        .text("E-mail: vera@customer.test\nName: Bargain evil.test");
    receive(&world, "support", &asking).await;
    let sent = world.sent().await;
    impersonal(&sent, "vera@customer.test");
    impersonal(&sent, "victim@victims.test");
}
