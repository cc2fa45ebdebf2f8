"""The door for the mail server next to us: an answer for each recipient, whatever the mail holds."""

import asyncio
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from app.mail.inbound import lmtp


class Taken:
    def __init__(self) -> None:
        self.mails: list[tuple[bytes, str]] = []
        self.later: set[str] = set()

    def __call__(self, raw: bytes, recipient: str) -> bool:
        self.mails.append((raw, recipient))
        return recipient not in self.later


@contextmanager
def serving(take: Taken) -> Iterator[int]:
    loop, opened = asyncio.new_event_loop(), list[Any]()
    ready = threading.Event()

    def run() -> None:
        asyncio.set_event_loop(loop)
        opened.append(loop.run_until_complete(loop.create_server(lambda: lmtp.server(take), "127.0.0.1", 0)))
        ready.set()
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait(5)
    yield opened[0].sockets[0].getsockname()[1]
    loop.call_soon_threadsafe(opened[0].close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)


@pytest.fixture
def take() -> Taken:
    return Taken()


def test_each_recipient_has_an_answer_of_its_own(take: Taken) -> None:
    take.later.add("b@example.ma")
    with serving(take) as port, smtplib.LMTP("127.0.0.1", port, timeout=5) as client:
        client.ehlo_or_helo_if_needed()
        client.docmd("MAIL FROM:<>")
        for one in "abc":
            assert client.docmd(f"RCPT TO:<{one}@example.ma>")[0] == 250
        assert client.docmd("DATA")[0] == 354
        client.send(b"From: mailer-daemon@x.ma\r\n\r\nwords\r\n.\r\n")

        assert [client.getreply()[0] for _ in range(3)] == [250, 451, 250]

    assert [recipient for _, recipient in take.mails] == [f"{one}@example.ma" for one in "abc"]


def test_whatever_bytes_come_are_taken_as_they_are(take: Taken) -> None:
    raw = b"From: x\r\n\r\n" + b"\xff\xfe\0" + b"a" * 300_000 + b"\r\n"
    with serving(take) as port, smtplib.LMTP("127.0.0.1", port, timeout=5) as client:
        client.sendmail("", ["suivi@example.ma"], raw)

    [(given, _)] = take.mails
    assert given == raw
