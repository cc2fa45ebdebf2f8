"""How a message can fail to leave, told apart by what the dispatcher must do next; no connection is opened here."""

import re

# Words about us, not about a recipient, although they often come at RCPT (Postfix delays every refusal to that point);
# an internal relay says the same of an outside address, so that the next recipient has to tell.
_ABOUT_US = re.compile(
    r"^5\.(?:1\.[78]|7\.\d{1,2})\b|relay(?:ing)? (?:access )?denied|(?:sender|client host|helo).{0,80} rejected"
    r"|authentication required",
    re.IGNORECASE,
)
_TOO_BIG = re.compile(r"^5\.(?:2\.3|3\.4)\b")
_CLOSING = 421  # the relay ends the conversation: not an answer to this message
_ENHANCED = re.compile(r"^[245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463


class Failure(Exception):
    """`code` and `text` are the server's words; the code is 0 where it said nothing."""

    def __init__(self, code: int, text: str) -> None:
        self.code, self.text = code, text
        super().__init__(f"{code} {text}" if code else text)

    @property
    def way(self) -> str:
        """What two failures have in common when they are the same one."""
        enhanced = _ENHANCED.match(self.text)
        return f"{self.code} {enhanced[0] if enhanced else ''}".strip() if self.code else self.text[:80]


class Temporary(Failure):
    """Certainly not accepted; the server asks for another try of this message."""


class Unreachable(Failure):
    """Certainly not accepted; the server cannot be talked to now, for any message."""


class RecipientRefused(Failure):
    """This recipient or this message is refused for good."""


class ChannelRefused(Failure):
    """We are refused before any recipient was named: login, sender. Pause the channel, blame no recipient."""


class Suspicious(Failure):
    """Certainly not accepted, and the recipient had been named: whose fault it is, the next recipient tells."""


class BrokenOff(Suspicious):
    """The relay hung up, fell silent or said 421 at this recipient: try again later."""


class Repelled(Suspicious):
    """Refused for good, in words that may mean this recipient or us."""


class Uncertain(Suspicious):
    """The connection was lost after DATA began: it may have been accepted."""

    @property
    def way(self) -> str:
        """However it broke: what follows is the same."""
        return "uncertain"


def of_channel(code: int, text: str) -> Failure:
    """Before any message: greeting, EHLO, STARTTLS, AUTH."""
    return ChannelRefused(code, text) if code >= 500 else Unreachable(code, text)


def of_sender(code: int, text: str) -> Failure:
    if code in {0, _CLOSING}:
        return Unreachable(code, text)
    if code < 500:
        return Temporary(code, text)
    return RecipientRefused(code, text) if code == 552 or _TOO_BIG.match(text) else ChannelRefused(code, text)


def of_recipient(code: int, text: str) -> Failure:
    if code in {0, _CLOSING}:
        return BrokenOff(code, text)
    if code < 500:
        return Temporary(code, text)
    is_about_us = code in {530, 535} or _ABOUT_US.search(text)
    return Repelled(code, text) if is_about_us else RecipientRefused(code, text)


def of_message(code: int, text: str) -> Failure:
    """After all of it was given: no answer, or none that means anything, and nobody knows."""
    if not 400 <= code < 600:
        return Uncertain(code, text)
    return Temporary(code, text) if code == _CLOSING else of_recipient(code, text)
