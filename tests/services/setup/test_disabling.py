"""Whose access was ended: no session of theirs lives, none comes back with them, and they count for nobody."""

import hashlib

import pytest

from app import clock
from app.domain.errors import Refused
from app.domain.permissions import Role
from app.models.people import Person
from app.queries.scope import viewers
from app.services.setup import people, roles
from tests import scenes
from tests.scenes import Scene


def test_nobody_disabled_is_let_in_by_a_session_that_is_open(scene: Scene) -> None:
    """Whatever ended the access, and whether or not their sessions were ended with it."""
    key = _key(scenes.signed_in(scene, "karim"))
    assert viewers.by_session(scene.session, key, clock.now())

    _person(scene, "karim").is_active = False
    scene.session.flush()

    assert viewers.by_session(scene.session, key, clock.now()) is None


def test_a_session_of_before_the_disabling_stays_dead_when_somebody_is_enabled_again(scene: Scene) -> None:
    sara, karim = scene.actor("sara"), _person(scene, "karim")
    key, others = _key(scenes.signed_in(scene, "karim")), _key(scenes.signed_in(scene, "salma"))
    people.disable(scene.session, sara, karim)
    people.enable(scene.session, sara, karim)

    assert viewers.by_session(scene.session, key, clock.now()) is None
    assert viewers.by_session(scene.session, others, clock.now())


def test_an_administrator_who_may_not_come_in_does_not_count_as_one_who_stays(scene: Scene) -> None:
    sara, leila = scene.actor("sara"), _person(scene, "leila")
    roles.grant(scene.session, sara, leila, Role.ADMINISTRATOR)
    people.disable(scene.session, sara, leila)

    with pytest.raises(Refused):
        people.disable(scene.session, sara, _person(scene, "sara"))


def _person(scene: Scene, name: str) -> Person:
    return scene.session.get_one(Person, scene.people[name])


def _key(cookie: dict[str, str]) -> str:
    """The hash under which the session of this cookie is kept."""
    [token] = cookie.values()
    return hashlib.sha256(token.encode()).hexdigest()
