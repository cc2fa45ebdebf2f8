"""The ladders of programmes: by which one the actions of a programme are reminded, and the row behind it."""

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import ladders
from app.domain.rungs import LADDER, Ladder
from app.models.ladders import ProgrammeLadder

Ladders = Mapping[tuple[int, bool], Ladder]  # by programme, those with priority apart


def load(session: Session) -> Ladders:
    """All that were edited, by one statement: of any other programme ours stands."""
    query = sa.select(
        col(ProgrammeLadder.programme_id),
        col(ProgrammeLadder.is_priority),
        col(ProgrammeLadder.days),
        col(ProgrammeLadder.since),
    )
    return {(row[0], row[1]): _ladder(row[2], row[3]) for row in session.execute(query)}


def of(found: Ladders, programme_id: int, *, is_priority: bool) -> Ladder:
    return found.get((programme_id, is_priority), LADDER)


def edited(session: Session, programme_id: int, *, is_priority: bool) -> ProgrammeLadder | None:
    query = sa.select(ProgrammeLadder).where(
        col(ProgrammeLadder.programme_id) == programme_id, col(ProgrammeLadder.is_priority) == is_priority
    )
    return session.scalars(query).first()


def standing(row: ProgrammeLadder | None) -> Ladder:
    return _ladder(row.days, row.since) if row else LADDER


def _ladder(days: Mapping[str, object], since: Mapping[str, str]) -> Ladder:
    return ladders.built(ladders.of(days), {name: dt.date.fromisoformat(on) for name, on in since.items()})
