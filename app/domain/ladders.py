"""A programme's own ladder: its days as a secretariat edits them, the rungs they make, and since when each stands."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from functools import lru_cache

from app.domain.rungs import LADDER, MARKS, SHARED, WORDS, Anchor, Audience, Kind, Ladder, Rung, Unit
from app.domain.workflow import IN_HAND, OPEN, State

_WEEK = 7


@dataclass(frozen=True)
class LadderDays:
    """When each is told; without a day the step is not taken. Lists climb away from the deadline or the act."""

    before: tuple[int, ...] = (1, 7, 14, 30)
    on_day: bool = True
    after: tuple[int, ...] = (3, 7)
    is_weekly: bool = True
    manager: int | None = 7
    secretariat: int | None = 14
    confirm: int | None = 5  # working days, as with all that somebody waits for but more time
    confirm_manager: int | None = 5
    confirm_secretariat: int | None = 10
    blocked: int | None = 7
    verifiers: tuple[int, ...] = (5, 10)
    verify_secretariat: int | None = 15
    deciders: tuple[int, ...] = (3, 7)
    milestones: tuple[int, ...] = (7,)  # before, as of the end of a period; on the day and every week are told always
    values_manager: int | None = 14  # after the end of a period


OURS = LadderDays()
LISTS = frozenset(field.name for field in fields(LadderDays) if isinstance(field.default, tuple))
Since = Mapping[str, date]


def kept(days: LadderDays) -> dict[str, object]:
    """As a row or an event keeps them."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(days).items()}


def of(kept_days: Mapping[str, object]) -> LadderDays:
    """A field that an older row lacks is ours."""
    known = {field.name for field in fields(LadderDays)} & kept_days.keys()
    return LadderDays(**{name: _frozen(kept_days[name]) for name in known})  # type: ignore[arg-type]


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def built(days: LadderDays, since: Since | None = None) -> Ladder:
    """The same rungs for the same days, so that caches know them again."""
    return _built(days, frozenset((since or {}).items()))


@lru_cache(maxsize=1 << 10)
def _built(days: LadderDays, since: frozenset[tuple[str, date]]) -> Ladder:
    known = dict(since)
    return Ladder(replace(rung, since=known.get(name(rung))) for rung in (*_edited(days), *_marks(days), *_vacant()))


def name(rung: Rung) -> str:
    """A rung among those of its ladder."""
    return f"{rung.key}{'+' if rung.weekly else ''}.{rung.audience}{'' if rung.kinds & SHARED else '.ours'}"


def armed(days: LadderDays, former: Ladder, today: date) -> dict[str, date]:
    """Since when each rung stands: what the former ladder told too goes on, what is new begins tomorrow."""
    found: dict[str, date] = {}
    for rung in built(days):
        sinces = [one.since for one in former if _tells(one, rung)]
        since = None if None in sinces else min((one for one in sinces if one), default=today)
        if since:
            found[name(rung)] = since
    return found


def _tells(former: Rung, rung: Rung) -> bool:
    """Whether every step of the rung was one of the former rung, under the same key."""
    if _sort(former) != _sort(rung) or not former.kinds >= rung.kinds:
        return False
    later = rung.offset - former.offset
    if former.weekly:
        return later >= 0 and later % _WEEK == 0
    return later == 0 and not rung.weekly


def _sort(rung: Rung) -> tuple[object, ...]:
    return rung.key.rpartition("_")[0], rung.anchor, rung.unit, rung.audience, rung.states


def _edited(days: LadderDays) -> Iterator[Rung]:
    yield from _before_and_after(days)
    yield from _one("manager", IN_HAND, Anchor.DUE, days.manager, Audience.MANAGER)
    yield from _one("secretariat", IN_HAND, Anchor.DUE, days.secretariat, Audience.SECRETARIAT)
    assigned, submitted = frozenset({State.ASSIGNED}), frozenset({State.SUBMITTED})
    yield from _one("assigned", assigned, Anchor.ASSIGNED, days.confirm, Audience.HOLDER)
    yield from _one("copy", assigned, Anchor.ASSIGNED, days.confirm_manager, Audience.MANAGER)
    yield from _one("assigned", assigned, Anchor.ASSIGNED, days.confirm_secretariat, Audience.SECRETARIAT)
    if days.blocked:
        blocked = frozenset({State.BLOCKED})
        yield Rung(
            f"blocked_{days.blocked}", blocked, Anchor.BLOCKED, days.blocked, Unit.CALENDAR, Audience.MANAGER, True
        )
    for day in (*days.verifiers, days.verify_secretariat):
        audience = Audience.VERIFIER if day in days.verifiers else Audience.SECRETARIAT
        yield from _one("submitted", submitted, Anchor.SUBMITTED, day, audience)
    for day in days.deciders:
        yield from _one("asked", OPEN, Anchor.ASKED, day, Audience.DECIDER)


def _before_and_after(days: LadderDays) -> Iterator[Rung]:
    for day in reversed(days.before):
        yield _due("before", -day)
    if days.on_day:
        yield _due("day", 0)
    for day in days.after:
        yield _due("after", day)
    if days.is_weekly:
        yield replace(_due("after", max(days.after, default=0) + _WEEK), weekly=True)


def _due(stem: str, offset: int) -> Rung:
    key = f"{stem}_{abs(offset)}"
    return Rung(key, IN_HAND, Anchor.DUE, offset, Unit.CALENDAR, Audience.HOLDER, kinds=SHARED)


_WORKING = frozenset({Anchor.ASSIGNED, Anchor.SUBMITTED})
_OF_PARTS = frozenset({Anchor.ASSIGNED, Anchor.DUE})


def _one(stem: str, states: frozenset[State], anchor: Anchor, day: int | None, audience: Audience) -> Iterator[Rung]:
    if day is not None:
        unit = Unit.WORKING if anchor in _WORKING else Unit.CALENDAR
        kinds = SHARED if anchor in _OF_PARTS else frozenset({Kind.ACTION})
        yield Rung(f"{stem}_{day}", states, anchor, day, unit, audience, kinds=kinds)


def _marks(days: LadderDays) -> Iterator[Rung]:
    """What is due or late is always asked for."""
    for day in reversed(days.milestones):
        yield replace(_due("before", -day), kinds=MARKS)
    yield from (replace(rung, kinds=MARKS) for rung in LADDER if rung.kinds >= MARKS and rung.offset >= 0)
    for rung in _one("manager", IN_HAND, Anchor.DUE, days.values_manager, Audience.MANAGER):
        yield replace(rung, kinds=WORDS)


def _vacant() -> Iterator[Rung]:
    """Without a holder the secretariat always hears."""
    return (rung for rung in LADDER if rung.anchor is Anchor.VACANT)
