//! The gateway is killed (SIGKILL) at random moments, on real servers, with work in hand each time. Nothing may be lost,
//! nothing may happen twice.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::harness::database;
use crate::harness::servers::{Dovecot, Postfix};

const MAILS: usize = 500;
const KILLS: usize = 32;
/// Mails that may be on their way to the server when the gateway is killed.
const CONNECTIONS: usize = 4;

#[test]
fn nothing_is_lost_and_nothing_happens_twice() {
    let dovecot = Dovecot::start();
    let postfix = Postfix::start(&dovecot);
    let world = Crashing::new(&dovecot, &postfix);
    let seeded = world.seed();
    let seed = seed();
    let mut random = rand::rngs::StdRng::seed_from_u64(seed);
    for life in 0..KILLS {
        // Fresh work for each life, so that every kill falls into some.
        let portion = life * MAILS / KILLS..(life + 1) * MAILS / KILLS;
        for (number, mail) in portion.clone().zip(&seeded[portion]) {
            let name = format!("new/{}.M{number:06}P1.localhost", 1_700_000_000 + number);
            dovecot.deliver("support", &name, &mail.bytes);
        }
        let mut gateway = world.serve();
        std::thread::park_timeout(Duration::from_millis(random.random_range(60..600)));
        assert!(gateway.try_wait().unwrap().is_none(), "the gateway ended by itself:\n{}", world.log());
        gateway.kill().unwrap();
        gateway.wait().unwrap();
    }
    fs::rename(world.log_file(), world.dir.path().join("log of the killed")).unwrap();
    let mut gateway = world.serve();
    world.wait_until_idle(&mut gateway);
    world.wait_until_copied(&dovecot);
    assert!(Command::new("kill").arg(gateway.id().to_string()).status().unwrap().success());
    assert!(gateway.wait().unwrap().success(), "{}", world.log());

    let verdicts = world.check_mails(&seeded);
    world.check_threads(&seeded, &verdicts);
    world.check_letters(&dovecot, &postfix, &verdicts);
    world.check_copies(&dovecot);
}

/// When the kills fall: at random, or as `CASEWAY_CRASH` says. Printed, so that a run that failed can be done again as nearly as
/// processes allow.
#[expect(clippy::print_stderr, reason = "the seed of a run that fails is wanted")]
fn seed() -> u64 {
    let seed = std::env::var("CASEWAY_CRASH").map_or_else(|_| rand::random(), |seed| seed.parse().unwrap());
    eprintln!("the kills of CASEWAY_CRASH={seed}");
    seed
}

/// A mail of the seeded mailbox and what its manifest says of it.
struct Seeded {
    bytes: Vec<u8>,
    sha256: String,
    manifest: Value,
}

impl Seeded {
    fn is(&self, class: &str) -> bool {
        self.manifest["cls"] == class
    }
}

/// The gateway's folder and program.
struct Crashing {
    dir: tempfile::TempDir,
    config: PathBuf,
}

impl Crashing {
    fn new(dovecot: &Dovecot, postfix: &Postfix) -> Self {
        let dir = tempfile::TempDir::new().unwrap();
        let config = dir.path().join("caseway.toml");
        let many = "[{ within = \"1h\", most = 100000 }]";
        let text = format!(
            "[desk]\nname = \"Example Support\"\n[database]\n{}\n[mailbox.support]\naddress = \"support@example.test\"\n\
             imap = {{ host = \"127.0.0.1\", port = {}, tls = \"none\", user = \"support\", password = \"support-pw\", after = {{ move = \"Processed\" }}, sent_folder = \"Sent\", batch = 20 }}\n\
             [transport.main]\nsmtp = {{ host = \"127.0.0.1\", port = {}, tls = \"none\", connections = {CONNECTIONS}, first_delay = \"1s\" }}\n\
             [limits]\nper_recipient = {many}\nper_ticket = {many}\nper_sender = {many}\ntotal = {many}\nfirst_contacts = 1000000\n",
            database::section(dir.path()),
            dovecot.imap,
            postfix.smtp
        );
        fs::write(&config, text).unwrap();
        let world = Self { dir, config };
        world.caseway(&["engineer", "add", "alice@example.test", "--name", "Alice", "--queue", "support"]);
        world
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_caseway"));
        command.arg("--config").arg(&self.config);
        command
    }

    fn caseway(&self, words: &[&str]) -> String {
        let output = self.command().args(words).output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn lines(&self, words: &[&str]) -> Vec<Value> {
        self.caseway(words).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn serve(&self) -> Child {
        let log = fs::OpenOptions::new().create(true).append(true).open(self.log_file()).unwrap();
        self.command().arg("serve").stderr(log).stdout(Stdio::null()).spawn().unwrap()
    }

    fn log_file(&self) -> PathBuf {
        self.dir.path().join("log")
    }

    fn log(&self) -> String {
        let log = fs::read_to_string(self.log_file()).unwrap_or_default();
        log.lines().rev().take(40).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    fn seed(&self) -> Vec<Seeded> {
        let folder = self.dir.path().join("seed");
        let manifest = self.dir.path().join("manifest.jsonl");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers/seed.py");
        let status = Command::new(script)
            .args(["-n", &MAILS.to_string(), "--hard", "0", "--crlf", "--tag", "[CASE-%d]", "--dir"])
            .arg(&folder)
            .arg("--manifest")
            .arg(&manifest)
            .stdout(Stdio::null())
            .status();
        assert!(status.unwrap().success());
        let manifest = fs::read_to_string(manifest).unwrap();
        let seeded: Vec<Seeded> = manifest
            .lines()
            .enumerate()
            .map(|(number, line)| {
                let bytes = fs::read(folder.join(format!("{number:06}.eml"))).unwrap();
                let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes));
                Seeded { bytes, sha256, manifest: serde_json::from_str(line).unwrap() }
            })
            .collect();
        assert_eq!(seeded.len(), MAILS);
        seeded
    }

    /// The last life has started, which it does after it has put back what the one before it had in hand; everything is
    /// settled and everything is sent. Where a kill left nothing to do, that may be so before it has started.
    fn wait_until_idle(&self, gateway: &mut Child) {
        let deadline = Instant::now() + Duration::from_secs(300);
        loop {
            let mails = self.lines(&["mail", "export"]);
            let waiting = mails.iter().filter(|mail| mail["state"] == "new").count();
            let unsent = self
                .lines(&["outbox", "list", "--json", "--limit", "100000"])
                .iter()
                .filter(|mail| {
                    mail["state"] != "sent" && !(mail["state"] == "ambiguous" && mail["next_attempt_at"].is_null())
                })
                .count();
            let started = fs::read_to_string(self.log_file()).is_ok_and(|log| log.contains("gateway.started"));
            if started && mails.len() >= MAILS && waiting == 0 && unsent == 0 {
                return;
            }
            assert!(gateway.try_wait().unwrap().is_none(), "the gateway ended by itself:\n{}", self.log());
            assert!(
                Instant::now() < deadline,
                "{} mails, {waiting} waiting, {unsent} unsent:\n{}",
                mails.len(),
                self.log()
            );
            std::thread::park_timeout(Duration::from_millis(300));
        }
    }

    /// The Message-IDs of what was sent to customers, once each.
    fn sent_to_customers(&self) -> Vec<String> {
        let outbox = self.lines(&["outbox", "list", "--json", "--limit", "100000"]);
        let sent = outbox.iter().filter(|mail| mail["state"] == "sent" && mail["notice"] == "acknowledgement");
        let mut ids: Vec<String> = sent.map(|mail| mail["message_id"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids
    }

    /// The copies come after the mails.
    fn wait_until_copied(&self, dovecot: &Dovecot) {
        let deadline = Instant::now() + Duration::from_secs(60);
        let wanted = self.sent_to_customers().len();
        while dovecot.files("support", ".Sent").len() < wanted {
            assert!(Instant::now() < deadline, "copies are missing:\n{}", self.log());
            std::thread::park_timeout(Duration::from_millis(300));
        }
    }

    /// What customers got is in the account's folder, each mail once, wherever a kill fell.
    fn check_copies(&self, dovecot: &Dovecot) {
        let files = dovecot.files("support", ".Sent");
        let id = |file: &PathBuf| caseway::mail::read(&fs::read(file).unwrap()).message_id.unwrap();
        let mut copies: Vec<String> = files.iter().map(id).collect();
        copies.sort();
        assert_eq!(copies, self.sent_to_customers());
    }

    /// Every mail is in the ledger once, with the verdict that its class asks for. Verdicts by number in the manifest.
    fn check_mails(&self, seeded: &[Seeded]) -> Vec<Value> {
        let mut rows: HashMap<String, Vec<Value>> = HashMap::new();
        let exported = self.lines(&["mail", "export"]);
        assert_eq!(exported.len(), MAILS, "one ledger row a mail");
        for row in exported {
            rows.entry(row["sha256"].as_str().unwrap().to_owned()).or_default().push(row);
        }
        let mut verdicts = Vec::new();
        for mail in seeded {
            let row = rows.get_mut(&mail.sha256).filter(|rows| !rows.is_empty()).map(|rows| rows.remove(0));
            let row = row.unwrap_or_else(|| panic!("{} is not in the ledger", mail.manifest));
            let expected: &[&str] = match mail.manifest["cls"].as_str().unwrap() {
                "opener" => &["opened"],
                "dup" => &["duplicate"],
                "auto" => &["dropped"],
                "dsn" => &["bounce"],
                // A tag names the number that a system without replies of unknown tickets would have given.
                _ => match mail.manifest["link"].as_str() {
                    Some("both" | "refs") => &["threaded"],
                    _ => &["opened", "held", "threaded"],
                },
            };
            assert!(expected.contains(&row["verdict"].as_str().unwrap()), "{row}\n{}", mail.manifest);
            verdicts.push(row);
        }
        verdicts
    }

    /// Replies are on the tickets of the mails they name.
    fn check_threads(&self, seeded: &[Seeded], verdicts: &[Value]) {
        let mut case_of = HashMap::new();
        for row in verdicts {
            case_of.entry(row["message_id"].as_str().unwrap()).or_insert(&row["case_id"]);
        }
        for (mail, row) in seeded.iter().zip(verdicts) {
            if mail.is("reply") && matches!(mail.manifest["link"].as_str(), Some("both" | "refs")) {
                let named = caseway::mail::read(&mail.bytes).in_reply_to.remove(0);
                assert_eq!(Some(&&row["case_id"]), case_of.get(named.as_str()), "{}", mail.manifest);
            }
        }
        let openings = verdicts.iter().filter(|row| matches!(row["verdict"].as_str(), Some("opened" | "held"))).count();
        let tickets = self.lines(&["ticket", "export"]);
        assert_eq!(tickets.len(), openings, "one ticket an opening");
        for (number, ticket) in tickets.iter().enumerate() {
            assert_eq!(ticket["case_id"], format!("CASE-{}", number + 1), "case numbers have no gaps");
        }
    }

    /// How often each mail arrived, once Postfix, which delivers in its own time, has nothing left.
    fn arrived(dovecot: &Dovecot, postfix: &Postfix) -> HashMap<String, usize> {
        postfix.wait_until_delivered();
        let mut arrived: HashMap<String, usize> = HashMap::new();
        for file in dovecot.files("customers", "").into_iter().chain(dovecot.files("alice", "")) {
            let mail = caseway::mail::read(&fs::read(file).unwrap());
            *arrived.entry(mail.message_id.unwrap()).or_default() += 1;
        }
        arrived
    }

    /// Each opening was acknowledged once; a mail came once more at most, where a kill fell between the final dot and its
    /// record, and then with the same Message-ID. However many kills hit it: what was being sent again when the gateway
    /// died is left to people as `ambiguous`.
    #[expect(clippy::print_stderr, reason = "the figures of a run are worth seeing")]
    fn check_letters(&self, dovecot: &Dovecot, postfix: &Postfix, verdicts: &[Value]) {
        let outbox = self.lines(&["outbox", "list", "--json", "--limit", "100000"]);
        let acknowledged = outbox.iter().filter(|mail| mail["notice"] == "acknowledgement").count();
        let openings = verdicts.iter().filter(|row| matches!(row["verdict"].as_str(), Some("opened" | "held"))).count();
        assert_eq!(acknowledged, openings, "one acknowledgement an opening");
        let mut arrived = Self::arrived(dovecot, postfix);
        let (mut twice, mut ambiguous) = (0, 0);
        for mail in &outbox {
            let times = arrived.remove(mail["message_id"].as_str().unwrap()).unwrap_or_default();
            assert!(times <= 2, "{mail} arrived {times} times");
            assert!(times >= 1 || mail["state"] == "ambiguous", "{mail} never arrived");
            twice += usize::from(times == 2);
            ambiguous += usize::from(mail["state"] == "ambiguous");
        }
        assert!(arrived.is_empty(), "mails that nobody sent: {arrived:?}");
        assert!(twice <= KILLS * CONNECTIONS, "{twice} copies too many");
        eprintln!(
            "{MAILS} mails, {KILLS} kills, {} letters, {twice} came twice, {ambiguous} left to people",
            outbox.len()
        );
    }
}
