"""The mail server of the long trials: it misbehaves as it is told, and what it accepted is the truth."""

import asyncio
import email
import email.policy
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from tests.faults.injected import babble
from tests.mail.faulty import GREETINGS, Faulty, listening

_REF = re.compile(r"\b[A-Z]{2}-20\d\d-\d+\.\d+\b")
_AT_THE_DOOR = frozenset({*GREETINGS, "drop_at_ehlo", "hang_banner"})
LOST_REPLY = frozenset({"accept_then_drop", "accept_then_hang"})


@dataclass(frozen=True)
class Receipt:
    """One copy that was accepted."""

    to: str
    message_id: str
    digest: str  # of the bytes
    subject: str
    at: datetime  # its Date
    refs: frozenset[str]  # of the actions that its text names
    how: str

    @property
    def on(self) -> date:
        return self.at.date()


class Sink(Faulty):
    """`choose` says how the next message is met; by default well."""

    def __init__(self) -> None:
        super().__init__("good")
        self.choose: Callable[[], str] = lambda: "good"
        self.met: Counter[str] = Counter()
        self.waiting: list[str] = []

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def greeting(self) -> str:
        """Whoever connects meets it here where it refuses connections; else the first message does."""
        chosen = self.choose()
        if _is_at_the_door(chosen):
            self.met[chosen] += 1
            return chosen
        self.waiting.append(chosen)
        return "good"

    def next(self) -> str:
        chosen = self.waiting.pop() if self.waiting else self.choose()
        if _is_at_the_door(chosen):
            chosen = "good"
        self.met[chosen] += 1
        return chosen

    async def babbles(self, mode: str, step: str, writer: asyncio.StreamWriter) -> bool:
        return await babble.answered(mode, step, writer)

    def receipts(self) -> list[Receipt]:
        return [_read(raw, how) for raw, how in zip(self.accepted, self.how, strict=True)]

    def copies(self) -> dict[str, list[Receipt]]:
        """By Message-ID."""
        found: dict[str, list[Receipt]] = {}
        for one in self.receipts():
            found.setdefault(one.message_id, []).append(one)
        return found


def _is_at_the_door(mode: str) -> bool:
    return mode in _AT_THE_DOOR or babble.step_of(mode) in babble.AT_THE_DOOR


def _read(raw: bytes, how: str) -> Receipt:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    at = parsedate_to_datetime(str(message["Date"])).astimezone(UTC)
    to = str(message["To"].addresses[0].addr_spec)
    return Receipt(
        to, str(message["Message-ID"]), hashlib.sha256(raw).hexdigest(), str(message["Subject"]),
        at, frozenset(_REF.findall(text)), how,
    )  # fmt: skip


@contextmanager
def sink() -> Iterator[Sink]:
    server = Sink()
    with listening(server):
        yield server
