"""The answers of a holder wherever they are given, and a fresh key for whoever still owes the action."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock
from app.domain.answers import Answer
from app.domain.errors import Refused
from app.domain.workflow import BlockReason, State, Verb
from app.models.actions import Action
from app.models.notifications import Envelope, UpdateLink
from app.models.people import Holding
from app.services.followup import actions, answers
from app.services.followup.answers import Obstacle
from app.services.followup.evidence import Document
from app.services.followup.transitions import Words
from tests import scenes
from tests.builders import instant
from tests.scenes import Scene

NOON = instant("2026-11-23T12:00")
SAID = Words(note="Le guide est imprimé.")


@pytest.fixture
def made(session: Session) -> Scene:
    return scenes.scene(session)


def renewed(made: Scene, client: str = "192.0.2.1", at: dt.datetime = NOON) -> list[int]:
    """Who gets a fresh key when the old one is asked for."""
    link = made.session.exec(select(UpdateLink)).one()
    with clock.at(at):
        answers.renew(made.session, link, client)
    query = sa.select(col(Envelope.person_id)).where(col(Envelope.kind) == "link_renewed").order_by(col(Envelope.id))
    return list(made.session.scalars(query))


def keyed(made: Scene, state: State = State.IN_PROGRESS) -> Action:
    action = scenes.action(made, state)
    scenes.link(made, action)
    return action


def test_who_holds_the_post_gets_a_fresh_key_once_a_day(made: Scene) -> None:
    keyed(made)

    assert renewed(made) == renewed(made, "198.51.100.7") == [made.people["karim"]]
    assert renewed(made, at=NOON + dt.timedelta(days=1)) == [made.people["karim"]] * 2


def test_it_goes_to_the_holder_of_now_and_never_to_whom_the_old_one_was_sent(made: Scene) -> None:
    keyed(made)
    made.session.execute(sa.update(Holding).where(col(Holding.post_id) == made.posts["karim"]).values(until_on=NOON))
    assert renewed(made) == []

    scenes.holds(made.session, made.people["salma"], made.posts["karim"])
    assert renewed(made) == [made.people["salma"]]


def test_a_post_that_owns_it_no_more_gets_none(made: Scene) -> None:
    action = keyed(made)
    actions.reassign(
        made.session, made.actor("amina"), action, owner_post_id=made.posts["salma"], reason="Le guichet s'en charge."
    )

    assert renewed(made) == []


@pytest.mark.parametrize("state", [State.VERIFIED, State.CANCELLED])
def test_what_has_ended_gets_none(made: Scene, state: State) -> None:
    keyed(made, state)

    assert renewed(made) == []


def test_one_network_and_one_key_ask_three_times_a_day(made: Scene) -> None:
    keyed(made)
    for _ in range(3):
        renewed(made)
    made.session.execute(sa.delete(Envelope))

    assert renewed(made) == renewed(made, "198.51.100.7") == []
    assert renewed(made, "198.51.100.7", NOON + dt.timedelta(days=1, seconds=1)) == [made.people["karim"]]


def test_each_answer_is_its_verb(made: Scene) -> None:
    obstacle = Obstacle(BlockReason.LAND, "La commune")
    verbs = []
    for answer in (Answer.ON_TRACK, Answer.REPORT, Answer.BLOCKED, Answer.DONE):
        update = answers.give(
            made.session, made.actor("karim"), scenes.action(made), answer, words=SAID, obstacle=obstacle,
            document=Document("Le guide"),
        )  # fmt: skip
        verbs.append(update.verb)

    assert verbs == [Verb.ON_TRACK, Verb.REPORT, Verb.BLOCK, Verb.SUBMIT]


def test_blocked_about_what_is_blocked_is_news_of_it_and_no_second_block(made: Scene) -> None:
    action = scenes.action(made, State.BLOCKED)
    since = action.blocked_at

    update = answers.give(made.session, made.actor("karim"), action, Answer.BLOCKED, words=SAID)

    assert (update.verb, action.state, action.blocked_at) == (Verb.REPORT, State.BLOCKED, since)


def test_no_answer_is_asked_for_again(made: Scene) -> None:
    with pytest.raises(Refused):
        answers.give(made.session, made.actor("karim"), scenes.action(made), None)
