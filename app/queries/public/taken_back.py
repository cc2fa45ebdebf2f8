"""What was taken back of a recommendation, with its reason: for the public where it was public."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from sqlmodel import Session

from app.domain import takebacks
from app.domain.messages import Message
from app.domain.takebacks import Withdrawn
from app.models.base import table_of
from app.models.takebacks import TakenBack
from app.statements import Statement

_TAKEN = table_of(TakenBack)


@dataclass(frozen=True, slots=True)
class TakenBackLine:
    what: Withdrawn
    was: str
    given_on: dt.date | None
    reason: str
    at: dt.datetime

    @property
    def said(self) -> Message:
        return takebacks.said(self.what, self.was, self.given_on)


def of(session: Session, recommendation_id: int, *, is_inside: bool = False) -> list[TakenBackLine]:
    """In the order in which they were taken back; `is_inside`: those that no public page has shown, too."""
    return [TakenBackLine(*row) for row in _of(is_inside).rows(session, {"of": recommendation_id})]


def reasons(session: Session, ids: Sequence[int]) -> Mapping[int, list[str]]:
    """Those of several recommendations that the public reads."""
    found: dict[int, list[str]] = defaultdict(list)
    for recommendation_id, reason in _REASONS.rows(session, {"ids": ids}):
        found[recommendation_id].append(reason)
    return found


@cache
def _of(is_inside: bool) -> Statement:
    columns = [_TAKEN.c[name] for name in TakenBackLine.__dataclass_fields__]
    query = sa.select(*columns).where(_TAKEN.c.recommendation_id == sa.bindparam("of")).order_by(_TAKEN.c.id)
    return Statement(query if is_inside else query.where(_TAKEN.c.was_public))


_REASONS = Statement(
    sa.select(_TAKEN.c.recommendation_id, _TAKEN.c.reason)
    .where(_TAKEN.c.recommendation_id.in_(sa.bindparam("ids", expanding=True)), _TAKEN.c.was_public)
    .order_by(_TAKEN.c.id)
)
