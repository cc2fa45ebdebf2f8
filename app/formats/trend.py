"""A line of dated values against its target, from numbers alone, in percent of its box: see svg.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

HEIGHT = 160
_EDGE = 3  # percent: marks never touch the edge


@dataclass(frozen=True)
class Spot:
    x: float
    y: float


@dataclass(frozen=True)
class Trend:
    """`x` in percent, `y` in pixels of HEIGHT, zero at `zero_y`; time runs from left to right in every language."""

    start: date
    end: date
    spots: tuple[Spot, ...]
    path: str  # in a box of 100 × HEIGHT
    target: Spot
    zero_y: float
    today_x: float | None


def trend(points: Sequence[tuple[date, Decimal]], target: Decimal, target_on: date, today: date) -> Trend | None:
    """Points in order of their days. None while there is nothing to draw a line of."""
    if not points:
        return None
    days = [*(on for on, _ in points), target_on]
    start, end = min(days), max(days)
    heights = [Decimal(0), target, *(value for _, value in points)]
    low, high = min(heights), max(heights)
    span, rise = max((end - start).days, 1), high - low or Decimal(1)

    def spot(on: date, value: Decimal) -> Spot:
        x = _EDGE + (100 - 2 * _EDGE) * (on - start).days / span
        return Spot(round(x, 2), round(float(HEIGHT - 8 - (HEIGHT - 16) * (value - low) / rise), 1))

    spots = tuple(spot(on, value) for on, value in points)
    path = "M" + "L".join(f"{one.x} {one.y}" for one in spots)
    is_within = start <= today <= end
    now = spot(today, low).x if is_within else None
    return Trend(start, end, spots, path, spot(target_on, target), spot(start, Decimal(0)).y, now)
