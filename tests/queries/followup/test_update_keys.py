"""What a mailed key opens: one action, for the one who holds its post now and may come in."""

import datetime as dt

import pytest
from sqlmodel import Session, col, select

from app import clock
from app.domain.errors import Gone, NotFound
from app.domain.workflow import State, Verb
from app.models.people import Holding, Person
from app.queries.followup import receipts, update_keys
from app.queries.followup.update_keys import Expired
from tests import scenes
from tests.scenes import Scene


@pytest.fixture
def made(session: Session) -> Scene:
    return scenes.scene(session)


def hand_over_by_hand(made: Scene, to: str) -> None:
    """As a restored or repaired record could have it: the holder changed and nobody revoked a key."""
    former = made.session.exec(select(Holding).where(col(Holding.post_id) == made.posts["karim"])).one()
    former.until_on = dt.date(2026, 11, 1)
    made.session.flush()
    scenes.holds(made.session, made.people[to], made.posts["karim"])


def test_the_holder_opens_it_and_is_nothing_but_the_holder(made: Scene) -> None:
    action = scenes.action(made)

    opened = update_keys.opened(made.session, scenes.link(made, action))

    assert (opened.action, opened.viewer.post_ids) == (action, frozenset({made.posts["karim"]}))
    assert not opened.viewer.grants
    assert not update_keys.possible(made.session, opened) & {Verb.VERIFY, Verb.CANCEL, Verb.MOVE_DEADLINE}


def test_who_does_not_hold_the_post_any_more_opens_nothing_even_with_a_key_that_nobody_revoked(made: Scene) -> None:
    token = scenes.link(made, scenes.action(made))
    hand_over_by_hand(made, "salma")

    with pytest.raises(Gone):
        update_keys.opened(made.session, token)


def test_whose_access_was_ended_opens_nothing(made: Scene) -> None:
    token = scenes.link(made, scenes.action(made))
    made.session.get_one(Person, made.people["karim"]).is_active = False
    made.session.flush()

    with pytest.raises(Gone):
        update_keys.opened(made.session, token)


def test_a_key_ends_at_its_instant(made: Scene) -> None:
    token, now = scenes.link(made, scenes.action(made), days=20), clock.now()

    with clock.at(now + dt.timedelta(days=19)):
        update_keys.opened(made.session, token)
    with clock.at(now + dt.timedelta(days=20, seconds=1)), pytest.raises(Expired):
        update_keys.opened(made.session, token)


@pytest.mark.parametrize("state", [State.VERIFIED, State.CANCELLED, State.SUPERSEDED, State.NOT_APPLICABLE])
def test_what_has_ended_is_gone_and_what_never_was_is_not_found(made: Scene, state: State) -> None:
    with pytest.raises(Gone):
        update_keys.opened(made.session, scenes.link(made, scenes.action(made, state)))
    with pytest.raises(NotFound):
        update_keys.opened(made.session, "never-was")


def test_the_other_actions_of_the_post_are_told_the_nearest_first_and_never_drafts_or_others(made: Scene) -> None:
    key = update_keys.opened(made.session, scenes.link(made, scenes.action(made)))
    later, sooner = (scenes.action(made, due_on=scenes.in_days(days)) for days in (30, 3))
    for state in (State.DRAFT, State.SUBMITTED, State.DECLINED, State.VERIFIED):
        scenes.action(made, state)
    scenes.action(made, owner_post_id=made.posts["salma"], state=State.ASSIGNED)

    assert [other.ref for other in receipts.others(made.session, key)] == [sooner.ref, later.ref]
