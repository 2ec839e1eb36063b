"""Mails written to be read for ever: what each family costs, how that grows, and how long an innocent mail waits behind it."""
import base64, os, sqlite3, struct, subprocess, time

HEAD = "From: Jane <jane@customer.test>\nTo: support@example.test\nSubject: help\nMessage-ID: <%s@customer.test>\nMIME-Version: 1.0\n"
# Octets of the smaller mail of each pair.
SIZE = 2_000_000


def rep(token, octets):
    return token * (octets // len(token) + 1)


def typed(kind, body):
    return lambda n: f"Content-Type: {kind}\n\n{body(n)}"


def headers(name, token):
    return lambda n: f"{name}: {rep(token, 16_000)}\n" * (n // 16_000) + "\nwords\n"


def tnef(n):
    part = b"\x02" + struct.pack("<II", 0x0006800F, 100) + b"x" * 100 + b"\0\0"
    bytes_ = struct.pack("<IH", 0x223E9F78, 0) + rep(part, n * 3 // 4)
    return f"Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\n{base64.encodebytes(bytes_).decode()}"


# What stands behind the first headers of a mail of about so many octets.
FAMILIES = {
    "boundary of dashes": typed(f'multipart/mixed; boundary="{"-" * 15_000}"', lambda n: "-" * n),
    "boundary at line starts": typed("multipart/mixed; boundary=a", lambda n: rep("--ab\n--a b\n", n)),
    "entities without end": typed("text/html", lambda n: "<div class=gmail_quote>" + rep("&amp", n)),
    "tags without end": typed("text/html", lambda n: "<p class=gmail_quote>" + rep("<", n)),
    "list items and no markup": typed("text/html", lambda n: rep("<li>\n<![CDATA[", n)),
    "deep HTML": typed("text/html", lambda n: rep("<blockquote type=cite><div><table><td>", n) + "x"),
    "attributes": typed("text/html", lambda n: "<a " + rep("b=c ", n)),
    "pictures in HTML": typed("text/html", lambda n: rep("cid:", n)),
    "multiparts in each other": lambda n: "".join(f"Content-Type: multipart/alternative; boundary=b{i}x\n\n--b{i}x\n" for i in range(29)) + "\n" + rep("--b\n", n),
    "parts": typed("multipart/mixed; boundary=a", lambda n: rep("--a\nContent-Disposition: attachment; filename=x\n\nx\n", n)),
    "header lines": lambda n: rep("X-A: b\n", n) + "\nwords\n",
    "header folds": lambda n: "X-A: b\n" + rep(" b\n", n) + "\nwords\n",
    "addresses in brackets": headers("To", "<@a>"),
    "addresses": headers("Cc", "a@b.test, "),
    "colons in addresses": headers("To", "a:/"),
    "comments in addresses": headers("From", "(a"),
    "encoded words": headers("From", "=?utf-8?Q?=C3?= "),
    "open encoded words": headers("Content-Type: a/b; c", "=?a?Q?;"),
    "quotes in parameters": headers("Content-Disposition", '\\";'),
    "copied addresses": headers("Cc", "a <b@c.test>; "),
    "answer addresses": headers("Reply-To", "=?utf-8?Q?a?= <@>, "),
    "delivered addresses": headers("Delivered-To", "\"a\\\"\" <b@c.test>, "),
    "references": headers("References", "<a@b> "),
    "lines": typed("text/plain", lambda n: rep("a\n", n)),
    "quoted lines": typed("text/plain", lambda n: rep("> a\nb\n", n)),
    "attributions": typed("text/plain", lambda n: rep("On 3 May 2024 at 10:15, A <a@b.test> wrote:\n", n)),
    "header blocks": typed("text/plain", lambda n: rep("From: a@b.test\nSent: 3 May 2024 10:15\nTo: x\n", n)),
    "base64 garbage": lambda n: "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + rep("YW\xa0 =", n),
    "soft line ends": lambda n: "Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n" + rep("= \n=", n),
    "uuencode without end": typed("text/plain", lambda n: rep("begin 644 a\n", n)),
    "files of Outlook": tnef,
    "delivery reports": typed("multipart/report; report-type=delivery-status; boundary=b", lambda n: "--b\n\nhi\n--b\nContent-Type: message/delivery-status\n\n" + rep("Final-Recipient: rfc822; a@b.test\nAction: failed\nStatus: 5.1.1\n\n", n) + "\n--b--\n"),
    "delivery reports with links": typed("multipart/report; report-type=delivery-status; boundary=b", lambda n: "--b\n\nhi\n--b\nContent-Type: message/delivery-status\n\n" + rep("Final-Recipient: rfc822; <http://a.test/?b=c@d.test>\n", n) + "\n--b--\n"),
    "words like codes": typed("text/plain", lambda n: "".join(f"{i:05}abcdef " for i in range(n // 12))),
}

# Mails to the mailbox of a form, full of what a form looks for.
FORMS = {
    "names in prose": typed("text/plain", lambda n: rep("My name is Anna Weber and my colleague is Bob Smith.\n", n)),
    "names without end": typed("text/plain", lambda n: "my name is " + rep("Anna ", n)),
    "dates": typed("text/plain", lambda n: rep("until 3/4/2027, ", n)),
    "identifiers": typed("text/plain", lambda n: rep("AC 100234 ", n)),
    "labels": typed("text/plain", lambda n: rep("Account ID:\nFirst name:\n", n)),
    "colons": typed("text/plain", lambda n: rep("a: ", n)),
    "answers": typed("text/plain", lambda n: rep("yes. no. maybe. ", n)),
    "people": typed("text/plain", lambda n: rep("Anna Weber <a@b.test>\n", n)),
    "rows of a table": typed("text/html", lambda n: "<table>" + rep("<tr><td>Account ID<td>AC-100234", n)),
    "a name without end": lambda n: f"Subject: {rep('Anna', 900)}\n\n" + rep("Anna", n),
}


ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def hostile(bench):
    folder = f"{bench.dir}/hostile"
    os.makedirs(folder)
    families = FAMILIES | FORMS
    for number, (name, make) in enumerate(families.items()):
        for times in (1, 2):
            with open(f"{folder}/{number:02}-{times}", "w", encoding="latin-1") as file:
                file.write(HEAD % f"{number}-{times}" + make(SIZE * times))
    words = ["cargo", "bench", "-q", "--bench", "hostile", "--", folder]
    said = subprocess.run(words, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout
    seconds = dict((line.split()[0], float(line.split()[1])) for line in said.splitlines())
    waits, peak = behind(bench, folder)
    print(f"{'family':30} {'n, s':>8} {'2n, s':>8} {'2n / n':>7} {'innocent, s':>12}")
    slopes = []
    for number, name in enumerate(families):
        one, two = seconds[f"{number:02}-1"], seconds[f"{number:02}-2"]
        # The system counts processor time in steps of some milliseconds.
        slopes.append(two / one if two > 0.05 else 1.0)
        print(f"  {name:28} {one:8.3f} {two:8.3f} {slopes[-1]:7.2f} {waits[number]:12.2f}")
    print(f"largest ratio                  {max(slopes):.2f} (goal at most 2.2)")
    print(f"longest wait of an innocent    {max(waits):.2f} s (goal below 2)")
    print(f"peak memory of the gateway     {peak:.0f} MB (goal below 200)")


def behind(bench, folder):
    """Seconds that an innocent mail takes to be settled right behind each, and the peak memory of the gateway in MB."""
    config = f"{bench.dir}/caseway.toml"
    with open(config, "w") as file:
        file.write("""[desk]
name = "Example Support"
[database]
path = "caseway.db"
[mailbox.support]
address = "support@example.test"
pipe = true
[mailbox.registration]
address = "registration@example.test"
pipe = true
[portal.cases]
title = "Case portal"
url = "https://portal.example.test/"
[web]
listen = "127.0.0.1:0"
base_url = "http://127.0.0.1:8080"
[form.registration]
title = { en = "Portal account" }
mailboxes = ["registration"]
action = "register"
portal = "cases"
fields = [
    { name = "first_name", type = "first-name" },
    { name = "last_name", type = "last-name" },
    { name = "email", type = "email" },
    { name = "account_id", type = "account-id", pattern = "AC-[0-9]{6}", example = "AC-000000" },
]
[transport.main]
folder = "out"
[log]
level = "warn"
""")

    def ingest(path, mailbox="support"):
        subprocess.run([bench.binary, "--config", config, "ingest", "--mailbox", mailbox, "--format", "mail", path], check=True, capture_output=True)

    # Makes the database.
    add = ["engineer", "add", "nobody@example.test", "--name", "Nobody", "--queue", "support"]
    subprocess.run([bench.binary, "--config", config, *add], check=True, capture_output=True)
    with open(f"{bench.dir}/log", "a") as log:
        gateway = subprocess.Popen([bench.binary, "--config", config, "serve"], stderr=log, env=dict(os.environ, MALLOC_ARENA_MAX="2"))
    waits = []
    try:
        database = sqlite3.connect(f"file:{bench.dir}/caseway.db?mode=ro", uri=True)
        for number in range(len(FAMILIES | FORMS)):
            ingest(f"{folder}/{number:02}-2", "support" if number < len(FAMILIES) else "registration")
            with open(f"{bench.dir}/innocent", "w") as file:
                file.write(f"From: Bob <bob@customer.test>\nTo: support@example.test\nSubject: printer\nMessage-ID: <i{number}@customer.test>\n\nIt does not print.\n")
            ingest(f"{bench.dir}/innocent")
            began = time.monotonic()
            question = "SELECT COUNT(*) FROM ledger WHERE message_id = ? AND state <> 'new'"
            while not database.execute(question, (f"i{number}@customer.test",)).fetchone()[0]:
                time.sleep(0.02)
            waits.append(time.monotonic() - began)
        peak = next(int(line.split()[1]) for line in open(f"/proc/{gateway.pid}/status") if line.startswith("VmHWM")) / 1000
    finally:
        gateway.terminate()
        gateway.wait(60)
    return waits, peak
