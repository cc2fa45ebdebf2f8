"""The silent of programmes, as a secretariat reads them: whose post owes the next word, and has said none for long."""

import datetime as dt
from collections.abc import Collection, Set
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.digest_shapes import ROWS
from app.models.actions import IS_AWAITED, Action
from app.models.meetings import Programme
from app.queries.mailing.digest_rows import DigestRows
from app.queries.mailing.ladder_candidates import portions
from app.queries.scope import ranges

_HEARD: Any = sa.func.coalesce(col(Action.last_word_at), col(Action.assigned_at))


def known(session: Session) -> list[int]:
    """Every programme: there are few."""
    return [found for found in session.scalars(sa.select(col(Programme.id))) if found]


def rows(session: Session, programmes: Collection[int], since: dt.datetime, told: Collection[int]) -> DigestRows:
    """Those without word since then, the longest silent first; the count is of keys alone, which the index holds."""
    parts = [_part(programme, since) for programme in sorted(programmes)]
    if not parts:
        return DigestRows()
    elsewhere = _among(session, parts, told)
    picked = ranges.first(parts, ROWS + len(elsewhere))
    found = session.scalars(sa.select(picked.c.id).order_by(*ranges.order(picked)))
    ids = tuple(one for one in found if one not in elsewhere)[:ROWS]
    count = session.scalars(sa.select(sa.func.count()).select_from(sa.union_all(*parts).subquery())).one()
    return DigestRows(ids, count - len(elsewhere))


def _part(programme: int, since: dt.datetime) -> Any:
    """One range of an index."""
    columns: Any = sa.select(col(Action.id).label("id"), _HEARD.label("key"))
    return columns.where(col(Action.programme_id) == programme, ranges.said("action", IS_AWAITED), since > _HEARD)


def _among(session: Session, parts: list[Any], told: Collection[int]) -> Set[int]:
    """What is told elsewhere is looked up by its keys."""
    found: set[int] = set()
    for some in portions(told):
        there = sa.union_all(*(part.where(col(Action.id).in_(some)) for part in parts)).subquery()
        found.update(session.scalars(sa.select(there.c.id)))
    return found
