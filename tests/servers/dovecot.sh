#!/usr/bin/env bash
# dovecot.sh start|stop|status DIR [PORT]: a Dovecot 2.3 of its own on loopback, without systemd.
#
#   PORT      IMAP, STARTTLS offered        PORT+1    IMAPS
#   PORT+2    LMTP                          PORT+3    Dovecot SASL, for postfix.sh
#   DIR/mail/USER/Maildir                   DIR/tls/ca.pem, the authority to trust
#
# IMAP_USERS, MAIL_DOMAIN: see common.sh. DOVECOT_EXTRA: more lines for dovecot.conf.
# DIR must be short: the paths of sockets in it have at most 107 octets.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
usage="usage: dovecot.sh start|stop|status DIR [PORT]"
command=${1:?$usage}; dir=$(realpath -m "${2:?$usage}"); port=${3:-10143}

# The process id of our own master, if it is alive.
running() {
  local pid
  pid=$(cat "$dir/run/master.pid" 2>/dev/null) && [ -n "$pid" ] || return 1
  tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$dir/dovecot.conf" && echo "$pid"
}

write_users() {
  local uid gid user
  uid=$(id -u mail); gid=$(id -g mail)
  chown "$uid:$gid" "$dir/mail"
  for user in $USERS; do echo "$user:{PLAIN}$user-pw:$uid:$gid::$dir/mail/$user::"; done >"$dir/users"
  chown root:dovecot "$dir/users"; chmod 640 "$dir/users"
}

write_conf() {
  cat >"$dir/dovecot.conf" <<C
base_dir = $dir/run
state_dir = $dir/state
instance_name = caseway-test-$port
log_path = $dir/log/dovecot.log
listen = $LISTEN
protocols = imap lmtp
ssl = yes
ssl_cert = <$dir/tls/server.pem
ssl_key = <$dir/tls/server.key
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_username_format = %Ln
mail_location = maildir:~/Maildir
first_valid_uid = 1
last_valid_uid = 0
mail_max_userip_connections = 100
recipient_delimiter = +
lda_mailbox_autocreate = yes
hostname = mail.$DOMAIN
postmaster_address = postmaster@$DOMAIN
mail_plugins = zlib
passdb {
  driver = passwd-file
  mechanisms = plain login
  args = username_format=%n $dir/users
}
userdb {
  driver = passwd-file
  args = username_format=%n $dir/users
}
namespace inbox {
  inbox = yes
  separator = /
}
protocol imap {
  mail_plugins = zlib imap_zlib
}
service imap-login {
  service_count = 0
  process_min_avail = 1
  inet_listener imap {
    port = $port
  }
  inet_listener imaps {
    port = $((port + 1))
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = $LISTEN
    port = $((port + 2))
  }
}
service auth {
  inet_listener {
    address = $LISTEN
    port = $((port + 3))
  }
}
${DOVECOT_EXTRA:-}
C
}

start() {
  local pid open
  if pid=$(running); then echo "already running, pid $pid"; return; fi
  need dovecot dovecot-imapd dovecot-lmtpd
  need openssl openssl
  [ ${#dir} -le 70 ] || fail "$dir is too long for socket paths"
  dovecot --version | grep -q '^2\.3\.' || fail "the configuration in dovecot.sh is for Dovecot 2.3"
  mkdir -p "$dir"/{run,state,log,mail}; chmod 755 "$dir" "$dir/run"
  certificates "$dir/tls"
  write_users
  write_conf
  # The daemon must not keep the output of whoever waits for this script.
  dovecot -c "$dir/dovecot.conf" </dev/null >"$dir/log/start.log" 2>&1 || { cat "$dir/log/start.log" >&2; fail "dovecot did not start"; }
  for open in "$port" $((port + 1)) $((port + 2)) $((port + 3)); do
    wait_until 10 port_open "$open" || { tail -5 "$dir/log/dovecot.log" >&2; fail "port $open is not open"; }
  done
  echo "dovecot, pid $(running): IMAP $port, IMAPS $((port + 1)), LMTP $((port + 2)), SASL $((port + 3))"
}

export PATH=$PATH:/usr/sbin:/sbin
case $command in
  start) start ;;
  stop) if pid=$(running); then stop_group "$pid"; echo "stopped $pid"; else echo "not running"; fi ;;
  status) if pid=$(running); then echo "running, pid $pid"; else echo "not running"; exit 3; fi ;;
  *) fail "$usage" ;;
esac
