//! `caseway init`: from an address to a configuration that works, and what goes wrong on the way.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::cli_program::{Ran, caseway, caseway_fed, steady};
use crate::harness::imap_script::Server;
use crate::harness::names::{NameServer, WebHost, a, mx, srv};
use crate::harness::servers::{Dovecot, Postfix};
use crate::harness::smtp_script::{Abilities, SmtpScript, Step, say};
use crate::harness::tls::TestCa;

/// Folders by their use, as most servers have them.
const SPECIAL_FOLDERS: &str = "namespace inbox {\n  mailbox Sent {\n    auto = create\n    special_use = \\Sent\n  }\n  \
                               mailbox Spam {\n    auto = create\n    special_use = \\Junk\n  }\n}";
/// What a server writes above each mail that it takes.
const RESULTS: &str = "smtpd_sender_restrictions = check_sender_access static:{PREPEND Authentication-Results: mx.example.test; auth=pass}";

/// The program with what it needs on the command line, on scripted servers of this machine.
struct Desk {
    folder: tempfile::TempDir,
    imap: Server,
    smtp: SmtpScript,
}

impl Desk {
    async fn new() -> Self {
        let imap = Server::start(0, |_| {}).await;
        Self { folder: tempfile::tempdir().unwrap(), imap, smtp: SmtpScript::start().await }
    }

    fn init(&self, more: &[&str]) -> Ran {
        let (imap, smtp) = (format!("127.0.0.1:{}", self.imap.port), format!("127.0.0.1:{}", self.smtp.port));
        let mut args = vec!["init", "support@example.test", "--password-file", "-"];
        let none = ["--imap-tls", "none", "--smtp-tls", "none", "--imap", &imap, "--smtp", &smtp];
        // A flag may stand once.
        args.extend(none.chunks(2).filter(|pair| !more.contains(&pair[0])).flatten());
        args.extend(more);
        caseway_fed(self.folder.path(), &args, b"secret\n")
    }

    fn steady(&self) -> insta::internals::SettingsBindDropGuard {
        steady(self.folder.path(), &[self.imap.port, self.smtp.port])
    }

    /// What the folder has.
    fn files(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.folder.path())
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn by_dns(name_server: &NameServer, more: &[&str]) -> (tempfile::TempDir, Ran) {
    let folder = tempfile::tempdir().unwrap();
    let dns = name_server.address.to_string();
    let args = [&["init", "support@example.test", "--password-file", "-", "--dns", &dns][..], more].concat();
    let ran = caseway_fed(folder.path(), &args, b"secret\n");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "something was written: {ran}");
    (folder, ran)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_that_tells_nothing() {
    let records = vec![("example.test", mx(10, "mx.example.test"))];
    let (folder, ran) = by_dns(&NameServer::start(records).await, &[]);
    let _steady = steady(folder.path(), &[]);
    insta::assert_snapshot!("init_no_servers", ran);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_without_mx_and_a_record_that_may_be_forged() {
    let records = vec![
        ("_imaps._tcp.example.test", srv("mail.hoster.test", 993)),
        ("_submissions._tcp.example.test", srv("smtp.example.test", 465)),
        ("_submission._tcp.example.test", srv("", 0)),
    ];
    let (folder, ran) = by_dns(&NameServer::start(records).await, &[]);
    let _steady = steady(folder.path(), &[]);
    insta::assert_snapshot!("init_no_mx", ran);
}

#[tokio::test(flavor = "multi_thread")]
async fn domains_whose_mail_is_elsewhere_or_nowhere() {
    let mut told = Vec::new();
    for host in ["example-test.mail.protection.outlook.com", "ASPMX.L.GOOGLE.COM", ""] {
        let server = NameServer::start(vec![("example.test", mx(0, host))]).await;
        told.push(format!("$ mx {host:?}\n{}", by_dns(&server, &["--imap", "localhost"]).1));
    }
    let _steady = steady(Path::new("/nowhere"), &[]);
    insta::assert_snapshot!("init_providers", told.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn name_servers_that_do_not_answer() {
    let server = NameServer::silent().await;
    let (folder, ran) = by_dns(&server, &[]);
    let _steady = steady(folder.path(), &[]);
    // Which of the limits is reached first depends on how busy this machine is.
    let mut settings = insta::Settings::clone_current();
    settings.add_filter("(because [^ ]+: ).*", "$1[SILENCE]");
    settings.bind(|| insta::assert_snapshot!("init_dns_silent", ran));
}

#[test]
fn what_is_not_said_is_an_error_without_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let _steady = steady(folder.path(), &[]);
    let servers = ["--imap", "localhost", "--smtp", "localhost"];
    let told: Vec<String> = [
        &["init", "support@example.test", "--offline"][..],
        &["init", "support@example.test", "--offline", "--imap", "localhost"],
        &[&["init", "support@example.test"][..], &servers[..]].concat(),
        &["init", "support"],
        &["init", "support@example.test", "--imap", "localhost:imaps"],
        &[&["init", "support@example.test", "--engineer", "Support@Example.test"][..], &servers[..]].concat(),
        &[&["init", "support@example.test", "--password-file", "none"][..], &servers[..]].concat(),
        &["--config", "none/caseway.toml", "init", "support@example.test"],
    ]
    .iter()
    .map(|args| format!("$ caseway {}\n{}", args.join(" "), caseway(folder.path(), args)))
    .collect();
    insta::assert_snapshot!("init_not_said", told.join("\n"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password() {
    let desk = Desk::new().await;
    desk.imap.change(|state| state.refuses = vec![("LOGIN", "NO [AUTHENTICATIONFAILED] Authentication failed.")]);
    let _steady = desk.steady();
    insta::assert_snapshot!("init_wrong_password", desk.init(&[]));
    assert_eq!(desk.files(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_for_smtp() {
    let mut desk = Desk::new().await;
    desk.smtp = SmtpScript::with(Abilities { announced: vec!["AUTH PLAIN LOGIN"], ..Abilities::default() }).await;
    desk.smtp.always(Step::Auth, say("535 5.7.8 Error: authentication failed"));
    let _steady = desk.steady();
    insta::assert_snapshot!("init_wrong_password_smtp", desk.init(&[]));
    assert_eq!(desk.files(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::disallowed_methods, reason = "the server is the test's own task")]
async fn a_certificate_that_nobody_else_signed() {
    let desk = Desk::new().await;
    let own = TestCa::self_signed("localhost");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = own.acceptor.clone();
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            // The client hangs up as soon as it sees the certificate.
            let _ = acceptor.accept(tcp).await;
        }
    });
    let _steady = steady(desk.folder.path(), &[port]);
    let place = format!("localhost:{port}");
    insta::assert_snapshot!("init_self_signed", desk.init(&["--imap", &place, "--imap-tls", "implicit"]));
    assert_eq!(desk.files(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_kind_of_tls() {
    let desk = Desk::new().await;
    let _steady = desk.steady();
    let told = [desk.init(&["--imap-tls", "implicit"]), desk.init(&["--smtp-tls", "starttls"])];
    insta::assert_snapshot!("init_wrong_tls", told.map(|ran| ran.to_string()).join("\n"));
    assert_eq!(desk.files(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_refuses_the_sender() {
    let desk = Desk::new().await;
    desk.smtp.always(Step::Mail, say("553 5.7.1 <support@example.test>: Sender address rejected: not owned by user"));
    let _steady = desk.steady();
    insta::assert_snapshot!("init_sender_refused", desk.init(&[]));
    assert_eq!(desk.files(), Vec::<String>::new());
}

/// Both servers work: what was found out is written, and what was not is said.
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_never_comes_back() {
    let desk = Desk::new().await;
    let _steady = desk.steady();
    insta::assert_snapshot!("init_never_back", desk.init(&["--wait", "1s"]));
    assert_eq!(desk.files(), ["caseway.toml", "support.password"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_there_are_not_written_over() {
    let desk = Desk::new().await;
    let _steady = desk.steady();
    let mut told = Vec::new();
    for name in ["caseway.toml", "support.password"] {
        let file = desk.folder.path().join(name);
        fs::write(&file, "somebody's").unwrap();
        told.push(desk.init(&[]).to_string());
        assert_eq!(fs::read_to_string(&file).unwrap(), "somebody's");
        fs::remove_file(file).unwrap();
    }
    insta::assert_snapshot!("init_file_exists", told.join("\n"));
    assert_eq!(desk.imap.state().connections, 0, "nobody was asked");
}

/// By flags alone, on real servers. What is written is what `caseway check` finds nothing wrong with.
#[tokio::test(flavor = "multi_thread")]
async fn dovecot_and_postfix_by_flags() {
    let dovecot = Dovecot::start_with(SPECIAL_FOLDERS);
    let postfix = Postfix::start_with(&dovecot, RESULTS);
    let folder = tempfile::tempdir().unwrap();
    let ca = both(folder.path(), &[&dovecot.ca_file(), &postfix.ca_file()]);
    let (imap, smtp) = (format!("localhost:{}", dovecot.imaps), format!("localhost:{}", postfix.smtp + 1));
    let args =
        [
            &[
                "init",
                "support@example.test",
                "--password-file",
                "-",
                "--name",
                "Example \"Support\"",
                "--ca-file",
                &ca,
            ][..],
            &["--imap", &imap, "--smtp", &smtp, "--smtp-tls", "starttls", "--engineer", "erkki@desk.example"],
        ]
        .concat();
    let _steady = steady(folder.path(), &[dovecot.imaps, postfix.smtp + 1]);
    insta::assert_snapshot!("init_by_flags", caseway_fed(folder.path(), &args, b"support-pw\n"));
    insta::assert_snapshot!("init_by_flags_toml", fs::read_to_string(folder.path().join("caseway.toml")).unwrap());
    let secret = folder.path().join("support.password");
    assert_eq!(fs::read_to_string(&secret).unwrap(), "support-pw\n");
    assert_eq!(secret.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    for place in ["", ".Sent", ".Spam"] {
        assert_eq!(dovecot.files("support", place), Vec::<std::path::PathBuf>::new(), "left in {place:?}");
    }
    let checked = caseway(folder.path(), &["check"]);
    assert_eq!(checked.code, 0, "{checked}");
    assert!(!checked.stdout.contains("warning"), "{checked}");
}

/// A server that takes no address with a plus, and whose account has no folders by use.
#[tokio::test(flavor = "multi_thread")]
async fn plus_addressing_that_is_missing() {
    let dovecot = Dovecot::start();
    let postfix = Postfix::start_with(&dovecot, "recipient_delimiter =");
    let folder = tempfile::tempdir().unwrap();
    let (imap, smtp) = (format!("127.0.0.1:{}", dovecot.imap), format!("127.0.0.1:{}", postfix.smtp));
    let args = [
        &["init", "support@example.test", "--password-file", "-", "--imap", &imap, "--imap-tls", "none"][..],
        &["--smtp", &smtp, "--smtp-tls", "none"],
    ]
    .concat();
    let _steady = steady(folder.path(), &[dovecot.imap, postfix.smtp]);
    insta::assert_snapshot!("init_no_plus", caseway_fed(folder.path(), &args, b"support-pw\n"));
    insta::assert_snapshot!("init_no_plus_toml", fs::read_to_string(folder.path().join("caseway.toml")).unwrap());
}

/// From nothing to the first acknowledgement: somebody types an address, a password (wrongly at first) and what is asked, on a
/// domain that describes its servers; then says who answers, and starts the gateway.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_sets_a_desk_up_at_a_terminal() {
    let dovecot = Dovecot::start_with(SPECIAL_FOLDERS);
    let postfix = Postfix::start_with(&dovecot, RESULTS);
    let (imap, smtp) = (dovecot.imaps, postfix.smtp + 1);
    let host = WebHost::start("autoconfig.example.test", description(imap, smtp)).await;
    let records = vec![("example.test", mx(10, "mx.example.test")), ("autoconfig.example.test", a(host.address))];
    let server = NameServer::start(records).await;
    let folder = tempfile::tempdir().unwrap();
    let ca = both(folder.path(), &[&dovecot.ca_file(), &postfix.ca_file(), &host.ca.ca_file]);
    let mut terminal =
        Terminal::open(folder.path(), &format!("init support@example.test --dns {} --ca-file {ca}", server.address));
    terminal.answer("The password of support@example.test (not shown): ", "wrong");
    terminal.answer("as customers read it [example.test support]: ", "Example Support");
    terminal.answer("The password of support@example.test (not shown): ", "support-pw");
    let shown = terminal.end();
    let _steady = steady(folder.path(), &[imap, smtp]);
    insta::assert_snapshot!("init_typed", shown);
    let added = caseway(folder.path(), &["engineer", "add", "bob@example.test", "--queue", "support"]);
    assert_eq!(added.code, 0, "{added}");
    let mut gateway = Command::new(env!("CARGO_BIN_EXE_caseway"));
    let gateway = gateway.arg("serve").current_dir(folder.path()).env_remove("CASEWAY_CONFIG").stderr(Stdio::null());
    let mut gateway = gateway.spawn().unwrap();
    send(postfix.smtp, "anna@customer.test", "support@example.test");
    while dovecot.files("customers", "").is_empty() {
        assert!(gateway.try_wait().unwrap().is_none(), "the gateway ended by itself");
    }
    assert!(Command::new("kill").arg(gateway.id().to_string()).status().unwrap().success());
    assert!(gateway.wait().unwrap().success());
    let letter = fs::read_to_string(&dovecot.files("customers", "")[0]).unwrap();
    assert!(letter.contains("CASE-1") && letter.contains("Example Support"), "{letter}");
}

/// The certificates of all files in one.
fn both(folder: &Path, files: &[&Path]) -> String {
    let all: String = files.iter().map(|file| fs::read_to_string(file).unwrap() + "\n").collect();
    let path = folder.join("ca.pem");
    fs::write(&path, all).unwrap();
    path.to_str().unwrap().to_owned()
}

fn description(imap: u16, smtp: u16) -> String {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<clientConfig version=\"1.1\"><emailProvider id=\"example.test\">\
         <domain>example.test</domain><displayName>Example</displayName>\
         <incomingServer type=\"imap\"><hostname>localhost</hostname><port>{imap}</port><socketType>SSL</socketType>\
         <username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></incomingServer>\
         <outgoingServer type=\"smtp\"><hostname>localhost</hostname><port>{smtp}</port><socketType>STARTTLS</socketType>\
         <username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></outgoingServer>\
         </emailProvider></clientConfig>\n"
    );
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    )
}

fn send(port: u16, from: &str, to: &str) {
    let mail = format!(
        "From: Anna <{from}>\r\nTo: {to}\r\nSubject: Help\r\nMessage-ID: <a1@customer.test>\r\n\r\nHelp me.\r\n"
    );
    let mut server = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    let dialogue = format!("EHLO a.test\r\nMAIL FROM:<{from}>\r\nRCPT TO:<{to}>\r\nDATA\r\n");
    server.write_all(dialogue.as_bytes()).unwrap();
    let mut said = String::new();
    while !said.contains("\n354") {
        let mut octets = [0; 1_024];
        let count = server.read(&mut octets).unwrap();
        assert_ne!(count, 0, "{said}");
        said.push_str(&String::from_utf8_lossy(&octets[..count]));
    }
    server.write_all(format!("{mail}.\r\nQUIT\r\n").as_bytes()).unwrap();
    server.read_to_string(&mut said).unwrap();
    assert!(said.contains("queued"), "{said}");
}

/// The program at a terminal (script(1)), typed at by somebody who reads before each answer.
struct Terminal {
    child: Child,
    keys: ChildStdin,
    screen: ChildStdout,
    shown: Vec<u8>,
    /// How much of it was read when the last answer was typed.
    read: usize,
}

impl Terminal {
    fn open(folder: &Path, args: &str) -> Self {
        let mut child = Command::new("script")
            .args(["-qefc", &format!("{} {args}", env!("CARGO_BIN_EXE_caseway")), "/dev/null"])
            .current_dir(folder)
            .env_remove("CASEWAY_CONFIG")
            .env("SHELL", "/bin/sh")
            .env("TERM", "dumb")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (keys, screen) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, keys, screen, shown: Vec::new(), read: 0 }
    }

    fn answer(&mut self, question: &str, answer: &str) {
        while !String::from_utf8_lossy(&self.shown[self.read..]).contains(question) {
            let mut octets = [0; 1_024];
            let count = self.screen.read(&mut octets).unwrap();
            assert_ne!(count, 0, "ended before {question:?}: {}", String::from_utf8_lossy(&self.shown));
            self.shown.extend_from_slice(&octets[..count]);
        }
        self.read = self.shown.len();
        self.keys.write_all(format!("{answer}\n").as_bytes()).unwrap();
    }

    /// Everything that stood on the screen, without what turned and went.
    fn end(mut self) -> String {
        self.screen.read_to_end(&mut self.shown).unwrap();
        let status = self.child.wait().unwrap();
        let shown = String::from_utf8(self.shown).unwrap();
        assert!(status.success(), "{shown}");
        // What turned while it waited was written over.
        let steering = regex::Regex::new("\u{1b}\\[[0-9;?]*[A-Za-z]").unwrap();
        let plain = steering.replace_all(&shown, "");
        let lines =
            plain.lines().map(|line| line.rsplit('\r').find(|part| !part.trim().is_empty()).unwrap_or_default());
        lines.filter(|line| !line.contains("waiting for")).map(|line| format!("{}\n", line.trim_end())).collect()
    }
}
