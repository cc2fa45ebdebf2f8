"""Connections that say nothing, or say it too slowly, are closed; what is no HTTP is answered with our headers.

What a request may take once it is understood is in time_limits.py.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.web.shield import headers

HEAD_SECONDS = 15.0  # from the first silence to the last header
_TEXT = b"This is not a request that can be understood.\n"


class Connection(HttpToolsProtocol):
    """One connection of the server."""

    _due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_a_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._nothing_is_due()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._due is None:
            self._expect_a_head()

    def on_headers_complete(self) -> None:
        self._nothing_is_due()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        head = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(_TEXT)), "Connection": "close"}
        lines = [f"{name}: {value}" for name, value in (headers() | head | {"Cache-Control": "no-store"}).items()]
        self.transport.write("\r\n".join(["HTTP/1.1 400 Bad Request", *lines, "", ""]).encode() + _TEXT)
        self.transport.close()

    def _expect_a_head(self) -> None:
        self._due = self.loop.call_later(HEAD_SECONDS, self._close)

    def _nothing_is_due(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _close(self, *_: Any) -> None:
        if not self.transport.is_closing():
            self.transport.close()
