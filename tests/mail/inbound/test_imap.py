"""A mailbox is read without a trace until each mail is dealt with; whatever a server does ends in one clear line."""

import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.errors import Refused
from app.mail.inbound import imap
from app.mail.inbound.imap import MailboxAway, MailboxReader
from tests.fixtures.certificates import self_signed
from tests.fixtures.mail import free_port
from tests.mail.inbound.mailboxes import FakeMailbox, serving, talking


@pytest.fixture
def box() -> Iterator[FakeMailbox]:
    with serving(FakeMailbox(mails={3: b"From: a@b.ma\r\n\r\none", 7: b"From: c@d.ma\r\n\r\ntwo"})) as box:
        yield box


def read(box: FakeMailbox, *, mark: bool = True) -> list[tuple[str, bytes]]:
    found = []
    with MailboxReader(imap.read(box.url), silence=0.5) as reader:
        for number, raw in reader.unread(time.monotonic() + 5):
            found.append((number, raw))
            if mark:
                reader.mark(number)
    return found


def test_unread_mails_come_once_each_and_only_those_that_were_marked_are_seen(box: FakeMailbox) -> None:
    both = [("3", b"From: a@b.ma\r\n\r\none"), ("7", b"From: c@d.ma\r\n\r\ntwo")]

    assert read(box, mark=False) == both
    assert box.seen == []
    assert read(box) == both
    assert box.seen == [3, 7]
    assert read(box) == []


def test_a_turn_takes_the_oldest_few_and_begins_none_after_its_time(box: FakeMailbox) -> None:
    box.mails = dict.fromkeys(range(1, imap.MOST + 10), b"From: a@b.ma\r\n\r\none")

    assert [number for number, _ in read(box)] == [str(number) for number in range(1, imap.MOST + 1)]
    with MailboxReader(imap.read(box.url)) as reader:
        assert list(reader.unread(time.monotonic() - 1)) == []


@pytest.mark.parametrize("command", ["LOGIN", "SELECT", "SEARCH", "FETCH", "STORE"])
@pytest.mark.parametrize("said", ["TAG NO not today", "", "* BYE", "nonsense", "TAG BAD \xff what"])
def test_a_server_that_refuses_hangs_up_or_speaks_nonsense_is_one_clear_line(
    box: FakeMailbox, command: str, said: str
) -> None:
    box.broken[command] = said

    with pytest.raises(MailboxAway) as raised:
        read(box)

    assert str(raised.value)
    assert "secret" not in str(raised.value)


def test_a_server_that_is_silent_is_waited_for_and_no_longer(box: FakeMailbox) -> None:
    box.broken["SEARCH"] = "* SEARCH 3"  # and never the end of it
    began = time.monotonic()

    with pytest.raises(MailboxAway):
        read(box)

    assert time.monotonic() - began < 2


@pytest.mark.parametrize("greeting", [b"* OK ready\r\n", b""])
@pytest.mark.parametrize("words", [b"* OK just a moment\r\n", b"*"])
def test_a_server_that_goes_on_talking_is_not_listened_to_for_ever(greeting: bytes, words: bytes) -> None:
    began = time.monotonic()

    with talking(greeting, words) as port, pytest.raises(MailboxAway, match="timed out"):
        MailboxReader(imap.read(f"imap://u:p@127.0.0.1:{port}"), silence=0.5, whole=1).__enter__()

    assert time.monotonic() - began < 3


def test_more_than_was_asked_for_is_not_taken_in(box: FakeMailbox) -> None:
    box.broken["FETCH"] = "* 1 FETCH (UID 3 BODY[]<0> {4000000000}\r\n"

    with pytest.raises(MailboxAway, match="more than was asked for"):
        read(box)


@pytest.mark.parametrize("url", ["imaps://suivi:secret@localhost:{}", "imap://suivi:secret@localhost:{}?starttls=1"])
def test_the_password_travels_in_secret_to_a_server_that_is_trusted_alone(tmp_path: Path, url: str) -> None:
    certificate, secret = self_signed(tmp_path), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secret.load_cert_chain(certificate)
    trusting, mails = ssl.create_default_context(cafile=str(certificate)), {3: b"From: a@b.ma\r\n\r\none"}
    with serving(FakeMailbox(mails=mails, offers_starttls="starttls" in url), secret) as box:
        with pytest.raises(MailboxAway, match="not trusted"):
            MailboxReader(imap.read(url.format(box.port)), silence=2).__enter__()
        assert "LOGIN" not in box.commands

        with MailboxReader(imap.read(url.format(box.port)), trusting, silence=2) as reader:
            assert list(reader.unread(time.monotonic() + 5)) == [("3", mails[3])]
        before = box.commands[: box.commands.index("LOGIN")]
        assert ("STARTTLS" in before) is ("starttls" in url)


def test_nobody_there_is_a_clear_line() -> None:
    with pytest.raises(MailboxAway), MailboxReader(imap.read(f"imap://u:p@127.0.0.1:{free_port()}/INBOX")):
        pass


@pytest.mark.parametrize(
    "url",
    [
        "http://u:p@host/INBOX",
        "imaps://host/INBOX",
        "imaps://u:p@/INBOX",
        "imaps://u:p@host:0/INBOX",
        "imaps://u:p@host:x/INBOX",
        "imaps://u:p@host/INBOX?tls=1",
        "imaps://u:p%0d%0aA@host/INBOX",
        "imaps://u:p@host/%22INBOX",
        "imap://u:p@mail.example.ma/INBOX",
        "imaps://[",
    ],
)
def test_a_wrong_address_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(Refused) as refused:
        imap.read(url)

    assert "u:p" not in str(refused.value)


def test_an_address_is_read_whole() -> None:
    found = imap.read("imaps://suivi%40example.ma:p%2Fq@mail.example.ma/Retours")

    assert (found.host, found.port, found.user, found.password) == ("mail.example.ma", 993, "suivi@example.ma", "p/q")
    assert (found.folder, found.tls) == ("Retours", "implicit")
    assert "p/q" not in repr(found)
