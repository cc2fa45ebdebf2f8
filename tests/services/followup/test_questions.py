"""Asked and answered about an action: told to the other side at once, and nothing of the action moves by it."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain import permissions
from app.domain.errors import NotAllowed, Refused
from app.domain.permissions import Role
from app.domain.workflow import State
from app.models.actions import Action
from app.models.audit import AuditEvent
from app.models.notifications import Envelope
from app.models.questions import QuestionNote
from app.models.updates import Update
from app.queries.followup import questions as shown
from app.queries.followup.actions import facts
from app.services.followup import actions, closures, questions
from tests import scenes
from tests.scenes import Scene

WHEN = "Quand le guide sera-t-il imprimé ?"
SOON = "Le 15 décembre, chez l'imprimeur de la chambre."


def mails(session: Session, kind: str) -> list[int]:
    query = sa.select(col(Envelope.person_id)).where(col(Envelope.kind) == kind).order_by(col(Envelope.id))
    return list(session.scalars(query))


def asked(made: Scene, action: Action, who: str = "amina") -> QuestionNote:
    return questions.ask(made.session, made.actor(who), action, text=WHEN)


def given(made: Scene, action: Action, question: QuestionNote, who: str = "karim") -> QuestionNote:
    return questions.answer(made.session, made.actor(who), action, question, text=SOON)


def lines(made: Scene, who: str, action: Action) -> list[shown.QuestionLine]:
    viewer = made.viewer(who)
    held = permissions.parts(viewer, facts(made.session, action))
    return shown.of_action(made.session, viewer, action, held).lines


def test_the_secretariat_asks_and_whoever_holds_the_post_is_written_to(session: Session) -> None:
    made = scenes.scene(session)
    question = asked(made, scenes.action(made))

    assert (question.side, question.post_id, question.person_id) == (
        "secretariat", made.posts["karim"], made.people["amina"]
    )  # fmt: skip
    assert mails(session, "question_asked") == [made.people["karim"]]


def test_the_owner_asks_and_all_of_the_secretariat_is_written_to(session: Session) -> None:
    made = scenes.scene(session)
    made.people["hind"] = scenes.person(session, "hind")
    scenes.grant(session, made.people["hind"], Role.SECRETARIAT, made.programme)

    assert asked(made, scenes.action(made), "karim").side == "owner"

    assert mails(session, "question_asked") == sorted([made.people["amina"], made.people["hind"]])


@pytest.mark.parametrize("who", ["salma", "leila", "youssef", "nadia", "omar"])
def test_nobody_else_asks_or_answers(session: Session, who: str) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    scenes.support(made, action)
    question = asked(made, action)
    with pytest.raises(NotAllowed):
        asked(made, action, who)
    with pytest.raises(NotAllowed):
        given(made, action, question, who)


def test_nobody_answers_themselves_not_even_in_two_capacities(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    scenes.grant(session, made.people["karim"], Role.SECRETARIAT, made.programme)
    mine = asked(made, action, "karim")
    assert mine.side == "owner"
    with pytest.raises(NotAllowed):
        given(made, action, mine, "karim")
    assert given(made, action, mine, "amina").side == "secretariat"
    assert given(made, action, asked(made, action), "karim").side == "owner"


def test_nothing_of_the_action_moves_by_it(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    before = dict(action.model_dump(), at=session.scalars(sa.select(sa.func.count()).select_from(Update)).one())
    with clock.at(clock.now() + dt.timedelta(days=3)):
        given(made, action, asked(made, action))
        given(made, action, asked(made, action, "karim"), "amina")
    session.flush()
    session.refresh(action)
    after = dict(action.model_dump(), at=session.scalars(sa.select(sa.func.count()).select_from(Update)).one())

    assert after == before


def test_the_first_answer_ends_the_waiting_and_every_other_one_is_there_too(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    question = asked(made, action)
    assert [one.is_open for one in lines(made, "amina", action)] == [True]

    first = given(made, action, question)
    given(made, action, question)

    [line] = lines(made, "amina", action)
    assert (line.is_open, question.answered_at, [one.text for one in line.answers]) == (False, first.at, [SOON, SOON])
    assert mails(session, "question_answered") == [made.people["amina"]] * 2


def test_whoever_asked_for_the_secretariat_hears_and_all_of_it_once_they_left(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    made.people["hind"] = scenes.person(session, "hind")
    scenes.grant(session, made.people["hind"], Role.SECRETARIAT, made.programme)
    question = asked(made, action)
    given(made, action, question)
    assert mails(session, "question_answered") == [made.people["amina"]]

    session.execute(sa.text("DELETE FROM role_grant WHERE person_id = :amina"), {"amina": made.people["amina"]})
    given(made, action, question)

    assert mails(session, "question_answered") == [made.people["amina"], made.people["hind"]]


def test_words_are_needed_and_an_action_that_somebody_has(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    with pytest.raises(Refused, match="Write the question") as missing:
        questions.ask(session, made.actor("amina"), action, text=" \n")
    assert missing.value.field == "text"
    question = asked(made, action)
    with pytest.raises(Refused, match="Write the answer"):
        questions.answer(session, made.actor("karim"), action, question, text="")
    for state in (State.DRAFT, State.VERIFIED, State.CANCELLED):
        with pytest.raises(Refused, match="Nothing is asked"):
            asked(made, scenes.action(made, state))


def test_what_ends_the_action_ends_the_waiting(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    question = asked(made, action)
    answered = asked(made, action, "karim")
    given(made, action, answered, "amina")

    closures.cancel(session, made.actor("amina"), action, reason="Le projet est abandonné.")
    session.flush()

    assert question.lapsed_at is not None
    assert answered.lapsed_at is None
    assert shown.of_posts(session, {made.posts["karim"]}).lines == []
    with pytest.raises(Refused):
        given(made, action, question)


def test_what_the_secretariat_asked_goes_on_to_the_next_post_and_what_the_former_asked_is_over(
    session: Session,
) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    question, mine = asked(made, action), asked(made, action, "karim")

    actions.reassign(session, made.actor("amina"), action, owner_post_id=made.posts["salma"], reason="Autre poste.")
    session.flush()

    assert question.post_id == made.posts["salma"]
    assert mine.lapsed_at is not None
    assert mails(session, "question_asked")[-1] == made.people["salma"]
    with pytest.raises(NotAllowed):
        given(made, action, question, "karim")
    assert given(made, action, question, "salma").post_id == made.posts["salma"]


def test_the_record_says_who_asked_and_answered_and_none_of_the_words(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    given(made, action, asked(made, action))

    query = sa.select(AuditEvent).where(col(AuditEvent.verb).in_(["ask_question", "answer_question"]))
    events = session.scalars(query.order_by(col(AuditEvent.id))).all()

    assert [(event.verb, event.actor_id) for event in events] == [
        ("ask_question", made.people["amina"]), ("answer_question", made.people["karim"])
    ]  # fmt: skip
    assert not any(WHEN in str(event.data) or SOON in str(event.data) for event in events)


def test_those_to_answer_come_before_those_that_one_asked(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    asked(made, action, "karim")
    with clock.at(clock.now() + dt.timedelta(days=2)):
        asked(made, action)
    waiting = shown.of_posts(session, {made.posts["karim"]})

    assert [one.is_to_answer for one in waiting.lines] == [True, False]
    assert (waiting.is_more, shown.of_posts(session, set()).lines) == (False, [])
