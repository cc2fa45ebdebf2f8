"""The demo's mailbox: the messages that the file transport left in a directory, read back for people."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

MOST = 60
_NAME = re.compile(r"(\d{8}T\d{6})\.\d+Z-[0-9a-f]{8}\.eml")
_LINK = re.compile(r"(https?://[^\s<>]+)")


@dataclass(frozen=True, slots=True)
class Letter:
    """One message: its head, and what a reader without HTML sees."""

    name: str
    at: datetime
    to: str
    subject: str
    lang: str
    text: str = ""

    def pieces(self, base: str) -> list[tuple[str, bool]]:
        """The text cut at its addresses; True: an address of ours, which may be followed."""
        return [(piece, piece.startswith(f"{base}/")) for piece in _LINK.split(self.text) if piece]


def newest(directory: Path) -> list[Letter]:
    """The latest first, heads only."""
    names = sorted((path.name for path in directory.glob("*.eml") if _NAME.fullmatch(path.name)), reverse=True)
    return [letter for name in names[:MOST] if (letter := _letter(directory, name, headers_only=True))]


def read(directory: Path, name: str) -> Letter | None:
    """The message of that name; None where there is none. The pattern leaves no way out of the directory."""
    return _letter(directory, name, headers_only=False) if _NAME.fullmatch(name) else None


def raw(directory: Path, name: str) -> bytes | None:
    path = directory / name
    return path.read_bytes() if _NAME.fullmatch(name) and path.is_file() else None


def _letter(directory: Path, name: str, *, headers_only: bool) -> Letter | None:
    content, stamp = raw(directory, name), _NAME.fullmatch(name)
    if content is None or stamp is None:
        return None
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(content, headersonly=headers_only)
    body = None if headers_only else message.get_body(("plain",))
    return Letter(
        name,
        datetime.strptime(stamp.group(1), "%Y%m%dT%H%M%S").replace(tzinfo=UTC),
        str(message["To"]),
        str(message["Subject"]),
        str(message["Content-Language"] or ""),
        str(body.get_content()) if body else "",
    )
