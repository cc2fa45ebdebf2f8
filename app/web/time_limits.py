"""How long a request may take: the body has its time to arrive, the answer has its own, and nobody is left waiting.

The application runs as a task of its own and is never cancelled: a cancelled one leaves its thread running statements
on a connection that somebody else closes. When its time is over its statements are interrupted, it ends by itself in
its own thread, and only then, or after a moment's grace, is the reader told.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import visits
from app.visits import Visit

DEADLINE = 7.0  # seconds from the last byte of the question to the interruption
GRACE = 0.6  # for the thread to end; a driver that hangs in spite of all its own timeouts gets no more
STREAMING = 60.0  # for an answer that has begun, on a slow line
SILENCE = 20.0  # between two pieces of a body
ARRIVAL = 300.0  # for a whole one
WENT_AWAY = 499
MOST_ARRIVING = 96 * 1024 * 1024  # bytes of all bodies under way in this process

Refuse = Callable[[int], Awaitable[None]]
_ending: set[asyncio.Task[None]] = set()  # the loop itself keeps tasks weakly


class Inflow:
    """How much of all bodies is held at this moment, and how much may be."""

    def __init__(self, most: Callable[[], int]) -> None:
        self.size, self.most = 0, most


_Inflow = Inflow(lambda: MOST_ARRIVING)


async def body(receive: Receive, most: int) -> tuple[bytes, int]:
    """The whole body, and 0; or the status to refuse it with: 413, 408, 503, or WENT_AWAY."""
    arrived = bytearray()
    status = await arrive(receive, most, arrived.extend, _Inflow)
    return (b"", status) if status else (bytes(arrived), 0)


async def arrive(receive: Receive, most: int, keep: Callable[[bytes], object], inflow: Inflow) -> int:
    """Every piece of a body to `keep`; 0, or the status to refuse it with."""
    size = 0
    try:
        async with asyncio.timeout(ARRIVAL):
            while True:
                message = await asyncio.wait_for(receive(), SILENCE)
                if message["type"] == "http.disconnect":
                    return WENT_AWAY
                piece = message.get("body", b"")
                size += len(piece)
                inflow.size += len(piece)
                if size > most:
                    return 413
                if inflow.size > inflow.most():
                    return 503
                keep(piece)
                if not message.get("more_body"):
                    return 0
    except TimeoutError:
        return 408
    finally:
        inflow.size -= size


async def within(
    app: ASGIApp,
    scope: Scope,
    receive: Receive,
    send: Send,
    late: Callable[[], Awaitable[None]],
    client: Receive | None = None,
) -> None:
    """Run the application on a question that has arrived whole; `late` answers where it does not in its time.

    `client` tells when whoever asked has gone away.
    """
    visit, gate = Visit(), _Gate(send)
    visits.current.set(visit)
    task = asyncio.create_task(_run(app, scope, receive, gate))
    if client is not None:
        _while(task, _watch(client, visit))
    _ending.add(task)
    task.add_done_callback(_ending.discard)
    try:
        await asyncio.wait({task}, timeout=DEADLINE)
        if not task.done():
            await _overtime(task, visit, gate, late)
    except asyncio.CancelledError:
        visit.stop()
        raise
    if task.done():
        task.result()
    else:
        task.add_done_callback(_forget)


async def _run(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)


def _while(task: asyncio.Task[None], beside: Coroutine[None, None, None]) -> None:
    watching = asyncio.create_task(beside)
    task.add_done_callback(lambda _: watching.cancel())


async def _watch(client: Receive, visit: Visit) -> None:
    while (await client())["type"] != "http.disconnect":
        pass
    visit.leave()


async def _overtime(task: asyncio.Task[None], visit: Visit, gate: "_Gate", late: Callable[[], Awaitable[None]]) -> None:
    if gate.is_open_for_more:
        await asyncio.wait({task}, timeout=STREAMING)
        return
    visit.stop()
    await asyncio.wait({task}, timeout=GRACE)
    if gate.shut():
        await late()


def _forget(task: asyncio.Task[None]) -> None:
    """Whatever came of it, nobody waits for it any more; what went wrong was said when the reader was told."""
    with suppress(asyncio.CancelledError):
        task.exception()


class _Gate:
    """What the application sends passes, until it is too late."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._is_shut = False
        self.is_open_for_more = False

    async def __call__(self, message: Message) -> None:
        if not self._is_shut:
            self.is_open_for_more = True
            await self._send(message)

    def shut(self) -> bool:
        """From now on nothing passes; False where an answer has begun already."""
        self._is_shut = not self.is_open_for_more
        return self._is_shut
