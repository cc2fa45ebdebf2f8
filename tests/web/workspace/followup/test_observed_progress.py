"""The observer's page: one screen for one region or all, of what the observer reads and of nothing else."""

import pytest
import sqlalchemy as sa
from sqlmodel import col
from starlette.types import ASGIApp

from app.db import Database
from app.domain.permissions import Role
from app.domain.workflow import State
from app.models.actions import Action
from app.models.people import Person, RoleGrant
from app.queries.followup import observed_progress
from app.services.kernel.audit import SERVICE
from app.services.meetings import meetings
from app.services.setup import roles
from tests import scenes
from tests.house import House
from tests.statements import counted

pytestmark = pytest.mark.sqlite_only
PAGE = "/fr/workspace/overview"


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    return House(database, application)


def elsewhere(house: House, state: State = State.BLOCKED) -> str:
    """An action of a meeting in another region."""
    with house.database.write() as session:
        made = house.made.within(session)
        here = made.meeting
        made.meeting = meetings.create(
            session, made.actor("amina"), made.programme, titles={"fr": "Rencontre d'Oujda"}, held_on=here.held_on,
            region="OR",
        )  # fmt: skip
        made.recommendation = scenes.recommendation(made)
        return scenes.action(made, state).ref


def limit(house: House, **narrowed: object) -> None:
    """Nadia observes no more than that."""
    with house.database.write() as session:
        made = house.made.within(session)
        session.execute(sa.delete(RoleGrant).where(col(RoleGrant.person_id) == made.people["nadia"]))
        nadia = session.get_one(Person, made.people["nadia"])
        roles.grant(session, SERVICE, nadia, Role.OBSERVER, programme_id=made.programme.id, **narrowed)  # type: ignore[arg-type]


def test_it_exists_for_those_who_read_a_programme_and_shows_nothing_of_others(house: House) -> None:
    ref = house.action(State.BLOCKED)
    pages = {name: house.browser(name).get(PAGE) for name in house.cookies}

    assert {name for name, page in pages.items() if page.status_code == 200} == {"amina", "youssef", "nadia", "omar"}
    assert {name for name, page in pages.items() if ref in page.text} == {"amina", "youssef", "nadia"}


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_it_says_what_is_late_what_is_stuck_and_who_can_free_it(house: House, lang: str) -> None:
    stuck, late = house.action(State.BLOCKED), house.action()
    with house.database.write() as session:
        session.execute(sa.update(Action).where(col(Action.ref) == late).values(due_on=scenes.in_days(-12)))

    page = house.browser("nadia").get(f"/{lang}/workspace/overview").text

    assert all(word in page for word in (stuck, late, "Le ministère", "?region=FM", "overdue=1", "state=blocked"))


def test_one_region_shows_that_region_alone(house: House) -> None:
    here, there = house.action(State.BLOCKED), elsewhere(house)
    nadia = house.browser("nadia")

    whole, oriental = nadia.get(PAGE).text, nadia.get(f"{PAGE}?region=OR").text

    assert [ref for ref in (here, there) if ref in whole] == [here, there]
    assert [ref for ref in (here, there) if ref in oriental] == [there]
    assert "region=FM" not in oriental
    listed = nadia.get("/fr/workspace/actions?region=OR&state=blocked").text
    assert [ref for ref in (here, there) if ref in listed] == [there]
    assert nadia.get(f"{PAGE}?region=XX").status_code == 400
    assert nadia.get("/fr/workspace/actions?region=XX").status_code == 400


def test_whoever_observes_one_region_sees_it_and_no_other(house: House) -> None:
    here, there = house.action(State.BLOCKED), elsewhere(house)
    limit(house, region="OR")
    nadia = house.browser("nadia")

    for path in (PAGE, "/fr/workspace/actions", f"{PAGE}?region=FM"):
        page = nadia.get(path).text
        assert here not in page
        assert (there in page) is ("FM" not in path)
    assert nadia.get(f"/fr/workspace/actions/{there}").status_code == 200
    assert nadia.get(f"/fr/workspace/actions/{here}").status_code == 404


@pytest.mark.parametrize("in_programme", [True, False])
def test_whoever_observes_one_region_counts_what_is_of_it_now(house: House, in_programme: bool) -> None:
    house.action()
    elsewhere(house)
    with house.database.write() as session:
        made = house.made.within(session)
        session.execute(sa.delete(RoleGrant).where(col(RoleGrant.person_id) == made.people["nadia"]))
        scenes.grant(session, made.people["nadia"], Role.OBSERVER, made.programme if in_programme else None)
        session.execute(
            sa.update(RoleGrant).where(col(RoleGrant.person_id) == made.people["nadia"]).values(region="OR")
        )

    def counted_there() -> dict[str, int]:
        with house.database.read() as session:
            viewer = house.made.within(session).viewer("nadia")
            found = observed_progress.of(session, viewer, scenes.in_days(0)).regions
            return {code: sum(counts.values()) for code, counts in found.items()}

    assert counted_there() == {"OR": 1}
    with house.database.write() as session:
        made = house.made.within(session)
        meetings.edit(session, made.actor("amina"), made.meeting, region="OR")
    assert counted_there() == {"OR": 2}


def test_whoever_observes_one_organisation_sees_what_it_leads_or_supports(house: House) -> None:
    ref = house.action(State.BLOCKED)
    limit(house, organisation_id=house.made.organisations["chamber"])
    assert ref in house.browser("nadia").get(PAGE).text, "the chamber supports it"

    limit(house, organisation_id=house.made.organisations["agency"])
    assert ref not in house.browser("nadia").get(PAGE).text


def test_it_costs_the_same_however_much_there_is(house: House) -> None:
    def cost() -> int:
        with house.database.read() as session:
            viewer = house.made.within(session).viewer("nadia")
            return counted(session, lambda: observed_progress.of(session, viewer, scenes.in_days(0)))

    house.action(State.BLOCKED)
    few = cost()
    for _ in range(4):
        house.action(State.BLOCKED)
        elsewhere(house)

    assert cost() == few


def test_an_observer_begins_there(house: House) -> None:
    assert house.browser("nadia").get("/fr/workspace/").headers["location"] == PAGE
