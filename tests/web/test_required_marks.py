"""What a field says of itself, required, optional or needed when, is what the server asks for: on every form."""

import re

import pytest
from starlette.types import ASGIApp

from app.db import Database
from app.domain.workflow import State
from tests import scenes
from tests.fixtures.needs import Asked, AskingForm, asking
from tests.fixtures.pages import TestClient
from tests.house import House
from tests.web.workspace.intake.reviewer import Reviewer

pytestmark = pytest.mark.sqlite_only
REQUIRED, OPTIONAL = "(obligatoire)", "(facultatif)"
PLAUSIBLE = {"email": "neuf@exemple.ma", "date": "2027-03-31", "number": "3"}
# Where what stands there, or any text, would be refused for another reason than emptiness.
FITTING = {
    ("deadline", "due_on"): "2027-05-31",
    ("additions", "words"): "salué la qualité",
    ("split", "words"): "pour l'exportation",
    ("people", "email"): "neuf@exemple.ma",
    ("sign-in", "email"): "amina@tatbiq.invalid",
}

SECRETARIAT = (
    "meetings/new", "meetings/{meeting}", "meetings/{meeting}/edit", "meetings/{meeting}/report",
    "recommendations/{ref}", "recommendations/{ref}/edit", "recommendations/{ref}/response",
    "recommendations/{ref}/closure", "recommendations/{ref}/withdrawal", "profile",
    "setup/new-programme", "setup/programmes/programme-de-fes", "setup/new-organisation", "setup/organisations/centre",
    "setup/new-post", "setup/posts/follow-up", "setup/posts/follow-up/holder", "setup/new-person",
)  # fmt: skip


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    """With Sara, who administers."""
    house = House(database, application)
    with database.write() as session:
        made = house.made.within(session)
        scenes.administrator(session, made)
        house.cookies["sara"] = scenes.signed_in(made, "sara")
    return house


@pytest.mark.parametrize("path", SECRETARIAT)
def test_the_secretariat_reads_what_is_asked_of_it(house: House, path: str) -> None:
    house.action(State.SUBMITTED)
    made = house.made
    found = path.format(meeting=made.meeting.slug, ref=made.recommendation.ref)
    check(house.browser("amina"), f"/fr/workspace/{found}")


@pytest.mark.parametrize(
    ("name", "state"),
    [
        *(("amina", state) for state in (State.DRAFT, State.IN_PROGRESS, State.VERIFIED, State.DECLINED)),
        *(("karim", state) for state in (State.ASSIGNED, State.IN_PROGRESS, State.BLOCKED)),
        ("youssef", State.SUBMITTED),
    ],
)
def test_the_page_of_an_action_marks_each_form(house: House, name: str, state: State) -> None:
    ref = house.action(state, is_priority=state is State.IN_PROGRESS)
    check(house.browser(name), f"/fr/workspace/actions/{ref}")


@pytest.mark.parametrize("state", [State.ASSIGNED, State.IN_PROGRESS, State.BLOCKED])
def test_my_actions_mark_each_form(house: House, state: State) -> None:
    house.action(state, due_on=scenes.in_days(3))
    check(house.browser("karim"), "/fr/workspace/mine")


def test_the_desk_of_a_verifier_marks_each_form(house: House) -> None:
    house.action(State.SUBMITTED)
    check(house.browser("youssef"), "/fr/workspace/desk")


@pytest.mark.parametrize("path", ["people/{karim}", "people/{karim}/roles"])
def test_the_administrator_reads_what_is_asked(house: House, path: str) -> None:
    check(house.browser("sara"), f"/fr/workspace/setup/{path.format(**house.made.people)}")


def test_reopening_a_recommendation_marks_its_reason(house: House) -> None:
    amina, home = house.browser("amina"), f"/fr/workspace/recommendations/{house.made.recommendation.ref}"
    closed = amina.post(f"{home}/closure", data={"closure": "no_longer_applicable", "reason": "La loi a changé."})
    assert closed.status_code == 303
    check(amina, f"{home}/reopening")


@pytest.mark.parametrize("ending", ["", "/split"])
def test_the_review_marks_each_form(house: House, ending: str) -> None:
    reviewer = Reviewer(house)
    reviewer.follow(reviewer.paste())
    check(reviewer.client, f"{reviewer.home}/review" + (ending and f"/proposals/{reviewer.open()}{ending}"))


def test_a_mailed_link_marks_each_form(house: House) -> None:
    with house.database.write() as session:
        made = house.made.within(session)
        key = scenes.link(made, scenes.action(made, State.ASSIGNED, is_priority=True))
    client = house.browser("karim")
    check(client, f"/fr/u/{key}")
    done = client.post(f"/fr/u/{key}", data={"s": "on_track", "once": "x"})
    check(client, done.headers["location"])


def test_signing_in_marks_its_fields(house: House) -> None:
    nobody = house.browser("omar")
    nobody.cookies.clear()
    check(nobody, "/fr/sign-in")
    asked = nobody.post("/fr/sign-in", data={"email": "amina@tatbiq.invalid", "once": "x"})
    check(nobody, asked.headers["location"])


def check(client: TestClient, path: str) -> None:
    """Each field has its mark, the browser is told the same, and the server refuses just what is marked required."""
    page = client.get(path)
    assert page.status_code == 200, path
    found = asking(page.text)
    assert found, f"nothing is asked on {path}"
    for form in found:
        for asked in form.asked:
            _is_marked(form, asked)
    for form in found:
        for asked in form.asked:
            if asked.mark == REQUIRED and not asked.is_given and not _is_kept(form, asked):
                answer = client.post(form.action, data=_filled(form, without=asked))
                assert answer.status_code == 422, f"{form.action}: {asked.names} is marked required, and is not"
    for form in found:
        answer = client.post(form.action, data=_filled(form))
        optional = {name for asked in form.asked if asked.mark == OPTIONAL for name in asked.names}
        wrong = _wrong(answer.text) & optional
        assert not wrong, f"{form.action}: {wrong} marked optional, and refused when empty"


def _is_marked(form: AskingForm, asked: Asked) -> None:
    if asked.kinds == {"checkbox"}:
        return
    assert asked.mark, f"{form.action}: {asked.names} says not whether it is required"
    has_languages = any("." in name and not name.startswith(("fates", "title_flags")) for name in asked.names)
    if not has_languages:
        assert asked.is_required == (asked.mark == REQUIRED), f"{form.action}: {asked.names} {asked.mark}"


def _is_kept(form: AskingForm, asked: Asked) -> bool:
    """Left empty, the date of the draft stands."""
    return form.action.endswith("/assignment") and asked.names == ["due_on"] and bool(asked.stands)


def _filled(form: AskingForm, without: Asked | None = None) -> dict[str, str]:
    """As somebody sends it who fills in what is required and nothing else."""
    sent = {**form.hidden, "once": f"{form.hidden.get('once', '')}.{without.names[0] if without else ''}"}
    for asked in form.asked:
        for name in asked.names:
            is_wanted = asked.mark == REQUIRED and asked is not without and asked.kinds != {"checkbox"}
            sent[name] = _value(form, asked, name) if is_wanted else ""
            if not sent[name] and asked.kinds & {"checkbox", "radio"}:
                del sent[name]
    return sent


def _value(form: AskingForm, asked: Asked, name: str) -> str:
    ending = form.action.partition("?")[0].rstrip("/").rpartition("/")[2]
    if fitting := FITTING.get((ending, name)):
        return fitting
    if offers := asked.offers.get(name):
        return offers[0]
    return asked.stands.get(name) or next((PLAUSIBLE[kind] for kind in asked.kinds if kind in PLAUSIBLE), "Texte neuf")


def _wrong(page: str) -> set[str]:
    """The names of the fields that a refused page marks: errors carry the id of their field."""
    return {
        re.sub(r"^(?:update|deadline|assignment|edit|evidence)-", "", name)
        for name in re.findall(r'id="e-([^"]+)"', page)
    }
