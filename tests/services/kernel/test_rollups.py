"""What is derived stays true whatever happened: counts as a recount would give them, also when two write at once."""

import threading

import sqlalchemy as sa
from sqlmodel import Session, col

from app.db import Database
from app.domain.progress import Status
from app.domain.workflow import State
from app.models.base import table_of
from app.models.recommendations import Recommendation
from app.models.rollups import Dated, DayTally, Tally
from app.queries.followup import actions as found
from app.services.followup import actions, closures, updates, verifications
from app.services.kernel import counts, rollups
from tests import scenes
from tests.statements import statements


def kept(session: Session) -> dict[tuple[object, ...], int]:
    """Every count, as its rows stand."""
    counts.settle(session)
    rows = [row for model in (Tally, DayTally) for row in session.execute(sa.select(table_of(model)))]
    return {tuple(row[:-1]): row[-1] for row in rows}


def test_counts_kept_by_the_verbs_equal_a_recount(session: Session) -> None:
    made = scenes.scene(session, published=True)
    items = [scenes.action(made, state) for state in State]
    for item in items[1:]:
        scenes.publish(made, item)
    actions.withdraw(session, made.actor("amina"), items[3], reason="Erreur.")
    closures.move_deadline(session, made.actor("amina"), items[4], due_on=scenes.in_days(99), reason="Retard.")
    before = kept(session)

    rollups.recount(session, made.meeting.id)

    assert kept(session) == before
    assert before


def test_nothing_is_kept_of_what_there_is_none_of(session: Session) -> None:
    made = scenes.scene(session, published=True)
    item = scenes.action(made)
    scenes.publish(made, item)
    assert {row[1] for row in kept(session)} >= {Dated.OWED, Dated.SILENT}

    closures.cancel(session, made.actor("amina"), item, reason="Abrogé.")

    assert not {row[1] for row in kept(session)} & {Dated.OWED, Dated.SILENT, Dated.LATE, Dated.UNDER_WAY}
    assert all(count > 0 for count in kept(session).values())


def test_what_a_refused_act_moved_is_not_counted(session: Session) -> None:
    made = scenes.scene(session, published=True)
    before = kept(session)

    refused = session.begin_nested()
    scenes.action(made)
    refused.rollback()
    with session.begin_nested():
        scenes.action(made)

    assert sum(kept(session).values()) > sum(before.values())
    assert rollups.faults(session) == []


def test_the_plan_runs_as_far_as_the_last_of_what_is_still_to_be_done(session: Session) -> None:
    """What was cancelled or replaced plans nothing; the line of the plan would end where nobody works any more."""
    made = scenes.scene(session, published=True)
    soon, far = (scenes.action(made, State.ASSIGNED, due_on=scenes.in_days(days)) for days in (20, 90))
    for item in (soon, far):
        scenes.publish(made, item)
    assert made.recommendation.planned_on == scenes.in_days(90)

    closures.cancel(session, made.actor("amina"), far, reason="Le projet est abandonné.")
    assert made.recommendation.planned_on == scenes.in_days(20)

    closures.not_applicable(session, made.actor("amina"), soon, reason="La loi a changé.")
    assert made.recommendation.planned_on is None


def test_a_dispute_of_what_is_not_public_is_not_shown(session: Session) -> None:
    made = scenes.scene(session, published=True)
    shown, inside = (scenes.action(made, State.VERIFIED) for _ in range(2))
    scenes.publish(made, shown)
    scenes.dispute(session, made.actor("amina"), inside, text="Personne n'a vu le guide.")
    assert not made.recommendation.is_disputed

    scenes.dispute(session, made.actor("amina"), shown, text="Personne n'a vu le guide.")
    assert made.recommendation.is_disputed


def test_two_siblings_verified_at_once_implement_the_recommendation(database: Database) -> None:
    with database.write() as session:
        made = scenes.scene(session)
        refs = [scenes.action(made, State.SUBMITTED).ref for _ in range(2)]
        actor, parent_id = made.actor("youssef"), made.recommendation.id
    both = threading.Barrier(2, timeout=20)

    def verify(ref: str) -> None:
        if not database.is_sqlite:
            both.wait()
        with database.write() as session:
            item = found.get(session, actor.viewer, ref, lock=True)  # and its recommendation: one after the other
            verifications.verify(session, actor, item)

    racers = [threading.Thread(target=verify, args=(ref,)) for ref in refs]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(30)

    with database.read() as session:
        status = session.scalars(sa.select(col(Recommendation.status)).where(col(Recommendation.id) == parent_id)).one()
    assert status == Status.IMPLEMENTED


def test_a_word_that_moves_nothing_locks_the_recommendation_before_the_action_and_reads_it_nowhere(
    database: Database,
) -> None:
    with database.write() as session:
        made = scenes.scene(session)
        ref = scenes.action(made).ref
    with database.write() as session:
        made.within(session)
        session.expunge_all()
        item = found.get(session, made.viewer("karim"), ref)  # by whoever locks nothing
        asked = statements(session, lambda: updates.on_track(session, made.actor("karim"), item))

    above = [statement for statement in asked if "FROM recommendation" in statement]
    assert [statement.split(" WHERE")[0] for statement in above if "FOR NO KEY UPDATE" not in statement] == []
    assert len(above) == (0 if database.is_sqlite else 1)
    [written] = [number for number, statement in enumerate(asked) if statement.startswith("UPDATE action")]
    assert all(asked.index(statement) < written for statement in above)
