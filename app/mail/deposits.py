"""What every way out promises, and the two that need no network: a directory and memory."""

import secrets
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from app import clock, private
from app.mail.failures import Failure, Unreachable


class Transport:
    """What every way out promises; `send` returns when the message is accepted, and raises a `Failure` otherwise."""

    def send(self, raw: bytes, sender: str, recipient: str) -> None:
        raise NotImplementedError

    def probe(self, sender: str) -> None:
        """Whether a message could leave now; raises a `Failure` when not."""

    def another(self) -> "Transport | None":
        """One more of the same, to be used at the same time; None where one is enough."""
        return None

    def close(self) -> None:
        """Give back what was kept for the batch."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class FileTransport(Transport):
    """One *.eml a message in a directory: for the demo, and for people without a relay."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def send(self, raw: bytes, sender: str, recipient: str) -> None:
        try:
            private.directory(self._directory)
            _write(self._directory / f"{clock.now():%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}.eml", raw)
        except OSError as error:
            raise Unreachable(0, str(error)) from error


def _write(path: Path, raw: bytes) -> None:
    """Whole or not at all, and still there after a power cut."""
    partial = path.with_suffix(".part")
    private.write(partial, raw)
    partial.replace(path)
    private.sync_directory(path.parent)


class SentMail(NamedTuple):
    raw: bytes
    sender: str
    recipient: str


class MemoryTransport(Transport):
    """What was sent, for tests; `faults` are raised first, one a message, None letting one through."""

    def __init__(self, *faults: Failure | None) -> None:
        self.sent: list[SentMail] = []
        self.faults: deque[Failure | None] = deque(faults)

    def send(self, raw: bytes, sender: str, recipient: str) -> None:
        if self.faults and (fault := self.faults.popleft()) is not None:
            raise fault
        self.sent.append(SentMail(raw, sender, recipient))
