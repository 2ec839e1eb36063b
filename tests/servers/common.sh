# What dovecot.sh and postfix.sh share. Sourced, not run.

LISTEN=127.0.0.1
DOMAIN=${MAIL_DOMAIN:-example.test}
# The password of USER is USER-pw.
USERS=${IMAP_USERS:-"support registration alice bob carol customers postmaster"}

fail() { echo "$*" >&2; exit 1; }

# need PROGRAM PACKAGE...: the servers run as several system users, which only root may become.
need() {
  local program=$1; shift
  [ "$(id -u)" = 0 ] || fail "the test servers must be started by root"
  PATH=$PATH:/usr/sbin:/sbin command -v "$program" >/dev/null ||
    fail "$program is not installed: apt-get install -y --no-install-recommends $* (or run ./dev install)"
}

port_open() { (exec 3<>"/dev/tcp/$LISTEN/$1") 2>/dev/null; }

# wait_until SECONDS COMMAND...
wait_until() {
  local tries=$(($1 * 50)); shift
  until "$@"; do
    [ $((tries -= 1)) -gt 0 ] || return 1
    sleep 0.02
  done
}

# Whether a process is gone, or waits for nothing but its parent's attention.
ended() { ! grep -qs '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$1/status"; }

# stop_group PID: ends a master and its children at once. They hold nothing that is worth the seconds of a slow end.
stop_group() {
  kill -KILL -- "-$1" 2>/dev/null || return 0
  wait_until 10 ended "$1" || fail "process $1 did not end"
}

# certificates DIR: a private authority (ca.pem) and a certificate for localhost. Two levels, because rustls refuses a
# certificate authority as a server's certificate, which a single self-signed one is.
certificates() {
  [ -s "$1/server.pem" ] && return
  mkdir -p "$1"
  local key="-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
  # shellcheck disable=SC2086
  openssl req -x509 $key -days 3650 -subj "/CN=test authority" -keyout "$1/ca.key" -out "$1/ca.pem" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
  # shellcheck disable=SC2086
  openssl req $key -subj "/CN=localhost" -keyout "$1/server.key" -out "$1/server.csr" 2>/dev/null
  openssl x509 -req -in "$1/server.csr" -CA "$1/ca.pem" -CAkey "$1/ca.key" -CAcreateserial -days 3650 \
    -out "$1/server.pem" -extfile <(cat <<X
basicConstraints=CA:FALSE
subjectAltName=DNS:localhost,DNS:mail.$DOMAIN,IP:$LISTEN
extendedKeyUsage=serverAuth
X
  ) 2>/dev/null
  chmod 600 "$1"/*.key
  [ -s "$1/server.pem" ] || fail "openssl made no certificate"
}
