"""The follow-up desk: what needs somebody, done where it stands, some of it by ticking; nothing of other programmes."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from sqlmodel import col
from starlette.types import ASGIApp

from app import clock
from app.db import Database
from app.domain.workflow import State
from app.models.actions import Action
from app.models.evidence import EvidenceItem
from app.models.notifications import Delivery, Envelope
from app.models.updates import Update
from tests import scenes
from tests.house import House

pytestmark = pytest.mark.sqlite_only
DESK = "/fr/workspace/desk"


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    return House(database, application)


def test_it_exists_for_those_who_work_at_it_and_shows_nothing_of_other_programmes(house: House) -> None:
    ref = house.action(State.SUBMITTED)
    pages = {name: house.browser(name).get(DESK) for name in ("amina", "youssef", "omar", "karim", "nadia", "leila")}

    assert {name for name, page in pages.items() if page.status_code == 200} == {"amina", "youssef", "omar"}
    assert {name for name, page in pages.items() if ref in page.text} == {"amina", "youssef"}


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_every_section_is_there_in_every_language(house: House, lang: str) -> None:
    refs = _everything(house)

    page = house.browser("amina").get(f"/{lang}/workspace/desk")

    assert page.status_code == 200
    for section, ref in refs.items():
        assert ref in page.text, section
        assert f"?only={section}" in page.text
        assert ref in house.browser("amina").get(f"/{lang}/workspace/desk?only={section}").text


def _everything(house: House) -> dict[str, str]:
    with house.database.write() as session:
        made = house.made.within(session)
        plain = scenes.recommendation(made)
        refs = {"unanswered": plain.ref}
    refs |= {
        "to_assign": house.action(State.DRAFT),
        "to_verify": house.action(State.SUBMITTED),
        "blocked": house.action(State.BLOCKED),
        "unconfirmed": house.action(State.ASSIGNED),
        "silent": house.action(State.ACKNOWLEDGED),
        "words": house.action(),
        "to_publish": house.action(),
    }
    with house.database.write() as session:
        long_ago = clock.now() - dt.timedelta(days=40)
        for key in ("unconfirmed", "silent"):
            old = sa.update(Action).where(col(Action.ref) == refs[key])
            session.execute(old.values(assigned_at=long_ago, last_word_at=None))
        worded = session.scalars(sa.select(col(Action.id)).where(col(Action.ref) == refs["words"])).one()
        last = sa.select(sa.func.max(col(Update.id))).where(col(Update.action_id) == worded).scalar_subquery()
        session.execute(sa.update(Update).where(col(Update.id) == last).values(public_summary="En attente"))
        session.execute(sa.update(Update).where(col(Update.id) == last).values(released_at=None))
        _fail(house, session)
    return refs | {"failed": "karim@tatbiq.invalid"}


def _fail(house: House, session: object) -> None:
    mail = sa.select(Envelope).where(col(Envelope.person_id) == house.made.people["karim"])
    found = session.scalars(mail).first()  # type: ignore[attr-defined]
    found.state, found.address, found.reason = Delivery.DEAD, "karim@tatbiq.invalid", "550 no such user"
    found.ended_at = clock.now()


def test_verified_from_the_desk_and_back_at_it(house: House) -> None:
    ref = house.action(State.SUBMITTED)

    sent = house.browser("youssef").post(f"/fr/workspace/actions/{ref}/verification", data={"back": "desk"})

    assert sent.headers["location"] == f"{DESK}?said=recorded"
    assert house.state(ref) == State.VERIFIED


def test_what_was_ticked_is_listed_and_then_done_together(house: House) -> None:
    refs = [house.action(State.SUBMITTED) for _ in range(3)]
    youssef = house.browser("youssef")

    shown = youssef.get(f"{DESK}/verifications", params={"ref": refs[:2]})
    assert all(ref in shown.text for ref in refs[:2])
    assert refs[2] not in shown.text
    assert house.state(refs[0]) == State.SUBMITTED

    assert youssef.post(f"{DESK}/verifications", data={"ref": refs[:2]}).status_code == 303
    assert [house.state(ref) for ref in refs] == [State.VERIFIED, State.VERIFIED, State.SUBMITTED]


def test_one_that_can_t_be_done_stops_all_and_is_named(house: House) -> None:
    good, bad = house.action(State.SUBMITTED), house.action(State.IN_PROGRESS)

    answer = house.browser("youssef").post(f"{DESK}/verifications", data={"ref": [good, bad]})

    assert answer.status_code == 422
    assert bad in answer.text
    assert house.state(good) == State.SUBMITTED


def test_ticked_ones_are_published_together(house: House) -> None:
    refs = [house.action() for _ in range(2)]

    assert house.browser("amina").post(f"{DESK}/publications", data={"ref": refs}).status_code == 303
    assert all(house.row(ref).is_public for ref in refs)


def test_nobody_does_by_ticking_what_they_may_not_do(house: House) -> None:
    ref = house.action(State.SUBMITTED)

    assert house.browser("amina").post(f"{DESK}/verifications", data={"ref": [ref]}).status_code == 403
    assert house.browser("omar").post(f"{DESK}/verifications", data={"ref": [ref]}).status_code == 404
    assert house.browser("amina").post(f"{DESK}/nonsense", data={"ref": [ref]}).status_code == 404
    assert house.state(ref) == State.SUBMITTED


def test_an_empty_desk_says_so(house: House) -> None:
    house.action(State.VERIFIED)

    assert "?only=to_verify" not in house.browser("youssef").get(DESK).text
    assert house.browser("amina").get(f"{DESK}?only=nonsense").status_code == 400


def test_nothing_stands_on_the_desk_twice_and_all_its_reasons_are_said(house: House) -> None:
    ref = house.action(State.BLOCKED)
    with house.database.write() as session:
        session.execute(sa.update(Action).values(last_word_at=clock.now() - dt.timedelta(days=40)))

    page = house.browser("amina").get(DESK).text

    assert page.count(f'id="a-{ref}"') == 1
    for reason in ("action bloquée", "Sans mise à jour depuis 40 jours", "À publier"):
        assert reason in page


def test_the_verifier_sees_what_is_verified_before_pressing(house: House) -> None:
    ref = house.action(State.SUBMITTED, due_on=scenes.in_days(-4))
    with house.database.write() as session:
        session.execute(sa.update(EvidenceItem).values(location="https://example.ma/guide"))
    youssef = house.browser("youssef")

    for page in (youssef.get(DESK).text, youssef.get(f"{DESK}/verifications", params={"ref": [ref]}).text):
        assert "Le guide est imprimé." in page
        assert '<a href="https://example.ma/guide" rel="noreferrer nofollow"><bdi>Le guide</bdi></a>' in page
        assert "4 jours après l’échéance" in page


def test_a_long_declaration_opens_in_place_and_its_end_is_on_the_action_s_page(house: House) -> None:
    ref = house.action(State.SUBMITTED)
    with house.database.write() as session:
        session.execute(sa.update(Update).values(note="Mot " * 1500))

    page = house.browser("youssef").get(DESK).text

    assert page.count("Mot") < 200
    assert f'… <a href="/fr/workspace/actions/{ref}">' in page


def test_after_an_act_the_next_one_is_pointed_at(house: House) -> None:
    first, second = (house.action(State.SUBMITTED, due_on=scenes.in_days(day)) for day in (1, 2))
    youssef = house.browser("youssef")
    page = youssef.get(f"{DESK}?only=to_verify").text
    [sent] = re.findall(rf'action="[^"]*{first}/verification">(.*?)</form>', page, re.DOTALL)
    typed = dict(re.findall(r'name="(\w+)" value="([^"]*)"', sent))

    back = youssef.post(f"/fr/workspace/actions/{first}/verification", data=typed)

    assert back.headers["location"] == f"{DESK}?only=to_verify&said=recorded#act-{second}"
    assert f'id="act-{second}"' in youssef.get(back.headers["location"]).text


def test_words_of_what_is_to_be_verified_are_released_in_its_line(house: House) -> None:
    ref = house.action(State.SUBMITTED)
    with house.database.write() as session:
        last = sa.select(sa.func.max(col(Update.id))).scalar_subquery()
        session.execute(
            sa.update(Update).where(col(Update.id) == last).values(public_summary="Imprimé.", released_at=None)
        )

    page = house.browser("amina").get(DESK).text
    [address] = re.findall(rf'action="(/fr/workspace/actions/{ref}/updates/\d+/release)"', page)

    assert "texte à rendre public" not in page
    assert house.browser("amina").post(address, data={"back": "desk"}).headers["location"] == f"{DESK}?said=recorded"


def test_a_post_without_a_holder_is_a_row_and_its_act_leads_to_naming_one(house: House) -> None:
    with house.database.write() as session:
        made = house.made.within(session)
        empty = scenes.post(session, "empty", made.organisations["centre"], owner_programme_id=made.programme.id)
    house.action(State.ASSIGNED, owner_post_id=empty)
    amina = house.browser("amina")

    page = amina.get(DESK).text

    assert "1 poste sans titulaire" in page.replace("\xa0", " ")
    assert "/fr/workspace/setup/posts/empty/holder" in page
    assert amina.get("/fr/workspace/setup/posts/empty/holder").status_code == 200
    assert "/fr/workspace/setup/posts/empty" not in house.browser("youssef").get(DESK).text
