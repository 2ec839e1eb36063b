#!/usr/bin/env python3
"""robots.py [--binary FILE] [--keep FOLDER] [ROBOT…] - real software that answers, bounces and passes on by itself.

Each robot gets the desk's acknowledgement by way of a real Postfix, and does what it does; what it sends back goes the same
way into the desk's mailbox. Servers that cannot be installed beside each other run in a copy of this system of their own
(overlay.sh, so this needs root). Prints a table of what the desk made of each; exit code 1 where a line of it is wrong."""
import argparse, email.policy, email.utils, os, re, shlex, signal, socket, subprocess, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import desk as real
from desk import Failed, parse, text

# Origin and verdict of what each must be.
MADE = {
    "bounce": {("bounce", "bounce")},
    "auto-reply": {("auto-reply", "auto-reply")},
    "echo": {("own", "dropped")},
    # Words on a case, under the header of bulk mail: the engineers hear of them.
    "bulk": {("bulk", "threaded")},
    # Another desk's letter, which bears the mark of its kind.
    "filed": {("own", "auto-reply")},
}
AWAY = "I am away until Monday; in urgent cases please call 112.\n"


class Desk(real.Desk):
    def __init__(self, binary, base, ports):
        users = ["support", "erkki", "customers", "away", "reject", "discard", "fwd", "deskb", "berta"]
        routes = "".join(f"{name}.test smtp:[127.0.0.1]:{port}\n" for name, port in ports.items())
        super().__init__(binary, users, base)
        self.smtp = base + 10
        lmtp = f"lmtp:inet:127.0.0.1:{self.imap + 2}"
        self.environment["TRANSPORT_EXTRA"] = routes + f"pigeonhole.test {lmtp}\ndeskb.test {lmtp}"

    def start(self):
        self.environment["DOVECOT_EXTRA"] = f"""submission_host = 127.0.0.1:{self.smtp}
protocol lmtp {{
  mail_plugins = $mail_plugins sieve
}}
plugin {{
  sieve = file:~/sieve;active=~/active.sieve
}}"""
        super().start()
        for user, script in (
            ("away", f'require ["vacation"];\nvacation :addresses ["away@pigeonhole.test"] :subject "Away" "{AWAY}";\n'),
            ("reject", 'require ["reject"];\nreject "I take no mails here any longer.";\n'),
            ("fwd", 'redirect "support@example.test";\n'),
        ):
            home = f"{self.dir}/d/mail/{user}"
            os.makedirs(f"{home}/sieve", exist_ok=True)
            with open(f"{home}/active.sieve", "w") as file:
                file.write(script)
            subprocess.run(["chown", "-R", "mail:mail", home], check=True)

    def ledger(self):
        return self.lines("mail", "list", "--json")


class Robot:
    """A program, and what it is to do with the mails for some addresses: (what, address, what the desk must make of it)."""

    package = ""
    packages = False
    trials = ()

    def __init__(self, desk, port):
        self.desk, self.port, self.home = desk, port, f"{desk.dir}/{type(self).__name__.lower()}"
        os.makedirs(self.home, exist_ok=True)
        os.chmod(self.home, 0o755)
        self.process = None

    def write(self, name, content, mode=0o644):
        path = f"{self.home}/{name}"
        with open(path, "w") as file:
            file.write(content)
        os.chmod(path, mode)
        return path

    def overlay(self, packages, command, **more):
        unshare = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", f"{real.HERE}/overlay.sh"]
        log = open(f"{self.home}/log", "w")
        return subprocess.Popen([*unshare, *packages, "--", "/bin/sh", "-c", command], stdout=log, stderr=log, **more)

    def serve(self, packages, command):
        """A server in a system of its own; waits until it takes connections."""
        self.packages = True
        self.process = self.overlay(packages, f"dpkg-query -W -f='${{Version}}' {packages[0]} >{self.home}/version; {command}")

        def answers():
            if self.process.poll() is not None:
                raise Failed(f"{type(self).__name__} ended: {open(f'{self.home}/log').read()[-600:]}")
            with socket.socket() as sock:
                return sock.connect_ex(("127.0.0.1", self.port)) == 0

        # It is installed first.
        real.wait(type(self).__name__, answers, within=300)

    def start(self):
        """Where it is a server."""

    def version(self):
        path = f"{self.home}/version"
        if os.path.exists(path):
            return open(path).read()
        return subprocess.run(["dpkg-query", "-W", "-f=${Version}", self.package], capture_output=True, text=True, check=True).stdout

    def stop(self):
        if self.process and self.process.poll() is None:
            # `unshare` passes no signal on. What it started is the first process of a namespace: with it all others of that die.
            started = open(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read().split() if self.packages else []
            for pid in started:
                os.kill(int(pid), signal.SIGKILL)
            if not started:
                self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)

    def react(self, what, address, letter):
        """What a program does that is no server: given the letter, the mail it wrote, or None."""


class Exim(Robot):
    package = "exim4-daemon-light"
    trials = [("bounces", "nobody@exim.test", "bounce hard"), ("bounces", "full@exim.test", "bounce soft"), ("is away", "away@exim.test", "auto-reply"), ("passes on", "fwd@exim.test", "echo")]

    def start(self):
        os.chmod(self.home, 0o777)  # Exim writes its logs as a user of its own.
        config = self.write("exim.conf", f"""primary_hostname = mx.exim.test
qualify_domain = exim.test
log_file_path = {self.home}/%slog
keep_environment =
daemon_smtp_ports = {self.port}
local_interfaces = 127.0.0.1
tls_advertise_hosts =
acl_smtp_rcpt = take
host_lookup =
rfc1413_query_timeout = 0s
begin acl
take:
  accept
begin routers
nobody:
  driver = redirect
  domains = exim.test
  local_parts = nobody
  data = gone@example.test
full:
  driver = redirect
  domains = exim.test
  local_parts = full
  allow_fail
  data = :fail: mailbox is full
fwd:
  driver = redirect
  domains = exim.test
  local_parts = fwd
  data = support@example.test
away:
  driver = accept
  domains = exim.test
  local_parts = away
  transport = away
out:
  driver = manualroute
  route_list = * 127.0.0.1
  self = send
  transport = remote
begin transports
remote:
  driver = smtp
  port = {self.desk.smtp}
  allow_localhost
away:
  driver = autoreply
  user = mail
  from = away@exim.test
  to = $sender_address
  subject = Re: $h_subject:
  text = "{AWAY.strip()}"
begin retry
* * F,1h,1m
""")
        # It writes its own answers by a second process, which may read no other configuration than the system's.
        self.serve([self.package], f"cp {config} /etc/exim4/exim4.conf; exec exim4 -bdf -q2s")


class OpenSmtpd(Robot):
    package = "opensmtpd"
    trials = [("bounces", "nobody@opensmtpd.test", "bounce hard"), ("passes on", "fwd@opensmtpd.test", "echo")]

    def start(self):
        config = self.write("smtpd.conf", f"""table moved {{ "nobody@opensmtpd.test" = "gone@example.test", "fwd@opensmtpd.test" = "support@example.test" }}
listen on 127.0.0.1 port {self.port} hostname mx.opensmtpd.test
action "moving" expand-only virtual <moved>
action "outward" relay host smtp://127.0.0.1:{self.desk.smtp} helo mx.opensmtpd.test
match from any for domain opensmtpd.test action "moving"
match from any for any action "outward"
""")
        self.serve([self.package], f"echo mx.opensmtpd.test >/etc/mailname; exec smtpd -d -f {config}")


class Sendmail(Robot):
    package = "sendmail-bin"
    trials = [("bounces", "nobody@sendmail.test", "bounce hard"), ("passes on", "fwd@sendmail.test", "echo")]

    def start(self):
        aliases = self.write("aliases", "nobody: gone@example.test\nfwd: support@example.test\nMAILER-DAEMON: root\npostmaster: root\nroot: /dev/null\n")
        mc = self.write("sendmail.mc", f"""divert(-1)dnl
include(`/usr/share/sendmail/cf/m4/cf.m4')
OSTYPE(`debian')
define(`confDOMAIN_NAME', `mx.sendmail.test')
define(`ALIAS_FILE', `{aliases}')
define(`confDONT_BLAME_SENDMAIL', `AssumeSafeChown,GroupWritableDirPathSafe,WorldWritableDirPathSafe,GroupWritableAliasFile')
define(`confMIN_QUEUE_AGE', `0')
define(`SMART_HOST', `esmtp:[127.0.0.1]')
define(`ESMTP_MAILER_ARGS', `TCP $h {self.desk.smtp}')
define(`confBIND_OPTS', `')
LOCAL_DOMAIN(`sendmail.test')
FEATURE(`nocanonify')
FEATURE(`accept_unresolvable_domains')
FEATURE(`promiscuous_relay')
DAEMON_OPTIONS(`Family=inet, Name=MTA, Port={self.port}, Addr=127.0.0.1')
MAILER(`local')
MAILER(`smtp')
""")
        # It would look every name up in the DNS, which has none of them, its own first.
        self.serve([self.package, "sendmail-cf", "m4"], f"echo 127.0.0.1 $(hostname).sendmail.test $(hostname) >/etc/hosts; echo 'hosts: files' >/etc/service.switch; m4 {mc} | sed 's,^#O ServiceSwitchFile.*,O ServiceSwitchFile=/etc/service.switch,' >/etc/mail/test.cf && "
                   "mkdir -p /var/spool/mqueue /var/run/sendmail/mta && /usr/libexec/sendmail/sendmail -bi -C /etc/mail/test.cf; exec /usr/libexec/sendmail/sendmail -bD -q2s -C /etc/mail/test.cf")


class Dma(Robot):
    package = "dma"
    trials = [("bounces", "nobody@customer.test", "bounce hard")]

    def start(self):
        self.config = self.write("dma.conf", f"SMARTHOST 127.0.0.1\nPORT {self.desk.smtp}\nMAILNAME dma.test\nSPOOLDIR /var/spool/dma\n")

    def react(self, what, address, letter):
        mail = self.write("letter", letter.decode())
        sender = parse(letter)["Return-Path"].strip("<> ")
        # It sends its report by itself.
        command = f"dpkg-query -W -f='${{Version}}' dma >{self.home}/version; cp {self.config} /etc/dma/dma.conf; dma -D -f {shlex.quote(sender)} gone@example.test <{mail}; dma -q1"
        process = self.overlay([self.package], command)
        if process.wait(300):
            raise Failed(open(f"{self.home}/log").read()[-600:])
        return None


class Pigeonhole(Robot):
    package = "dovecot-sieve"
    trials = [("is away", "away@pigeonhole.test", "auto-reply"), ("rejects", "reject@pigeonhole.test", "bounce"), ("passes on", "fwd@pigeonhole.test", "echo")]


class Local(Robot):
    """A program that a mailbox hands its mails to; it answers by a `sendmail` of ours, which keeps what it says."""

    def letter(self, letter):
        self.answer = f"{self.home}/answer.eml"
        self.sendmail = self.write("sendmail", f"#!/bin/sh\ncat >{self.answer}.part && mv {self.answer}.part {self.answer}\n", 0o755)
        # As a delivery agent gives it: the system's line ends, and the return path on top.
        return letter.replace(b"\r\n", b"\n")

    def react(self, what, address, letter):
        mail = self.letter(letter)
        self.answers(address, mail)
        return open(self.answer, "rb").read()


class Vacation(Local):
    package = "vacation"
    trials = [("is away", "vacation@customer.test", "auto-reply")]

    def answers(self, address, mail):
        self.write("message", f"From: {address}\nSubject: Away\n\n{AWAY}")
        # It calls the system's sendmail by its full name.
        command = f"mount --bind {self.sendmail} /usr/sbin/sendmail && exec vacation -j -f {self.home}/db -m {self.home}/message -a {address} mail"
        if not os.path.exists("/usr/sbin/sendmail"):
            raise Failed("no /usr/sbin/sendmail to stand in for")
        done = subprocess.run(["unshare", "--mount", "/bin/sh", "-c", command], input=mail, capture_output=True, env=dict(os.environ, HOME=self.home))
        if done.returncode:
            raise Failed(done.stderr.decode())


class Mailbot(Local):
    package = "maildrop"
    trials = [("is away", "mailbot@customer.test", "auto-reply")]

    def answers(self, address, mail):
        message = self.write("message", AWAY)
        subprocess.run(["mailbot", "-t", message, "-A", f"From: {address}", "-s", "Away", self.sendmail, "-t", ""], input=mail, check=True, capture_output=True)


class Formail(Local):
    """The recipe of procmail's manual for an answer by itself: it has no mark of its own but what its writer adds."""

    package = "procmail"
    trials = [("is away", "formail@customer.test", "bulk")]

    def answers(self, address, mail):
        head = subprocess.run(["formail", "-rt", "-A", f"X-Loop: {address}", "-A", "Precedence: junk", "-I", f"From: {address}"], input=mail, check=True, capture_output=True).stdout
        subprocess.run([self.sendmail, "-t"], input=head + AWAY.encode(), check=True)


class Caseway(Robot):
    """Another desk, which has the customer's mail as well: the two may not talk to each other for ever."""

    trials = [("acknowledges", "deskb@deskb.test", "filed")]

    def start(self):
        config = self.write("caseway.toml", open(self.desk.config).read().replace("support", "deskb").replace("deskb@example.test", "deskb@deskb.test").replace("Example Support", "Other Desk").replace(f"{self.desk.dir}/caseway.db", f"{self.home}/caseway.db"), 0o600)
        subprocess.run([self.desk.binary, "--config", config, "engineer", "add", "berta@example.test", "--name", "Berta", "--queue", "deskb"], check=True, stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen([self.desk.binary, "--config", config, "serve"], stderr=open(f"{self.home}/log", "w"))

    def version(self):
        return subprocess.run([self.desk.binary, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]


ALL = [Exim, OpenSmtpd, Sendmail, Dma, Pigeonhole, Vacation, Mailbot, Formail, Caseway]


class Trial:
    def __init__(self, desk, keep):
        self.desk, self.keep = desk, keep

    def provoke(self, robot, what, address):
        """The address writes to the desk, whose acknowledgement the robot then gets; the ledger's row of what came back."""
        subject = f"{type(robot).__name__} {what}, {address}"
        message = f"From: {address}\r\nTo: support@example.test\r\nSubject: {subject}\r\nMessage-ID: <{len(self.desk.ledger())}.{address}>\r\nDate: Mon, 30 Nov 2026 10:00:00 +0000\r\n\r\nHello, our machine does not start any more since Monday. Can you help us, please?\r\n"
        self.desk.send(message.encode(), address, ["support@example.test"])
        first = real.wait("the customer's mail", lambda: next((row for row in self.desk.ledger() if row["subject"] == subject and row["state"] == "done"), None))
        # A robot that keeps the rules (RFC 3834 §2) answers no acknowledgement, but what a person wrote.
        notice = "answer" if what in ("is away", "rejects", "acknowledges") else "acknowledgement"
        if notice == "answer":
            first = self.answer(subject)
        if isinstance(robot, (Local, Dma)):
            letter = self.letter(address, notice)
            answer = robot.react(what, address, letter)
            if answer is not None:
                to = email.utils.parseaddr(str(parse(answer)["To"]))[1]
                self.desk.send(re.sub(rb"\r?\n", b"\r\n", answer), address, [to])
        return first, real.wait(f"what {type(robot).__name__} sends back", lambda: self.newer(first))

    def answer(self, subject):
        """An engineer answers; the ledger's row of that."""
        notice = parse(self.desk.wait_mail("the notice", "erkki", lambda mail: subject in mail["Subject"]))
        to = email.utils.parseaddr(str(notice["Reply-To"] or notice["From"]))[1]
        words = f"From: erkki@example.test\r\nTo: {to}\r\nSubject: Re: {subject}\r\nMessage-ID: {email.utils.make_msgid(domain='example.test')}\r\nIn-Reply-To: {notice['Message-ID']}\r\nReferences: {notice['Message-ID']}\r\n\r\nPlease switch it on.\r\n"
        self.desk.send(words.encode(), "erkki@example.test", [to])
        return real.wait("the engineer's answer", lambda: next((row for row in self.desk.ledger() if row["subject"] == f"Re: {subject}" and row["state"] == "done"), None))

    def letter(self, address, notice):
        wanted = lambda row: row["to"] == address and row["notice"] == notice and row["state"] == "sent"
        row = real.wait(notice, lambda: next(filter(wanted, self.desk.lines("outbox", "list", "--json")), None))
        raw = self.desk.caseway("outbox", "show", str(row["id"]), "--raw").encode()
        return f"Return-Path: <{row.get('return_path') or 'support@example.test'}>\r\nDelivered-To: {address}\r\n".encode() + raw

    def kind(self, row):
        """Whether the report says that the address is bad for good."""
        raw = next(raw for raw in self.desk.mails("support") if row["message_id"] in str(parse(raw)["Message-ID"]))
        with open(f"{self.desk.dir}/report.eml", "wb") as file:
            file.write(raw)
        seen = self.desk.lines("mail", "inspect", "--json", f"{self.desk.dir}/report.eml")[0]
        return seen["bounce"]["reports"][0]["kind"]

    def newer(self, first):
        return next((row for row in self.desk.ledger() if row["id"] > first["id"] and row["state"] == "done"), None)

    def row(self, robot, what, address, wanted):
        first, back = self.provoke(robot, what, address)
        if self.keep:
            with open(f"{self.keep}/{type(robot).__name__}-{address}.eml", "wb") as file:
                file.write(self.desk.mails("support")[-1])
        letters = [row for row in self.desk.lines("outbox", "list", "--json") if row["to"] == address]
        made = f"{back['origin']}: {back['verdict']} ({back['reason']})"
        wrong = []
        if back["case_id"] not in (first["case_id"], None):
            wrong.append(f"another case, {back['case_id']}")
        if len(letters) != (2 if what in ("is away", "rejects", "acknowledges") else 1):
            wrong.append(f"{len(letters)} letters to it")
        if (back["origin"], back["verdict"]) not in MADE[wanted.split()[0]]:
            wrong.append(f"not {wanted}")
        if wanted.startswith("bounce ") and self.kind(back) != wanted.split()[1]:
            wrong.append(f"not {wanted}")
        return ["WRONG: " + ", ".join(wrong) if wrong else "ok", made]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--binary", default=f"{real.ROOT}/target/debug/caseway")
    options.add_argument("--keep", default="")
    options.add_argument("robots", nargs="*")
    options = options.parse_args()
    if options.keep:
        os.makedirs(options.keep, exist_ok=True)
    wanted = [robot for robot in ALL if not options.robots or robot.__name__.lower() in options.robots]
    # IMAP takes the first of a row of free ports, SMTP the tenth, the robots what follows.
    base = real.free_ports(40)
    ports = {robot.__name__.lower(): base + 20 + number for number, robot in enumerate(ALL)}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    desk, rows, robots, how = Desk(os.path.abspath(options.binary), base, {name: ports[name] for name in ("exim", "opensmtpd", "sendmail")}), [], [], 1
    try:
        desk.start()
        for kind in wanted:
            robot = kind(desk, ports[kind.__name__.lower()])
            robots.append(robot)
            try:
                robot.start()
            except Failed as error:
                rows.append([kind.__name__, "", "starts", "", f"WRONG: {error}", ""])
                continue
            for what, address, must in kind.trials:
                try:
                    cells = Trial(desk, options.keep).row(robot, what, address, must)
                except (Failed, subprocess.CalledProcessError) as error:
                    cells = [f"WRONG: {error}", ""]
                rows.append([kind.__name__, robot.version(), what, must, *cells])
                print(" | ".join(rows[-1]), file=sys.stderr, flush=True)
            robot.stop()
        if any(row[4] != "ok" for row in rows):
            print(desk.tail(), file=sys.stderr)
    finally:
        for robot in robots:
            robot.stop()
        how = desk.stop()
    real.table(["robot", "version", "what it does", "must be", "", "what the desk made of it"], rows)
    wrong = sum(row[4] != "ok" for row in rows)
    print(f"{len(rows) - wrong} of {len(rows)} right")
    sys.exit(1 if wrong or how else 0)


if __name__ == "__main__":
    main()
