#!/usr/bin/env python3
"""seed.py - a reproducible support mailbox of N messages (same N+seed+options => same bytes).

  seed.py -n 2000 -s 1 --maildir DIR/mail/support/Maildir [--owner mail]   (fastest; Dovecot gives UIDs in order)
  seed.py -n 200 --imap 127.0.0.1:10143 --user support --password support-pw
  seed.py -n 200 --lmtp 127.0.0.1:10145 --rcpt support@example.test
  seed.py -n 200 --smtp 127.0.0.1:10025 --rcpt support@example.test
  seed.py -n 2000 --mbox FILE | --dir DIR (numbered .eml, LF; --crlf)      --manifest FILE.jsonl
  --tag '[#%d]'  subject tag put into tagged replies; %d is the 1-based number of the opener (ticket ids of a system
                 that numbers from 1 and ingests in order).     --hard 0.02  share of awkward/malformed messages
Classes in the manifest: opener, reply (link: tag|refs|both|none), auto (Auto-Submitted), dsn (bounce), dup (an earlier
message delivered again, same Message-ID); 'hard' names the awkwardness if any."""
import argparse, base64, email.utils, hashlib, json, mailbox, os, pwd, quopri, random, shutil, smtplib, imaplib, sys, time, calendar
T0 = calendar.timegm((2024, 1, 8, 8, 0, 0))
W = ("the a printer invoice server account login error message cannot open order number please help network failed after update "
     "today since yesterday customer screen password reset access denied file folder shared report monthly office router cable "
     "light red blinking phone line quality noise delivery address changed contract renewal urgent thanks regards would like know "
     "when technician visit site floor building room device serial warranty replace part shipped tracking license expired user").split()
ALPHA = {  # charset -> (words, names)
 "utf-8": ("żółć gęślą jaźń naïve café Übergröße ελληνικά привет 日本語 한국어 emoji🙂 résumé ação", "Zoë Ñandú"),
 "iso-8859-1": ("Prüfung Störung Gerät größer Rechnung élève déjà señor ação", "Jürgen Müller"),
 "windows-1252": ("“quoted” price €19 don’t – dash façade œuvre", "Chloë O’Neil"),
 "iso-8859-2": ("Příliš žluťoučký kůň úpěl łódź świeży", "Jiří Dvořák"),
 "koi8-r": ("не работает принтер ошибка сервер договор", "Иван Петров"),
 "windows-1251": ("здравствуйте заявка счёт доступ запрещён", "Анна Смирнова"),
 "iso-2022-jp": ("プリンタが 動きません 請求書 を 送って ください", "山田 太郎"),
 "shift_jis": ("サーバー エラー 確認 お願いします", "鈴木 花子"),
 "gb18030": ("打印机 无法 使用 请 帮助 发票", "王 伟"),
 "euc-kr": ("프린터가 작동하지 않습니다 청구서", "김 민수"),
}
CS = [("us-ascii", 50), ("utf-8", 26), ("iso-8859-1", 7), ("windows-1252", 5), ("iso-8859-2", 2), ("koi8-r", 2),
      ("windows-1251", 2), ("iso-2022-jp", 2), ("shift_jis", 1), ("gb18030", 2), ("euc-kr", 1)]
HARD = ["no-charset-8bit", "wrong-charset", "unknown-charset", "no-message-id", "no-subject", "no-date", "long-subject", "nested-rfc822",
        "rfc2231-name", "bad-base64", "missing-end-boundary", "empty-body", "bad-from", "folded-refs", "deep-multipart", "dup-headers", "nul-byte", "bare-lf-long-line"]
def words(r, n, cs):
    ex = ALPHA[cs][0].split() if cs in ALPHA else []
    return [r.choice(ex) if ex and r.random() < .3 else r.choice(W) for _ in range(n)]
def para(r, n, cs):
    out = []
    while n > 0:
        k = min(n, r.randint(6, 14)); out.append(" ".join(words(r, k, cs)).capitalize() + "."); n -= k
    return out
def ew(s, cs, r):  # RFC 2047, short words
    if cs == "us-ascii": return s
    try: s.encode("ascii"); return s
    except UnicodeError: pass
    out, cur = [], ""
    for ch in s:
        if len((cur + ch).encode(cs, "replace")) > 30: out.append(cur); cur = ""
        cur += ch
    out.append(cur)
    return "\n ".join("=?%s?B?%s?=" % (cs, base64.b64encode(c.encode(cs, "replace")).decode()) for c in out)
def b64(b): return base64.encodebytes(b)
def part(ct, body, cs, r, enc=None):
    raw = body.encode(cs, "replace") if isinstance(body, str) else body
    enc = enc or ("7bit" if cs in ("us-ascii", "iso-2022-jp") else r.choice(["quoted-printable", "base64", "8bit"]) if cs == "utf-8"
                  else r.choice(["quoted-printable", "base64"]))
    if cs in ("gb18030", "shift_jis", "euc-kr") : enc = "base64"
    data = b64(raw) if enc == "base64" else quopri.encodestring(raw) if enc == "quoted-printable" else raw
    if not data.endswith(b"\n"): data += b"\n"
    return ("Content-Type: %s; charset=%s\nContent-Transfer-Encoding: %s\n\n" % (ct, cs, enc)).encode() + data
def multi(sub, bd, parts, extra=""):
    return (('Content-Type: multipart/%s; boundary="%s"%s\n\n' % (sub, bd, extra)).encode() +
            b"".join(b"--" + bd.encode() + b"\n" + p for p in parts) + b"--" + bd.encode() + b"--\n")
def attach(r, name=None, size=None, ct=None):
    size = size or int(10000 * 100 ** r.random())  # log-uniform 10 KB .. 1 MB
    ct, ext = ct or r.choice([("application/pdf", "pdf"), ("image/png", "png"), ("application/zip", "zip"), ("text/csv", "csv"),
                        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx")])
    name = name or 'filename="%s-%d.%s"' % (r.choice(W), r.randint(1, 999), ext)
    data = (b"a,b,c\n" * (size // 6 + 1))[:size] if ext == "csv" else r.randbytes(size)
    return ("Content-Type: %s\nContent-Disposition: attachment; %s\nContent-Transfer-Encoding: base64\n\n" % (ct, name)).encode() + b64(data)
def generate(n, seed, tag="[#%d]", hard=0.02, domain="example.test", to="support@example.test"):
    threads, sent = [], []           # thread: dict(no, subj, mid, refs, who, cs)
    ncust = max(5, n // 5)
    def cust(r):
        i = min(int(r.paretovariate(1.1)) * r.randint(1, 7), ncust); return i
    for i in range(n):
        r = random.Random("%d/%d" % (seed, i)); when = T0 + i * 97 + r.randint(0, 90)
        cs = r.choices([c for c, _ in CS], [w for _, w in CS])[0]; x = r.random(); cls, link = "opener", None
        if i > 5 and threads:
            if x < .36: cls = "reply"
            elif x < .37: cls = "auto"
            elif x < .38: cls = "dsn"
            elif x < .385: cls = "dup"
        if cls == "dup":
            j = r.randrange(len(sent)); m, meta = sent[j]
            yield i, when, m, dict(meta, i=i, cls="dup", of=meta["i"]); continue
        mid = "<%d.%016x@mail.customer.test>" % (i, r.getrandbits(64)); hd = None
        if cls in ("opener",) and r.random() < hard: hd = r.choice(HARD)
        t = None; refs = ""
        if cls == "reply":
            t = threads[-1 - min(int(r.expovariate(1 / 40.)), len(threads) - 1)]; cs = t["cs"]; c = t["who"]
            link = r.choices(["both", "refs", "tag", "none"], [55, 25, 15, 5])[0]
            subj = "Re: " + t["subj"]
            if link in ("both", "tag"): subj = "Re: " + (tag % t["no"]) + " " + t["subj"]
            if link in ("both", "refs"): refs = "In-Reply-To: %s\nReferences: %s\n" % (t["refs"][-1], "\n ".join(t["refs"][-20:]))
            if link == "none": subj = "Again: " + " ".join(words(r, 4, cs))
        else:
            c = cust(r); subj = " ".join(words(r, r.randint(3, 9), cs)).capitalize()
        name = (ALPHA[cs][1] if cs in ALPHA and r.random() < .6 else "%s %s" % (r.choice(["Ann", "Ben", "Cleo", "Dan", "Eve"]), r.choice(["Smith", "Jones", "Brown", "Lee"])))
        frm = "user%d@customer.test" % c; dn = ew(name, cs, r)
        hdr = "Return-Path: <%s>\nDelivered-To: %s\nReceived: from mail.customer.test (mail.customer.test [192.0.2.%d])\n\tby mail.%s (Postfix) with ESMTPS id %010X\n\tfor <%s>; %s\n" % (
            "" if cls == "dsn" else frm, to, c % 254 + 1, domain, r.getrandbits(38), to, email.utils.formatdate(when))
        hdr += "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=customer.test; s=s1;\n\tbh=%s;\n\tb=%s\n" % (base64.b64encode(r.randbytes(32)).decode(), base64.b64encode(r.randbytes(128)).decode().replace("", "", 1))
        body = para(r, r.choice([20, 40, 80, 160, 400]), cs); text = "\n".join(body) + "\n\n-- \n" + name + "\n"
        if t:
            text = "\n".join(body[:6]) + "\n\nOn Monday, Support <%s> wrote:\n" % to + "".join("> %s\n" % l for l in t["body"][:40]) + "\n-- \n" + name + "\n"
        h_to, h_date, h_mid, h_from, h_subj = "To: Support <%s>\n" % to, "Date: %s\n" % email.utils.formatdate(when), "Message-ID: %s\n" % mid, "From: %s <%s>\n" % (dn if dn.startswith("=?") else '"%s"' % dn, frm), "Subject: %s\n" % ew(subj, cs, r)
        bd = "----=_Part_%d_%08x" % (i, r.getrandbits(32)); natt = 0; kind = "plain"
        if cls == "auto": h_subj = "Subject: Automatic reply: out of office\n"; refs += "Auto-Submitted: auto-replied\nPrecedence: bulk\nX-Auto-Response-Suppress: All\n"
        if cls == "dsn":
            h_from = "From: MAILER-DAEMON@mail.customer.test (Mail Delivery System)\n"; h_subj = "Subject: Undelivered Mail Returned to Sender\n"; refs = "Auto-Submitted: auto-replied\n"; kind = "report"
            ent = multi("report", bd, [part("text/plain", "This is the mail system. I could not deliver.\n", "us-ascii", r),
              ("Content-Type: message/delivery-status\n\nReporting-MTA: dns; mail.customer.test\n\nFinal-Recipient: rfc822; %s\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 unknown\n\n" % frm).encode(),
              b"Content-Type: text/rfc822-headers\n\nFrom: " + to.encode() + b"\nSubject: x\n\n"], "; report-type=delivery-status")
        else:
            k = r.random()
            html = "<html><head><style>%s</style></head><body>%s</body></html>\n" % ("p{margin:0;font:11pt Calibri} .x{color:#333}\n" * r.randint(2, 60), "\n".join("<p class=x>%s<br></p>" % l for l in body))
            if k < .45: ent = part("text/plain", text, cs, r)
            elif k < .92: kind = "alternative"; ent = multi("alternative", bd + "a", [part("text/plain", text, cs, r), part("text/html", html, cs, r)])
            else: kind = "html"; ent = part("text/html", html, cs, r)
            if r.random() < .04:
                natt = r.choice([1, 1, 1, 2]); ent = multi("mixed", bd + "m", [ent] + [attach(r) for _ in range(natt)])
            elif r.random() < .03:
                natt = 1; ent = multi("related", bd + "r", [ent, ("Content-Type: image/png\nContent-ID: <logo%d@x>\nContent-Disposition: inline; filename=logo.png\nContent-Transfer-Encoding: base64\n\n" % i).encode() + b64(r.randbytes(8000))])
            if hd == "no-charset-8bit": ent = b"Content-Type: text/plain\n\nSt\xf6rung im Ger\xe4t\n"
            elif hd == "wrong-charset": ent = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nSt\xf6rung \xff\xfe im Ger\xe4t\n"
            elif hd == "unknown-charset": ent = b"Content-Type: text/plain; charset=x-unknown-9\nContent-Transfer-Encoding: 8bit\n\nhello \xe4\n"
            elif hd == "nested-rfc822": ent = multi("mixed", bd + "n", [part("text/plain", text, cs, r), b"Content-Type: message/rfc822\n\nFrom: a@b.test\nTo: c@d.test\nSubject: inner\nMessage-ID: <inner%d@x>\n\ninner body\n" % i]); natt = 1
            elif hd == "rfc2231-name": ent = multi("mixed", bd + "n", [part("text/plain", text, cs, r), attach(r, "filename*0*=utf-8''%e2%82%ac%20rech; filename*1*=nung%20%c3%bc.pdf", 12000, ("application/pdf", "pdf"))]); natt = 1
            elif hd == "bad-base64": ent = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nSGVsbG8gd29ybGQ!!*abc\n=\n"
            elif hd == "missing-end-boundary": ent = ('Content-Type: multipart/mixed; boundary="%s"\n\n--%s\nContent-Type: text/plain\n\nno end\n' % (bd, bd)).encode()
            elif hd == "empty-body": ent = b"Content-Type: text/plain\n\n"
            elif hd == "deep-multipart":
                ent = part("text/plain", "deep\n", "us-ascii", r)
                for d in range(30): ent = multi("mixed", bd + str(d), [ent])
            elif hd == "nul-byte": ent = b"Content-Type: text/plain; charset=us-ascii\n\nzero ctrl \x01\x02\x0b\x1b[31m bytes\n"
            elif hd == "bare-lf-long-line": ent = b"Content-Type: text/html; charset=us-ascii\n\n<p>" + b"long " * 20000 + b"</p>\n"
            if hd == "no-message-id": h_mid = ""
            if hd == "no-subject": h_subj = ""
            if hd == "no-date": h_date = ""
            if hd == "long-subject": subj = " ".join(words(r, 160, "us-ascii")); h_subj = "Subject: %s\n" % "\n ".join(subj[k:k + 70] for k in range(0, len(subj), 70))
            if hd == "bad-from": h_from = "From: Broken \"Name <user%d@customer.test\n" % c
            if hd == "folded-refs": refs = "References:\n" + "".join("\t<r%d.%d@old.test>\n" % (i, q) for q in range(200))
            if hd == "dup-headers": h_subj += "Subject: second subject\n"; h_to += "To: other@example.test\n"
        m = (hdr + h_from + h_to + h_subj + h_date + h_mid + refs + "MIME-Version: 1.0\nX-Mailer: seed.py\n").encode("utf-8") + ent
        meta = dict(i=i, cls=cls, link=link, hard=hd, kind=kind, charset=cs, att=natt, size=len(m), mid=mid if h_mid else None, frm=frm, subject=subj)
        if cls == "opener":
            threads.append(dict(loose=set(), no=len(threads) + 1, subj=subj, refs=[mid], who=c, cs=cs, body=body, i=i)); meta["thread"] = len(threads)
        elif t:  # ambiguous: In-Reply-To names a message that itself carried no link, so it may rightly sit in another ticket
            meta["thread"] = t["no"]; meta["ambiguous"] = bool(refs) and t["refs"][-1] in t["loose"]; t["refs"].append(mid)
            if link == "none" or meta["ambiguous"]: t["loose"].add(mid)
        meta["sha256"] = hashlib.sha256(m).hexdigest(); sent.append((m if len(m) < 60000 else m, meta))
        if len(sent) > 500: sent.pop(0)
        yield i, when, m, meta
def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("-n", type=int, default=2000); a.add_argument("-s", "--seed", type=int, default=1)
    for o in "maildir mbox dir manifest imap lmtp smtp".split(): a.add_argument("--" + o)
    a.add_argument("--owner", default="mail"); a.add_argument("--user", default="support"); a.add_argument("--password", default="support-pw"); a.add_argument("--mailbox", default="INBOX")
    a.add_argument("--rcpt", default="support@example.test"); a.add_argument("--tag", default="[#%d]"); a.add_argument("--hard", type=float, default=.02); a.add_argument("--crlf", action="store_true")
    a.add_argument("--openers-first", action="store_true"); a.add_argument("--keep", action="store_true", help="add to the Maildir; do not empty it first"); o = a.parse_args()
    man = open(o.manifest, "w") if o.manifest else None; tot = 0; im = sm = mb = None; uid = gid = -1
    if o.maildir:
        if os.path.isdir(o.maildir) and not o.keep:
            assert os.path.basename(o.maildir.rstrip("/")) == "Maildir"; shutil.rmtree(o.maildir)
        if os.getuid() == 0: p = pwd.getpwnam(o.owner); uid, gid = p.pw_uid, p.pw_gid
        base = o.maildir.rstrip("/")
        for d in (os.path.dirname(base), base): os.makedirs(d, exist_ok=True); os.chown(d, uid, gid)
        for d in "tmp new cur".split(): os.makedirs(base + "/" + d, mode=0o700, exist_ok=True); os.chown(base + "/" + d, uid, gid)
    if o.dir: os.makedirs(o.dir, exist_ok=True)
    if o.mbox: mb = open(o.mbox, "wb")
    if o.imap: h, p = o.imap.split(":"); im = imaplib.IMAP4(h, int(p)); im.login(o.user, o.password)
    if o.lmtp: h, p = o.lmtp.split(":"); sm = smtplib.LMTP(h, int(p))
    if o.smtp: h, p = o.smtp.split(":"); sm = smtplib.SMTP(h, int(p))
    counts = {}
    src = generate(o.n, o.seed, o.tag, o.hard)
    if o.openers_first:  # all openers (so ticket k = opener k on a system numbering from 1), then the rest; positions and dates follow
        src = list(src); src.sort(key=lambda x: x[3]["cls"] != "opener"); src = [(k, T0 + k * 97, x[2], x[3]) for k, x in enumerate(src)]
    for i, when, m, meta in src:
        tot += len(m); counts[meta["cls"]] = counts.get(meta["cls"], 0) + 1
        if man: man.write(json.dumps(meta, ensure_ascii=False) + "\n")
        if o.maildir:
            w = len(m) + m.count(b"\n") - m.count(b"\r\n")
            f = "%s/new/%d.M%06dP1.localhost,S=%d,W=%d" % (base, when, i % 1000000, len(m), w)
            with open(f, "wb") as fh: fh.write(m)
            os.utime(f, (when, when)); os.chown(f, uid, gid)
        if o.dir:
            with open("%s/%06d.eml" % (o.dir, i), "wb") as fh: fh.write(m.replace(b"\n", b"\r\n") if o.crlf else m)
        if mb:
            b = m.replace(b"\nFrom ", b"\n>From "); mb.write(("From %s %s\n" % (meta["frm"], time.asctime(time.gmtime(when)))).encode() + b + (b"\n" if b.endswith(b"\n") else b"\n\n"))
        if im:
            ok, d = im.append(o.mailbox, None, imaplib.Time2Internaldate(when), m.replace(b"\n", b"\r\n")); assert ok == "OK", d
        if sm:
            sm.sendmail("" if meta["cls"] == "dsn" else meta["frm"], [o.rcpt], m, ["BODY=8BITMIME"])
    if im: im.logout()
    if sm: sm.quit()
    print("seeded %d messages, %.1f MB, mean %.1f KB, %s" % (o.n, tot / 1e6, tot / 1e3 / max(1, o.n), counts))
main() if __name__ == "__main__" else None
