"""Faults of how mail comes in: the addresses to which it comes, whom we believe, and the mailbox that is read."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from app.cli.faults.addresses import is_host
from app.cli.faults.mail import wrong_sender
from app.cli.faults.shown import shown
from app.config import Settings
from app.domain.errors import Refused
from app.mail import signed_addresses
from app.mail.inbound import imap

_MAILBOX = "write imaps://user:password@host/INBOX, or imap://user:password@host/INBOX?starttls=1"


def bounce_address(config: Settings) -> Iterator[str]:
    if config.bounce_address and (why := _wrong_signed(config.bounce_address)):
        yield f"TATBIQ_BOUNCE_ADDRESS: {why}; write an address such as suivi@example.ma"


def reply_address(config: Settings) -> Iterator[str]:
    if not config.reply_address:
        return
    if why := _wrong_signed(config.reply_address):
        yield f"TATBIQ_REPLY_ADDRESS: {why}; write an address such as suivi@example.ma"
    if not config.authserv_id:
        yield "TATBIQ_AUTHSERV_ID is required with TATBIQ_REPLY_ADDRESS: write the name that your mail server gives"


def authserv_id(config: Settings) -> Iterator[str]:
    if config.authserv_id and not is_host(config.authserv_id):
        yield f"TATBIQ_AUTHSERV_ID: {shown(config.authserv_id)} is not the name of a server; write mx.example.ma"


def mailbox(config: Settings) -> Iterator[str]:
    if config.inbound_url and (why := _wrong_mailbox(config.inbound_url)):
        yield f"TATBIQ_INBOUND_URL: {why}"


def _wrong_signed(given: str) -> str:
    """A signed form of it has to be an address, too."""
    if "<" in given or (why := wrong_sender(given)):
        return "a name beside the address has no place here" if "<" in given else why
    local = given.partition("@")[0]
    if "+" in local or len(local) > signed_addresses.ROOM:
        return (
            f"before the @ stand at most {signed_addresses.ROOM} characters and no plus sign, so that it can be signed"
        )
    return ""


def _wrong_mailbox(given: str) -> str:
    """Its own sentence is kept where it repeats nothing of the value."""
    try:
        if not is_host(urlsplit(given).hostname or ""):
            return f"it names no host; {_MAILBOX}"
        imap.read(given)
    except ValueError:
        return f"it is not understood; {_MAILBOX}"
    except Refused as error:
        return f"it is not understood; {_MAILBOX}" if "url" in error.message.params else str(error)
    return ""
