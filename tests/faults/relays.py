"""A relay on loopback that treats each recipient as a test says; what it accepted is the truth."""

import asyncio
import email
import email.policy
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

from tests.mail.faulty import listening

HANG_UP, SILENCE = "hang up", "silence"
_ADDRESS = re.compile(r"<([^>]*)>")


@dataclass
class Relay:
    """`at_recipient`: by the beginning of an address an answer, HANG_UP or SILENCE; `in_data`: HANG_UP breaks it off.

    `everybody`: the same for all of them. `pipelining`: whether it is offered.
    """

    at_recipient: dict[str, str] = field(default_factory=dict)
    everybody: str = ""
    in_data: str = ""
    pipelining: bool = True
    port: int = 0
    accepted: list[tuple[str, bytes]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # recipients, in order
    on_accepted: threading.Event = field(default_factory=threading.Event)
    may_answer: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.may_answer.set()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def messages(self) -> list[EmailMessage]:
        return [email.message_from_bytes(raw, policy=email.policy.default) for _, raw in self.accepted]

    def answer(self, address: str) -> str:
        self.asked.append(address)
        named = (answer for begins, answer in self.at_recipient.items() if address.startswith(begins))
        return next(named, self.everybody) or "250 2.1.5 ok"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._converse(reader, writer)
        except (ConnectionError, asyncio.CancelledError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to = ""
        writer.write(b"220 relay ESMTP\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"EHLO":
                writer.write(b"250-relay\r\n250-PIPELINING\r\n250 SIZE\r\n" if self.pipelining else b"250 relay\r\n")
            elif verb == b"RCPT":
                found = _ADDRESS.search(line.decode())
                to = found[1] if found else ""
                answer = self.answer(to)
                if answer == HANG_UP:
                    return
                if answer == SILENCE:
                    await asyncio.sleep(3600)
                writer.write(f"{answer}\r\n".encode())
                to = to if answer.startswith("2") else ""
            elif verb == b"DATA":
                writer.write(b"354 go on\r\n" if to else b"554 5.5.1 no valid recipients\r\n")
                if to and not await self._taken(to, reader, writer):
                    return
            else:
                writer.write(b"250 ok\r\n")
            await writer.drain()

    async def _taken(self, to: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        await writer.drain()
        whole = await reader.readuntil(b"\r\n.\r\n")
        if self.in_data == HANG_UP:
            return False
        self.accepted.append((to, whole[:-3]))
        self.on_accepted.set()
        while not self.may_answer.is_set():
            await asyncio.sleep(0.01)
        writer.write(b"250 2.0.0 queued\r\n")
        return True


@contextmanager
def relay(**given: object) -> Iterator[Relay]:
    server = Relay(**given)  # type: ignore[arg-type]
    with listening(server):
        yield server
