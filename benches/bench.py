#!/usr/bin/env python3
"""bench.py ingest|send|read|probe|hostile [-n MAILS] [--binary FILE] - caseway beside its peers, in one run on one machine.

  ingest  a seeded mailbox from Dovecot to committed tickets with acknowledgements in the outbox (synchronous=FULL),
          beside mbsync into a Maildir; then the same with 100,000 tickets in the database already
  send    those acknowledgements out through Postfix, beside Postfix's own smtp-source with the same sizes and connections
  read    reading alone on one core, beside Python's email package and mail-parser bare
  hostile mails written to be read for ever: how the cost of each family grows with its length, how long an innocent mail
          waits behind it, and the memory
  probe   signing in and /forgot with addresses that are known and not: the two must take the same time (500 requests)

Prints both figures, their ratio and the memory; asserts nothing. Compare ratios, not seconds."""
import argparse, email, email.policy, imaplib, os, shutil, signal, sqlite3, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
SERVERS = f"{ROOT}/tests/servers"
sys.path.insert(0, SERVERS)
from hostile import hostile  # noqa: E402
from ports import free_ports  # noqa: E402
from probe import probe  # noqa: E402

CONNECTIONS = 8
# Apart from the demo's and the tests': both may run beside it.
FIRST_PORT = 28143
# Asked many times a second: counted by indexes, as the cores are few.
SETTLED = "SELECT (SELECT value FROM counter WHERE name = 'ledger') - (SELECT COUNT(*) FROM ledger WHERE state = 'new')"
SENT = "SELECT COUNT(*) FROM outbox WHERE state = 'sent'"


class Bench:
    def __init__(self, options):
        self.binary, self.n, self.runs = options.binary, options.n, options.runs
        self.dir = tempfile.mkdtemp(prefix="cwb-", dir="/tmp")
        os.chmod(self.dir, 0o755)
        self.imap, self.smtp = free_ports(4, FIRST_PORT), 0

    def env(self):
        return dict(os.environ, IMAP_USERS="support customers", IMAP_PORT=str(self.imap), PATH="/usr/sbin:" + os.environ["PATH"])

    def start(self, postfix=False):
        run(f"{SERVERS}/dovecot.sh", "start", f"{self.dir}/d", str(self.imap), env=self.env())
        if postfix:
            self.smtp = free_ports(3, FIRST_PORT)
            run(f"{SERVERS}/postfix.sh", "start", f"{self.dir}/p", str(self.smtp), env=self.env())

    def stop(self):
        for script, folder in (("postfix.sh", "p"), ("dovecot.sh", "d")):
            subprocess.run([f"{SERVERS}/{script}", "stop", f"{self.dir}/{folder}"], env=self.env(), stdout=subprocess.DEVNULL)
        shutil.rmtree(self.dir, ignore_errors=True)

    def seed(self):
        words = ["-n", str(self.n), "--tag", "[CASE-%d]", "--maildir", f"{self.dir}/d/mail/support/Maildir"]
        print(subprocess.run([f"{SERVERS}/seed.py", *words], check=True, capture_output=True, text=True).stdout.strip())
        # Dovecot reads a new mailbox once before it hands anything out; no reader should pay for that.
        with imaplib.IMAP4("127.0.0.1", self.imap) as box:
            box.login("support", "support-pw")
            box.select("INBOX", readonly=True)
            box.fetch("1:*", "(RFC822.SIZE)")

    def config(self, smtp_port):
        path, many = f"{self.dir}/caseway.toml", '[{ within = "1h", most = 1000000 }]'
        with open(path, "w") as file:
            file.write(f'''[desk]
name = "Example Support"
[database]
path = "caseway.db"
[mailbox.support]
address = "support@example.test"
imap = {{ host = "127.0.0.1", port = {self.imap}, tls = "none", user = "support", password = "support-pw", after = "keep" }}
[transport.main]
smtp = {{ host = "127.0.0.1", port = {smtp_port}, tls = "none", connections = {CONNECTIONS} }}
[limits]
per_recipient = {many}
per_ticket = {many}
per_sender = {many}
total = {many}
first_contacts = 1000000
[log]
level = "warn"
''')
        return path

    def forget(self):
        for name in os.listdir(self.dir):
            if name.startswith("caseway.db"):
                os.unlink(f"{self.dir}/{name}")

    def serve_until(self, config, question, goal):
        """Seconds until the database answers `question` with `goal`, and the peak memory in MB."""
        began = time.monotonic()
        with open(f"{self.dir}/log", "a") as log:
            # As deploy/caseway.service runs it.
            env = dict(os.environ, MALLOC_ARENA_MAX="2")
            gateway = subprocess.Popen([self.binary, "--config", config, "serve"], stderr=log, env=env)
        database = None
        while True:
            time.sleep(0.02)
            if gateway.poll() is not None:
                sys.exit(f"the gateway ended: {open(f'{self.dir}/log').read()[-2000:]}")
            try:
                database = database or sqlite3.connect(f"file:{self.dir}/caseway.db?mode=ro", uri=True)
                if database.execute(question).fetchone()[0] >= goal:
                    break
            except sqlite3.OperationalError:
                continue
        seconds = time.monotonic() - began
        peak = next(int(line.split()[1]) for line in open(f"/proc/{gateway.pid}/status") if line.startswith("VmHWM")) / 1000
        gateway.send_signal(signal.SIGTERM)
        gateway.wait(60)
        return seconds, peak

    def change(self, statements):
        database = sqlite3.connect(f"{self.dir}/caseway.db")
        database.executescript(statements)
        database.close()


def run(*words, env=None):
    subprocess.run(words, env=env, check=True, stdout=subprocess.DEVNULL)


def rate(name, count, seconds, memory=None):
    more = f", peak {memory:.0f} MB" if memory else ""
    print(f"  {name:34} {count / seconds:9.0f} mails/s   ({count} in {seconds:.2f} s{more})", flush=True)
    return count / seconds


def mbsync(bench):
    target, rc = f"{bench.dir}/mbsync", f"{bench.dir}/mbsyncrc"
    shutil.rmtree(target, ignore_errors=True)
    os.makedirs(target)
    with open(rc, "w") as file:
        file.write(f"""IMAPAccount a
Host 127.0.0.1
Port {bench.imap}
User support
Pass support-pw
SSLType None
AuthMechs LOGIN

IMAPStore far
Account a

MaildirStore near
Inbox {target}/inbox

Channel c
Far :far:INBOX
Near :near:INBOX
Sync Pull
Create Near
SyncState *
""")
    began = time.monotonic()
    subprocess.run(["mbsync", "-q", "-c", rc, "c"], check=True, capture_output=True)
    seconds = time.monotonic() - began
    got = sum(len(files) for _, _, files in os.walk(f"{target}/inbox"))
    if got < bench.n:
        sys.exit(f"mbsync took {got} of {bench.n}")
    return seconds


def fill(bench, tickets):
    """Tickets of another year, so that tables and indexes have their size."""
    rows = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {tickets})"
    bench.change(f"""PRAGMA journal_mode = WAL;
DELETE FROM engineer; DELETE FROM person;
{rows} INSERT INTO person (id, email, name, language, created_at) SELECT i, 'old' || i || '@old.test', 'Old ' || i, 'en', i FROM n;
{rows} INSERT INTO raw (id, bytes) SELECT i, randomblob(2000) FROM n;
{rows} INSERT INTO ledger (id, source, mailbox, raw_id, sha256, content_hash, size, message_id, received_at, told, state, verdict, ticket_id)
SELECT i, 'pipe', 'support', i, randomblob(32), randomblob(32), 2000, i || '@old.test', i, 1, 'done', 'opened', i FROM n;
{rows} INSERT INTO ticket (id, subject, status, mailbox, queue, language, requester_id, created_at, updated_at)
SELECT i, 'Old request ' || i, 'closed', 'support', 'support', 'en', i, i, i FROM n;
{rows} INSERT INTO message (id, ticket_id, direction, visibility, author_id, message_id, ledger_id, at)
SELECT i, i, 'inbound', 'public', i, i || '@old.test', i, i FROM n;
{rows} INSERT INTO event (id, ticket_id, at, kind) SELECT i, i, i, 'opened' FROM n;
{rows} INSERT INTO outbox (id, notice, transport, automatic, ticket_id, recipient, return_path, subject, message_id, state, created_at, next_attempt_at)
SELECT i, 'acknowledgement', 'main', 1, i, 'old' || i || '@old.test', '', 'Old', 'o' || i || '@old.test', 'sent', i, i FROM n;
{rows} INSERT INTO outbox_bytes (outbox_id, bytes) SELECT i, randomblob(2000) FROM n;
UPDATE counter SET value = {tickets};
PRAGMA wal_checkpoint(TRUNCATE);
""")


def ingest(bench):
    bench.start()
    bench.seed()
    # Nobody listens there: the acknowledgements stay in the outbox.
    config = bench.config(free_ports(1, FIRST_PORT))
    ours, theirs, full, peaks = [], [], [], []
    for number in range(bench.runs):
        print(f"run {number + 1} of {bench.runs}")
        theirs.append(rate("mbsync into a Maildir", bench.n, mbsync(bench)))
        for name, rates, before in (("caseway, to tickets and letters", ours, 0), ("the same, 100,000 tickets before", full, 100_000)):
            bench.forget()
            if before:
                # Makes the database.
                run(bench.binary, "--config", config, "engineer", "add", "nobody@example.test", "--name", "Nobody", "--queue", "support")
                fill(bench, before)
            seconds, peak = bench.serve_until(config, SETTLED, before + bench.n)
            rates.append(rate(name, bench.n, seconds, peak))
            peaks.append(peak)
    median = statistics.median
    print(f"caseway / mbsync               {median(ours) / median(theirs):.2f}   (goal 3)")
    print(f"full database / empty one      {median(full) / median(ours):.2f}   (goal 0.8)")
    print(f"peak memory of the gateway     {max(peaks):.0f} MB (goal below 100)")


def send(bench):
    bench.start(postfix=True)
    bench.seed()
    bench.serve_until(bench.config(free_ports(1, FIRST_PORT)), SETTLED, bench.n)
    again = "UPDATE outbox SET state = 'queued', attempts = 0, next_attempt_at = 0, leased_until = 0, sent_at = NULL, first_attempt_at = NULL;"
    bench.change(again)
    database = sqlite3.connect(f"{bench.dir}/caseway.db")
    count, size = database.execute("SELECT COUNT(*), AVG(LENGTH(bytes)) FROM outbox_bytes").fetchone()
    database.close()
    config = bench.config(bench.smtp)
    print(f"{count} acknowledgements of {size:.0f} octets, {CONNECTIONS} connections")
    ours, theirs = [], []
    for number in range(bench.runs):
        print(f"run {number + 1} of {bench.runs}")
        words = ["-d", "-m", str(count), "-s", str(CONNECTIONS), "-l", str(int(size)), "-f", "support@example.test", "-t", "customers@example.test"]
        began = time.monotonic()
        run("smtp-source", *words, f"127.0.0.1:{bench.smtp}", env=bench.env())
        theirs.append(rate("smtp-source", count, time.monotonic() - began))
        drain(bench)
        seconds, peak = bench.serve_until(config, SENT, count)
        ours.append(rate("caseway, each one recorded", count, seconds, peak))
        bench.change(again)
        drain(bench)
    print(f"caseway / smtp-source          {statistics.median(ours) / statistics.median(theirs):.2f}   (goal 0.7)")


def drain(bench):
    """Waits until Postfix has delivered what it has, so that the next one finds an empty queue."""
    while "queue is empty" not in subprocess.run(["/usr/sbin/postqueue", "-c", f"{bench.dir}/p/etc", "-p"], capture_output=True, text=True).stdout:
        time.sleep(0.5)


def read(bench):
    folder = f"{bench.dir}/mails"
    words = ["-n", str(bench.n), "--crlf", "--dir", folder]
    print(subprocess.run([f"{SERVERS}/seed.py", *words], check=True, capture_output=True, text=True).stdout.strip())
    mails = [open(f"{folder}/{name}", "rb").read() for name in sorted(os.listdir(folder))]
    octets = sum(map(len, mails))
    began = time.process_time()
    for mail in mails:
        for part in email.message_from_bytes(mail, policy=email.policy.default).walk():
            if not part.is_multipart():
                part.get_payload(decode=True)
    seconds = time.process_time() - began
    print(f"  {'python email, contents decoded':34} {len(mails) / seconds:9.0f} mails/s {octets / seconds / 1e6:8.1f} MB/s", flush=True)
    run_in_root = ["cargo", "bench", "-q", "--bench", "read", "--", folder]
    subprocess.run(run_in_root, check=True, cwd=ROOT)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("what", choices=["ingest", "send", "read", "probe", "hostile"])
    arguments.add_argument("-n", type=int, help="mails (10,000), or requests of probe (500)")
    arguments.add_argument("--runs", type=int, default=3, help="runs; the median counts (3)")
    arguments.add_argument("--binary", default=f"{ROOT}/target/release/caseway")
    options = arguments.parse_args()
    options.n = options.n or (500 if options.what == "probe" else 10_000)
    bench = Bench(options)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        {"ingest": ingest, "send": send, "read": read, "probe": probe, "hostile": hostile}[options.what](bench)
    finally:
        bench.stop()


if __name__ == "__main__":
    main()
