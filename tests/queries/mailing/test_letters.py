"""What a mail tells of an action: in the reader's language, with the days that somebody really waits."""

import datetime as dt

import pytest
from sqlmodel import Session

from app.domain.permissions import Role
from app.domain.workflow import State
from app.queries.mailing import letters
from tests import builders, scenes
from tests.builders import instant
from tests.fixtures.settings import Configure

DAY = dt.date(2026, 11, 24)
ZONES = [
    ("Pacific/Auckland", "2026-11-23T20:00"),
    ("America/New_York", "2026-11-25T02:00"),
    ("UTC", "2026-11-24T08:00"),
]


def waiting(session: Session, state: State, at: str, on: dt.date) -> int:
    then = instant(at)
    action = builders.action(session, state=state, assigned_at=then, submitted_at=then)
    return letters.item(session, action.id, "fr", on).waiting_days


@pytest.mark.parametrize(("zone", "at"), ZONES)
@pytest.mark.parametrize("state", [State.ASSIGNED, State.SUBMITTED])
def test_receipt_and_verification_are_awaited_from_the_first_local_day(
    session: Session, configure: Configure, zone: str, at: str, state: State
) -> None:
    configure(timezone=zone)

    assert [waiting(session, state, at, DAY + dt.timedelta(days)) for days in (0, 1, 29)] == [0, 1, 29]


@pytest.mark.parametrize(("zone", "at"), ZONES)
@pytest.mark.parametrize("state", [State.ACKNOWLEDGED, State.IN_PROGRESS, State.BLOCKED])
def test_word_of_the_holder_is_awaited_once_it_is_silence(
    session: Session, configure: Configure, zone: str, at: str, state: State
) -> None:
    configure(timezone=zone)

    assert [waiting(session, state, at, DAY + dt.timedelta(days)) for days in (0, 29, 30)] == [0, 0, 30]


def test_what_was_said_since_stops_the_clock(session: Session) -> None:
    action = builders.action(session, last_word_at=instant("2026-11-23"))

    assert letters.item(session, action.id, "fr", DAY).waiting_days == 0


@pytest.mark.parametrize(
    ("lang", "title"), [("ar", "دليل الشهادات"), ("fr", "Guide des certificats"), ("en", "Guide to certificates")]
)
def test_it_is_told_in_the_reader_s_language_with_a_whole_address(
    session: Session, configure: Configure, lang: str, title: str
) -> None:
    configure(base_url="https://suivi.example.ma")
    action = builders.action(session, due_on=DAY)
    told = letters.item(session, action.id, lang, DAY)

    assert (told.title, told.ref, told.due_on) == (title, action.ref, DAY)
    assert told.page == f"https://suivi.example.ma/{lang}/workspace/actions/{action.ref}"


def test_home_is_one_s_own_actions_or_else_the_desk(session: Session) -> None:
    post = builders.post(session)
    rooms = {
        "mine": builders.person(session, "Karim", Role.SECRETARIAT, holds=post),
        "desk": builders.person(session, "Amina", Role.SECRETARIAT),
    }
    for room, person in rooms.items():
        found = letters.recipients(session, [person.id])[person.id]
        assert found.to.home.endswith(f"/en/workspace/{room}")
        assert bool(found.to.post) == (room == "mine")


def test_who_holds_several_posts_is_known_by_all_of_them_and_the_first_made_comes_first(session: Session) -> None:
    posts = [builders.post(session) for _ in range(2)]
    person = builders.person(session, "Karim", holds=posts[1])
    scenes.holds(session, person.id, posts[0].id)

    found = letters.recipients(session, [person.id])[person.id]

    assert len(found.posts) == 2
    assert found.to.post == found.posts[0]
