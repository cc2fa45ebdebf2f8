"""Indicators of the demonstration: made once, values entered by the post that keeps them, one of them corrected."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.domain.periods import Rhythm
from app.models.indicators import Indicator
from app.services.followup import indicators
from app.services.followup.indicators import Measured
from app.services.kernel.audit import Actor

Day = Callable[[int], dt.date]


def make(session: Session, amina: Actor, programme_id: int, post_id: int, facts: dict[str, Any], day: Day) -> Indicator:
    made = indicators.create(
        session,
        amina,
        programme_id,
        titles={lang: facts[lang] for lang in ("ar", "fr", "en")},
        unit=facts["unit"],
        baseline=Decimal(facts["baseline"]),
        baseline_on=day(facts["baseline_on"]),
        target=Decimal(facts["target"]),
        target_on=day(facts["target_on"]),
        post_id=post_id,
        word_every=Rhythm(facts["every"]),
    )
    indicators.publish(session, amina, made)
    return made


def enter(session: Session, keeper: Actor, own: Indicator, value: dict[str, Any], on: dt.date) -> None:
    measured = Measured(on, Decimal(value["value"]), value["source"])
    row = indicators.measure(session, keeper, own, measured)
    if "corrected" in value:
        other = Measured(on, Decimal(value["corrected"]), value["source"])
        indicators.correct(session, keeper, own, row, other, reason="Une virgule oubliée.")
