#!/usr/bin/env bash
# Installs, tries and removes a Debian package in a fresh chroot. Needs root and debootstrap.
#
#   deploy/package-test.sh FILE.deb [MIRROR]
set -euo pipefail
package=$(realpath "$1")
mirror=${2:-http://deb.debian.org/debian}
root=$(mktemp -d /tmp/caseway-chroot-XXXX)
# The gateway runs as a user of its own.
chmod 755 "$root"
trap 'umount "$root/proc" 2>/dev/null || true; rm -rf "$root"' EXIT

fail() { echo "FAILED: $*" >&2; exit 1; }
in_root() { DEBIAN_FRONTEND=noninteractive LC_ALL=C chroot "$root" "$@"; }
is() { [ "$(in_root stat -c '%a %U:%G' "$1")" = "$2" ] || fail "$1 is $(in_root stat -c '%a %U:%G' "$1"), not $2"; }

debootstrap --variant=minbase bookworm "$root" "$mirror" >/dev/null
mount -t proc proc "$root/proc"
cp "$package" "$root/tmp/caseway.deb"

in_root apt-get install -q -y --no-install-recommends /tmp/caseway.deb >"$root/tmp/install.log" 2>&1 || { tail -20 "$root/tmp/install.log"; fail "it is not installed"; }
grep -q 'caseway init' "$root/tmp/install.log" || fail "nothing is said of what is next"
in_root caseway --version
in_root getent passwd caseway >/dev/null || fail "there is no user caseway"
is /etc/caseway '750 root:caseway'
is /usr/bin/caseway '755 root:root'
for file in lib/systemd/system/caseway.service usr/lib/sysusers.d/caseway.conf usr/share/man/man1/caseway.1.gz usr/share/man/man1/caseway-check.1.gz \
  usr/share/bash-completion/completions/caseway usr/share/zsh/vendor-completions/_caseway usr/share/fish/vendor_completions.d/caseway.fish \
  usr/share/doc/caseway/caseway.example.toml; do
  [ -s "$root/$file" ] || fail "$file is missing"
done
grep -q '^ExecStart=/usr/bin/caseway ' "$root/lib/systemd/system/caseway.service" || fail "the unit starts another binary"

# A desk that reads nothing and sends into a folder, as the user of the unit.
cat >"$root/etc/caseway/caseway.toml" <<'T'
[desk]
name = "Example"
[database]
path = "/var/lib/caseway/caseway.db"
[mailbox.support]
address = "support@example.test"
pipe = true
[transport.out]
folder = "/var/lib/caseway/out"
T
in_root install -d -m 0700 -o caseway -g caseway /var/lib/caseway /var/lib/caseway/out
as_caseway() { in_root setpriv --reuid caseway --regid caseway --clear-groups "$@"; }
as_caseway caseway --config /etc/caseway/caseway.toml check >/dev/null || fail "caseway check"
printf 'From: ann@customer.test\nTo: support@example.test\nSubject: Printer\nMessage-ID: <a@customer.test>\n\nIt is broken.\n' |
  as_caseway caseway --config /etc/caseway/caseway.toml ingest --mailbox support - >/dev/null || fail "caseway ingest"
as_caseway caseway --config /etc/caseway/caseway.toml ticket list | grep -q CASE-1 || fail "no ticket came of a mail"

in_root dpkg -r caseway >/dev/null
[ ! -e "$root/usr/bin/caseway" ] || fail "the binary is left"
[ -s "$root/var/lib/caseway/caseway.db" ] || fail "the database went with the package"
in_root dpkg -P caseway >/dev/null 2>&1
[ -s "$root/var/lib/caseway/caseway.db" ] || fail "the database went with the purge"
left=$(in_root find / -xdev -name '*caseway*' -not -path '/proc/*' -not -path '/var/lib/caseway*' -not -path '/etc/caseway*' -not -path '/tmp/*' -not -path '/var/log/*')
[ -z "$left" ] || fail "left behind: $left"
echo "installed, tried and removed: $(basename "$package")"
