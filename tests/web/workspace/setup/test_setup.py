"""The set-up by pages: a new house from nothing, what may be typed, two people at once, and who stays outside."""

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col
from starlette.types import ASGIApp

from app import clock
from app.config import settings
from app.db import Database
from app.domain.permissions import Role
from app.models.audit import AuditEvent
from app.models.meetings import Programme
from app.models.people import Holding, Organisation, Person, Post, RoleGrant
from app.services.kernel.audit import SERVICE
from app.services.setup import access
from tests import builders
from tests.fixtures.pages import TestClient

pytestmark = pytest.mark.sqlite_only
HOME = {"Origin": "http://127.0.0.1"}
SETUP = "/fr/workspace/setup"
LISTS = ("programmes", "organisations", "posts", "people")
ROOMS = (
    "", "/programmes", "/organisations", "/posts", "/people", "/new-programme", "/new-organisation", "/new-post",
    "/new-person", "/programmes/exports", "/organisations/centre", "/posts/suivi", "/posts/suivi/holder", "/people/1",
    "/people/1/roles",
)  # fmt: skip
DOORS = (
    "/programmes", "/organisations", "/posts", "/people", "/programmes/exports", "/programmes/exports/publication",
    "/programmes/exports/withdrawal", "/organisations/centre", "/posts/suivi", "/posts/suivi/holder", "/people/1",
    "/people/1/access", "/people/1/roles", "/people/1/roles/1/revocation",
)  # fmt: skip


@pytest.fixture
def house(database: Database) -> Database:
    """A programme of Amina's, a centre with the post that Karim holds, and Sara who administers."""
    with database.write() as session:
        sara = builders.person(session, "Sara", Role.ADMINISTRATOR, email="sara@exemple.ma", locale="fr")
        programme = builders.programme(session, slug="exports", published_at=None)
        centre = builders.organisation(session, slug="centre")
        post = builders.post(session, centre, slug="suivi")
        builders.person(session, "Amina", Role.SECRETARIAT, at=programme, email="amina@exemple.ma", locale="fr")
        builders.person(session, "Karim", holds=post, email="karim@exemple.ma", locale="fr")
        assert sara.id == 1
    return database


@pytest.fixture
def sara(client: TestClient, house: Database) -> TestClient:
    return _sign_in(client, house, "sara")


@pytest.fixture
def amina(application: ASGIApp, house: Database) -> Iterator[TestClient]:
    with TestClient(application, base_url="http://127.0.0.1", follow_redirects=False) as client:
        yield _sign_in(client, house, "amina")


@pytest.mark.parametrize("room", ROOMS)
def test_for_the_outsider_there_is_nothing_here(client: TestClient, house: Database, room: str) -> None:
    assert client.get(SETUP + room).status_code == 303

    _sign_in(client, house, "karim")
    assert client.get(SETUP + room).status_code == 404


@pytest.mark.parametrize("door", DOORS)
def test_the_outsider_changes_nothing(client: TestClient, house: Database, door: str) -> None:
    _sign_in(client, house, "karim")
    before = _events(house)

    answer = client.post(SETUP + door, data=_something(door), headers=HOME)

    assert answer.status_code == 404
    assert _events(house) == before


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("origin", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {}])
def test_a_form_from_elsewhere_is_refused(sara: TestClient, door: str, origin: dict[str, str]) -> None:
    assert sara.post(SETUP + door, data=_something(door), headers=origin).status_code == 403


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("column", ["id", "created_at", "published_at", "person_id_", "digest_since_at", "actor"])
def test_no_column_can_be_slipped_in(sara: TestClient, house: Database, door: str, column: str) -> None:
    before = _events(house)

    answer = sara.post(SETUP + door, data=_something(door) | {column: "1"}, headers=HOME)

    assert answer.status_code == 422
    assert _events(house) == before


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
@pytest.mark.parametrize("room", ROOMS)
def test_every_room_opens_in_three_languages(sara: TestClient, lang: str, room: str) -> None:
    answer = sara.get(f"/{lang}/workspace/setup{room}")

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert f'lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}"' in answer.text


@pytest.mark.parametrize("room", [room for room in ROOMS if not room.endswith("roles")])
def test_a_secretariat_sees_the_same_rooms(amina: TestClient, room: str) -> None:
    assert amina.get(SETUP + room).status_code == 200


def test_a_secretariat_gives_no_roles(amina: TestClient) -> None:
    assert amina.get(f"{SETUP}/people/3/roles").status_code == 403
    assert amina.post(f"{SETUP}/people/3/roles", data={"role": "administrator"}, headers=HOME).status_code == 403


def test_a_secretariat_sees_no_other_programme(amina: TestClient, house: Database) -> None:
    with house.write() as session:
        builders.programme(session, slug="rabat", published_at=None, titles={"fr": "Programme de Rabat"})

    assert amina.get(f"{SETUP}/programmes/rabat").status_code == 404
    assert "Rabat" not in amina.get(f"{SETUP}/programmes").text


@pytest.mark.parametrize("room", ["/programmes/none", "/organisations/none", "/posts/none", "/people/999", "/people/x"])
def test_what_never_was_is_not_here(sara: TestClient, room: str) -> None:
    assert sara.get(SETUP + room).status_code == 404


@pytest.mark.parametrize("room", LISTS)
def test_a_senseless_place_in_a_list_is_said(sara: TestClient, room: str) -> None:
    assert sara.get(f"{SETUP}/{room}?after=nonsense").status_code == 400


def test_from_nothing_to_a_post_that_somebody_holds(client: TestClient, database: Database) -> None:
    """The first hour of a real secretariat, by pages alone."""
    with database.write() as session:
        builders.person(session, "Sara", Role.ADMINISTRATOR, email="sara@exemple.ma", locale="fr")
    _sign_in(client, database, "sara")
    assert client.get("/fr/workspace/").headers["location"] == SETUP
    assert "première heure" in client.get(SETUP).text

    programme = _send(
        client, f"{SETUP}/programmes", **{"titles.ar": "برنامج الصادرات", "titles.fr": "Exportations 2027"}
    )
    organisation = _send(client, f"{SETUP}/organisations", **{"titles.fr": "Centre régional", "region": "FM"})
    post = _send(
        client, f"{SETUP}/posts", **{"organisation": "centre-regional", "titles.fr": "Chargé du suivi"}
    )  # fmt: skip
    _send(client, f"{SETUP}/posts/charge-du-suivi/holder", name="Karim Tazi", email="Karim@exemple.ma", locale="ar")

    assert (programme, organisation, post) == (
        f"{SETUP}/new-organisation?said=next_organisation",
        f"{SETUP}/new-post?said=next_post",
        f"{SETUP}/posts/charge-du-suivi/holder?said=next_holder",
    )
    with database.read() as session:
        holder = session.scalars(sa.select(Person).join(Holding)).one()
        roles = session.execute(sa.select(col(RoleGrant.role)).where(col(RoleGrant.person_id) == 1)).scalars().all()
    assert (holder.name, holder.email, holder.locale) == ("Karim Tazi", "karim@exemple.ma", "ar")
    assert set(roles) == {Role.ADMINISTRATOR, Role.SECRETARIAT}
    assert "Karim Tazi" in client.get(f"{SETUP}/posts/charge-du-suivi").text


def test_a_body_comes_with_its_first_post_and_its_holder_in_one_form(amina: TestClient, house: Database) -> None:
    page = amina.get(f"{SETUP}/new-organisation").text
    assert 'name="post.fr"' in page
    _send(
        amina, f"{SETUP}/organisations", **{"titles.fr": "La chambre", "post.fr": "Guichet"},
        name="Salma", email="salma@exemple.ma", locale="ar",
    )  # fmt: skip
    with house.read() as session:
        held = sa.select(Person).join(Holding).join(Post).where(col(Post.slug) == "guichet")
        assert session.scalars(held).one().email == "salma@exemple.ma"


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"titles.fr": "La chambre", "name": "Salma", "email": "salma@exemple.ma"}, "post.ar"),
        ({"titles.fr": "La chambre", "post.fr": "Guichet", "name": "Salma"}, "email"),
        ({"titles.fr": "La chambre", "post.fr": "Guichet", "email": "karim@exemple.ma"}, "email"),
    ],
)
def test_a_body_half_told_is_not_made_and_nothing_typed_is_lost(
    amina: TestClient, house: Database, typed: dict[str, str], wrong: str
) -> None:
    answer = amina.post(f"{SETUP}/organisations", data={**typed, "locale": "fr"}, headers=HOME)
    assert answer.status_code == 422
    assert f'href="#f-{wrong}"' in answer.text
    for text in typed.values():
        assert f'value="{text}"' in answer.text
    with house.read() as session:
        assert not session.scalars(sa.select(Organisation).where(col(Organisation.slug) == "la-chambre")).first()


def test_after_the_first_hour_a_save_leads_to_the_page_of_what_was_saved(amina: TestClient, house: Database) -> None:
    with house.write() as session:
        builders.meeting(session, session.scalars(sa.select(Programme)).one())
    made = _send(amina, f"{SETUP}/organisations", **{"titles.fr": "La chambre"})
    assert made == f"{SETUP}/organisations/la-chambre?said=added"
    assert f'class="button" href="{SETUP}/new-post?organisation=la-chambre"' in amina.get(made).text
    post = _send(amina, f"{SETUP}/posts", **{"organisation": "la-chambre", "titles.fr": "Guichet"})
    assert post == f"{SETUP}/posts/guichet/holder?said=next_holder"


def test_without_a_title_the_form_comes_back_with_what_was_typed(sara: TestClient) -> None:
    answer = sara.post(f"{SETUP}/organisations", data={"titles.fr": " ", "slug": "mon-centre"}, headers=HOME)

    assert answer.status_code == 422
    assert 'value="mon-centre"' in answer.text
    assert 'href="#f-titles.ar"' in answer.text


def test_two_sendings_of_one_form_are_one_organisation(sara: TestClient, house: Database) -> None:
    sent = {"titles.fr": "Office des foires", "region": "", "once": "the-same-nonce"}

    first, second = (sara.post(f"{SETUP}/organisations", data=sent, headers=HOME) for _ in range(2))

    assert first.headers["location"] == second.headers["location"]
    with house.read() as session:
        assert session.scalars(sa.select(sa.func.count()).select_from(Organisation)).one() == 2


@pytest.mark.parametrize(
    ("room", "field", "typed"),
    [
        ("/organisations/centre", "titles.fr", "Le centre, second nom"),
        ("/programmes/exports", "titles.fr", "Le programme, second nom"),
        ("/posts/suivi", "titles.fr", "Le poste, second nom"),
        ("/people/3", "name", "Karim, second nom"),
    ],
)
def test_a_stale_edit_shows_both_versions_and_keeps_what_was_typed(
    sara: TestClient, room: str, field: str, typed: str
) -> None:
    base = _something(room)
    assert (
        sara.post(SETUP + room, data=base | {field: "Le premier nom", "version": "1"}, headers=HOME).status_code == 303
    )

    answer = sara.post(SETUP + room, data=base | {field: typed, "version": "1"}, headers=HOME)

    assert answer.status_code == 409
    assert f'value="{typed}"' in answer.text
    assert f"{typed}</td>" in answer.text
    assert "Le premier nom</td>" in answer.text
    again = re.search(r'name="version" value="(\d+)"', answer.text)
    assert again
    assert sara.post(SETUP + room, data=base | {field: typed, "version": again[1]}, headers=HOME).status_code == 303


def test_a_post_changes_hands_by_a_page(sara: TestClient, house: Database) -> None:
    answer = sara.post(
        f"{SETUP}/posts/suivi/holder",
        data={"person_id": "2", "since_on": _today(), "note": "Voir le dossier.", "locale": "fr", "version": "1"},
        headers=HOME,
    )

    assert answer.headers["location"] == f"{SETUP}/posts/suivi?said=handed_over"
    page = sara.get(f"{SETUP}/posts/suivi").text
    assert "Voir le dossier." in page
    assert page.index("Amina") < page.index("Karim")


def test_two_hands_on_one_post(sara: TestClient, house: Database) -> None:
    sent = {"person_id": "2", "since_on": _today(), "note": "Voir le dossier.", "locale": "fr", "version": "1"}
    sara.post(f"{SETUP}/posts/suivi/holder", data=sent, headers=HOME)

    answer = sara.post(f"{SETUP}/posts/suivi/holder", data=sent | {"person_id": "1"}, headers=HOME)

    assert answer.status_code == 409
    assert "Amina" in answer.text
    assert "Voir le dossier." in answer.text
    with house.read() as session:
        assert session.scalars(sa.select(Holding).where(col(Holding.until_on).is_(None))).one().person_id == 2


def test_publishing_and_withdrawing_a_programme(sara: TestClient, house: Database) -> None:
    sara.post(f"{SETUP}/programmes/exports/publication", data={}, headers=HOME)
    assert _programme(house).published_at

    assert sara.post(f"{SETUP}/programmes/exports/withdrawal", data={"reason": " "}, headers=HOME).status_code == 422
    assert _programme(house).published_at
    sara.post(f"{SETUP}/programmes/exports/withdrawal", data={"reason": "Erreur de date"}, headers=HOME)
    assert _programme(house).published_at is None


def test_a_role_is_given_and_taken_back(sara: TestClient, house: Database) -> None:
    sara.post(f"{SETUP}/people/3/roles", data={"role": "verifier", "programme_id": "1"}, headers=HOME)
    page = sara.get(f"{SETUP}/people/3/roles").text
    revocation = re.search(r'action="([^"]+/revocation)"', page)
    assert revocation

    assert sara.post(revocation[1], data={}, headers=HOME).headers["location"] == f"{SETUP}/people/3?said=revoked"
    with house.read() as session:
        assert not session.scalars(sa.select(RoleGrant).where(col(RoleGrant.person_id) == 3)).all()


def test_a_role_of_another_person_is_not_taken_by_its_number(sara: TestClient) -> None:
    assert sara.post(f"{SETUP}/people/3/roles/1/revocation", data={}, headers=HOME).status_code == 404


def test_disabling_ends_the_session_at_once(sara: TestClient, amina: TestClient) -> None:
    assert amina.get(SETUP).status_code == 200

    sara.post(f"{SETUP}/people/2/access", data={"is_active": "0"}, headers=HOME)

    assert amina.get(SETUP).status_code == 303


def test_nobody_locks_the_house(sara: TestClient) -> None:
    answer = sara.post(f"{SETUP}/people/1/access", data={"is_active": "0"}, headers=HOME)

    assert answer.status_code == 422
    assert sara.get(SETUP).status_code == 200


def test_people_are_found_by_a_part_of_name_or_address(sara: TestClient) -> None:
    page = sara.get(f"{SETUP}/people?q=KARIM").text

    assert "karim@exemple.ma" in page
    assert "amina@exemple.ma" not in page


@pytest.mark.parametrize("room", LISTS)
def test_a_long_list_goes_on_where_the_page_ended(sara: TestClient, house: Database, room: str) -> None:
    with house.write() as session:
        for number in range(60):
            _one_more(session, room, number)

    seen: list[str] = []
    address = f"{SETUP}/{room}"
    for _ in range(5):
        page = sara.get(address).text
        seen += re.findall(rf'href="{SETUP}/{room}/([^"/?]+)"', page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        if not more:
            break
        address = more[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) >= 61


@pytest.mark.parametrize("room", LISTS)
def test_a_list_costs_the_same_however_long(sara: TestClient, house: Database, room: str) -> None:
    sara.get(f"{SETUP}/{room}")  # what is asked once a minute is asked
    short = _statements(house, sara, room)
    with house.write() as session:
        for number in range(20):
            _one_more(session, room, number)

    assert _statements(house, sara, room) == short


def test_the_profile_is_ones_own(sara: TestClient, house: Database) -> None:
    answer = sara.post(
        "/fr/workspace/profile",
        data={"locale": "ar", "digest_weekday": "3", "digest_hour": "7", "version": "1"},
        headers=HOME,
    )

    assert answer.headers["location"] == "/ar/workspace/profile?said=saved"
    with house.read() as session:
        own = session.get_one(Person, 1)
    assert (own.locale, own.has_digest, own.digest_weekday, own.digest_hour) == ("ar", False, 3, 7)


@pytest.mark.parametrize(
    "wrong", [{"digest_hour": "5"}, {"digest_weekday": "9"}, {"locale": "de"}, {"email": "x@y.ma"}, {"is_active": "1"}]
)
def test_the_profile_takes_nothing_else(sara: TestClient, wrong: dict[str, str]) -> None:
    sent = {"locale": "fr", "digest_weekday": "0", "digest_hour": "8", "version": "1"} | wrong

    assert sara.post("/fr/workspace/profile", data=sent, headers=HOME).status_code == 422


@pytest.mark.parametrize(("name", "room"), [("amina", "desk"), ("karim", "mine")])
def test_the_workspace_begins_where_the_duties_do(client: TestClient, house: Database, name: str, room: str) -> None:
    _sign_in(client, house, name)

    assert client.get("/fr/workspace/").headers["location"] == f"/fr/workspace/{room}"


def _sign_in(client: TestClient, database: Database, name: str) -> TestClient:
    with database.write() as session:
        address = access.issue_link(session, SERVICE, f"{name}@exemple.ma")
    client.post(address.removeprefix(settings().base), headers=HOME)
    return client


def _send(client: TestClient, door: str, **fields: str) -> str:
    """Open the form, fill it in and send it, as a browser would; where it leads."""
    dated = {"since_on": _today()} if door.endswith("holder") else {}
    answer = client.post(door, data=dated | fields, headers=HOME)
    assert answer.status_code == 303, re.sub(r"(?s).*<main", "", answer.text)[:2000]
    return str(answer.headers["location"])


def _something(door: str) -> dict[str, str]:
    """What the form behind a door needs at the least."""
    titles = {"titles.fr": "Titre"}
    first, *rest = door.strip("/").split("/")
    last = rest[-1] if rest else ""
    if last in {"publication", "revocation"}:
        return {}
    if last in {"withdrawal", "access", "roles", "holder"}:
        return {
            "withdrawal": {"reason": "Erreur"}, "access": {"is_active": "0"}, "roles": {"role": "verifier"},
            "holder": {"person_id": "2", "since_on": _today()},
        }[last]  # fmt: skip
    if first == "people":
        return {"name": "Huda", "email": "huda@exemple.ma" if not rest else "karim@exemple.ma", "locale": "fr"}
    return titles | ({"organisation": "centre"} if door == "/posts" else {})


def _today() -> str:
    return clock.today(settings().zone).isoformat()


def _events(database: Database) -> int:
    with database.read() as session:
        return session.scalars(sa.select(sa.func.count()).select_from(AuditEvent)).one()


def _programme(database: Database) -> Programme:
    with database.read() as session:
        return session.scalars(sa.select(Programme)).one()


def _one_more(session: Session, room: str, number: int) -> None:
    if room == "people":
        builders.person(session, f"Somebody{number:02}")
    elif room == "posts":
        builders.post(session, session.scalars(sa.select(Organisation)).first())
        assert session.scalars(sa.select(Post)).first()
    else:
        {"programmes": builders.programme, "organisations": builders.organisation}[room](session)


def _statements(database: Database, client: TestClient, room: str) -> int:
    count = 0

    def note(*_: object) -> None:
        nonlocal count
        count += 1

    sa.event.listen(database.reader, "before_cursor_execute", note)
    client.get(f"{SETUP}/{room}")
    sa.event.remove(database.reader, "before_cursor_execute", note)
    return count


def test_of_somebody_without_duties_each_reader_is_told_what_they_can_know(
    sara: TestClient, amina: TestClient, house: Database
) -> None:
    with house.write() as session:
        nobody = builders.person(session, "Nour", email="nour@exemple.ma")

    for page in ("/people", f"/people/{nobody.id}"):
        assert "Ni rôle ni poste pour l’instant" in sara.get(f"{SETUP}{page}").text
        said = amina.get(f"{SETUP}{page}").text
        assert "Aucun poste, et aucun rôle dans vos programmes." in said
        assert "Ni rôle ni poste" not in said
