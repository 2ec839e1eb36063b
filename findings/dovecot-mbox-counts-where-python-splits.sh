#!/usr/bin/env bash
# Dovecot 2.3.19.1 (Debian 12) and Python 3.11's `mailbox.mbox`, 2026-12: Dovecot stores a line of a mail that begins with "From "
# as it is and writes Content-Length, by which its own reader finds the next mail; it puts no ">" before the line, as mboxo and
# mboxrd do (RFC 4155 leaves the choice). Python looks for "From " at the beginning of any line and for no length: it reads two
# mails where there is one, the second without a header. Whoever moves such a mailbox by a script of Python's loses the end of every mail
# in which a paragraph begins with that word. Needs root: Dovecot gives up root to touch mail.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
(cd "$work" && apt-get download -qq 'dovecot-core=1:2.3.19.1+dfsg1-2.1+deb12u7' 2>/dev/null && dpkg -x dovecot-core_*.deb .)
mkdir "$work/mail"; chown nobody:nogroup "$work/mail"
cat >"$work/dovecot.conf" <<CONF
mail_location = mbox:$work/mail
mail_uid = nobody
mail_gid = nogroup
log_path = /dev/stderr
ssl = no
base_dir = $work/run
libexec_dir = $work/usr/lib/dovecot
mail_plugin_dir = $work/usr/lib/dovecot/modules
CONF
printf '%s\n' 'From: anna@customer.test' 'To: support@example.test' 'Subject: Printer' 'Message-ID: <one@customer.test>' '' \
  'It works again.' '' 'From now on it prints.' >"$work/letter"
doveadm() { LD_LIBRARY_PATH="$work/usr/lib/dovecot" HOME="$work" USER=nobody "$work/usr/bin/doveadm" -c "$work/dovecot.conf" "$@"; }
doveadm save -m INBOX <"$work/letter"
{
  echo "in the file:"; grep -E '^>?From now|^Content-Length' "$work/mail/inbox"
  echo "Dovecot reads:"; doveadm fetch text.utf8 mailbox INBOX | grep -c '^From: '; doveadm fetch text.utf8 mailbox INBOX | grep "^From now"
  echo "Python reads:"
  python3 - "$work/mail/inbox" <<'PY'
import mailbox, sys
for mail in mailbox.mbox(sys.argv[1]):
    print(mail["Subject"], repr(mail.get_payload()))
PY
} | tee "$work/now"
cat > "$work/seen" <<'SEEN'
in the file:
Content-Length: 40
From now on it prints.
Dovecot reads:
1
From now on it prints.
Python reads:
Printer 'It works again.\n'
None ''
SEEN
diff "$work/seen" "$work/now" && echo "as seen"
