"""A list taken in: tried it leaves nothing, with a line refused it enters nothing, and twice changes nothing."""

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, col

from app.domain.errors import NotAllowed, Refused, TooLarge
from app.domain.workflow import State
from app.models.audit import AuditEvent
from app.models.notifications import Envelope
from app.models.people import Holding, Organisation, Person, Post
from app.queries.scope import seats
from app.services.setup import people, rosters
from app.services.setup.rosters import RosterReport
from tests import scenes
from tests.scenes import Scene

HEAD = "organisation_ar;organisation_fr;region;post_fr;manager;name;email;language"
FILE = f"""{HEAD}
الغرفة;Chambre de Fès;FM;Suivi;;Hanae;hanae@exemple.ma;fr
;Chambre de Fès;;Présidence;oui;Saad;saad@exemple.ma;ar
;Office;OR;;;;;
"""
TABLES: tuple[type[SQLModel], ...] = (Organisation, Post, Person, Holding, AuditEvent, Envelope)


def test_a_trial_says_everything_and_leaves_nothing(scene: Scene) -> None:
    before = _counts(scene)

    report = _take(scene, FILE, is_trial=True)

    assert [(one.number, [str(said) for said in one.done]) for one in report.outcomes] == [
        (2, ["New organisation: الغرفة", "New post: Suivi", "New person: Hanae",
             "New holder of the post: Suivi, Hanae"]),
        (3, ["New post: Présidence", "New person: Saad", "New holder of the post: Présidence, Saad"]),
        (4, ["New organisation: Office"]),
    ]  # fmt: skip
    assert str(report.head) == "8 things would be made or changed"
    assert _counts(scene) == before


def test_taken_in_it_is_there_and_the_same_file_again_changes_nothing(scene: Scene) -> None:
    assert not _take(scene, FILE).refused
    body = scene.session.scalars(sa.select(Organisation).where(col(Organisation.region) == "OR")).one()
    assert body.titles == {"fr": "Office"}
    post = scene.session.scalars(sa.select(Post).where(col(Post.is_manager), col(Post.slug) != "director")).one()
    holder = scene.session.get_one(Person, seats.holder(scene.session, post.id))
    assert (holder.email, holder.locale) == ("saad@exemple.ma", "ar")
    before = _counts(scene)

    again = _take(scene, FILE)

    assert again.outcomes == ()
    assert _counts(scene) == before


def test_one_line_that_is_refused_stops_all_and_each_is_named(scene: Scene) -> None:
    before = _counts(scene)
    wrong = f"{FILE};Chambre;XX;;;;;\n;Centre;;Autre;;Sans adresse;;fr\n;;;Seul;;;;\n;Agence;;P;;N;n@exemple.ma;de\n"

    report = _take(scene, wrong)

    assert [one.number for one in report.outcomes if one.refused] == [5, 6, 7, 8]
    assert _counts(scene) == before


def test_what_stands_there_is_found_by_title_or_address_and_completed(scene: Scene) -> None:
    report = _take(scene, "organisation;organisation_en;post;name;email\ncentre;Regional centre;follow-up;;\n")

    assert [str(said) for said in report.outcomes[0].done] == ["Organisation changed: هيئة centre"]
    centre = scene.session.get_one(Organisation, scene.organisations["centre"])
    assert centre.titles == {"fr": "Centre", "ar": "هيئة centre", "en": "Regional centre"}


def test_a_post_of_another_body_is_not_taken_for_this_one_s(scene: Scene) -> None:
    report = _take(scene, "organisation;post;post_fr\ncentre;help-desk;Guichet\n")

    assert str(report.outcomes[0].refused) == "This post belongs to another organisation"


def test_another_holder_is_a_handover_with_all_that_follows(scene: Scene) -> None:
    scenes.action(scene, State.IN_PROGRESS)

    _take(scene, "organisation;post;name;email\ncentre;follow-up;Hanae;hanae@exemple.ma\n")

    hanae = scene.session.scalars(sa.select(col(Person.id)).where(col(Person.email) == "hanae@exemple.ma")).one()
    assert seats.holder(scene.session, scene.posts["karim"]) == hanae
    told = scene.session.scalars(sa.select(col(Envelope.person_id)).where(col(Envelope.kind) == "handover"))
    assert told.all() == [hanae]


def test_whoever_is_disabled_is_not_brought_back(scene: Scene) -> None:
    people.disable(scene.session, scene.actor("sara"), scene.session.get_one(Person, scene.people["karim"]))

    report = _take(scene, "organisation;post;email\ncentre;follow-up;karim@tatbiq.invalid\n")

    assert report.refused == 1


def test_administrators_alone_take_in(scene: Scene) -> None:
    for name in ("amina", "karim", "omar"):
        with pytest.raises(NotAllowed):
            rosters.take_in(scene.session, scene.actor(name), FILE, is_trial=True)


@pytest.mark.parametrize(
    "data",
    [
        FILE.encode(),
        b"\xef\xbb\xbf" + FILE.encode(),
        FILE.replace("\n", "\r\n").encode("utf-16"),
        FILE.encode("cp1256", "ignore"),
    ],
    ids=["utf-8", "with a mark", "utf-16", "arabic windows"],
)
def test_it_is_read_in_whichever_encoding_a_spreadsheet_saves(data: bytes) -> None:
    text = rosters.decoded(data)

    assert text.startswith(HEAD)
    assert "الغرفة" in text


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04" + b"\0" * 40, b"\x89PNG\r\n", b"a;b\0c\n", b""], ids=["xlsx", "png", "nul", "nothing"]
)
def test_what_is_no_list_is_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(Refused, match="CSV UTF-8"):
        rosters.decoded(data)


def test_what_is_too_large_is_refused_before_it_is_read(scene: Scene) -> None:
    with pytest.raises(TooLarge):
        rosters.decoded(b"a" * (256 * 1024 + 1))
    with pytest.raises(TooLarge):
        _take(scene, "a" * (256 * 1024 + 1))


def _take(scene: Scene, text: str, *, is_trial: bool = False) -> RosterReport:
    return rosters.take_in(scene.session, scene.actor("sara"), text, is_trial=is_trial)


def _counts(scene: Scene) -> list[int]:
    scene.session.expire_all()
    return [scene.session.scalars(sa.select(sa.func.count()).select_from(table)).one() for table in TABLES]
