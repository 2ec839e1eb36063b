#!/usr/bin/env bash
# nodemailer 10.6.1 (npm) and Python 3.11's smtplib against aiosmtpd 1.4.6 (PyPI), 2026-11: both clients put an OAuth2 token
# into the AUTH command as initial response whatever its length. RFC 4954 §4 says that a client must not when the line would be
# longer than a command line may be (512 octets, RFC 5321 §4.5.3.1.4); aiosmtpd keeps to that and answers 500, which both
# report as a failed sign-in. The tokens of Microsoft are 1,500 to 3,000 characters long.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"; [ -z "${server:-}" ] || kill "$server" 2>/dev/null || true' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install aiosmtpd==1.4.6
(cd "$work" && npm init -y >/dev/null && npm install --silent --no-audit --no-fund nodemailer@10.6.1)
cat > "$work/server.py" <<'PY'
import base64, signal, socket
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

class Handler:
    async def auth_XOAUTH2(self, server, args):
        blob = args[1] if len(args) > 1 else base64.b64encode(await server.challenge_auth("")).decode()
        return AuthResult(success=b"auth=Bearer " in base64.b64decode(blob))

with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
Controller(Handler(), hostname="127.0.0.1", port=port, auth_require_tls=False).start()
print(port, flush=True)
signal.pause()
PY
mkfifo "$work/port"
"$work/venv/bin/python" -W ignore "$work/server.py" >"$work/port" 2>"$work/log" & server=$!
read -r port <"$work/port"
cat > "$work/try.mjs" <<'JS'
import nodemailer from 'nodemailer';
for (const length of [300, 1500]) {
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port: +process.argv[2], ignoreTLS: true,
    auth: { type: 'OAuth2', user: 'support@example.test', accessToken: 'x'.repeat(length) } });
  try { await transport.verify(); console.log('nodemailer', length, 'signed in'); }
  catch (error) { console.log('nodemailer', length, error.code, error.response); }
  transport.close();
}
JS
cat > "$work/try.py" <<'PY'
import smtplib, sys
for length in (300, 1500):
    client = smtplib.SMTP("127.0.0.1", int(sys.argv[1]))
    client.ehlo()
    words = "user=support@example.test\x01auth=Bearer " + "x" * length + "\x01\x01"
    try:
        print("smtplib", length, client.auth("XOAUTH2", lambda challenge=None: words)[0])
    except smtplib.SMTPAuthenticationError as error:
        print("smtplib", length, error.smtp_code, error.smtp_error.decode())
PY
{ node "$work/try.mjs" "$port"; python3 "$work/try.py" "$port"; } | tee "$work/now"
cat > "$work/seen" <<'SEEN'
nodemailer 300 signed in
nodemailer 1500 EAUTH 500 Command line too long
smtplib 300 235
smtplib 1500 500 Command line too long
SEEN
diff "$work/seen" "$work/now" && echo "as seen"
