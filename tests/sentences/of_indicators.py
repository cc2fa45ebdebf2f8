"""Indicators: the last value against the target."""

import datetime as dt
from decimal import Decimal

from app.domain.sentences import indicators
from app.domain.sentences.indicators import Gauge
from tests.sentences.table import Rows, situations

TODAY, LAST, UNTIL = dt.date(2026, 11, 27), dt.date(2026, 9, 30), dt.date(2027, 12, 31)


def gauge(last: str = "2.71", target: str = "3.5", baseline: str | None = "2.6", until: dt.date = UNTIL) -> Gauge:
    began = None if baseline is None else Decimal(baseline)
    return Gauge(Decimal(target), until, began, Decimal(last), LAST)


@situations("indicators")
def rows() -> Rows:
    on = "on 30 September 2026"
    nothing = Gauge(Decimal("3.5"), UNTIL)
    yield "no value yet", indicators.says(nothing, TODAY), "No value yet; the target is 3.5 by 31 December 2027."
    yield "below it", indicators.says(gauge(), TODAY), f"2.71 {on}; the target is 3.5 by 31 December 2027."
    yield "reached", indicators.says(gauge("3.5"), TODAY), f"3.5 {on}: the target of 3.5 is reached."
    down = gauge("40", "50", "120")
    yield "reached downwards", indicators.says(down, TODAY), f"40 {on}: the target of 50 is reached."
    up = gauge("60", "50", "120")
    yield "not yet downwards", indicators.says(up, TODAY), f"60 {on}; the target is 50 by 31 December 2027."
    late = gauge(until=dt.date(2026, 10, 31))
    yield "its day has passed", indicators.says(late, TODAY), f"2.71 {on}; the target was 3.5 by 31 October 2026."
    large = gauge("2600000", "3500000.25", None)
    said = f"2,600,000 {on}; the target is 3,500,000.25 by 31 December 2027."
    yield "large and exact", indicators.says(large, TODAY), said
