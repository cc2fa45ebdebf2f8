"""Who should hear what on which morning, told from how each action stands then: a second ladder, beside the product's.

Of actions alone, and of posts that one person holds all year: milestones, parts and word at intervals are counted only.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.faults.injected.oracle import back, forward, works

_DAY, _WEEK = dt.timedelta(days=1), dt.timedelta(days=7)
_BEFORE = (30, 14, 7, 1, 0)
_LOOK_BACK, _LONG_AGO = 5 * _WEEK, 7 * _WEEK  # what a step of every week is still looked for, and not any more


class Standing(NamedTuple):
    """An action at eight o'clock. `armed_on`: the day on which its deadline was set; days until then are past."""

    action_id: int
    state: str
    due_on: dt.date | None
    version: int
    armed_on: dt.date
    assigned_on: dt.date
    blocked_on: dt.date | None
    submitted_on: dt.date | None
    holder: int
    managers: tuple[int, ...]
    verifiers: tuple[int, ...]
    secretariat: tuple[int, ...]


class Heard(NamedTuple):
    person_id: int
    action_id: int
    step: str
    version: int
    on: dt.date


@dataclass
class Ladder:
    """What has been heard by whom; `morning` adds what is new, to be looked for in the ledger.

    `long_ago`: steps of every week, of weeks in which nobody was asked, which may be there as superseded, or not.
    `at_noon`: what became owed after a morning, and may go on that day to whoever had no mail of the morning yet.
    """

    since: dt.date
    off: frozenset[dt.date]
    heard: set[tuple[int, int, str, int]] = field(default_factory=set)
    owed: dict[Heard, dt.date] = field(default_factory=dict)
    long_ago: set[Heard] = field(default_factory=set)
    at_noon: dict[Heard, dt.date] = field(default_factory=dict)

    def morning(self, today: dt.date, standings: list[Standing]) -> None:
        if not works(today, self.off):
            return
        self._look_far_back(today, standings)
        for heard in self._new(today, standings):
            self.heard.add(heard[:4])
            if heard.on >= self.since:
                self.owed[heard] = today

    def noon(self, today: dt.date, standings: list[Standing]) -> None:
        if works(today, self.off):
            self._look_far_back(today, standings)
            for heard in self._new(today, standings):
                self.at_noon.setdefault(heard, today)

    def _new(self, today: dt.date, standings: list[Standing]) -> list[Heard]:
        return [
            heard
            for one in standings
            for step, on, people in self._steps(one, today)
            for person in people
            if on <= today
            and (heard := Heard(person, one.action_id, step, 0 if "@" in step else one.version, on))[:4]
            not in self.heard
        ]

    def _look_far_back(self, today: dt.date, standings: list[Standing]) -> None:
        for one in standings:
            self.long_ago |= set(self._before(one, today))

    def _before(self, one: Standing, today: dt.date) -> Iterator[Heard]:
        in_hand = one.state in {"acknowledged", "in_progress", "blocked"}
        asked: list[tuple[str, dt.date | None, tuple[int, ...], int]] = []
        if in_hand:
            asked.append(("after_{}", one.due_on, (one.holder,), one.version))
        if one.state == "blocked":
            asked.append((f"blocked_{{}}@{one.blocked_on}", one.blocked_on, one.managers or one.secretariat, 0))
        for name, since, people, version in asked:
            for days in range(7, (today - since).days if since else 0, 7):
                if since and _LOOK_BACK < today - since - days * _DAY < _LONG_AGO:
                    on = self._forward(since + days * _DAY)
                    yield from (Heard(who, one.action_id, name.format(days), version, on) for who in people)

    def _steps(self, one: Standing, today: dt.date) -> Iterator[tuple[str, dt.date, tuple[int, ...]]]:
        managers = one.managers or one.secretariat
        if one.state in {"acknowledged", "in_progress", "blocked"} and one.due_on:
            yield from self._deadline(one, one.due_on, today, managers)
        if one.state == "assigned":
            for days, name, people in ((5, "assigned", (one.holder,)), (5, "copy", managers), (10, "assigned", ())):
                on = self._working(one.assigned_on, days)
                yield f"{name}_{days}@{one.assigned_on}", on, people or one.secretariat
        if one.state == "blocked" and one.blocked_on:
            for days in range(7, (today - one.blocked_on).days + 1, 7):
                if today - one.blocked_on - days * _DAY <= _LOOK_BACK:
                    yield f"blocked_{days}@{one.blocked_on}", self._forward(one.blocked_on + days * _DAY), managers
        if one.state == "submitted" and one.submitted_on:
            for days, people in ((5, one.verifiers or one.secretariat), (10, one.verifiers or one.secretariat)):
                yield f"submitted_{days}@{one.submitted_on}", self._working(one.submitted_on, days), people
            yield f"submitted_15@{one.submitted_on}", self._working(one.submitted_on, 15), one.secretariat

    def _deadline(
        self, one: Standing, due_on: dt.date, today: dt.date, managers: tuple[int, ...]
    ) -> Iterator[tuple[str, dt.date, tuple[int, ...]]]:
        found = []
        for days in _BEFORE:
            on = self._forward(due_on - days * _DAY)
            found.append((f"before_{days}" if days else "day_0", on if on <= due_on else back(due_on, self.off)))
        weeks = range(7, max((today - due_on).days, 0) + 8, 7)
        late = [days for days in (3, *weeks) if days < 14 or today - due_on - days * _DAY <= _LOOK_BACK]
        found += [(f"after_{days}", self._forward(due_on + days * _DAY)) for days in late]
        yield from ((step, on, (one.holder,)) for step, on in found if on > one.armed_on)
        for step, days, people in (("manager_7", 7, managers), ("secretariat_14", 14, one.secretariat)):
            on = self._forward(due_on + days * _DAY)
            if on > one.armed_on:
                yield step, on, people

    def _forward(self, day: dt.date) -> dt.date:
        return forward(day, self.off)

    def _working(self, day: dt.date, count: int) -> dt.date:
        for _ in range(count):
            day = forward(day + _DAY, self.off)
        return day
