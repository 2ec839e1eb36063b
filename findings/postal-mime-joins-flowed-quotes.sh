#!/usr/bin/env bash
# postal-mime 4.0.0 and mailparser 3.14.2 (npm), 2026-11, on a quoted paragraph in format=flowed (RFC 3676): §4.5 has the quote marks
# taken off before lines are joined. postal-mime joins first and leaves a mark in the middle of the sentence; mailparser
# gives one line with one mark. Whoever searches quotes by marks at the beginning of lines counts one line instead of two.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
(cd "$work" && npm init -y >/dev/null && npm install --silent --no-audit --no-fund mailparser@3.14.2 postal-mime@4.0.0)
cat > "$work/try.mjs" <<'JS'
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
const raw = ['From: anna@customer.test', 'Subject: Re: Printer', 'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=utf-8; format=flowed', '',
  'Done.', '', '> Please restart the print server and ', '> tell us whether it helped.', ''].join('\r\n');
console.log('mailparser', JSON.stringify((await simpleParser(raw)).text));
console.log('postal-mime', JSON.stringify((await PostalMime.parse(raw)).text));
JS
node "$work/try.mjs" | tee "$work/now"
cat > "$work/seen" <<'SEEN'
mailparser "Done.\n\n> Please restart the print server and tell us whether it helped."
postal-mime "Done.\n\n> Please restart the print server and > tell us whether it helped.\n"
SEEN
diff "$work/seen" "$work/now" && echo "as seen"
