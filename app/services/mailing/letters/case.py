"""One envelope on the table: to whom it goes, and the ways in which it may turn out to be no longer wanted."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from sqlmodel import Session

from app import clock
from app.config import settings
from app.domain.calendar import DaysOff
from app.domain.ladder import Ladder
from app.mail.letters import Reader
from app.mail.policy import Mail
from app.queries.mailing import ladders
from app.queries.mailing.ladders import Ladders
from app.queries.mailing.letters import Recipient
from app.queries.mailing.told import ToldAction, told
from app.queries.scope import calendar
from app.services.kernel import update_links

L = TypeVar("L")
Work = Callable[[Session], None]


class NoLongerWanted(Exception):
    """It has lost its sense since it was queued; the message id of the reason goes into the ledger."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class QueuedMessage:
    """A message as it was asked for: to a person, or (0) to a proposer."""

    id: int
    person_id: int
    kind: str
    period: str
    about_kind: str
    about_id: int
    params: dict[str, object]
    proposer_id: int = 0

    def number(self, name: str) -> int:
        """A parameter that is an id; 0 when it is absent."""
        value = self.params.get(name)
        return value if isinstance(value, int) else 0

    def words(self, name: str) -> str:
        value = self.params.get(name)
        return value if isinstance(value, str) else ""


@dataclass
class LetterCache:
    """What the letters written together share: found once for all of them, by whatever asks first."""

    session: Session
    now: dt.datetime
    found: dict[object, Any] = field(default_factory=dict)

    def once(self, key: object, find: Callable[[], Any]) -> Any:
        if key not in self.found:
            self.found[key] = find()
        return self.found[key]

    def told(self, action_ids: Iterable[int]) -> dict[int, ToldAction]:
        """These actions; whoever gathers for all asks for all, and the others find them here."""
        known: dict[int, ToldAction] = self.found.setdefault("told", {})
        known.update(told(self.session, set(action_ids) - known.keys()))
        return known

    @cached_property
    def secrets(self) -> Iterator[bytes]:
        """For the keys in all of them."""
        return update_links.secret_bytes()

    @cached_property
    def days_off(self) -> DaysOff:
        """A day on either side covers every zone."""
        return calendar.around(self.session, clock.day(self.now, settings().zone))

    @cached_property
    def _ladders(self) -> Ladders:
        return ladders.load(self.session)

    def ladder(self, action: Any) -> Ladder:
        """By which its holder is reminded."""
        return ladders.of(self._ladders, action.programme_id, is_priority=action.is_priority)


@dataclass(frozen=True)
class Case:
    """An envelope with what every letter needs to know. `later` is done where the letter is frozen, if it is."""

    table: LetterCache
    envelope: QueuedMessage
    recipient: Recipient
    later: list[Work] = field(default_factory=list)
    keys: list[dict[str, object]] = field(default_factory=list)

    @property
    def session(self) -> Session:
        return self.table.session

    @property
    def now(self) -> dt.datetime:
        return self.table.now

    @property
    def to(self) -> Reader:
        return self.recipient.to

    @property
    def lang(self) -> str:
        return self.recipient.to.lang

    @property
    def today(self) -> dt.date:
        return clock.day(self.now, self.recipient.zone)


def _nothing(_session: Session, _message_id: int) -> None:
    """Most letters leave nothing behind."""


def _each(_cases: Sequence[Case]) -> None:
    """Most letters are loaded one by one."""


@dataclass(frozen=True)
class MessageKind(Generic[L]):
    """What a kind of message means: `look` again, raising NoLongerWanted; `load` what it tells; write the `message`.

    `gather` loads for many at once what `look` and `load` will ask for. `after_sent` and `after_lost` are told how it
    ended. `lifetime` is how long it is of use when nobody said otherwise; what is covered by a later one is then
    merely dropped. What is of work waits on a day off for the next working day. Of a secret one no text is kept, it
    leaves at any hour, and loading it writes.
    """

    look: Callable[[Case], object]
    load: Callable[[Case], L]
    message: Callable[[L], Mail]
    gather: Callable[[Sequence[Case]], None] = _each
    lifetime: dt.timedelta = dt.timedelta(days=90)
    is_secret: bool = False
    is_covered: bool = False
    is_of_work: bool = False
    is_for_guests: bool = False  # who may not sign in yet
    after_sent: Callable[[Session, int], None] = _nothing
    after_lost: Callable[[Session, int], None] = _nothing
