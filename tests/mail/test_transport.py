import hashlib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from app.domain.errors import Refused
from app.mail.transport import (
    BrokenOff,
    ChannelRefused,
    Failure,
    FileTransport,
    MemoryTransport,
    RecipientRefused,
    Relay,
    Repelled,
    SmtpTransport,
    Temporary,
    Timeouts,
    Uncertain,
    Unreachable,
    open_transport,
)
from tests.mail.faulty import Faulty, faulty

RAW = b"Subject: x\r\n\r\n.\r\n..two dots\r\n.one dot\r\nshukran\r\n"
FROM, TO = "suivi@example.ma", "omar@example.ma"
QUICK = Timeouts(0.5, 0.5, 0.5)


class Inbox:
    def __init__(self) -> None:
        self.received: list[Envelope] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.received.append(envelope)
        return "250 accepted"


@pytest.fixture
def relay() -> Iterator[tuple[Inbox, int]]:
    inbox = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port, decode_data=False)
    controller.start()
    yield inbox, port
    controller.stop()


def to(server: Faulty, user: str = "") -> SmtpTransport:
    return SmtpTransport(Relay("127.0.0.1", server.port, user, "secret" if user else ""), QUICK)


def test_a_real_server_receives_exactly_the_bytes(relay: tuple[Inbox, int]) -> None:
    inbox, port = relay
    open_transport(f"smtp://127.0.0.1:{port}").send(RAW, FROM, TO)
    [envelope] = inbox.received
    assert envelope.content == RAW
    assert (envelope.mail_from, envelope.rcpt_tos) == (FROM, [TO])


def test_a_batch_keeps_one_connection_and_a_single_mail_has_its_own() -> None:
    with faulty("ok") as server:
        with to(server) as transport:
            for _ in range(5):
                transport.send(RAW, FROM, TO)
        assert (server.connections, server.accepted) == (1, [RAW] * 5)
        transport.send(RAW, FROM, TO)
        transport.send(RAW, FROM, TO)
        assert server.connections == 3


def test_a_relay_that_hangs_up_between_two_mails_is_called_again() -> None:
    with faulty("one_a_connection") as server, to(server) as transport:
        for _ in range(3):
            transport.send(RAW, FROM, TO)
        assert (server.connections, len(server.accepted)) == (3, 3)


@pytest.mark.parametrize(
    ("behaviour", "failure", "code"),
    [
        ("421_banner", Unreachable, 421),
        ("554_banner", ChannelRefused, 554),
        ("hang_banner", Unreachable, 0),
        ("535_auth", ChannelRefused, 535),
        ("454_auth", Unreachable, 454),
        ("451_mail", Temporary, 451),
        ("553_mail", ChannelRefused, 553),
        ("552_mail", RecipientRefused, 552),
        ("450_rcpt", Temporary, 450),
        ("550_rcpt", RecipientRefused, 550),
        ("554_relay", Repelled, 554),
        ("554_before_data", RecipientRefused, 554),
        ("452_data", Temporary, 452),
        ("554_data", RecipientRefused, 554),
        ("drop_at_mail", Unreachable, 0),
        ("drop_at_rcpt", BrokenOff, 0),
        ("drop_at_data", BrokenOff, 0),
        ("drop_mid_data", Uncertain, 0),
    ],
)
def test_each_fault_has_its_name_and_nothing_was_accepted(behaviour: str, failure: type[Failure], code: int) -> None:
    with faulty(behaviour) as server:
        with pytest.raises(failure) as raised:
            to(server, user="suivi" if "auth" in behaviour else "").send(RAW, FROM, TO)
        assert (type(raised.value), raised.value.code) == (failure, code)
        assert server.accepted == []


@pytest.mark.parametrize("behaviour", ["accept_then_drop", "accept_then_hang"])
def test_accepted_without_an_answer_is_uncertain_and_the_second_copy_is_the_same_bytes(behaviour: str) -> None:
    with faulty(behaviour, "ok") as server:
        with pytest.raises(Uncertain):
            to(server).send(RAW, FROM, TO)
        to(server).send(RAW, FROM, TO)
        assert {hashlib.sha256(raw).digest() for raw in server.accepted} == {hashlib.sha256(RAW).digest()}
        assert len(server.accepted) == 2


def test_one_refused_message_does_not_stop_the_batch() -> None:
    with faulty("ok", "550_rcpt", "drop_mid_data", "450_rcpt", "ok") as server, to(server) as transport:
        outcomes = []
        for _ in range(5):
            try:
                transport.send(RAW, FROM, TO)
                outcomes.append("sent")
            except Failure as failure:
                outcomes.append(type(failure).__name__)
        assert outcomes == ["sent", "RecipientRefused", "Uncertain", "Temporary", "sent"]
        assert len(server.accepted) == 2


def test_nobody_listening_is_unreachable() -> None:
    with faulty("ok") as server:
        port = server.port
    with pytest.raises(Unreachable):
        SmtpTransport(Relay("127.0.0.1", port), QUICK).send(RAW, FROM, TO)


def test_no_login_is_tried_where_starttls_is_asked_for_and_not_offered() -> None:
    with faulty("ok") as server, pytest.raises(ChannelRefused, match="STARTTLS"):
        SmtpTransport(Relay("127.0.0.1", server.port, "suivi", "secret", "starttls"), QUICK).send(RAW, FROM, TO)


def test_plain_words_where_tls_is_expected_are_unreachable() -> None:
    tls = ssl.create_default_context()
    with faulty("ok") as server, pytest.raises(Unreachable):
        SmtpTransport(Relay("127.0.0.1", server.port, tls="implicit"), QUICK, tls).send(RAW, FROM, TO)


@pytest.mark.parametrize("address", ["a@b.ma\r\nRCPT TO:<x@y.ma>", "a@b.ma> SIZE=1", "a b@c.ma", "é@c.ma"])
def test_an_address_cannot_carry_a_command(address: str) -> None:
    with faulty("ok") as server, pytest.raises(RecipientRefused):
        to(server).send(RAW, FROM, address)
    assert server.connections == 0


def test_a_directory_gets_one_whole_file_a_message(tmp_path: Path) -> None:
    transport = open_transport(f"file://{tmp_path}/mail%20out")
    assert isinstance(transport, FileTransport)
    with transport:
        transport.send(RAW, FROM, TO)
        transport.send(RAW, FROM, TO)
    files = sorted((tmp_path / "mail out").iterdir())
    assert [path.suffix for path in files] == [".eml", ".eml"]
    assert {path.read_bytes() for path in files} == {RAW}


def test_a_directory_that_cannot_be_written_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file stands here")
    with pytest.raises(Unreachable):
        FileTransport(tmp_path / "mail").send(RAW, FROM, TO)


def test_memory_keeps_what_was_sent_and_raises_what_was_asked() -> None:
    memory = MemoryTransport(Temporary(450, "later"), None)
    with pytest.raises(Temporary):
        memory.send(RAW, FROM, TO)
    memory.send(RAW, FROM, TO)
    assert memory.sent == [(RAW, FROM, TO)]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://relay.example.ma", Relay("relay.example.ma", 25)),
        ("smtp://u%40x:p%2Fw@relay.example.ma?starttls=1", Relay("relay.example.ma", 587, "u@x", "p/w", "starttls")),
        ("smtp://u:p@127.0.0.1:2525", Relay("127.0.0.1", 2525, "u", "p")),
        ("smtps://u:p@relay.example.ma", Relay("relay.example.ma", 465, "u", "p", "implicit")),
        ("smtp://relay.example.ma:26?helo=suivi.example.ma", Relay("relay.example.ma", 26, helo="suivi.example.ma")),
    ],
)
def test_an_address_of_a_relay_is_read(url: str, expected: Relay) -> None:
    transport = open_transport(url)
    assert isinstance(transport, SmtpTransport)
    assert transport.relay == expected


@pytest.mark.parametrize(
    "url",
    [
        "", "relay.example.ma", "http://relay.example.ma", "smtp://", "smtp://host:notaport", "smtp://host:99999",
        "smtp://host?starttls=yes", "smtp://host?tls=1", "file://relative/dir", "file:", "smtp://[::1",
        "smtp://u:p@relay.example.ma", "smtp://host:0", "smtp://host/path",
    ],
)  # fmt: skip
def test_a_wrong_address_is_refused_and_shows_no_password(url: str) -> None:
    with pytest.raises(Refused) as raised:
        open_transport(url)
    assert "u:p" not in str(raised.value)
