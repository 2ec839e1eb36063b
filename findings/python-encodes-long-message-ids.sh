#!/usr/bin/env bash
# Python 3.11's email package, 2026-11: an answer made with EmailMessage to a mail whose Message-ID does not fit into a line (77 octets, as
# Exchange Online writes them) names it in In-Reply-To and References as RFC 2047 encoded words, although §5 allows them in no id. Message-ID
# itself is spared. A mail that only passes through (policy.SMTP or default, nothing touched) is rewritten likewise. Whether the
# thread holds depends on who reads: mailparser 3.14.2 (npm) and Debian 12's notmuch 0.37 decode the words; THREAD of Debian 12's Dovecot
# 2.3.19 does not, though its SEARCH HEADER does.
set -euo pipefail
work=$(mktemp -d); root=$work/root; chmod 755 "$work"; trap 'rm -rf "$work"' EXIT
mkdir -p "$work/box/cur" "$work/box/new" "$work/box/tmp"
cat > "$work/answer.py" <<'PY'
import email, sys
from email import policy
from email.message import EmailMessage
ID = "<AM9PR04MB88120F0E2B5A1D94C3E8F62A1B3A0@AM9PR04MB8812.eurprd04.prod.outlook.com>"
first, answer = EmailMessage(), EmailMessage()
for mail, own, subject in ((first, ID, "Printer"), (answer, "<a1@desk.test>", "About your request")):
    mail["From"], mail["To"], mail["Date"] = "a@desk.test", "b@customer.test", "Mon, 30 Nov 2026 10:00:00 +0000"
    mail["Subject"], mail["Message-ID"] = subject, own
    mail.set_content("words")
answer["In-Reply-To"] = answer["References"] = ID
for number, mail in enumerate((first, answer)):
    with open(f"{sys.argv[1]}/cur/{number}:2,S", "wb") as file:
        file.write(mail.as_bytes(policy=policy.SMTP))
own = next(line for line in first.as_bytes().splitlines() if b"outlook" in line).decode()
print("python Message-ID", "as it is" if ID in own else own)
for name in ("In-Reply-To", "References"):
    print("python", name, answer.as_bytes().split(name.encode() + b": ")[1].split(b"\nContent")[0].splitlines()[0].decode())
passed_on = email.message_from_bytes(f"In-Reply-To: {ID}\r\n\r\nwords\r\n".encode(), policy=policy.SMTP)
print("python passed on", passed_on.as_bytes().splitlines()[0].decode())
PY
python3 "$work/answer.py" "$work/box" > "$work/now"
(cd "$work" && npm init -y >/dev/null && npm install --silent --no-audit --no-fund mailparser@3.14.2)
cat > "$work/try.mjs" <<'JS'
import { readFileSync } from 'node:fs';
import { simpleParser } from 'mailparser';
const mail = await simpleParser(readFileSync(process.argv[2]));
console.log('mailparser In-Reply-To', mail.inReplyTo);
JS
(cd "$work" && node try.mjs "box/cur/1:2,S") >> "$work/now"

# Debian's notmuch and Dovecot in a root of their own (needs root: Dovecot takes another user's rights).
mkdir "$work/debs" "$root"
touch "$work/status"
mkdir -p "$work/debs/partial"
apt-get -qq -y --no-install-recommends --download-only -o Dir::State::status="$work/status" -o Dir::Cache::archives="$work/debs" install notmuch dovecot-imapd >/dev/null
for deb in "$work"/debs/*.deb; do dpkg -x "$deb" "$root"; done
mkdir -p "$root/dev" "$root/etc" "$root/run"
printf 'root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/box:/bin/sh\n' > "$root/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' > "$root/etc/group"
mknod -m 666 "$root/dev/null" c 1 3; mknod -m 666 "$root/dev/urandom" c 1 9
cp -r "$work/box" "$root/box"
printf '[database]\npath=/box\n[user]\nname=a\nprimary_email=a@desk.test\n' > "$root/etc/notmuch"
as_notmuch() { NOTMUCH_CONFIG=/etc/notmuch chroot "$root" /usr/bin/notmuch "$@"; }
as_notmuch new > "$work/log" 2>&1
echo "notmuch threads $(as_notmuch count --output=threads '*')" >> "$work/now"
rm -rf "$root/box/.notmuch"

chown -R 65534:65534 "$root/box"
cat > "$root/etc/imap.conf" <<END
log_path = /dev/stderr
mail_location = maildir:/box
default_internal_user = nobody
default_login_user = nobody
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 0
first_valid_gid = 0
protocols = imap
ssl = no
END
printf '%s\r\n' 'a select inbox' 'b thread references us-ascii all' 'c search header in-reply-to eurprd04.prod.outlook.com' 'd logout' |
  USER=nobody HOME=/box chroot "$root" /usr/lib/dovecot/imap -c /etc/imap.conf 2>>"$work/log" |
  tr -d '\r' | sed -n 's/^\* \(THREAD\|SEARCH\)/Dovecot \1/p' >> "$work/now"
cat "$work/now"
cat > "$work/seen" <<'SEEN'
python Message-ID as it is
python In-Reply-To =?utf-8?q?=3CAM9PR04MB88120F0E2B5A1D94C3E8F62A1B3A0=40AM9PR04MB?=
python References =?utf-8?q?=3CAM9PR04MB88120F0E2B5A1D94C3E8F62A1B3A0=40AM9PR04MB8?=
python passed on In-Reply-To: =?utf-8?q?=3CAM9PR04MB88120F0E2B5A1D94C3E8F62A1B3A0=40AM9PR04MB?=
mailparser In-Reply-To <AM9PR04MB88120F0E2B5A1D94C3E8F62A1B3A0@AM9PR04MB8812.eurprd04.prod.outlook.com>
notmuch threads 1
Dovecot THREAD (1)(2)
Dovecot SEARCH 2
SEEN
diff "$work/seen" "$work/now" && echo "as seen"
