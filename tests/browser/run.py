#!/usr/bin/env python3
"""run.py [--binary FILE] [--shots FOLDER] - the pages in a real browser.

Starts a gateway of its own in a temporary folder, brings mails, a customer and an engineer into it, and lets pages.mjs
drive Chromium through everything a person does there. With --shots every page is kept as a picture: at phone and desktop
width, light and dark."""
import argparse, email, email.policy, glob, hashlib, json, os, re, secrets, shutil, signal, socket, sqlite3, subprocess, sys, tempfile, time, urllib.request
from email.message import EmailMessage

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
WAIT_S = 60
CUSTOMER, ENGINEER = "Maija Meikäläinen <maija@customer.test>", "Erkki Virtanen <erkki@example.test>"


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def wait(what, look):
    """What `look` finds, once it finds something."""
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    sys.exit(f"{what}: not within {WAIT_S} s")


class Desk:
    def __init__(self, binary):
        self.binary, self.dir = binary, tempfile.mkdtemp(prefix="cwpages-")
        self.base = f"http://127.0.0.1:{free_port()}"
        self.config, self.database = f"{self.dir}/caseway.toml", f"{self.dir}/caseway.db"
        os.mkdir(f"{self.dir}/out")
        with open(self.config, "w") as file:
            file.write(f'''[desk]
name = "Example Support"
[database]
path = "{self.database}"
[mailbox.support]
address = "support@example.test"
plus_addressing = true
pipe = true
[transport.main]
folder = "{self.dir}/out"
[web]
listen = "{self.base.removeprefix('http://')}"
base_url = "{self.base}"
''')
        self.log = open(f"{self.dir}/caseway.log", "w")
        self.gateway = subprocess.Popen([binary, "--config", self.config, "serve"], stderr=self.log)
        wait("the pages", self.answers)

    def answers(self):
        if self.gateway.poll() is not None:
            sys.exit(open(self.log.name).read())
        try:
            with urllib.request.urlopen(f"{self.base}/health", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def caseway(self, *words, stdin=None):
        return subprocess.run([self.binary, "--config", self.config, *words], input=stdin, check=True, stdout=subprocess.DEVNULL)

    def take(self, message):
        message["Date"] = email.utils.localtime()
        message["Message-ID"] = email.utils.make_msgid(domain=message["From"].addresses[0].domain)
        self.caseway("ingest", "-", stdin=message.as_bytes(policy=email.policy.SMTP))

    def sent(self, to, words):
        """The newest mail to somebody with these words in its text."""
        for path in sorted(glob.glob(f"{self.dir}/out/**/*.eml", recursive=True), key=os.path.getmtime, reverse=True):
            with open(path, "rb") as file:
                mail = email.message_from_binary_file(file, policy=email.policy.default)
            if to in mail["To"] and words in mail.get_body(("plain",)).get_content():
                return mail

    def query(self, sql, *values):
        with sqlite3.connect(self.database, timeout=10) as database:
            return database.execute(sql, values).fetchall()

    def stop(self):
        self.gateway.send_signal(signal.SIGTERM)
        ended = self.gateway.wait(60)
        self.log.close()
        shutil.rmtree(self.dir, ignore_errors=True)
        return ended


def write(sender, to, subject, text, html=None):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def seed(desk):
    """Two cases with an answer, and a Business Account that waits for its password."""
    desk.caseway("engineer", "add", "erkki@example.test", "--name", "Erkki Virtanen", "--queue", "support")
    first = write(CUSTOMER, "support@example.test", "The scan of the file server never ends",
                  "Hello,\n\nsince the update on Monday the nightly scan of our file server does not end any more. "
                  "The log is attached.\n\nWhat can we do?\n\nBest regards\nMaija",
                  "<p>Hello,</p><p>since the update on <b>Monday</b> the nightly scan of our file server does not end any more. "
                  "The log is attached.</p><table><tr><th>Host</th><th>Hours</th></tr><tr><td>fs-01</td><td>14</td></tr></table>"
                  "<p>What can we do?</p><p>Best regards<br>Maija</p><img src=\"https://elsewhere.test/pixel.png\">")
    first.add_attachment(b"scan started\n" * 400, maintype="text", subtype="plain", filename="scan log of fs-01.txt")
    desk.take(first)
    notified = wait("the engineer's notification", lambda: desk.sent("erkki@example.test", "nightly scan"))
    answer = write(ENGINEER, str(notified["Reply-To"]), f"Re: {notified['Subject']}",
                   "Hello Maija,\n\nthank you for the log. Please exclude the folder D:\\Snapshots from the scan and let it run "
                   "once more tonight:\n\n    policy set scan.exclude \"D:\\Snapshots\"\n\nDoes it end then?\n\nErkki")
    desk.take(answer)
    wait("the answer", lambda: desk.sent("maija@customer.test", "Snapshots"))
    desk.take(write(CUSTOMER, "support@example.test", "Renewal of our licence", "Hello, our licence ends in May. How do we renew it? Maija"))
    wait("the second case", lambda: desk.sent("erkki@example.test", "licence ends in May"))


def invite(desk, address):
    now = int(time.time() * 1e6)
    number = desk.query("UPDATE counter SET value = value + 1 WHERE name = 'business_account' RETURNING value")[0][0]
    desk.query("INSERT INTO business_account (id, email, first_name, last_name, state, created_at, updated_at) "
               "VALUES (?, ?, 'Maija', 'Meikäläinen', 'invited', ?, ?)", number, address, now, now)


def link(desk, purpose, address):
    """A link as the mails have it: only its hash is in the database."""
    token, now = secrets.token_hex(16), int(time.time() * 1e6)
    desk.query("INSERT INTO link (hash, purpose, email, ticket_id, created_at, expires_at) VALUES (?, ?, ?, 1, ?, ?)",
               hashlib.sha256(token.encode()).digest(), purpose, address, now, now + 3_600_000_000)
    return token


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--binary", default=f"{ROOT}/target/debug/caseway")
    options.add_argument("--shots", default="")
    options = options.parse_args()
    if options.shots:
        os.makedirs(options.shots, exist_ok=True)
    desk = Desk(options.binary)
    try:
        seed(desk)
        invite(desk, "maija@customer.test")
        links = {purpose: link(desk, purpose, "maija@customer.test") for purpose in ("activate", "reset", "enrol", "stop")}
        story = dict(base=desk.base, shots=options.shots, links=links, email="maija@customer.test")
        done = subprocess.run(["node", f"{HERE}/pages.mjs"], env=dict(os.environ, STORY=json.dumps(story)))
        if done.returncode == 0:
            wait("the engineer's mail with the answer from the page", lambda: desk.sent("erkki@example.test", "excluded the folder"))
            print("the answer written on the page reached the engineer by mail")
    finally:
        if sys.exc_info()[0] or done.returncode:
            print(open(desk.log.name).read()[-4000:], file=sys.stderr)
        ended = desk.stop()
    sys.exit(done.returncode or ended)


if __name__ == "__main__":
    main()
