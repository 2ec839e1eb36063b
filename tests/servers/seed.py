#!/usr/bin/env python3
"""A reproducible support mailbox: the same options give the same bytes. About 18 KB a mail on average.

  seed.py -n 2000 --maildir DIR/mail/support/Maildir      the fastest way; Dovecot gives UIDs in order
  seed.py -n 200 --lmtp 127.0.0.1:10145                   through Dovecot
  seed.py -n 200 --smtp 127.0.0.1:10025                   through Postfix
  seed.py -n 2000 --mbox FILE | --dir FOLDER              files; numbered .eml with --dir

--manifest FILE writes one JSON line a mail: its class (cls: opener, reply, auto, dsn, dup), its thread, how a reply is
linked to it (link: tag, refs, both, none), and what is awkward about it (hard). A reply is ambiguous when the mail it
answers was not linked itself: it may rightly be on another ticket. --tag is what tagged replies have in the subject, with the
number of their opener, counted from 1. --hard is the share of awkward openers.
"""
import argparse
import base64
import calendar
import email.utils
import hashlib
import json
import os
import pwd
import quopri
import random
import shutil
import smtplib
import time

START = calendar.timegm((2024, 1, 8, 8, 0, 0))
DESK = "support@example.test"
CUSTOMERS = "customer.test"

WORDS = (
    "the a printer invoice server account login error message cannot open order number please help network failed "
    "after update today since yesterday customer screen password reset access denied file folder shared report monthly "
    "office router cable light red blinking phone line quality noise delivery address changed contract renewal urgent "
    "thanks regards would like know when technician visit site floor building room device serial warranty replace part"
).split()

# charset: (words, a name)
SCRIPTS = {
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
CHARSETS = {
    "us-ascii": 50, "utf-8": 26, "iso-8859-1": 7, "windows-1252": 5, "iso-8859-2": 2, "koi8-r": 2, "windows-1251": 2,
    "iso-2022-jp": 2, "shift_jis": 1, "gb18030": 2, "euc-kr": 1,
}


def words(rng, count, charset):
    foreign = SCRIPTS[charset][0].split() if charset in SCRIPTS else []
    return [rng.choice(foreign) if foreign and rng.random() < 0.3 else rng.choice(WORDS) for _ in range(count)]


def sentences(rng, count, charset):
    lines = []
    while count > 0:
        length = min(count, rng.randint(6, 14))
        lines.append(" ".join(words(rng, length, charset)).capitalize() + ".")
        count -= length
    return lines


def encoded_words(text, charset):
    """RFC 2047, in short pieces."""
    if text.isascii():
        return text
    pieces, piece = [], ""
    for char in text:
        if len((piece + char).encode(charset, "replace")) > 30:
            pieces.append(piece)
            piece = ""
        piece += char
    pieces.append(piece)
    encoded = (base64.b64encode(piece.encode(charset, "replace")).decode() for piece in pieces)
    return "\n ".join(f"=?{charset}?B?{piece}?=" for piece in encoded)


def text_part(kind, body, charset, rng):
    raw = body.encode(charset, "replace")
    if charset in ("us-ascii", "iso-2022-jp"):
        encoding = "7bit"
    elif charset in ("gb18030", "shift_jis", "euc-kr"):
        encoding = "base64"
    else:
        encoding = rng.choice(["quoted-printable", "base64"] + (["8bit"] if charset == "utf-8" else []))
    data = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}.get(encoding, bytes)(raw)
    if not data.endswith(b"\n"):
        data += b"\n"
    return f"Content-Type: {kind}; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n".encode() + data


def multipart(subtype, boundary, parts, more=""):
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"{more}\n\n'.encode()
    mark = b"--" + boundary.encode()
    return head + b"".join(mark + b"\n" + part for part in parts) + mark + b"--\n"


def attachment(rng, name=None, size=None):
    size = size or int(10_000 * 100 ** rng.random())  # 10 KB to 1 MB, small ones more often
    kind, suffix = rng.choice([("application/pdf", "pdf"), ("image/png", "png"), ("application/zip", "zip"), ("text/csv", "csv")])
    name = name or f'filename="{rng.choice(WORDS)}-{rng.randint(1, 999)}.{suffix}"'
    data = (b"a,b,c\n" * (size // 6 + 1))[:size] if suffix == "csv" else rng.randbytes(size)
    head = f"Content-Type: {kind}\nContent-Disposition: attachment; {name}\nContent-Transfer-Encoding: base64\n\n"
    return head.encode() + base64.encodebytes(data)


class Awkward:
    """What real mail does: (headers, entity) of an opener to those of an awkward one."""

    def no_charset(headers, entity, mail):
        return headers, b"Content-Type: text/plain\n\nSt\xf6rung im Ger\xe4t\n"

    def wrong_charset(headers, entity, mail):
        head = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        return headers, head + b"St\xf6rung \xff\xfe im Ger\xe4t\n"

    def unknown_charset(headers, entity, mail):
        return headers, b"Content-Type: text/plain; charset=x-unknown-9\nContent-Transfer-Encoding: 8bit\n\nhello \xe4\n"

    def nested_mail(headers, entity, mail):
        inner = b"Content-Type: message/rfc822\n\nFrom: a@b.test\nTo: c@d.test\nSubject: inner\n\ninner body\n"
        return headers, multipart("mixed", mail.boundary + "n", [entity, inner])

    def split_file_name(headers, entity, mail):
        name = "filename*0*=utf-8''%e2%82%ac%20rech; filename*1*=nung%20%c3%bc.pdf"
        return headers, multipart("mixed", mail.boundary + "n", [entity, attachment(mail.rng, name, 12_000)])

    def bad_base64(headers, entity, mail):
        head = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
        return headers, head + b"SGVsbG8gd29ybGQ!!*abc\n=\n"

    def no_end_boundary(headers, entity, mail):
        head = f'Content-Type: multipart/mixed; boundary="{mail.boundary}"\n\n--{mail.boundary}\n'
        return headers, head.encode() + b"Content-Type: text/plain\n\nno end\n"

    def empty_body(headers, entity, mail):
        return headers, b"Content-Type: text/plain\n\n"

    def deep_multipart(headers, entity, mail):
        for depth in range(30):
            entity = multipart("mixed", f"{mail.boundary}{depth}", [entity])
        return headers, entity

    def control_characters(headers, entity, mail):
        return headers, b"Content-Type: text/plain; charset=us-ascii\n\ncontrol \x01\x02\x0b\x1b[31m bytes\n"

    def long_line(headers, entity, mail):
        return headers, b"Content-Type: text/html; charset=us-ascii\n\n<p>" + b"long " * 20_000 + b"</p>\n"

    def no_message_id(headers, entity, mail):
        return {**headers, "Message-ID": None}, entity

    def no_subject(headers, entity, mail):
        return {**headers, "Subject": None}, entity

    def no_date(headers, entity, mail):
        return {**headers, "Date": None}, entity

    def long_subject(headers, entity, mail):
        subject = " ".join(words(mail.rng, 160, "us-ascii"))
        return {**headers, "Subject": "\n ".join(subject[at : at + 70] for at in range(0, len(subject), 70))}, entity

    def bad_from(headers, entity, mail):
        return {**headers, "From": f'Broken "Name <{mail.sender}'}, entity

    def many_references(headers, entity, mail):
        return {**headers, "References": "".join(f"\n\t<r{mail.number}.{n}@old.test>" for n in range(200))}, entity

    def two_subjects(headers, entity, mail):
        return {**headers, "Subject": f"{headers['Subject']}\nSubject: second subject"}, entity


AWKWARD = [name for name in vars(Awkward) if not name.startswith("_")]


class Thread:
    def __init__(self, number, mail):
        self.number, self.subject, self.body = number, mail.subject, mail.body
        self.customer, self.charset, self.ids = mail.customer, mail.charset, [mail.message_id]
        self.loose = set()  # of its mails, those that nothing links to it


class Mail:
    """One mail of the mailbox; every choice comes from its own random numbers."""

    def __init__(self, number, options, threads):
        self.number, self.options = number, options
        self.rng = rng = random.Random(f"{options.seed}/{number}")
        self.when = START + number * 97 + rng.randint(0, 90)
        self.boundary = f"----=_Part_{number}_{rng.getrandbits(32):08x}"
        self.message_id = f"<{number}.{rng.getrandbits(64):016x}@mail.{CUSTOMERS}>"
        self.charset = rng.choices(list(CHARSETS), CHARSETS.values())[0]
        chance = rng.random() if number > 5 and threads else 1.0
        self.kind = "reply" if chance < 0.36 else "auto" if chance < 0.37 else "dsn" if chance < 0.38 else "dup" if chance < 0.385 else "opener"
        self.link = self.hard = self.thread = None
        if self.kind == "reply":
            self.thread = threads[-1 - min(int(rng.expovariate(1 / 40)), len(threads) - 1)]
            self.charset, self.customer = self.thread.charset, self.thread.customer
            self.link = rng.choices(["both", "refs", "tag", "none"], [55, 25, 15, 5])[0]
        else:
            self.customer = min(int(rng.paretovariate(1.1)) * rng.randint(1, 7), max(5, options.count // 5))
        if self.kind == "opener" and rng.random() < options.hard:
            self.hard = rng.choice(AWKWARD)
        self.sender = f"user{self.customer}@{CUSTOMERS}"
        self.subject = self._subject()
        self.body = sentences(rng, rng.choice([20, 40, 80, 160, 400]), self.charset)

    def _subject(self):
        if self.link is None or self.link == "none":
            return " ".join(words(self.rng, self.rng.randint(3, 9), self.charset)).capitalize()
        tag = self.options.tag % self.thread.number + " " if self.link in ("both", "tag") else ""
        return f"Re: {tag}{self.thread.subject}"

    def _headers(self):
        rng = self.rng
        latin = f"{rng.choice(['Ann', 'Ben', 'Cleo', 'Dan', 'Eve'])} {rng.choice(['Smith', 'Jones', 'Brown', 'Lee'])}"
        self.name = SCRIPTS[self.charset][1] if self.charset in SCRIPTS and rng.random() < 0.6 else latin
        name = encoded_words(self.name, self.charset)
        headers = {
            "From": f"{name if name.startswith('=?') else chr(34) + name + chr(34)} <{self.sender}>",
            "To": f"Support <{DESK}>",
            "Subject": encoded_words(self.subject, self.charset),
            "Date": email.utils.formatdate(self.when),
            "Message-ID": self.message_id,
        }
        if self.link in ("both", "refs"):
            headers |= {"In-Reply-To": self.thread.ids[-1], "References": "\n ".join(self.thread.ids[-20:])}
        if self.kind == "auto":
            headers |= {"Subject": "Automatic reply: out of office", "Auto-Submitted": "auto-replied", "Precedence": "bulk"}
        if self.kind == "dsn":
            headers |= {
                "From": f"MAILER-DAEMON@mail.{CUSTOMERS} (Mail Delivery System)",
                "Subject": "Undelivered Mail Returned to Sender",
                "Auto-Submitted": "auto-replied",
            }
        return headers

    def _report(self):
        status = (
            f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mail.{CUSTOMERS}\n\n"
            f"Final-Recipient: rfc822; {self.sender}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 unknown\n\n"
        )
        text = text_part("text/plain", "This is the mail system. I could not deliver.\n", "us-ascii", self.rng)
        original = f"Content-Type: text/rfc822-headers\n\nFrom: {DESK}\nSubject: x\n\n".encode()
        return multipart("report", self.boundary, [text, status.encode(), original], "; report-type=delivery-status")

    def _entity(self):
        if self.kind == "dsn":
            return self._report()
        rng, charset = self.rng, self.charset
        text = "\n".join(self.body) + f"\n\n-- \n{self.name}\n"
        if self.thread:
            quoted = "".join(f"> {line}\n" for line in self.thread.body[:40])
            text = "\n".join(self.body[:6]) + f"\n\nOn Monday, Support <{DESK}> wrote:\n{quoted}\n-- \n{self.name}\n"
        style = "p{margin:0;font:11pt Calibri} .x{color:#333}\n" * rng.randint(2, 60)
        paragraphs = "\n".join(f"<p class=x>{line}<br></p>" for line in self.body)
        html = f"<html><head><style>{style}</style></head><body>{paragraphs}</body></html>\n"
        form = rng.random()
        if form < 0.45:
            entity = text_part("text/plain", text, charset, rng)
        elif form < 0.92:
            parts = [text_part("text/plain", text, charset, rng), text_part("text/html", html, charset, rng)]
            entity = multipart("alternative", self.boundary + "a", parts)
        else:
            entity = text_part("text/html", html, charset, rng)
        if rng.random() < 0.04:
            entity = multipart("mixed", self.boundary + "m", [entity] + [attachment(rng) for _ in range(rng.choice([1, 1, 1, 2]))])
        elif rng.random() < 0.03:
            logo = f"Content-Type: image/png\nContent-ID: <logo{self.number}@x>\nContent-Disposition: inline; filename=logo.png\n"
            picture = logo.encode() + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(rng.randbytes(8_000))
            entity = multipart("related", self.boundary + "r", [entity, picture])
        return entity

    def bytes(self):
        headers, entity = self._headers(), self._entity()
        if self.hard:
            headers, entity = getattr(Awkward, self.hard)(headers, entity, self)
        rng, returned = self.rng, "" if self.kind == "dsn" else self.sender
        trace = (
            f"Return-Path: <{returned}>\nDelivered-To: {DESK}\n"
            f"Received: from mail.{CUSTOMERS} (mail.{CUSTOMERS} [192.0.2.{self.customer % 254 + 1}])\n"
            f"\tby mail.example.test (Postfix) with ESMTPS id {rng.getrandbits(38):010X}\n"
            f"\tfor <{DESK}>; {email.utils.formatdate(self.when)}\n"
            f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={CUSTOMERS}; s=s1;\n"
            f"\tbh={base64.b64encode(rng.randbytes(32)).decode()};\n\tb={base64.b64encode(rng.randbytes(128)).decode()}\n"
        )
        named = "".join(f"{name}: {value}\n" for name, value in headers.items() if value is not None)
        return (trace + named + "MIME-Version: 1.0\nX-Mailer: seed.py\n").encode() + entity

    def entry(self, raw):
        return {
            "i": self.number, "cls": self.kind, "link": self.link, "hard": self.hard, "charset": self.charset,
            "thread": self.thread.number if self.thread else None, "mid": self.message_id, "frm": self.sender,
            "subject": self.subject, "size": len(raw), "sha256": hashlib.sha256(raw).hexdigest(),
        }


def mailbox(options):
    """(when, bytes, manifest entry, mail) in the order of arrival."""
    threads, recent = [], []
    for number in range(options.count):
        mail = Mail(number, options, threads)
        if mail.kind == "dup":
            raw, entry = mail.rng.choice(recent)
            yield mail.when, raw, {**entry, "i": number, "cls": "dup", "of": entry["i"]}, mail
            continue
        raw = mail.bytes()
        entry = mail.entry(raw)
        if mail.kind == "opener":
            threads.append(Thread(len(threads) + 1, mail))
            entry["thread"] = len(threads)
        elif mail.thread:
            thread = mail.thread
            entry["ambiguous"] = mail.link in ("both", "refs") and thread.ids[-1] in thread.loose
            if mail.link == "none" or entry["ambiguous"]:
                thread.loose.add(mail.message_id)
            thread.ids.append(mail.message_id)
        recent = recent[-499:] + [(raw, entry)]
        yield mail.when, raw, entry, mail


class ToMaildir:
    def __init__(self, path, owner, keep):
        self.path = path.rstrip("/")
        if os.path.isdir(self.path) and not keep:
            assert os.path.basename(self.path) == "Maildir", "only a folder named Maildir is emptied"
            shutil.rmtree(self.path)
        self.owner = (-1, -1)
        if os.getuid() == 0:
            entry = pwd.getpwnam(owner)
            self.owner = (entry.pw_uid, entry.pw_gid)
        for folder in (os.path.dirname(self.path), self.path, *(f"{self.path}/{name}" for name in ("tmp", "new", "cur"))):
            os.makedirs(folder, mode=0o700, exist_ok=True)
            os.chown(folder, *self.owner)

    def put(self, when, raw, mail):
        octets = len(raw) + raw.count(b"\n") - raw.count(b"\r\n")
        name = f"{when}.M{mail.number % 1_000_000:06d}P1.seed,S={len(raw)},W={octets}"
        partial, final = f"{self.path}/tmp/{name}", f"{self.path}/new/{name}"
        with open(partial, "wb") as file:
            file.write(raw)
        os.utime(partial, (when, when))
        os.chown(partial, *self.owner)
        os.rename(partial, final)


class ToFolder:
    def __init__(self, path, crlf):
        self.path, self.crlf = path, crlf
        os.makedirs(path, exist_ok=True)

    def put(self, when, raw, mail):
        with open(f"{self.path}/{mail.number:06d}.eml", "wb") as file:
            file.write(raw.replace(b"\n", b"\r\n") if self.crlf else raw)


class ToMbox:
    def __init__(self, path):
        self.file = open(path, "wb")

    def put(self, when, raw, mail):
        self.file.write(f"From {mail.sender} {time.asctime(time.gmtime(when))}\n".encode())
        lines = (b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in raw.splitlines(keepends=True))
        self.file.write(b"".join(lines) + b"\n")


class ToServer:
    """SMTP or LMTP at HOST:PORT."""

    def __init__(self, smtp, lmtp, recipient):
        self.recipient = recipient
        host, port = (lmtp or smtp).split(":")
        self.server = (smtplib.LMTP if lmtp else smtplib.SMTP)(host, int(port))

    def put(self, when, raw, mail):
        sender = "" if mail.kind == "dsn" else mail.sender
        self.server.sendmail(sender, [self.recipient], raw, ["BODY=8BITMIME"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", dest="count", type=int, default=2000)
    parser.add_argument("-s", dest="seed", type=int, default=1)
    for target in ("maildir", "mbox", "dir", "smtp", "lmtp", "manifest"):
        parser.add_argument("--" + target)
    parser.add_argument("--owner", default="mail", help="who owns the Maildir's files")
    parser.add_argument("--keep", action="store_true", help="add to the Maildir; do not empty it first")
    parser.add_argument("--crlf", action="store_true", help="CRLF line ends with --dir")
    parser.add_argument("--recipient", default=DESK)
    parser.add_argument("--tag", default="[CASE-%d]")
    parser.add_argument("--hard", type=float, default=0.02)
    options = parser.parse_args()
    targets = []
    if options.maildir:
        targets.append(ToMaildir(options.maildir, options.owner, options.keep))
    if options.mbox:
        targets.append(ToMbox(options.mbox))
    if options.dir:
        targets.append(ToFolder(options.dir, options.crlf))
    if options.smtp or options.lmtp:
        targets.append(ToServer(options.smtp, options.lmtp, options.recipient))
    if not targets and not options.manifest:
        parser.error("nowhere to put the mails")
    manifest = open(options.manifest, "w", encoding="utf-8") if options.manifest else None
    octets, classes = 0, {}
    for when, raw, entry, mail in mailbox(options):
        octets += len(raw)
        classes[entry["cls"]] = classes.get(entry["cls"], 0) + 1
        if manifest:
            manifest.write(json.dumps(entry, ensure_ascii=False) + "\n")
        for target in targets:
            target.put(when, raw, mail)
    count = max(1, options.count)
    print(f"{options.count} mails, {octets / 1e6:.1f} MB, {octets / 1e3 / count:.1f} KB a mail, {classes}")


if __name__ == "__main__":
    main()
