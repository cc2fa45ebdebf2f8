"""What stands before every route: trusted hosts, same origin, body size, a deadline, and headers on every answer."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import assets
from app.config import is_loopback, settings
from app.web.errors import answer

MAX_BODY = 12 * 1024 * 1024
DEADLINE = 9.0  # seconds; a black-holed database hangs its driver in spite of all its own timeouts
_COOKIE_ROUTES = re.compile(r"^/(?:[a-z]{2}/(?:workspace|sign-in|sign-out)|api)(?:/|$)")
_KEYED = re.compile(r"^/[a-z]{2}/(?:u|off|confirm|voice)/")
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
        self.headers = dict(_HEADERS)
        # Pages behind a key carry their small sheet inside: one trip on a slow line.
        inline = f"style-src 'self' {assets.inline_css('update.css')[1]}"
        self.keyed_policy = _HEADERS["Content-Security-Policy"].replace("style-src 'self'", inline)
        if settings().is_https:
            self.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sending = self._with_headers(scope["path"], send)
        if status := self._refusal(scope):
            await answer(Request(scope), status)(scope, receive, sending)
            return
        await self._within_time(scope, receive, sending)

    def _refusal(self, scope: Scope) -> int:
        headers = Headers(scope=scope)
        if not self._is_our_host(headers.get("host", "")):
            return 400
        if scope["method"] not in _SAFE and _COOKIE_ROUTES.match(scope["path"]) and not same_origin(headers):
            return 403
        length = headers.get("content-length", "")
        return 413 if length.isdigit() and int(length) > MAX_BODY else 0

    def _is_our_host(self, host: str) -> bool:
        name = (urlsplit(f"//{host}").hostname or "").lower()
        return name == self.host or is_loopback(name)

    async def _within_time(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            async with asyncio.timeout(DEADLINE):
                await self.app(scope, _counted(receive), watched)
        except TimeoutError:
            if not started:
                await answer(Request(scope), 503)(scope, receive, send)
        except _TooLarge:
            if not started:
                await answer(Request(scope), 413)(scope, receive, send)

    def _with_headers(self, path: str, send: Send) -> Send:
        keyed = bool(_KEYED.match(path))

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if keyed:
                    headers["Content-Security-Policy"] = self.keyed_policy
                    headers["Referrer-Policy"] = "no-referrer"
                    headers["Cache-Control"] = "no-store"
            await send(message)

        return sending


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
    if is_loopback(urlsplit(f"//{host}").hostname or ""):
        yield f"http://{host}"


class _TooLarge(Exception):
    """More bytes arrived than any form of ours holds."""


def _counted(receive: Receive) -> Callable[[], Awaitable[Message]]:
    received = 0

    async def counting() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > MAX_BODY:
            raise _TooLarge
        return message

    return counting
