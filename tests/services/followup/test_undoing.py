"""An owner's answer is undone within five minutes as if it had never been given, unless something followed from it."""

import datetime as dt
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain.errors import NotAllowed, NotFound, TooLate
from app.domain.extensions import RequestOutcome
from app.domain.undoing import GRACE
from app.domain.workflow import BlockReason, Evidence, MilestoneWord, State
from app.models.actions import Action, Milestone
from app.models.audit import AuditEvent
from app.models.evidence import EvidenceItem
from app.models.notifications import Delivery, Envelope
from app.models.updates import Update
from app.services.followup import (
    actions,
    evidence,
    extensions,
    milestones,
    undoing,
    updates,
    verifications,
)
from app.services.followup.evidence import Document
from app.services.followup.transitions import Words
from app.services.upkeep import integrity
from tests import scenes
from tests.scenes import Scene
from tests.services.followup.undone import SAID, stands, story, undo

Answering = Callable[[Scene, Action], Update]


def _block(made: Scene, action: Action) -> Update:
    given = {"block_reason": BlockReason.BUDGET, "who_can_unblock": "Le wali"}
    return updates.block(made.session, made.actor("karim"), action, words=SAID, **given)  # type: ignore[arg-type]


def _submit(made: Scene, action: Action) -> Update:
    document = Document("Le guide", "https://a.ma/g")
    return updates.submit(made.session, made.actor("karim"), action, words=SAID, document=document)


ANSWERS: dict[str, tuple[State, Answering]] = {
    "acknowledge": (State.ASSIGNED, lambda made, it: updates.acknowledge(made.session, made.actor("karim"), it)),
    "decline": (State.ASSIGNED, lambda made, it: updates.decline(made.session, made.actor("karim"), it, reason="Non")),
    "report": (State.ASSIGNED, lambda made, it: updates.report(made.session, made.actor("karim"), it, words=SAID)),
    "on track": (State.BLOCKED, lambda made, it: updates.on_track(made.session, made.actor("karim"), it)),
    "block": (State.IN_PROGRESS, _block),
    "unblock": (State.BLOCKED, lambda made, it: updates.unblock(made.session, made.actor("karim"), it)),
    "submit": (State.ACKNOWLEDGED, _submit),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_all_is_as_if_it_had_never_been_given(session: Session, name: str) -> None:
    made = scenes.scene(session, published=True)
    state, answer = ANSWERS[name]
    with clock.at(clock.now() - dt.timedelta(hours=1)):
        action = scenes.action(made, state)
        scenes.support(made, action)
        scenes.publish(made, action)
    before, entries = stands(action), story(session, action)
    given = answer(made, action)
    assert stands(action) != before

    undo(made, action, given)

    assert stands(action) == before
    assert story(session, action) == entries
    assert not session.scalars(sa.select(EvidenceItem)).all()
    assert integrity.differences(session) == []


@pytest.mark.parametrize("name", ["decline", "block", "submit"])
def test_its_mails_wait_for_five_minutes_and_never_leave_once_it_is_undone(session: Session, name: str) -> None:
    made = scenes.scene(session)
    state, answer = ANSWERS[name]
    action = scenes.action(made, state)
    now = clock.now()
    with clock.at(now):
        given = answer(made, action)
        mine = sa.select(Envelope).where(col(Envelope.period) == f"u{given.id}")
        letters = session.scalars(mine).all()
        assert letters
        assert {letter.due_at for letter in letters} == {now + GRACE}

        undo(made, action, given)

    assert {letter.state for letter in letters} == {Delivery.CANCELLED}


def test_what_was_said_stays_in_the_record(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    undo(made, action, _submit(made, action))

    event = session.scalars(sa.select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
    assert event
    assert (event.verb, event.data["answer"], event.data["documents"]) == ("undo_answer", "submit", ["Le guide"])
    assert event.data["was"] == {"note": SAID.note, "public_summary": SAID.public_summary}


def test_after_five_minutes_it_stands(session: Session) -> None:
    made = scenes.scene(session)
    action, now = scenes.action(made), clock.now()
    with clock.at(now):
        given = _submit(made, action)
    with clock.at(now + GRACE), pytest.raises(TooLate, match="Five minutes"):
        undo(made, action, given)

    assert action.state is State.SUBMITTED


def _attach(made: Scene, action: Action, _given: Update) -> object:
    return evidence.attach(made.session, made.actor("amina"), action, title="Un avis")


SINCE: dict[str, Callable[[Scene, Action, Update], object]] = {
    "verified": lambda made, it, _: verifications.verify(made.session, made.actor("youssef"), it),
    "returned": lambda made, it, _: verifications.send_back(made.session, made.actor("youssef"), it, reason="Non"),
    "edited": lambda made, it, _: actions.edit(made.session, made.actor("amina"), it, titles={"fr": "Autre"}),
    "a document of another": _attach,
    "withheld": lambda made, _, given: updates.withhold(made.session, made.actor("amina"), given, reason="Un nom"),
}


@pytest.mark.parametrize("name", SINCE)
def test_what_somebody_acted_upon_stands(session: Session, name: str) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    given = _submit(made, action)
    SINCE[name](made, action, given)
    state = action.state

    with pytest.raises(TooLate, match="acted on it"):
        undo(made, action, given)

    assert action.state is state


def test_what_a_mail_has_told_stands(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    given = _submit(made, action)
    letter = session.scalars(sa.select(Envelope).where(col(Envelope.kind) == "action_submitted")).one()
    letter.state = Delivery.SENT
    session.flush()

    with pytest.raises(TooLate, match="A mail"):
        undo(made, action, given)


def test_only_whoever_gave_it_undoes_it_while_they_hold_the_post(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    scenes.support(made, action)
    given = _submit(made, action)

    for name in ("amina", "salma", "leila", "youssef", "omar"):
        with pytest.raises(NotAllowed):
            undo(made, action, given, name)
    assert action.state is State.SUBMITTED


def test_one_answer_is_undone_once_and_only_the_last(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    first = updates.report(session, made.actor("karim"), action, words=SAID)
    second = _submit(made, action)

    with pytest.raises(TooLate, match="acted on it"):
        undo(made, action, first)
    number = second.id
    undo(made, action, second)
    with pytest.raises(TooLate, match="already"):
        undoing.undo(session, made.actor("karim"), action, number)
    with pytest.raises(NotFound):
        undoing.undo(session, made.actor("karim"), scenes.action(made), first.id)


def test_acts_of_the_secretariat_and_what_it_records_for_others_are_no_answers(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.VERIFIED)
    verified = session.scalars(sa.select(Update).order_by(col(Update.id).desc())).first()
    assert verified

    with pytest.raises(NotFound):
        undo(made, action, verified, "youssef")


def test_a_managers_block_is_no_answer_of_the_holder_and_is_told_at_once(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    given = updates.block(
        session, made.actor("leila"), action, block_reason=BlockReason.BUDGET, who_can_unblock="Le wali"
    )

    with pytest.raises(NotFound):
        undo(made, action, given, "leila")


def test_a_milestone_that_was_reached_is_not_and_the_request_that_lapsed_is_open_again(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    stone = milestones.add(session, made.actor("karim"), action, titles={"fr": "Imprimé"})
    asked = extensions.ask(session, made.actor("karim"), action, due_on=scenes.in_days(60), reason="Fermé")
    reached = milestones.answer(
        session, made.actor("karim"), action, stone, Words(note="Fait", of_milestone=MilestoneWord.REACHED)
    )
    undo(made, action, reached)
    assert session.get_one(Milestone, stone.id).done_on is None

    given = _submit(made, action)
    assert asked.outcome is RequestOutcome.LAPSED
    undo(made, action, given)
    assert (asked.outcome, asked.decided_at) == (RequestOutcome.OPEN, None)


def test_a_document_added_since_by_the_same_hand_stays(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    given = updates.on_track(session, made.actor("karim"), action)
    piece = evidence.attach(session, made.actor("karim"), action, title="Le plan")

    undo(made, action, given)

    assert session.get(EvidenceItem, piece.id) is not None
    assert action.evidence is Evidence.DOCUMENTED


def test_what_stood_before_is_forgotten_after_a_day(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    given = updates.on_track(session, made.actor("karim"), action)

    assert undoing.sweep(session, clock.now() + GRACE) >= 1
    with pytest.raises(NotFound):
        undo(made, action, given)
