"""Connections over a real socket: silence is closed, nonsense is answered with our headers."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from app.web import connections
from app.web.connections import Connection
from tests.fixtures.mail import free_port


async def hello(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"hi"})


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.3)
    port = free_port()
    config = uvicorn.Config(hello, port=port, http=Connection, lifespan="off", log_config=None, timeout_keep_alive=5)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield port
    server.should_exit = True
    thread.join(10)


def connected(port: int) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), timeout=3)
    line.settimeout(3)
    return line


def answered(line: socket.socket) -> bool:
    said = b""
    while not said.endswith(b"hi"):
        piece = line.recv(1000)
        if not piece:
            return False
        said += piece
    return True


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "])
def test_who_says_nothing_or_not_all_is_closed(port: int, said: bytes) -> None:
    with connected(port) as line:
        line.sendall(said)
        assert line.recv(100) == b""


def test_a_second_request_that_does_not_end_is_closed_too(port: int) -> None:
    with connected(port) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert answered(line)
        line.sendall(b"GET / HTTP/1.1\r\nHost")
        assert line.recv(100) == b""


def test_who_asks_in_time_is_answered_after_a_rest(port: int) -> None:
    with connected(port) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert answered(line)
        time.sleep(0.5)
        line.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert answered(line)


def test_what_is_no_request_is_answered_with_our_headers(port: int) -> None:
    with connected(port) as line:
        line.sendall(b"NONSENSE\r\n\r\n")
        answer = line.recv(4000)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"Content-Security-Policy: default-src 'none'" in answer
