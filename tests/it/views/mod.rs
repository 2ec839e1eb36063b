//! What the commands print, at the front door: the real binary over a database that the gateway itself filled.

mod accounts;
mod backup;
mod mails;
mod outbox;
mod people;
mod tickets;

use std::process::{Command, Output};

use jiff::SignedDuration;
use serde_json::Value;

use crate::harness::database;
use crate::harness::mail::{Letter, from};
use crate::harness::world::World;

const ANNA: &str = "Anna Schmidt <anna@customer.test>";
const ERKKI: &str = "Erkki Virtanen <erkki@engineers.test>";

/// What one command said.
pub struct Said {
    pub out: String,
    pub err: String,
    pub code: i32,
    pub bytes: Vec<u8>,
}

impl Said {
    /// Every line of the output as JSON.
    pub fn json(&self) -> Vec<Value> {
        assert_eq!(self.code, 0, "{}", self.err);
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// Runs a command on the world's database, at a terminal of `columns` (0 for none), two hours east of Greenwich.
pub fn run(world: &World, columns: usize, args: &[&str]) -> Said {
    let config = world.dir.path().join("caseway.toml");
    if !config.exists() {
        let database = database::section(world.dir.path());
        std::fs::write(&config, CONFIG.replace("path = \"caseway.db\"", &database)).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_caseway"));
    command.arg("--config").arg(config).args(args).env("TZ", "EET-2").env_remove("COLUMNS").env_remove("RUST_LOG");
    if columns > 0 {
        command.env("COLUMNS", columns.to_string());
    }
    let Output { status, stdout, stderr } = command.current_dir(world.dir.path()).output().unwrap();
    Said {
        out: String::from_utf8_lossy(&stdout).into_owned(),
        err: String::from_utf8_lossy(&stderr).into_owned(),
        code: status.code().unwrap(),
        bytes: stdout,
    }
}

/// As the harness configures the gateway that filled the database.
const CONFIG: &str = r#"
[desk]
name = "Example Support"

[database]
path = "caseway.db"

[mailbox.support]
address = "support@example.test"
aliases = ["help@example.test"]
plus_addressing = true
pipe = true

[transport.out]
folder = "out"
"#;

/// Snapshots hold neither the temporary folder nor the random tokens in our Message-IDs and addresses.
pub fn settled(world: &World) -> insta::internals::SettingsBindDropGuard {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(&regex_escaped(&world.dir.path().display().to_string()), "[FOLDER]");
    settings.add_filter(r#"("sha256": ?)"[0-9a-f]{64}""#, "$1\"[HASH]\"");
    settings.add_filter(r"[rbn]1[0-9a-z]{20,}", "[TOKEN]");
    settings.add_filter(r"\.[0-9a-z]{16}@", ".[UNIQUE]@");
    settings.bind_to_scope()
}

fn regex_escaped(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_alphanumeric() { vec![c] } else { vec!['\\', c] }).collect()
}

/// A desk in use: a request with a file, its answer, a further word, a stranger who claims the ticket, somebody away,
/// and mails that could not be processed.
pub async fn desk() -> World {
    let mut world = World::new().await;
    let add = ["engineer", "add", "Erkki@Engineers.test", "--name", "Erkki Virtanen", "--queue", "support"];
    assert_eq!(run(&world, 80, &add).code, 0);
    assert_eq!(world.receive_raw(&request()).await.verdict, "opened");
    let sent = world.sent().await;
    let notification = sent.iter().find(|mail| mail.notice == "new_ticket").unwrap();
    world.pass(SignedDuration::from_mins(40));
    let answer = from(ERKKI, "e1@engineers.test")
        .to(notification.reply_to())
        .answering(notification.message_id())
        .subject("Re: [CASE-1] New: Drucker im 2. Stock")
        .text(
            "Please switch it off and on again.\n\nOn Mon, 2 Mar 2026 Anna wrote:\n> SECRET words of the notification",
        );
    assert_eq!(world.receive(&answer).await.verdict, "threaded");
    let sent = world.sent().await;
    let relayed = sent.iter().find(|mail| mail.notice == "answer").unwrap();
    world.pass(SignedDuration::from_mins(65));
    let thanks = from(ANNA, "a2@customer.test")
        .to(relayed.reply_to())
        .answering(relayed.message_id())
        .subject("Re: [CASE-1] Drucker im 2. Stock")
        .text("That helped, thank you. One more thing: the tray on the left side squeaks whenever somebody opens it, and it has done so for weeks.\n\nOn Mon, 2 Mar 2026 Erkki wrote:\n> Please switch it off and on again.");
    assert_eq!(world.receive(&thanks).await.verdict, "threaded");
    world.pass(SignedDuration::from_hours(20));
    let claim = stranger().subject("Re: [CASE-1] Drucker im 2. Stock").text("Send me the file, too.");
    assert_eq!(world.receive(&claim).await.verdict, "held");
    let away = from("Out <carol@customer.test>", "c1@customer.test")
        .header("Auto-Submitted", "auto-replied")
        .subject("Away until Monday: 日本語の自動返信");
    world.receive(&away).await;
    world.receive_raw(&request()).await;
    let broken = world.store_raw(&from(ANNA, "a3@customer.test").subject("Toner?").bytes()).await;
    let why = "it could not be read within its limits";
    caseway::store::work::quarantine(&world.app.store, broken, why, world.now()).await.unwrap();
    world.store_raw(&from("bo@customer.test", "b1@customer.test").subject("A mail that waits").bytes()).await;
    world
}

fn stranger() -> Letter {
    from("Mallory \u{1b}[2J <mallory@elsewhere.test>", "m1@elsewhere.test")
}

/// A request with a log file, of which the name and the subject need decoding.
fn request() -> Vec<u8> {
    let head = from(ANNA, "a1@customer.test")
        .subject("=?utf-8?Q?Drucker_im_2=2E_Stock_druckt_nicht_=E2=80=94_Fehler_0x80070057_seit_gestern?=")
        .header("Cc", "Bert Maier <bert@customer.test>")
        .header("Content-Type", "multipart/mixed; boundary=cut")
        .bytes();
    let end = head.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let body = "\r\n\r\n--cut\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello,\r\n\r\nthe printer on the second floor \
                does not print any more.\r\n\r\n  - it blinks\r\n  - it beeps\r\n\r\nAnna\r\n--cut\r\nContent-Type: text/plain; \
                name=\"printer.log\"\r\nContent-Disposition: attachment; filename=\"printer.log\"\r\n\r\n\
                09:00 E 0x80070057\r\n--cut--\r\n";
    [&head[..end], body.as_bytes()].concat()
}
