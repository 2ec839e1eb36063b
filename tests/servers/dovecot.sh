#!/usr/bin/env bash
# dovecot.sh start|stop|status DIR [PORT]   - a private Dovecot 2.3 on loopback, no systemd.
#   PORT    plain IMAP (STARTTLS offered)      PORT+1  IMAPS
#   PORT+2  LMTP                               PORT+3  auth socket (Dovecot SASL, for Postfix)
# Environment (all optional):
#   IMAP_USERS   "support registration alice bob carol ..." ; the password of USER is USER-pw
#   MAIL_DOMAIN  example.test        MAIL_USER  system user owning the maildirs (mail)
#   LISTEN       127.0.0.1           DOVECOT_EXTRA  extra lines for dovecot.conf
# Needs: dovecot-imapd dovecot-lmtpd openssl; root. Maildirs: DIR/mail/USER
set -euo pipefail
cmd=${1:?start|stop|status}; DIR=$(realpath -m "${2:?DIR}"); PORT=${3:-10143}
LISTEN=${LISTEN:-127.0.0.1}; MAIL_USER=${MAIL_USER:-mail}; MAIL_DOMAIN=${MAIL_DOMAIN:-example.test}
IMAP_USERS=${IMAP_USERS:-"support registration alice bob carol customers postmaster ghostless"}
BIN=$(command -v dovecot || echo /usr/sbin/dovecot)
PIDF=$DIR/run/master.pid
running() { # echoes the pid when our own master is alive
  [ -s "$PIDF" ] || return 1; local p; p=$(cat "$PIDF")
  [ -d "/proc/$p" ] && tr '\0' ' ' <"/proc/$p/cmdline" | grep -qF -- "$DIR/dovecot.conf" && echo "$p"
}
port_open() { (exec 3<>"/dev/tcp/$LISTEN/$1") 2>/dev/null; }
mk_tls() { # private CA + leaf (rustls/webpki refuse a CA cert as end entity, so not plain self-signed)
  local t=$1; [ -s "$t/server.pem" ] && return; mkdir -p "$t"
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=caseway test CA" -keyout "$t/ca.key" -out "$t/ca.pem" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
  openssl req -newkey rsa:2048 -nodes -subj "/CN=localhost" -keyout "$t/server.key" -out "$t/server.csr" 2>/dev/null
  openssl x509 -req -in "$t/server.csr" -CA "$t/ca.pem" -CAkey "$t/ca.key" -CAcreateserial -days 3650 -out "$t/server.pem" \
    -extfile <(printf 'basicConstraints=CA:FALSE\nsubjectAltName=DNS:localhost,DNS:mail.%s,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' "$MAIL_DOMAIN") 2>/dev/null
  chmod 600 "$t"/*.key
}
case $cmd in
start)
  if p=$(running); then echo "already running pid $p"; exit 0; fi
  [ ${#DIR} -le 70 ] || { echo "DIR too long for unix sockets" >&2; exit 2; }
  mkdir -p "$DIR"/{run,state,log,mail}; chmod 755 "$DIR" "$DIR/run"
  UIDN=$(id -u "$MAIL_USER"); GIDN=$(id -g "$MAIL_USER"); chown "$UIDN:$GIDN" "$DIR/mail"
  mk_tls "$DIR/tls"
  : >"$DIR/users"; for u in $IMAP_USERS; do echo "$u:{PLAIN}$u-pw:$UIDN:$GIDN::$DIR/mail/$u::" >>"$DIR/users"; done
  chown root:dovecot "$DIR/users"; chmod 640 "$DIR/users"
  cat >"$DIR/dovecot.conf" <<C
base_dir = $DIR/run
state_dir = $DIR/state
instance_name = caseway-$PORT
log_path = $DIR/log/dovecot.log
listen = $LISTEN
protocols = imap lmtp
ssl = yes
ssl_cert = <$DIR/tls/server.pem
ssl_key = <$DIR/tls/server.key
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_username_format = %Ln
mail_location = maildir:~/Maildir
first_valid_uid = 1
last_valid_uid = 0
mail_max_userip_connections = 100
recipient_delimiter = +
lda_mailbox_autocreate = yes
hostname = mail.$MAIL_DOMAIN
postmaster_address = postmaster@$MAIL_DOMAIN
mail_plugins = zlib
passdb {
  driver = passwd-file
  args = username_format=%n $DIR/users
}
userdb {
  driver = passwd-file
  args = username_format=%n $DIR/users
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Processed { 
    auto = create 
  }
  mailbox Failed { 
    auto = create 
  }
  mailbox Trash { 
    special_use = \Trash 
  }
}
protocol imap {
  mail_plugins = zlib imap_zlib
}
service imap-login {
  service_count = 0
  process_min_avail = 1
  inet_listener imap {
    port = $PORT
  }
  inet_listener imaps {
    port = $((PORT+1))
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = $LISTEN
    port = $((PORT+2))
  }
}
service auth {
  inet_listener {
    address = $LISTEN
    port = $((PORT+3))
  }
}
${DOVECOT_EXTRA:-}
C
  "$BIN" -c "$DIR/dovecot.conf"
  for p in 0 1 2 3; do for i in $(seq 100); do port_open $((PORT+p)) && break; sleep 0.1; done
    port_open $((PORT+p)) || { echo "port $((PORT+p)) not open" >&2; tail -5 "$DIR/log/dovecot.log" >&2; exit 1; }; done
  echo "dovecot pid $(cat "$PIDF") imap $PORT imaps $((PORT+1)) lmtp $((PORT+2)) auth $((PORT+3))";;
stop)
  if p=$(running); then kill "$p"; for i in $(seq 100); do [ -d "/proc/$p" ] || break; sleep 0.1; done
    [ -d "/proc/$p" ] && { echo "pid $p did not end" >&2; exit 1; }; echo "stopped $p"; else echo "not running"; fi;;
status) if p=$(running); then echo "running $p"; else echo "not running"; exit 3; fi;;
*) echo "usage: $0 start|stop|status DIR [PORT]" >&2; exit 2;;
esac
