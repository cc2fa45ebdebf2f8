"""What the mails are told that go to whoever acts for the holder of a post."""

from dataclasses import dataclass
from datetime import date

from app.mail.letters import Handover, Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """To whoever shall act for the holder of a post on some days to come, or shall not any more."""

    to: Reader
    today: date
    post: str
    holder: str  # empty: nobody holds it
    from_on: date
    until_on: date
    note: str = ""
    is_off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ActingHandover(Handover):
    """On the first day: what the post owes, until the last."""

    acting_until: date
