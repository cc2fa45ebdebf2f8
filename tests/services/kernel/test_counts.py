"""Whatever is done in whatever order, the counts that the verbs keep are those that a recount gives."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlmodel import Session

from app.db import Database
from app.domain.errors import DomainError
from app.domain.progress import Closure, Response
from app.domain.workflow import BlockReason, State
from app.models.actions import Action
from app.models.recommendations import Recommendation
from app.services.followup import actions, closures, publications, updates, verifications
from app.services.followup.transitions import Words
from app.services.kernel import rollups
from app.services.meetings import meetings, recommendations
from app.services.setup import programmes
from tests import scenes
from tests.scenes import Scene

WORDS = Words(note="Fait.", public_summary="Fait.")
Act = Callable[[Scene, Action], object]


def _karim(verb: Callable[..., object], **given: Any) -> Act:
    return lambda made, item: verb(made.session, made.actor("karim"), item, **given)


def _amina(verb: Callable[..., object], **given: Any) -> Act:
    return lambda made, item: verb(made.session, made.actor("amina"), item, **given)


def _youssef(verb: Callable[..., object], **given: Any) -> Act:
    return lambda made, item: verb(made.session, made.actor("youssef"), item, **given)


def _above(verb: Callable[..., object], **given: Any) -> Act:
    def act(made: Scene, item: Action) -> object:
        parent = made.session.get_one(Recommendation, item.recommendation_id)
        return verb(made.session, made.actor("amina"), parent, **given)

    return act


def _whole(verb: Callable[..., object], name: str, **given: Any) -> Act:
    return lambda made, _: verb(made.session, made.actor("amina"), getattr(made, name), **given)


def _support(made: Scene, item: Action) -> None:
    supporting = [] if item.version % 2 else [(made.organisations["chamber"], None, None)]
    actions.edit(made.session, made.actor("amina"), item, supporting=supporting)


def _move(made: Scene, item: Action) -> object:
    due_on = scenes.in_days(-30 if item.version % 2 else 40)
    return closures.move_deadline(made.session, made.actor("amina"), item, due_on=due_on, reason="Retard")


def _hand(made: Scene, item: Action) -> object:
    other = made.posts["salma" if item.owner_post_id == made.posts["karim"] else "karim"]
    return actions.reassign(made.session, made.actor("amina"), item, owner_post_id=other, reason="Autre")


def _another_region(made: Scene, _: Action) -> None:
    there = "OR" if made.meeting.region == "FM" else "FM"
    meetings.edit(made.session, made.actor("amina"), made.meeting, region=there)


def _more(made: Scene, _: Action) -> object:
    return scenes.draft(made, due_on=scenes.in_days(-1))


ACTS: dict[str, Act] = {
    "assign": _amina(actions.assign),
    "reassign": _hand,
    "acknowledge": _karim(updates.acknowledge),
    "decline": _karim(updates.decline, reason="Non"),
    "report": _karim(updates.report, words=WORDS),
    "block": _karim(updates.block, block_reason=BlockReason.BUDGET, who_can_unblock="Le wali"),
    "submit": _karim(updates.submit, words=WORDS),
    "verify": _youssef(verifications.verify),
    "return": _youssef(verifications.send_back, reason="Incomplet"),
    "dispute": _amina(scenes.dispute, text="Rien"),
    "cancel": _amina(closures.cancel, reason="Abandon"),
    "reopen": _amina(closures.reopen, reason="Reprise"),
    "move": _move,
    "support": _support,
    "more": _more,
    "publish": _amina(actions.publish),
    "withdraw": _amina(actions.withdraw, reason="Erreur"),
    "publish above": _above(recommendations.publish),
    "withdraw above": _above(recommendations.withdraw, reason="Erreur"),
    "refuse": _above(recommendations.respond, response=Response.NOT_ACCEPTED, reason="Non"),
    "accept": _above(recommendations.respond, response=Response.ACCEPTED),
    "close": _above(recommendations.close, closure=Closure.CLOSED_NOT_IMPLEMENTED, reason="Fin"),
    "another region": _another_region,
    "publish meeting": _whole(meetings.publish, "meeting"),
    "withdraw meeting": _whole(meetings.withdraw, "meeting", reason="Erreur"),
    "publish programme": _whole(programmes.publish, "programme"),
    "withdraw programme": _whole(programmes.withdraw, "programme", reason="Erreur"),
    "publish all": _whole(publications.publish_all, "meeting"),
}


def _scene(session: Session) -> tuple[Scene, list[Action]]:
    made = scenes.scene(session, published=True)
    items = [scenes.action(made, state) for state in (State.ASSIGNED, State.BLOCKED, State.VERIFIED)]
    for item in items:
        scenes.publish(made, item)
    return made, items


def _try(made: Scene, act: Act, item: Action) -> None:
    """As a form does: what is refused leaves nothing behind."""
    nested = made.session.begin_nested()
    try:
        act(made, item)
        nested.commit()
    except DomainError:
        nested.rollback()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=some.lists(some.tuples(some.sampled_from(sorted(ACTS)), some.integers(0, 2)), max_size=12))
def test_any_sequence_of_verbs_leaves_the_counts_of_a_recount(database: Database, steps: list[tuple[str, int]]) -> None:
    with database.writing() as session:
        made, items = _scene(session)
        for name, number in steps:
            _try(made, ACTS[name], items[number])
        assert rollups.faults(session) == []
        session.rollback()


@pytest.mark.parametrize("name", sorted(ACTS))
def test_each_verb_leaves_the_counts_of_a_recount(database: Database, name: str) -> None:
    with database.writing() as session:
        made, items = _scene(session)
        for item in items:
            _try(made, ACTS[name], item)
            _try(made, ACTS["report"], item)

        assert rollups.faults(session) == []
        rollups.rebuild(session)
        assert rollups.faults(session) == []


def test_two_transactions_that_move_the_same_counts_in_opposite_order_both_end(database: Database) -> None:
    with database.write() as session:
        made = scenes.scene(session, published=True)
        ids = [scenes.recommendation(made).id for _ in range(4)]
        actor = made.actor("amina")
    ready, failures = threading.Barrier(2, timeout=20), list[BaseException]()

    def work(answers: list[tuple[int | None, Response]]) -> None:
        try:
            with database.write() as session:
                for row_id, response in answers:
                    found = session.get_one(Recommendation, row_id)
                    recommendations.respond(session, actor, found, response, reason="Dit en séance")
                    if not database.is_sqlite and row_id in ids[:2]:
                        ready.wait()  # each has moved one count, and will move the other's
        except BaseException as error:
            failures.append(error)

    yes, no = Response.ACCEPTED, Response.NOT_ACCEPTED
    orders = [(ids[0], yes), (ids[2], no)], [(ids[1], no), (ids[3], yes)]
    workers = [threading.Thread(target=work, args=(order,)) for order in orders]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)

    assert failures == []
    with database.read() as session:
        assert rollups.faults(session) == []
