"""Flags that nobody sets: what is public below what is public, and which actions serve several recommendations."""

from typing import Any

import sqlalchemy as sa

from app.models.actions import Action, AlsoServes
from app.models.base import table_of
from app.models.meetings import Meeting, Programme
from app.models.recommendations import Recommendation

_PROGRAMME, _MEETING, _REC, _ACT, _ALSO = (
    table_of(model) for model in (Programme, Meeting, Recommendation, Action, AlsoServes)
)
_MEETINGS: Any = sa.bindparam("meeting_ids", expanding=True)


def _public(own: sa.Table, above: sa.Table, key: Any, flag: Any) -> sa.Update:
    """Public is what was published where its parent is public; only rows that change are written."""
    parent = sa.select(flag).where(above.c.id == key).scalar_subquery()
    value = sa.and_(own.c.published_at.is_not(None), parent)
    meeting_id = own.c.id if own is _MEETING else own.c.meeting_id
    return sa.update(own).where(meeting_id.in_(_MEETINGS), own.c.is_public != value).values(is_public=value)


def _serving() -> sa.Update:
    value = sa.exists().where(_ALSO.c.action_id == _ACT.c.id).correlate(_ACT)
    return (
        sa.update(_ACT)
        .where(_ACT.c.meeting_id.in_(_MEETINGS), _ACT.c.serves_others != value)
        .values(serves_others=value)
    )


ALL = (
    _public(_MEETING, _PROGRAMME, _MEETING.c.programme_id, _PROGRAMME.c.published_at.is_not(None)),
    _public(_REC, _MEETING, _REC.c.meeting_id, _MEETING.c.is_public),
    _public(_ACT, _REC, _ACT.c.recommendation_id, _REC.c.is_public),
    _serving(),
)
_NAMES = (
    ("meetings", _MEETING.c.slug),
    ("recommendations", _REC.c.ref),
    ("actions", _ACT.c.ref),
    ("actions", _ACT.c.ref),
)
# What they are of, and the names of the rows that they would write.
WRONG: list[tuple[str, Any]] = [
    (kind, sa.select(name).where(*flag._where_criteria)) for flag, (kind, name) in zip(ALL, _NAMES, strict=True)
]
