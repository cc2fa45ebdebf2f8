"""What the mails to a supporting post are told of its part."""

from dataclasses import dataclass
from datetime import date

from app.mail.letters import About


@dataclass(frozen=True, slots=True, kw_only=True)
class PartAsked(About):
    """To a supporting post; the item is the action, with the date of the part."""

    part: str = ""
    acknowledge: str = ""
    before: date | None = None  # the date until now, where it has moved
    reason: str = ""
