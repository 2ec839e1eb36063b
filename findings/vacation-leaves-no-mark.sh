#!/usr/bin/env bash
# vacation 3.3.3 (Debian 12), 2026-11: it keeps silent towards mail that says Auto-Submitted, and its own answers do not say it. They
# have a To field and the lines of the user's file, nothing else: no Auto-Submitted, no Precedence, no In-Reply-To, and they leave
# under the user's own return path instead of the null one (RFC 3834 §3.1.1, §3.3, §5). Two of its users do not see a robot in
# each other; a desk that goes by headers takes its answer for a new request by a person. Needs root, for a `sendmail` to stand in.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
(cd "$work" && apt-get download -qq vacation=3.3.3 2>/dev/null && dpkg -x vacation_3.3.3_*.deb .)
mkdir "$work/sbin" "$work/home"
printf '#!/bin/sh\necho "sendmail $*"\ncat\n' >"$work/sbin/sendmail"; chmod 755 "$work/sbin/sendmail"
printf 'Subject: I am away\n\nBack on Monday.\n' >"$work/home/message"
# One letter by a person, one by a machine; each as a delivery agent hands it over.
answer() {
  printf '%s\n' 'Return-Path: <anna@customer.test>' 'From: anna@customer.test' 'To: kim@example.test' 'Subject: Printer' \
    'Message-ID: <one@customer.test>' "$@" '' 'The printer is broken.' >"$work/letter"
  # It calls /usr/sbin/sendmail by its full name, where a folder of ours lies for it alone, and does not wait for it; `cat` does.
  unshare --mount sh -c 'mount --bind "$1/sbin" /usr/sbin && exec env HOME="$1/home" "$1/usr/bin/vacation" -f "$1/home/db" -m "$1/home/message" -r 0 -a kim@example.test mail <"$1/letter"' - "$work"
}
{ echo "to a person's mail:"; answer 'X-Mailer: mutt' | cat; echo "to a machine's mail:"; answer 'Auto-Submitted: auto-replied' | cat; echo "(end)"; } | tee "$work/now"
cat > "$work/seen" <<'SEEN'
to a person's mail:
sendmail -f mail -- anna@customer.test
To: anna@customer.test
Subject: I am away

Back on Monday.
to a machine's mail:
(end)
SEEN
diff "$work/seen" "$work/now" && echo "as seen"
