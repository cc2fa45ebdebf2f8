"""Invitations: nothing is theirs before they accept, once, by the last key, and with the rights of whoever invited."""

import datetime as dt
import threading
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col

from app import clock
from app.db import Database
from app.domain.errors import NotAllowed, Refused
from app.domain.permissions import Role
from app.domain.workflow import State
from app.models.access import AuthSession, Invitation
from app.models.notifications import Envelope
from app.models.people import Person, Post, RoleGrant
from app.queries.mailing import recipients
from app.queries.setup import invitations as offers
from app.services.setup import access, invitations, people
from app.services.setup.access import OpenedSession
from tests import scenes
from tests.scenes import Scene

GUEST = {"name": "Hanae", "email": "hanae@exemple.ma", "locale": "fr"}


def test_until_it_is_accepted_the_person_has_nothing_and_the_post_stays(scene: Scene) -> None:
    invited = _invite(scene, "amina", post=_post(scene))

    guest = scene.session.get_one(Person, invited.person_id)
    assert not guest.is_active
    assert recipients.holder(scene.session, scene.posts["karim"]) == scene.people["karim"]
    access.request_sign_in(scene.session, GUEST["email"], "", "1.2.3.4")
    assert _mails(scene) == ["invitation"]


def test_accepted_the_role_and_the_post_are_theirs_and_they_are_in(scene: Scene) -> None:
    scenes.action(scene, State.IN_PROGRESS)
    invited = _invite(scene, "sara", post=_post(scene), role=Role.VERIFIER, programme_id=scene.programme.id)

    opened = invitations.accept(scene.session, _key(scene, invited))

    assert opened
    assert access.is_open(scene.session, opened.token)
    assert recipients.holder(scene.session, scene.posts["karim"]) == invited.person_id
    granted = sa.select(col(RoleGrant.role)).where(col(RoleGrant.person_id) == invited.person_id)
    assert scene.session.scalars(granted).all() == [Role.VERIFIER]
    assert "handover" in _mails(scene)


def test_whoever_was_disabled_is_not_let_in_by_an_invitation_of_before(scene: Scene) -> None:
    invited = _invite(scene, "amina", post=_post(scene))
    token, guest = _key(scene, invited), scene.session.get_one(Person, invited.person_id)
    people.enable(scene.session, scene.actor("sara"), guest)
    people.disable(scene.session, scene.actor("sara"), guest)
    scene.session.expire_all()

    assert offers.opened(scene.session, token) is None
    assert invitations.accept(scene.session, token) is None
    assert not guest.is_active


def test_a_key_serves_once_and_looking_at_it_changes_nothing(scene: Scene) -> None:
    invited = _invite(scene, "amina", post=_post(scene))
    token = _key(scene, invited)
    for _ in range(20):
        assert offers.opened(scene.session, token)

    assert invitations.accept(scene.session, token)
    assert offers.opened(scene.session, token) is None
    assert invitations.accept(scene.session, token) is None


def test_pressed_by_many_at_once_one_is_let_in(database: Database) -> None:
    with database.write() as session:
        made = scenes.scene(session)
        token = _key(made, _invite(made, "amina", post=_post(made)))
    start, opened = threading.Barrier(8), list[OpenedSession]()

    def press() -> None:
        start.wait(20)
        with database.write() as own:
            if let_in := invitations.accept(own, token):
                opened.append(let_in)

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(opened) == 1
    with database.read() as session:
        assert session.scalars(sa.select(sa.func.count()).select_from(AuthSession)).one() == 1


def test_sent_again_only_the_last_key_opens_and_after_five_times_no_more(scene: Scene) -> None:
    invited = _invite(scene, "amina", post=_post(scene))
    first = _key(scene, invited)

    invitations.again(scene.session, scene.actor("amina"), invited)
    assert invitations.accept(scene.session, first) is None
    for _ in range(invitations.MOST - 2):
        invitations.again(scene.session, scene.actor("amina"), invited)
    with pytest.raises(Refused):
        invitations.again(scene.session, scene.actor("amina"), invited)

    assert _mails(scene) == ["invitation"] * invitations.MOST
    assert invitations.accept(scene.session, _key(scene, invited))


def test_withdrawn_it_opens_nothing_and_the_same_person_can_be_invited_anew(scene: Scene) -> None:
    invited = _invite(scene, "amina", post=_post(scene))
    token = _key(scene, invited)
    with pytest.raises(Refused):
        _invite(scene, "amina", post=_post(scene))

    invitations.withdraw(scene.session, scene.actor("amina"), invited)

    assert invitations.accept(scene.session, token) is None
    for verb in (invitations.again, invitations.withdraw):
        with pytest.raises(Refused):
            verb(scene.session, scene.actor("amina"), invited)
    anew = _invite(scene, "amina", post=_post(scene), name="Hanae Alami")
    assert anew.person_id == invited.person_id
    assert invitations.accept(scene.session, _key(scene, anew))
    assert scene.session.get_one(Person, anew.person_id).name == "Hanae Alami"


def test_after_seven_days_it_has_run_out(scene: Scene) -> None:
    token = _key(scene, _invite(scene, "amina", post=_post(scene)))

    with clock.at(clock.now() + dt.timedelta(days=7, minutes=1)):
        assert invitations.accept(scene.session, token) is None


def test_whoever_lost_the_right_in_the_meantime_lets_nobody_in(scene: Scene) -> None:
    second = scenes.person(scene.session, "rachida")
    scenes.grant(scene.session, second, Role.ADMINISTRATOR)
    invited = _invite(scene, "sara", role=Role.ADMINISTRATOR)
    token = _key(scene, invited)
    people.disable(scene.session, scene.actor("sara"), scene.session.get_one(Person, scene.people["sara"]))

    assert invitations.accept(scene.session, token) is None
    assert not scene.session.get_one(Person, invited.person_id).is_active


def test_nobody_offers_what_is_not_theirs_to_give(scene: Scene) -> None:
    for name, wish in (
        ("amina", {"role": Role.OBSERVER, "programme_id": scene.programme.id}),
        ("omar", {"post": _post(scene)}),
        ("karim", {"post": _post(scene)}),
    ):
        with pytest.raises(NotAllowed):
            _invite(scene, name, **wish)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({}, "role"),
        ({"role": Role.OWNER}, "role"),
        ({"role": Role.OBSERVER, "email": "no address"}, "email"),
        ({"role": Role.OBSERVER, "email": "karim@tatbiq.invalid"}, "email"),
        ({"role": Role.OBSERVER, "name": " "}, "name"),
    ],
    ids=["nothing offered", "a role that a post brings", "no address", "somebody who is here", "no name"],
)
def test_what_makes_no_sense_is_refused_in_its_place(scene: Scene, wish: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        _invite(scene, "sara", **wish)

    assert refusal.value.field == field


def test_a_secretariat_sees_its_own_invitations_and_no_other_does(scene: Scene) -> None:
    invited = _invite(scene, "amina", post=_post(scene))

    assert [row.id for row in offers.listed(scene.session, scene.viewer("amina"))] == [invited.id]
    assert [row.id for row in offers.listed(scene.session, scene.viewer("sara"))] == [invited.id]
    assert offers.listed(scene.session, scene.viewer("omar")) == []


def _invite(scene: Scene, by: str, **wish: Any) -> Invitation:
    return invitations.invite(scene.session, scene.actor(by), **(GUEST | wish))


def _key(scene: Scene, invited: Invitation) -> str:
    """As a mail is given it when it leaves."""
    token = invitations.fresh_key()
    invitations.arm(scene.session, invited.id, token, clock.now() + invitations.LIFETIME)
    scene.session.expire(invited)
    return token


def _mails(scene: Scene) -> list[str]:
    guests = sa.select(col(Person.id)).where(col(Person.email) == GUEST["email"])
    query = sa.select(col(Envelope.kind)).where(col(Envelope.person_id).in_(guests)).order_by(col(Envelope.id))
    return [kind for kind in scene.session.scalars(query) if kind != "link_renewed"]


def _post(scene: Scene) -> Post:
    return scene.session.get_one(Post, scene.posts["karim"])
