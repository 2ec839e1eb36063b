#!/usr/bin/env bash
# A DKIM key in the form that the RFC names is not read everywhere, 2026-11. RFC 6376 §3.6.1 has an RSA key as the ASN.1 type
# RSAPublicKey (RFC 8017 §A.1.1); what openssl writes, and what §C.2 of the same RFC tells people to publish, is a
# SubjectPublicKeyInfo. The key generator of mail-auth 0.13.3 (crates.io) gives the former. Of three verifiers of one good
# signature dkimpy 1.1.8 (PyPI) takes both, mailauth 4.13.3 (npm) says neutral to the RFC's form, and OpenDKIM 2.11
# (Debian 12) cannot apply the key.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv && venv/bin/pip -q install dkimpy==1.1.8 dnspython==2.8.0
npm install --silent --prefix "$work" mailauth@4.13.3 >/dev/null
mkdir debs root && (cd debs
  libs=$(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances opendkim |
    grep -E '^lib[a-z]' | grep -vE '^lib(c6|gcc|stdc|crypt1|c-|pam)' | sort -u)
  apt-get -qq download opendkim $libs 2>/dev/null)
for deb in debs/*.deb; do dpkg -x "$deb" root; done

cargo init -q --vcs none --name generator generator
cat >> generator/Cargo.toml <<'TOML'
mail-auth = { version = "=0.13.3", default-features = false, features = ["generate", "ring"] }
TOML
cat > generator/src/main.rs <<'RS'
use std::fs::write;
fn main() {
    let pair = mail_auth::dkim::generate::DkimKeyPair::generate_rsa(2048).unwrap();
    write("private.der", pair.private_key()).unwrap();
    write("rsapublickey.der", pair.public_key()).unwrap();
}
RS
cargo run -q --manifest-path generator/Cargo.toml
openssl rsa -inform DER -in private.der -traditional -out private.pem 2>/dev/null
openssl rsa -in private.pem -pubout -outform DER -out subjectpublickeyinfo.der 2>/dev/null
openssl rsa -in private.pem -RSAPublicKey_out -outform DER -out as-openssl-has-it.der 2>/dev/null
cmp rsapublickey.der as-openssl-has-it.der && echo "the generator's key is an RSAPublicKey" > now

cat > try.py <<'PY'
import base64, dkim, sys

mail = (b"From: Example Support <support@example.test>\r\nTo: anna@customer.test\r\nSubject: Printer\r\n"
        b"Date: Mon, 30 Nov 2026 10:00:00 +0000\r\nMessage-ID: <a1@example.test>\r\n\r\nHello Anna.\r\n")
mail = dkim.sign(mail, b"one", b"example.test", open("private.pem", "rb").read(), include_headers=[b"from", b"to", b"subject"]) + mail
open("mail.eml", "wb").write(mail)
for form in ("subjectpublickeyinfo", "rsapublickey"):
    record = "v=DKIM1; k=rsa; p=" + base64.b64encode(open(form + ".der", "rb").read()).decode()
    open(form + ".txt", "w").write(record)
    open(form + ".keys", "w").write(f"one._domainkey.example.test {record}\n")
    print(form, "dkimpy", dkim.DKIM(mail).verify(dnsfunc=lambda name, timeout=5: record.encode()))
PY
venv/bin/python try.py >> now
cat > try.js <<'JS'
const { dkimVerify } = require('mailauth/lib/dkim/verify');
const fs = require('fs');
(async () => {
  for (const form of ['subjectpublickeyinfo', 'rsapublickey']) {
    const record = fs.readFileSync(form + '.txt', 'utf8');
    const { results } = await dkimVerify(fs.readFileSync('mail.eml'), { resolver: async () => [[record]] });
    console.log(form, 'mailauth', results[0].status.result, results[0].status.comment || '');
  }
})();
JS
node try.js | sed 's/ *$//' >> now
for form in subjectpublickeyinfo rsapublickey; do
  printf 'TestPublicKeys %s/%s.keys\nMode v\n' "$work" "$form" > "$form.conf"
  said=$(LD_LIBRARY_PATH=$(find "$work/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:) root/usr/sbin/opendkim -x "$form.conf" -t mail.eml 2>&1 || true)
  echo "$form OpenDKIM $(grep -oE 'succeeded|failed: .*' <<<"$said")" >> now
done
cat now
cat > seen <<'SEEN'
the generator's key is an RSAPublicKey
subjectpublickeyinfo dkimpy True
rsapublickey dkimpy True
subjectpublickeyinfo mailauth pass
rsapublickey mailauth neutral unknown key type
subjectpublickeyinfo OpenDKIM succeeded
rsapublickey OpenDKIM failed: unable to apply public key
SEEN
diff seen now && echo "as seen"
