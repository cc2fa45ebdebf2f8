"""What managers and observers read of a week, and that nothing stands twice in the week of who has several shapes."""

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.domain import regions
from app.domain.digest_shapes import ROWS, DigestShape
from app.domain.digests import Window
from app.domain.permissions import Role
from app.domain.progress import Status
from app.domain.workflow import State, Verb
from app.models.actions import Action
from app.models.notifications import DigestWindow, Outcome
from app.models.people import Holding, Organisation, Person, RoleGrant
from app.models.rollups import Scope, Tallied, Tally
from app.queries.mailing import digest_standings, digests
from app.queries.mailing.digest_rows import DigestReader, ObservedFigures, Week
from app.services.followup import extensions
from tests import builders, published, scenes
from tests.builders import instant
from tests.scenes import Scene
from tests.statements import counted

WINDOW = Window(instant("2026-11-16"), instant("2026-11-23"))


@pytest.fixture
def made(session: Session) -> Scene:
    return scenes.scene(session)


def owed(made: Scene, days: int, state: State = State.IN_PROGRESS, **values: object) -> Action:
    """Of Karim's post, due in so many days."""
    found = scenes.action(made, state)
    for name, value in {"due_on": scenes.in_days(days), **values}.items():
        setattr(found, name, value)
    made.session.flush()
    return found


def seat(made: Scene, name: str = "") -> None:
    """Karim leaves the post; somebody else has it then, or nobody."""
    [held] = made.session.scalars(select(Holding).where(col(Holding.post_id) == made.posts["karim"])).all()
    held.until_on = dt.date(2026, 11, 1)
    made.session.flush()
    if name:
        scenes.holds(made.session, made.people[name], made.posts["karim"])


def week(made: Scene, name: str) -> Week:
    return digests.week(made.session, DigestReader(made.people[name], scenes.in_days(0), WINDOW))


def sections(found: Week) -> dict[str, tuple[int, ...]]:
    return {name: rows.ids for shape in DigestShape for name, rows in found.of(shape).items()}


def test_a_manager_reads_what_is_asked_stuck_late_and_due_in_the_organisation(made: Scene) -> None:
    late, due = (owed(made, days) for days in (-3, 7))
    owed(made, 8)
    stuck = owed(made, -9, State.BLOCKED)

    assert sections(week(made, "leila")) == {
        "body_blocked": (stuck.id,), "body_overdue": (late.id,), "body_due": (due.id,),
    }  # fmt: skip


def test_a_request_waits_for_the_manager_until_it_is_endorsed_and_never_for_who_asked(made: Scene) -> None:
    action = owed(made, 2)
    asked = extensions.ask(made.session, made.actor("karim"), action, due_on=scenes.in_days(30), reason="Le visa")
    before = sections(week(made, "leila"))
    extensions.endorse(made.session, made.actor("leila"), action, asked)

    assert before == {"body_requests": (action.id,)}
    assert "body_requests" not in sections(week(made, "leila"))
    assert "body_requests" not in sections(week(made, "karim"))


def test_a_manager_hears_of_posts_that_owe_something_and_have_nobody(made: Scene) -> None:
    action = owed(made, 60)
    assert "vacant" not in sections(week(made, "leila"))
    seat(made)

    idle = builders.post(made.session, made.session.get_one(Organisation, made.organisations["centre"]))
    found = week(made, "leila").vacant
    assert found.ids == (action.owner_post_id,), f"not {idle.id}, which owes nothing"
    scenes.holds(made.session, made.people["omar"], made.posts["karim"])
    assert week(made, "leila").vacant.ids == ()
    made.session.get_one(Person, made.people["omar"]).is_active = False
    made.session.flush()
    assert week(made, "leila").vacant.ids == found.ids, "who has no access answers for nothing"
    assert found.posts[action.owner_post_id or 0].open == 1


def test_nobody_manages_a_stranger_organisation(made: Scene) -> None:
    owed(made, -3)

    assert week(made, "omar").is_empty


def test_what_is_ones_own_to_do_stands_there_and_not_in_the_organisation_as_well(made: Scene) -> None:
    late = owed(made, -3)
    seat(made, "leila")
    found = week(made, "leila")

    assert sections(found) == {"overdue": (late.id,)}


def test_who_owns_it_and_supports_it_as_well_is_told_of_the_whole(made: Scene) -> None:
    action = owed(made, 3)
    scenes.support(made, action, scenes.in_days(2))
    [held] = made.session.scalars(select(Holding).where(col(Holding.post_id) == made.posts["salma"])).all()
    held.until_on = dt.date(2026, 11, 1)
    made.session.flush()
    scenes.holds(made.session, made.people["karim"], made.posts["salma"])

    found = week(made, "karim").due
    assert (found.ids, found.parts) == ((action.id,), {})


def test_a_secretariat_that_owes_something_reads_it_once(made: Scene) -> None:
    late, far = (owed(made, days, last_word_at=instant("2026-09-01")) for days in (-3, 60))
    assert sections(week(made, "amina")) == {"silence": (late.id, far.id)}
    seat(made, "amina")

    assert sections(week(made, "amina")) == {"overdue": (late.id,), "silence": (far.id,)}
    assert week(made, "amina").silence.total == 1


def test_what_stands_elsewhere_takes_no_row_from_what_does_not(made: Scene) -> None:
    owed(made, -3, last_word_at=instant("2026-08-01"))
    far = [owed(made, 60, last_word_at=instant("2026-09-01")).id for _ in range(ROWS)]
    seat(made, "amina")

    assert week(made, "amina").silence.ids == tuple(far)


def test_the_secretariat_of_another_programme_hears_of_none_of_it(made: Scene) -> None:
    other = builders.programme(made.session)
    builders.grant(made.session, made.session.get_one(Person, made.people["omar"]), Role.SECRETARIAT, other)
    asked = owed(made, 20, last_word_at=instant("2026-09-01"))
    extensions.ask(made.session, made.actor("karim"), asked, due_on=scenes.in_days(30), reason="Le visa")
    for state in (State.SUBMITTED, State.DECLINED, State.IN_PROGRESS):
        owed(made, -3, state, last_word_at=instant("2026-09-01"))

    assert week(made, "amina").requests.total == 2
    assert week(made, "omar").is_empty


def test_a_request_of_a_silent_holder_is_told_once(made: Scene) -> None:
    action = owed(made, 20, last_word_at=instant("2026-09-01"))
    extensions.ask(made.session, made.actor("karim"), action, due_on=scenes.in_days(30), reason="Le visa")
    action.last_word_at = instant("2026-09-01")
    made.session.flush()

    assert sections(week(made, "amina")) == {"requests": (action.id,)}


def test_an_observer_reads_what_is_stuck_late_for_long_and_moved_each_once(session: Session) -> None:
    made = scenes.scene(session, published=True)
    stuck = owed(made, -40, State.BLOCKED)
    long = owed(made, -31)
    owed(made, -30)
    moved = owed(made, 60, moved_at=instant("2026-11-17"), is_public=True)
    before = owed(made, 60, moved_at=instant("2026-11-15"), is_public=True)
    for action in (stuck, long):
        action.moved_at, action.is_public = instant("2026-11-17"), True
    session.flush()
    found = week(made, "nadia")

    assert sections(found) == {"stuck": (stuck.id,), "long_overdue": (long.id,), "moved": (moved.id,)}
    assert before.id not in found.moved.ids
    moved.moved_at = WINDOW.end_at
    session.flush()
    assert week(made, "nadia").moved.ids == (), "that is the next week's"
    moved.moved_at, moved.is_public = instant("2026-11-17"), False
    session.flush()
    assert week(made, "nadia").moved.ids == (), "what is not public has not moved for an observer"


def test_what_is_public_is_counted_once_in_the_figures(made: Scene) -> None:
    place = regions.numbers([made.programme.id], "")[0]
    for is_public, count in ((False, 3), (True, 2)):
        row = {"scope": Scope.REGION, "scope_id": place, "counted": Tallied.RECOMMENDATIONS, "is_public": is_public}
        made.session.execute(sa.insert(Tally).values(**row, status=Status.IMPLEMENTED, count=count))

    found = week(made, "nadia").figures
    assert found
    assert (found.done, found.of) == (3, 3)


def test_figures_stand_beside_those_of_the_same_that_were_told_last_before_the_window(made: Scene) -> None:
    now = week(made, "nadia").figures
    assert now
    assert now.before is None

    def decided(period: str, end: str, outcome: Outcome, done: int, scope: str = now.scope) -> None:
        figures = {"scope": scope, "done": done, "of": 9, "is_of_actions": False}
        begun, ended = instant("2026-11-01"), instant(end)
        row: dict[str, Any] = {"person_id": made.people["nadia"], "period": period, "start_at": begun, "end_at": ended}
        made.session.add(DigestWindow(**row, outcome=outcome, figures=figures))
        made.session.flush()

    decided("2026-W44", "2026-11-02", Outcome.SENT, 1)
    decided("2026-W45", "2026-11-09", Outcome.EMPTY, 2)
    decided("2026-W46", "2026-11-16", Outcome.MISSED, 3)
    decided("2026-W47", "2026-11-23", Outcome.SENT, 4)
    found = week(made, "nadia").figures
    assert found
    assert (found.before, found.of_before) == (2, 9)

    decided("2026-W46.5", "2026-11-15", Outcome.SENT, 5, scope="something else")
    assert week(made, "nadia").figures == now


@pytest.mark.parametrize(
    ("region", "body", "is_told"),
    [("FM", None, True), ("CS", None, False), (None, "centre", True), (None, "agency", False)],
)
def test_a_narrowed_observer_reads_of_their_part_alone(
    made: Scene, region: str | None, body: str | None, *, is_told: bool
) -> None:
    stuck = owed(made, -40, State.BLOCKED)
    moved = owed(made, 60, moved_at=instant("2026-11-17"), is_public=True)
    reader = builders.person(made.session, "Wali")
    grant = RoleGrant(
        person_id=reader.id, role=Role.OBSERVER, programme_id=made.programme.id, region=region,
        organisation_id=made.organisations[body] if body else None, created_at=instant("2026-01-01"),
    )  # fmt: skip
    made.session.add(grant)
    made.session.flush()

    found = digests.week(made.session, DigestReader(reader.id, scenes.in_days(0), WINDOW))

    assert found.stuck.ids == ((stuck.id,) if is_told else ())
    assert found.moved.ids == ((moved.id,) if is_told else ())


def test_an_observer_of_an_organisation_reads_what_it_leads_and_what_it_supports_each_once(made: Scene) -> None:
    """And not what others lead and support, nor what is late for less than a month, nor in another programme."""
    led, supported, both, *others = (owed(made, days) for days in (-40, -41, -42, -43, -30))
    stuck = owed(made, -50, State.BLOCKED)
    for action in (supported, both, stuck):
        scenes.support(made, action)
    for action in (led, both):
        action.lead_organisation_id = made.organisations["chamber"]
    others[1].lead_organisation_id = made.organisations["chamber"]
    elsewhere = builders.recommendation(made.session, builders.meeting(made.session, made.other))
    abroad = builders.action(made.session, elsewhere, due_on=scenes.in_days(-60))
    abroad.lead_organisation_id = made.organisations["chamber"]
    reader = builders.person(made.session, "Wali")
    made.session.add(
        RoleGrant(
            person_id=reader.id, role=Role.OBSERVER, programme_id=made.programme.id,
            organisation_id=made.organisations["chamber"], created_at=instant("2026-01-01"),
        )
    )  # fmt: skip
    made.session.flush()

    found = digests.week(made.session, DigestReader(reader.id, scenes.in_days(0), WINDOW))

    assert (found.long_overdue.ids, found.long_overdue.total) == ((both.id, supported.id, led.id), 3)
    assert (found.stuck.ids, found.stuck.total) == ((stuck.id,), 1)


def test_of_the_programmes_of_ones_own_desk_the_desk_tells(made: Scene) -> None:
    owed(made, -40, State.BLOCKED)
    assert week(made, "nadia").stuck.total == 1
    scenes.grant(made.session, made.people["nadia"], Role.SECRETARIAT, made.programme)

    assert not week(made, "nadia").of(DigestShape.OBSERVER)


def test_a_week_in_which_nothing_happened_is_empty_for_an_observer_but_not_one_in_which_the_figures_moved() -> None:
    same = ObservedFigures("1,,", 3, 10, before=3, of_before=10)
    assert Week(figures=same).is_empty
    assert Week(figures=ObservedFigures("1,,", 3, 10)).is_empty
    assert not Week(figures=ObservedFigures("1,,", 4, 10, before=3, of_before=10)).is_empty


def test_a_handful_of_managers_is_as_many_statements_as_one(made: Scene) -> None:
    readers = [DigestReader(made.people["leila"], scenes.in_days(0), WINDOW)]
    for name in ("Rachid", "Hind", "Samir"):
        body = builders.organisation(made.session)
        post = builders.post(made.session, body, is_manager=True)
        person = builders.person(made.session, name, holds=post)
        builders.action(made.session, None, post, due_on=dt.date(2026, 11, 1))
        readers.append(DigestReader(person.id, scenes.in_days(0), WINDOW))
    one = counted(made.session, lambda: digests.weeks(made.session, readers[:1]))

    assert counted(made.session, lambda: digests.weeks(made.session, readers)) == one
    found = digests.weeks(made.session, readers)
    assert [week.overdue.total for week in found.values()] == [0, 1, 1, 1]


def test_news_of_the_organisation_leaves_out_ones_own_acts(made: Scene) -> None:
    session, action = made.session, owed(made, 60)
    published.act(session, action, Verb.REPORT, State.IN_PROGRESS, "2026-11-17")

    assert sections(week(made, "leila")) == {"body_changed": (action.id,)}


def test_the_shapes_are_those_that_posts_and_grants_bring(made: Scene) -> None:
    found = digest_standings.of(made.session, list(made.people.values()))
    shapes = {name: digest_standings.shapes(found[person]) for name, person in made.people.items()}

    assert shapes["karim"] == [DigestShape.OWNER]
    assert shapes["leila"] == [DigestShape.OWNER, DigestShape.MANAGER]
    assert shapes["amina"] == [DigestShape.SECRETARIAT]
    assert shapes["nadia"] == [DigestShape.OBSERVER]
    assert shapes["youssef"] == []
