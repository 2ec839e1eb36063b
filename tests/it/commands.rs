//! What engineers order by mail: the transcript, the case, and the mails that go out. The table of commands is what the parser
//! knows and what the documentation says.

mod grammar;
mod note;
mod ticket;

use caseway::desk::command::grammar::parse;
use caseway::desk::command::table::rows;
use caseway::mail::language::Language;

use crate::harness::mail::{Letter, from};
use crate::harness::world::{Sent, World};

const ANNA: &str = "Anna Schmidt <anna@customer.test>";
const ERKKI: &str = "Erkki Virtanen <erkki@example.test>";

/// A case of Anna's, and what Erkki was told of it.
struct Opened {
    world: World,
    notice: Sent,
    mails: usize,
}

impl Opened {
    async fn new() -> Self {
        Self::speaking("en").await
    }

    /// Erkki reads this language; Liisa is a colleague.
    async fn speaking(language: &'static str) -> Self {
        Self::over(World::new().await, language).await
    }

    /// The desk has this address.
    async fn at(address: &str) -> Self {
        let world = World::with(|config| {
            config.mailboxes.values_mut().for_each(|mailbox| mailbox.address = address.to_owned());
        });
        Self::over(world.await, "en").await
    }

    async fn over(mut world: World, language: &'static str) -> Self {
        world.known("anna@customer.test").await;
        world.engineer("erkki@example.test", "Erkki Virtanen").await;
        world.engineer("liisa@example.test", "Liisa Korhonen").await;
        match language {
            "de" => world.execute("UPDATE person SET language = 'de' WHERE email = 'erkki@example.test'").await,
            "fi" => world.execute("UPDATE person SET language = 'fi' WHERE email = 'erkki@example.test'").await,
            _ => {}
        }
        let desk = world.app.config.mailboxes.values().next().unwrap().address.clone();
        world.receive(&from(ANNA, "a1@customer.test").to(&desk).proven()).await;
        let notice = world.sent().await.into_iter().find(|mail| mail.recipient == "erkki@example.test").unwrap();
        Self { world, notice, mails: 0 }
    }

    /// A mail of Erkki's in answer to his notice, shown to be his.
    fn mail(&mut self, words: &str) -> Letter {
        self.mails += 1;
        from(ERKKI, &format!("e{}@example.test", self.mails))
            .to(self.notice.reply_to())
            .answering(self.notice.message_id())
            .subject("Re: [CASE-1] The printer is broken")
            .text(words)
            .proven()
    }

    /// What goes out when Erkki writes this.
    async fn says(&mut self, words: &str) -> Vec<Sent> {
        let letter = self.mail(words);
        self.world.receive(&letter).await;
        self.world.sent().await
    }

    /// The one transcript that comes of it, as text; nothing else goes out.
    async fn transcript(&mut self, words: &str) -> String {
        let sent = self.says(words).await;
        assert_eq!(notices(&sent), ["command_result → erkki@example.test"], "{words}");
        flat(&sent[0].mail.text)
    }
}

fn notices(sent: &[Sent]) -> Vec<String> {
    sent.iter().map(|mail| format!("{} → {}", mail.notice, mail.recipient)).collect()
}

/// Words, however the lines were wrapped.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A mail as its reader sees it.
fn seen(mail: &Sent) -> String {
    let text = mail.shown().replace("-- \n", "--\n");
    format!("===== {} → {}\nSubject: {}\n\n{}\n", mail.notice, mail.recipient, mail.mail.subject, text.trim_end())
}

/// What Erkki wrote, and what everybody got of it.
async fn told(opened: &mut Opened, words: &str) -> String {
    let sent = opened.says(words).await;
    let mails: String = sent.iter().map(seen).collect();
    format!("----- erkki@example.test: {words}\n\n{mails}\n")
}

#[test]
fn every_command_is_documented() {
    let docs = include_str!("../../docs/COMMANDS.md");
    let documented: Vec<&str> = docs.lines().filter(|line| line.starts_with("| `#")).collect();
    let expected = rows().map(|row| {
        let (usage, role) = (row.usage(Language::En), row.role.as_str());
        format!("| `{}` | {role} | {} | `{}` |", usage.replace('|', "\\|"), row.does[0], row.example)
    });
    assert_eq!(documented, expected.collect::<Vec<_>>());
}

#[test]
fn every_example_is_a_command_by_each_of_its_names() {
    for row in rows() {
        for name in [row.name].iter().chain(row.synonyms) {
            let typed = row.example.replacen(row.name, name, 1);
            let order = |words: &str| parse(words).lines.remove(0).order;
            assert!(order(&typed).is_ok(), "{typed}");
            assert_eq!(order(&typed), order(row.example), "{typed}");
        }
    }
}
