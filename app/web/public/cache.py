"""Public pages from memory: the one asynchronous layer, which answers what has not changed and asks the app else.

Nothing here knows a page: an answer is kept when a public route says that it may be, and is given out only while the
version of the database and the local date are those it was made under. Cookies play no part.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.cacheable import CACHE_CONTROL
from app.web.page import local_today
from app.web.versions import Versions

MOST_PAGES = 512
MOST_BYTES = 16 * 1024 * 1024
_CURSORS = frozenset({"before", "after"})  # other query values change nothing and would only fill the memory
Key = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer and what it was true under."""

    stamp: tuple[object, ...]
    headers: list[tuple[bytes, bytes]]
    body: bytes
    etag: str


class Cached:
    """Stands before the app; a page that was asked for once costs a look into a dictionary until something changes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.versions = Versions()
        self.pages: OrderedDict[Key, Kept] = OrderedDict()
        self.size = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        version = await self.versions.now() if _may_be_kept(scope) else None
        if version is None:
            await self.app(scope, receive, send)
            return
        # The version is read before the page is made: what changes in between makes the page newer, never older.
        key, stamp = (scope["path"], scope["query_string"]), (version, local_today())
        kept = self._find(key, stamp) or await self._make(key, stamp, scope, receive, send)
        if kept:
            await _answer(kept, scope, send)

    def _find(self, key: Key, stamp: tuple[object, ...]) -> Kept | None:
        kept = self.pages.get(key)
        if kept is None or kept.stamp != stamp:
            return None
        self.pages.move_to_end(key)
        return kept

    async def _make(
        self, key: Key, stamp: tuple[object, ...], scope: Scope, receive: Receive, send: Send
    ) -> Kept | None:
        """Ask the app; None when its answer was not one to keep and has been passed on."""
        held = _Held(scope, send)
        await self.app(scope, receive, held)
        if held.start is None:
            return None
        etag = f'"{hashlib.sha256(held.body).hexdigest()[:24]}"'
        kept = Kept(stamp, [*held.start["headers"], (b"etag", etag.encode())], bytes(held.body), etag)
        self._keep(key, kept)
        return kept

    def _keep(self, key: Key, kept: Kept) -> None:
        if old := self.pages.pop(key, None):
            self.size -= len(old.body)
        self.pages[key] = kept
        self.size += len(kept.body)
        while len(self.pages) > MOST_PAGES or self.size > MOST_BYTES:
            _, oldest = self.pages.popitem(last=False)
            self.size -= len(oldest.body)


class _Held:
    """Holds back an answer that may be kept, passes on any other as it comes."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope = scope
        self.send = send
        self.start: Message | None = None
        self.body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and self._is_public(message):
            self.start = message
        elif self.start is None:
            await self.send(message)
        else:
            self.body += message.get("body", b"")

    def _is_public(self, message: Message) -> bool:
        route = getattr(self.scope.get("endpoint"), "__module__", "")
        headers = Headers(raw=message["headers"])
        return (
            message["status"] == 200
            and route.startswith("app.web.public.")
            and headers.get("cache-control") == CACHE_CONTROL
            and "set-cookie" not in headers
        )


def _may_be_kept(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
        return False
    query = scope["query_string"]
    return not query or {name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True)} <= _CURSORS


async def _answer(kept: Kept, scope: Scope, send: Send) -> None:
    wanted = Headers(scope=scope).get("if-none-match")
    if wanted is not None and _names(wanted, kept.etag):
        headers = [pair for pair in kept.headers if pair[0] in {b"etag", b"cache-control"}]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": list(kept.headers)})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else kept.body})


def _names(wanted: str, etag: str) -> bool:
    """RFC 9110 §13.1.2: weak comparison, any of a list, or `*`."""
    tags = [tag.strip().removeprefix("W/") for tag in wanted.split(",")]
    return etag in tags or "*" in tags
