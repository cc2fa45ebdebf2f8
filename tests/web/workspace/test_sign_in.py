"""The way in: no session for strangers, one answer for all, a press instead of a look, and only to our own pages."""

import datetime as dt
import re
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col

from app import clock
from app.db import Database
from app.models.access import AuthSession, SignIn
from app.models.notifications import Envelope
from app.services.setup import access
from tests import builders
from tests.fixtures.pages import TestClient
from tests.fixtures.settings import Configure

pytestmark = pytest.mark.sqlite_only
HOME = {"Origin": "http://127.0.0.1"}
AMINA = "amina@exemple.ma"


@pytest.fixture(autouse=True)
def amina(database: Database) -> None:
    with database.write() as session:
        builders.person(session, email=AMINA, name="Amina", locale="fr")


@pytest.mark.parametrize("room", ["", "setup", "setup/people", "profile"])
def test_the_outsider_is_led_to_the_door(client: TestClient, room: str) -> None:
    answer = client.get(f"/fr/workspace/{room}")

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/fr/sign-in?next=/fr/workspace/{room}"


@pytest.mark.parametrize("room", ["setup/people", "setup/organisations", "profile"])
def test_what_the_outsider_sends_is_refused(client: TestClient, room: str) -> None:
    assert client.post(f"/fr/workspace/{room}", headers=HOME).status_code == 401


def test_a_code_opens_the_page_that_was_wanted(client: TestClient, database: Database) -> None:
    page = _asked(client, going="/fr/workspace/profile")
    _, code = _sent(database)

    answer = client.post(page, data={"code": code}, headers=HOME)

    assert (answer.status_code, answer.headers["location"]) == (303, "/fr/workspace/profile")
    assert "Amina" in client.get("/fr/workspace/profile").text


def test_looking_at_a_link_changes_nothing_and_a_press_opens(client: TestClient, database: Database) -> None:
    _asked(client)
    token, _ = _sent(database)
    address = f"/fr/sign-in/link/{token}"

    for _ in range(3):
        assert client.get(address).status_code == 200
        client.head(address)
    assert not client.cookies
    assert client.post(address, headers=HOME).headers["location"] == "/fr/workspace/"
    assert client.get("/fr/workspace/profile").status_code == 200


def test_a_link_serves_once(client: TestClient, database: Database) -> None:
    _asked(client)
    token, _ = _sent(database)
    client.post(f"/fr/sign-in/link/{token}", headers=HOME)
    client.cookies.clear()

    answer = client.post(f"/fr/sign-in/link/{token}", headers=HOME)

    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers


def test_the_cookie_is_kept_from_scripts_and_other_sites(client: TestClient, database: Database) -> None:
    answer = _signed_in(client, database)

    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("tatbiq=")
    assert {"httponly", "samesite=lax", "path=/", "max-age=43200"} <= set(cookie.split("; "))


def test_behind_https_the_cookie_is_bound_to_the_host(configure: Configure, database: Database) -> None:
    configure(base_url="https://suivi.exemple.ma", secret_key="x" * 40)
    from app.main import create_app

    with TestClient(create_app(), base_url="https://suivi.exemple.ma", follow_redirects=False) as client:
        _asked(client, origin="https://suivi.exemple.ma")
        token, _ = _sent(database)
        answer = client.post(f"/fr/sign-in/link/{token}", headers={"Origin": "https://suivi.exemple.ma"})

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-tatbiq=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


def test_an_unknown_address_gets_the_same_answer(client: TestClient, database: Database) -> None:
    known, unknown = (_asked(client, email=email) for email in (AMINA, "personne@exemple.ma"))

    assert len(known) == len(unknown)
    pages = [_without_nonces(client.get(page).text, page) for page in (known, unknown)]
    assert pages[0] == pages[1]
    wrong = [client.post(page, data={"code": "00000000"}, headers=HOME) for page in (known, unknown)]
    assert wrong[0].status_code == wrong[1].status_code == 422
    assert _without_nonces(wrong[0].text, known) == _without_nonces(wrong[1].text, unknown)


def test_a_thousand_requests_are_three_mails_and_then_a_plain_no(client: TestClient, database: Database) -> None:
    answers = [client.post("/fr/sign-in", data={"email": AMINA}, headers=HOME) for _ in range(1000)]

    assert [answer.status_code for answer in answers] == [303] * 20 + [429] * 980
    assert answers[-1].headers["retry-after"] == "900"
    with database.read() as session:
        assert session.scalars(sa.select(sa.func.count()).select_from(Envelope)).one() == 3


def test_two_sendings_of_one_form_are_one_mail(client: TestClient, database: Database) -> None:
    sent = {"email": AMINA, "next": "", "once": "the-same-nonce"}

    first, second = (client.post("/fr/sign-in", data=sent, headers=HOME) for _ in range(2))

    assert first.headers["location"] == second.headers["location"]
    with database.read() as session:
        assert session.scalars(sa.select(sa.func.count()).select_from(Envelope)).one() == 1


def test_a_mistyped_address_keeps_what_was_typed(client: TestClient) -> None:
    answer = client.post("/fr/sign-in", data={"email": "amina(at)exemple.ma"}, headers=HOME)

    assert answer.status_code == 422
    assert 'value="amina(at)exemple.ma"' in answer.text


def test_wrong_codes_run_out(client: TestClient, database: Database) -> None:
    page = _asked(client)
    _, code = _sent(database)

    for _ in range(5):
        assert client.post(page, data={"code": "0000"}, headers=HOME).status_code == 422
    assert client.post(page, data={"code": code}, headers=HOME).status_code == 422
    assert not client.cookies


def test_the_key_expires_ten_minutes_after_its_mail_left(client: TestClient, database: Database) -> None:
    page = _asked(client)
    _, code = _sent(database)

    with clock.at(clock.now() + dt.timedelta(minutes=11)):
        answer = client.post(page, data={"code": code}, headers=HOME)

    assert answer.status_code == 422


def test_a_session_that_was_planted_is_not_taken_over(client: TestClient, database: Database) -> None:
    client.cookies.set("tatbiq", "planted")

    _signed_in(client, database)

    client.cookies.clear()
    client.cookies.set("tatbiq", "planted")
    assert client.get("/fr/workspace/profile").status_code == 303


def test_signing_out_ends_the_session_for_good(client: TestClient, database: Database) -> None:
    _signed_in(client, database)
    kept = dict(client.cookies)

    answer = client.post("/fr/sign-out", headers=HOME)

    assert answer.headers["location"] == "/fr/sign-in?said=signed_out"
    assert not client.cookies
    client.cookies.update(kept)
    assert client.get("/fr/workspace/profile").status_code == 303


def test_a_privileged_session_idles_out_after_half_an_hour(client: TestClient, database: Database) -> None:
    from app.domain.permissions import Role

    with database.write() as session:
        builders.person(session, "Sara", Role.ADMINISTRATOR, email="sara@exemple.ma")
    _signed_in(client, database, "sara@exemple.ma")
    start = clock.now()

    with clock.at(start + dt.timedelta(minutes=29)):
        assert client.get("/fr/workspace/profile").status_code == 200
    with clock.at(start + dt.timedelta(minutes=58)):
        assert client.get("/fr/workspace/profile").status_code == 200
    with clock.at(start + dt.timedelta(minutes=89)):
        assert client.get("/fr/workspace/profile").status_code == 303


def test_nobody_stays_longer_than_twelve_hours(client: TestClient, database: Database) -> None:
    _signed_in(client, database)

    with clock.at(clock.now() + dt.timedelta(hours=12, minutes=1)):
        assert client.get("/fr/workspace/profile").status_code == 303


@pytest.mark.parametrize(
    "origin",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},  # another host of the same domain is another house
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8000"},
    ],
)
@pytest.mark.parametrize(
    "door", ["sign-in", "sign-in/code/x", "sign-in/link/x", "sign-in/cast", "sign-out", "workspace/profile"]
)
def test_a_form_from_elsewhere_is_refused(client: TestClient, door: str, origin: dict[str, str]) -> None:
    assert client.post(f"/fr/{door}", data={"email": AMINA}, headers=origin).status_code == 403


@pytest.mark.parametrize("door", ["sign-in", "sign-in/code/x"])
def test_no_field_can_be_slipped_in(client: TestClient, database: Database, door: str) -> None:
    sent = {"email": AMINA, "code": "1", "person_id": "1", "expires_at": "2099-01-01"}

    assert client.post(f"/fr/{door}", data=sent, headers=HOME).status_code == 422
    with database.read() as session:
        assert session.scalars(sa.select(SignIn)).first() is None


def test_there_is_no_cast_outside_the_demo(client: TestClient, database: Database) -> None:
    assert "cast" not in client.get("/fr/sign-in").text
    assert client.post("/fr/sign-in/cast", data={"person_id": "1"}, headers=HOME).status_code == 404
    with database.read() as session:
        assert session.scalars(sa.select(AuthSession)).first() is None


def test_the_demo_offers_its_cast(client: TestClient, configure: Configure) -> None:
    configure(demo="1")

    page = client.get("/fr/sign-in?next=/fr/workspace/profile").text
    person_id = re.search(r'name="person_id" value="(\d+)"', page)

    assert person_id
    answer = client.post(
        "/fr/sign-in/cast", data={"person_id": person_id[1], "next": "/fr/workspace/profile"}, headers=HOME
    )
    assert answer.headers["location"] == "/fr/workspace/profile"
    assert "Amina" in client.get("/fr/workspace/profile").text


def test_every_page_of_the_door_is_kept_by_nobody(client: TestClient) -> None:
    for page in ("sign-in", "sign-in/code/x", "sign-in/link/x"):
        assert client.get(f"/ar/{page}").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
@pytest.mark.parametrize("page", ["sign-in", "sign-in/code/x", "sign-in/link/x"])
def test_the_door_speaks_three_languages(client: TestClient, lang: str, page: str) -> None:
    text = client.get(f"/{lang}/{page}").text

    assert f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}">' in text


def _asked(client: TestClient, email: str = AMINA, going: str = "", origin: str = "http://127.0.0.1") -> str:
    """The page on which the code is typed."""
    answer = client.post("/fr/sign-in", data={"email": email, "next": going}, headers={"Origin": origin})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def _sent(database: Database) -> tuple[str, str]:
    """The link's token and the code of the last mail, as delivery would write them now."""
    with database.write() as session:
        last = session.scalars(sa.select(col(SignIn.id)).order_by(col(SignIn.id).desc()).limit(1)).one()
        return access.arm(session, last or 0)


def _signed_in(client: TestClient, database: Database, email: str = AMINA) -> Any:
    _asked(client, email)
    return client.post(f"/fr/sign-in/link/{_sent(database)[0]}", headers=HOME)


def _without_nonces(text: str, page: str) -> str:
    return re.sub(r'name="once" value="[^"]*"', "", text).replace(page.rpartition("/")[2], "HANDLE")
