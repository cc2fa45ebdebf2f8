import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from app.mail.transport import ChannelRefused, Relay, SmtpTransport, Timeouts
from tests.fixtures.certificates import self_signed

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
RAW = b"Subject: x\r\n\r\n.shukran\r\n"
QUICK = Timeouts(2, 2, 2)


class Inbox:
    def __init__(self) -> None:
        self.received: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.received.append(envelope.content)
        return "250 accepted"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed(tmp_path_factory.mktemp("tls"))


def login(server: Any, session: Any, envelope: Any, mechanism: str, data: object) -> AuthResult:
    return AuthResult(success=data == LoginPassword(b"suivi", b"s3cret"), handled=False)


@contextmanager
def listening(certificate: Path, tls: str) -> Iterator[tuple[Inbox, int]]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    inbox = Inbox()
    options: dict[str, Any] = {"tls_context": context} if tls == "starttls" else {"ssl_context": context}
    options |= {"authenticator": login, "auth_required": True, "auth_require_tls": tls == "starttls"}
    controller = Controller(inbox, hostname="127.0.0.1", port=port, decode_data=False, **options)
    controller.start()
    yield inbox, port
    controller.stop()


def transport(port: int, tls: str, password: str, certificate: Path | None) -> SmtpTransport:
    trust = ssl.create_default_context(cafile=str(certificate)) if certificate else None
    return SmtpTransport(Relay("localhost", port, "suivi", password, tls), QUICK, trust)


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_batch_leaves_through_tls_and_login(certificate: Path, tls: str) -> None:
    with listening(certificate, tls) as (inbox, port), transport(port, tls, "s3cret", certificate) as way:
        way.send(RAW, "suivi@example.ma", "omar@example.ma")
        way.send(RAW, "suivi@example.ma", "omar@example.ma")
        assert inbox.received == [RAW, RAW]


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_an_untrusted_certificate_pauses_the_channel(certificate: Path, tls: str) -> None:
    with listening(certificate, tls) as (inbox, port):
        with pytest.raises(ChannelRefused, match="certificate"):
            transport(port, tls, "s3cret", None).send(RAW, "suivi@example.ma", "omar@example.ma")
        assert inbox.received == []


def test_a_wrong_password_pauses_the_channel_and_is_not_repeated_in_the_error(certificate: Path) -> None:
    with listening(certificate, "starttls") as (inbox, port):
        with pytest.raises(ChannelRefused) as raised:
            transport(port, "starttls", "wr0ng", certificate).send(RAW, "suivi@example.ma", "omar@example.ma")
        assert raised.value.code == 535
        assert "wr0ng" not in str(raised.value)
        assert inbox.received == []
