"""A post that owes something and has nobody stands on the desk at once, in the programmes that wait for it."""

from sqlmodel import Session

from app import clock
from app.domain.desk import DeskSection
from app.domain.permissions import Role
from app.domain.workflow import State
from app.models.people import Person, Post
from app.queries.followup import desk
from app.services.kernel.audit import SERVICE
from app.services.setup import people, posts, substitutes
from tests import scenes
from tests.scenes import Scene


def test_left_empty_it_stands_there_at_once_and_goes_when_somebody_is_named(session: Session) -> None:
    made = scenes.scene(session)
    scenes.action(made, State.IN_PROGRESS)
    assert _vacant(made) == []

    _hand_over(made, None)
    assert _vacant(made) == ["follow-up"]
    assert _vacant(made, only=DeskSection.VACANT) == ["follow-up"]

    _hand_over(made, "nadia")
    assert _vacant(made) == []


def test_whose_holder_was_disabled_is_vacant_and_with_somebody_acting_is_not(session: Session) -> None:
    made = scenes.scene(session)
    scenes.action(made, State.IN_PROGRESS)
    people.disable(session, SERVICE, session.get_one(Person, made.people["karim"]))
    assert _vacant(made) == ["follow-up"]

    today, salma = scenes.in_days(0), session.get_one(Person, made.people["salma"])
    substitutes.name(session, made.actor("amina"), _post(made), salma, from_on=today, until_on=today)

    assert _vacant(made) == []


def test_it_is_nothing_to_other_programmes_nor_where_nothing_is_owed(session: Session) -> None:
    made = scenes.scene(session)
    _hand_over(made, None)
    assert _vacant(made) == []

    scenes.draft(made)
    assert _vacant(made) == []

    scenes.action(made, State.ASSIGNED)
    scenes.grant(session, made.people["youssef"], Role.SECRETARIAT, made.other)
    assert _vacant(made) == ["follow-up"]
    assert _vacant(made, "omar") == _vacant(made, "youssef") == []


def test_counting_and_listing_agree_from_page_to_page(session: Session) -> None:
    made = scenes.scene(session)
    for number in range(desk.MANY + 3):
        vacant = scenes.post(session, f"empty-{number}", made.organisations["centre"])
        scenes.action(made, State.ASSIGNED, owner_post_id=vacant)

    first = _desk(made, only=DeskSection.VACANT)
    rest = _desk(made, only=DeskSection.VACANT, after=first.next)

    assert first.counts[DeskSection.VACANT] == desk.MANY + 3
    assert (len(first.vacant), len(rest.vacant), rest.next) == (desk.MANY, 3, "")


def _desk(made: Scene, name: str = "amina", only: DeskSection | None = None, after: str = "") -> desk.Desk:
    return desk.of(made.session, made.viewer(name), clock.now(), scenes.in_days(0), only, after)


def _vacant(made: Scene, name: str = "amina", only: DeskSection | None = None) -> list[str]:
    return [post.slug for post in _desk(made, name, only).vacant]


def _hand_over(made: Scene, name: str | None) -> None:
    person = made.session.get_one(Person, made.people[name]) if name else None
    posts.hand_over(made.session, made.actor("amina"), _post(made), person, since_on=scenes.in_days(0))


def _post(made: Scene) -> Post:
    return made.session.get_one(Post, made.posts["karim"])
