"""A prepared SELECT reads what any other would, is heard of by whoever listens, and fails like any other."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app import db, visits
from app.db import Database
from app.domain.workflow import State
from app.models.actions import Action
from app.models.base import table_of
from app.models.notifications import DayOff
from app.models.people import Organisation
from app.models.rollups import PublicChange
from app.statements import Statement
from app.visits import Overdue, Visit
from tests import scenes
from tests.statements import counted

_ACT, _ORG, _LOG = table_of(Action), table_of(Organisation), table_of(PublicChange)
_OF_STATES = (
    sa.select(_ACT.c.ref, _ACT.c.titles, _ACT.c.state, _ACT.c.due_on, _ACT.c.assigned_at, _ACT.c.is_public)
    .where(_ACT.c.state.in_(sa.bindparam("states", expanding=True)), _ACT.c.state != State.DECLINED)
    .where(_ACT.c.due_on < sa.bindparam("today", type_=sa.Date()))
    .where(_ACT.c.baseline_on < sa.bindparam("today", type_=sa.Date()))
    .order_by(_ACT.c.id)
)
_SLUGS = sa.select(_ORG.c.slug)
_OFF = table_of(DayOff)
TODAY = dt.date(2100, 1, 1)


def test_it_reads_what_the_same_statement_reads_through_the_session(database: Database) -> None:
    prepared = Statement(_OF_STATES)
    kinds: list[list[State]] = [[], [State.ASSIGNED], [State.ASSIGNED, State.IN_PROGRESS]]
    with database.write() as session:
        made = scenes.scene(session)
        for state in (State.ASSIGNED, State.IN_PROGRESS, State.DECLINED):
            scenes.action(made, state)

        for states in (*kinds, *kinds):  # compiled, and then as it was compiled
            given = {"states": states, "today": TODAY}
            expected = [tuple(row) for row in session.execute(_OF_STATES, given)]
            assert [tuple(row) for row in prepared.rows(session, given)] == expected
            assert len(expected) == len(states)
            assert (prepared.first(session, given) is None) == (not states)


def test_a_change_is_followed_like_any_other(database: Database) -> None:
    rename = Statement(sa.update(_ORG).where(_ORG.c.slug == sa.bindparam("former")))
    with database.write() as session:
        scenes.organisation(session, "centre")
    with database.write() as session:
        rename.rows(session, {"former": "centre", "titles": {"fr": "Institut"}})

    with database.read() as session:
        assert session.scalars(sa.select(_ORG.c.titles)).one() == {"fr": "Institut"}
        assert "all" in session.scalars(sa.select(_LOG.c.scopes).order_by(_LOG.c.id.desc()).limit(1)).one()


def test_each_of_several_rows_is_changed(database: Database) -> None:
    retitle = Statement(sa.update(_ORG).where(_ORG.c.slug == sa.bindparam("of")))
    with database.write() as session:
        for slug in ("centre", "chamber"):
            scenes.organisation(session, slug)
        retitle.run_each(session, [{"of": slug, "titles": {"fr": slug.upper()}} for slug in ("centre", "chamber")])

        assert sorted(found["fr"] for found in session.scalars(sa.select(_ORG.c.titles))) == ["CENTRE", "CHAMBER"]


def test_of_many_rows_those_that_are_new_are_counted_and_each_has_its_own_values(database: Database) -> None:
    """What rows share, as one moment is, is written once; what they don't is not."""
    days = [dt.date(2026, 3, number) for number in (1, 2, 2, 3)]
    rows = [{"on": day, "is_off": number != 1, "name": "Aïd", "version": 1} for number, day in enumerate(days)]
    with database.write() as session:
        add = Statement(db.insert(session, DayOff).on_conflict_do_nothing())
        assert add.run_each(session, rows[:2]) == 2
        assert add.run_each(session, rows) == 1

        found = session.execute(sa.select(_OFF.c.on, _OFF.c.is_off, _OFF.c.name).order_by(_OFF.c.on)).all()
        assert [tuple(row) for row in found] == [
            (days[0], True, "Aïd"), (days[1], False, "Aïd"), (days[3], True, "Aïd"),
        ]  # fmt: skip


def test_columns_that_another_call_named_are_not_left_out(database: Database) -> None:
    change = Statement(sa.update(_ORG).where(_ORG.c.slug == sa.bindparam("of")))
    with database.write() as session:
        scenes.organisation(session, "centre")
        change.rows(session, {"of": "centre", "titles": {"fr": "Institut"}})
        change.rows(session, {"of": "centre", "version": 7})

        assert session.execute(sa.select(_ORG.c.titles, _ORG.c.version)).one() == ({"fr": "Institut"}, 7)


def test_what_the_session_has_not_written_yet_is_found(database: Database) -> None:
    with database.write() as session:
        scenes.organisation(session, "centre")
        session.scalars(sa.select(Organisation)).one().slug = "institute"

        assert [row[0] for row in Statement(_SLUGS).rows(session, {})] == ["institute"]


def test_whoever_counts_statements_hears_of_it(database: Database) -> None:
    with database.read() as session:
        assert counted(session, lambda: Statement(_SLUGS).rows(session, {})) == 1


def test_it_is_refused_when_the_time_is_over(database: Database) -> None:
    visit = Visit()
    with database.read() as session:
        session.connection()
        token = visits.current.set(visit)
        try:
            visit.stop()
            with pytest.raises(Overdue):
                Statement(_SLUGS).rows(session, {})
        finally:
            visits.current.reset(token)


def test_a_fault_of_the_driver_is_one_of_the_library(database: Database) -> None:
    missing = Statement(sa.select(sa.column("nothing")).select_from(sa.table("nowhere")))
    with database.read() as session, pytest.raises(DBAPIError, match="nowhere") as fault:
        missing.rows(session, {})

    assert not fault.value.connection_invalidated


def test_a_connection_that_is_lost_is_not_used_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = Statement(sa.select(sa.column("nothing")).select_from(sa.table("nowhere")))
    with database.read() as session:
        connection = session.connection()
        monkeypatch.setattr(connection.dialect, "is_disconnect", lambda *_: True)
        with pytest.raises(DBAPIError) as fault:
            missing.rows(session, {})

        assert fault.value.connection_invalidated
        assert connection.invalidated
