"""What is derived stays true whatever happened: counts as a recount would give them, also when two write at once."""

import threading

import sqlalchemy as sa
from sqlmodel import Session, col

from app.db import Database
from app.domain.progress import Status
from app.domain.workflow import State
from app.models.recommendations import Recommendation
from app.models.rollups import Tally
from app.queries import actions as found
from app.services import actions, endings, rollups, verifications
from tests import scenes


def tallies(session: Session) -> dict[tuple[object, ...], int]:
    session.flush()
    rows = session.execute(sa.select(*Tally.__table__.columns)).all()  # type: ignore[attr-defined]
    return {tuple(row[:-1]): row[-1] for row in rows if row[-1]}


def test_counts_kept_by_the_verbs_equal_a_recount(session: Session) -> None:
    made = scenes.scene(session, published=True)
    items = [scenes.action(made, state) for state in State]
    for item in items[1:]:
        scenes.publish(made, item)
    actions.withdraw(session, made.actor("amina"), items[3], reason="Erreur.")
    endings.move_deadline(session, made.actor("amina"), items[4], due_on=scenes.in_days(99), reason="Retard.")
    kept = tallies(session)

    rollups.recount(session, made.meeting.id or 0)

    assert tallies(session) == kept
    assert kept


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
