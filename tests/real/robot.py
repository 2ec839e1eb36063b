"""Real software that answers, bounces and passes on by itself: how each is set up, and what it is to do."""
import os, shlex, signal, socket, subprocess

import desk as real
from desk import Failed, parse

AWAY = "I am away until Monday; in urgent cases please call 112.\n"


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


ALL = [Exim, OpenSmtpd, Dma, Pigeonhole, Vacation, Mailbot, Formail, Caseway]
