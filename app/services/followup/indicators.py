"""Indicators: made and published by the secretariat, kept by a post; a value that is corrected stays in the record."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Required, TypedDict, Unpack

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import permissions, texts
from app.domain.errors import NotAllowed, Refused
from app.domain.messages import N_
from app.domain.periods import Rhythm
from app.domain.permissions import Role, may
from app.domain.texts import Titles
from app.models.indicators import Indicator, IndicatorValue
from app.queries.scope import locks
from app.services.kernel import audit, publishing
from app.services.kernel.audit import Actor
from app.services.kernel.conflicts import expect

_EDITABLE = ("titles", "unit", "baseline", "baseline_on", "target", "target_on", "post_id", "word_every")


class Aim(TypedDict, total=False):
    """What an indicator is made of."""

    titles: Required[Titles]
    unit: Titles
    baseline: Decimal | None
    baseline_on: dt.date | None
    target: Required[Decimal]
    target_on: Required[dt.date]
    post_id: int | None
    word_every: Rhythm | None


@dataclass(frozen=True, slots=True)
class Measured:
    """A value of a day, and where it comes from."""

    of_on: dt.date
    value: Decimal
    source: str
    link: str = ""


def create(
    session: Session, actor: Actor, programme_id: int, recommendation_id: int | None = None, **aim: Unpack[Aim]
) -> Indicator:
    permissions.require_secretariat(actor.viewer, programme_id)
    given: dict[str, Any] = {**aim, "titles": texts.named(aim["titles"]), "unit": _unit(aim.get("unit", {}))}
    _require_sense(given)
    indicator = Indicator(
        programme_id=programme_id,
        recommendation_id=recommendation_id,
        created_at=clock.now(),
        word_since=_since(given.get("word_every")),
        **given,
    )
    session.add(indicator)
    session.flush()
    _record(session, actor, "create", indicator, **given)
    return indicator


def edit(session: Session, actor: Actor, indicator: Indicator, *, version: int | None = None, **changes: Any) -> None:
    permissions.require_secretariat(actor.viewer, indicator.programme_id)
    expect(indicator, version, _EDITABLE)
    if "titles" in changes:
        changes["titles"] = texts.named(changes["titles"])
    if "unit" in changes:
        changes["unit"] = _unit(changes["unit"])
    _require_sense({name: changes.get(name, getattr(indicator, name)) for name in _EDITABLE})
    if changes.get("word_every", indicator.word_every) is not indicator.word_every:
        indicator.word_since = _since(changes["word_every"])
    for name in _EDITABLE:
        if name in changes:
            setattr(indicator, name, changes[name])
    indicator.version += 1
    _record(session, actor, "edit", indicator, **changes)


def publish(session: Session, actor: Actor, indicator: Indicator) -> None:
    permissions.require_secretariat(actor.viewer, indicator.programme_id)
    if publishing.publish(indicator):
        _record(session, actor, "publish", indicator)


def withdraw(session: Session, actor: Actor, indicator: Indicator, *, reason: str) -> None:
    permissions.require_secretariat(actor.viewer, indicator.programme_id)
    publishing.withdraw(indicator, reason)
    _record(session, actor, "withdraw", indicator, reason=reason)


def measure(session: Session, actor: Actor, indicator: Indicator, measured: Measured) -> IndicatorValue:
    """A value of a day that has none yet."""
    require_keeper(actor, indicator)
    _require_measured(measured)
    locks.take(session, indicator)
    if _of_day(session, indicator, measured.of_on) is not None:
        raise Refused(N_("There is a value of this day already: correct it in the list"), "of_on")
    row = _kept(session, actor, indicator, measured)
    _record(session, actor, "measure", indicator, value_id=row.id, value=str(row.value), of_on=row.of_on)
    return row


def correct(
    session: Session, actor: Actor, indicator: Indicator, old: IndicatorValue, measured: Measured, *, reason: str
) -> IndicatorValue:
    """Another value takes its place; the one before stays, no longer counted."""
    require_keeper(actor, indicator)
    if not reason.strip():
        raise Refused(N_("Say why it is corrected: it is kept in the private record"), "reason")
    _require_measured(measured)
    locks.take(session, indicator)
    locks.take(session, old)
    if not old.is_current:
        raise Refused(N_("This value was corrected in the meantime: correct the one that stands now"))
    other = _of_day(session, indicator, measured.of_on)
    if other is not None and other != old.id:
        raise Refused(N_("There is a value of this day already: correct it in the list"), "of_on")
    old.is_current = False
    session.flush()
    row = _kept(session, actor, indicator, measured, corrects_id=old.id, reason=reason.strip())
    data = {"value_id": row.id, "value": str(row.value), "before": str(old.value), "of_on": row.of_on}
    _record(session, actor, "correct", indicator, reason=reason, **data)
    return row


def may_measure(actor: Actor, indicator: Indicator) -> bool:
    """The post that keeps it, and the secretariat."""
    viewer = actor.viewer
    return indicator.post_id in viewer.post_ids or may(viewer, indicator.programme_id, Role.SECRETARIAT)


def require_keeper(actor: Actor, indicator: Indicator) -> None:
    if not may_measure(actor, indicator):
        raise NotAllowed


def _require_measured(measured: Measured) -> None:
    if measured.of_on > clock.today(settings().zone):
        raise Refused(N_("This day has not come yet: give the day that the value is about"), "of_on")
    if not measured.source.strip():
        raise Refused(N_("Say where the value comes from"), "source")
    if measured.link and not measured.link.startswith("https://"):
        raise Refused(N_("Give an address that begins with https://"), "link")


def _require_sense(given: dict[str, Any]) -> None:
    if (given.get("baseline") is None) != (given.get("baseline_on") is None):
        raise Refused(N_("Give the baseline with its day, or neither"), "baseline")
    if given.get("baseline_on") and given["baseline_on"] >= given["target_on"]:
        raise Refused(N_("The day of the target comes after that of the baseline"), "target_on")
    if given.get("baseline") == given["target"]:
        raise Refused(N_("The target is the baseline: there is nothing to reach"), "target")
    if given.get("word_every") and not given.get("post_id"):
        raise Refused(N_("Choose the post that keeps it: somebody has to be reminded"), "post_id")


def _unit(unit: Titles) -> Titles:
    return {lang: text.strip() for lang, text in unit.items() if text.strip()}


def _since(rhythm: Rhythm | None) -> dt.date | None:
    """Whatever period began before is asked about of nobody."""
    return clock.today(settings().zone) if rhythm else None


def _of_day(session: Session, indicator: Indicator, of_on: dt.date) -> int | None:
    query = sa.select(col(IndicatorValue.id)).where(
        col(IndicatorValue.indicator_id) == indicator.id,
        col(IndicatorValue.of_on) == of_on,
        col(IndicatorValue.is_current),
    )
    return session.scalars(query).first()


def _kept(session: Session, actor: Actor, indicator: Indicator, measured: Measured, **more: Any) -> IndicatorValue:
    row = IndicatorValue(
        indicator_id=indicator.id,
        of_on=measured.of_on,
        value=measured.value,
        source=measured.source.strip(),
        link=measured.link.strip(),
        person_id=actor.person_id,
        at=clock.now(),
        **more,
    )
    session.add(row)
    session.flush()
    return row


def _record(session: Session, actor: Actor, verb: str, indicator: Indicator, **data: object) -> None:
    plain = {name: str(value) if isinstance(value, Decimal) else value for name, value in data.items()}
    audit.record(session, actor, verb, "indicator", indicator.id, indicator.programme_id, **plain)
