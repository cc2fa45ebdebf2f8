"""Data made for size is as consistent as data that was acted: counts, record, roll-ups, references."""

import datetime as dt
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from app import clock, synth
from app.db import Database
from app.domain.errors import Refused
from app.domain.workflow import State, Verb
from app.models import metadata
from app.models.actions import Action
from app.models.audit import AuditEvent
from app.models.intake import Report
from app.models.meetings import Meeting, Programme
from app.models.people import Holding, Organisation, Person, RoleGrant
from app.models.recommendations import Recommendation, ReferenceCounter, Theme
from app.models.rollups import Tally
from app.models.updates import Update
from app.queries.scope import viewers
from app.services.followup import updates
from app.services.kernel import recounts
from app.services.kernel.audit import Actor
from app.services.meetings import recommendations
from app.services.upkeep import integrity
from app.synth import child_process, foundations, lifecycles, ready
from app.synth.child_process import invent_apart
from app.synth.invention import Order
from tests.fixtures.settings import Configure

TODAY = dt.date(2026, 11, 23)


def test_there_is_as_much_as_was_asked_for(database: Database) -> None:
    made: list[int] = []

    synth.make(database, 120, 7, TODAY, made.append)

    expected: dict[type[SQLModel], int] = {
        Meeting: 2,
        Recommendation: 60,
        Action: 120,
        Update: 360,
        Organisation: 200,
        Theme: 15,
        Report: 2,
    }
    with database.read() as session:
        assert {table: _count(session, table) for table in expected} == expected
        assert sum(made) == 120


def test_data_of_size_has_every_index_and_no_key_that_leads_nowhere(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.read() as session:
        before = _indexes(session)
    monkeypatch.setattr(ready, "MANY", 60)

    synth.make(database, 120, 7, TODAY, print)

    with database.read() as session:
        assert _indexes(session) == before
        assert integrity.verify(session).faults == ()
        if database.is_sqlite:
            assert session.execute(sa.text("PRAGMA foreign_keys")).scalar() == 1
            assert session.execute(sa.text("PRAGMA foreign_key_check")).all() == []
            assert session.execute(sa.text("PRAGMA integrity_check")).scalar() == "ok"


def test_a_number_that_fills_no_meeting_is_exact_too(database: Database) -> None:
    synth.make(database, 75, 7, TODAY, print)

    with database.read() as session:
        assert _count(session, Action) == 75
        assert _count(session, Recommendation) == 38


@pytest.mark.parametrize("zone", ["Africa/Casablanca", "Pacific/Kiritimati"])
def test_the_record_and_all_that_is_derived_are_whole(database: Database, configure: Configure, zone: str) -> None:
    here = configure(timezone=zone).zone
    foundations.instant.cache_clear()
    synth.make(database, 120, 7, TODAY, print)
    foundations.instant.cache_clear()

    with database.write() as session:
        verdict = integrity.verify(session)
        assert verdict.faults == ()
        assert verdict.sealed == verdict.events == _count(session, AuditEvent)
        assert integrity.differences(session) == []
        assert _count(session, Tally) > 0
        kept = sa.select(col(Action.id), col(Action.moved_at)).order_by(col(Action.id))
        moved = session.execute(kept).all()
        recounts.moved(session)
        assert session.execute(kept).all() == moved
        for since_on, created_at in session.execute(sa.select(col(Holding.since_on), col(Holding.created_at))):
            assert since_on == clock.day(created_at, here)


def test_the_same_seed_and_day_make_the_same_data(database: Database) -> None:
    first = _made(database, 7)
    again = _made(database, 7)
    other = _made(database, 8)

    assert first == again
    assert first != other


def test_what_another_process_invents_is_the_same(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    here = _made(database, 7)
    monkeypatch.setattr(ready, "MANY", 60)

    assert _made(database, 7) == here


def test_a_process_that_dies_while_it_invents_leaves_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready, "MANY", 60)
    monkeypatch.setattr(child_process, "CHILD", "app.synth.nowhere")

    with pytest.raises(EOFError):
        synth.make(database, 60, 7, TODAY, print)

    with database.read() as session:
        assert _count(session, Programme) == 0


def test_who_invents_ends_when_nobody_asks_for_more(database: Database) -> None:
    order = Order(100_000, 7, TODAY)
    batches = invent_apart(order, database.url.drivername)
    next(batches)

    batches.close()

    assert _children() == []


def test_every_act_is_on_a_day_that_has_come_and_every_update_in_the_record(database: Database) -> None:
    synth.make(database, 120, 7, TODAY, print)

    with database.read() as session:
        for table in metadata.sorted_tables:
            for column in table.columns:
                if column.name.endswith("_at") or column.name == "at":
                    latest = session.execute(sa.select(sa.func.max(column))).scalar()
                    assert latest is None or latest.date() < TODAY, column
        recorded = sa.select(col(AuditEvent.data)).where(col(AuditEvent.subject_kind) == "action")
        told = [data["update_id"] for data in session.scalars(recorded) if "update_id" in data]
        assert len(told) == 360
        assert set(told) == set(range(1, 361))


def test_sentences_stand_where_the_report_says(database: Database) -> None:
    synth.make(database, 60, 7, TODAY, print)

    with database.read() as session:
        text = session.scalars(sa.select(col(Report.text))).one()
        for item in session.scalars(sa.select(Recommendation)):
            assert text[item.source_start : item.source_end] == item.source_text


def test_verbs_go_on_from_there(database: Database) -> None:
    synth.make(database, 60, 7, TODAY, print)

    with database.write() as session:
        action = session.scalars(sa.select(Action).where(col(Action.state) == State.IN_PROGRESS)).first()
        meeting = session.scalars(sa.select(Meeting)).one()
        given = session.scalars(sa.select(col(ReferenceCounter.last))).one()
        assert action is not None
        owner = session.scalars(
            sa.select(col(Update.person_id)).where(col(Update.action_id) == action.id, col(Update.verb) == Verb.START)
        ).one()

        updates.on_track(session, _actor(session, owner), action)
        secretariat = session.scalars(sa.select(col(RoleGrant.person_id)).where(col(RoleGrant.role) == "secretariat"))
        fresh = recommendations.create(
            session,
            _actor(session, secretariat.one()),
            meeting,
            titles={"en": "One more"},
            source_text="One more.",
            source_lang="en",
        )

        assert fresh.ref.endswith(f"-{given + 1}")
        assert integrity.verify(session).faults == ()
        assert integrity.differences(session) == []


def test_sixty_lives_have_three_updates_each_on_the_whole() -> None:
    assert sum(times for times, _ in lifecycles.LIVES) == 60
    assert sum(times * len(life) for times, life in lifecycles.LIVES) == 180


def test_nobody_has_an_address_that_leads_somewhere(database: Database) -> None:
    synth.make(database, 60, 7, TODAY, print)

    with database.read() as session:
        assert all(email.endswith(".invalid") for email in session.scalars(sa.select(col(Person.email))))


def test_what_is_there_already_is_left_alone(database: Database) -> None:
    with database.write() as session:
        session.add(Organisation(slug="somebody", titles={"en": "Somebody"}, created_at=dt.datetime.now(dt.UTC)))

    with pytest.raises(Refused):
        synth.make(database, 60, 7, TODAY, print)

    with database.read() as session:
        assert _count(session, Action) == 0


def _made(database: Database, seed: int) -> dict[str, list[sa.Row[tuple[object, ...]]]]:
    """Everything that a seed makes, and then nothing of it."""
    with Session(database.writer) as session:
        synth.fill(session, 60, seed, TODAY, print)
        made = {
            table.name: list(session.execute(sa.select(table).order_by(*table.primary_key.columns)))
            for table in metadata.sorted_tables
        }
        session.rollback()
    return made


def _children() -> list[str]:
    """Processes of this one that invent."""
    ours = Path(f"/proc/self/task/{threading.main_thread().native_id}/children").read_text().split()
    return [pid for pid in ours if child_process.CHILD.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()]


def _indexes(session: Session) -> set[str]:
    lists = {"sqlite": "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
             "postgresql": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"}  # fmt: skip
    found = session.execute(sa.text(lists[session.get_bind().dialect.name])).scalars()
    return {" ".join(definition.split()) for definition in found}


def _actor(session: Session, person_id: int | None) -> Actor:
    viewer = viewers.by_person(session, person_id or 0)
    assert viewer is not None
    return Actor(viewer)


def _count(session: Session, table: type[SQLModel]) -> int:
    count: int = session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    return count
