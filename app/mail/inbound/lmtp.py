"""A door for the mail server next to us (LMTP, RFC 2033): one answer for each recipient, given when it is committed."""

import asyncio
import signal
from collections.abc import Callable
from importlib import import_module
from typing import Any

Take = Callable[[bytes, str], bool]  # a mail and one recipient: False where it has to be brought again
_MOST_BYTES = 10_000_000
_LONGEST_LINE = 1_000_000  # mails are taken as they come: who refuses one makes its sender get it back
_TAKEN, _LATER = "250 2.0.0 taken", "451 4.3.0 try again later"


class Handler:
    """Named by the library: what it calls for each recipient, and for the mail."""

    def __init__(self, take: Take) -> None:
        self._take = take

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """Everybody: whoever is refused here makes a mail to a sender who may be forged."""
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        loop, raw = asyncio.get_running_loop(), bytes(envelope.content or b"")
        answers = [await loop.run_in_executor(None, self._answer, raw, one) for one in envelope.rcpt_tos]
        return "\r\n".join(answers)

    def _answer(self, raw: bytes, recipient: str) -> str:
        return _TAKEN if self._take(raw, recipient) else _LATER


def server(take: Take) -> Any:
    """One connection's half of the conversation."""
    spoken: Any = import_module("aiosmtpd.lmtp").LMTP
    patient = type("Lmtp", (spoken,), {"line_length_limit": _LONGEST_LINE})
    return patient(Handler(take), hostname="tatbiq", ident="Tatbiq", data_size_limit=_MOST_BYTES, enable_SMTPUTF8=True)


def serve(host: str, port: int, take: Take, ready: Callable[[str, int], None]) -> None:
    """Until the process is asked to end; `ready` is told where it listens."""
    asyncio.run(_served(host, port, take, ready))


async def _served(host: str, port: int, take: Take, ready: Callable[[str, int], None]) -> None:
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    listening = await loop.create_server(lambda: server(take), host, port)
    bound = listening.sockets[0].getsockname()
    ready(bound[0], bound[1])
    await over.wait()
    listening.close()
