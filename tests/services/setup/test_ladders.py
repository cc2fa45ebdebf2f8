"""A programme's own ladder: who edits it, that it looks only ahead, that nothing goes twice and nothing is lost."""

import datetime as dt
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app import clock
from app.db import Database
from app.domain.errors import NotAllowed, Problems, Stale
from app.domain.ladder import Kind
from app.domain.ladders import OURS, LadderDays, kept
from app.domain.permissions import Role
from app.domain.workflow import State
from app.models.actions import Action
from app.models.audit import AuditEvent
from app.models.ladders import ProgrammeLadder
from app.models.meetings import Programme
from app.models.notifications import Envelope, Reminder, ReminderState
from app.models.people import Post
from app.models.recommendations import Recommendation
from app.queries.followup import dossier
from app.queries.mailing import ladder_candidates
from app.queries.mailing import reminders as owed
from app.queries.mailing.letters import recipients
from app.queries.scope import viewers
from app.services.kernel.audit import SERVICE, Actor
from app.services.mailing.letters import Case, LetterCache, QueuedMessage, acts, keys
from app.services.setup import ladders
from app.services.setup.ladders import Which
from tests import builders, passes
from tests.builders import instant

FRIDAY = dt.date(2026, 11, 27)
SOONER = replace(OURS, before=(1, 4, 21), after=(2,), manager=5)


@pytest.fixture
def action(session: Session) -> Action:
    """Karim's, in hand, due on Tuesday, December 22nd, in Amina's programme and Leila's organisation."""
    programme = builders.programme(session)
    body = builders.organisation(session)
    post = builders.post(session, body)
    builders.person(session, "Amina", Role.SECRETARIAT, at=programme)
    builders.person(session, "Leila", holds=builders.post(session, body, is_manager=True))
    builders.person(session, "Karim", holds=post)
    parent = builders.recommendation(session, builders.meeting(session, programme))
    return builders.action(session, parent, post, due_on=dt.date(2026, 12, 22), assigned_at=instant("2026-11-23"))


def another(session: Session, action: Action, **values: Any) -> Action:
    post = session.get_one(Post, action.owner_post_id)
    return builders.action(session, session.get_one(Recommendation, action.recommendation_id), post, **values)


def edit(session: Session, action: Action, days: LadderDays, day: str, *, is_priority: bool = False) -> None:
    programme = session.get_one(Programme, action.programme_id)
    with clock.at(instant(day)):
        ladders.edit(session, SERVICE, Which(programme, is_priority), days)
    session.flush()


def planned(session: Session, day: str) -> list[tuple[str, str]]:
    """What a pass of that morning records that goes, by audience."""
    before = set(session.scalars(select(Reminder.id)))
    with clock.at(instant(day)):
        passes.plan_reminders(session, instant(day))
    session.flush()
    session.expire_all()
    rows = session.scalars(select(Reminder).where(col(Reminder.state) == ReminderState.PLANNED))
    return sorted((row.audience, row.step) for row in rows if row.id not in before)


def over(session: Session, first: dt.date, days: int) -> dict[str, list[tuple[str, str]]]:
    every = [(first + dt.timedelta(days=number)).isoformat() for number in range(days)]
    return {day: some for day in every if (some := planned(session, day))}


def actor(session: Session, *roles: Role, at: Programme | None = None) -> Actor:
    person = builders.person(session, "Sara", *roles, at=at)
    viewer = viewers.by_person(session, person.id)
    assert viewer
    return Actor(viewer)


def test_its_secretariat_and_administrators_edit_it_and_nobody_else(session: Session, action: Action) -> None:
    programme = session.get_one(Programme, action.programme_id)
    which = Which(programme)
    for by in (
        actor(session, Role.SECRETARIAT, at=programme),
        actor(session, Role.ADMINISTRATOR),
        actor(session, Role.SECRETARIAT),
    ):
        ladders.edit(session, by, which, SOONER)
        ladders.restore(session, by, which)
    for by in (
        actor(session, Role.SECRETARIAT, at=builders.programme(session)),
        actor(session, Role.VERIFIER, at=programme),
        actor(session),
    ):
        with pytest.raises(NotAllowed):
            ladders.edit(session, by, which, SOONER)
        with pytest.raises(NotAllowed):
            ladders.restore(session, by, which)


def test_each_edit_is_in_the_record_with_its_days(session: Session, action: Action) -> None:
    edit(session, action, SOONER, "2026-11-27", is_priority=True)
    edit(session, action, OURS, "2026-11-28", is_priority=True)

    events = session.scalars(select(AuditEvent).where(col(AuditEvent.subject_kind) == "ladder")).all()
    assert [(event.verb, event.programme_id) for event in events] == [
        ("edit", action.programme_id),
        ("restore", action.programme_id),
    ]
    assert events[0].data["before"] == [1, 4, 21]
    assert events[0].data["is_priority"] is True


def test_days_that_break_a_rule_are_kept_by_no_door(session: Session, action: Action) -> None:
    with pytest.raises(Problems):
        edit(session, action, replace(OURS, deciders=()), "2026-11-27")
    assert not session.scalars(select(ProgrammeLadder)).all()


def test_whoever_saw_another_version_is_told(session: Session, action: Action) -> None:
    which = Which(session.get_one(Programme, action.programme_id))
    ladders.edit(session, SERVICE, which, SOONER, version=0)

    for days, version in ((SOONER, 0), (OURS, 2)):
        with pytest.raises(Stale) as caught:
            ladders.edit(session, SERVICE, which, days, version=version)
        assert caught.value.current["version"] == 1
        assert caught.value.current["days"] == kept(SOONER)
    ladders.restore(session, SERVICE, which, version=1)


def test_of_many_first_edits_at_once_one_is_kept_and_the_others_are_told(database: Database) -> None:
    with database.write() as session:
        programme_id = builders.programme(session).id

    def first(number: int) -> str:
        try:
            with database.write() as session:
                which = Which(session.get_one(Programme, programme_id))
                ladders.edit(session, SERVICE, which, replace(OURS, before=(number + 2,)), version=0)
        except Stale:
            return "told"
        return "kept"

    with ThreadPoolExecutor(8) as pool:
        ended = Counter(pool.map(first, range(8)))

    assert ended == {"kept": 1, "told": 7}
    with database.read() as session:
        assert [row.version for row in session.scalars(select(ProgrammeLadder))] == [1]


def test_the_holder_and_those_above_hear_on_the_days_of_the_edited_ladder(session: Session, action: Action) -> None:
    edit(session, action, SOONER, "2026-11-27")

    assert over(session, dt.date(2026, 11, 28), 45) == {
        "2026-12-01": [("holder", "before_21")],
        "2026-12-18": [("holder", "before_4")],
        "2026-12-21": [("holder", "before_1")],
        "2026-12-22": [("holder", "day_0")],
        "2026-12-24": [("holder", "after_2")],
        "2026-12-28": [("manager", "manager_5")],
        "2026-12-31": [("holder", "after_9")],
        "2027-01-05": [("secretariat", "secretariat_14")],
        "2027-01-07": [("holder", "after_16")],
    }


def test_what_falls_on_the_day_of_the_edit_or_before_is_not_caught_up(session: Session, action: Action) -> None:
    planned(session, "2026-11-30")
    late = replace(OURS, before=(1, 20, 21, 22))

    edit(session, action, late, "2026-12-01T06:00")

    assert over(session, dt.date(2026, 12, 1), 10) == {"2026-12-02": [("holder", "before_20")]}


def test_what_both_ladders_have_is_not_lost_on_the_day_of_the_edit(session: Session, action: Action) -> None:
    edit(session, action, replace(SOONER, before=(1, 14)), "2026-12-08T06:00")

    assert planned(session, "2026-12-08") == [("holder", "before_14")]


def test_an_edit_while_much_is_late_brings_no_storm(session: Session, action: Action) -> None:
    for number in range(60):
        another(session, action, due_on=FRIDAY - dt.timedelta(days=number))
    planned(session, "2026-11-27")
    reminded = session.scalars(select(Reminder.id)).all()
    envelopes = len(session.scalars(select(Envelope.id)).all())

    for hour, days in enumerate((replace(OURS, after=(1, 2, 4, 5, 6, 8), manager=1, secretariat=2), OURS, SOONER)):
        edit(session, action, days, f"2026-11-27T{10 + hour}:00")
        assert not planned(session, f"2026-11-27T{10 + hour}:30")

    assert session.scalars(select(Reminder.id)).all() == reminded
    assert len(session.scalars(select(Envelope.id)).all()) == envelopes


@pytest.mark.parametrize("seed", range(2))
def test_switched_back_and_forth_nothing_goes_twice_and_nobody_is_forgotten(
    session: Session, action: Action, seed: int
) -> None:
    dice = random.Random(seed)
    for number in range(8):
        another(session, action, due_on=FRIDAY + dt.timedelta(days=number * 3), is_priority=bool(number % 2))
    some = (SOONER, OURS, replace(OURS, before=(2, 8), after=(1, 9), is_weekly=False), replace(OURS, manager=None))
    mornings: list[tuple[str, str]] = []
    for number in range(40):
        day = FRIDAY + dt.timedelta(days=number)
        if dice.random() < 0.4:
            at = f"{day}T{dice.choice(('06:00', '12:00'))}"
            edit(session, action, dice.choice(some), at, is_priority=dice.random() < 0.5)
        planned(session, day.isoformat())

    rows = session.scalars(select(Reminder)).all()
    assert len(rows) == len({(row.person_id, row.subject_id, row.step, row.deadline_version) for row in rows})
    went = [row for row in rows if row.state is ReminderState.PLANNED and row.audience == "holder"]
    mornings = [(row.subject_id, row.at.date()) for row in went]  # type: ignore[misc]
    assert max(Counter(mornings).values()) == 1, "one action twice in one morning"
    assert all(row.due_on >= FRIDAY - dt.timedelta(40) for row in rows)
    assert {row.subject_id for row in went} >= {one.id for one in session.scalars(select(Action))}


def test_actions_with_priority_climb_their_own_ladder(session: Session, action: Action) -> None:
    urgent = another(session, action, due_on=action.due_on, is_priority=True)

    edit(session, action, SOONER, "2026-11-27", is_priority=True)

    assert over(session, dt.date(2026, 11, 28), 5) == {"2026-12-01": [("holder", "before_21")]}
    assert [row.subject_id for row in session.scalars(select(Reminder).where(col(Reminder.step) == "before_21"))] == [
        urgent.id
    ]


def test_another_programme_keeps_ours(session: Session, action: Action) -> None:
    other = builders.programme(session)
    edit(session, action, SOONER, "2026-11-27")
    action.programme_id = other.id
    session.flush()

    assert over(session, dt.date(2026, 11, 28), 14) == {"2026-12-08": [("holder", "before_14")]}


def test_a_step_far_before_the_deadline_is_found_in_time(session: Session, action: Action) -> None:
    action.due_on = FRIDAY + dt.timedelta(days=93)
    edit(session, action, replace(OURS, before=(90,)), "2026-11-27")

    assert over(session, FRIDAY, 10) == {"2026-11-30": [("holder", "before_90")]}


def test_a_short_wait_for_receipt_and_for_verification_is_found_in_time(session: Session, action: Action) -> None:
    edit(session, action, replace(OURS, confirm=1, verifiers=(1,)), "2026-11-27")
    waits = another(session, action, state=State.ASSIGNED, assigned_at=instant("2026-11-30T10:00"))
    done = another(session, action, state=State.SUBMITTED, submitted_at=instant("2026-11-30T10:00"))

    planned(session, "2026-12-01")

    rows = session.scalars(select(Reminder)).all()
    assert {(row.subject_id, row.step) for row in rows} == {
        (waits.id, "assigned_1@2026-11-30"),
        (done.id, "submitted_1@2026-11-30"),
    }


def test_what_waits_to_leave_drops_out_where_the_ladder_has_it_no_longer_and_stays_where_it_has(
    session: Session, action: Action
) -> None:
    planned(session, "2026-12-08")  # before_14, kept back by a relay that hangs
    rows, at = session.scalars(select(Reminder)).all(), instant("2026-12-08T12:00")
    assert [row.step for row in rows] == ["before_14"]

    edit(session, action, SOONER, "2026-12-08T11:00")
    assert not owed.still_owed(session, rows, at)
    edit(session, action, OURS, "2026-12-08T11:30")
    assert len(owed.still_owed(session, rows, at)) == 1, "it has the step again, and nobody has heard it"
    assert not planned(session, "2026-12-09")


def test_a_pass_that_remembers_looks_again_when_a_ladder_was_edited(session: Session, action: Action) -> None:
    assert not planned(session, "2026-11-27")
    mark = owed.mark(session, instant("2026-11-27"))

    edit(session, action, replace(OURS, before=(22,)), "2026-11-27")

    assert owed.mark(session, instant("2026-11-27")) != mark
    assert planned(session, "2026-11-30") == [("holder", "before_22")]


def case(session: Session, action: Action, now: dt.datetime) -> Case:
    holder = ladder_candidates.chosen(session, [(Kind.ACTION, action.id)])[0].holders[action.owner_post_id or 0]
    envelope = QueuedMessage(0, holder, "action_assigned", "", "action", action.id, {})
    return Case(LetterCache(session, now), envelope, recipients(session, [holder])[holder])


@pytest.mark.parametrize("kind", [Kind.ACTION, Kind.PART])
def test_a_key_lives_until_the_next_step_of_the_edited_ladder_and_a_fortnight_more(
    session: Session, action: Action, kind: Kind
) -> None:
    now = instant("2026-11-30T09:00")  # before_21 is tomorrow; by ours the next one is in eight days
    at, days = case(session, action, now), {}
    for edited in (OURS, SOONER):
        edit(session, action, edited, "2026-11-27")
        table = LetterCache(session, now)
        at = replace(at, table=table, keys=[])
        _, [candidate] = ladder_candidates.chosen(session, [(Kind.ACTION, action.id)])
        subject = replace(candidate, kind=kind, subject=replace(candidate.subject, kind=kind))
        with clock.at(now):
            keys.morning_answers(at, subject, table.told([action.id])[action.id])
        days[edited] = (at.keys[0]["expires_at"] - now).days  # type: ignore[operator]

    assert days == {OURS: 8 + 14, SOONER: 1 + 14}


def test_the_assignment_and_the_page_of_the_action_announce_the_ladder_of_the_programme(
    session: Session, action: Action
) -> None:
    edit(session, action, SOONER, "2026-11-27")
    action.state, action.assigned_at = State.ASSIGNED, instant("2026-11-27")
    session.flush()

    letter = acts.assigned(case(session, action, instant("2026-11-27T09:00")))

    assert [step.rung for step in letter.ladder if step.rung.startswith(("before", "after", "manager"))] == [
        "before_21", "before_4", "before_1", "after_2", "manager_5", "after_9",
    ]  # fmt: skip
    action.state = State.IN_PROGRESS
    ahead = [step.rung for step in dossier._ahead(session, action, FRIDAY)]
    assert ahead[:3] == ["before_21", "before_4", "before_1"]
