"""What is derived is compared and derived again while others write: nobody waits for either."""

import sqlalchemy as sa
from sqlmodel import col, select

from app.db import Database
from app.models.actions import Action
from app.models.meetings import Meeting
from app.models.recommendations import Recommendation
from app.services.kernel import audit
from app.services.upkeep import integrity
from tests import builders


def fill(database: Database, meetings: int = 3) -> None:
    with database.write() as session:
        for _ in range(meetings):
            parent = builders.recommendation(session, builders.meeting(session))
            for _ in range(2):
                builders.action(session, parent)
        integrity.rebuild(session)


def write(database: Database) -> None:
    """What somebody does meanwhile: fails after eight seconds where a lock is held."""
    with database.write() as session:
        audit.record(session, audit.SERVICE, "edit", "meeting", 1)


def test_while_all_is_compared_others_write(database: Database) -> None:
    fill(database)
    met: list[int] = []

    def progress(count: int) -> None:
        met.append(count)
        write(database)

    with database.snapshot() as session:
        assert integrity.differences(session, progress) == []
    assert sum(met) == 3


def test_while_all_is_derived_again_others_write(database: Database) -> None:
    fill(database)
    with database.write() as session:
        session.execute(sa.update(Recommendation).values(is_disputed=True))

    pauses: list[int] = []

    count = integrity.rebuild_in_turn(database.write, lambda _: write(database), lambda: pauses.append(1))

    assert count == 3
    assert pauses, "whoever waits has to come in between"

    with database.snapshot() as session:
        assert integrity.differences(session) == []


def test_comparing_changes_nothing_and_names_what_differs(database: Database) -> None:
    fill(database)
    with database.write() as session:
        meeting = session.scalars(select(Meeting).order_by(col(Meeting.id))).first()
        action = session.scalars(select(Action).order_by(col(Action.id).desc())).first()
        assert meeting
        assert action
        meeting.is_public, action.is_public = not meeting.is_public, not action.is_public
        slug, ref = meeting.slug, action.ref

    with database.snapshot() as session:
        first = integrity.differences(session)
    with database.snapshot() as session:
        assert integrity.differences(session) == first
    assert f"meetings: 1 differ, first {slug}" in first
    assert any(line.startswith("actions: ") and ref in line for line in first)
