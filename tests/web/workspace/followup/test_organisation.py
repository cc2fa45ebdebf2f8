"""The manager's page: what the organisation owes by post; what waits for its manager, done where it stands."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import col
from starlette.types import ASGIApp

from app import clock
from app.db import Database
from app.domain.workflow import State, Verb
from app.models.actions import Action
from app.models.extensions import ExtensionRequest
from app.models.meetings import Programme
from app.models.updates import Update
from app.services.followup import extensions, parts
from app.services.followup.transitions import Words
from tests import scenes
from tests.house import House

pytestmark = pytest.mark.sqlite_only
PAGE = "/fr/workspace/organisation"


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    return House(database, application)


def asks_for_time(house: House, ref: str, name: str = "karim") -> int:
    with house.database.write() as session:
        made = house.made.within(session)
        item = session.scalars(sa.select(Action).where(col(Action.ref) == ref)).one()
        due_on = scenes.in_days(60)
        return extensions.ask(session, made.actor(name), item, due_on=due_on, reason="L'imprimeur est fermé.").id


def age(house: House, ref: str, **columns: object) -> None:
    with house.database.write() as session:
        session.execute(sa.update(Action).where(col(Action.ref) == ref).values(**columns))


def request_of(house: House, number: int) -> ExtensionRequest:
    with house.database.read() as session:
        return session.get_one(ExtensionRequest, number)


def test_it_exists_for_managers_and_shows_nothing_of_other_organisations(house: House) -> None:
    own = house.action(State.BLOCKED)
    foreign = house.action(State.ASSIGNED, owner_post_id=house.made.posts["omar"])
    pages = {name: house.browser(name).get(PAGE) for name in house.cookies}

    assert {name for name, page in pages.items() if page.status_code == 200} == {"leila"}
    assert own in pages["leila"].text
    assert foreign not in pages["leila"].text
    assert house.browser("omar").get(PAGE).status_code == 404


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_every_section_and_each_post_s_counts_are_there_in_every_language(house: House, lang: str) -> None:
    late, blocked, asked = (house.action(state) for state in (State.IN_PROGRESS, State.BLOCKED, State.IN_PROGRESS))
    age(house, late, due_on=scenes.in_days(-3), last_word_at=clock.now() - dt.timedelta(days=50))
    asks_for_time(house, asked)
    leila, room = house.browser("leila"), f"/{lang}/workspace/organisation"

    page = leila.get(room).text

    for only, ref in (("late", late), ("blocked", blocked), ("requests", asked)):
        assert f"?only={only}" in page
        assert f"?post=follow-up&amp;only={only}" in page
        for narrowed in (f"?only={only}", f"?post=follow-up&only={only}"):
            shown = leila.get(room + narrowed).text
            assert [one for one in (late, blocked, asked) if f"actions/{one}" in shown] == [ref]
    silent = leila.get(f"{room}?post=follow-up&only=silent").text
    assert late in silent
    assert blocked not in silent
    owed = leila.get(f"{room}?post=follow-up").text
    assert all(ref in owed for ref in (late, blocked, asked))


def test_a_post_counts_what_it_supports_and_a_manager_finds_it(house: House) -> None:
    ref = house.action()
    with house.database.write() as session:
        made = house.made.within(session)
        post = scenes.post(session, "chamber-head", made.organisations["chamber"], is_manager=True)
        scenes.holds(session, made.people["nadia"], post)
    nadia = house.browser("nadia")

    assert "1 action soutenue" in nadia.get(PAGE).text
    with house.database.write() as session:
        made = house.made.within(session)
        item = session.scalars(sa.select(Action).where(col(Action.ref) == ref)).one()
        parts.say(session, made.actor("salma"), item, Verb.PART_DONE, words=Words(note="Fait"))
    # The action is not over with one part of it: the count says what the list behind it shows.
    assert "1 action soutenue" in nadia.get(PAGE).text
    assert ref in nadia.get(f"{PAGE}?post=help-desk&only=supported").text
    assert ref in nadia.get(f"{PAGE}?only=supported").text
    assert ref not in nadia.get(f"{PAGE}?only=owed").text


def test_a_request_is_endorsed_in_place_and_is_still_the_secretariat_s_to_decide(house: House) -> None:
    ref = house.action()
    number = asks_for_time(house, ref)
    leila, way = house.browser("leila"), f"/fr/workspace/actions/{ref}/extension-requests/{number}"

    page = leila.get(PAGE).text
    assert f"{way}/endorsement" in page
    assert f"{way}/grant" not in page
    sent = leila.post(f"{way}/endorsement", data={"back": f"organisation:requests:{ref}:"})

    assert sent.headers["location"] == f"{PAGE}?only=requests&said=recorded#act-{ref}"
    assert request_of(house, number).endorsed_at
    assert f"{way}/endorsement" not in leila.get(PAGE).text
    assert leila.post(f"{way}/grant", data={"due_on": "2027-12-31", "reason": "Oui."}).status_code == 403


def test_where_the_programme_allows_it_the_manager_grants_in_place(house: House) -> None:
    with house.database.write() as session:
        session.execute(sa.update(Programme).values(managers_decide=True))
    ref = house.action()
    number = asks_for_time(house, ref)
    leila, way = house.browser("leila"), f"/fr/workspace/actions/{ref}/extension-requests/{number}"

    assert f"{way}/grant" in leila.get(PAGE).text
    sent = leila.post(f"{way}/grant", data={"due_on": "2027-12-31", "reason": "Oui.", "back": "organisation"})

    assert sent.headers["location"] == f"{PAGE}?said=recorded"
    assert house.row(ref).due_on == dt.date(2027, 12, 31)


def test_an_obstacle_is_removed_and_named_in_place_and_is_no_word_of_the_holder(house: House) -> None:
    stuck, going = house.action(State.BLOCKED), house.action()
    age(house, going, due_on=scenes.in_days(-3))
    before = house.row(going).last_word_at
    leila = house.browser("leila")
    assert f"/fr/workspace/actions/{stuck}/unblocking" in leila.get(PAGE).text
    assert f"/fr/workspace/actions/{going}/updates" in leila.get(PAGE).text

    leila.post(f"/fr/workspace/actions/{stuck}/unblocking", data={"note": "Réglé.", "back": "organisation"})
    obstacle = {"s": "blocked", "block_reason": "budget", "who_can_unblock": "Le ministère", "back": "organisation"}
    sent = leila.post(f"/fr/workspace/actions/{going}/updates", data=obstacle)

    assert sent.headers["location"] == f"{PAGE}?said=recorded"
    assert (house.state(stuck), house.state(going)) == (State.IN_PROGRESS, State.BLOCKED)
    assert house.row(going).last_word_at == before
    with house.database.read() as session:
        last = session.scalars(sa.select(Update).order_by(col(Update.id).desc())).first()
        assert last
        assert last.person_id == house.made.people["leila"]


def test_a_manager_does_not_say_that_it_is_done_for_a_post_they_do_not_hold(house: House) -> None:
    ref = house.action()

    said = house.browser("leila").post(f"/fr/workspace/actions/{ref}/updates", data={"s": "done", "note": "Fait."})

    assert said.status_code == 403
    assert house.state(ref) == State.IN_PROGRESS


def test_a_manager_s_own_action_leads_to_their_own_answers(house: House) -> None:
    ref = house.action(State.ASSIGNED, owner_post_id=house.made.posts["leila"])
    age(house, ref, due_on=scenes.in_days(-3))

    assert f"/fr/workspace/mine#a-{ref}" in house.browser("leila").get(PAGE).text


def test_pages_of_one_section_follow_each_other(house: House) -> None:
    refs = [house.action() for _ in range(23)]
    age(house, refs[0], due_on=None)
    leila = house.browser("leila")

    first = leila.get(f"{PAGE}?post=follow-up").text
    after = first.partition("after=")[2].partition('"')[0]
    second = leila.get(f"{PAGE}?post=follow-up&after={after}").text

    shown = [sum(f'id="a-{ref}"' in page for ref in refs) for page in (first, second)]
    assert shown == [20, 3]
    assert f'id="a-{refs[0]}"' in second  # what has no date comes last


@pytest.mark.parametrize("query", ["only=nonsense", "only=silent", "post=stranger", "only=late&after=x", "post=%00"])
def test_what_is_none_of_ours_is_told_so(house: House, query: str) -> None:
    assert house.browser("leila").get(f"{PAGE}?{query}").status_code == 400


def test_a_manager_begins_there(house: House) -> None:
    assert house.browser("leila").get("/fr/workspace/").headers["location"] == PAGE
