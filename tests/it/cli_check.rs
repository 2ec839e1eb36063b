//! `caseway check` on what is there, on what is not, and on mailboxes that do and do not take plus addresses.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};

use crate::cli_program::{caseway, steady};
use crate::harness::imap_script::{Fault, Server};
use crate::harness::scim::{self, ScimServer};

/// A port that nothing listens on.
fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn write_config(folder: &Path, text: &str) {
    let head = "[desk]\nname = \"Example Support\"\n\n[database]\npath = \"caseway.db\"\n\n";
    std::fs::write(folder.join("caseway.toml"), format!("{head}{text}")).unwrap();
}

fn maildir(path: &Path) {
    ["new", "cur", "tmp"].iter().for_each(|folder| std::fs::create_dir_all(path.join(folder)).unwrap());
}

/// A folder that only its owner may look into, where the system knows of owners.
fn private_folder(path: &Path) {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).unwrap();
}

fn nothing_listens(folder: &Path, ports: [u16; 2]) {
    write_config(
        folder,
        &format!(
            r#"
[mailbox.support]
address = "support@example.test"
transport = "main"
imap = {{ host = "127.0.0.1", port = {}, tls = "none", user = "support", password = "secret" }}

[mailbox.sales]
address = "sales@example.test"
transport = "paper"
maildir = {{ path = "nowhere" }}

[mailbox.web]
address = "web@example.test"
queue = "support"
transport = "main"
pipe = true

[transport.main]
smtp = {{ host = "127.0.0.1", port = {}, tls = "none" }}

[transport.paper]
folder = "sent"

[templates]
path = "words"
"#,
            ports[0], ports[1]
        ),
    );
}

#[test]
fn what_does_not_answer_is_told_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let ports = [closed_port(), closed_port()];
    nothing_listens(folder.path(), ports);
    std::fs::create_dir_all(folder.path().join("words/mail/answer")).unwrap();
    std::fs::write(folder.path().join("words/mail/answer/en.hbs"), "Dear customer,\n{{wrods}}\n").unwrap();
    let _steady = steady(folder.path(), &ports);
    insta::assert_snapshot!("check_nothing_listens", caseway(folder.path(), &["check"]));
    insta::assert_snapshot!("check_nothing_listens_json", caseway(folder.path(), &["check", "--json"]));
    assert!(!folder.path().join("caseway.db").exists(), "looking at the database created it");
}

#[test]
fn all_is_well_without_a_server() {
    let folder = tempfile::tempdir().unwrap();
    maildir(&folder.path().join("mail"));
    private_folder(&folder.path().join("sent"));
    write_config(
        folder.path(),
        "[mailbox.support]\naddress = \"support@example.test\"\nmaildir = { path = \"mail\" }\n\
         [transport.main]\nfolder = \"sent\"\n",
    );
    let _steady = steady(folder.path(), &[]);
    insta::assert_snapshot!("check_all_well", caseway(folder.path(), &["check"]));
}

#[test]
fn an_unusable_configuration_is_reported_whole() {
    let folder = tempfile::tempdir().unwrap();
    write_config(folder.path(), "[mailbox.support]\nadress = \"support@example.test\"\n");
    let _steady = steady(folder.path(), &[]);
    insta::assert_snapshot!("check_unusable", caseway(folder.path(), &["check"]));
    insta::assert_snapshot!("check_unusable_json", caseway(folder.path(), &["check", "--json"]));
}

#[test]
fn without_a_configuration_all_places_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let _steady = steady(folder.path(), &[]);
    insta::assert_snapshot!("check_no_configuration", caseway(folder.path(), &["check"]));
    insta::assert_snapshot!("check_wrong_file", caseway(folder.path(), &["--config", "x.toml", "check"]));
}

#[cfg(unix)]
#[test]
fn secrets_that_everybody_can_read_are_a_warning() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let port = closed_port();
    std::fs::write(folder.path().join("imap.password"), "secret").unwrap();
    write_config(
        folder.path(),
        &format!(
            "[mailbox.support]\naddress = \"support@example.test\"\n\
             imap = {{ host = \"127.0.0.1\", port = {port}, tls = \"none\", user = \"u\", password = {{ file = \"imap.password\" }} }}\n\
             [transport.main]\nsmtp = {{ host = \"127.0.0.1\", port = {port}, tls = \"none\", user = \"u\", password = \"secret\" }}\n"
        ),
    );
    let _steady = steady(folder.path(), &[port]);
    let warnings = || -> Vec<String> {
        let ran = caseway(folder.path(), &["check", "--json"]);
        assert!(!ran.to_string().contains("\"secret\""), "a secret is shown");
        ran.stdout.lines().filter(|line| line.contains("every user")).map(str::to_owned).collect()
    };
    for file in ["caseway.toml", "imap.password"] {
        std::fs::set_permissions(folder.path().join(file), std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    insta::assert_snapshot!("check_readable_secrets", warnings().join("\n"));
    for file in ["caseway.toml", "imap.password"] {
        std::fs::set_permissions(folder.path().join(file), std::fs::Permissions::from_mode(0o640)).unwrap();
    }
    assert_eq!(warnings(), Vec::<String>::new());
}

/// Mail, and what tokens are made of, that other users of the machine may read: each file and folder is named, with what to do.
#[cfg(unix)]
#[test]
fn what_others_may_read_is_a_warning() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    maildir(&folder.path().join("mail"));
    private_folder(&folder.path().join("sent"));
    write_config(
        folder.path(),
        "[mailbox.support]\naddress = \"support@example.test\"\nmaildir = { path = \"mail\" }\n\
         [transport.main]\nfolder = \"sent\"\n",
    );
    assert_eq!(caseway(folder.path(), &["engineer", "list"]).code, 0);
    std::fs::write(folder.path().join("caseway.db.lock"), "").unwrap();
    let _steady = steady(folder.path(), &[]);
    let told = |database: u32, lock: u32, sent: u32| {
        for (name, mode) in [("caseway.db", database), ("caseway.db.lock", lock), ("sent", sent)] {
            let permissions = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(folder.path().join(name), permissions).unwrap();
        }
        let ran = caseway(folder.path(), &["check", "--json"]);
        assert_eq!(ran.code, 0, "{ran}");
        ran.stdout
            .lines()
            .filter(|line| line.contains("\"permissions\""))
            .map(|line| format!("{line}\n"))
            .collect::<String>()
    };
    assert_eq!(told(0o600, 0o600, 0o700), "");
    insta::assert_snapshot!("check_open_to_others", told(0o644, 0o660, 0o755));
    assert!(told(0o604, 0o600, 0o700).contains("mode 604"));
}

/// A database that takes no change is found out before the gateway relies on it.
#[tokio::test]
async fn a_database_that_takes_no_change_is_wrong() {
    use sqlx::{Connection, SqliteConnection};
    let folder = tempfile::tempdir().unwrap();
    maildir(&folder.path().join("mail"));
    write_config(
        folder.path(),
        "[mailbox.support]\naddress = \"support@example.test\"\nmaildir = { path = \"mail\" }\n\
         [transport.main]\nfolder = \"sent\"\n",
    );
    assert_eq!(caseway(folder.path(), &["engineer", "list"]).code, 0);
    let url = format!("sqlite://{}", folder.path().join("caseway.db").display());
    let mut other = SqliteConnection::connect(&url).await.unwrap();
    sqlx::query(
        "CREATE TRIGGER full BEFORE UPDATE ON counter BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END",
    )
    .execute(&mut other)
    .await
    .unwrap();
    other.close().await.unwrap();
    let ran = caseway(folder.path(), &["check", "--json"]);
    let told = ran.stdout.lines().find(|line| line.contains("\"check\":\"database\"")).unwrap();
    assert!(told.contains("\"state\":\"wrong\"") && told.contains("disk is full"), "{ran}");
    assert_eq!(ran.code, 1);
}

/// What a mail server does with an address that has a plus in it.
#[derive(Clone, Copy)]
enum Plus {
    Delivers,
    Refuses,
    Swallows,
}

/// An SMTP server that delivers to a Maildir, until the test ends.
fn mail_server(maildir: PathBuf, plus: Plus) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for (n, client) in listener.incoming().enumerate() {
            // A client that hangs up early is not this server's business.
            let _ = serve(client.unwrap(), &maildir, plus, n);
        }
    });
    port
}

fn serve(client: TcpStream, maildir: &Path, plus: Plus, n: usize) -> std::io::Result<()> {
    let mut out = client.try_clone()?;
    let mut lines = BufReader::new(client).lines();
    out.write_all(b"220 mail.example.test ESMTP\r\n")?;
    let mut keep = true;
    while let Some(line) = lines.next().transpose()? {
        let has_plus = line.contains('+');
        let answer = match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => "250 mail.example.test",
            "RCPT" if has_plus && matches!(plus, Plus::Refuses) => "550 5.1.1 no such user",
            "RCPT" => {
                keep = !(has_plus && matches!(plus, Plus::Swallows));
                "250 ok"
            }
            "DATA" => {
                out.write_all(b"354 go on\r\n")?;
                let mail: Vec<String> = lines.by_ref().map_while(Result::ok).take_while(|line| line != ".").collect();
                if keep {
                    std::fs::write(maildir.join(format!("new/1700000000.M{n}.host")), mail.join("\n"))?;
                }
                "250 taken"
            }
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        out.write_all(format!("{answer}\r\n").as_bytes())?;
    }
    Ok(())
}

/// The last line of `check --probe-plus`, and how many mails it left.
fn probe_plus(plus: Plus, configured: bool) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mail = folder.path().join("mail");
    maildir(&mail);
    let port = mail_server(mail.clone(), plus);
    write_config(
        folder.path(),
        &format!(
            "[mailbox.support]\naddress = \"support@example.test\"\nplus_addressing = {configured}\n\
             maildir = {{ path = \"mail\" }}\n\
             [transport.main]\nsmtp = {{ host = \"127.0.0.1\", port = {port}, tls = \"none\" }}\n"
        ),
    );
    let ran = caseway(folder.path(), &["check", "--probe-plus", "--wait", "1s", "--json"]);
    let left = std::fs::read_dir(mail.join("new")).unwrap().count();
    let last: serde_json::Value = serde_json::from_str(ran.stdout.lines().last().unwrap()).unwrap();
    format!("exit code {}, {left} mails left: {last:#}", ran.code)
}

#[test]
fn plus_addressing_is_found_out() {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"caseway-check-[0-9a-f]{16}", "caseway-check-[KEY]");
    settings.add_filter(r"127\.0\.0\.1:\d+", "127.0.0.1:[PORT]");
    settings.set_omit_expression(true);
    let _steady = settings.bind_to_scope();
    insta::assert_snapshot!("plus_delivered", probe_plus(Plus::Delivers, true));
    insta::assert_snapshot!("plus_delivered_unused", probe_plus(Plus::Delivers, false));
    insta::assert_snapshot!("plus_refused", probe_plus(Plus::Refuses, true));
    insta::assert_snapshot!("plus_swallowed", probe_plus(Plus::Swallows, true));
    insta::assert_snapshot!("plus_swallowed_unused", probe_plus(Plus::Swallows, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_provider_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("sent")).unwrap();
    let server = ScimServer::start().await;
    let closed = closed_port();
    let look = |port: u16, token: &str| {
        write_config(
            folder.path(),
            &format!(
                "[directory.scim]\nurl = \"http://localhost:{port}/scim/v2/\"\ntoken = {{ file = \"token\" }}\n\
                 [mailbox.support]\naddress = \"support@example.test\"\npipe = true\n[transport.main]\nfolder = \"sent\"\n"
            ),
        );
        std::fs::write(folder.path().join("token"), token).unwrap();
        let ran = caseway(folder.path(), &["check", "--json"]);
        let found = ran.stdout.lines().find(|line| line.contains("\"directory\"")).unwrap_or(&ran.stderr).to_owned();
        format!("{} {found}", ran.code)
    };
    let found = [look(server.port, scim::TOKEN), look(server.port, "another"), look(closed, scim::TOKEN)];
    let _steady = steady(folder.path(), &[server.port, closed]);
    insta::assert_snapshot!(found.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_folder_for_copies_is_there_or_made() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(0, |_| {}).await;
    write_config(
        folder.path(),
        &format!(
            "[mailbox.support]\naddress = \"support@example.test\"\n\
             imap = {{ host = \"127.0.0.1\", port = {}, tls = \"none\", user = \"u\", password = \"p\", sent_folder = \"Sent\" }}\n\
             [transport.main]\nfolder = \"sent\"\n",
            server.port
        ),
    );
    let look = || {
        let ran = caseway(folder.path(), &["check", "--json"]);
        ran.stdout.lines().find(|line| line.contains("mailbox support")).unwrap().to_owned()
    };
    let mut found = vec![look(), look()];
    server.change(|state| {
        state.folders.clear();
        state.faults = vec![Fault::No("CREATE")];
    });
    found.push(look());
    let _steady = steady(folder.path(), &[server.port]);
    insta::assert_snapshot!(found.join("\n"));
}
