#!/usr/bin/env python3
"""robots.py [--binary FILE] [--keep FOLDER] [ROBOT…] - real software that answers, bounces and passes on by itself.

Each robot gets the desk's acknowledgement by way of a real Postfix, and does what it does; what it sends back goes the same
way into the desk's mailbox. Servers that cannot be installed beside each other run in a copy of this system of their own
(overlay.sh, so this needs root). Prints a table of what the desk made of each; exit code 1 where a line of it is wrong."""
import argparse, email.policy, email.utils, os, re, signal, subprocess, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import desk as real
from desk import Failed, parse
from robot import ALL, AWAY, Dma, Local

# Origin and verdict of what each must be.
MADE = {
    "bounce": {("bounce", "bounce")},
    # One that answers nothing by its headers belongs to no case.
    "auto-reply": {("auto-reply", "auto-reply"), ("auto-reply", "dropped")},
    "echo": {("own", "dropped")},
    # Words on a case, under the header of bulk mail: the engineers hear of them.
    "bulk": {("bulk", "threaded")},
    # Another desk's letter, which bears the mark of its kind.
    "filed": {("own", "auto-reply")},
}


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
    base = real.free_ports(40, real.FIRST_PORT)
    ports = {robot.__name__.lower(): base + 20 + number for number, robot in enumerate(ALL)}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    desk, rows, robots, how = Desk(os.path.abspath(options.binary), base, {name: ports[name] for name in ("exim", "opensmtpd")}), [], [], 1
    try:
        desk.start()
        for kind in wanted:
            robot = kind(desk, ports[kind.__name__.lower()])
            robots.append(robot)
            try:
                robot.start()
            except Failed as error:
                rows.append([kind.__name__, "", "starts", "", f"WRONG: {error}", ""])
                print(" | ".join(rows[-1]), file=sys.stderr, flush=True)
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
