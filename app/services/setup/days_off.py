"""The days off as administrators decide them: confirmed, moved, added, struck, and taken back; reminders follow."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app import clock
from app.config import settings
from app.domain.errors import Refused, Stale
from app.domain.holidays import Holiday, asked_back
from app.domain.messages import N_, Message
from app.domain.texts import one_line
from app.models.notifications import DayOff
from app.queries.mailing import day_shifts
from app.queries.scope import calendar
from app.queries.setup import days_off
from app.services.kernel import audit
from app.services.kernel.audit import Actor
from app.services.setup.roles import require_administrator

LONGEST = 120


def confirm(session: Session, actor: Actor, *, on: dt.date, version: int | None = None) -> None:
    """The moon was seen: the estimate holds."""
    day = _undecided(session, actor, on, version)
    _decide(session, actor, "confirm", DayOff(on=day.on, is_off=True))


def move(
    session: Session, actor: Actor, *, on: dt.date, to: dt.date, is_meant: bool = False, version: int | None = None
) -> None:
    """The feast is another day; its own becomes a working day again, unless it is a weekend."""
    day = _undecided(session, actor, on, version)
    _require_near(to, "to")
    if to == on:
        raise Refused(N_("It falls on this date already: choose another one"), "to")
    if days_off.get(session, to) is not None:
        raise Refused(Message(N_("%(day)s stands in the list already: choose another date"), day=to), "to")
    _require_meant(session, {to}, {on}, is_meant=is_meant)
    name = day.names[0]
    _decide(session, actor, "move", DayOff(on=on, is_off=False, pair_on=to), to=to)
    session.add(DayOff(on=to, name=name, is_off=True, pair_on=on))
    session.flush()


def add(session: Session, actor: Actor, *, on: dt.date, name: str, is_meant: bool = False) -> None:
    """A day off of its own: a mourning, a bridge that the government grants."""
    _begin(session, actor)
    _require_near(on, "on")
    if not (said := one_line(name)):
        raise Refused(N_("Say which day it is: everybody reads it"), "name")
    if (known := days_off.get(session, on)) is not None:
        words = (
            N_("This day is off already") if known.is_off else N_("This day is in the list: take back what was decided")
        )
        raise Refused(words, "on")
    _require_meant(session, {on}, set(), is_meant=is_meant)
    _decide(session, actor, "add", DayOff(on=on, name=said, is_off=True), name=said)


def strike(session: Session, actor: Actor, *, on: dt.date, is_meant: bool = False, version: int | None = None) -> None:
    """It is worked on that day after all."""
    day = _undecided(session, actor, on, version)
    _require_meant(session, set(), {day.on}, is_meant=is_meant)
    _decide(session, actor, "strike", DayOff(on=day.on, is_off=False))


def take_back(session: Session, actor: Actor, *, on: dt.date, version: int | None = None) -> None:
    """What was decided of a date is decided no more; of a feast that was moved, at both its dates."""
    day = _seen(session, actor, on, version)
    if day is None or not day.is_decided:
        raise Refused(N_("Nothing was decided of this day"))
    for date in (day.on, day.pair_on):
        if date and (row := session.get(DayOff, date)):
            session.delete(row)
    session.flush()
    _record(session, actor, "take_back", on, pair_on=day.pair_on)


def _undecided(session: Session, actor: Actor, on: dt.date, version: int | None) -> Holiday:
    day = _seen(session, actor, on, version)
    if day is None:
        raise Refused(N_("This day is a working day: add it if it is off"), "on")
    if day.is_decided:
        raise Refused(N_("This was decided already: take that back first"))
    return day


def _seen(session: Session, actor: Actor, on: dt.date, version: int | None) -> Holiday | None:
    """Raises Stale where somebody decided in the meantime, or took it back."""
    _begin(session, actor)
    _require_near(on, "on")
    day = days_off.get(session, on)
    stands = day.version if day else 0
    if version is not None and version != stands:
        raise Stale({"version": stands})
    return day


def _begin(session: Session, actor: Actor) -> None:
    """One after the other: two who decide of one date at once would both find that nobody has."""
    require_administrator(actor)
    if session.connection().dialect.name == "postgresql":
        session.execute(sa.text("LOCK TABLE day_off IN SHARE ROW EXCLUSIVE MODE"))


def _require_near(on: dt.date, field: str) -> None:
    years = days_off.years(clock.today(settings().zone))
    if on.year not in years:
        first, last = dt.date(years[0], 1, 1), dt.date(years[-1], 12, 31)
        raise Refused(Message(N_("Choose a date from %(first)s to %(last)s"), first=first, last=last), field)


def _require_meant(session: Session, off: set[dt.date], worked: set[dt.date], *, is_meant: bool) -> None:
    """Where reminders move by it, that is said before it is done."""
    today = clock.today(settings().zone)
    before = calendar.days_off(session, range(today.year - 1, today.year + days_off.YEARS + 1))
    found = day_shifts.shift(session, today, off | worked, before, (before | off) - worked)
    if found.count and not is_meant:
        raise Refused(asked_back(found), "is_meant")


def _decide(session: Session, actor: Actor, verb: str, row: DayOff, **data: object) -> None:
    session.add(row)
    session.flush()
    _record(session, actor, verb, row.on, **data)


def _record(session: Session, actor: Actor, verb: str, on: dt.date, **data: Any) -> None:
    """The day is its own number: 20270310."""
    audit.record(session, actor, verb, "day_off", int(on.strftime("%Y%m%d")), None, **data)
