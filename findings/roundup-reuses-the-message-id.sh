#!/usr/bin/env bash
# Roundup 2.5.0 (PyPI), 2026-11: the notice that its "classic" tracker sends to a subscriber about a new issue has the
# Message-ID of the customer's own mail. Whoever is on both ends gets two different mails with one Message-ID: a
# receiver that drops by Message-ID alone (many servers and desks do) loses one of them.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install roundup==2.5.0
export HOME=$work
admin=$work/venv/bin/roundup-admin
"$admin" -i "$work/tracker" install classic anydbm >"$work/log"
sed -i -E 's|^#? *domain *=.*|domain = example.test|; s|^#? *web *= *NO DEFAULT|web = http://127.0.0.1/t/|; s|^#? *host *= *NO DEFAULT|host = 127.0.0.1|; s|^#?debug *= *$|debug = out.mbox|' "$work/tracker/config.ini"
"$admin" -i "$work/tracker" initialise secret >>"$work/log"
"$admin" -i "$work/tracker" create user username=erkki address=erkki@example.test roles=User password=secret >>"$work/log"
"$admin" -i "$work/tracker" create user username=anna address=anna@customer.test roles=User password=secret >>"$work/log"
"$work/venv/bin/roundup-mailgw" "$work/tracker" <<'MAIL'
From: Anna Schmidt <anna@customer.test>
To: issue_tracker@example.test
Subject: Printer offline [nosy=erkki]
Date: Mon, 30 Nov 2026 10:00:00 +0000
Message-ID: <a1@customer.test>

The printer is offline.
MAIL
grep -iE '^(message-id|to|subject|precedence|x-roundup-version): ' "$work/tracker/out.mbox" | sort -u | tee "$work/now"
cat > "$work/seen" <<'SEEN'
Message-Id: <a1@customer.test>
Precedence: bulk
Subject: [issue1] Printer offline
TO: erkki@example.test
To: erkki@example.test
X-Roundup-Version: 2.5.0
SEEN
diff <(LC_ALL=C sort "$work/seen") <(LC_ALL=C sort "$work/now") && echo "as seen"
