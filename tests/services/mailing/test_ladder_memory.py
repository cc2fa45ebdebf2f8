"""A pass that remembers finds what one that remembers nothing finds, whatever happened in between, whoever did it."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock
from app.domain.ladders import OURS
from app.domain.permissions import Role
from app.domain.workflow import State
from app.models.actions import Action, ActionSupport, Milestone
from app.models.notifications import DayOff, Envelope, Look, Reminder
from app.models.people import Holding, RoleGrant
from app.queries.mailing import reminders as owed
from app.services.kernel.audit import SERVICE
from app.services.mailing import reminders
from app.services.setup import ladders
from app.services.setup.ladders import Which
from tests import builders, passes
from tests.builders import instant

START = instant("2026-11-23")
ZONES = ("Africa/Casablanca", "Africa/Casablanca", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Auckland")
STATES = (State.ASSIGNED, State.ACKNOWLEDGED, State.IN_PROGRESS, State.BLOCKED, State.SUBMITTED, State.VERIFIED)
DAYS = 30


class Walk:
    """A small programme to which something happens every day, by hand in the tables."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session, self.dice, self.now = session, random.Random(seed), START
        programme = self.programme = builders.programme(session)
        bodies = [builders.organisation(session) for _ in range(2)]
        self.bodies = [body.id for body in bodies]
        self.posts = [builders.post(session, bodies[number % 2], is_manager=number > 2) for number in range(5)]
        self.people = [builders.person(session, f"Karim{n}", holds=post) for n, post in enumerate(self.posts)]
        self.people += [builders.person(session, "Amina", Role.SECRETARIAT, at=programme)]
        self.people += [builders.person(session, f"Nadia{n}", Role.VERIFIER, at=programme) for n in range(2)]
        self.parent = builders.recommendation(session, builders.meeting(session, programme))
        for _ in range(6):
            self.add()
        self.acts: tuple[Callable[[], None], ...] = (
            self.add, self.move, self.move, self.step, self.step, self.step, self.reassign, self.leave, self.arrive,
            self.disable, self.travel, self.travel, self.grant, self.day_off, self.day_off, self.stone, self.stone,
            self.part, self.part, self.part, self.hold, self.lose, self.edit, self.edit,
        )  # fmt: skip

    def happen(self) -> None:
        for _ in range(self.dice.randrange(4)):
            self.dice.choice(self.acts)()
            self.session.flush()
        self.session.expire_all()

    def day(self, reach: int = 40) -> dt.date:
        return self.now.date() + dt.timedelta(self.dice.randrange(-reach, reach))

    def action(self) -> Action:
        return self.dice.choice(self.session.scalars(select(Action).order_by(col(Action.id))).all())

    def add(self) -> None:
        at = self.now - dt.timedelta(self.dice.randrange(60))
        state = self.dice.choice(STATES[:4])
        action = builders.action(
            self.session, self.parent, self.dice.choice(self.posts), due_on=self.day(), assigned_at=at
        )
        self.turn(action, state)

    def turn(self, action: Action, state: State) -> None:
        action.state = state
        action.blocked_at = self.now if state is State.BLOCKED else None
        action.submitted_at = self.now if state is State.SUBMITTED else None
        action.submitted_by_id = self.dice.choice(self.people).id if state is State.SUBMITTED else None

    def step(self) -> None:
        self.turn(self.action(), self.dice.choice(STATES))

    def move(self) -> None:
        action = self.action()
        action.due_on, action.deadline_version = self.day(), action.deadline_version + 1
        action.deadline_set_at = self.now if self.dice.random() < 0.5 else None

    def reassign(self) -> None:
        action = self.action()
        action.owner_post_id, action.lead_organisation_id = (
            self.dice.choice(self.posts).id,
            self.dice.choice(self.bodies),
        )

    def leave(self) -> None:
        post = self.dice.choice(self.posts)
        held = sa.update(Holding).where(col(Holding.post_id) == post.id, col(Holding.until_on).is_(None))
        self.session.execute(held.values(until_on=self.now.date()))

    def arrive(self) -> None:
        self.leave()
        post, person = self.dice.choice(self.posts), self.dice.choice(self.people)
        held = select(Holding).where(col(Holding.post_id) == post.id, col(Holding.until_on).is_(None))
        if not self.session.scalars(held).first():
            row = Holding(post_id=post.id, person_id=person.id, since_on=self.now.date(), created_at=self.now)
            self.session.add(row)

    def disable(self) -> None:
        person = self.dice.choice(self.people)
        person.is_active = not person.is_active

    def travel(self) -> None:
        self.dice.choice(self.people).timezone = self.dice.choice(ZONES)

    def grant(self) -> None:
        found = self.session.scalars(select(RoleGrant).order_by(col(RoleGrant.id))).all()
        if len(found) > 2 and self.dice.random() < 0.5:
            self.session.delete(self.dice.choice(found))
            return
        role = self.dice.choice((Role.SECRETARIAT, Role.VERIFIER))
        person = self.dice.choice(self.people)
        self.session.add(RoleGrant(person_id=person.id, role=role, created_at=self.now))

    def day_off(self) -> None:
        self.session.merge(DayOff(on=self.day(10), is_off=self.dice.random() < 0.7))

    def stone(self) -> None:
        found = self.session.scalars(select(Milestone).order_by(col(Milestone.id))).all()
        if found and self.dice.random() < 0.5:
            row = self.dice.choice(found)
            row.due_on, row.done_on = self.day(), self.now.date() if self.dice.random() < 0.5 else None
            return
        self.session.add(Milestone(action_id=self.action().id, titles={"fr": "Marché"}, due_on=self.day()))

    def part(self) -> None:
        action, post = self.action(), self.dice.choice(self.posts)
        row = ActionSupport(
            action_id=action.id, organisation_id=self.dice.choice(self.bodies), post_id=post.id, due_on=self.day()
        )
        self.session.merge(row)

    def edit(self) -> None:
        """The ladder of the programme, or that of its actions with priority."""
        before = tuple(sorted(self.dice.sample(range(1, 60), self.dice.randrange(4))))
        days = replace(OURS, before=before, confirm=self.dice.randrange(1, 6), is_weekly=self.dice.random() < 0.7)
        which = Which(self.programme, self.dice.random() < 0.3)
        with clock.at(self.now):
            ladders.edit(self.session, SERVICE, which, self.dice.choice((OURS, days)))

    def hold(self) -> None:
        """This morning's mails are in somebody's hand: what comes up now waits for the next one."""
        self.session.execute(sa.update(Envelope).values(attempts=1))

    def lose(self) -> None:
        rows = self.session.scalars(select(Reminder).order_by(col(Reminder.id).desc()).limit(5)).all()
        for row in rows[:2]:
            self.session.delete(row)


def keys(session: Session, now: dt.datetime) -> list[tuple[object, ...]]:
    return sorted((*one.key, one.goes, one.period) for one in owed.due(session, now).owed)


def found_by_all(session: Session, now: dt.datetime) -> list[tuple[object, ...]]:
    """By a pass that remembers nothing."""
    with session.begin_nested() as undone:
        reminders.forget(session)
        whole = keys(session, now)
        undone.rollback()
    return whole


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_a_pass_that_remembers_finds_what_one_that_does_not_would_find(
    session: Session, seed: int
) -> None:
    walk = Walk(session, seed)
    quiet = 0
    for _ in range(DAYS):
        back = walk.dice.random() < 0.1
        walk.now += dt.timedelta(walk.dice.randrange(-12, 0) if back else walk.dice.randrange(3))
        walk.now = walk.now.replace(hour=walk.dice.choice((3, 8, 9, 13, 19, 22)))
        walk.happen()
        expected = found_by_all(session, walk.now)

        assert keys(session, walk.now) == expected, walk.now
        with clock.at(walk.now):
            passes.plan_reminders(session, walk.now)
        quiet += not expected
    assert 0 < quiet < DAYS
    assert session.scalars(select(Look)).all()


def test_what_comes_up_while_the_mornings_mail_is_in_somebodys_hand_is_told_the_next_morning(session: Session) -> None:
    programme = builders.programme(session)
    post = builders.post(session)
    builders.person(session, "Karim", holds=post)
    parent = builders.recommendation(session, builders.meeting(session, programme))
    morning = START.replace(hour=9)

    def due_today() -> Action:
        return builders.action(
            session, parent, post, state=State.IN_PROGRESS, due_on=morning.date(), assigned_at=START - dt.timedelta(90)
        )

    def planned(now: dt.datetime) -> set[int]:
        with clock.at(now):
            passes.plan_reminders(session, now)
        session.flush()
        return set(session.scalars(sa.select(col(Reminder.subject_id))))

    first = due_today()
    assert planned(morning) == {first.id}
    session.execute(sa.update(Envelope).values(attempts=1))

    second = due_today()
    assert planned(morning + dt.timedelta(minutes=1)) == {first.id}
    assert planned(morning + dt.timedelta(days=1)) == {first.id, second.id}


def test_whoever_sleeps_while_the_others_hear_is_told_in_their_own_morning(session: Session) -> None:
    """However many passes looked at the subject in between, and found that all who were awake had heard."""
    programme = builders.programme(session)
    post = builders.post(session)
    builders.person(session, "Karim", holds=post)
    near = builders.person(session, "Youssef", Role.VERIFIER, at=programme)
    far = builders.person(session, "Nadia", Role.VERIFIER, at=programme, timezone="America/Los_Angeles")
    parent = builders.recommendation(session, builders.meeting(session, programme))
    long_ago = START - dt.timedelta(30)
    builders.action(session, parent, post, state=State.SUBMITTED, submitted_at=long_ago, assigned_at=long_ago)
    told = {}
    for hour in (9, 10, 11, 18):
        now = START.replace(hour=hour)
        with clock.at(now):
            passes.plan_reminders(session, now)
        told[hour] = set(session.scalars(sa.select(col(Reminder.person_id))))

    assert told == {9: {near.id}, 10: {near.id}, 11: {near.id}, 18: {near.id, far.id}}
