"""What an observer of one region or one organisation reads: all of it as one of the whole programme does, no more."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.permissions import Role, Viewer
from app.models.actions import Action, ActionSupport
from app.models.meetings import Meeting

Condition = sa.ColumnElement[bool]


class Observed(NamedTuple):
    """One grant that is narrowed: ids, or their places in a statement; None: not narrowed by that."""

    programme: Any
    region: Any
    body: Any


ObservedShape = tuple[bool, ...]
_THERE = aliased(Meeting)  # whoever asks may have meetings of their own in the statement
_TYPES: tuple[Any, ...] = (sa.Integer(), sa.String(), sa.Integer())


def of(viewer: Viewer) -> tuple[Observed, ...]:
    """The grants that are narrowed, in one order for everybody who has the same."""
    found = {
        Observed(grant.programme_id, grant.region, grant.organisation_id)
        for grant in viewer.grants
        if grant.role is Role.OBSERVER and (grant.region or grant.organisation_id)
    }
    return tuple(sorted(found, key=lambda one: (one.programme or 0, one.region or "", one.body or 0)))


def shapes(observed: Sequence[Observed]) -> tuple[ObservedShape, ...]:
    return tuple(tuple(bool(value) for value in one) for one in observed)


def given(observed: Sequence[Observed]) -> dict[str, object]:
    """What a statement over `places` of the same shapes is run with."""
    return {
        _name(number, field): value
        for number, one in enumerate(observed)
        for field, value in one._asdict().items()
        if value
    }


def places(shapes: Sequence[ObservedShape]) -> tuple[Observed, ...]:
    return tuple(_places(number, shape) for number, shape in enumerate(shapes))


def _places(number: int, shape: ObservedShape) -> Observed:
    named = zip(Observed._fields, shape, _TYPES, strict=True)
    return Observed(
        *(sa.bindparam(_name(number, field), type_=of) if is_there else None for field, is_there, of in named)
    )


def _name(number: int, field: str) -> str:
    return f"observed_{number}_{field}"


def meetings(one: Observed) -> Condition | None:
    """Those of the region; None: an organisation has no meetings of its own."""
    if one.body is not None:
        return None
    return sa.and_(*_in_programme(col(Meeting.programme_id), one), col(Meeting.region) == one.region)


def recommendations(one: Observed, meeting_id: Any) -> Condition | None:
    """Those of its meetings; an organisation's come by its actions."""
    if one.body is not None:
        return None
    return in_region(meeting_id, one, *_in_programme(col(_THERE.programme_id), one))


def in_region(meeting_id: Any, one: Observed, *further: Condition) -> Condition:
    """Which of these are meetings of the region."""
    found: Condition = meeting_id.in_(sa.select(col(_THERE.id)).where(col(_THERE.region) == one.region, *further))
    return found


def actions(one: Observed) -> Condition:
    """What is not given to anybody yet is no organisation's."""
    narrowed = _in_programme(col(Action.programme_id), one)
    if one.region is not None:
        narrowed.append(in_region(col(Action.meeting_id), one))
    if one.body is not None:
        supported = sa.select(col(ActionSupport.action_id)).where(col(ActionSupport.organisation_id) == one.body)
        concerned = sa.or_(col(Action.lead_organisation_id) == one.body, col(Action.id).in_(supported))
        narrowed += [concerned, col(Action.assigned_at).is_not(None)]
    return sa.and_(*narrowed)


def _in_programme(column: Any, one: Observed) -> list[Condition]:
    return [] if one.programme is None else [column == one.programme]
