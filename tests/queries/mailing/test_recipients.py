"""Who has to hear: those who hold it now and may still come in; nobody else is written to."""

import datetime as dt

import pytest
from sqlmodel import Session, col, select

from app.domain.permissions import Role
from app.models.people import Holding, Person
from app.queries.mailing import recipients
from tests import scenes
from tests.scenes import Scene


@pytest.fixture
def made(session: Session) -> Scene:
    return scenes.scene(session)


def heard(made: Scene) -> dict[str, int | list[int] | None]:
    programme = made.ids["programme"]
    return {
        "karim": recipients.holder(made.session, made.posts["karim"]),
        "leila": recipients.managers(made.session, made.organisations["centre"]),
        "amina": recipients.secretariat(made.session, programme),
        "youssef": recipients.verifiers(made.session, programme),
    }


def test_holder_managers_secretariat_and_verifiers_hear(made: Scene) -> None:
    people = made.people

    assert heard(made) == {
        "karim": people["karim"],
        "leila": [people["leila"]],
        "amina": [people["amina"]],
        "youssef": [people["youssef"]],
    }


@pytest.mark.parametrize("name", ["karim", "leila", "amina", "youssef"])
def test_whose_access_was_ended_hears_nothing_any_more(made: Scene, name: str) -> None:
    made.session.get_one(Person, made.people[name]).is_active = False
    made.session.flush()

    assert not heard(made)[name]


@pytest.mark.parametrize("name", ["karim", "leila"])
def test_who_has_left_the_post_hears_nothing_any_more(made: Scene, name: str) -> None:
    holding = made.session.exec(select(Holding).where(col(Holding.person_id) == made.people[name])).one()
    holding.until_on = dt.date(2026, 11, 1)
    made.session.flush()

    assert not heard(made)[name]


def test_a_role_in_every_programme_hears_of_this_one_and_that_of_another_does_not(made: Scene) -> None:
    session, people = made.session, made.people
    scenes.grant(session, people["nadia"], Role.SECRETARIAT)
    scenes.grant(session, people["nadia"], Role.SECRETARIAT, made.programme)

    assert recipients.secretariat(session, made.ids["programme"]) == sorted([people["amina"], people["nadia"]])
    assert recipients.secretariat(session, made.other.id) == sorted([people["omar"], people["nadia"]])


def test_only_managers_of_this_very_body_hear(made: Scene) -> None:
    assert recipients.managers(made.session, made.organisations["chamber"]) == []
    assert recipients.managers(made.session, None) == []
    assert recipients.holder(made.session, None) is None
