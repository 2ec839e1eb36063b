#!/usr/bin/env python3
"""Writes the seeds of each fuzz target below fuzz/seeds/, from the mails of the tests (tests/mail/*.eml).

Whole mails where a target reads mails; header values and texts, cut out, where it reads only those."""
import hashlib
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
MAILS = sorted((HERE.parent / "tests" / "mail").glob("*.eml"))
ADDRESSES = rb"from|to|cc|reply-to|sender|return-path|message-id|in-reply-to|references|delivered-to"


def header_values(raw: bytes, names: bytes) -> list[bytes]:
    """The values of some headers, as they came: folded and encoded."""
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    return re.findall(rb"(?im)^(?:" + names + rb"):[ \t]*(.*(?:\r?\n[ \t].*)*)", head)


def words(raw: bytes) -> bytes:
    """The body without its transfer encoding undone; an HTML part behind a NUL, as the target `quote` wants it."""
    body = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[-1]
    html = re.search(rb"(?is)<html.*?</html>", body)
    return body if html is None else body.replace(html[0], b"") + b"\0" + html[0]


def dsn(raw: bytes) -> list[bytes]:
    """Behind one octet that says how the rest is read: the whole mail, and its body below each head."""
    body = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[-1]
    return [b"\xff" + raw] + [bytes([head]) + body for head in range(5)]


def write(target: str, seeds: list[bytes]) -> None:
    folder = HERE / "seeds" / target
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        (folder / hashlib.sha1(seed).hexdigest()).write_bytes(seed)


def main() -> None:
    if not MAILS:
        sys.exit("no mails in tests/mail")
    for file in MAILS:
        raw = file.read_bytes()
        write("inspect", [raw])
        write("origin", [raw])
        write("quote", [words(raw)])
        write("subject", header_values(raw, rb"subject"))
        write("address", header_values(raw, ADDRESSES))
        if file.name.startswith(("bounce-", "robot-")) or "bounce" in file.name:
            write("dsn", dsn(raw))


main()
