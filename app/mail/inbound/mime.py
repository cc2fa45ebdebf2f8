"""A mail that anybody may have sent, taken apart within limits: any bytes are an `InboundMail` or `Unreadable`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses
from itertools import islice

MOST_BYTES = 1_000_000  # of a mail; the report and the words stand before what they are about
_MOST_LINES = 20_000  # of base64 that is more than the bytes
_MOST_HEADER_LINES = 2000
_MOST_HEADER = 4000  # of one header's value
_MOST_PARTS = 60
_MOST_BOUNDARIES = 30  # each level costs the parser a look at every line
_MOST_TEXT = 200_000
_WORD = re.compile(r"=\?[^?\s]{1,40}\?[bq]\?[^?\s]{0,300}\?=", re.IGNORECASE)
# Others than these can be slow, or are no alphabets at all.
_CHARSET = re.compile(
    r"utf-?8|us-ascii|ascii|iso-?8859-\d{1,2}|(?:windows-?|cp)(?:125\d|437|65001|850)|koi8-[ru]|utf-16(?:le|be)?|mac-?roman",
    re.IGNORECASE,
)

# Here an encoded word is no word (RFC 2047, 5): decoded, one address could pass for another, a failure for a proof.
_ADDRESSES = ("from", "sender", "to", "cc", "return-path")
_ENVELOPE = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-rcpt-to")
_LITERAL = frozenset({*_ADDRESSES, *_ENVELOPE, "authentication-results"})
_OF_BLOCKS = "message/global-delivery-status"  # RFC 6533: the library knows only the older one to be of blocks


class Unreadable(Exception):
    """These bytes are no mail that we take apart; says why, in a line."""


@dataclass(frozen=True, slots=True)
class MimePart:
    """A leaf of the mail, its text decoded; of attached mails the headers alone."""

    kind: str  # text/plain, message/delivery-status, …
    text: str
    is_attached: bool = False


@dataclass(frozen=True, slots=True)
class InboundMail:
    """One mail: its headers by small name, in the order they came, and its leaves."""

    headers: tuple[tuple[str, str], ...]
    parts: tuple[MimePart, ...]

    def all(self, name: str) -> list[str]:
        return [value for known, value in self.headers if known == name]

    def first(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    def addresses(self, *names: str) -> list[str]:
        """Of all headers of these names, as they stand there."""
        values = [value for name in names for value in self.all(name)]
        return [address for value in values for _, address in _parsed(value) if "@" in address]

    def text(self, kind: str = "text/plain") -> str:
        return next((part.text for part in self.parts if part.kind == kind and not part.is_attached), "")


def read(raw: bytes) -> InboundMail:
    """Raises Unreadable, and nothing else."""
    head = _cut(raw)
    if not head.strip():
        raise Unreadable("it is empty")
    if re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0].count(b"\n") > _MOST_HEADER_LINES:
        raise Unreadable("its header does not end")
    if head.lower().count(b"boundary=") > _MOST_BOUNDARIES:
        raise Unreadable("it has too many parts within parts")
    try:
        return _taken_apart(BytesParser(policy=policy.compat32).parsebytes(head))
    except Unreadable:
        raise
    except Exception as error:  # the library raises what it likes, and recursion ends somewhere
        raise Unreadable(f"it can't be taken apart ({type(error).__name__})") from None


def _cut(raw: bytes) -> bytes:
    """So many bytes and lines from its beginning."""
    head = raw[:MOST_BYTES]
    return b"".join(head.splitlines(keepends=True)[:_MOST_LINES]) if head.count(b"\n") > _MOST_LINES else head


def _taken_apart(found: Message) -> InboundMail:
    headers = _headers(found)
    if not headers:
        raise Unreadable("it has no header")
    return InboundMail(headers, tuple(_leaves(found)))


def _headers(found: Message) -> tuple[tuple[str, str], ...]:
    """As they came: bytes beyond ASCII are UTF-8, as newer servers write them."""
    raw = ((name, value.encode("utf-8", "surrogateescape")) for name, value in islice(found.raw_items(), 400))
    return tuple((name.lower(), _told(name.lower(), value.decode("utf-8", "replace"))) for name, value in raw)


def _told(name: str, value: str) -> str:
    return " ".join(value[:_MOST_HEADER].split()) if name in _LITERAL else decoded(value)


def decoded(value: str) -> str:
    """A header on one line, encoded words as what they say; the rest as it stands."""
    line = " ".join(value[:_MOST_HEADER].split())
    line = re.sub(r"(?<=\?=) (?==\?)", "", line)  # white space between two encoded words says nothing
    return _WORD.sub(lambda word: _word(word[0]), line).encode("utf-8", "replace").decode()


def _word(text: str) -> str:
    try:
        [(content, charset)] = decode_header(text)
        return content if isinstance(content, str) else alphabet(content, charset or "ascii")
    except Exception:
        return text


def alphabet(content: bytes, charset: str) -> str:
    """In the alphabet that it claims, if that is one we believe in, else as UTF-8; what fits nowhere is replaced."""
    known = charset if _CHARSET.fullmatch(charset) else "utf-8"
    try:
        return content.decode(known, "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _leaves(found: Message) -> Iterator[MimePart]:
    """From the first to the last; what lies within an attached mail is told as that mail's headers."""
    waiting, count, room = [found], 0, _MOST_TEXT
    while waiting and count < _MOST_PARTS:
        part, count = waiting.pop(0), count + 1
        kind, payload = part.get_content_type(), part.get_payload()
        if kind.startswith("message/") and isinstance(payload, list):
            read = _whole if kind == _OF_BLOCKS else _fields
            told = "\n\n".join(read(each) for each in payload[:50] if isinstance(each, Message))[:room]
        elif isinstance(payload, list):
            waiting[:0] = [each for each in payload[:_MOST_PARTS] if isinstance(each, Message)]
            continue
        else:
            told = _text(part)[:room] if kind.startswith(("text/", "message/")) else ""
        room -= len(told)
        yield MimePart(kind, told, part.get_content_disposition() == "attachment")


def _fields(block: Message) -> str:
    """One block of a report, or the headers of an attached mail; what a nested one holds is left out."""
    return "\n".join(f"{name}: {value}" for name, value in _headers(block))


def _whole(block: Message) -> str:
    """With what follows its first block, which the library takes for the body of a mail."""
    rest = block.get_payload()
    told = rest.encode("utf-8", "surrogateescape").decode("utf-8", "replace") if isinstance(rest, str) else ""
    return f"{_fields(block)}\n\n{told}"


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    charset = str(part.get_param("charset", "utf-8"))
    return alphabet(content, charset) if isinstance(content, bytes) else ""


def _parsed(value: str) -> list[tuple[str, str]]:
    try:
        return getaddresses([value])
    except Exception:
        return []
