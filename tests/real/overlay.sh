#!/usr/bin/env bash
# overlay.sh PACKAGE… -- COMMAND…: runs a command on this system as it would be with other packages on it, none of which
# stay: mail servers that cannot stand beside each other. Needs root; ends everything it started when it is ended.
#
# Call it by `unshare --mount --pid --fork --kill-child --mount-proc`: the mounts and processes are then of it alone.
set -euo pipefail
packages=()
while [ "$1" != -- ]; do packages+=("$1"); shift; done
shift
top=$(mktemp -d)
mount -t tmpfs overlay "$top"
mkdir "$top"/{up,work,root}
mount -t overlay overlay -o "lowerdir=/,upperdir=$top/up,workdir=$top/work" "$top/root"
for folder in dev proc sys tmp; do mount --rbind "/$folder" "$top/root/$folder"; done
# A server that finds no name for itself waits for one.
echo "127.0.0.1 localhost $(hostname).test $(hostname)" >>"$top/root/etc/hosts"
# Nothing is to be started by the packages themselves.
printf '#!/bin/sh\nexit 101\n' >"$top/root/usr/sbin/policy-rc.d"
chmod 755 "$top/root/usr/sbin/policy-rc.d"
printf '%s\n' "postfix postfix/main_mailer_type select No configuration" "man-db man-db/auto-update boolean false" |
  chroot "$top/root" debconf-set-selections
printf 'path-exclude=/usr/share/%s/*\n' man doc >"$top/root/etc/dpkg/dpkg.cfg.d/short"
if [ ${#packages[@]} -gt 0 ]; then
  # While another installation goes on, what is below would be half of it.
  exec 9>/var/lib/dpkg/lock-frontend
  python3 -c 'import fcntl; fcntl.lockf(9, fcntl.LOCK_EX)'
  DEBIAN_FRONTEND=noninteractive chroot "$top/root" apt-get install -q -y --no-install-recommends "${packages[@]}" >"$top/install.log" 2>&1 9>&- ||
    { tail -n 20 "$top/install.log" >&2; exit 1; }
  exec 9>&-
fi
exec chroot "$top/root" "$@"
