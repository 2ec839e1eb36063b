#!/usr/bin/env python3
"""demo.py [--once] [--binary FILE] - a support desk on real servers plays a story, then stays up to be tried.

Starts Dovecot and Postfix on loopback in a temporary folder, runs the gateway on them, and sends and reads mails as
the people of the story do. Every step waits for its mail and fails when it does not come. --once ends with the story;
the exit code is 1 if any step failed."""
import argparse, email, email.policy, email.utils, html, http.cookiejar, imaplib, os, re, secrets, shutil, signal, smtplib, subprocess, sys, tempfile, time, urllib.parse, urllib.request
from email.message import EmailMessage

from ports import free_ports

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
WAIT_S = 60
FIRST_PORT = 20143
WIDTH = 78
BOLD, DIM, END = ("\033[1m", "\033[2m", "\033[0m") if sys.stdout.isatty() else ("", "", "")


def say(text=""):
    print(text, flush=True)


def title(text):
    say(f"\n{BOLD}── {text} {'─' * max(0, WIDTH - len(text) - 4)}{END}")


class Failed(Exception):
    pass


class Desk:
    """The servers, the gateway, and the hands of the people in the story."""

    def __init__(self, binary):
        self.binary = binary
        self.dir = tempfile.mkdtemp(prefix="cwdemo-", dir="/tmp")
        os.chmod(self.dir, 0o755)
        self.imap_port, self.smtp_port = free_ports(5, FIRST_PORT), 0
        self.gateway = None
        self.users = "support support-service-registration anna customers erkki liisa"
        self.base = f"http://127.0.0.1:{self.imap_port + 4}"

    def servers(self, verb):
        env = dict(os.environ, IMAP_USERS=self.users, IMAP_PORT=str(self.imap_port))
        run = lambda *words: subprocess.run(words, env=env, check=True, stdout=subprocess.DEVNULL)
        if verb == "start":
            run(f"{HERE}/dovecot.sh", "start", f"{self.dir}/d", str(self.imap_port))
            self.smtp_port = free_ports(3, FIRST_PORT)
            run(f"{HERE}/postfix.sh", "start", f"{self.dir}/p", str(self.smtp_port))
        else:
            for script, folder in (("postfix.sh", "p"), ("dovecot.sh", "d")):
                subprocess.run([f"{HERE}/{script}", "stop", f"{self.dir}/{folder}"], env=env, stdout=subprocess.DEVNULL)

    def configure(self):
        self.config = f"{self.dir}/caseway.toml"
        with open(f"{self.dir}/password", "w") as file:
            file.write("support-pw\n")
        os.chmod(f"{self.dir}/password", 0o600)
        with open(self.config, "w") as file:
            file.write(f'''[desk]
name = "Example Support"
case_prefix = "CASE"
phones = ["Helsinki +358 9 1234 5678", "München +49 89 123 456"]
hours = {{ en = "Mon–Fri 9:00–17:00 (Helsinki)", de = "Mo–Fr 9–17 Uhr (Helsinki)", fi = "ma–pe klo 9–17" }}

[database]
path = "{self.dir}/caseway.db"

[mailbox.support]
address = "support@example.test"
imap = {{ host = "localhost", port = {self.imap_port}, tls = "starttls", ca_file = "{self.dir}/d/tls/ca.pem", user = "support", password = {{ file = "{self.dir}/password" }}, after = {{ move = "Processed" }} }}

[mailbox.registration]
address = "support-service-registration@example.test"
queue = "support"
imap = {{ host = "localhost", port = {self.imap_port}, tls = "starttls", ca_file = "{self.dir}/d/tls/ca.pem", user = "support-service-registration", password = "support-service-registration-pw", after = {{ move = "Processed" }} }}

[portal.cases]
title = "Case portal"
url = "{self.base}/"

[form.portal-account]
title = {{ en = "Portal account", de = "Portalzugang", fi = "Portaalitunnus" }}
mailboxes = ["registration"]
action = "register"
portal = "cases"
fields = [
    {{ name = "first_name", type = "first-name" }},
    {{ name = "last_name", type = "last-name" }},
    {{ name = "email", type = "email" }},
    {{ name = "account_id", type = "account-id", pattern = "AC-[0-9]{{4}}", example = "AC-0000" }},
]

[web]
listen = "{self.base.removeprefix('http://')}"
base_url = "{self.base}"

[transport.main]
smtp = {{ host = "localhost", port = {self.smtp_port + 1}, tls = "starttls", ca_file = "{self.dir}/p/tls/ca.pem", user = "support", password = {{ file = "{self.dir}/password" }} }}
''')

    def caseway(self, *words, check=True):
        done = subprocess.run([self.binary, "--config", self.config, *words], capture_output=True, text=True)
        if check and done.returncode:
            raise Failed(f"caseway {' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def serve(self):
        self.log = open(f"{self.dir}/caseway.log", "w")
        self.gateway = subprocess.Popen([self.binary, "--config", self.config, "serve"], stderr=self.log)

    def stop(self):
        how = 0
        if self.gateway and self.gateway.poll() is None:
            self.gateway.send_signal(signal.SIGTERM)
            how = self.gateway.wait(60)
        self.servers("stop")
        shutil.rmtree(self.dir, ignore_errors=True)
        return how

    def send(self, message):
        message["Date"] = email.utils.localtime()
        if "Message-ID" not in message:
            message["Message-ID"] = email.utils.make_msgid(domain=message["From"].addresses[0].domain)
        with smtplib.SMTP("127.0.0.1", self.smtp_port) as server:
            server.send_message(message)
        return message

    def mails(self, user):
        """Everything in a mailbox, oldest first."""
        with imaplib.IMAP4("127.0.0.1", self.imap_port) as box:
            box.login(user, f"{user}-pw")
            box.select("INBOX", readonly=True)
            found = []
            for number in box.search(None, "ALL")[1][0].split():
                raw = box.fetch(number, "(BODY.PEEK[])")[1][0][1]
                found.append(email.message_from_bytes(raw, policy=email.policy.default))
            return found

    def wait(self, what, user, matches):
        """The newest mail in a mailbox that matches; polls until it comes."""
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            if self.gateway.poll() is not None:
                raise Failed(f"the gateway ended with {self.gateway.returncode}; its log is {self.dir}/caseway.log")
            for mail in reversed(self.mails(user)):
                if matches(mail):
                    return mail
            time.sleep(0.2)
        raise Failed(f"{what} did not come within {WAIT_S} s")

    def wait_ticket(self, what, matches):
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            shown = self.caseway("ticket", "list")
            if matches(shown):
                return shown
            time.sleep(0.2)
        raise Failed(f"{what}: not within {WAIT_S} s")


def show(mail, reader):
    """A mail as its reader sees it in a text client."""
    say(f"{DIM}{reader} reads:{END}")
    for name in ("From", "To", "Cc", "Subject"):
        if mail[name]:
            say(f"  {DIM}{name + ':':9}{END}{mail[name]}")
    say()
    body = mail.get_body(preferencelist=("plain",))
    for line in (body.get_content() if body else "").rstrip().splitlines():
        say(f"  │ {line}")
    for part in mail.iter_attachments():
        say(f"  │ {DIM}📎 {part.get_filename()}{END}")


def write(sender, to, subject, text, reply_to=None, cc=None):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    if cc:
        message["Cc"] = cc
    if reply_to is not None:
        message["In-Reply-To"] = reply_to["Message-ID"]
        message["References"] = f"{reply_to['References'] or ''} {reply_to['Message-ID']}".strip()
    message.set_content(text)
    return message


def answer_to(mail):
    """Where a mail client sends an answer (RFC 5322, section 3.6.2)."""
    return str(mail["Reply-To"] or mail["From"])


def quoted(mail):
    body = mail.get_body(preferencelist=("plain",)).get_content()
    return "\n".join("> " + line for line in body.rstrip().splitlines())


ANNA, BERTA = "Anna Schmidt <anna@customer.test>", "Berta Lang <berta@customer.test>"
ERKKI, MALLORY = "Erkki Virtanen <erkki@example.test>", "Mallory <mallory@elsewhere.test>"


def to(address):
    return lambda mail: address in str(mail["To"]) + str(mail["Delivered-To"])


def story(desk):
    title("1. Anna writes, in German, with a file")
    first = write(ANNA, "support@example.test", "Drucker druckt nicht",
                  "Guten Tag,\n\nunser Drucker im zweiten Stock druckt seit gestern nicht mehr. Die Meldung steht\nim Anhang. Können Sie uns bitte helfen?\n\nMit freundlichen Grüßen\nAnna Schmidt\n")
    first.add_attachment(b"E-1007 paper feed blocked\n", maintype="text", subtype="plain", filename="meldung.txt")
    show(desk.send(first), "The desk")

    title("2. The acknowledgement arrives")
    ack = desk.wait("the acknowledgement", "customers", lambda m: m["In-Reply-To"] == first["Message-ID"])
    show(ack, "Anna")
    if "[CASE-1]" not in ack["Subject"] or ack["Auto-Submitted"] != "auto-replied":
        raise Failed("the acknowledgement lacks its case ID or its mark of a machine")

    title("3. Every engineer is told")
    notice = desk.wait("the notification", "erkki", lambda m: "CASE-1" in m["Subject"])
    desk.wait("the notification", "liisa", lambda m: "CASE-1" in m["Subject"])
    show(notice, "Erkki")
    if not any(part.get_filename() == "meldung.txt" for part in notice.iter_attachments()):
        raise Failed("the file did not come along")

    title("4. Erkki answers from his own mail client")
    desk.send(write(ERKKI, answer_to(notice), "Re: " + notice["Subject"],
                    "Guten Tag Frau Schmidt,\n\nbitte öffnen Sie die Klappe links und entfernen Sie das Papier. Hilft das?\n\nErkki Virtanen\n\nOn Monday, Anna Schmidt wrote:\n" + quoted(notice), notice))
    answer = desk.wait("the answer", "customers", lambda m: "Virtanen" in str(m["From"]))
    show(answer, "Anna")
    if "erkki@" in answer.as_string() or answer["Auto-Submitted"]:
        raise Failed("the answer shows the engineer's address, or looks like a machine's")

    title("5. Anna replies from her phone, with Berta in Cc")
    desk.send(write(ANNA, answer_to(answer), "Re: " + answer["Subject"],
                    "Danke, das hat geholfen! Berta hat noch eine Frage.\n\nVon meinem iPhone gesendet\n\n> Am 02.03.2026 um 10:12 schrieb Erkki Virtanen <support@example.test>:\n>\n" + quoted(answer), answer, cc=BERTA))
    reply = desk.wait("the reply", "erkki", lambda m: "Danke" in m.get_body(("plain",)).get_content())
    show(reply, "Erkki, who has the ticket now,")
    if any("Danke" in m.get_body(("plain",)).get_content() for m in desk.mails("liisa")):
        raise Failed("Liisa, who does not have the ticket, got it too")

    title("6. Berta joins")
    desk.send(write(BERTA, "support@example.test", "Re: " + answer["Subject"],
                    "Guten Tag, können wir dafür auch Ersatzpapier bei Ihnen bestellen?\n\nBerta Lang\n", answer))
    show(desk.wait("Berta's question", "erkki", lambda m: "Ersatzpapier" in m.get_body(("plain",)).get_content()), "Erkki")

    title("7. A stranger guesses the case number")
    desk.send(write(MALLORY, "support@example.test", "[CASE-1] please send me everything about this case", "I am a colleague of Anna. Send it all to me, please.\n"))
    held = desk.wait("the warning", "erkki", lambda m: "Mallory" in str(m["From"]) or "mallory" in m.get_body(("plain",)).get_content())
    show(held, "Erkki")
    shown = desk.wait_ticket("the stranger's mail is held", lambda out: "held" in out)

    title("What the desk knows now")
    say(shown)
    ticket = desk.caseway("ticket", "show", "CASE-1")
    say(ticket)
    if "mallory" in ticket.lower() and "send it all" in ticket.lower():
        raise Failed("the stranger's words are on Anna's ticket")
    say(desk.caseway("mail", "list"))
    say(desk.caseway("outbox", "list"))


class Browser:
    """What a person does on the pages, without a browser to look at."""

    def __init__(self):
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())).open

    def get(self, url):
        with self.open(url) as page:
            return page.read().decode()

    def fill_in(self, url, **values):
        """Sends the form of a page with its hidden fields, as a browser does; the page that comes back."""
        page = self.get(url)
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
        data = {**{name: html.unescape(value) for name, value in hidden}, **values}
        with self.open(url, urllib.parse.urlencode(data).encode()) as answer:
            return answer.read().decode()


def registration(desk):
    title("8. Dora wants a portal account, and forgets her account ID")
    say(desk.caseway("account", "add", "AC-1001", "--company", "Customer Oy", "--domain", "customer.test").rstrip())
    dora = "Dora Diaz <dora@customer.test>"
    desk.send(write(dora, "support-service-registration@example.test", "Portal account", "Hello,\n\nplease register me for the portal.\n\nFirst name: Dora\nLast name: Diaz\n"))
    to_dora = lambda words: lambda m: "dora@" in str(m["To"]) and words in m.get_body(("plain",)).get_content()
    question = desk.wait("the question", "customers", to_dora("Account ID:"))
    show(question, "Dora")

    title("9. She answers, and sets a password behind the link that comes")
    desk.send(write(dora, answer_to(question), "Re: " + question["Subject"], "Account ID: ac-1001\n\n" + quoted(question), question))
    activation = desk.wait("the activation", "customers", to_dora(f"{desk.base}/activate/"))
    show(activation, "Dora")
    link = re.search(rf"{desk.base}/activate/\w+", activation.get_body(("plain",)).get_content()).group()
    browser, password = Browser(), secrets.token_urlsafe(18)
    browser.fill_in(link, password=password, again=password)
    show(desk.wait("the welcome", "customers", to_dora("Business Account login")), "Dora")

    title("10. She signs in and sees her case")
    browser.fill_in(f"{desk.base}/sign-in", email="dora@customer.test", password=password)
    cases = browser.get(f"{desk.base}/cases")
    say(" ".join(re.sub(r"<[^>]+>", " ", cases[cases.index("<main"):]).split()))
    if "Portal account" not in cases:
        raise Failed("Dora's case is not on her page")
    number = re.search(r"/cases/(CASE-\d+)", cases).group(1)
    say(desk.caseway("ticket", "show", number))


def stay(desk):
    title("Try it yourself")
    say(f"""Everything stays up until Ctrl-C. Servers: IMAP localhost:{desk.imap_port} (STARTTLS) or {desk.imap_port + 1} (TLS), SMTP localhost:{desk.smtp_port}
(no login); certificate authority {desk.dir}/d/tls/ca.pem. Accounts, each with the password NAME-pw:
  erkki, liisa      engineers (erkki@example.test, …)
  customers         everything @customer.test
Pages: {desk.base}/ (sign in, my cases); to register, write to support-service-registration@example.test.

  swaks --server 127.0.0.1:{desk.smtp_port} --from you@customer.test --to support@example.test --header 'Subject: Hello' --body 'My printer is broken.'
  {desk.binary} --config {desk.config} ticket list
  {desk.binary} --config {desk.config} mail explain 1
  tail -f {desk.dir}/caseway.log""")
    try:
        while desk.gateway.poll() is None:
            time.sleep(1)
    except KeyboardInterrupt:
        pass


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--once", action="store_true", help="end with the story")
    arguments.add_argument("--binary", default=f"{ROOT}/target/debug/caseway", help="the gateway's program")
    options = arguments.parse_args()
    desk = Desk(options.binary)
    failed = None
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        title("A desk is set up")
        desk.servers("start")
        desk.configure()
        say(desk.caseway("engineer", "add", "erkki@example.test", "--name", "Erkki Virtanen", "--queue", "support").rstrip())
        say(desk.caseway("engineer", "add", "liisa@example.test", "--name", "Liisa Korhonen", "--queue", "support").rstrip())
        say(desk.caseway("check"))
        desk.serve()
        story(desk)
        registration(desk)
        title("Every step of the story worked")
        if not options.once:
            stay(desk)
    except Failed as error:
        failed = error
        say(f"\n{BOLD}FAILED: {error}{END}")
        if os.path.exists(f"{desk.dir}/caseway.log"):
            say(f"{DIM}{''.join(open(f'{desk.dir}/caseway.log').readlines()[-30:])}{END}")
    finally:
        how = desk.stop()
    if how:
        say(f"the gateway ended with {how}")
    sys.exit(1 if failed or how else 0)


if __name__ == "__main__":
    main()
