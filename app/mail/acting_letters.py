"""What the mails are told that go to a new holder of a post, and to whoever acts for one."""

from dataclasses import dataclass
from datetime import date

from app.mail.letters import Item, LetterSection, Reader

NOTHING = LetterSection()


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
class Handover:
    """To the new holder of a post, which stands in the reader: what is late, what else is open; `former`: who held it.

    `kept`: the page where the note stays.
    """

    to: Reader
    today: date
    open: LetterSection
    overdue: LetterSection = NOTHING
    note: str = ""
    former: str = ""
    kept: str = ""

    @property
    def items(self) -> tuple[Item, ...]:
        return (*self.overdue.items, *self.open.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActingHandover(Handover):
    """On the first day: what the post owes, until the last."""

    acting_until: date
