"""What stands before every route: trusted hosts, same origin, body size, time, and headers on every answer."""

import re
import secrets
import time
from collections.abc import Iterable
from contextlib import AsyncExitStack
from urllib.parse import unquote_to_bytes, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import assets, logs
from app.config import is_loopback, settings
from app.web import answered, time_limits, uploads
from app.web.errors import answer, fault

MAX_BODY = 12 * 1024 * 1024
MAX_WORDS = 256 * 1024  # where nobody is signed in, or behind a key: no form of ours holds more
_OPERATIONS = frozenset({"/healthz", "/readyz", "/healthz/followup", "/metrics"})  # asked by machines, under any name
_COOKIE_ROUTES = re.compile(r"^/(?:[a-z]{2}/(?:workspace|sign-in|sign-out)|api)(?:/|$)")
_KEYED = re.compile(r"^/(?:[a-z]{2}/(?:u|off|confirm|voice)|calendars/me)/")
_HOST = re.compile(r"(?:(?P<name>[\w.-]+)|\[(?P<v6>[0-9A-Fa-f:.]+)\])(?::\d{1,5})?", re.ASCII)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Shield:
    """Outermost: nothing passes unchecked, nothing leaves without its headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.host = (urlsplit(settings().base).hostname or "").lower()
        self.headers = headers()
        # Pages behind a key carry their small sheet inside: one trip on a slow line.
        inline = f"style-src 'self' {assets.inline_css('update.css')[1]}"
        self.keyed_policy = _HEADERS["Content-Security-Policy"].replace("style-src 'self'", inline)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id, begun = secrets.token_hex(6), time.perf_counter()
        sending = self._with_headers(scope, request_id, send)
        with logs.about(request=request_id, method=scope["method"], path=scope["path"]):
            await self._admit(scope, receive, sending)
        seconds = time.perf_counter() - begun
        answered.given.note(sending.status, seconds)
        if settings().access_log:
            milliseconds = seconds * 1000
            path = _whole(scope)
            logs.access(scope["method"], path, sending.status or time_limits.WENT_AWAY, milliseconds, request_id)

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with AsyncExitStack() as held:
            await self._admit_in_turn(scope, receive, send, held)

    async def _admit_in_turn(self, scope: Scope, receive: Receive, send: Send, held: AsyncExitStack) -> None:
        status, client = self._refusal(scope), None
        if not status and scope["method"] not in _SAFE:
            client = receive
            receive, status = await self._arrived(scope, receive, held)
        if status == time_limits.WENT_AWAY:
            return
        if status:
            detail = uploads.TOO_LARGE if status == 413 and uploads.is_one(scope) else ""
            await answer(Request(scope), status, detail)(scope, receive, send)
            return
        await time_limits.within(self.app, scope, receive, send, lambda: _late(scope, receive, send), client)

    async def _arrived(self, scope: Scope, receive: Receive, held: AsyncExitStack) -> tuple[Receive, int]:
        if uploads.is_one(scope):
            file, status = await uploads.spooled(receive, held)
            return uploads.replay(file, receive), status
        arrived, status = await time_limits.body(receive, self._most(scope))
        return _replay(arrived, receive), status

    def _refusal(self, scope: Scope) -> int:
        sent = Headers(scope=scope)
        if scope["path"] not in _OPERATIONS and not self._is_our_host(sent.get("host", "")):
            return 400
        if not _is_text(scope.get("raw_path") or scope["path"].encode()):
            return 404
        if not _is_text(scope["query_string"]):
            return 400
        if scope["method"] not in _SAFE and _COOKIE_ROUTES.match(scope["path"]) and not same_origin(sent):
            return 403
        length = sent.get("content-length", "")
        return 413 if length.isdecimal() and int(length[:20]) > self._most(scope) else 0

    def _is_our_host(self, host: str) -> bool:
        name = host_name(host)
        return name == self.host or (is_loopback(name) and bool(name or not host))

    def _most(self, scope: Scope) -> int:
        if uploads.is_one(scope):
            return uploads.MOST
        is_inside = "/workspace" in scope["path"] and settings().cookie_name in Headers(scope=scope).get("cookie", "")
        return MAX_BODY if is_inside else MAX_WORDS

    def _with_headers(self, scope: Scope, request_id: str, send: Send) -> "_Sending":
        more = self.headers | {"X-Request-Id": request_id}
        forced = {}
        if _KEYED.match(scope["path"]):
            forced["Content-Security-Policy"] = self.keyed_policy
            forced |= {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
        return _Sending(send, more, forced)


def headers() -> dict[str, str]:
    """On every answer, whoever gives it."""
    strict = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"} if settings().is_https else {}
    return _HEADERS | strict


class _Sending:
    """Puts the headers on, and remembers what was answered."""

    def __init__(self, send: Send, more: dict[str, str], forced: dict[str, str]) -> None:
        self._send, self._more, self._forced = send, more, forced
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            sent = MutableHeaders(scope=message)
            for name, value in self._more.items():
                sent.setdefault(name, value)
            for name, value in self._forced.items():
                sent[name] = value
        await self._send(message)


async def _late(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope)
    incident = fault(request, 503, "it took longer than its time")
    await answer(request, 503, incident=incident)(scope, receive, send)


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body again, for whoever asks for it, then what the client does."""
    is_read = False

    async def replayed() -> Message:
        nonlocal is_read
        if is_read:
            return await receive()
        is_read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


def _whole(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    return f"{scope['path']}?{query}" if query else str(scope["path"])


def _is_text(part: bytes) -> bool:
    """Whether a part of the address is UTF-8 that a database can keep."""
    plain = unquote_to_bytes(part)
    try:
        return "\0" not in plain.decode()
    except UnicodeDecodeError:
        return False


def host_name(host: str) -> str:
    """The name in a Host header, without its port; empty where it makes no sense."""
    found = _HOST.fullmatch(host)
    return (found["name"] or found["v6"]).lower() if found else ""


def same_origin(headers: Headers) -> bool:
    """A browser says where a form came from; foreign, `null` or nothing at all is not from our pages."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and origin in _origins(headers)


def _origins(headers: Headers) -> Iterable[str]:
    yield settings().base
    host = headers.get("host", "")
    if is_loopback(host_name(host)):
        yield f"http://{host}"
