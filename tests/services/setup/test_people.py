"""Setting up: bodies, posts, holders, people and roles; who may do it, what follows, and that all of it is recorded."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col

from app import clock
from app.config import settings
from app.domain.errors import NotAllowed, Refused, Stale
from app.domain.permissions import Role
from app.domain.workflow import State
from app.models.audit import AuditEvent
from app.models.notifications import Envelope, UpdateLink
from app.models.people import Holding, Organisation, Person, Post, RoleGrant
from app.queries.mailing import recipients
from app.queries.scope import viewers
from app.queries.setup import people as known
from app.services.kernel.audit import SERVICE, Actor
from app.services.meetings import meetings
from app.services.setup import access, onboarding, organisations, people, posts, roles
from tests import scenes
from tests.scenes import Scene

VERBS: list[tuple[str, Callable[[Scene, Actor], object]]] = [
    ("create organisation", lambda s, a: organisations.create(s.session, a, titles={"fr": "Office"})),
    ("edit organisation", lambda s, a: organisations.edit(s.session, a, _centre(s), titles={"fr": "Centre"})),
    ("create post", lambda s, a: posts.create(s.session, a, _centre(s), titles={"fr": "Chargé du suivi"})),
    ("edit post", lambda s, a: posts.edit(s.session, a, _post(s), titles={"fr": "Suivi"})),
    ("hand_over post", lambda s, a: _hand_over(s, a, "salma")),
    ("create person", lambda s, a: people.create(s.session, a, email="huda@exemple.ma", name="Huda")),
]
FOR_ADMINISTRATORS: list[tuple[str, Callable[[Scene, Actor], object]]] = [
    ("edit person", lambda s, a: people.edit(s.session, a, _person(s, "karim"), name="Karim T.")),
    ("disable person", lambda s, a: people.disable(s.session, a, _person(s, "amina"))),
    ("grant person", lambda s, a: roles.grant(s.session, a, _person(s, "karim"), Role.OBSERVER)),
    ("revoke person", lambda s, a: roles.revoke(s.session, a, _grant(s, "amina"))),
]


@pytest.mark.parametrize(("verb", "act"), VERBS + FOR_ADMINISTRATORS)
def test_the_outsider_sets_nothing_up(scene: Scene, verb: str, act: Callable[[Scene, Actor], object]) -> None:
    with pytest.raises(NotAllowed):
        act(scene, scene.actor("karim"))


@pytest.mark.parametrize(("verb", "act"), FOR_ADMINISTRATORS)
def test_a_secretariat_gives_no_roles_and_touches_no_one(
    scene: Scene, verb: str, act: Callable[[Scene, Actor], object]
) -> None:
    with pytest.raises(NotAllowed):
        act(scene, scene.actor("amina"))


@pytest.mark.parametrize(("verb", "act"), VERBS)
def test_a_secretariat_sets_up_what_it_assigns_to(
    scene: Scene, verb: str, act: Callable[[Scene, Actor], object]
) -> None:
    act(scene, scene.actor("amina"))

    assert _deeds(scene)[-1] == verb


@pytest.mark.parametrize(("verb", "act"), VERBS + FOR_ADMINISTRATORS)
def test_every_verb_leaves_one_event(scene: Scene, verb: str, act: Callable[[Scene, Actor], object]) -> None:
    before = _deeds(scene)

    act(scene, scene.actor("sara"))

    assert _deeds(scene) == [*before, verb]


def test_the_record_names_nobody(scene: Scene) -> None:
    for _, act in VERBS + FOR_ADMINISTRATORS:
        act(scene, scene.actor("sara"))

    data = repr(list(scene.session.scalars(sa.select(col(AuditEvent.data)))))
    assert not [name for name in ("Karim", "Salma", "Huda", "exemple.ma", "invalid") if name in data]


def test_an_edit_of_what_changed_meanwhile_is_stale(scene: Scene) -> None:
    sara, centre = scene.actor("sara"), _centre(scene)
    organisations.edit(scene.session, sara, centre, version=1, titles={"fr": "Centre régional"})

    with pytest.raises(Stale) as stale:
        organisations.edit(scene.session, sara, centre, version=1, titles={"fr": "Autre"})

    assert stale.value.current["titles"] == {"fr": "Centre régional"}
    assert stale.value.current["version"] == 2


def test_an_address_belongs_to_one_person(scene: Scene) -> None:
    with pytest.raises(Refused) as refusal:
        people.create(scene.session, scene.actor("sara"), email="KARIM@tatbiq.invalid", name="Un autre")

    assert refusal.value.field == "email"


@pytest.mark.parametrize("email", ["", "karim", "karim@", "a b@exemple.ma", "k@exemple.ma\nBcc: x@y.z", "k@exemple"])
def test_what_gets_no_mail_is_no_address(scene: Scene, email: str) -> None:
    with pytest.raises(Refused):
        people.create(scene.session, scene.actor("sara"), email=email, name="Karim")


def test_a_name_hides_no_direction(scene: Scene) -> None:
    made = people.create(scene.session, scene.actor("sara"), email="k@exemple.ma", name=" Ka\u202erim\n T. ")

    assert made.name == "Karim T."


def test_a_post_changes_hands(scene: Scene) -> None:
    _hand_over(scene, scene.actor("sara"), "salma", note="Le dossier est chez l'imprimeur.")

    rows = scene.session.scalars(sa.select(Holding).where(col(Holding.post_id) == scene.posts["karim"])).all()
    assert [(row.person_id, row.until_on) for row in rows] == [
        (scene.people["karim"], _today()),
        (scene.people["salma"], None),
    ]
    assert recipients.holder(scene.session, scene.posts["karim"]) == scene.people["salma"]
    assert scene.posts["karim"] in scene.viewer("salma").post_ids
    assert scene.posts["karim"] not in scene.viewer("karim").post_ids


def test_the_former_holders_links_die_and_nobody_elses(scene: Scene) -> None:
    action = scenes.action(scene, State.ASSIGNED)
    scenes.link(scene, action, "karim")
    scenes.link(scene, action, "salma")

    _hand_over(scene, scene.actor("sara"), "youssef")

    links = scene.session.scalars(sa.select(UpdateLink).execution_options(populate_existing=True)).all()
    assert {link.person_id for link in links if link.revoked_at} == {scene.people["karim"]}


def test_the_new_holder_hears_what_is_open(scene: Scene) -> None:
    scenes.action(scene, State.IN_PROGRESS)

    holding = _hand_over(scene, scene.actor("sara"), "salma")

    told = scene.session.scalars(sa.select(Envelope).where(col(Envelope.kind) == "handover")).one()
    assert holding
    assert (told.person_id, told.period) == (scene.people["salma"], str(holding.id))
    assert (told.about_kind, told.about_id) == ("post", scene.posts["karim"])


def test_there_is_no_mail_about_nothing(scene: Scene) -> None:
    scenes.draft(scene)
    scenes.action(scene, State.CANCELLED)

    _hand_over(scene, scene.actor("sara"), "salma")

    assert scene.session.scalars(sa.select(Envelope).where(col(Envelope.kind) == "handover")).first() is None


def test_a_post_can_be_left_empty(scene: Scene) -> None:
    _hand_over(scene, scene.actor("sara"), None)

    assert recipients.holder(scene.session, scene.posts["karim"]) is None


def test_a_change_of_holder_cannot_wait_for_tomorrow(scene: Scene) -> None:
    with pytest.raises(Refused) as refusal:
        _hand_over(scene, scene.actor("sara"), "salma", since_on=_today() + dt.timedelta(days=1))

    assert refusal.value.field == "since_on"


def test_nobody_hands_over_to_the_same_or_to_the_disabled(scene: Scene) -> None:
    sara = scene.actor("sara")
    people.disable(scene.session, sara, _person(scene, "salma"))

    for name in ("karim", "salma"):
        with pytest.raises(Refused) as refusal, scene.session.begin_nested():
            _hand_over(scene, sara, name)
        assert refusal.value.field == "person_id"


def test_two_handovers_from_one_page_are_one(scene: Scene) -> None:
    version = _post(scene).version
    _hand_over(scene, scene.actor("sara"), "salma", version=version)

    with pytest.raises(Stale):
        _hand_over(scene, scene.actor("sara"), "youssef", version=version)


def test_a_secretariat_seats_nobody_before_anothers_actions(scene: Scene) -> None:
    scenes.action(scene, State.ASSIGNED)

    with pytest.raises(NotAllowed):
        _hand_over(scene, scene.actor("omar"), "omar")
    with pytest.raises(NotAllowed):
        posts.edit(scene.session, scene.actor("omar"), _post(scene), is_manager=True)


def test_the_managers_seat_shows_the_whole_house_and_is_guarded_so(scene: Scene) -> None:
    scenes.action(scene, State.ASSIGNED)

    with pytest.raises(NotAllowed):
        posts.hand_over(
            scene.session, scene.actor("omar"), _post(scene, "leila"), _person(scene, "omar"), since_on=_today()
        )


def test_disabling_shuts_every_door(scene: Scene) -> None:
    action = scenes.action(scene, State.ASSIGNED)
    scenes.link(scene, action, "karim")
    scenes.signed_in(scene, "karim")
    address = access.issue_link(scene.session, SERVICE, "karim@tatbiq.invalid")

    people.disable(scene.session, scene.actor("sara"), _person(scene, "karim"))

    assert viewers.by_person(scene.session, scene.people["karim"]) is None
    assert access.open_by_link(scene.session, address.rpartition("/")[2]) is None
    assert scene.session.scalars(sa.select(col(UpdateLink.revoked_at)).execution_options(populate_existing=True)).one()


def test_somebody_enabled_again_is_seated_anew_by_hand(scene: Scene) -> None:
    sara, karim = scene.actor("sara"), _person(scene, "karim")
    people.disable(scene.session, sara, karim)
    people.enable(scene.session, sara, karim)

    assert scene.viewer("karim").post_ids == frozenset()


def test_the_last_administrator_stays(scene: Scene) -> None:
    sara = scene.actor("sara")

    with pytest.raises(Refused):
        people.disable(scene.session, sara, _person(scene, "sara"))
    with pytest.raises(Refused):
        roles.revoke(scene.session, sara, _grant(scene, "sara"))


def test_an_administrator_leaves_once_there_is_another(scene: Scene) -> None:
    sara = scene.actor("sara")
    roles.grant(scene.session, sara, _person(scene, "leila"), Role.ADMINISTRATOR)

    roles.revoke(scene.session, sara, _grant(scene, "sara"))

    assert not scene.viewer("sara").grants


def test_a_role_is_given_once(scene: Scene) -> None:
    with pytest.raises(Refused):
        roles.grant(
            scene.session, scene.actor("sara"), _person(scene, "amina"), Role.SECRETARIAT,
            programme_id=scene.programme.id,
        )  # fmt: skip


@pytest.mark.parametrize("role", [Role.OWNER, Role.CONTRIBUTOR, Role.MANAGER])
def test_what_a_post_brings_is_not_granted(scene: Scene, role: Role) -> None:
    with pytest.raises(Refused):
        roles.grant(scene.session, scene.actor("sara"), _person(scene, "karim"), role)


def test_a_new_address_ends_what_was_open_at_the_old_one(scene: Scene) -> None:
    address = access.issue_link(scene.session, SERVICE, "karim@tatbiq.invalid")

    people.edit(scene.session, scene.actor("sara"), _person(scene, "karim"), email="k.tazi@exemple.ma")

    assert access.open_by_link(scene.session, address.rpartition("/")[2]) is None


def test_a_digest_off_and_on_again_begins_at_the_switch(scene: Scene) -> None:
    karim, actor = _person(scene, "karim"), scene.actor("karim")
    people.choose(scene.session, actor, karim, has_digest=False)
    assert karim.digest_since_at is None

    instant = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
    with clock.at(instant):
        people.choose(scene.session, actor, karim, has_digest=True, digest_weekday=3, digest_hour=7)

    chosen = karim.model_dump(include={"digest_since_at", "digest_weekday", "digest_hour"})
    assert chosen == {"digest_since_at": instant, "digest_weekday": 3, "digest_hour": 7}


def test_nobody_chooses_for_another(scene: Scene) -> None:
    with pytest.raises(NotAllowed):
        people.choose(scene.session, scene.actor("sara"), _person(scene, "karim"), has_digest=False)


@pytest.mark.parametrize("choice", [{"digest_hour": 5}, {"digest_hour": 20}, {"digest_weekday": 7}, {"locale": "de"}])
def test_a_senseless_choice_is_refused(scene: Scene, choice: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        people.choose(scene.session, scene.actor("karim"), _person(scene, "karim"), **choice)


def test_somebody_new_is_entered_and_seated_in_one_act(scene: Scene) -> None:
    holding = onboarding.fill(
        scene.session, scene.actor("amina"), _post(scene), since_on=_today(), name="Huda", email="huda@exemple.ma"
    )

    assert holding
    assert scene.session.get_one(Person, holding.person_id).name == "Huda"


def test_a_seat_is_for_one(scene: Scene) -> None:
    with pytest.raises(Refused):
        onboarding.fill(
            scene.session, scene.actor("amina"), _post(scene), since_on=_today(),
            person_id=scene.people["salma"], name="Huda", email="huda@exemple.ma",
        )  # fmt: skip


def test_an_empty_form_vacates_no_post(scene: Scene) -> None:
    with pytest.raises(Refused) as refused:
        onboarding.fill(scene.session, scene.actor("amina"), _post(scene), since_on=_today())
    assert refused.value.field == "person_id"
    assert recipients.holder(scene.session, scene.posts["karim"]) == scene.people["karim"]

    with pytest.raises(Refused):
        onboarding.fill(
            scene.session, scene.actor("amina"), _post(scene), since_on=_today(), is_vacant=True,
            person_id=scene.people["salma"],
        )  # fmt: skip
    onboarding.fill(scene.session, scene.actor("amina"), _post(scene), since_on=_today(), is_vacant=True)
    assert recipients.holder(scene.session, scene.posts["karim"]) is None


def test_what_a_secretariat_makes_is_its_programmes_until_another_uses_it(scene: Scene) -> None:
    amina, omar = scene.actor("amina"), scene.actor("omar")
    body = organisations.create(scene.session, amina, titles={"fr": "Office"})
    post = posts.create(scene.session, amina, body, titles={"fr": "Suivi"})
    person = people.create(scene.session, amina, email="huda@exemple.ma", name="Huda")
    assert body.owner_programme_id == post.owner_programme_id == person.owner_programme_id == scene.programme.id

    _may_not_touch(scene, omar, body, post, person)
    _used_by_omar(scene, post)
    _may_not_touch(scene, amina, body, post, person)
    organisations.edit(scene.session, scene.actor("sara"), body, titles={"fr": "Office national"})


def test_what_an_administrator_makes_is_for_all_and_seated_by_whoever_alone_rests_on_it(scene: Scene) -> None:
    sara, amina = scene.actor("sara"), scene.actor("amina")
    body = organisations.create(scene.session, sara, titles={"fr": "Office"})
    post = posts.create(scene.session, sara, body, titles={"fr": "Suivi"})
    with pytest.raises(NotAllowed):
        posts.hand_over(scene.session, amina, post, _person(scene, "salma"), since_on=_today())

    scenes.action(scene, State.ASSIGNED, owner_post_id=post.id)

    posts.hand_over(scene.session, amina, post, _person(scene, "salma"), since_on=_today())
    with pytest.raises(NotAllowed):
        posts.edit(scene.session, amina, post, titles={"fr": "Le mien"})


def test_a_secretariat_reads_the_addresses_of_those_it_deals_with_alone(scene: Scene) -> None:
    scenes.action(scene, State.ASSIGNED)

    read = {row.name: row.email for row in known.listed(scene.session, scene.viewer("amina")) if row.email}
    assert set(read) == {"Amina", "Karim", "Youssef", "Nadia"}
    assert {row.name for row in known.listed(scene.session, scene.viewer("sara")) if row.email} > set(read)
    assert known.listed(scene.session, scene.viewer("amina"), q="salma@") == []
    assert [row.name for row in known.listed(scene.session, scene.viewer("amina"), q="salma")] == ["Salma"]


def _may_not_touch(scene: Scene, actor: Actor, body: Organisation, post: Post, person: Person) -> None:
    with pytest.raises(NotAllowed):
        organisations.edit(scene.session, actor, body, titles={"fr": "Le mien"})
    with pytest.raises(NotAllowed):
        posts.edit(scene.session, actor, post, titles={"fr": "Le mien"})
    with pytest.raises(NotAllowed):
        posts.hand_over(scene.session, actor, post, person, since_on=_today())


def _used_by_omar(scene: Scene, post: Post) -> None:
    """An action of the other programme rests on it."""
    other = Scene(scene.session, scene.people | {"amina": scene.people["omar"]}, scene.posts, scene.organisations)
    other.programme = scene.other
    other.meeting = meetings.create(
        scene.session, scene.actor("omar"), scene.other, titles={"fr": "Rabat"}, held_on=_today(), region="RSK"
    )
    other.recommendation = scenes.recommendation(other)
    scenes.draft(other, owner_post_id=post.id)


def _hand_over(
    scene: Scene, actor: Actor, name: str | None, *, since_on: dt.date | None = None, note: str = "",
    version: int | None = None,
) -> Holding | None:  # fmt: skip
    person = _person(scene, name) if name else None
    return posts.hand_over(
        scene.session, actor, _post(scene), person, since_on=since_on or _today(), note=note, version=version
    )


def _today() -> dt.date:
    return clock.today(settings().zone)


def _centre(scene: Scene) -> Organisation:
    return scene.session.get_one(Organisation, scene.organisations["centre"])


def _post(scene: Scene, name: str = "karim") -> Post:
    return scene.session.get_one(Post, scene.posts[name])


def _person(scene: Scene, name: str) -> Person:
    return scene.session.get_one(Person, scene.people[name])


def _grant(scene: Scene, name: str) -> RoleGrant:
    return scene.session.scalars(sa.select(RoleGrant).where(col(RoleGrant.person_id) == scene.people[name])).one()


def _deeds(scene: Scene) -> list[str]:
    """What the record tells of the set-up, oldest first."""
    kinds = ("organisation", "post", "person")
    rows = sa.select(col(AuditEvent.verb), col(AuditEvent.subject_kind)).where(col(AuditEvent.subject_kind).in_(kinds))
    return [f"{verb} {kind}" for verb, kind in scene.session.execute(rows.order_by(col(AuditEvent.id)))]


def test_a_body_is_established_with_its_first_post_and_its_holder_or_not_at_all(scene: Scene) -> None:
    told: dict[str, Any] = {"titles": {"fr": "Le guichet"}, "post": {"fr": "Suivi"}, "name": "Huda", "locale": "fr"}
    with pytest.raises(NotAllowed):
        onboarding.establish(scene.session, scene.actor("karim"), **told, email="huda@exemple.ma")

    made = onboarding.establish(scene.session, scene.actor("amina"), **told, email="huda@exemple.ma")

    post = scene.session.scalars(sa.select(Post).where(col(Post.organisation_id) == made.id)).one()
    holder = recipients.holder(scene.session, post.id)
    assert holder
    assert scene.session.get_one(Person, holder).name == "Huda"
    with pytest.raises(Refused) as refused:
        onboarding.establish(scene.session, scene.actor("amina"), titles={"fr": "Sans poste"}, name="Huda")
    assert refused.value.field == "post.ar"
