"""Who hears as what, of thousands at once: active people without a stake; nobody means the secretariat."""

import datetime as dt

import pytest
from sqlmodel import Session, col, select

from app.domain.ladder import Audience
from app.domain.permissions import Role
from app.models.people import Holding, Person
from app.queries.mailing import directory
from tests import scenes
from tests.scenes import Scene


@pytest.fixture
def made(session: Session) -> Scene:
    return scenes.scene(session)


def hearing(made: Scene, audience: Audience, *stakes: str) -> tuple[Audience, list[int]]:
    return directory.load(made.session).hearing(
        audience,
        made.ids["programme"],
        made.posts["karim"],
        made.organisations["centre"],
        {made.people[name] for name in stakes},
    )


def test_each_audience_has_its_people(made: Scene) -> None:
    heard = {audience: hearing(made, audience) for audience in (Audience.HOLDER, Audience.MANAGER, Audience.VERIFIER)}

    assert heard == {
        Audience.HOLDER: (Audience.HOLDER, [made.people["karim"]]),
        Audience.MANAGER: (Audience.MANAGER, [made.people["leila"]]),
        Audience.VERIFIER: (Audience.VERIFIER, [made.people["youssef"]]),
    }


def test_a_verifier_with_a_stake_is_not_asked_to_verify(made: Scene) -> None:
    scenes.grant(made.session, made.people["karim"], Role.VERIFIER, made.programme)

    assert hearing(made, Audience.VERIFIER, "karim") == (Audience.VERIFIER, [made.people["youssef"]])
    assert hearing(made, Audience.VERIFIER, "karim", "youssef") == (Audience.SECRETARIAT, [made.people["amina"]])


@pytest.mark.parametrize(
    ("name", "audience"), [("leila", Audience.MANAGER), ("youssef", Audience.VERIFIER), ("karim", Audience.HOLDER)]
)
def test_whose_access_was_ended_is_replaced_by_the_secretariat_and_never_written_to(
    made: Scene, name: str, audience: Audience
) -> None:
    made.session.get_one(Person, made.people[name]).is_active = False
    made.session.flush()

    as_what, heard = hearing(made, audience)

    assert as_what is (audience if audience is Audience.HOLDER else Audience.SECRETARIAT)
    assert heard == ([] if audience is Audience.HOLDER else [made.people["amina"]])


def test_without_a_secretariat_the_administrators_answer(made: Scene) -> None:
    sara = scenes.person(made.session, "sara")
    scenes.grant(made.session, sara, Role.ADMINISTRATOR)
    made.session.get_one(Person, made.people["amina"]).is_active = False
    made.session.flush()

    assert directory.load(made.session).secretariat(made.ids["programme"]) == [sara]


def test_an_empty_post_is_empty_since_its_last_holder_left(made: Scene) -> None:
    holding = made.session.exec(select(Holding).where(col(Holding.post_id) == made.posts["karim"])).one()
    holding.until_on = dt.date(2026, 11, 20)
    made.session.flush()

    found = directory.load(made.session)

    assert found.vacated == {made.posts["karim"]: dt.date(2026, 11, 20)}
    assert made.posts["karim"] not in found.holders


def test_each_programme_has_its_own_secretariat_however_often_it_is_asked_for(made: Scene) -> None:
    everybody = directory.load(made.session)
    asked = [everybody.secretariat(one.id) for one in (made.programme, made.other, made.programme, made.other)]

    assert asked == [[made.people["amina"]], [made.people["omar"]]] * 2
