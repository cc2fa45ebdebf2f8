"""Mails that failed: what a person may decide about one, and which failures are of one kind."""

import re
from enum import StrEnum


class Decision(StrEnum):
    SEEN = "seen"  # somebody looks after it: it stays in the list and alarms nobody any more
    AGAIN = "again"
    CLOSE = "close"  # it is not sent any more


_OWN = re.compile(r"<[^<>\s]*>|[^\s<>()\[\]:;,\"']+@[^\s<>()\[\]:;,\"']+|\b(?=[A-Za-z0-9-]*\d)[A-Za-z0-9-]{9,}\b")


def manner(reason: str) -> str:
    """What a relay said, without the address and the numbers of the one mail: alike for all that failed alike."""
    return " ".join(_OWN.sub("…", reason).split()).lower()
