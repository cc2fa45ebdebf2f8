"""Handover notes on their pages: for whoever holds the post now and for the secretariat, as they stood that day."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col
from starlette.types import ASGIApp

from app import clock
from app.config import settings
from app.db import Database
from app.domain.permissions import Role
from app.domain.workflow import State
from app.models.actions import Action
from app.models.handovers import HandoverNote
from app.models.people import Person, Post
from app.queries.followup import handovers
from app.services.followup import actions, updates
from app.services.followup.transitions import Words
from app.services.setup import posts, substitutes
from tests import scenes
from tests.house import House

WORDS = "Le devis de l’imprimeur est arrivé."
ROOM = "/fr/workspace/handovers"


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    """Two actions of Karim's post, one of them late, and a third that it merely supports; then it is Nadia's."""
    house = House(database, application)
    late, open_one = house.action(State.IN_PROGRESS, due_on=scenes.in_days(-9)), house.action(State.SUBMITTED)
    with database.write() as session:
        made = house.made.within(session)
        updates.report(session, made.actor("karim"), _action(session, late), words=Words(note=WORDS))
    assert (late, open_one) == ("FM-2026-01.1", "FM-2026-01.2")
    return house


@pytest.mark.sqlite_only
def test_a_stranger_finds_neither_the_note_nor_its_words(house: House) -> None:
    number = _handed_over(house)

    for name in ("omar", "karim", "salma", "youssef"):
        assert house.browser(name).get(f"{ROOM}/{number}").status_code == 404, name
        assert f"{ROOM}/{number}" not in house.browser(name).get(ROOM).text


@pytest.mark.sqlite_only
def test_the_holder_and_the_secretariat_read_what_is_late_and_open_with_last_words_and_documents(house: House) -> None:
    number = _handed_over(house)

    for name in ("nadia", "amina"):
        assert f"{ROOM}/{number}" in house.browser(name).get(ROOM).text
        page = house.browser(name).get(f"{ROOM}/{number}").text
        assert page.index("FM-2026-01.1") < page.index("FM-2026-01.2")
        for said in ("1 action en retard", "1 action ouverte", WORDS, "Le guide", "Karim", "Nadia"):
            assert said in page.replace("\xa0", " ").replace("\u202f", " "), said
    assert f"{ROOM}/{number}" in house.browser("amina").get("/fr/workspace/setup/posts/follow-up").text


@pytest.mark.sqlite_only
def test_it_stays_as_it_was_and_leaves_out_what_has_gone_elsewhere(house: House) -> None:
    number = _handed_over(house)
    with house.database.write() as session:
        made = house.made.within(session)
        updates.report(session, made.actor("nadia"), _action(session, "FM-2026-01.1"), words=Words(note="Tout change."))
        moved = _action(session, "FM-2026-01.1")
        leila = made.posts["leila"]
        actions.reassign(session, made.actor("amina"), moved, owner_post_id=leila, reason="Autre service.")

    mine, theirs = (house.browser(name).get(f"{ROOM}/{number}").text for name in ("nadia", "amina"))

    assert "FM-2026-01.1" not in mine
    assert WORDS in theirs
    assert "Tout change." not in theirs


def test_the_pages_of_a_long_note_follow_each_other(session: Session) -> None:
    made = scenes.scene(session)
    for number in range(30):
        scenes.action(made, due_on=scenes.in_days(number - 5))
    supported = scenes.action(made)
    scenes.support(made, supported)
    _hand_over(made, "nadia")

    page = handovers.get(session, made.viewer("nadia"), _note(session))
    rest = handovers.get(session, made.viewer("nadia"), _note(session), page.next)

    assert (page.late, page.open) == (5, 26)
    assert len(page.lines) == handovers.PER_PAGE
    assert [line.position for line in page.lines + rest.lines] == list(range(1, 32))
    assert not rest.next


def test_a_supporting_post_is_handed_over_with_its_part(session: Session) -> None:
    made = scenes.scene(session)
    scenes.support(made, scenes.action(made), due_on=scenes.in_days(3))

    _hand_over(made, "nadia", "salma")

    [line] = handovers.get(session, made.viewer("nadia"), _note(session)).lines
    assert (line.is_part, line.due_on) == (True, scenes.in_days(3))


def test_whoever_acts_has_a_note_of_their_own_for_as_long_as_they_act(session: Session) -> None:
    made = scenes.scene(session)
    scenes.action(made)
    nadia, today = session.get_one(Person, made.people["nadia"]), scenes.in_days(0)
    acting = substitutes.name(session, made.actor("amina"), _post(made), nadia, from_on=today, until_on=today)
    assert handovers.get(session, made.viewer("nadia"), _note(session)).row.is_acting

    substitutes.finish(session, made.actor("amina"), acting)

    assert handovers.listed(session, made.viewer("nadia")) == []


def test_a_post_that_owes_nothing_leaves_no_note(session: Session) -> None:
    made = scenes.scene(session)

    _hand_over(made, "nadia")

    assert session.scalars(sa.select(HandoverNote)).first() is None


def test_of_another_programme_a_secretariat_reads_nothing_in_it(session: Session) -> None:
    made = scenes.scene(session)
    scenes.action(made)
    elsewhere = scenes.person(session, "meriem")
    scenes.grant(session, elsewhere, Role.SECRETARIAT, made.other)
    made.people["meriem"] = elsewhere

    _hand_over(made, "nadia")

    assert handovers.listed(session, made.viewer("meriem")) == []


def _handed_over(house: House) -> int:
    with house.database.write() as session:
        _hand_over(house.made.within(session), "nadia")
        return _note(session)


def _hand_over(made: scenes.Scene, to: str, whose: str = "karim") -> None:
    person = made.session.get_one(Person, made.people[to])
    today = clock.today(settings().zone)
    posts.hand_over(made.session, made.actor("amina"), _post(made, whose), person, since_on=today)


def _note(session: Session) -> int:
    return session.scalars(sa.select(col(HandoverNote.id))).one() or 0


def _post(made: scenes.Scene, whose: str = "karim") -> Post:
    return made.session.get_one(Post, made.posts[whose])


def _action(session: Session, ref: str) -> Action:
    return session.scalars(sa.select(Action).where(col(Action.ref) == ref)).one()
