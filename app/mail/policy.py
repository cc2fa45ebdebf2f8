"""What an e-mail is in bytes, serialised by ourselves (RFC 5322, 2045-2047); not what it says, nor how it leaves."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parseaddr
from functools import lru_cache

from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.texts import one_line

_CRLF = "\r\n"
_LINE = 76  # RFC 2047: no line that holds an encoded word is longer
_LINE_LIMIT = 998  # RFC 5322, without CRLF
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*", re.ASCII)
_MESSAGE_ID = re.compile(r"<[!-;=?A-~]+@[!-;=?A-~]+>")
_DOMAIN = re.compile(r"[A-Za-z0-9.-]+")
_TOKEN = re.compile(r"[A-Za-z0-9_.-]+")
_LINK = re.compile(r"https?://[!-;=?-~]+")
_PLAIN = re.compile(r"[ -~]*")


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail to one person, in one language, before it is bytes."""

    to: str
    subject: str
    text: str
    html: str
    lang: str
    kind: str
    to_name: str = ""
    threads: tuple[str, ...] = ()  # references of the actions it is about; their synthetic roots tie the mails together
    sender_name: str = ""  # the one programme that it is about; else the installation's own name stands
    reply_to: str = ""  # where an answer goes, with or without a name before it; else to the sender
    unsubscribe: str = ""  # the one-click address of RFC 8058; empty where a duty cannot be switched off


def compose(mail: Mail, *, sender: str, message_id: str, date: datetime) -> bytes:
    """The same bytes for the same arguments, always: a retry must not differ from the first copy."""
    identity = checked(message_id, _MESSAGE_ID)
    domain = identity[1:-1].rpartition("@")[2]
    boundary = "=_" + hashlib.sha256(identity.encode()).hexdigest()[:32]  # "=_" occurs in neither base64 nor printable
    name, address = named(sender)
    name = one_line(mail.sender_name) or name
    head = [
        _own_header("From", name, address),
        _address_header("To", mail.to_name, mail.to),
        *_reply_header(mail),
        "Subject: " + encoded(one_line(mail.subject), used=len("Subject: ")),
        f"Date: {format_datetime(date)}",
        f"Message-ID: {identity}",
        *_thread_headers(mail.threads, domain),
        *_list_headers(mail, domain),
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        f"Content-Language: {checked(mail.lang, _TOKEN)}",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative;{_CRLF} boundary="{boundary}"',
    ]
    parts = [*_part("plain", mail.text, boundary), *_part("html", mail.html, boundary), f"--{boundary}--", ""]
    return _CRLF.join([*head, "", *parts]).encode("ascii")


@lru_cache(maxsize=8)
def named(sender: str) -> tuple[str, str]:
    """The name and the address of the one sender that there is."""
    return parseaddr(sender)


def message_id(key: bytes, message_key: str, domain: str) -> str:
    """Fixed when the message is queued: a second copy of it carries the same one, and it tells nothing."""
    digest = hmac.new(key, message_key.encode(), hashlib.sha256).hexdigest()[:40]
    return f"<{digest}@{checked(domain, _DOMAIN)}>"


def thread_root(ref: str, domain: str) -> str:
    """The root that no mail bears, and all mails about one action answer."""
    return f"<action.{checked(ref, _TOKEN).lower()}@{checked(domain, _DOMAIN)}>"


def checked_address(value: str) -> str:
    """An address that can stand in a header and in an SMTP command; RFC 5321's quoted local parts are refused."""
    return checked(value, _ADDRESS)


def checked(value: str, pattern: re.Pattern[str]) -> str:
    if not pattern.fullmatch(value) or len(value) > _LINE_LIMIT - 32:
        raise Refused(N_("%(value)s cannot stand in the header of an e-mail"), value=repr(value[:80]))
    return value


def encoded(text: str, *, used: int) -> str:
    """A header value of free text, folded; `used` characters of its first line are taken by the header's name."""
    if _PLAIN.fullmatch(text) and "=?" not in text and (folded := _folded(text.split(" "), used)) is not None:
        return folded
    return f"{_CRLF} ".join(_encoded_words(text, used))


def _folded(words: list[str], used: int) -> str | None:
    """Lines of at most 76 broken at spaces, or None where no break is possible."""
    lines, line, room = [], words[0], _LINE - used
    for word in words[1:]:
        if len(line) + 1 + len(word) <= room:
            line += " " + word
        else:
            lines.append(line)
            line, room = word, _LINE - 1
    lines.append(line)
    rooms = [_LINE - used] + [_LINE - 1] * (len(lines) - 1)
    fits = all(len(one) <= limit for one, limit in zip(lines, rooms, strict=True))
    return f"{_CRLF} ".join(lines) if fits else None


def _encoded_words(text: str, used: int) -> Iterator[str]:
    """Base64 words of whole characters: a decoder may decode each on its own (RFC 2047, section 5)."""
    word, room = b"", _room(used)
    for character in text:
        more = character.encode()
        if len(word) + len(more) > room:
            yield _encoded_word(word)
            word, room = b"", _room(1)
        word += more
    yield _encoded_word(word)


def _room(used: int) -> int:
    """Bytes of text for which the encoded word still fits in the line and in 75 characters."""
    return min(75, _LINE - used) // 4 * 3 - 9


def _encoded_word(data: bytes) -> str:
    return f"=?utf-8?B?{base64.b64encode(data).decode()}?="


def _address_header(header: str, name: str, address: str) -> str:
    bare = checked_address(address)
    shown = one_line(name)
    if not shown:
        return f"{header}: {bare}"
    quoted = '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'
    fits = _PLAIN.fullmatch(shown) and "=?" not in shown and len(header) + 2 + len(quoted) <= _LINE
    phrase = quoted if fits else f"{_CRLF} ".join(_encoded_words(shown, len(header) + 2))
    return f"{header}: {phrase}{_CRLF} <{bare}>"


def _reply_header(mail: Mail) -> Iterator[str]:
    if mail.reply_to:
        yield _own_header("Reply-To", *named(mail.reply_to))


_own_header = lru_cache(maxsize=64)(_address_header)  # of the installation and its programmes, not of readers


def _thread_headers(refs: tuple[str, ...], domain: str) -> Iterator[str]:
    roots = [thread_root(ref, domain) for ref in refs]
    if len(roots) == 1:
        yield f"In-Reply-To: {roots[0]}"
    if roots:
        yield "References: " + f"{_CRLF} ".join(roots)


def _list_headers(mail: Mail, domain: str) -> Iterator[str]:
    yield f"List-Id: <{checked(mail.kind, _TOKEN).replace('_', '-')}.{domain}>"
    if mail.unsubscribe:
        # On one line whatever its length: a folded address is a broken one for many readers.
        yield f"List-Unsubscribe: <{checked(mail.unsubscribe, _LINK)}>"
        yield "List-Unsubscribe-Post: List-Unsubscribe=One-Click"


def _part(subtype: str, content: str, boundary: str) -> list[str]:
    if "\r" in content:
        content = content.replace("\r\n", "\n").replace("\r", "\n")
    unix = content.encode("utf-8", "replace")
    # Three characters for each byte that is none of ASCII's, or four for any three bytes: the shorter one.
    is_foreign = len(unix) - len(content) > len(unix) // 10
    encoding, body = ("base64", _in_base64(unix)) if is_foreign else ("quoted-printable", _printable(unix))
    return [
        f"--{boundary}",
        f"Content-Type: text/{subtype}; charset=utf-8",
        f"Content-Transfer-Encoding: {encoding}",
        "",
        body.replace("\n", _CRLF),
    ]


def _in_base64(unix: bytes) -> str:
    whole = binascii.b2a_base64(unix.replace(b"\n", b"\r\n"), newline=False).decode()
    return "\n".join([whole[start : start + _LINE] for start in range(0, len(whole), _LINE)])


def _printable(unix: bytes) -> str:
    return binascii.b2a_qp(unix, istext=True).decode()
