"""How a message can fail to leave, told apart by what the dispatcher must do next; no connection is opened here."""

import re

# Words about us, not about a recipient, although they often come at RCPT (Postfix delays every refusal to that point).
_ABOUT_US = re.compile(
    r"^5\.(?:1\.[78]|7\.[089]|7\.1[01])\b|relay(?:ing)? (?:access )?denied|(?:sender|client host|helo).{0,80} rejected"
    r"|authentication required",
    re.IGNORECASE,
)
_TOO_BIG = re.compile(r"^5\.(?:2\.3|3\.4)\b")


class Failure(Exception):
    """`code` and `text` are the server's words; the code is 0 where it said nothing."""

    def __init__(self, code: int, text: str) -> None:
        self.code, self.text = code, text
        super().__init__(f"{code} {text}" if code else text)


class Temporary(Failure):
    """Certainly not accepted; the server asks for another try of this message."""


class Unreachable(Failure):
    """Certainly not accepted; the server cannot be talked to now, for any message."""


class RecipientRefused(Failure):
    """This recipient or this message is refused for good."""


class ChannelRefused(Failure):
    """We are refused: login, sender, policy. Pause the channel, blame no recipient."""


class Uncertain(Failure):
    """The connection was lost after DATA began: it may have been accepted."""


def of_channel(code: int, text: str) -> Failure:
    """Before any message: greeting, EHLO, STARTTLS, AUTH."""
    return ChannelRefused(code, text) if code >= 500 else Unreachable(code, text)


def of_sender(code: int, text: str) -> Failure:
    if code < 500:
        return Temporary(code, text)
    return RecipientRefused(code, text) if code == 552 or _TOO_BIG.match(text) else ChannelRefused(code, text)


def of_recipient(code: int, text: str) -> Failure:
    if code < 500:
        return Temporary(code, text)
    return ChannelRefused(code, text) if code in {530, 535} or _ABOUT_US.search(text) else RecipientRefused(code, text)
