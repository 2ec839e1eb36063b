//! A Dovecot and a Postfix of the test's own (`tests/servers/`), stopped when the test is over.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A Dovecot with the users support, registration, alice, bob, carol, customers and postmaster.
pub struct Dovecot {
    dir: TempDir,
    /// IMAP, STARTTLS offered.
    pub imap: u16,
    /// IMAP with TLS from the first octet.
    pub imaps: u16,
}

impl Dovecot {
    pub fn start() -> Self {
        Self::start_with("")
    }

    /// With more lines of configuration.
    pub fn start_with(extra: &str) -> Self {
        // Sockets have short names.
        let dir = tempfile::Builder::new().prefix("cw-").tempdir_in("/tmp").unwrap();
        open_to_all(dir.path());
        let imap = free_ports(4);
        let mut command = script("dovecot.sh");
        command.arg("start").arg(dir.path()).arg(imap.to_string()).env("DOVECOT_EXTRA", extra);
        run(&mut command);
        Self { dir, imap, imaps: imap + 1 }
    }

    /// The authority that signed the server's certificate.
    pub fn ca_file(&self) -> PathBuf {
        self.dir.path().join("tls/ca.pem")
    }

    pub fn maildir(&self, user: &str) -> PathBuf {
        self.dir.path().join("mail").join(user).join("Maildir")
    }

    /// Fills a user's mailbox with `count` mails, the same each time.
    pub fn seed(&self, user: &str, count: u32) {
        run(script("seed.py").args(["-n", &count.to_string(), "--maildir"]).arg(self.maildir(user)));
    }

    /// Delivers a mail as a delivery agent does. `name` is the file's name below the Maildir.
    pub fn deliver(&self, user: &str, name: &str, bytes: &[u8]) {
        self.deliver_into(user, "", name, bytes);
    }

    /// The same into a folder by its name on the disk, `.Support.EMEA`.
    pub fn deliver_into(&self, user: &str, folder: &str, name: &str, bytes: &[u8]) {
        let maildir = self.maildir(user).join(folder);
        for folder in ["tmp", "new", "cur"] {
            fs::create_dir_all(maildir.join(folder)).unwrap();
        }
        let partial = maildir.join("tmp/partial");
        fs::write(&partial, bytes).unwrap();
        // By name: Dovecot's lock files come and go meanwhile.
        let home = self.dir.path().join("mail").join(user);
        let folders = ["tmp", "new", "cur"].map(|folder| maildir.join(folder));
        run(Command::new("chown")
            .arg("mail:mail")
            .args([&home, &self.maildir(user), &maildir, &partial])
            .args(&folders));
        fs::rename(partial, maildir.join(name)).unwrap();
    }

    /// The mails of a folder of the user's; empty when there is none.
    pub fn files(&self, user: &str, folder: &str) -> Vec<PathBuf> {
        let mut files = Vec::new();
        for part in ["new", "cur"] {
            let path = self.maildir(user).join(folder).join(part);
            files.extend(fs::read_dir(path).into_iter().flatten().map(|file| file.unwrap().path()));
        }
        files.sort();
        files
    }

    /// Numbers a user's mails anew, as a server does that lost its index: another UIDVALIDITY.
    pub fn renumber(&self, user: &str) {
        let list = self.maildir(user).join("dovecot-uidlist");
        let text = fs::read_to_string(&list).unwrap();
        let (head, mails) = text.split_once('\n').unwrap();
        let head: Vec<String> = head
            .split(' ')
            .map(|word| match word.strip_prefix('V') {
                Some(number) => format!("V{}", number.parse::<u32>().unwrap() + 1),
                None => word.to_owned(),
            })
            .collect();
        fs::write(&list, format!("{}\n{mails}", head.join(" "))).unwrap();
        for file in fs::read_dir(self.maildir(user)).unwrap() {
            let file = file.unwrap();
            if file.file_name().to_string_lossy().starts_with("dovecot.index") {
                fs::remove_file(file.path()).unwrap();
            }
        }
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        let _ = script("dovecot.sh").arg("stop").arg(self.dir.path()).output();
    }
}

/// A Postfix that delivers to a Dovecot; see `tests/servers/postfix.sh` for what it does with which address.
pub struct Postfix {
    dir: TempDir,
    /// SMTP without AUTH; the two ports after it want AUTH, over STARTTLS and over TLS from the first octet.
    pub smtp: u16,
}

impl Postfix {
    pub fn start(dovecot: &Dovecot) -> Self {
        Self::start_with(dovecot, "")
    }

    /// With more lines of configuration, which go before those that are there.
    pub fn start_with(dovecot: &Dovecot, extra: &str) -> Self {
        let dir = tempfile::Builder::new().prefix("cw-").tempdir_in("/tmp").unwrap();
        open_to_all(dir.path());
        let smtp = free_ports(3);
        let mut command = script("postfix.sh");
        command.arg("start").arg(dir.path()).arg(smtp.to_string()).env("IMAP_PORT", dovecot.imap.to_string());
        command.env("POSTFIX_EXTRA", extra);
        run(&mut command);
        Self { dir, smtp }
    }

    /// The authority that signed the server's certificate.
    pub fn ca_file(&self) -> PathBuf {
        self.dir.path().join("tls/ca.pem")
    }

    /// Returns when nothing is queued any more: everything was delivered or came back.
    pub fn wait_until_delivered(&self) {
        let mut queue = Command::new("postqueue");
        queue.arg("-c").arg(self.dir.path().join("etc")).arg("-p");
        while !String::from_utf8_lossy(&queue.output().unwrap().stdout).contains("Mail queue is empty") {}
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let _ = script("postfix.sh").arg("stop").arg(self.dir.path()).output();
    }
}

/// The servers' processes are of other users.
fn open_to_all(dir: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(dir, fs::Permissions::from_mode(0o755)).unwrap();
}

fn script(name: impl AsRef<OsStr>) -> Command {
    Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers").join(name.as_ref()))
}

/// The script says what is not installed; that is the test's failure.
fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|err| panic!("{command:?}: {err}"));
    assert!(output.status.success(), "{command:?}\n{}", String::from_utf8_lossy(&output.stderr));
}

/// The first of `count` ports in a row that nobody uses, below those that the system hands out by itself.
fn free_ports(count: u16) -> u16 {
    for _ in 0..200 {
        let base = 10_000 + rand::random::<u16>() % 20_000;
        let free: Vec<_> = (base..base + count).map_while(|port| TcpListener::bind(("127.0.0.1", port)).ok()).collect();
        if free.len() == usize::from(count) {
            return base;
        }
    }
    panic!("no free ports");
}

/// A PostgreSQL server, stopped when the test is over.
pub struct Postgres {
    server: Child,
    /// Its superuser, on its first database.
    pub url: String,
}

impl Postgres {
    pub fn start() -> Self {
        // Says where it is, and ends with its input.
        let mut command = script("postgres.py");
        command.args(["sh", "-c", "echo \"$CASEWAY_TEST_DATABASE\"; cat"]);
        let mut server = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut url = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut url).unwrap();
        assert!(!url.is_empty(), "PostgreSQL did not start");
        Self { server, url: url.trim().to_owned() }
    }

    /// Runs a statement as the superuser.
    pub fn psql(&self, sql: &str) -> String {
        self.psql_at(&self.url, sql)
    }

    /// Runs a statement on a database; what it says, a line a row, with tabs between columns.
    pub fn psql_at(&self, url: &str, sql: &str) -> String {
        let output = Command::new("psql").args(["-X", "-q", "-A", "-t", "-F", "\t", "-c", sql, url]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The url of a new database of this name.
    pub fn database(&self, name: &str) -> String {
        self.psql(&format!("CREATE DATABASE {name}"));
        self.named(name)
    }

    /// The url of a database.
    pub fn named(&self, name: &str) -> String {
        format!("{}/{name}", self.url.rsplit_once('/').unwrap().0)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.server.stdin.take());
        let _ = self.server.wait();
    }
}
