"""What the days of a programme's ladder may be: how they are read from what was typed, and what must always hold."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields

from app.domain.errors import Problems, Refused
from app.domain.ladders import LISTS, LadderDays
from app.domain.messages import N_

CALENDAR, WORKING, SHORT = 90, 20, 30  # days at most: round a deadline, of waiting, of a block or a request
_MOST = dict.fromkeys(("before", "after", "manager", "secretariat", "values_manager"), CALENDAR)
_MOST |= dict.fromkeys(("blocked", "deciders"), SHORT) | {"milestones": 14}  # a period may be as short as a month
_STEPS = {"before": 6, "after": 6, "verifiers": 3, "deciders": 3, "milestones": 3}
_BETWEEN = re.compile(r"[\s,;،؛]+")
_NUMBERS = N_("Enter whole numbers of days, for example 30, 14, 7")
_NUMBER = N_("Enter a whole number of days, or leave it empty")
_RANGE = N_("Enter days between 1 and %(most)s")
_TWICE = N_("The same day stands here twice: %(num)s")
_MANY = N_("Enter at most %(most)s days here")
_HOLDER = N_("The holder has to be reminded on the day of the deadline or after it")
_AFTER = N_("Somebody has to hear after the deadline: the holder, the manager or the secretariat")
_ABOVE = N_("Nobody above hears before the holder is reminded: day %(num)s at the earliest")
_LAST = N_("The secretariat hears after the others: day %(num)s at the earliest")
_CONFIRM = N_("The holder is the first to be asked to confirm receipt: give the holder a day")
_VERIFY = N_("Somebody has to hear that an action waits for verification: give the verifiers or the secretariat a day")
_DECIDE = N_("Somebody has to hear that a request for more time waits: give at least one day")


def read(typed: Mapping[str, str | bool]) -> LadderDays:
    """Raises Problems, each at its field."""
    found: dict[str, object] = {}
    problems: list[Refused] = []
    for name, value in typed.items():
        try:
            found[name] = value if isinstance(value, bool) else _read(name, value)
        except Refused as refused:
            problems.append(refused)
    days = LadderDays(**found)  # type: ignore[arg-type]
    if problems:
        raise Problems([*problems, *_outside(days)])
    return checked(days)


def checked(days: LadderDays) -> LadderDays:
    """Raises Problems where the ladder would fall silent, tell somebody above too early or more than is bearable."""
    problems = list(_outside(days)) or _silences(days) or _disorders(days)
    if problems:
        raise Problems(problems)
    return days


def _read(name: str, text: str) -> tuple[int, ...] | int | None:
    parts = [part for part in _BETWEEN.split(text) if part]
    if not all(part.isdecimal() and len(part) < 10 for part in parts):
        raise Refused(_NUMBERS if name in LISTS else _NUMBER, name)
    days = sorted(map(int, parts))
    if name in LISTS:
        return tuple(days)
    if len(days) > 1:
        raise Refused(_NUMBER, name)
    return days[0] if days else None


def _outside(days: LadderDays) -> Iterator[Refused]:
    """At most one of each field."""
    for field in fields(days):
        value = getattr(days, field.name)
        if isinstance(value, bool) or value is None:
            continue
        some = value if isinstance(value, tuple) else (value,)
        most = _MOST.get(field.name, WORKING)
        twice = [day for day in some if some.count(day) > 1]
        if any(not 1 <= day <= most for day in some):
            yield Refused(_RANGE, field.name, most=most)
        elif twice:
            yield Refused(_TWICE, field.name, num=twice[0])
        elif len(some) > _STEPS.get(field.name, 1):
            yield Refused(_MANY, field.name, most=_STEPS[field.name])
        elif list(some) != sorted(some):
            yield Refused(_NUMBERS, field.name)


def _silences(days: LadderDays) -> list[Refused]:
    found = []
    if not (days.on_day or days.after or days.is_weekly):
        found.append(Refused(_HOLDER, "after"))
    elif not (days.after or days.is_weekly or days.manager or days.secretariat):
        found.append(Refused(_AFTER, "after"))
    if not days.confirm:
        found.append(Refused(_CONFIRM, "confirm"))
    if not (days.verifiers or days.verify_secretariat):
        found.append(Refused(_VERIFY, "verifiers"))
    if not days.deciders:
        found.append(Refused(_DECIDE, "deciders"))
    return found


def _disorders(days: LadderDays) -> list[Refused]:
    first = 0 if days.on_day else min(days.after, default=7)
    confirm = days.confirm or 0
    above = (
        ("manager", days.manager, max(first, 1), _ABOVE),
        ("secretariat", days.secretariat, max(first, days.manager or 1), _LAST if days.manager else _ABOVE),
        ("confirm_manager", days.confirm_manager, confirm, _ABOVE),
        # One who is both would hear of one day under one key.
        ("confirm_secretariat", days.confirm_secretariat, max(confirm, days.confirm_manager or 0) + 1, _LAST),
        ("verify_secretariat", days.verify_secretariat, max(days.verifiers, default=0) + 1, _LAST),
    )
    return [Refused(text, name, num=least) for name, day, least, text in above if day is not None and day < least]
