"""Meetings of a secretariat: made, edited, published with all below them, withdrawn; nobody else sees these pages."""

import html
import re

import pytest
import sqlalchemy as sa
from sqlmodel import col
from starlette.types import ASGIApp

from app.db import Database
from app.domain.workflow import State
from app.models.meetings import Meeting
from app.models.recommendations import Recommendation
from app.services.meetings import meetings
from tests import builders
from tests.fixtures.markup import form
from tests.fixtures.pages import TestClient
from tests.house import House

pytestmark = pytest.mark.sqlite_only
BASE = "/fr/workspace/meetings"


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    return House(database, application)


@pytest.fixture
def amina(house: House) -> TestClient:
    return house.browser("amina")


@pytest.fixture
def home(house: House) -> str:
    return f"{BASE}/{house.made.meeting.slug}"


def test_the_outsider_finds_nothing(house: House, home: str) -> None:
    for name in ("omar", "karim", "leila", "nadia", "youssef"):
        client = house.browser(name)
        for path in ("", "/edit", "/report", "/review"):
            assert client.get(home + path).status_code == 404
        for path in ("", "/publication", "/withdrawal"):
            assert client.post(home + path, data={"once": "x"}).status_code == 404
    assert house.made.meeting.slug not in house.browser("omar").get(BASE).text


def test_who_is_of_no_secretariat_has_no_list_and_makes_no_meeting(house: House) -> None:
    karim = house.browser("karim")
    assert karim.get(BASE).status_code == 404
    assert karim.get(f"{BASE}/new").status_code == 404


def test_a_secretariat_makes_no_meeting_in_another_programme(house: House) -> None:
    omar = house.browser("omar")
    sent = form(omar.get(f"{BASE}/new").text, "/meetings").fields
    with house.database.read() as session:
        other = house.made.within(session).programme.slug
    typed = {**sent, "programme": other, "titles.fr": "Intrus", "held_on": "2026-10-01", "region": "FM"}
    assert omar.post(BASE, data=typed).status_code == 403


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
@pytest.mark.parametrize("path", ["", "/new", "/{slug}", "/{slug}/edit", "/{slug}/report"])
def test_every_page_stands_in_three_languages(house: House, amina: TestClient, lang: str, path: str) -> None:
    path = path.replace("{slug}", house.made.meeting.slug)
    page = amina.get(f"/{lang}/workspace/meetings{path}")
    assert page.status_code == 200
    assert f'dir="{"rtl" if lang == "ar" else "ltr"}"' in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_a_new_meeting_leads_to_pasting_its_report(amina: TestClient) -> None:
    sent = form(amina.get(f"{BASE}/new").text, "/meetings").fields
    answer = amina.post(
        BASE, data={**sent, "titles.fr": "Rencontre de Taza", "held_on": "2026-10-05", "region": "FM", "prefix": ""}
    )
    assert answer.status_code == 303
    page = amina.get(answer.headers["location"]).text
    assert "Rencontre de Taza" in page
    assert form(page, "/rencontre-de-taza/report")
    assert f'href="{BASE}/rencontre-de-taza/report"' in amina.get(f"{BASE}/rencontre-de-taza").text
    assert "Rencontre de Taza" in amina.get(BASE).text


def test_a_meeting_without_a_title_date_or_region_keeps_what_was_typed(amina: TestClient) -> None:
    sent = form(amina.get(f"{BASE}/new").text, "/meetings").fields
    for missing in ("titles.fr", "held_on", "region"):
        typed = {
            **sent,
            "titles.fr": "Taza",
            "held_on": "2026-10-05",
            "region": "FM",
            "place.fr": "Salle B",
            missing: "",
        }
        answer = amina.post(BASE, data=typed)
        assert answer.status_code == 422
        assert 'value="Salle B"' in answer.text


def test_a_stale_edit_shows_both_versions(house: House, amina: TestClient, home: str) -> None:
    sent = form(amina.get(f"{home}/edit").text, house.made.meeting.slug).fields
    with house.database.write() as session:
        made = house.made.within(session)
        meetings.edit(session, made.actor("amina"), made.meeting, titles={"fr": "Un autre titre"})
    answer = amina.post(home, data={**sent, "titles.fr": "Mon titre"})
    assert answer.status_code == 409
    assert "Un autre titre" in answer.text
    assert "Mon titre" in answer.text
    again = form(answer.text, house.made.meeting.slug).fields
    assert amina.post(home, data={**again, "titles.fr": "Mon titre"}).status_code == 303


def test_publish_all_publishes_what_is_ready_and_leaves_drafts_in_the_house(
    house: House, amina: TestClient, home: str
) -> None:
    assigned, draft = house.action(State.ASSIGNED), house.action(State.DRAFT)
    answer = amina.post(f"{home}/publication", data=form(amina.get(home).text, "/publication").fields)
    assert answer.status_code == 303
    assert house.row(assigned).is_public
    assert not house.row(draft).is_public


def test_a_draft_without_post_or_date_is_named_beside_the_button(house: House, amina: TestClient, home: str) -> None:
    ref = house.action(State.DRAFT, owner_post_id=None)
    note = amina.get(home).text.split('class="note"')[1]
    assert ref in note.split("</p>")[0]


def test_withdrawing_needs_a_reason_and_takes_all_below_with_it(house: House, amina: TestClient, home: str) -> None:
    sent = form(amina.get(home).text, "/withdrawal").fields
    assert amina.post(f"{home}/withdrawal", data={**sent, "reason": ""}).status_code == 422
    assert amina.post(f"{home}/withdrawal", data={**sent, "reason": "Trop tôt"}).status_code == 303
    with house.database.read() as session:
        assert session.scalars(sa.select(col(Meeting.is_public))).all() == [False]
        assert session.scalars(sa.select(col(Recommendation.is_public))).all() == [False]
    assert "Trop tôt" not in amina.get(home).text


def test_a_senseless_cursor_is_a_400_page(amina: TestClient, home: str) -> None:
    assert amina.get(f"{BASE}?after=nonsense").status_code == 400
    assert amina.get(f"{home}?after=nonsense").status_code == 400


def test_a_large_meeting_comes_in_pages_and_its_sums_are_of_the_whole(
    house: House, amina: TestClient, home: str
) -> None:
    with house.database.write() as session:
        meeting = house.made.within(session).meeting
        for number in range(58):
            item = builders.recommendation(session, meeting, ref=f"GR-2024-{number:02}", position=number + 10)
            builders.action(session, item, state=State.DRAFT if number == 57 else State.ASSIGNED)
    pages = [amina.get(home).text]
    while 'rel="next"' in pages[-1]:
        pages.append(amina.get(pages[-1].split('rel="next" href="')[1].split('"')[0]).text)
    seen = [ref for page in pages for ref in re.findall(r'class="line-ref" dir="ltr">(GR[^<.]+)<', page)]

    assert seen == [f"GR-2024-{number:02}" for number in range(58)]
    assert len(pages) == 3
    for page in pages:
        assert "59 recommandations en sont issues" in page
        assert "GR-2024-57." in page.split('class="note"')[1].split("</p>")[0]
        assert len(page.encode()) <= 60_000
    assert [home + '"' in page.split('class="pager"')[1] for page in pages] == [False, True, True]


def test_of_many_actions_below_one_recommendation_the_first_stand_there_and_the_others_are_one_press_away(
    house: House, amina: TestClient, home: str
) -> None:
    refs = [house.action(State.DRAFT) for _ in range(7)]
    page, at = amina.get(home).text, f"/fr/workspace/recommendations/{house.made.recommendation.ref}"

    assert [f'id="a-{ref}"' in page for ref in refs] == [True] * 4 + [False] * 3
    assert f'<a href="{at}">Voir 3 autres actions</a>' in page
    assert all(f"/actions/{ref}" in amina.get(at).text for ref in refs)


def test_the_list_costs_the_same_number_of_statements_whatever_its_length(house: House, amina: TestClient) -> None:
    few = _statements(house, amina)
    with house.database.write() as session:
        made = house.made.within(session)
        for number in range(60):
            meetings.create(
                session, made.actor("amina"), made.programme,
                titles={"fr": f"Rencontre {number}"}, held_on=made.meeting.held_on, region="FM",
            )  # fmt: skip
    assert _statements(house, amina) == few
    page = amina.get(BASE).text
    assert page.count('<li class="row">') == 50
    rest = amina.get(page.split('rel="next" href="')[1].split('"')[0].join((BASE, ""))).text
    assert rest.count('<li class="row">') == 11


def _statements(house: House, client: TestClient) -> int:
    """Those about meetings: the banner on the service's health is asked for only once in a while."""
    seen: list[str] = []

    def count(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    sa.event.listen(house.database.reader, "before_cursor_execute", count)
    assert client.get(BASE).status_code == 200
    sa.event.remove(house.database.reader, "before_cursor_execute", count)
    return sum("meeting" in statement or "programme" in statement for statement in seen)


def test_what_is_not_public_is_published_where_it_is_shown_and_says_what_becomes_public(
    house: House, amina: TestClient
) -> None:
    made, home = house.made, f"{BASE}/{house.made.meeting.slug}"
    house.action(State.IN_PROGRESS)
    amina.post(f"{home}/withdrawal", data={"reason": "Erreur"})
    amina.post(f"/fr/workspace/recommendations/{made.recommendation.ref}/withdrawal", data={"reason": "Erreur"})
    page = html.unescape(amina.get(home).text)
    shown = page[page.index('id="publish"') : page.index("</section>", page.index('id="publish"'))]
    assert "1 recommandation, avec sa phrase" in shown
    assert "1 action confiée" in shown
    assert amina.post(f"{home}/publication").status_code == 303
    assert 'id="publish"' not in amina.get(home).text


def test_one_recommendation_is_published_from_its_row_on_the_page_of_its_meeting(
    house: House, amina: TestClient
) -> None:
    home, ref = f"{BASE}/{house.made.meeting.slug}", house.made.recommendation.ref
    amina.post(f"/fr/workspace/recommendations/{ref}/withdrawal", data={"reason": "Erreur"})
    sent = form(amina.get(home).text, f"/{ref}/publication")
    answer = amina.post(sent.action, data=sent.fields)
    assert answer.headers["location"].startswith(f"{home}?said=published#act-{ref}")
    assert f"/{ref}/publication" not in amina.get(home).text


@pytest.mark.parametrize("response", ["not_accepted", "pending"])
def test_an_action_is_not_planned_under_what_was_not_accepted(house: House, amina: TestClient, response: str) -> None:
    home = f"/fr/workspace/recommendations/{house.made.recommendation.ref}"
    if response != "pending":
        amina.post(f"{home}/response", data={"response": response, "reason": "Hors du champ."})
    offered = response == "pending"
    assert (f'{home}#plan"' in amina.get(f"{BASE}/{house.made.meeting.slug}").text) is offered
    assert ('id="plan"' in amina.get(home).text) is offered
