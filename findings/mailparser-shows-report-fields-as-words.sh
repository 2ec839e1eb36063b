#!/usr/bin/env bash
# mailparser 3.14.2 and postal-mime 4.0.0 (npm), 2026-11, on a delivery report (RFC 3464): mailparser appends the fields of the
# message/delivery-status part to `text` as if somebody had written them, and lists no such part among the attachments;
# postal-mime keeps it apart. A desk that takes `text` as the sender's words shows "Final-Recipient: …" to people.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
(cd "$work" && npm init -y >/dev/null && npm install --silent --no-audit --no-fund mailparser@3.14.2 postal-mime@4.0.0)
cat > "$work/try.mjs" <<'JS'
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
const raw = ['From: mailer-daemon@example.test', 'Subject: failure', 'MIME-Version: 1.0',
  'Content-Type: multipart/report; report-type=delivery-status; boundary=b', '',
  '--b', 'Content-Type: text/plain', '', 'It could not be delivered.',
  '--b', 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mx.example.test', '',
  'Final-Recipient: rfc822; anna@customer.test', 'Action: failed', 'Status: 5.1.1',
  '--b', 'Content-Type: text/rfc822-headers', '', 'Message-ID: <sent@example.test>', '--b--', ''].join('\r\n');
const one = await simpleParser(raw), two = await PostalMime.parse(raw);
console.log('mailparser', JSON.stringify(one.text), one.attachments.map(part => part.contentType).join());
console.log('postal-mime', JSON.stringify(two.text), two.attachments.map(part => part.mimeType).join());
JS
node "$work/try.mjs" | tee "$work/now"
cat > "$work/seen" <<'SEEN'
mailparser "It could not be delivered.\nReporting-MTA: dns; mx.example.test\n\nFinal-Recipient: rfc822; anna@customer.test\nAction: failed\nStatus: 5.1.1" text/rfc822-headers
postal-mime "It could not be delivered.\n" message/delivery-status,text/rfc822-headers
SEEN
diff "$work/seen" "$work/now" && echo "as seen"
