"""My actions: urgent first, answered in place, kept when refused."""

import re

import pytest
from starlette.types import ASGIApp

from app.db import Database
from app.domain.workflow import State
from tests import scenes
from tests.house import House

pytestmark = pytest.mark.sqlite_only
MINE = "/fr/workspace/mine"


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    return House(database, application)


def test_the_outsider_s_page_is_empty_and_a_foreign_action_is_nothing(house: House) -> None:
    ref = house.action(State.ASSIGNED)
    omar = house.browser("omar")

    assert ref not in omar.get(MINE).text
    for act in ("acknowledgement", "refusal", "updates"):
        assert omar.post(f"{MINE}/{ref}/{act}", data={}).status_code == 404


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_urgent_comes_first(house: House, lang: str) -> None:
    later = house.action(due_on=scenes.in_days(40))
    week = house.action(due_on=scenes.in_days(3))
    new = house.action(State.ASSIGNED, due_on=scenes.in_days(20))
    done = house.action(State.VERIFIED)
    late = house.action(due_on=scenes.in_days(-12))

    page = house.browser("karim").get(f"/{lang}/workspace/mine").text

    places = [page.index(f'id="a-{ref}"') for ref in (late, week, new, later, done)]
    assert places == sorted(places)


@pytest.mark.parametrize(("days", "word"), [(0, "En bonne voie"), (-12, "En cours")])
def test_what_is_overdue_is_offered_as_under_way_on_the_list_and_on_its_page(
    house: House, days: int, word: str
) -> None:
    ref = house.action(due_on=scenes.in_days(days))
    karim = house.browser("karim")

    assert f'value="on_track">{word}<' in karim.get(MINE).text
    assert f"<span>{word}</span>" in karim.get(f"{MINE.removesuffix('mine')}actions/{ref}").text


@pytest.mark.parametrize(
    ("answer", "state"), [("on_track", State.IN_PROGRESS), ("blocked", State.BLOCKED), ("done", State.SUBMITTED)]
)
def test_each_answer_is_given_in_place(house: House, answer: str, state: State) -> None:
    ref = house.action()
    typed = {"s": answer, "note": "Ainsi", "block_reason": "data", "who_can_unblock": "L'office", "percent": "40"}

    sent = house.browser("karim").post(f"{MINE}/{ref}/updates", data=typed)

    assert sent.headers["location"] == f"{MINE}?recorded={ref}#a-{ref}"
    row = house.row(ref)
    assert (row.state, row.percent) == (state, 40)
    assert 'role="status"' in house.browser("karim").get(sent.headers["location"]).text


def test_what_was_refused_is_open_again_in_its_line(house: House) -> None:
    other, ref = house.action(), house.action()

    page = house.browser("karim").post(f"{MINE}/{ref}/updates", data={"s": "blocked", "note": "Gardé tel quel"})

    assert page.status_code == 422
    assert f'id="f-{ref}-block_reason"' in page.text
    assert f'href="#f-{ref}-block_reason"' in page.text
    assert page.text.count("Gardé tel quel") == 1
    assert other in page.text


def test_a_new_action_is_confirmed_or_declined_with_a_reason(house: House) -> None:
    first, second = house.action(State.ASSIGNED), house.action(State.ASSIGNED)
    karim = house.browser("karim")

    assert karim.post(f"{MINE}/{first}/acknowledgement").status_code == 303
    assert karim.post(f"{MINE}/{second}/refusal", data={"reason": " "}).status_code == 422
    assert karim.post(f"{MINE}/{second}/refusal", data={"reason": "C'est l'office."}).status_code == 303

    assert (house.state(first), house.state(second)) == (State.ACKNOWLEDGED, State.DECLINED)


def test_a_supporting_post_is_done_with_its_part_and_the_action_stays(house: House) -> None:
    ref = house.action()
    salma = house.browser("salma")

    assert f'id="a-{ref}"' in salma.get(MINE).text
    assert salma.post(f"{MINE}/{ref}/updates", data={"s": "report", "note": "Notre part."}).status_code == 303
    assert salma.post(f"{MINE}/{ref}/updates", data={"s": "blocked", "note": "Non."}).status_code == 422
    assert salma.post(f"{MINE}/{ref}/updates", data={"s": "done", "note": "Fini."}).status_code == 303
    assert house.state(ref) == State.IN_PROGRESS


def test_the_reason_of_a_return_stands_in_the_line(house: House) -> None:
    ref = house.action(State.SUBMITTED)
    house.browser("youssef").post(f"/fr/workspace/actions/{ref}/return", data={"reason": "Il manque la liste"})

    assert "Il manque la liste" in house.browser("karim").get(MINE).text


def test_nothing_due_says_when_the_next_deadline_is(house: House) -> None:
    house.action(due_on=scenes.in_days(30))

    assert "Rien n’est dû" in house.browser("karim").get(MINE).text


def test_a_cursor_that_was_never_given_out_is_said(house: House) -> None:
    assert house.browser("karim").get(f"{MINE}?later=nonsense").status_code == 400
    assert house.browser("karim").get(f"{MINE}?done=nonsense").status_code == 400


def test_an_answer_leads_back_to_the_place_that_each_section_had(house: House) -> None:
    refs = [house.action(due_on=scenes.in_days(-20 + number)) for number in range(8)]
    karim = house.browser("karim")
    [href] = re.findall(r'href="(/fr/workspace/mine\?late=[^"]+)"', karim.get(MINE).text)
    page = karim.get(href).text
    assert refs[7] in page
    assert refs[0] not in page
    [action] = re.findall(rf'action="({MINE}/{refs[7]}/updates\?late=[^"]+)"', page)

    sent = karim.post(action, data={"s": "on_track"})

    assert sent.headers["location"].startswith(f"{MINE}?recorded={refs[7]}&late=")
    assert refs[7] in karim.get(sent.headers["location"]).text
    assert karim.get(f"{MINE}?late=nonsense").status_code == 400


def test_after_an_answer_the_next_action_is_pointed_at(house: House) -> None:
    first, second = (house.action(due_on=scenes.in_days(day)) for day in (-9, -8))
    karim = house.browser("karim")
    page = karim.get(MINE).text
    [form] = re.findall(rf'<form id="u-{first}".*?</form>', page, re.DOTALL)
    assert f'name="next" value="{second}"' in form

    sent = karim.post(f"{MINE}/{first}/updates", data={"s": "on_track", "next": second})

    assert sent.headers["location"] == f"{MINE}?recorded={first}#act-{second}"
    assert f'id="act-{second}"' in karim.get(sent.headers["location"]).text


def test_a_page_stays_light_however_much_is_owed(house: House) -> None:
    for number in range(14):
        for state, days in ((State.IN_PROGRESS, -9), (State.IN_PROGRESS, 3), (State.ASSIGNED, 9), (State.BLOCKED, 40)):
            house.action(state, due_on=scenes.in_days(days + number % 3))
        house.action(State.SUBMITTED)

    assert len(house.browser("karim").get(MINE).content) <= 60_000
