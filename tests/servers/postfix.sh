#!/usr/bin/env bash
# postfix.sh start|stop|status DIR [PORT]: a Postfix of its own on loopback, without systemd and syslog, that delivers
# to the Dovecot of dovecot.sh at IMAP_PORT (10143).
#
#   PORT      SMTP without AUTH; loopback may relay, STARTTLS offered
#   PORT+1    submission: STARTTLS and AUTH required        PORT+2    submissions: TLS and AUTH required
#   DIR/tls/ca.pem   the authority to trust
#
# What becomes of a mail to
#   USER@example.test          delivered; any other name there: 550 5.1.1 at RCPT
#   tempfail@example.test      450 4.7.1 at RCPT
#   ghost@example.test         accepted, refused by LMTP: a delivery report comes back
#   full@example.test          accepted, then a delivery report 5.2.2
#   anyone@bounce.test         accepted, then a delivery report 5.1.1
#   anyone@defer.test          accepted, stays in the queue
#   anyone@customer.test       delivered to the user customers
#   any other domain           accepted, then a delivery report 5.4.4: nothing leaves this machine
# Reports come from pipe transports, because an error: transport would refuse at RCPT already.
#
# IMAP_USERS, MAIL_DOMAIN: see common.sh. POSTFIX_EXTRA: more lines for main.cf. TRANSPORT_EXTRA: more lines for
# the table of transports.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
usage="usage: postfix.sh start|stop|status DIR [PORT]"
command=${1:?$usage}; dir=$(realpath -m "${2:?$usage}"); port=${3:-10025}
imap=${IMAP_PORT:-10143}
lmtp=lmtp:inet:$LISTEN:$((imap + 2))

# The process id of our own master, if it is alive.
running() {
  local pid
  pid=$(tr -d ' \n' 2>/dev/null <"$dir/queue/pid/master.pid") && [ -n "$pid" ] || return 1
  [ "$(readlink "/proc/$pid/cwd")" = "$dir/queue" ] && echo "$pid"
}

write_maps() {
  local user
  { for user in $USERS ghost full tempfail; do echo "$user@$DOMAIN $user"; done; } >"$dir/etc/recipients"
  echo "@customer.test customers@$DOMAIN" >"$dir/etc/aliases"
  echo "tempfail@$DOMAIN 450 4.7.1 try again later" >"$dir/etc/refusals"
  cat >"$dir/etc/transport" <<T
full@$DOMAIN full:
bounce.test nobody:
defer.test later:
$DOMAIN $lmtp
${TRANSPORT_EXTRA:-}
T
}

write_main_cf() {
  cat >"$dir/etc/main.cf" <<C
compatibility_level = 3.6
queue_directory = $dir/queue
data_directory = $dir/data
maillog_file = $dir/log/postfix.log
maillog_file_prefixes = $dir
syslog_name = caseway-test-$port
multi_instance_name = caseway-test-$port
myhostname = mail.$DOMAIN
mydomain = $DOMAIN
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
virtual_mailbox_domains = $DOMAIN
virtual_mailbox_maps = texthash:$dir/etc/recipients
virtual_alias_domains = customer.test
virtual_alias_maps = texthash:$dir/etc/aliases
transport_maps = texthash:$dir/etc/transport
virtual_transport = $lmtp
default_transport = nowhere:
relay_transport = nowhere:
smtp_dns_support_level = disabled
lmtp_dns_support_level = disabled
smtp_host_lookup = native
lmtp_host_lookup = native
recipient_delimiter = +
message_size_limit = 52428800
mailbox_size_limit = 0
smtpd_recipient_restrictions = check_recipient_access texthash:$dir/etc/refusals, reject_unlisted_recipient,
  permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
smtpd_tls_cert_file = $dir/tls/server.pem
smtpd_tls_key_file = $dir/tls/server.key
smtpd_tls_security_level = may
smtp_tls_security_level = none
lmtp_tls_security_level = none
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:$LISTEN:$((imap + 3))
smtpd_sasl_local_domain = $DOMAIN
smtpd_peername_lookup = no
in_flow_delay = 0
queue_run_delay = 10s
minimal_backoff_time = 10s
maximal_backoff_time = 60s
biff = no
${POSTFIX_EXTRA:-}
C
}

write_master_cf() {
  cat >"$dir/etc/master.cf" <<C
$port          inet  n - n - - smtpd
$((port + 1))  inet  n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
$((port + 2))  inet  n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
pickup     unix  n - n 60 1 pickup
cleanup    unix  n - n - 0 cleanup
qmgr       unix  n - n 300 1 qmgr
tlsmgr     unix  - - n 1000? 1 tlsmgr
rewrite    unix  - - n - - trivial-rewrite
bounce     unix  - - n - 0 bounce
defer      unix  - - n - 0 bounce
trace      unix  - - n - 0 bounce
verify     unix  - - n - 1 verify
flush      unix  n - n 1000? 0 flush
proxymap   unix  - - n - - proxymap
proxywrite unix  - - n - 1 proxymap
smtp       unix  - - n - - smtp
relay      unix  - - n - - smtp
showq      unix  n - n - - showq
error      unix  - - n - - error
retry      unix  - - n - - error
discard    unix  - - n - - discard
lmtp       unix  - - n - - lmtp
nobody     unix  - n n - - pipe
  user=mail argv=/bin/sh -c {cat >/dev/null; echo 5.1.1 no such user here; exit 67}
full       unix  - n n - - pipe
  user=mail argv=/bin/sh -c {cat >/dev/null; echo 5.2.2 mailbox full; exit 73}
nowhere    unix  - n n - - pipe
  user=mail argv=/bin/sh -c {cat >/dev/null; echo 5.4.4 this test server knows no way out; exit 68}
later      unix  - n n - - pipe
  user=mail argv=/bin/sh -c {cat >/dev/null; echo 4.4.1 host not reachable just now; exit 75}
anvil      unix  - - n - 1 anvil
scache     unix  - - n - 1 scache
postlog    unix-dgram n - n - 1 postlogd
C
}

start() {
  local pid open
  if pid=$(running); then echo "already running, pid $pid"; return; fi
  need postfix postfix
  port_open $((imap + 2)) || fail "no Dovecot at IMAP_PORT $imap: run dovecot.sh start first"
  mkdir -p "$dir"/{etc,queue,data,log}; chmod 755 "$dir" "$dir/etc" "$dir/queue"; chown postfix "$dir/data"
  rm -f "$dir/queue/pid/master.pid" "$dir/data/master.lock"
  certificates "$dir/tls"
  write_maps
  write_main_cf
  write_master_cf
  # The daemon must not keep the output of whoever waits for this script.
  postfix -c "$dir/etc" start </dev/null >"$dir/log/start.log" 2>&1 || { cat "$dir/log/start.log" >&2; fail "postfix did not start"; }
  for open in "$port" $((port + 1)) $((port + 2)); do
    wait_until 10 port_open "$open" || { tail -5 "$dir/log/postfix.log" >&2; fail "port $open is not open"; }
  done
  echo "postfix, pid $(running): SMTP $port, submission $((port + 1)), submissions $((port + 2))"
}

export PATH=$PATH:/usr/sbin:/sbin
case $command in
  start) start ;;
  stop) if pid=$(running); then stop_group "$pid"; echo "stopped $pid"; else echo "not running"; fi ;;
  status) if pid=$(running); then echo "running, pid $pid"; postqueue -c "$dir/etc" -p | tail -1; else echo "not running"; exit 3; fi ;;
  *) fail "$usage" ;;
esac
