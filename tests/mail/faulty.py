"""A small SMTP server on loopback that misbehaves on demand; what it accepted is the truth."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

REFUSALS = {  # behaviour → the command it answers, and with what
    "450_rcpt": (b"RCPT", "450 4.2.0 greylisted"),
    "550_rcpt": (b"RCPT", "550 5.1.1 no such user"),
    "550_domain": (b"RCPT", "550 5.1.2 no such domain"),
    "550_nul": (b"RCPT", "550 5.1.1 no \x00such\u202e user\x1b[2J"),
    "554_relay": (b"RCPT", "554 5.7.1 <omar@example.ma>: Relay access denied"),
    "451_mail": (b"MAIL", "451 4.3.0 local error"),
    "553_mail": (b"MAIL", "553 5.7.1 not your address"),
    "552_mail": (b"MAIL", "552 5.3.4 message too big"),
    "535_auth": (b"AUTH", "535 5.7.8 refused"),
    "454_auth": (b"AUTH", "454 4.7.0 try later"),
    "452_data": (b".", "452 4.3.1 no room"),
    "554_data": (b".", "554 5.6.0 not wanted"),
    "554_before_data": (b"DATA", "554 5.5.1 no valid recipients"),
}
GREETINGS = {"421_banner": "421 4.3.2 later", "554_banner": "554 5.7.1 you are not welcome"}


class Faulty:
    def __init__(self, *behaviours: str) -> None:
        self.behaviours = list(behaviours)  # one a message, the last for ever
        self.accepted: list[bytes] = []
        self.how: list[str] = []  # of each of them the behaviour
        self.connections = 0
        self.port = 0
        self.tls: ssl.SSLContext | None = None

    async def babbles(self, mode: str, step: str, writer: asyncio.StreamWriter) -> bool:
        """Whether this step has been answered in a way of its own."""
        return False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self.converse(reader, writer)
        except (OSError, asyncio.CancelledError):  # whoever hangs up, also in the midst of TLS
            pass
        finally:
            writer.close()

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        mode = self.greeting()
        if mode == "hang_banner":
            await asyncio.sleep(60)
        if not await self.babbles(mode, "banner", writer):
            writer.write((GREETINGS.get(mode, "220 faulty ESMTP") + "\r\n").encode())
        while mode not in GREETINGS and (line := await reader.readline()):
            verb = line.strip().upper().split(b" ")[0].split(b":")[0]
            if verb == b"MAIL":
                mode = self.next()
            refused, answer = REFUSALS.get(mode, (b"", ""))
            if mode == f"drop_at_{verb.decode().lower()}":
                return
            if await self.babbles(mode, verb.decode("latin-1").lower(), writer):
                continue
            if verb == refused:
                writer.write(f"{answer}\r\n".encode())
            elif verb == b"EHLO":
                offered = b"250-STARTTLS\r\n" if self.tls else b""
                writer.write(b"250-faulty\r\n250-AUTH LOGIN PLAIN\r\n" + offered + b"250 SIZE 1000000\r\n")
            elif verb == b"STARTTLS" and self.tls:
                writer.write(b"220 go on\r\n")
                await writer.drain()
                await writer.start_tls(self.tls)
            elif verb == b"AUTH":
                writer.write(b"235 2.7.0 ok\r\n")
            elif verb == b"DATA":
                writer.write(b"354 go on\r\n")
                if not await self.take(mode, reader, writer):
                    return
            else:
                writer.write(b"250 ok\r\n")
            await writer.drain()

    def greeting(self) -> str:
        return self.behaviours[0]

    def next(self) -> str:
        return self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]

    async def take(self, mode: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """The message itself; False to hang up."""
        data = b""
        while (part := await reader.readline()) not in (b".\r\n", b""):
            data += part[1:] if part.startswith(b".") else part
            if mode == "drop_mid_data":
                return False
        refused, answer = REFUSALS.get(mode, (b"", "250 2.0.0 queued"))
        if refused != b".":
            self.accepted.append(data)
            self.how.append(mode)
            answer = "250 2.0.0 queued"
        if await self.babbles(mode, "end", writer):
            return False
        if mode == "accept_then_hang":
            await asyncio.sleep(60)
        if mode == "accept_then_drop":
            return False
        writer.write(f"{answer}\r\n".encode())
        await writer.drain()
        return mode != "one_a_connection"


@contextmanager
def faulty(*behaviours: str) -> Iterator[Faulty]:
    server = Faulty(*behaviours)
    with listening(server):
        yield server


class Server(Protocol):
    port: int

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None: ...


@contextmanager
def listening(server: Server) -> Iterator[None]:
    """Serve on a free port of loopback, in a thread, until the block ends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    started = asyncio.start_server(server.serve, "127.0.0.1", 0, limit=2**20)
    found = asyncio.run_coroutine_threadsafe(started, loop).result(5)
    server.port = found.sockets[0].getsockname()[1]
    try:
        yield
    finally:
        loop.call_soon_threadsafe(_end, loop)
        thread.join(5)
        found.close()
        loop.close()


def _end(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.call_later(0.05, loop.stop)
