"""Posts over time: a change of holder on its day, and who acts for a holder on exactly the days that were named."""

import datetime as dt
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain.errors import Gone, NotAllowed, NotFound, Refused, Stale
from app.domain.permissions import Role, parts
from app.domain.workflow import Part, State
from app.models.audit import AuditEvent
from app.models.notifications import Envelope, Reminder
from app.models.people import Holding, Person, PlannedSeat, Post
from app.queries.followup import update_keys
from app.queries.followup.actions import facts
from app.queries.mailing import directory, recipients
from app.queries.setup import planned_seats
from app.services.kernel.update_links import Bound
from app.services.setup import onboarding, people, posts, roles, seats, substitutes
from tests import scenes
from tests.fixtures.settings import Configure
from tests.passes import plan_reminders
from tests.scenes import Scene

MONDAY = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def scene(session: Session) -> Iterator[Scene]:
    """The cast of Fez on a Monday, Sara who administers, and an action of Karim's."""
    with clock.at(MONDAY):
        made = scenes.scene(session)
        scenes.administrator(session, made)
        yield made


def test_a_change_decided_for_a_day_moves_nothing_before_it(scene: Scene) -> None:
    action = scenes.action(scene, State.IN_PROGRESS)
    token = scenes.link(scene, action, "karim")
    _change(scene, "salma", 3)

    _pass(scene, 2)
    assert recipients.holder(scene.session, scene.posts["karim"]) == scene.people["karim"]
    assert update_keys.opened(scene.session, token)

    _pass(scene, 3)
    assert recipients.holder(scene.session, scene.posts["karim"]) == scene.people["salma"]
    assert scene.posts["karim"] not in scene.viewer("karim").post_ids
    with pytest.raises(Gone):
        update_keys.opened(scene.session, token)
    assert _mails(scene, "handover") == ["salma"]


def test_a_day_is_the_local_day_of_the_installation(scene: Scene, configure: Configure) -> None:
    """In Tokyo it is Tuesday from three in the afternoon of Monday on, as UTC counts."""
    configure(timezone="Asia/Tokyo")
    _change(scene, "salma", 1)

    _pass_at(scene, dt.datetime(2026, 11, 30, 14, 59, tzinfo=dt.UTC))
    assert recipients.holder(scene.session, scene.posts["karim"]) == scene.people["karim"]

    _pass_at(scene, dt.datetime(2026, 11, 30, 15, tzinfo=dt.UTC))
    assert recipients.holder(scene.session, scene.posts["karim"]) == scene.people["salma"]


def test_what_was_taken_back_never_comes(scene: Scene) -> None:
    plan = _change(scene, "salma", 3)
    seats.take_back(scene.session, scene.actor("sara"), plan)

    _pass(scene, 5)

    assert recipients.holder(scene.session, scene.posts["karim"]) == scene.people["karim"]
    with pytest.raises(Refused):
        seats.take_back(scene.session, scene.actor("sara"), plan)


def test_of_a_post_one_change_is_planned_at_a_time_and_from_a_page_of_now(scene: Scene) -> None:
    version = _post(scene).version
    _change(scene, "salma", 3)

    with pytest.raises(Refused):
        _change(scene, "youssef", 5)
    with pytest.raises(Stale):
        seats.plan_change(scene.session, scene.actor("sara"), _post(scene), None, since_on=_on(4), version=version)
    with pytest.raises(NotAllowed):
        seats.plan_change(scene.session, scene.actor("omar"), _post(scene), None, since_on=_on(4))


def test_what_has_become_senseless_lapses_and_stops_no_pass(scene: Scene) -> None:
    _change(scene, "salma", 2)
    posts.hand_over(scene.session, scene.actor("sara"), _post(scene), _person(scene, "salma"), since_on=_on(0))

    _pass(scene, 2)
    _pass(scene, 3)

    assert recipients.holder(scene.session, scene.posts["karim"]) == scene.people["salma"]
    data = scene.session.scalars(
        sa.select(col(AuditEvent.data)).where(col(AuditEvent.verb) == "carry_out_change")
    ).one()
    assert data["lapsed"]


def test_a_post_left_empty_on_its_day_alarms_the_secretariat_that_day(scene: Scene) -> None:
    scenes.action(scene, State.IN_PROGRESS)
    _change(scene, None, 1)

    _pass(scene, 0)
    assert _mails(scene, "action_unheld") == []

    _pass(scene, 1)
    assert _mails(scene, "action_unheld") == ["amina"]


def test_a_post_that_owes_nothing_alarms_nobody(scene: Scene) -> None:
    posts.hand_over(scene.session, scene.actor("sara"), _post(scene), None, since_on=_on(0))

    assert _mails(scene, "action_unheld") == []


def test_whoever_acts_may_do_what_the_holder_may_from_the_first_day_to_the_last(scene: Scene) -> None:
    action = scenes.action(scene, State.IN_PROGRESS)
    _acting(scene, "youssef", 1, 2)
    allowed = []
    for day in range(4):
        _pass(scene, day)
        held = parts(scene.viewer("youssef"), facts(scene.session, action))
        allowed.append(Part.OWNER in held)
        assert Part.OWNER in parts(scene.viewer("karim"), facts(scene.session, action))

    assert allowed == [False, True, True, False]


def test_whoever_acts_has_the_owners_stake_and_may_not_verify(scene: Scene) -> None:
    action = scenes.action(scene, State.SUBMITTED)
    _acting(scene, "youssef", 1, 1)

    _pass(scene, 1)
    assert Part.VERIFIER not in parts(scene.viewer("youssef"), facts(scene.session, action))
    people_now = directory.load(scene.session)
    assert {scene.people["karim"], scene.people["youssef"]} == people_now.seated[scene.posts["karim"]]

    _pass(scene, 2)
    assert Part.VERIFIER in parts(scene.viewer("youssef"), facts(scene.session, action))


def test_the_reminders_of_exactly_those_days_go_to_whoever_acts(scene: Scene) -> None:
    """Due on Friday: four days before nothing; the day before and the day itself are reminded."""
    scenes.action(scene, State.IN_PROGRESS, due_on=_on(4))
    _acting(scene, "nadia", 3, 3)

    by_day = _reminded(scene, days=6)

    assert by_day[_on(3)] == "nadia"
    assert by_day[_on(4)] == "karim"
    assert [on for on, name in by_day.items() if name == "nadia"] == [_on(3)]


def test_the_reminders_of_a_part_go_to_whoever_acts_for_its_post(scene: Scene) -> None:
    """Karim's action has its time; Salma's part of it is due on Friday."""
    scenes.support(scene, scenes.action(scene, State.IN_PROGRESS, due_on=_on(28)), _on(4))
    post, nadia = scene.session.get_one(Post, scene.posts["salma"]), _person(scene, "nadia")
    substitutes.name(scene.session, scene.actor("sara"), post, nadia, from_on=_on(3), until_on=_on(3))

    assert _reminded(scene, days=6) == {_on(3): "nadia", _on(4): "salma"}


def test_what_fell_on_the_days_before_is_not_said_again_to_whoever_acts(scene: Scene) -> None:
    """Due on Tuesday, and nothing falls on the Wednesday."""
    scenes.action(scene, State.IN_PROGRESS, due_on=_on(1))
    _acting(scene, "nadia", 2, 2)

    assert _reminded(scene, days=3) == {_on(1): "karim"}


def _reminded(scene: Scene, days: int) -> dict[dt.date, str]:
    """By the day of the step, who was written to as the holder in so many daily passes."""
    for day in range(days):
        _pass(scene, day)
        with clock.at(MONDAY + day * DAY):
            plan_reminders(scene.session, MONDAY + day * DAY)
    heard = scene.session.execute(
        sa.select(col(Reminder.due_on), col(Reminder.person_id)).where(
            col(Reminder.message_id).is_not(None), col(Reminder.audience) == "holder"
        )
    ).all()
    names = {person_id: name for name, person_id in scene.people.items()}
    return {on: names[person_id] for on, person_id in heard}


def test_the_links_of_both_open_while_somebody_acts_and_the_others_die_with_the_last_day(scene: Scene) -> None:
    action = scenes.action(scene, State.IN_PROGRESS)
    own = scenes.link(scene, action, "karim")
    _acting(scene, "youssef", 0, 1)
    bound = Bound(scene.people["youssef"], scene.posts["karim"], action.id)
    theirs = scenes.issue(scene.session, bound, MONDAY + 20 * DAY)

    assert update_keys.opened(scene.session, own)
    assert update_keys.opened(scene.session, theirs)
    _pass(scene, 2)
    assert update_keys.opened(scene.session, own)
    with pytest.raises(Gone):
        update_keys.opened(scene.session, theirs)


def test_a_post_in_which_somebody_acts_has_one_who_is_written_to(scene: Scene) -> None:
    scenes.action(scene, State.IN_PROGRESS)
    _acting(scene, "youssef", 0, 1)

    post = scene.posts["karim"]
    assert recipients.holder(scene.session, post) == scene.people["youssef"]
    assert recipients.owing(scene.session, 0, post) == [scene.people["youssef"]]
    assert directory.load(scene.session).holders[post] == scene.people["youssef"]
    assert recipients.is_seated(scene.session, post, scene.people["karim"])
    assert _mails(scene, "handover") == ["youssef"]


def test_somebody_disabled_acts_for_nobody_and_the_holder_is_written_to(scene: Scene) -> None:
    _acting(scene, "youssef", 0, 5)

    people.disable(scene.session, scene.actor("sara"), _person(scene, "youssef"))

    assert recipients.holder(scene.session, scene.posts["karim"]) == scene.people["karim"]
    assert not planned_seats.of_post(scene.session, scene.posts["karim"])


def test_somebody_may_act_in_a_post_that_nobody_holds_and_its_last_day_alarms(scene: Scene) -> None:
    scenes.action(scene, State.IN_PROGRESS)
    _acting(scene, "youssef", 0, 1)
    posts.hand_over(scene.session, scene.actor("sara"), _post(scene), None, since_on=_on(0))
    assert _mails(scene, "action_unheld") == []

    _pass(scene, 2)

    assert _mails(scene, "action_unheld") == ["amina"]


def test_holders_choose_for_themselves_and_for_nobody_else(scene: Scene) -> None:
    plan = substitutes.choose(
        scene.session, scene.actor("karim"), _post(scene), _person(scene, "salma"), from_on=_on(2), until_on=_on(3)
    )

    assert _mails(scene, "acting_named") == ["salma"]
    assert planned_seats.of_own(scene.session, scene.viewer("karim"), plan.id) is plan
    with pytest.raises(NotFound):
        planned_seats.of_own(scene.session, scene.viewer("salma"), plan.id)
    with pytest.raises(NotAllowed):
        substitutes.choose(
            scene.session, scene.actor("salma"), _post(scene), _person(scene, "nadia"), from_on=_on(5), until_on=_on(5)
        )


def test_whoever_acts_chooses_nobody_to_act_for_them(scene: Scene) -> None:
    _acting(scene, "salma", 0, 3)

    with pytest.raises(NotAllowed):
        substitutes.choose(
            scene.session, scene.actor("salma"), _post(scene), _person(scene, "nadia"), from_on=_on(5), until_on=_on(5)
        )


def test_a_substitute_goes_with_the_holder_who_chose_them(scene: Scene) -> None:
    substitutes.choose(
        scene.session, scene.actor("karim"), _post(scene), _person(scene, "salma"), from_on=_on(0), until_on=_on(9)
    )

    posts.hand_over(scene.session, scene.actor("sara"), _post(scene), _person(scene, "nadia"), since_on=_on(0))

    assert recipients.holder(scene.session, scene.posts["karim"]) == scene.people["nadia"]
    assert scene.posts["karim"] not in scene.viewer("salma").post_ids


def test_whoever_acts_may_become_the_holder(scene: Scene) -> None:
    _acting(scene, "salma", 0, 9)

    posts.hand_over(scene.session, scene.actor("sara"), _post(scene), _person(scene, "salma"), since_on=_on(0))
    _pass(scene, 10)

    assert recipients.holder(scene.session, scene.posts["karim"]) == scene.people["salma"]


@pytest.mark.parametrize(
    ("name", "first", "last", "field"),
    [
        ("salma", -1, 2, "from_on"),
        ("salma", 3, 2, "until_on"),
        ("karim", 0, 2, "person_id"),
        ("nadia", 5, 9, "from_on"),
    ],
    ids=["days that are over", "the last before the first", "the holder", "days on which somebody acts"],
)
def test_days_and_people_that_make_no_sense(scene: Scene, name: str, first: int, last: int, field: str) -> None:
    _acting(scene, "youssef", 4, 6)

    with pytest.raises(Refused) as refusal:
        _acting(scene, name, first, last)

    assert refusal.value.field == field


def test_named_and_taken_back_before_the_first_day_they_are_told_so(scene: Scene) -> None:
    plan = _acting(scene, "salma", 3, 4)

    seats.take_back(scene.session, scene.actor("sara"), plan)

    assert _mails(scene, "acting_withdrawn") == ["salma"]
    _pass(scene, 3)
    assert scene.posts["karim"] not in scene.viewer("salma").post_ids


def test_days_that_passed_while_no_pass_ran_never_begin(scene: Scene) -> None:
    _acting(scene, "salma", 1, 2)

    _pass(scene, 9)

    assert scene.session.scalars(sa.select(Holding).where(col(Holding.is_acting))).first() is None


def test_disabling_ends_what_is_held_planned_and_acted(scene: Scene) -> None:
    scenes.action(scene, State.IN_PROGRESS)
    sara = scene.actor("sara")
    substitutes.choose(
        scene.session, scene.actor("karim"), _post(scene), _person(scene, "nadia"), from_on=_on(0), until_on=_on(9)
    )
    seats.plan_change(scene.session, sara, _post(scene, "leila"), _person(scene, "karim"), since_on=_on(3))

    people.disable(scene.session, sara, _person(scene, "karim"))
    people.enable(scene.session, sara, _person(scene, "karim"))
    _pass(scene, 5)

    assert scene.viewer("karim").post_ids == scene.viewer("nadia").post_ids == frozenset()
    assert _mails(scene, "action_unheld") == ["amina"]
    assert not scene.session.scalars(sa.select(PlannedSeat).where(col(PlannedSeat.ended_at).is_(None))).all()


def test_the_form_of_the_holder_plans_what_is_to_come(scene: Scene) -> None:
    done = onboarding.fill(
        scene.session, scene.actor("amina"), _post(scene), since_on=_on(2), person_id=scene.people["salma"]
    )

    assert isinstance(done, PlannedSeat)
    assert [row.name for row in planned_seats.of_post(scene.session, scene.posts["karim"])] == ["Salma"]


def test_a_grant_is_no_seat(scene: Scene) -> None:
    roles.grant(scene.session, scene.actor("sara"), _person(scene, "nadia"), Role.VERIFIER)

    assert recipients.holder(scene.session, scene.posts["karim"]) == scene.people["karim"]


def _change(scene: Scene, name: str | None, days: int) -> PlannedSeat:
    person = _person(scene, name) if name else None
    return seats.plan_change(scene.session, scene.actor("sara"), _post(scene), person, since_on=_on(days))


def _acting(scene: Scene, name: str, first: int, last: int) -> PlannedSeat:
    return substitutes.name(
        scene.session, scene.actor("sara"), _post(scene), _person(scene, name), from_on=_on(first), until_on=_on(last)
    )


def _pass(scene: Scene, days: int) -> None:
    _pass_at(scene, MONDAY + days * DAY)


def _pass_at(scene: Scene, at: dt.datetime) -> None:
    with clock.at(at):
        today = clock.today(settings().zone)
        for plan_id in seats.due(scene.session, today):
            seats.carry_out(scene.session, plan_id, today)


def _mails(scene: Scene, kind: str) -> list[str]:
    names = {person_id: name for name, person_id in scene.people.items()}
    query = sa.select(col(Envelope.person_id)).where(col(Envelope.kind) == kind)
    return [names[one or 0] for one in scene.session.scalars(query)]


def _on(days: int) -> dt.date:
    return MONDAY.date() + days * DAY


def _post(scene: Scene, name: str = "karim") -> Post:
    return scene.session.get_one(Post, scene.posts[name])


def _person(scene: Scene, name: str) -> Person:
    return scene.session.get_one(Person, scene.people[name])
