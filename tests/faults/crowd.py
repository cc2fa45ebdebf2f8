"""Many at once: a plain asynchronous client over sockets, light enough not to be what is measured."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from tests import loops

PATIENCE = 60.0


@dataclass(frozen=True)
class Asked:
    """One request: a form is posted as our own pages would post it."""

    path: str
    form: dict[str, str] | None = None
    cookies: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answered:
    status: int  # 0: the connection ended without an answer
    seconds: float
    body: bytes
    headers: dict[str, str]


def ask(url: str, *requests: Asked) -> list[Answered]:
    """All of them at once."""
    return loops.run(_all(url, requests))


def statuses(answers: Iterable[Answered]) -> Counter[int]:
    return Counter(answer.status for answer in answers)


async def one(url: str, asked: Asked) -> Answered:
    """One request on a connection of its own."""
    begun = time.monotonic()
    try:
        raw = await asyncio.wait_for(_exchange(url, asked), PATIENCE)
    except (OSError, TimeoutError):
        raw = b""
    return _read(raw, time.monotonic() - begun)


async def _all(url: str, requests: tuple[Asked, ...]) -> list[Answered]:
    return await asyncio.gather(*(one(url, asked) for asked in requests))


async def _exchange(url: str, asked: Asked) -> bytes:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(written(parts.netloc, asked))
        return await reader.read()
    finally:
        writer.close()


def written(host: str, asked: Asked) -> bytes:
    body = urlencode(asked.form).encode() if asked.form is not None else b""
    cookie = "; ".join(f"{name}={value}" for name, value in asked.cookies.items())
    lines = [f"{'GET' if asked.form is None else 'POST'} {asked.path} HTTP/1.1", f"Host: {host}", "Connection: close"]
    lines += [f"Cookie: {cookie}"] if cookie else []
    if asked.form is not None:
        lines += ["Sec-Fetch-Site: same-origin", "Content-Type: application/x-www-form-urlencoded"]
        lines += [f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _read(raw: bytes, seconds: float) -> Answered:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    status = int(first.split(" ")[1]) if first.startswith("HTTP/") else 0
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Answered(status, seconds, body, headers)
