"""A sequential client on one kept connection, and two of them at once; each request's time is kept."""

import http.client
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode


@dataclass(frozen=True)
class Ask:
    """One request; a form is sent with a fresh nonce each time."""

    path: str
    headers: dict[str, str] = field(default_factory=dict)
    form: Mapping[str, str | list[str]] | None = None
    expected: int = 200


class Client:
    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.bytes = 0

    def send(self, ask: Ask, nonce: str) -> float:
        """Seconds until the whole answer was read."""
        headers, body = dict(ask.headers), None
        if ask.form is not None:
            body = urlencode({**ask.form, "once": nonce}, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        self.connection.request("GET" if body is None else "POST", ask.path, body, headers)
        response = self.connection.getresponse()
        self.bytes = len(response.read())
        spent = time.perf_counter() - started
        if response.status != ask.expected:
            raise RuntimeError(f"{ask.path} answered {response.status} instead of {ask.expected}")
        return spent

    def close(self) -> None:
        self.connection.close()


def one_by_one(port: int, ask: Ask, count: int, nonce: Callable[[], str], before: Callable[[], None]) -> list[float]:
    """The times of `count` requests; `before` runs ahead of each and is not timed."""
    client = Client(port)
    try:
        times = []
        for _ in range(count):
            before()
            times.append(client.send(ask, nonce()))
        return times
    finally:
        client.close()


def two_at_once(port: int, ask: Ask, count: int, nonce: Callable[[], str]) -> float:
    """Requests a second of two clients that send `count` requests each."""
    threads = [
        threading.Thread(target=one_by_one, args=(port, ask, count, nonce, lambda: None), daemon=True) for _ in range(2)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 2 * count / (time.perf_counter() - started)


def size(port: int, ask: Ask, nonce: str) -> int:
    """Bytes of the answer's body."""
    client = Client(port)
    try:
        client.send(ask, nonce)
        return client.bytes
    finally:
        client.close()
