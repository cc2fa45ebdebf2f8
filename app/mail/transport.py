"""How bytes leave: the only module that speaks SMTP; what the bytes say is not known here.

Used as a context, a transport keeps one connection for the whole batch; without, each message has its own. Addresses
are checked where the bytes are made (`policy.checked_address`)."""

import re
import smtplib
import ssl
from collections.abc import Callable
from functools import partial
from typing import Self

from app.domain.texts import one_line
from app.mail import failures, relays
from app.mail.deposits import FileTransport, MemoryTransport, SentMail, Transport
from app.mail.dialogue import Dialogue, SecretDialogue
from app.mail.failures import (
    BrokenOff,
    ChannelRefused,
    Failure,
    RecipientRefused,
    Repelled,
    Temporary,
    Uncertain,
    Unreachable,
)
from app.mail.relays import PATIENT, Relay, Timeouts

__all__ = (
    "BrokenOff",
    "ChannelRefused",
    "Failure",
    "FileTransport",
    "MemoryTransport",
    "RecipientRefused",
    "Relay",
    "Repelled",
    "SentMail",
    "SmtpTransport",
    "Temporary",
    "Timeouts",
    "Transport",
    "Uncertain",
    "Unreachable",
    "open_transport",
)

Judge = Callable[[int, str], Failure]
Answer = tuple[int, bytes]


class SmtpTransport(Transport):
    """One relay, every step explicit, so that what failed before DATA and what failed after are told apart."""

    def __init__(self, relay: Relay, timeouts: Timeouts = PATIENT, tls: ssl.SSLContext | None = None) -> None:
        self.relay, self._timeouts, self._tls = relay, timeouts, tls
        self._smtp: smtplib.SMTP | None = None
        self._is_batch = False

    def __enter__(self) -> Self:
        self._is_batch = True
        return self

    def close(self) -> None:
        self._is_batch = False
        self._hang_up()

    def probe(self, sender: str) -> None:
        """Connect, introduce ourselves and log in, without a message."""
        self._introduced(sender)
        self._hang_up()

    def another(self) -> Transport:
        return SmtpTransport(self.relay, self._timeouts, self._tls)

    def send(self, raw: bytes, sender: str, recipient: str) -> None:
        if relays.UNSAFE.search(sender) or relays.UNSAFE.search(recipient):
            raise RecipientRefused(0, "an address that cannot stand in an SMTP command")
        try:
            smtp = self._asked(raw, sender, recipient)
            _patience(smtp, self._timeouts.data)
            _deliver(smtp, raw)
            _patience(smtp, self._timeouts.command)
        except BaseException:
            self._hang_up()  # what a broken dialogue left behind is never spoken to again
            raise
        if not self._is_batch:
            self._hang_up()

    def _asked(self, raw: bytes, sender: str, recipient: str) -> smtplib.SMTP:
        """A relay that waits for the message: on the kept connection, or on a new one where that has been closed.

        Relays close after some minutes or messages. Nobody is blamed for that: nothing of the message was given yet.
        """
        kept = self._smtp
        try:
            smtp = kept or self._introduced(sender)
            _envelope(smtp, raw, sender, recipient)
        except Unreachable:
            if kept is None:
                raise
            self._hang_up()
            smtp = self._introduced(sender)
            _envelope(smtp, raw, sender, recipient)
        return smtp

    def _introduced(self, sender: str) -> smtplib.SMTP:
        name = self.relay.helo or sender.rpartition("@")[2] or "localhost"  # never asked of the DNS, which may hang
        self._smtp = self._connected(name)
        _patience(self._smtp, self._timeouts.command)
        self._introduce(self._smtp)
        return self._smtp

    def _connected(self, name: str) -> smtplib.SMTP:
        relay, wait, opened = self.relay, self._timeouts.connect, list[smtplib.SMTP]()

        def connect() -> Answer:
            if relay.tls == "implicit":
                trust = self._trust()
                opened.append(SecretDialogue(relay.host, relay.port, name, timeout=wait, context=trust))
            else:
                opened.append(Dialogue(relay.host, relay.port, name, timeout=wait))
            return 220, b""

        _said(220, failures.of_channel, connect)
        return opened[0]

    def _introduce(self, smtp: smtplib.SMTP) -> None:
        _said(250, failures.of_channel, smtp.ehlo)
        if self.relay.tls == "starttls":
            if not smtp.has_extn("starttls"):
                raise ChannelRefused(0, "the server offers no STARTTLS")
            _said(220, failures.of_channel, lambda: smtp.starttls(context=self._trust()))
            _said(250, failures.of_channel, smtp.ehlo)
        if self.relay.user:
            _said(235, failures.of_channel, lambda: _login(smtp, self.relay))

    def _trust(self) -> ssl.SSLContext:
        self._tls = self._tls or ssl.create_default_context()
        return self._tls

    def _hang_up(self) -> None:
        """No QUIT: its answer could hang, and an accepted message stays accepted."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()


def _said(expected: int, judge: Judge, step: Callable[[], Answer]) -> None:
    """One step before the message is given: whatever goes wrong here, it was not accepted."""
    try:
        code, text = step()
    except ssl.SSLCertVerificationError as error:
        raise ChannelRefused(0, f"the server's certificate is not trusted: {error.verify_message}") from error
    except ValueError as error:
        raise ChannelRefused(0, "the user name, the password or an answer to the server is not ASCII") from error
    except smtplib.SMTPResponseException as error:
        code, text = error.smtp_code, _bytes(error.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        raise judge(0, _shown(str(error)) or type(error).__name__) from error
    if code != expected and not (expected == 250 and code == 251):
        raise judge(code, _words(text))


def _envelope(smtp: smtplib.SMTP, raw: bytes, sender: str, recipient: str) -> None:
    """Sender, recipient and the wish to give the message: in one go where the relay offers it (RFC 2920).

    Whoever is refused hangs up: a DATA that was asked for in vain is then never answered with a message.
    """
    size = f" SIZE={len(raw)}" if smtp.has_extn("size") else ""
    steps: tuple[tuple[str, int, Judge], ...] = (
        (f"MAIL FROM:<{sender}>{size}", 250, failures.of_sender),
        (f"RCPT TO:<{recipient}>", 250, failures.of_recipient),
        ("DATA", 354, failures.of_recipient),
    )
    if not smtp.has_extn("pipelining"):
        for command, expected, judge in steps:
            _said(expected, judge, partial(smtp.docmd, command))
        return
    together = "".join(f"{command}\r\n" for command, _, _ in steps)
    _said(0, failures.of_sender, partial(_told, smtp, together))
    for _, expected, judge in steps:
        _said(expected, judge, smtp.getreply)


def _told(smtp: smtplib.SMTP, commands: str) -> Answer:
    """Nothing is answered to it alone."""
    smtp.send(commands)
    return 0, b""


def _deliver(smtp: smtplib.SMTP, raw: bytes) -> None:
    """The bytes exactly as given, dots stuffed; from the first of them on, silence means that nobody knows."""
    stuffed = re.sub(rb"(?m)^\.", b"..", raw) if b"\n." in raw or raw.startswith(b".") else raw
    try:
        smtp.send(stuffed + (b"" if raw.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        code, text = smtp.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise Uncertain(0, _shown(str(error)) or type(error).__name__) from error
    if code != 250:
        raise failures.of_message(code, _words(text))


def _login(smtp: smtplib.SMTP, relay: Relay) -> Answer:
    """One method, not all in turn as smtplib's login: a server that hangs up after 535 must not look unreachable."""
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    smtp.user, smtp.password = relay.user, relay.password
    if "PLAIN" in offered:
        return 235, smtp.auth("PLAIN", smtp.auth_plain)[1]
    if "LOGIN" in offered:
        return 235, smtp.auth("LOGIN", smtp.auth_login)[1]
    raise ChannelRefused(0, "the server offers neither PLAIN nor LOGIN")


def _patience(smtp: smtplib.SMTP, seconds: float) -> None:
    if smtp.sock is not None:
        smtp.sock.settimeout(seconds)


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _words(text: bytes) -> str:
    return _shown(text.decode("utf-8", "replace"))


def _shown(text: str) -> str:
    """For the ledger: PostgreSQL takes no NUL, and no page what turns a line round."""
    return one_line(text)[:500]


def open_transport(url: str) -> Transport:
    """No connection is made yet; a wrong address is `Refused` without showing its password."""
    way = relays.read(url)
    return SmtpTransport(way) if isinstance(way, Relay) else FileTransport(way)
