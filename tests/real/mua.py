"""Real mail clients at work: each takes one mail, answers it or passes it on, and hands what it wrote to a `sendmail`
that keeps it in a file. Text clients on a terminal of their own are driven by what they show, never by time."""
import email, email.policy, mailbox, os, pty, re, select, shutil, signal, struct, subprocess, sys, termios, time, fcntl

WAIT_S = int(os.environ.get('WAIT_S', '40'))


class Stuck(Exception):
    pass


class Terminal:
    """A program on a terminal of its own: what it shows is waited for, what it is told is typed."""

    def __init__(self, words, home, cwd=None):
        self.shown, self.name = "", words[0]
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(cwd or home)
            os.execvpe(words[0], words, environment(home))
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 110, 0, 0))

    def read(self, end):
        """More of what it shows; False once it has ended."""
        ready, _, _ = select.select([self.fd], [], [], max(0, end - time.monotonic()))
        if not ready:
            self.kill()
            raise Stuck(f"{self.name} shows nothing new; last: {plain(self.shown)[-600:]!r}")
        try:
            got = os.read(self.fd, 65536)
        except OSError:
            got = b""
        self.shown += got.decode("utf-8", "replace")
        return bool(got)

    def until(self, *patterns):
        """Waits until one of the patterns stands in what was shown since the last was found; its index."""
        end = time.monotonic() + WAIT_S
        while True:
            flat = plain(self.shown)
            for number, pattern in enumerate(patterns):
                if re.search(pattern, flat):
                    self.shown = ""
                    return number
            if not self.read(end):
                raise Stuck(f"{self.name} ended before {patterns}: {flat[-600:]!r}")

    def until_file(self, path):
        """Waits until a file is there; what is shown meanwhile is passed over."""
        end = time.monotonic() + WAIT_S
        while not os.path.exists(path):
            ready, _, _ = select.select([self.fd], [], [], 0.05)
            if ready and not self.read(end) or time.monotonic() > end:
                raise Stuck(f"{self.name} made no {path}: {plain(self.shown)[-600:]!r}")

    def type(self, text):
        os.write(self.fd, text.encode())

    def ended(self):
        end = time.monotonic() + WAIT_S
        while self.read(end):
            pass
        os.close(self.fd)
        _, how = os.waitpid(self.pid, 0)
        return how

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def plain(shown):
    """What a terminal was told, without its orders."""
    shown = re.sub(r"\x1b\[[0-9;?<>=!]*[A-Za-z`@]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)|\x1b[()][A-Z0-9]|\x1b[=>78DMHc]", " ", shown)
    return re.sub(r"\s+", " ", shown)


def environment(home):
    return dict(PATH="/usr/bin:/bin:/usr/sbin:/sbin", HOME=home, TERM="xterm", LANG="C.UTF-8", LC_ALL="C.UTF-8", USER="erkki", LOGNAME="erkki",
                XDG_CONFIG_HOME=f"{home}/.config", XDG_DATA_HOME=f"{home}/.local/share", XDG_CACHE_HOME=f"{home}/.cache", MAILRC=f"{home}/.mailrc", TZ="Europe/Helsinki")


def version(*words, pattern=r"\d+[\w.~+-]*"):
    done = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return re.search(pattern, done.stdout + done.stderr).group(0)


def packaged(package):
    return subprocess.run(["dpkg-query", "-W", "-f=${Version}", package], capture_output=True, text=True, check=True).stdout


class Client:
    """One client. `below` tells where its writer's words stand: below the quote, as it leaves them there."""

    name = package = ""
    below = False

    def __init__(self, home, who, address):
        self.home, self.who, self.address = home, who, address
        shutil.rmtree(home, ignore_errors=True)
        os.makedirs(home)
        self.sent = f"{home}/sent.eml"
        self.sendmail = self.script("sendmail", f'#!/bin/sh\ncat >"{self.sent}.part" && mv "{self.sent}.part" "{self.sent}"\n')
        # The editor puts the words above what the client prepared, or below it.
        self.editor = self.script("editor", f'''#!/usr/bin/python3
import sys
path = sys.argv[-1]
words, text = open("{home}/words").read(), open(path, encoding="utf-8", errors="surrogateescape").read()
head, blank, body = text.partition("\\n\\n") if open("{home}/headers").read() == "1" else ("", "", text)
body = body.rstrip("\\n") + "\\n\\n" + words if open("{home}/below").read() == "1" else words + "\\n" + body
open(path, "w", encoding="utf-8", errors="surrogateescape").write(head + blank + body)
''')
        self.write("below", str(int(self.below)))
        self.write("headers", "0")
        self.prepare()

    def write(self, name, text):
        path = f"{self.home}/{name}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
        return path

    def script(self, name, text):
        path = self.write(name, text)
        os.chmod(path, 0o755)
        return path

    def mbox(self, raw):
        path = f"{self.home}/mbox"
        if os.path.exists(path):
            os.unlink(path)
        box = mailbox.mbox(path)
        box.add(raw)
        box.close()
        return path

    def maildir(self, raw, place="Maildir/INBOX"):
        path = f"{self.home}/{place}"
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        box = mailbox.Maildir(path, create=True)
        box.add(raw)
        return path

    def run(self, *words, stdin=None, ok=True):
        done = subprocess.run(words, input=stdin or b"", env=environment(self.home), cwd=self.home, capture_output=True, timeout=WAIT_S)
        if ok and done.returncode:
            raise Stuck(f"{words[0]} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-600:]}")
        return done.stdout

    def prepare(self):
        """Configuration in the client's home."""

    def version(self):
        return packaged(self.package or self.name)

    def reply(self, raw, words):
        """The mail that answers `raw`."""
        return self.work(raw, words, None)

    def forward(self, raw, words, to):
        """The mail that passes `raw` on."""
        return self.work(raw, words, to)

    def work(self, raw, words, to):
        self.write("words", words)
        if os.path.exists(self.sent):
            os.unlink(self.sent)
        # Mailboxes on disk have the line ends of the system.
        self.compose(raw.replace(b"\r\n", b"\n"), words, to)
        if not os.path.exists(self.sent):
            raise Stuck(f"{self.name} sent nothing")
        with open(self.sent, "rb") as file:
            return file.read()


class Mutt(Client):
    name, command = "mutt", "mutt"

    def prepare(self):
        self.write("signature", "Erkki Virtanen\nmobile +358 40 0000000\n")
        self.rc = self.write("rc", f'''set from="{self.address}" realname="{self.who}" use_from=yes sendmail="{self.sendmail}" editor="{self.editor}"
set include=yes fast_reply=yes reply_to=yes autoedit=yes abort_unmodified=no copy=no quit=yes move=no wait_key=no mime_forward=no signature="{self.home}/signature"
set folder="{self.home}" mbox_type=mbox record="" header_cache="" delete=no sleep_time=0 beep=no charset=utf-8 forward_decode=yes
''')

    def compose(self, raw, words, to):
        keys = f"<forward-message>{to}<enter><send-message>" if to else "<reply><send-message>"
        terminal = Terminal([self.command, "-n", "-F", self.rc, "-f", self.mbox(raw), "-e", f'push "<first-entry>{keys}<quit>"'], self.home)
        terminal.ended()


class NeoMutt(Mutt):
    name, command = "neomutt", "neomutt"


class SNail(Client):
    name, below = "s-nail", True

    def compose(self, raw, words, to):
        order = f"forward 1 {to}\n" if to else "reply 1\n"
        options = ["-S", f"mta={self.sendmail}", "-S", f"from={self.who} <{self.address}>", "-S", "quote", "-S", "dot", "-S", "ttycharset=utf-8", "-S", "nosave", "-S", "sendwait", "-S", "fullnames"]
        # Outside of a terminal the words are the lines up to the dot; they stand below what is quoted.
        self.run("s-nail", "-n", "-#", *options, "-f", self.mbox(raw), stdin=f"{order}{words}.\nxit\n".encode())


class BsdMailx(Client):
    name = "bsd-mailx"

    def prepare(self):
        self.write(".mailrc", f'set sendmail="{self.sendmail}" indentprefix="> " dot\n')

    def compose(self, raw, words, to):
        order = ["reply 1", words.rstrip("\n"), "", "~m 1", "."]
        self.write(".mailrc", f'set sendmail="{self.sendmail}" indentprefix="> " dot\n')

    def compose(self, raw, words, to):
        # It has no forward of its own: people write a mail and take the other one into it by ~m or ~f.
        order = [f"mail {to}", "Fwd: " + str(email.message_from_bytes(raw, policy=email.policy.default)["Subject"]), words.rstrip("\n"), "", "~f 1", "."] if to else ["reply 1", words.rstrip("\n"), "", "~m 1", "."]
        terminal = Terminal(["bsd-mailx", "-n", "-I", "-f", self.mbox(raw)], self.home)
        terminal.until(r"& ?$")
        for line in order:
            terminal.type(line + "\n")
        terminal.until(r"\(continue\).*& ?$", r"EOT.*& ?$")
        terminal.type("exit\n")
        terminal.ended()

    # It has none.
    forward = None


class Nmh(Client):
    name, below = "nmh", True

    def prepare(self):
        self.write(".mh_profile", f"Path: Mail\nLocal-Mailbox: {self.who} <{self.address}>\n")
        os.makedirs(f"{self.home}/Mail/inbox")

    def compose(self, raw, words, to):
        with open(f"{self.home}/Mail/inbox/1", "wb") as file:
            file.write(raw)
        if to:
            self.run("/usr/bin/mh/forw", "+inbox", "1", "-build", "-from", f"{self.who} <{self.address}>", "-to", to)
            draft = f"{self.home}/Mail/draft"
        else:
            self.run("/usr/bin/mh/repl", "+inbox", "1", "-build", "-filter", "mhl.reply")
            draft = f"{self.home}/Mail/reply"
        with open(draft, encoding="utf-8", errors="surrogateescape") as file:
            text = file.read()
        head, body = re.split(r"\n-*\n", text, maxsplit=1)
        text = f"{head}\n--------\n{words}\n{body}" if to else f"{head}\n--------\n{body.rstrip()}\n\n{words}"
        with open(draft, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
        self.run("/usr/bin/mh/send", "-mts", "sendmail/pipe", "-sendmail", self.sendmail, draft)


class Notmuch(Client):
    name, below = "notmuch", True

    def compose(self, raw, words, to):
        self.maildir(raw)
        self.write(".notmuch-config", f"[database]\npath={self.home}/Maildir\n[user]\nname={self.who}\nprimary_email={self.address}\n")
        shutil.rmtree(f"{self.home}/Maildir/.notmuch", ignore_errors=True)
        self.run("notmuch", "new", "--quiet")
        text = self.run("notmuch", "reply", "--format=default", "*").decode()
        with open(self.sent, "w") as file:
            file.write(text.rstrip("\n") + "\n\n" + words)

    # Its command line has none.
    forward = None


class Emacs(Client):
    """Message mode, in which Gnus, mu4e and notmuch's interface write: it is given what such a reader shows of a mail."""

    name, package, below = "message-mode", "emacs-nox", True

    def compose(self, raw, words, to):
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        shown = "".join(f"{name}: {mail[name]}\n" for name in ("From", "Reply-To", "Subject", "To", "Date", "Message-ID") if mail[name])
        article = self.write("article", shown + "\n" + mail.get_body(("plain",)).get_content())
        order = f'(message-forward)\n(message-goto-to)\n(insert "{to}")\n(message-goto-body)\n(insert words "\\n")' if to else \
            '(message-reply)\n(message-goto-body)\n(message-yank-original)\n(goto-char (point-max))\n(insert "\\n" words)'
        script = self.write("work.el", f'''
(require 'message)
(setq user-full-name "{self.who}" user-mail-address "{self.address}" message-send-mail-function 'message-send-mail-with-sendmail sendmail-program "{self.sendmail}"
      message-interactive t message-confirm-send nil message-signature nil message-auto-save-directory nil message-forward-as-mime nil auto-save-default nil)
(let ((words (with-temp-buffer (insert-file-contents "{self.home}/words") (buffer-string))))
  (with-current-buffer (get-buffer-create "article")
    (insert-file-contents "{article}")
    (setq message-reply-buffer (current-buffer))
    {order}
    (message-send)))
''')
        self.run("emacs", "-Q", "--batch", "-l", script)


class Aerc(Client):
    name = "aerc"

    def prepare(self):
        self.write(".config/aerc/accounts.conf", f"[work]\nsource = maildir://{self.home}/Maildir\noutgoing = {self.sendmail}\ndefault = INBOX\nfrom = {self.who} <{self.address}>\n")
        os.chmod(f"{self.home}/.config/aerc/accounts.conf", 0o600)
        self.write(".config/aerc/aerc.conf", f"[general]\nunsafe-accounts-conf=true\n[compose]\neditor={self.editor}\nedit-headers=false\nempty-subject-warning=false\n[viewer]\nalways-show-mime=false\n[filters]\ntext/plain=cat\ntext/html=cat\n")
        shutil.copy("/usr/share/aerc/binds.conf", f"{self.home}/.config/aerc/binds.conf")

    def compose(self, raw, words, to):
        self.maildir(raw)
        subject = str(email.message_from_bytes(raw, policy=email.policy.default)["Subject"])
        terminal = Terminal(["aerc"], self.home)
        terminal.until(re.escape(subject[:12]))
        terminal.type(f":forward {to}\r" if to else ":reply -q\r")
        terminal.until(r"Send this email")
        terminal.type("y")
        terminal.until_file(self.sent)
        terminal.type(":quit -f\r")
        terminal.ended()


class Alpine(Client):
    name = "alpine"

    def prepare(self):
        self.rc = self.write("pinerc", "")

    def compose(self, raw, words, to):
        box = self.mbox(raw)
        self.write("pinerc", f"personal-name={self.who}\nuser-domain={self.address.split('@')[1]}\ninbox-path={box}\nsendmail-path={self.sendmail}\nfcc-name-rule=no-fcc\ndefault-fcc=\"\"\nuser-id={self.address.split('@')[0]}\n"
                   f"customized-hdrs=From: {self.who} <{self.address}>\nfeature-list=no-save-will-quote-leading-froms,allow-changing-from,quit-without-confirm,no-enable-mouse-in-xterm,suppress-user-lookup-in-password-database\nlast-time-prune-questioned=126.12\nlast-version-used=9.99\nreply-indent-string=\n")
        terminal = Terminal(["alpine", "-p", self.rc, "-i", "-z"], self.home)
        self.drive(terminal, words, to)

    def drive(self, terminal, words, to):
        terminal.until(r"1 of 1|Msg 1|INBOX.*1")
        terminal.type("f" if to else "r")
        body = r"\^ ?G Get Help"
        while True:
            seen = terminal.until(r"[Ii]nclude original message", r"Use \"Reply-To", r"Reply to all", body)
            if seen == 3:
                break
            terminal.type("n" if seen == 2 else "y")
        if to:
            # Down through Cc, Attchmnt and Subject to the first line of the text.
            terminal.type(to + "\r" + "\x0e" * 3)
        for line in words.splitlines():
            terminal.type(line + "\r")
        terminal.type("\x18")
        terminal.until(r"Send message")
        terminal.type("y")
        terminal.until(r"[Ss]ent|sending")
        terminal.type("q")
        if terminal.until(r"Really quit|pine finished|ALPINE finished|finished|Closed|[Ee]xpunge|[Kk]ept") == 0:
            terminal.type("y")
        terminal.ended()


ALL = [Mutt, NeoMutt, Alpine, SNail, BsdMailx, Nmh, Aerc, Notmuch, Emacs]
