#!/usr/bin/env bash
# authres 1.2.0 (PyPI), 2026-11, on the header that Exchange Online writes (Microsoft's page "Anti-spam message headers",
# section "Authentication-results message header"): it begins with a result where RFC 8601 §2.2 wants the name of the server,
# and `action=none` is a property without a type (§2.3). The reference parser refuses it, and with the server's name in front
# takes it, leaving out the action. So verdicts of Exchange Online cannot be believed *by name*: there is none.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install authres==1.2.0
cat > "$work/try.py" <<'PY'
import authres

results = ("spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=customer.test; dkim=pass (signature was verified) "
           "header.d=customer.test;dmarc=pass action=none header.from=customer.test;compauth=pass reason=100")
for title, value in (("as written", results), ("with a name", "mx.example.test; " + results)):
    try:
        read = authres.AuthenticationResultsHeader.parse("Authentication-Results: " + value)
        print(title + ":", read.authserv_id, [(one.method, one.result) for one in read.results])
    except authres.SyntaxError as error:
        print(title + ":", type(error).__name__, str(error)[:56])
PY
"$work/venv/bin/python" "$work/try.py" | tee "$work/now"
cat > "$work/seen" <<'SEEN'
as written: SyntaxError Syntax error: Expected "none" or at least one resinfo at
with a name: mx.example.test [('spf', 'pass'), ('dkim', 'pass'), ('dmarc', 'pass'), ('compauth', 'pass')]
SEEN
diff "$work/seen" "$work/now" && echo "as seen"
