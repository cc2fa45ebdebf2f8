"""Where the marks of a chart stand, from numbers alone: small frozen shapes that templates/macros/charts.html draws.

Widths are percents, so that a chart fits a phone and a desk with letters of the same size. Words are chosen elsewhere.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter

from app.domain import schedule

# The narrowest bar that is drawn (a phone of 320 units); a number stands inside a part only if it has this much room.
_NARROW, _ROOM = 320, 28
_STEPS = 60  # more corners than this cannot be told apart, and would weigh
LINE_WIDTH, LINE_HEIGHT = 1000, 180
_LABEL_GAP = 18
WEEKS = 26


@dataclass(frozen=True)
class BarPart:
    """One part of a bar; `x` and `width` in percent from the left, `middle` where its number stands if it fits."""

    kind: str
    count: int
    x: float
    width: float
    middle: float | None


@dataclass(frozen=True)
class Bar:
    """Counts that make a whole; `late` of those under way are overdue."""

    implemented: int
    under_way: int
    late: int
    not_begun: int
    set_aside: int
    total: int
    parts: tuple[BarPart, ...]


def bar(*, implemented: int, under_way: int, not_begun: int, set_aside: int = 0, late: int = 0, mirror: bool) -> Bar:
    """The four groups side by side; `mirror` begins at the right, as an Arabic line does."""
    late = min(late, under_way)
    kinds = ("implemented", "under_way", "late", "not_begun", "set_aside")
    counts = (implemented, under_way - late, late, not_begun, set_aside)
    total = sum(counts)
    parts = tuple(
        _part(kind, count, sum(counts[:place]), total, mirror)
        for place, (kind, count) in enumerate(zip(kinds, counts, strict=True))
        if count
    )
    return Bar(implemented, under_way, late, not_begun, set_aside, total, parts)


def _part(kind: str, count: int, before: int, total: int, mirror: bool) -> BarPart:
    start = total - before - count if mirror else before
    x, width = 100 * start / total, 100 * count / total
    fits = width * _NARROW >= 100 * _ROOM
    return BarPart(kind, count, round(x, 2), round(width, 2), round(x + width / 2, 2) if fits else None)


Counted = Sequence[tuple[date, int]]


@dataclass(frozen=True)
class Label:
    """A number at the end of a line: `x` in percent, `y` in the units of the line, `anchor` start or end."""

    kind: str
    value: int
    x: float
    y: float
    anchor: str


@dataclass(frozen=True)
class ChartLine:
    """Steps over time, left to right in every language; paths in a box of LINE_WIDTH × LINE_HEIGHT."""

    start: date
    end: date
    accepted: str
    planned: str
    verified: str
    gap: str
    today_x: float
    labels: tuple[Label, ...]


def burn_up(*, accepted: Counted, planned: Counted, verified: Counted, today: date) -> ChartLine | None:
    """Each series: dates in order with the count reached on them. None when nothing has been accepted yet."""
    if not accepted or not accepted[-1][1]:
        return None
    start = accepted[0][0]
    end = max([today, *(series[-1][0] for series in (accepted, planned, verified) if series)])
    box = _Box(start, max((end - start).days, 1), max(value for _, value in (*accepted, *planned, *verified)))
    x = box.x(today)
    return ChartLine(
        start,
        end,
        accepted=box.steps(accepted, today),
        planned=box.steps(planned, end),
        verified=box.steps(verified, today),
        gap=box.between(planned, verified, today),
        today_x=round(x / LINE_WIDTH * 100, 2),
        labels=_labels(box, accepted, planned, verified, today),
    )


@dataclass(frozen=True)
class _Box:
    start: date
    days: int
    top: int

    def x(self, on: date) -> int:
        return round(LINE_WIDTH * (on - self.start).days / self.days)

    def y(self, value: int) -> int:
        return round(LINE_HEIGHT * (1 - value / self.top))

    def steps(self, series: Counted, until: date) -> str:
        """From the foot, along each day and up at each count."""
        moves = "".join(f"H{self.x(on)}V{self.y(value)}" for on, value in _thinned(series, until))
        return f"M0 {LINE_HEIGHT}{moves}H{self.x(until)}"

    def between(self, upper: Counted, lower: Counted, until: date) -> str:
        """The ground between two lines, closed: there along the one, back along the other."""
        there = self.steps(upper, until)
        corners = [(0, LINE_HEIGHT)]
        for on, value in _thinned(lower, until):
            corners += [(self.x(on), corners[-1][1]), (self.x(on), self.y(value))]
        back = "".join(f"L{x} {y}" for x, y in reversed([*corners, (self.x(until), corners[-1][1])]))
        return f"{there}{back}Z"


def _thinned(series: Counted, until: date) -> Counted:
    known = [point for point in series if point[0] <= until]
    stride = max(1, -(-len(known) // _STEPS))
    return [*known[:-1:stride], *known[-1:]]


def reached(series: Counted, on: date) -> int:
    """What a series stood at on a day."""
    place = bisect_right(series, on, key=itemgetter(0))
    return series[place - 1][1] if place else 0


def _labels(box: _Box, accepted: Counted, planned: Counted, verified: Counted, today: date) -> tuple[Label, ...]:
    x = box.x(today) / LINE_WIDTH * 100
    anchor, place = ("end", max(x - 1, 0)) if x > 50 else ("start", x + 1)
    values = (("accepted", accepted), ("planned", planned), ("verified", verified))
    found = [(kind, reached(series, today)) for kind, series in values]
    labels: list[Label] = []
    lowest = -_LABEL_GAP - 7.0
    for kind, value in sorted(found, key=lambda item: -item[1]):
        lowest = max(box.y(value) - 7.0, lowest + _LABEL_GAP)
        labels.append(Label(kind, value, round(place, 2), lowest, anchor))
    return tuple(labels)


@dataclass(frozen=True)
class Deadline:
    """One line of the strip, in percent: `from_x` the baseline, `to_x` the revised date where there is one."""

    from_x: float
    to_x: float | None
    kind: str  # open, done, late


@dataclass(frozen=True)
class Strip:
    start: date
    end: date
    today_x: float
    lines: tuple[Deadline, ...]


def deadlines(entries: Sequence[tuple[date, date | None, str]], today: date) -> Strip | None:
    """Entries: baseline, revised deadline or None, kind (open, done, late). None without any."""
    if not entries:
        return None
    known = [today, *(on for baseline, revised, _ in entries for on in (baseline, revised) if on)]
    start, end = min(known), max(known)
    span = max((end - start).days, 1)

    def x(on: date) -> float:
        return round(3 + 94 * (on - start).days / span, 2)  # marks never touch the edge

    lines = tuple(Deadline(x(base), x(new) if new and new != base else None, kind) for base, new, kind in entries)
    return Strip(start, end, x(today), lines)


@dataclass(frozen=True)
class Silence:
    """26 weeks up to this one, each `before` (not yet begun), `word`, `none` or `late` (none for 30 days)."""

    weeks: tuple[str, ...]
    start: date
    end: date


def silence(words: Sequence[date], begun: date, today: date) -> Silence:
    """`words`: the days on which a holder said something; `begun`: when the action was assigned."""
    ends = [today - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    heard = sorted({begun, *words})
    return Silence(tuple(_week(end, words, heard, begun) for end in ends), ends[0] - timedelta(days=6), today)


def _week(end: date, words: Sequence[date], heard: Sequence[date], begun: date) -> str:
    first = end - timedelta(days=6)
    if end < begun:
        return "before"
    if any(first <= on <= end for on in words):
        return "word"
    last = heard[bisect_right(heard, end) - 1]
    return "late" if schedule.is_stale(last, None, end) else "none"
