"""Whether the pages take as long for addresses that nobody has as for known ones: what somebody can measure who asks about
others. The order is shuffled, as the gateway still works on a question after it has answered it."""
import base64, http.client, os, random, re, sqlite3, statistics, subprocess, sys, time, urllib.parse

from ports import free_ports

CONFIG = '''[desk]
name = "Example Support"
[database]
path = "caseway.db"
[mailbox.support]
address = "support@example.test"
pipe = true
[form.password]
title = {{ en = "Password reset" }}
words = ["forgot my password"]
action = "reset-password"
fields = [{{ name = "email", type = "email" }}]
[transport.main]
folder = "{dir}/out"
[web]
listen = "127.0.0.1:{port}"
base_url = "http://127.0.0.1:{port}"
trusted_proxies = ["127.0.0.1"]
[log]
level = "error"
'''


class Visitor:
    """A browser with one page open, whose requests come from another address each time."""

    def __init__(self, port):
        self.http, self.sent = http.client.HTTPConnection("127.0.0.1", port, timeout=30), 0
        self.http.request("GET", "/sign-in")
        answer = self.http.getresponse()
        self.cookie = answer.headers["set-cookie"].split(";")[0]
        self.csrf = re.search(r'name="csrf" value="([^"]+)"', answer.read().decode())[1]

    def post(self, path, **fields):
        """Status and seconds."""
        self.sent += 1
        body = urllib.parse.urlencode({"csrf": self.csrf, **fields})
        head = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie,
                "X-Forwarded-For": f"198.18.{self.sent // 250}.{self.sent % 250}"}
        began = time.perf_counter()
        self.http.request("POST", path, body, head)
        answer = self.http.getresponse()
        answer.read()
        return answer.status, time.perf_counter() - began


def accounts(database, count):
    """Business Accounts with a password that nobody knows, hashed like any other."""
    coded = lambda octets: base64.b64encode(os.urandom(octets)).decode().rstrip("=")
    rows = [(n, f"known{n:04}@customer.test", f"$argon2id$v=19$m=19456,t=2,p=1${coded(16)}${coded(32)}") for n in range(1, count + 1)]
    with sqlite3.connect(database, timeout=10) as changing:
        changing.executemany("INSERT INTO business_account (id, email, state, password_hash, created_at, updated_at) VALUES (?, ?, 'active', ?, 0, 0)", rows)
        changing.execute("UPDATE counter SET value = ? WHERE name = 'business_account'", (count,))


def measure(port, path, count, **fields):
    visitor, seconds = Visitor(port), {"known": [], "guess": []}
    asked = [(kind, n) for kind in seconds for n in range(1, count // 2 + 1)]
    random.Random(7).shuffle(asked)
    statuses = set()
    for kind, n in asked:
        status, took = visitor.post(path, email=f"{kind}{n:04}@customer.test", **fields)
        statuses.add(status)
        seconds[kind].append(took)
    known, guess = (statistics.median(seconds[kind]) * 1000 for kind in ("known", "guess"))
    print(f"  {path:12} status {sorted(statuses)}   known {known:7.2f} ms   unknown {guess:7.2f} ms   ratio {known / guess:.3f}", flush=True)


def probe(bench):
    port, config = free_ports(1, bench.imap), f"{bench.dir}/caseway.toml"
    with open(config, "w") as file:
        file.write(CONFIG.format(dir=bench.dir, port=port))
    with open(f"{bench.dir}/log", "w") as log:
        gateway = subprocess.Popen([bench.binary, "--config", config, "serve"], stderr=log)
    try:
        while True:
            time.sleep(0.05)
            if gateway.poll() is not None:
                sys.exit(open(f"{bench.dir}/log").read())
            try:
                Visitor(port)
                break
            except OSError:
                continue
        accounts(f"{bench.dir}/caseway.db", bench.n // 2)
        print(f"{bench.n} requests to each page, half of them about known addresses, in any order; medians:")
        measure(port, "/sign-in", bench.n, password="not the right one")
        measure(port, "/forgot", bench.n)
    finally:
        gateway.terminate()
        gateway.wait(60)
