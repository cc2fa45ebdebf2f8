"""What goes out: for those who answer for it; a failed mail is tried again once, with fresh words."""

import re

import pytest
import sqlalchemy as sa
from sqlmodel import col
from starlette.types import ASGIApp

from app import clock
from app.db import Database
from app.domain.permissions import Grant, Role, Viewer
from app.domain.workflow import State
from app.models.audit import AuditEvent
from app.models.notifications import Delivery, Envelope
from app.queries.mailing import health
from app.services.kernel.audit import Actor
from app.services.mailing.delivery import channel
from tests import scenes
from tests.house import CAST, House

pytestmark = pytest.mark.sqlite_only
OUT = "/fr/workspace/outgoing"


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    return House(database, application)


def failed(house: House) -> int:
    """The mail of an assignment, which the relay refused."""
    house.action(State.ASSIGNED)
    with house.database.write() as session:
        mail = session.scalars(sa.select(Envelope).where(col(Envelope.kind) == "action_assigned")).one()
        mail.state, mail.ended_at, mail.reason = Delivery.DEAD, clock.now(), "550 no such user"
        mail.subject, mail.shown = "Nouvelle action", "Bonjour …"
        return mail.id


def test_only_the_secretariat_has_it_and_of_its_own_programmes(house: House) -> None:
    mail = failed(house)
    pages = {name: house.browser(name).get(OUT) for name in CAST}

    assert {name for name, page in pages.items() if page.status_code == 200} == {"amina", "omar"}
    assert "550 no such user" in pages["amina"].text
    assert "karim@" not in pages["omar"].text
    assert house.browser("omar").get(f"{OUT}/{mail}").status_code == 404
    assert house.browser("omar").post(f"{OUT}/{mail}/again").status_code == 404
    assert house.browser("karim").post(f"{OUT}/{mail}/again").status_code == 404


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_failures_days_and_ledger_in_every_language(house: House, lang: str) -> None:
    mail = failed(house)
    amina = house.browser("amina")

    page = amina.get(f"/{lang}/workspace/outgoing")

    assert page.status_code == 200
    assert f'action="/{lang}/workspace/outgoing/{mail}/again"' in page.text
    assert "Bonjour …" in amina.get(f"/{lang}/workspace/outgoing/{mail}").text


def test_a_failed_mail_is_tried_again_and_the_record_says_so(house: House) -> None:
    mail = failed(house)
    amina = house.browser("amina")
    with house.database.read() as session:
        first_name = session.get_one(Envelope, mail).message_id

    assert amina.post(f"{OUT}/{mail}/again").headers["location"] == f"{OUT}?said=queued"
    assert amina.post(f"{OUT}/{mail}/again").status_code == 422

    with house.database.read() as session:
        assert session.get_one(Envelope, mail).state == Delivery.QUEUED
        assert session.get_one(Envelope, mail).message_id != first_name  # other bytes, another name
        again = sa.select(sa.func.count()).select_from(AuditEvent).where(col(AuditEvent.verb) == "requeue")
        assert session.scalars(again).one() == 1


def test_the_ledger_is_filtered_and_a_senseless_cursor_said(house: House) -> None:
    failed(house)
    amina = house.browser("amina")

    assert "Nouvelle action" in amina.get(f"{OUT}?kind=action_assigned").text
    assert amina.get(f"{OUT}?kind=reminder").status_code == 200
    assert amina.get(f"{OUT}?ref=XX-2020-01.1").status_code == 200
    assert amina.get(f"{OUT}?after=nonsense&kind=reminder").status_code == 400


def test_all_uncertain_ones_of_ones_own_programmes_are_sent_again_by_one_press(house: House) -> None:
    mail = failed(house)
    with house.database.write() as session:
        session.execute(sa.update(Envelope).values(state=Delivery.PARKED))
        first = session.get_one(Envelope, mail)
        values = first.model_dump(exclude={"id"}) | {"key": "another", "message_id": "<another@example.ma>"}
        session.add(Envelope(**values))
    amina = house.browser("amina")

    assert f'action="{OUT}/uncertain"' in amina.get(OUT).text
    assert house.browser("karim").post(f"{OUT}/uncertain").status_code == 404
    assert house.browser("omar").post(f"{OUT}/uncertain").status_code == 422, "none of his own"
    assert amina.post(f"{OUT}/uncertain").headers["location"] == f"{OUT}?said=queued"

    with house.database.read() as session:
        assert set(session.scalars(sa.select(col(Envelope.state)))) == {Delivery.QUEUED}
        again = sa.select(sa.func.count()).select_from(AuditEvent).where(col(AuditEvent.verb) == "requeue")
        assert session.scalars(again).one() == 2


def test_what_is_held_is_said_to_all_who_answer_for_mail_and_released_by_an_administrator(house: House) -> None:
    with house.database.write() as session:
        channel.hold(session)
    amina = house.browser("amina")

    assert "sauvegarde" in amina.get(OUT).text
    assert f'action="{OUT}/release"' not in amina.get(OUT).text
    assert amina.post(f"{OUT}/release").status_code == 403
    assert house.browser("karim").post(f"{OUT}/release").status_code == 404
    with house.database.write() as session:
        channel.release(session, Actor(Viewer(None, frozenset({Grant(Role.ADMINISTRATOR)}))))
        assert not health.held(session)
        assert session.scalars(sa.select(col(AuditEvent.verb))).all()[-1] == "release"


def test_an_administrator_s_ledger_has_no_link_that_leads_nowhere(house: House) -> None:
    failed(house)
    with house.database.write() as session:
        scenes.grant(session, house.made.people["omar"], Role.ADMINISTRATOR)
    omar, amina = house.browser("omar"), house.browser("amina")

    page = omar.get(OUT).text
    links = re.findall(r'href="(/fr/workspace/(?:actions|outgoing)/[^"]+)"', page)

    assert "Nouvelle action" in page
    assert [link for link in links if not link.endswith("/failure")] == []
    assert [omar.get(link).status_code for link in links] == [200], "what becomes of it is theirs to decide"
    of_amina = re.findall(r'href="(/fr/workspace/(?:actions|outgoing)/[^"]+)"', amina.get(OUT).text)
    assert {link.split("/")[3] for link in of_amina} == {"actions", "outgoing"}
    assert {amina.get(link).status_code for link in of_amina} == {200}


def test_many_failures_come_a_few_at_a_time_and_their_head_counts_them_all(house: House) -> None:
    for _ in range(8):
        house.action(State.ASSIGNED)
    with house.database.write() as session:
        session.execute(sa.update(Envelope).values(state=Delivery.DEAD, ended_at=clock.now(), reason="550"))
        refused = session.execute(sa.select(sa.func.count()).select_from(Envelope)).scalar_one()
    amina, seen = house.browser("amina"), []
    pages = [amina.get(OUT).text]
    while following := re.findall(rf'rel="next" href="({OUT}\?lost=[^"]+)"', pages[-1]):
        pages.append(amina.get(following[0]).text)
    for page in pages:
        assert f"{refused} courriels en échec" in page
        seen += re.findall(rf'action="{OUT}/(\d+)/again"', page)

    assert len(seen) == len(set(seen)) == refused > 6
    pagers = [page.split('class="pager"')[1].split("</nav>")[0] for page in pages]
    assert [f'href="{OUT}"' in pager for pager in pagers] == [False, True]
    assert amina.get(f"{OUT}?lost=nonsense").status_code == 400


def test_after_a_mail_is_tried_again_the_next_failed_one_is_pointed_at(house: House) -> None:
    mail = failed(house)

    sent = house.browser("amina").post(f"{OUT}/{mail}/again", data={"back": "outgoing::m7"})

    assert sent.headers["location"] == f"{OUT}?said=queued#act-m7"


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_what_becomes_of_a_failed_mail_is_decided_on_its_page(house: House, lang: str) -> None:
    mail = failed(house)
    amina, page = house.browser("amina"), f"/{lang}/workspace/outgoing/{mail}/failure"

    assert "550 no such user" in amina.get(page).text
    assert amina.post(page, data={"decision": "close", "reason": ""}).status_code == 422
    assert amina.post(page, data={"decision": "nonsense"}).status_code == 422
    assert amina.post(page, data={"decision": "seen"}).headers["location"].endswith("said=seen")
    assert "Amina" in amina.get(f"/{lang}/workspace/outgoing").text
    assert amina.post(page, data={"decision": "close", "reason": "Parti"}).headers["location"].endswith("mail_closed")
    assert f"{mail}/failure" not in amina.get(f"/{lang}/workspace/outgoing").text
    assert "Parti" in amina.get(page).text
    assert amina.post(page, data={"decision": "again"}).status_code == 422
