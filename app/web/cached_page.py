"""One public page in memory: its bytes, plain or packed, the names of both for caches, and what it was true under."""

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from starlette.datastructures import Headers
from starlette.types import Message, Scope, Send

from app.web.cacheable import CACHE_CONTROL, SHOWS

_GZIP = 16 + zlib.MAX_WBITS
_LEVEL = 6
_VARY = (b"vary", b"Accept-Encoding")
_NOT_MODIFIED = frozenset({b"cache-control", b"vary"})


@dataclass(slots=True)
class Kept:
    """Its bytes lie here once: packed as soon as somebody took them packed, unpacked again for whoever can't."""

    number: int
    on: object
    shows: frozenset[str]
    headers: list[tuple[bytes, bytes]]
    name: str
    length: int
    body: bytes
    is_packed: bool = False

    @classmethod
    def of(cls, messages: Sequence[Message], scope: Scope, number: int, on: object) -> Self:
        body = b"".join(message.get("body", b"") for message in messages[1:])
        headers = [pair for pair in messages[0]["headers"] if pair[0] not in {b"content-length", b"vary"}]
        name = hashlib.sha256(body).hexdigest()[:24]
        return cls(number, on, scope[SHOWS], [*headers, _VARY], name, len(body), body)

    def pack(self) -> None:
        if not self.is_packed:
            self.body, self.is_packed = packed(self.body), True

    async def answer(self, scope: Scope, send: Send, *, is_packed: bool) -> None:
        etag = f'"{self.name}-gzip"' if is_packed else f'"{self.name}"'
        if is_named(Headers(scope=scope).get("if-none-match"), etag):
            own = [pair for pair in self.headers if pair[0] in _NOT_MODIFIED]
            await _send(send, 304, [*own, (b"etag", etag.encode())], b"")
            return
        body = self.body if is_packed == self.is_packed else _other(self.body, is_packed=is_packed)
        own = [*self.headers, (b"etag", etag.encode()), (b"content-length", str(len(body)).encode())]
        coded = [(b"content-encoding", b"gzip")] if is_packed else []
        await _send(send, 200, own + coded, b"" if scope["method"] == "HEAD" else body)


def may_be_kept(scope: Scope, start: Message) -> bool:
    """The answer says so: `public_page` marks its request with what it shows; a contract says who may call it."""
    headers = Headers(raw=start["headers"])
    return (
        start["status"] == 200
        and SHOWS in scope
        and headers.get("cache-control") == CACHE_CONTROL
        and "set-cookie" not in headers
    )


def packed(body: bytes) -> bytes:
    """As gzip, the same bytes for the same body."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    return packer.compress(body) + packer.flush()


def _other(body: bytes, *, is_packed: bool) -> bytes:
    return packed(body) if is_packed else zlib.decompress(body, _GZIP)


def accepts_gzip(headers: Headers) -> bool:
    """RFC 9110 §12.5.3: named, or any, and not with a weight of nothing."""
    weights = {}
    for part in headers.get("accept-encoding", "").lower().split(","):
        coding, _, weight = part.partition(";")
        weights[coding.strip()] = weight.replace(" ", "").removeprefix("q=") or "1"
    return weights.get("gzip", weights.get("*", "0")).rstrip("0.") != ""


def is_named(wanted: str | None, etag: str) -> bool:
    """RFC 9110 §13.1.2: weak comparison, any of a list, or `*`."""
    tags = [tag.strip().removeprefix("W/") for tag in (wanted or "").split(",")]
    return etag in tags or "*" in tags


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
