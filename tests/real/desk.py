"""A desk on a Dovecot and a Postfix of its own, in a temporary folder, for scripts that let real mail software write to it."""
import email, email.policy, email.utils, glob, imaplib, json, os, shutil, signal, smtplib, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SERVERS = f"{ROOT}/tests/servers"
sys.path.insert(0, SERVERS)
from ports import free_ports  # noqa: E402

FIRST_PORT = 24143
WAIT_S = 60


class Failed(Exception):
    pass


def wait(what, look, within=WAIT_S, every=0.1):
    """What `look` finds, once it finds something."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(every)
    raise Failed(f"{what}: not within {within} s")


def parse(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)


def text(mail):
    body = mail.get_body(("plain",))
    return body.get_content() if body else ""


class Desk:
    """Servers, gateway, and the hands of the people who write to it. `imap` is the first port of Dovecot, `smtp` that of Postfix."""

    def __init__(self, binary, users, imap=None):
        self.binary, self.users = binary, users
        self.dir = tempfile.mkdtemp(prefix="cwreal-", dir="/tmp")
        os.chmod(self.dir, 0o755)
        self.imap, self.smtp, self.gateway = imap or free_ports(4, FIRST_PORT), None, None
        self.environment = dict(os.environ, IMAP_USERS=" ".join(users), IMAP_PORT=str(self.imap))

    def start(self):
        self.script("dovecot.sh", "start", f"{self.dir}/d", str(self.imap))
        self.smtp = self.smtp or free_ports(3, FIRST_PORT)
        self.script("postfix.sh", "start", f"{self.dir}/p", str(self.smtp))
        self.config = f"{self.dir}/caseway.toml"
        trust = f'ca_file = "{self.dir}/d/tls/ca.pem"'
        with open(self.config, "w") as file:
            os.chmod(self.config, 0o600)
            file.write(f'''[desk]
name = "Example Support"
[database]
path = "{self.dir}/caseway.db"
[mailbox.support]
address = "support@example.test"
plus_addressing = true
imap = {{ host = "localhost", port = {self.imap}, tls = "starttls", {trust}, user = "support", password = "support-pw" }}
[transport.main]
smtp = {{ host = "localhost", port = {self.smtp}, tls = "none" }}
[trust]
authserv_id = "mx.example.test"
''')
        self.caseway("engineer", "add", "erkki@example.test", "--name", "Erkki Virtanen", "--queue", "support")
        self.log = open(f"{self.dir}/caseway.log", "w")
        self.gateway = subprocess.Popen([self.binary, "--config", self.config, "serve"], stderr=self.log)

    def script(self, name, *words):
        subprocess.run([f"{SERVERS}/{name}", *words], env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def stop(self):
        how = 0
        if self.gateway and self.gateway.poll() is None:
            self.gateway.send_signal(signal.SIGTERM)
            how = self.gateway.wait(60)
        for script, folder in (("postfix.sh", "p"), ("dovecot.sh", "d")):
            subprocess.run([f"{SERVERS}/{script}", "stop", f"{self.dir}/{folder}"], env=self.environment, stdout=subprocess.DEVNULL)
        shutil.rmtree(self.dir, ignore_errors=True)
        return how

    def caseway(self, *words):
        done = subprocess.run([self.binary, "--config", self.config, *words], capture_output=True, text=True)
        if done.returncode:
            raise Failed(f"caseway {' '.join(words)}: {done.stderr}")
        return done.stdout

    def lines(self, *words):
        found = self.caseway(*words).strip()
        return json.loads(found) if found.startswith("[") else [json.loads(line) for line in found.splitlines()]

    def send(self, raw, sender, to):
        """Hands a mail to the server. Who writes from the desk's own domain was checked by it, as it says on top."""
        if sender.endswith("@example.test"):
            raw = b"Authentication-Results: mx.example.test; dmarc=pass header.from=example.test\r\n" + raw
        with smtplib.SMTP("127.0.0.1", self.smtp) as server:
            server.sendmail(sender, to, raw)

    def mails(self, user):
        """Every mail of a mailbox as it lies there, oldest first."""
        with imaplib.IMAP4("127.0.0.1", self.imap) as box:
            box.login(user, f"{user}-pw")
            box.select("INBOX", readonly=True)
            return [box.fetch(number, "(BODY.PEEK[])")[1][0][1] for number in box.search(None, "ALL")[1][0].split()]

    def wait_mail(self, what, user, matches):
        """The newest mail in a mailbox that matches, as it lies there."""

        def look():
            if self.gateway.poll() is not None:
                raise Failed(f"the gateway ended with {self.gateway.returncode}")
            return next((raw for raw in reversed(self.mails(user)) if matches(parse(raw))), None)

        return wait(what, look)

    def tickets(self):
        return self.lines("ticket", "export")

    def tail(self):
        """The last lines of everybody's log."""
        logs = [f"{self.dir}/caseway.log", f"{self.dir}/p/log/postfix.log", f"{self.dir}/d/log/dovecot.log", *glob.glob(f"{self.dir}/*/*log")]
        return "\n".join("".join(open(log, errors="replace").readlines()[-20:]) for log in logs if os.path.isfile(log))


def table(head, rows):
    """Rows of words under their head; the first column names, the others are good where they are `ok` or begin with it."""
    widths = [max(len(str(row[column])) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, ["-" * width for width in widths], *rows]:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)).rstrip())
