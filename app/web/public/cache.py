"""Public pages from memory: the one asynchronous layer, which answers what has not changed and asks the app else.

Nothing here knows a page: an answer is kept when a public route says that it may be and what it shows, and is given out
only while nothing of that has changed and the local date is the one it was made on. Cookies play no part. A page that
many ask for at once is made once.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.cacheable import known_query
from app.web.cached_page import Kept, accepts_gzip, may_be_kept
from app.web.page import local_today
from app.web.page_versions import Versions

MOST_PAGES = 4_096
MOST_BYTES = 12 * 1024 * 1024  # beyond the half of it, pages are kept packed from the start
Key = tuple[str, bytes]
Stamp = tuple[int, object]


@dataclass(slots=True)
class _Answer:
    """All that the app sent, and the page when it is one to keep."""

    messages: list[Message] = field(default_factory=list)
    kept: Kept | None = None
    error: Exception | None = None

    @property
    def is_failure(self) -> bool:
        return not self.messages or self.messages[0]["status"] >= 500


@dataclass(frozen=True, slots=True)
class _Flight:
    """A page that is being made, and under what it will be true."""

    stamp: Stamp
    task: asyncio.Task[_Answer]


class Cached:
    """Stands before the app; a page that was asked for once costs a look into a dictionary until something changes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.versions = Versions()
        self.pages: OrderedDict[Key, Kept] = OrderedDict()
        self.flights: dict[Key, _Flight] = {}
        self.making: set[asyncio.Task[_Answer]] = set()  # the loop itself holds tasks only weakly
        self.size = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = known_query(scope["path"], scope["query_string"]) if _is_read(scope) else None
        number = await self.versions.now() if query is not None else None
        if query is not None:
            scope["query_string"] = query  # what no page knows reaches none: neither its bytes nor its links differ
        if query is None or number is None:
            await self.app(scope, receive, send)
            return
        # The number is read before the page is made: what changes in between makes the page newer, never older.
        key, stamp = (scope["path"], query), (number, local_today())
        kept = self._find(key, stamp) or await self._made(key, stamp, scope, receive, send)
        if kept:
            is_packed = accepts_gzip(Headers(scope=scope))
            if is_packed:
                self._pack(key, kept)
            await kept.answer(scope, send, is_packed=is_packed)

    def _find(self, key: Key, stamp: Stamp) -> Kept | None:
        kept = self.pages.get(key)
        if kept is None:
            return None
        if kept.on != stamp[1] or not self.versions.holds(kept.number, kept.shows):
            self._drop(key)
            return None
        self.pages.move_to_end(key)
        return kept

    async def _made(self, key: Key, stamp: Stamp, scope: Scope, receive: Receive, send: Send) -> Kept | None:
        """The page, made for whoever asked first; None when the answer was not one to keep and has been passed on."""
        flight = self.flights.get(key)
        is_first = flight is None or flight.stamp != stamp
        if flight is None or is_first:
            flight = self.flights[key] = _Flight(stamp, self._started(key, stamp, scope))
        answer = await asyncio.shield(flight.task)  # whoever asked first may go away: the others still wait for it
        if answer.kept:
            return answer.kept
        if is_first or answer.is_failure:
            await _pass_on(answer, scope, send)
        else:
            await self.app(scope, receive, send)
        return None

    def _started(self, key: Key, stamp: Stamp, scope: Scope) -> asyncio.Task[_Answer]:
        task = asyncio.create_task(self._make(key, stamp, {**scope, "method": "GET"}))
        self.making.add(task)
        task.add_done_callback(lambda done: self._ended(key, done))
        return task

    def _ended(self, key: Key, task: asyncio.Task[_Answer]) -> None:
        self.making.discard(task)
        if (flight := self.flights.get(key)) and flight.task is task:
            del self.flights[key]

    async def _make(self, key: Key, stamp: Stamp, scope: Scope) -> _Answer:
        """Ask the app, on nobody's connection."""
        answer = _Answer()

        async def hold(message: Message) -> None:
            answer.messages.append(message)

        try:
            await self.app(scope, _no_more(), hold)
        except Exception as error:  # it has been answered as one; whoever asked first hears of it
            answer.error = error
        if answer.messages and may_be_kept(scope, answer.messages[0]):
            answer.kept = Kept.of(answer.messages, scope, *stamp)
            self._keep(key, answer.kept)
        return answer

    def _keep(self, key: Key, kept: Kept) -> None:
        self._drop(key)
        if self.size > MOST_BYTES // 2:
            kept.pack()
        self.pages[key] = kept
        self.size += len(kept.body)
        while len(self.pages) > MOST_PAGES or self.size > MOST_BYTES:
            self._drop(next(iter(self.pages)))

    def _drop(self, key: Key) -> None:
        if old := self.pages.pop(key, None):
            self.size -= len(old.body)

    def _pack(self, key: Key, kept: Kept) -> None:
        before = len(kept.body)
        kept.pack()
        if self.pages.get(key) is kept:
            self.size += len(kept.body) - before


def _is_read(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}


def _no_more() -> Receive:
    """A request without a body, of somebody who never goes away."""
    begun = False

    async def receive() -> Message:
        nonlocal begun
        if begun:
            await asyncio.Event().wait()
        begun = True
        return {"type": "http.request", "body": b"", "more_body": False}

    return receive


async def _pass_on(answer: _Answer, scope: Scope, send: Send) -> None:
    for message in answer.messages:
        is_bare = scope["method"] == "HEAD" and message["type"] == "http.response.body"
        await send({**message, "body": b""} if is_bare else message)
    if answer.error:
        raise answer.error
