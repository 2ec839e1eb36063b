#!/usr/bin/env bash
# email-reply-parser 0.5.12, mail-parser-reply 1.36 and talon 1.4.4 (PyPI), 2026-11: a customer who pastes two header lines
# into a question ("the bounce says: From: … Subject: …") loses everything from there on; email-reply-parser also hides all
# below a rule of five dashes or of underscores. A desk that shows only what such a parser returns hides the question itself.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install email-reply-parser==0.5.12 mail-parser-reply==1.36 talon==1.4.4
cat > "$work/try.py" <<'PY'
from email_reply_parser import EmailReplyParser
from mailparser_reply import EmailReplyParser as MailParserReply
from talon import quotations

pasted = "Hello,\n\nthe bounce says:\n\nFrom: postmaster@example.test\nSubject: failure\n\nWhat does that mean for us?\n\nAnna"
ruled = "Please see the log:\n\n-----\nERROR 17 disk full\n-----\n\nWhat now?\n\nAnna"
print("email-reply-parser, pasted header:", repr(EmailReplyParser.parse_reply(pasted)))
print("email-reply-parser, ruled log:", repr(EmailReplyParser.parse_reply(ruled)))
print("mail-parser-reply, pasted header:", repr(MailParserReply(languages=["en"]).parse_reply(text=pasted)))
print("talon, pasted header:", repr(quotations.extract_from(pasted, "text/plain")))
PY
cat > "$work/seen" <<'SEEN'
email-reply-parser, pasted header: 'Hello,\n\nthe bounce says:'
email-reply-parser, ruled log: 'Please see the log:'
mail-parser-reply, pasted header: 'Hello,\n\nthe bounce says:'
talon, pasted header: 'Hello,\n\nthe bounce says:'
SEEN
"$work/venv/bin/python" "$work/try.py" | tee "$work/now"
diff "$work/seen" "$work/now" && echo "as seen"
