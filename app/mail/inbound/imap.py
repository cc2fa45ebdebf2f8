"""A mailbox read over IMAP: the only module that speaks it. It changes nothing there but marks what was read."""

import contextlib
import imaplib
import io
import re
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from app.config import is_loopback
from app.domain.errors import Refused
from app.domain.messages import N_
from app.mail.inbound.mime import MOST_BYTES
from app.mail.patience import WithinTime

SILENCE = 20.0  # seconds, of any answer
WHOLE = 180.0  # of a turn: who goes on talking without an answer is not listened to for ever
MOST = 50  # mails of one turn
_LONGEST_LINE = 1_000_000  # bytes: a search tells all numbers in one
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\"\\]")
_WRONG_URL = N_("The mailbox %(url)s is not understood: write imaps://user:password@host/INBOX, or imap://…?starttls=1")
_IN_CLEAR = N_("The password for %(host)s would travel in clear: add ?starttls=1, or write imaps://")


class MailboxAway(Exception):
    """The server does not answer, refuses us, or speaks nonsense; says what, without the password."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    tls: str  # "", "starttls" or "implicit"


def read(url: str) -> Mailbox:
    """A wrong address is `Refused` without showing its password."""
    try:
        parts = urlsplit(url)
        port, query, host = parts.port, parts.query, parts.hostname or ""
    except ValueError:
        raise Refused(_WRONG_URL, url="") from None
    shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    if parts.scheme not in {"imap", "imaps"} or not host or port == 0 or query not in {"", "starttls=0", "starttls=1"}:
        raise Refused(_WRONG_URL, url=shown)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if not user or any(map(_UNSAFE.search, (user, password, folder))) or not (user + password + folder).isascii():
        raise Refused(_WRONG_URL, url=shown)
    tls = "implicit" if parts.scheme == "imaps" else "starttls" if query == "starttls=1" else ""
    if not tls and not is_loopback(host):
        raise Refused(_IN_CLEAR, host=host)
    return Mailbox(host, port or (993 if tls == "implicit" else 143), user, password, folder, tls)


class MailboxReader:
    """An open mailbox; as a context it hangs up at the end, whatever happened."""

    def __init__(
        self, mailbox: Mailbox, trust: ssl.SSLContext | None = None, silence: float = SILENCE, whole: float = WHOLE
    ) -> None:
        self._mailbox, self._trust, self._silence = mailbox, trust or ssl.create_default_context(), silence
        self._whole = whole
        self._imap: imaplib.IMAP4 | None = None

    def __enter__(self) -> Self:
        try:
            _step(self._open)
        except BaseException:
            self._hang_up()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._hang_up()

    def unread(self, until: float) -> Iterator[tuple[str, bytes]]:
        """Number and bytes of each mail that nobody has read, the oldest first; none begins after `until`."""
        for number in _step(self._numbers)[:MOST]:
            if time.monotonic() > until:
                return
            yield number, _step(lambda number=number: self._fetched(number))  # type: ignore[misc]

    def mark(self, number: str) -> None:
        """It is dealt with: whoever looks again does not see it."""
        _step(lambda: _said(self._open_one.uid("STORE", number, "+FLAGS.SILENT", "(\\Seen)")))

    @property
    def _open_one(self) -> imaplib.IMAP4:
        if self._imap is None:
            raise MailboxAway("the connection is not open")
        return self._imap

    def _open(self) -> None:
        box, until = self._mailbox, time.monotonic() + self._whole
        if box.tls == "implicit":
            self._imap = _SecretTalk(until, box.host, box.port, ssl_context=self._trust, timeout=self._silence)
        else:
            self._imap = _Talk(until, box.host, box.port, timeout=self._silence)
        if box.tls == "starttls":
            _said(self._imap.starttls(self._trust))
        _said(self._imap.login(box.user, box.password))
        _said(self._imap.select(f'"{box.folder}"'))

    def _numbers(self) -> list[str]:
        [found] = _said(self._open_one.uid("SEARCH", "UNSEEN"))
        return [one.decode() for one in (found or b"").split() if one.isdigit()]

    def _fetched(self, number: str) -> bytes:
        """Without the mark that it was read."""
        answer = _said(self._open_one.uid("FETCH", number, f"(BODY.PEEK[]<0.{MOST_BYTES}>)"))
        return next((bytes(one[1]) for one in answer if isinstance(one, tuple) and len(one) > 1), b"")

    def _hang_up(self) -> None:
        imap, self._imap = self._imap, None
        if imap is not None:
            with contextlib.suppress(Exception):
                imap.shutdown()  # no LOGOUT: its answer could hang


class _Talk(imaplib.IMAP4):
    """The library's own waits anew for every byte and every line, and takes in whatever length it is told."""

    def __init__(self, until: float, *given: Any, **named: Any) -> None:
        self._until = until
        self._of: Any = None
        self._heard: Any = None
        super().__init__(*given, **named)

    def read(self, size: int) -> bytes:
        if size > 2 * MOST_BYTES:
            raise self.abort("more than was asked for")
        raw: bytes = self._hearing().read(size)
        return raw

    def readline(self) -> bytes:
        line: bytes = self._hearing().readline(_LONGEST_LINE + 1)
        if len(line) > _LONGEST_LINE:
            raise self.abort("a line without an end")
        return line

    def _hearing(self) -> Any:
        """Of the connection as it is now: what was said before it became secret is not heard any more."""
        if self._of is not self.sock:
            self._of, self._heard = self.sock, io.BufferedReader(WithinTime(self.sock, self._until))
        return self._heard


class _SecretTalk(_Talk, imaplib.IMAP4_SSL):
    """TLS from the first byte."""


def _said(answer: tuple[str, list[Any]]) -> list[Any]:
    kind, data = answer
    if kind != "OK":
        said = next((one for one in data if isinstance(one, bytes)), b"")
        raise imaplib.IMAP4.error(said.decode("utf-8", "replace") or kind)
    return data


def _step(step: Callable[[], Any]) -> Any:
    """Whatever goes wrong with a server is one thing to the caller."""
    try:
        return step()
    except ssl.SSLCertVerificationError as error:
        raise MailboxAway(f"the server's certificate is not trusted: {error.verify_message}") from error
    except (OSError, imaplib.IMAP4.error, ValueError, UnicodeError, IndexError, TypeError) as error:
        words = " ".join(str(error).split())[:300]
        raise MailboxAway(words or type(error).__name__) from error
