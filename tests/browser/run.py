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
[mailbox.registration]
address = "support-service-registration@example.test"
queue = "support"
pipe = true
[portal.cases]
title = "Case portal"
url = "{self.base}"
[form.registration]
title = {{ en = "Portal account" }}
mailboxes = ["registration"]
action = "register"
portal = "cases"
fields = [
    {{ name = "first_name", type = "first-name" }},
    {{ name = "last_name", type = "last-name" }},
    {{ name = "email", type = "email" }},
    {{ name = "account_id", type = "account-id", pattern = "AC-[0-9]{{4}}", example = "AC-1234" }},
]
[form.password]
title = {{ en = "Password reset" }}
words = ["forgot my password"]
action = "reset-password"
fields = [{{ name = "email", type = "email" }}]
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

    def take(self, message, mailbox="support"):
        message["Date"] = email.utils.localtime()
        message["Message-ID"] = email.utils.make_msgid(domain=message["From"].addresses[0].domain)
        self.caseway("ingest", "--mailbox", mailbox, "-", stdin=message.as_bytes(policy=email.policy.SMTP))

    def sent(self, to, words):
        """The newest mail to somebody with these words in its text."""
        for path in sorted(glob.glob(f"{self.dir}/out/**/*.eml", recursive=True), key=os.path.getmtime, reverse=True):
            with open(path, "rb") as file:
                mail = email.message_from_binary_file(file, policy=email.policy.default)
            text = " ".join(mail.get_body(("plain",)).get_content().split())
            if to in mail["To"] and words in text:
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
    """Two cases, one with an answer, and a registration that leads to an activation mail; its link."""
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


def linked(desk, page, mail):
    """The token of the link to a page in a mail."""
    found = re.search(re.escape(f"{desk.base}/{page}/") + "([0-9a-z]+)", mail.get_body(("plain",)).get_content())
    return found.group(1) if found else sys.exit(f"no link to /{page}/ in the mail:\n{mail}")


def register(desk):
    """A mail with the facts of a registration; the token of the link that comes back."""
    desk.caseway("account", "add", "AC-1001", "--company", "Customer Oy", "--domain", "customer.test")
    desk.take(write(CUSTOMER, "support-service-registration@example.test", "Portal account",
                    "First name: Maija\nLast name: Meikäläinen\nE-mail: maija@customer.test\nAccount ID: AC-1001"), "registration")
    return linked(desk, "activate", wait("the activation mail", lambda: desk.sent("maija@customer.test", "/activate/")))


def link(desk, purpose, address):
    """A link as the mails have it: only its hash is in the database."""
    token, now = secrets.token_hex(16), int(time.time() * 1e6)
    desk.query("INSERT INTO link (hash, purpose, email, ticket_id, created_at, expires_at) VALUES (?, ?, ?, 1, ?, ?)",
               hashlib.sha256(token.encode()).digest(), purpose, address, now, now + 3_600_000_000)
    return token


def drive(desk, options, part, links):
    story = dict(base=desk.base, shots=options.shots, part=part, links=links, email="maija@customer.test")
    done = subprocess.run(["node", f"{HERE}/pages.mjs"], env=dict(os.environ, STORY=json.dumps(story)))
    if done.returncode:
        sys.exit("the browser's story failed")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--binary", default=f"{ROOT}/target/debug/caseway")
    options.add_argument("--shots", default="")
    options = options.parse_args()
    if options.shots:
        os.makedirs(options.shots, exist_ok=True)
    desk, well = Desk(options.binary), False
    try:
        seed(desk)
        stop = link(desk, "stop", "maija@customer.test")
        drive(desk, options, "first", dict(activate=register(desk), stop=stop))
        wait("the engineer's mail with the answer from the page", lambda: desk.sent("erkki@example.test", "excluded the folder"))
        print("the answer written on the page reached the engineer by mail")
        wait("the welcome mail", lambda: desk.sent("maija@customer.test", "This is how you sign in"))
        print("the password set by the link of the registration brought the welcome mail")
        reset = linked(desk, "reset", wait("the mail with the reset link", lambda: desk.sent("maija@customer.test", "/reset/")))
        # What the person did meanwhile withdrew the earlier links.
        drive(desk, options, "links", dict(reset=reset, enrol=link(desk, "enrol", "maija@customer.test"), stop=stop))
        well = True
    finally:
        if not well:
            print(open(desk.log.name).read()[-4000:], file=sys.stderr)
        ended = desk.stop()
    sys.exit(ended)


if __name__ == "__main__":
    main()
