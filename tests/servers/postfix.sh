#!/usr/bin/env bash
# postfix.sh start|stop|status DIR [PORT]   - a private Postfix on loopback, own config dir, no systemd, no syslog.
#   PORT    SMTP without AUTH (loopback may relay; STARTTLS offered)
#   PORT+1  submission: STARTTLS and AUTH required     PORT+2  submissions: implicit TLS, AUTH required
# Environment (optional): IMAP_PORT (10143; LMTP = +2, SASL = +3 of dovecot.sh), MAIL_DOMAIN (example.test),
#   IMAP_USERS (known recipients), TLS_DIR (DIR/tls), POSTFIX_EXTRA (extra main.cf lines)
# Routing:  USER@example.test -> Dovecot LMTP; unknown@example.test -> 550 5.1.1 at RCPT
#   ghost@example.test     accepted, then refused by LMTP 550 -> a real DSN to the envelope sender
#   full@example.test, anything@bounce.test -> accepted, then a DSN (5.2.2 / 5.1.1)   anything@defer.test -> stays deferred
#   (an error: transport would be refused at RCPT already, so these use pipe)
#   tempfail@example.test  450 at RCPT                                  anything@customer.test -> mailbox "customers"
#   every other domain -> accepted, then DSN 5.4.4 (nothing ever leaves this machine)
set -euo pipefail
cmd=${1:?start|stop|status}; DIR=$(realpath -m "${2:?DIR}"); PORT=${3:-10025}
LISTEN=${LISTEN:-127.0.0.1}; IMAP_PORT=${IMAP_PORT:-10143}; D=${MAIL_DOMAIN:-example.test}; TLS_DIR=${TLS_DIR:-$DIR/tls}
IMAP_USERS=${IMAP_USERS:-"support registration alice bob carol customers postmaster ghostless"}
export PATH=/usr/sbin:/sbin:$PATH
PIDF=$DIR/queue/pid/master.pid
running() { [ -s "$PIDF" ] || return 1; local p; p=$(tr -d ' \n' <"$PIDF"); [ -d "/proc/$p" ] && [ "$(readlink "/proc/$p/cwd")" = "$DIR/queue" ] && echo "$p"; }
port_open() { (exec 3<>"/dev/tcp/$LISTEN/$1") 2>/dev/null; }
mk_tls() { local t=$1; [ -s "$t/server.pem" ] && return; mkdir -p "$t"
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=caseway test CA" -keyout "$t/ca.key" -out "$t/ca.pem" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
  openssl req -newkey rsa:2048 -nodes -subj "/CN=localhost" -keyout "$t/server.key" -out "$t/server.csr" 2>/dev/null
  openssl x509 -req -in "$t/server.csr" -CA "$t/ca.pem" -CAkey "$t/ca.key" -CAcreateserial -days 3650 -out "$t/server.pem" \
    -extfile <(printf 'basicConstraints=CA:FALSE\nsubjectAltName=DNS:localhost,DNS:mail.%s,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' "$D") 2>/dev/null
  chmod 600 "$t"/*.key; }
case $cmd in
start)
  if p=$(running); then echo "already running pid $p"; exit 0; fi
  mkdir -p "$DIR"/{etc,queue,data,log}; chmod 755 "$DIR" "$DIR/etc" "$DIR/queue"; chown postfix "$DIR/data"
  rm -f "$PIDF" "$DIR/data/master.lock"
  mk_tls "$TLS_DIR"
  { for u in $IMAP_USERS; do echo "$u@$D $u"; done; echo "ghost@$D ghost"; echo "full@$D full"; echo "tempfail@$D tempfail"; } >"$DIR/etc/recipients"
  printf '%s\n' "@customer.test customers@$D" >"$DIR/etc/valias"
  printf '%s\n' "full@$D tfull:" "bounce.test tnouser:" "defer.test tdefer:" "$D lmtp:inet:$LISTEN:$((IMAP_PORT+2))" >"$DIR/etc/transport"
  printf '%s\n' "tempfail@$D 450 4.7.1 try again later" >"$DIR/etc/rcpt_access"
  cat >"$DIR/etc/main.cf" <<C
compatibility_level = 3.6
queue_directory = $DIR/queue
data_directory = $DIR/data
maillog_file = $DIR/log/postfix.log
maillog_file_prefixes = $DIR
syslog_name = pf$PORT
multi_instance_name = pf-$PORT
myhostname = mail.$D
mydomain = $D
myorigin = \$mydomain
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = $LISTEN
inet_protocols = ipv4
smtp_bind_address = $LISTEN
alias_maps =
alias_database =
local_recipient_maps =
local_transport = error:5.1.1 no local mailboxes
relay_domains =
virtual_mailbox_domains = $D
virtual_mailbox_maps = texthash:$DIR/etc/recipients
virtual_alias_domains = customer.test
virtual_alias_maps = texthash:$DIR/etc/valias
transport_maps = texthash:$DIR/etc/transport
virtual_transport = lmtp:inet:$LISTEN:$((IMAP_PORT+2))
default_transport = tnohost:
relay_transport = tnohost:
smtp_dns_support_level = disabled
lmtp_dns_support_level = disabled
smtp_host_lookup = native
lmtp_host_lookup = native
recipient_delimiter = +
message_size_limit = 52428800
mailbox_size_limit = 0
smtpd_recipient_restrictions = check_recipient_access texthash:$DIR/etc/rcpt_access, reject_unlisted_recipient, permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
smtpd_tls_cert_file = $TLS_DIR/server.pem
smtpd_tls_key_file = $TLS_DIR/server.key
smtpd_tls_security_level = may
smtp_tls_security_level = none
lmtp_tls_security_level = none
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:$LISTEN:$((IMAP_PORT+3))
smtpd_sasl_local_domain = $D
smtpd_peername_lookup = no
in_flow_delay = 0
queue_run_delay = 10s
minimal_backoff_time = 10s
maximal_backoff_time = 60s
biff = no
${POSTFIX_EXTRA:-}
C
  cat >"$DIR/etc/master.cf" <<C
$PORT     inet  n - n - - smtpd
$((PORT+1)) inet  n - n - - smtpd
  -o syslog_name=pf$PORT/submission
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
$((PORT+2)) inet  n - n - - smtpd
  -o syslog_name=pf$PORT/smtps
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
verify    unix  - - n - 1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp      unix  - - n - - smtp
relay     unix  - - n - - smtp
showq     unix  n - n - - showq
error     unix  - - n - - error
retry     unix  - - n - - error
discard   unix  - - n - - discard
lmtp      unix  - - n - - lmtp
tnouser   unix  - n n - - pipe
  user=mail argv=/bin/sh -c {cat >/dev/null; echo 5.1.1 no such user here; exit 67}
tfull     unix  - n n - - pipe
  user=mail argv=/bin/sh -c {cat >/dev/null; echo 5.2.2 mailbox full; exit 73}
tnohost   unix  - n n - - pipe
  user=mail argv=/bin/sh -c {cat >/dev/null; echo 5.4.4 this machine has no outside; exit 68}
tdefer    unix  - n n - - pipe
  user=mail argv=/bin/sh -c {cat >/dev/null; echo 4.4.1 host not reachable just now; exit 75}
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
C
  postfix -c "$DIR/etc" start 2>"$DIR/log/start.err" || { cat "$DIR/log/start.err" "$DIR/log/postfix.log" >&2; exit 1; }
  for p in 0 1 2; do for i in $(seq 100); do port_open $((PORT+p)) && break; sleep 0.1; done
    port_open $((PORT+p)) || { echo "port $((PORT+p)) not open" >&2; tail -5 "$DIR/log/postfix.log" >&2; exit 1; }; done
  echo "postfix pid $(tr -d ' \n' <"$PIDF") smtp $PORT submission $((PORT+1)) submissions $((PORT+2))";;
stop)
  if p=$(running); then kill "$p"; for i in $(seq 100); do [ -d "/proc/$p" ] || break; sleep 0.1; done
    [ -d "/proc/$p" ] && { echo "pid $p did not end" >&2; exit 1; }; echo "stopped $p"; else echo "not running"; fi;;
status) if p=$(running); then echo "running $p"; postqueue -c "$DIR/etc" -p | tail -1; else echo "not running"; exit 3; fi;;
*) echo "usage: $0 start|stop|status DIR [PORT]" >&2; exit 2;;
esac
