"""What a relay answers is heard within its time, and what is no answer ends the conversation."""

import smtplib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from app.mail.dialogue import Dialogue


@contextmanager
def talking(words: bytes, pause: float = 0.0) -> Iterator[Dialogue]:
    """With a relay that says these words, byte by byte where it pauses, and is silent then."""
    ours, theirs = socket.socketpair()

    def say() -> None:
        with suppress(OSError):
            for place in range(len(words)) if pause else [0]:
                theirs.sendall(words[place : place + 1] if pause else words)
                time.sleep(pause)

    talk = Dialogue()
    talk.sock = ours
    ours.settimeout(0.5)
    threading.Thread(target=say, daemon=True).start()
    with ours, theirs:
        yield talk


def test_an_answer_of_several_lines_is_heard_whole() -> None:
    with talking(b"250-first\r\n250 second\r\n") as talk:
        assert talk.getreply() == (250, b"first\nsecond")


@pytest.mark.parametrize(
    "words", [b"hello\r\n", b"25\r\n", b"250x\r\n", b"\xb250 ok\r\n", b"250 " + b"a" * 9000 + b"\r\n", b"250-" * 3000]
)
def test_what_is_no_answer_is_taken_as_hanging_up(words: bytes) -> None:
    with talking(words) as talk, pytest.raises(smtplib.SMTPServerDisconnected, match="no SMTP"):
        talk.getreply()


def test_an_answer_without_an_end_is_not_listened_to_for_ever() -> None:
    with talking(b"250-again\r\n" * 300) as talk, pytest.raises(smtplib.SMTPServerDisconnected, match="does not end"):
        talk.getreply()


@pytest.mark.parametrize(("words", "pause"), [(b"250 " + b"a" * 100, 0.05), (b"", 0.0)])
def test_an_answer_has_one_patience_however_slowly_its_bytes_come(words: bytes, pause: float) -> None:
    began = time.monotonic()

    with talking(words, pause) as talk, pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        talk.getreply()

    assert time.monotonic() - began < 2
