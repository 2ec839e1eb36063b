#!/usr/bin/env python3
"""postgres.py COMMAND... - runs a command beside a PostgreSQL server of its own, and ends with its exit code.

The server lies in a temporary folder and listens on a socket there alone: no port is taken. Commands find it by
CASEWAY_TEST_DATABASE, and make databases of their own on it. Root starts it as the user postgres, whom the package
brings; PostgreSQL refuses root. It sorts as people do (ICU), so that nothing passes that leans on the order of octets.
"""
import glob
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.parse

WAIT_S = "60"


def programs():
    """The folder of the newest server that Debian installed."""
    found = glob.glob("/usr/lib/postgresql/*/bin/postgres")
    if not found:
        sys.exit("PostgreSQL is not installed; ./dev install brings it")
    return os.path.dirname(max(found, key=lambda path: int(re.findall(r"\d+", path)[0])))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    bin = programs()
    # Whoever ends this early ends the server, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = tempfile.mkdtemp(prefix="caseway-pg-")
    own = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        own = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    data, log = os.path.join(folder, "data"), os.path.join(folder, "log")

    def run(*words):
        return subprocess.run(words, cwd=folder, stdout=subprocess.DEVNULL, **own)

    # What the tests write need not survive the machine, only the processes.
    settings = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c full_page_writes=off -c max_connections=200"
    try:
        run(f"{bin}/initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
            "--locale-provider=icu", "--icu-locale=en-US", "--no-sync").check_returncode()
        # Who is not the superuser needs a password.
        with open(os.path.join(data, "pg_hba.conf"), "w") as access:
            access.write("local all postgres trust\nlocal all all scram-sha-256\n")
        if run(f"{bin}/pg_ctl", "-D", data, "-l", log, "-w", "-t", WAIT_S, "-o", settings, "start").returncode:
            sys.exit("PostgreSQL does not start:\n" + open(log, errors="replace").read())
        url = f"postgres://postgres@{urllib.parse.quote(folder, safe='')}/postgres"
        sys.exit(subprocess.run(sys.argv[1:], env=os.environ | {"CASEWAY_TEST_DATABASE": url}).returncode)
    finally:
        # By the PID in its own folder: no other server is touched.
        if os.path.exists(os.path.join(data, "postmaster.pid")):
            run(f"{bin}/pg_ctl", "-D", data, "-m", "immediate", "-w", "-t", WAIT_S, "stop")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
