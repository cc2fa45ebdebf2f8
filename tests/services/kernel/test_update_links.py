"""The keys in mails: known by their hash alone, dead when they should be."""

import datetime as dt

import pytest
from sqlmodel import Session, select

from app import clock
from app.domain.errors import Gone, NotFound
from app.domain.workflow import State
from app.models.actions import Action
from app.models.notifications import Purpose, UpdateLink
from app.models.people import Holding, Post
from app.queries.followup import update_keys
from app.services.kernel import update_links
from tests import builders, scenes
from tests.builders import instant

NOW = instant("2026-11-23")


@pytest.fixture
def action(session: Session) -> Action:
    post = builders.post(session)
    builders.person(session, "Karim", holds=post)
    return builders.action(session, owner=post, state=State.IN_PROGRESS)


def issued(session: Session, action: Action, days: int = 14) -> str:
    """To whoever holds the post."""
    post_id, expires = action.owner_post_id or 0, NOW + dt.timedelta(days)
    person_id = session.scalars(select(Holding.person_id).where(Holding.post_id == post_id)).one()
    with clock.at(NOW):
        return scenes.issue(session, person_id, post_id, action.id, Purpose.REPORT, expires)


def test_a_key_has_256_bits_and_is_nowhere_in_the_database(session: Session, action: Action) -> None:
    token = issued(session, action)

    assert len(token) == 43
    [link] = session.scalars(select(UpdateLink))
    assert token not in str(link.model_dump())


def test_it_opens_until_it_expires(session: Session, action: Action) -> None:
    token = issued(session, action)

    with clock.at(NOW + dt.timedelta(days=13)):
        assert update_keys.opened(session, token).action is action
    with clock.at(NOW + dt.timedelta(days=14)), pytest.raises(Gone):
        update_keys.opened(session, token)


def test_no_key_outlives_forty_five_days(session: Session, action: Action) -> None:
    issued(session, action, days=400)

    [link] = session.scalars(select(UpdateLink))
    assert link.expires_at == NOW + dt.timedelta(days=45)


def test_one_that_never_was_is_unknown(session: Session, action: Action) -> None:
    with pytest.raises(NotFound):
        update_keys.opened(session, "k" * 43)


def test_closing_the_action_kills_its_keys_and_no_others(session: Session, action: Action) -> None:
    beside = builders.action(session, owner=session.get_one(Post, action.owner_post_id), state=State.IN_PROGRESS)
    token, other = issued(session, action), issued(session, beside)

    update_links.revoke_for_action(session, action.id)

    with clock.at(NOW):
        assert update_keys.opened(session, other)
        with pytest.raises(Gone):
            update_keys.opened(session, token)


def test_who_leaves_one_post_keeps_the_keys_of_another(session: Session, action: Action) -> None:
    token = issued(session, action)
    [link] = session.scalars(select(UpdateLink))

    update_links.revoke_for_person(session, link.person_id, link.post_id + 1)
    with clock.at(NOW):
        assert update_keys.opened(session, token)
    update_links.revoke_for_person(session, link.person_id)
    with clock.at(NOW), pytest.raises(Gone):
        update_keys.opened(session, token)
