"""The list and the page of actions in the workspace: who sees what, who may do what, and what a press leaves behind."""

import re

import pytest
import sqlalchemy as sa
from sqlmodel import col
from starlette.types import ASGIApp

from app import clock
from app.db import Database
from app.domain.workflow import State
from app.models.actions import Action, Milestone
from app.models.updates import Update
from app.queries.followup import action_search
from app.services.followup import milestones
from tests import builders, scenes
from tests.fixtures.pages import TestClient
from tests.house import CAST, House

pytestmark = pytest.mark.sqlite_only
BASE = "/fr/workspace/actions"


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    return House(database, application)


def test_the_outsider_finds_nothing_and_nobody_is_sent_to_sign_in(house: House, client: TestClient) -> None:
    ref = house.action()

    assert house.browser("omar").get(f"{BASE}/{ref}").status_code == 404
    assert ref not in house.browser("omar").get(BASE).text
    assert client.get(f"{BASE}/{ref}").headers["location"].startswith("/fr/sign-in?next=")


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
@pytest.mark.parametrize("state", list(State))
def test_every_state_has_its_page_in_every_language(house: House, lang: str, state: State) -> None:
    ref = house.action(state)

    page = house.browser("amina").get(f"/{lang}/workspace/actions/{ref}")

    assert page.status_code == 200
    assert f'dir="{"rtl" if lang == "ar" else "ltr"}"' in page.text
    assert page.headers["Cache-Control"] == "no-store"


ACTS = {
    "acknowledgement": (State.ASSIGNED, {}, {"karim"}),
    "refusal": (State.ASSIGNED, {"reason": "Non."}, {"karim"}),
    "updates": (State.IN_PROGRESS, {"s": "report", "note": "Bien."}, {"karim", "salma"}),
    "unblocking": (State.BLOCKED, {}, {"karim", "leila"}),
    "verification": (State.SUBMITTED, {}, {"youssef"}),
    "return": (State.SUBMITTED, {"reason": "Incomplet."}, {"youssef"}),
    "assignment": (State.DECLINED, {}, {"amina"}),
    "deadline": (State.IN_PROGRESS, {"due_on": "2031-01-01", "reason": "Retard."}, {"amina"}),
    "ending": (State.IN_PROGRESS, {"ending": "cancelled", "reason": "Abandon."}, {"amina"}),
    "reopening": (State.VERIFIED, {"reason": "Fermé."}, {"amina"}),
    "publication": (State.IN_PROGRESS, {}, {"amina"}),
    "withdrawal": (State.IN_PROGRESS, {"reason": "Trop tôt."}, {"amina"}),
    "edit": (State.IN_PROGRESS, {"titles.fr": "Un autre titre"}, {"amina"}),
    "evidence": (State.IN_PROGRESS, {"evidence_title": "Le guide"}, {"amina", "karim", "salma"}),
    "milestones": (State.IN_PROGRESS, {"titles.fr": "Imprimé"}, {"amina", "karim", "salma"}),
}


@pytest.mark.parametrize("name", CAST)
@pytest.mark.parametrize("act", sorted(ACTS))
def test_each_act_is_for_its_parts_alone(house: House, act: str, name: str) -> None:
    state, typed, allowed = ACTS[act]
    ref = house.action(state)

    answer = house.browser(name).post(f"{BASE}/{ref}/{act}", data=typed)

    if name in allowed:
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, f"{BASE}/{ref}")
    elif (act, name) == ("acknowledgement", "salma"):
        assert answer.status_code == 422  # her post was asked for its part before: there is nothing to confirm
    else:
        # What is not public does not even exist for a stranger.
        assert answer.status_code == (404 if name == "omar" else 403)


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", None])
@pytest.mark.parametrize("act", sorted(ACTS))
def test_a_form_from_elsewhere_is_refused(house: House, act: str, origin: str | None) -> None:
    state, typed, allowed = ACTS[act]
    ref = house.action(state)
    browser = house.browser(min(allowed))
    del browser.headers["Sec-Fetch-Site"]

    answer = browser.post(f"{BASE}/{ref}/{act}", data=typed, headers={"Origin": origin} if origin else {})

    assert answer.status_code == 403
    assert house.row(ref).state == state


@pytest.mark.parametrize("act", sorted(ACTS))
def test_a_field_that_does_not_belong_is_refused(house: House, act: str) -> None:
    state, typed, allowed = ACTS[act]
    ref = house.action(state)

    answer = house.browser(min(allowed)).post(f"{BASE}/{ref}/{act}", data=typed | {"is_public": "1"})

    assert answer.status_code == 422
    assert house.row(ref).state == state


def test_what_was_refused_stands_there_again_with_its_field_marked(house: House) -> None:
    ref = house.action()

    page = house.browser("karim").post(f"{BASE}/{ref}/updates", data={"s": "blocked", "note": "Gardé tel quel"})

    assert page.status_code == 422
    assert 'href="#f-update-block_reason"' in page.text
    assert 'id="f-update-block_reason"' in page.text
    assert "Gardé tel quel" in page.text


def test_two_editors_see_both_versions(house: House) -> None:
    ref = house.action()
    version = house.row(ref).version
    browser = house.browser("amina")
    first = browser.post(f"{BASE}/{ref}/edit", data={"titles.fr": "Le premier", "version": version})

    second = browser.post(f"{BASE}/{ref}/edit", data={"titles.fr": "Le second", "version": version})
    again = browser.post(f"{BASE}/{ref}/edit", data={"titles.fr": "Le second", "version": version + 1})

    assert (first.status_code, second.status_code, again.status_code) == (303, 409, 303)
    assert "Le premier" in second.text
    assert "Le second" in second.text
    assert f'name="version" value="{version + 1}"' in second.text


def test_an_edited_draft_keeps_its_plan(house: House) -> None:
    ref = house.action(State.DRAFT)
    before = house.row(ref)
    fields = {"titles.fr": "Brouillon", "owner_post_id": before.owner_post_id or "", "due_on": str(before.due_on)}

    house.browser("amina").post(f"{BASE}/{ref}/edit", data=fields)

    after = house.row(ref)
    assert (after.titles, after.owner_post_id, after.due_on) == (
        {"fr": "Brouillon"},
        before.owner_post_id,
        before.due_on,
    )


def test_notes_and_names_are_for_those_who_see_in_full(house: House) -> None:
    ref = house.action()
    house.browser("karim").post(f"{BASE}/{ref}/updates", data={"s": "report", "note": "Entre nous seuls"})
    pages = {name: house.browser(name).get(f"{BASE}/{ref}").text for name in CAST}

    assert {name for name, page in pages.items() if "Entre nous seuls" in page} == {
        "amina",
        "karim",
        "salma",
        "leila",
        "youssef",
    }
    assert "Karim" not in pages["nadia"]


def test_words_are_released_and_withheld_by_the_secretariat(house: House) -> None:
    ref = house.action()
    house.browser("karim").post(f"{BASE}/{ref}/updates", data={"s": "on_track", "public_summary": "Tout va bien."})
    with house.database.read() as session:
        newest = session.scalars(sa.select(col(Update.id)).order_by(col(Update.id).desc())).first()
    way = f"{BASE}/{ref}/updates/{newest}"

    assert house.browser("karim").post(f"{way}/withholding", data={"reason": "Non."}).status_code == 403
    assert house.browser("amina").post(f"{way}/withholding", data={"reason": " "}).status_code == 422
    assert house.browser("amina").post(f"{way}/withholding", data={"reason": "Un nom."}).status_code == 303
    assert house.browser("amina").post(f"{way}/release").status_code == 303
    assert house.browser("amina").post(f"{BASE}/{house.action()}/updates/{newest}/release").status_code == 404


def test_a_milestone_is_ticked_once_by_who_owes_it(house: House) -> None:
    ref = house.action()
    with house.database.write() as session:
        made = house.made.within(session)
        item = session.scalars(sa.select(Action).where(col(Action.ref) == ref)).one()
        stone = milestones.add(session, made.actor("amina"), item, titles={"fr": "Imprimé"}).id

    for _ in range(2):
        answer = house.browser("karim").post(f"{BASE}/{ref}/milestones/{stone}/reached")
        assert answer.status_code == 303

    with house.database.read() as session:
        assert session.get_one(Milestone, stone).done_on
    assert house.browser("karim").post(f"{BASE}/{ref}/milestones/99/reached").status_code == 404


def test_another_letter_case_leads_to_the_reference(house: House) -> None:
    ref = house.action()

    answer = house.browser("amina").get(f"{BASE}/{ref.lower()}")

    assert (answer.status_code, answer.headers["location"]) == (308, f"{BASE}/{ref}")
    assert house.browser("amina").get(f"{BASE}/no-reference").status_code == 404


def test_the_list_shows_what_is_open_and_filters_keep_each_other(house: House) -> None:
    late = house.action(due_on=scenes.in_days(-3))
    done = house.action(State.VERIFIED)
    browser = house.browser("amina")

    assert late in browser.get(BASE).text
    assert done not in browser.get(BASE).text
    assert done in browser.get(f"{BASE}?state=verified").text
    assert done in browser.get(f"{BASE}?state=all&organisation=centre").text
    assert late in browser.get(f"{BASE}?overdue=1").text
    assert browser.get(f"{BASE}/filters?overdue=1").status_code == 200


@pytest.mark.parametrize("query", ["state=nonsense", "organisation=nobody", "meeting=never", "after=!", "overdue=2"])
def test_a_senseless_filter_is_said_and_the_others_kept(house: House, query: str) -> None:
    kept = "state=all" if not query.startswith("state") else "overdue=1"

    answer = house.browser("amina").get(f"{BASE}?{query}&{kept}")

    assert answer.status_code == 400
    assert f"{BASE}?{kept}" in answer.text


def test_a_post_is_found_by_words_for_an_assignment_before_anything_is_sent(house: House) -> None:
    ref = house.action(State.DECLINED)
    with house.database.write() as session:
        made = [builders.post(session, titles={"fr": f"Guichet {number:03}"}) for number in range(40)]
        wanted = made[38].id
    amina, at = house.browser("amina"), f"/fr/workspace/actions/{ref}"

    found = amina.post(f"{at}/assignment", data={"find": "1", "post_words": "guichet 038", "reason": "Pour de bon"})

    assert found.status_code == 200
    assert f'value="{wanted}"' in found.text
    assert f'value="{made[37].id}"' not in found.text
    assert house.state(ref) == State.DECLINED
    sent = {"post_words": "guichet", "owner_post_id": str(wanted), "due_on": "2031-03-31"}
    assert amina.post(f"{at}/assignment", data=sent).status_code == 303
    assert house.row(ref).owner_post_id == wanted


def test_another_date_for_a_declined_action_that_was_published_asks_for_its_public_reason(house: House) -> None:
    ref, fresh = house.action(State.DECLINED), house.action(State.DECLINED)
    with house.database.write() as session:
        published = sa.update(Action).where(col(Action.ref) == ref).values(published_at=clock.now())
        session.execute(published)
    amina, at = house.browser("amina"), f"{BASE}/{ref}"

    assert 'id="f-assignment-reason"' in amina.get(at).text
    assert 'id="f-assignment-reason"' not in amina.get(f"{BASE}/{fresh}").text
    sent = {"owner_post_id": str(house.row(ref).owner_post_id), "due_on": "2031-03-31"}
    refused = amina.post(f"{at}/assignment", data=sent)

    assert (refused.status_code, house.state(ref)) == (422, State.DECLINED)
    assert "Indiquez le motif" in refused.text
    assert amina.post(f"{at}/assignment", data=sent | {"reason": "On reprend à zéro."}).status_code == 303
    assert house.row(ref).extensions == 1


def test_the_list_is_looked_through_by_words_and_keeps_its_filters(house: House) -> None:
    wanted, other = house.action(State.BLOCKED), house.action(State.BLOCKED)
    with house.database.write() as session:
        session.execute(sa.update(Action).where(col(Action.ref) == wanted).values(titles={"fr": "Ouvrir le guichet"}))
    amina = house.browser("amina")

    page = amina.get(BASE, params={"text": " guichet ", "state": "blocked"}).text

    assert wanted in page
    assert other not in page
    assert 'value="guichet"' in page
    assert f'href="{BASE}?state=blocked"' in page, "the words are taken off alone"
    assert "text=guichet" in re.findall(rf'href="({BASE}/filters[^"]*)"', page)[0]
    assert 'name="text" value="guichet"' in amina.get(f"{BASE}/filters?text=guichet").text


def test_nothing_found_says_what_to_do(house: House) -> None:
    done = house.action(State.VERIFIED)
    amina = house.browser("amina")

    page = amina.get(BASE, params={"text": "introuvable"}).text

    assert "Essayez avec moins de mots" in page
    assert f'href="{BASE}?text=introuvable&amp;state=all"' in page
    assert done in amina.get(BASE, params={"text": done}).text


def test_what_one_press_did_not_look_through_is_said_and_led_to(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action_search, "SCANNED", 2)
    for day in range(3):
        house.action(due_on=scenes.in_days(day))
    amina = house.browser("amina")

    page = amina.get(BASE, params={"text": "introuvable"}).text
    [following] = re.findall(r'rel="next" href="([^"]+)"', page)

    assert "passez aux suivantes" in page
    assert "text=introuvable" in following
    assert "Essayez avec moins de mots" not in page
    assert amina.get(following.replace("&amp;", "&")).status_code == 200
