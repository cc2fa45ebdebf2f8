"""Indicators as pages draw them: the line, the sentence over it, and the figures under it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.messages import Message
from app.domain.sentences import indicators as sentences
from app.formats import trend
from app.queries.followup.indicators import Measurement


@dataclass(frozen=True, slots=True)
class ShownIndicator:
    item: Measurement
    trend: trend.Trend | None
    says: Message


def of(measured: Iterable[Measurement], today: dt.date) -> list[ShownIndicator]:
    return [
        ShownIndicator(
            one,
            trend.trend(one.points, one.target, one.target_on, today) if one.values else None,
            sentences.says(one.gauge, today),
        )
        for one in measured
    ]
