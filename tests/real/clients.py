#!/usr/bin/env python3
"""clients.py [--binary FILE] [--keep FOLDER] [CLIENT…] - real mail clients answer and pass on the desk's mails.

Each client answers the desk's answer as a customer, answers the desk's notice as an engineer, and passes a customer's
mail on to the desk. What it wrote goes over a real Postfix and Dovecot to the gateway, and what was cut of it is compared
with what its writer typed. Prints a table; exit code 1 where a line of it is wrong. --keep keeps what the clients wrote."""
import argparse, email.policy, email.utils, os, re, signal, subprocess, sys
from email.message import EmailMessage

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import desk as real
import mua
from desk import Failed, parse, text

STILL = "It still prints empty labels, also after the restart.\n"
CLEAN = "Please clean the sensor with a dry cloth, and tell me what the display says then.\n"
TAKE = "Internal: please take this over from me.\n"
SCANNER = "Hello, the scanner on floor three does not start. Can you help me, please?\n"

# What a client cannot do, and why.
EXCUSED = {
    ("aerc", "forward"): "names no address: the engineer's own case",
    ("s-nail", "forward"): "",
}


def write(sender, to, subject, words, answers=None):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = email.utils.localtime()
    mail["Message-ID"] = email.utils.make_msgid(domain="customer.test")
    if answers is not None:
        mail["In-Reply-To"] = mail["References"] = answers["Message-ID"]
    mail.set_content(words)
    return mail


def address(value):
    return email.utils.parseaddr(str(value))[1]


class Run:
    def __init__(self, desk, keep):
        self.desk, self.keep = desk, keep

    def post(self, mail, sender, to):
        self.desk.send(mail.as_bytes(policy=email.policy.SMTP), sender, [to])

    def hand_over(self, name, raw, sender):
        """What a client gave to `sendmail -t`, sent to whom it names."""
        if self.keep:
            with open(f"{self.keep}/{name}.eml", "wb") as file:
                file.write(raw)
        mail = parse(raw)
        missing = "".join(f"{head}: {value}\n" for head, value in (("From", sender), ("Date", email.utils.formatdate()), ("Message-ID", email.utils.make_msgid(domain="client.test"))) if not mail[head])
        to = {address for _, address in email.utils.getaddresses(map(str, mail.get_all("To", []) + mail.get_all("Cc", [])))}
        self.desk.send(re.sub(rb"\r?\n", b"\r\n", missing.encode() + raw), sender, sorted(to))

    def ticket(self, customer):
        return next((ticket for ticket in self.desk.tickets() if ticket["requester"]["email"] == customer), None)

    def last_words(self, customer, count):
        """The words of the customer's newest message, once there are as many of theirs."""

        def look():
            ticket = self.ticket(customer)
            own = [message for message in (ticket or {"messages": []})["messages"] if message["direction"] == "inbound" and message["from"]["email"] == customer]
            return own[-1]["reply_text"] if len(own) >= count else None

        return real.wait(f"{customer}'s message {count}", look)

    def conversation(self, client, customer):
        """Up to the desk's answer, by hand; returns that."""
        subject = f"Label printer, {client.name}"
        self.post(write(customer, "support@example.test", subject, "Hello, the label printer prints empty labels. Can you help me, please?\n"), customer, "support@example.test")
        notice = parse(self.desk.wait_mail("the notice", "erkki", lambda mail: subject in mail["Subject"]))
        self.post(write("erkki@example.test", address(notice["Reply-To"] or notice["From"]), f"Re: {notice['Subject']}", "Please restart it.\n", notice), "erkki@example.test", address(notice["Reply-To"] or notice["From"]))
        return self.desk.wait_mail("the answer", "customers", lambda mail: customer in str(mail["To"]) and "restart it" in text(mail))

    def customer_replies(self, client, customer):
        answer = self.conversation(client, customer)
        worker = client(f"{self.desk.dir}/home", "Carl Quist", customer)
        self.hand_over(f"{client.name}-reply", worker.reply(answer, STILL), customer)
        seen = self.last_words(customer, 2)
        return "ok" if seen.split() == STILL.split() else f"WRONG: {seen[-160:]!r}"

    def engineer_answers(self, client, customer):
        notice = self.desk.wait_mail("the notice of the reply", "erkki", lambda mail: f"Label printer, {client.name}" in mail["Subject"] and "It still prints" in text(mail))
        worker = client(f"{self.desk.dir}/home", "Erkki Virtanen", "erkki@example.test")
        self.hand_over(f"{client.name}-answer", worker.reply(notice, CLEAN), "erkki@example.test")
        answer = self.desk.wait_mail("the engineer's answer", "customers", lambda mail: customer in str(mail["To"]) and "dry cloth" in text(mail))
        words = text(parse(answer))
        words = words.replace("\r", "")
        own = words.split("-##\n", 1)[-1].split("\n-- \n", 1)[0]
        # Below the words the letter quotes what the customer had said; that is the desk's own doing.
        own, _, _ = own.partition("\n\nOn ")
        return "ok" if own.split() == CLEAN.split() and "erkki@" not in words else f"WRONG: {own[-300:]!r}"

    def engineer_forwards(self, client, customer):
        if client.forward is None:
            return "ok (has no forward)"
        subject = f"Scanner, {client.name}"
        self.post(write(customer, "erkki@example.test", subject, SCANNER), customer, "erkki@example.test")
        given = self.desk.wait_mail("the customer's mail", "erkki", lambda mail: mail["Subject"] == subject)
        worker = client(f"{self.desk.dir}/home", "Erkki Virtanen", "erkki@example.test")
        words = "" if (client.name, "forward") in EXCUSED and not EXCUSED[client.name, "forward"] else TAKE
        self.hand_over(f"{client.name}-forward", worker.forward(given, words, "support@example.test"), "erkki@example.test")
        excuse = EXCUSED.get((client.name, "forward"))
        if excuse:
            real.wait("the engineer's own case", lambda: any(client.name in ticket["subject"] and ticket["requester"]["email"] == "erkki@example.test" for ticket in self.desk.tickets()))
            return f"ok ({excuse})"
        told = lambda mail: customer in str(mail["To"]) and mail["Auto-Submitted"] == "auto-replied"
        acknowledged = text(parse(self.desk.wait_mail("the acknowledgement", "customers", told)))
        ticket = self.ticket(customer)
        if ticket["subject"] != subject:
            return f"WRONG: {ticket['subject']!r}"
        return "ok" if "Internal" not in acknowledged else f"WRONG: {acknowledged!r}"

    def row(self, client):
        cells = [client.name, client(f"{self.desk.dir}/home", "Erkki", "erkki@example.test").version()]
        word = client.name.replace("-", "")
        for step, customer in ((self.customer_replies, f"carl.{word}@customer.test"), (self.engineer_answers, f"carl.{word}@customer.test"), (self.engineer_forwards, f"dora.{word}@customer.test")):
            try:
                cells.append(step(client, customer))
            except (Failed, mua.Stuck, subprocess.TimeoutExpired) as error:
                cells.append(f"WRONG: {error}")
        return cells


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--binary", default=f"{real.ROOT}/target/debug/caseway")
    options.add_argument("--keep", default="")
    options.add_argument("clients", nargs="*")
    options = options.parse_args()
    if options.keep:
        os.makedirs(options.keep, exist_ok=True)
    wanted = [client for client in mua.ALL if not options.clients or client.name in options.clients]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    desk, rows, how = real.Desk(os.path.abspath(options.binary), ["support", "erkki", "customers"]), [], 1
    try:
        desk.start()
        for client in wanted:
            rows.append(Run(desk, options.keep).row(client))
            print(f"{client.name}: {'; '.join(rows[-1][2:])}", file=sys.stderr, flush=True)
        if any("WRONG" in cell for row in rows for cell in row):
            print(desk.tail(), file=sys.stderr)
    finally:
        how = desk.stop()
    real.table(["client", "version", "a customer's reply", "an engineer's answer", "a forward to the desk"], rows)
    wrong = sum("WRONG" in cell for row in rows for cell in row)
    print(f"{len(rows)} clients, {3 * len(rows) - wrong} of {3 * len(rows)} right")
    sys.exit(1 if wrong or how else 0)


if __name__ == "__main__":
    main()
