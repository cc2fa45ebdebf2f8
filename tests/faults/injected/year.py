"""A year of the demonstration, hour by hour: what people do in it, and how each action stands at eight o'clock."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, jobs
from app.config import settings
from app.db import Database
from app.domain.errors import DomainError
from app.domain.permissions import Role
from app.domain.workflow import OPEN, BlockReason
from app.models.actions import Action
from app.models.notifications import DayOff
from app.models.people import Holding, PlannedSeat, Post, RoleGrant
from app.queries.scope import calendar, viewers
from app.services.followup import closures, updates, verifications
from app.services.followup.transitions import Words
from app.services.kernel.audit import Actor
from tests.faults.injected.expected import Ladder, Standing

_HOUR, _DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
_MORNING, _ACTS_AT = 8, 11
Moved = dict[dt.date, dict[dt.date, bool]]  # by the day on which an administrator says so: which days are off, or not
Told = Callable[[int], None]


@dataclass
class Year:
    """`passes`: the instants of all of them."""

    database: Database
    first: dt.date
    moved: Moved
    chance: random.Random = field(default_factory=lambda: random.Random(8))
    passes: list[dt.datetime] = field(default_factory=list)
    acts: Counter[str] = field(default_factory=Counter)

    def run(self, days: int, told: Told) -> Ladder:
        """Every hour one pass, through the function that the command and the schedule call too."""
        ladder = Ladder(self.first, frozenset())
        now = dt.datetime.combine(self.first, dt.time(0), dt.UTC)
        for _ in range(days * 24):
            local = now.astimezone(settings().zone)
            if local.hour == 0:
                self._holidays(local.date())
            if local.hour == _MORNING:
                with self.database.read() as session:
                    ladder.off = calendar.around(session, local.date())
                    ladder.morning(local.date(), standings(session))
            done = jobs.run_pass(now)
            assert not done.failed, done.failed
            self.passes.append(now)
            if local.hour == _ACTS_AT and local.weekday() < 5:
                self._act(now)
                with self.database.read() as session:
                    ladder.noon(local.date(), standings(session))
            told(1)
            now += _HOUR
        return ladder

    def _holidays(self, today: dt.date) -> None:
        with self.database.write() as session:
            for on, is_off in self.moved.get(today, {}).items():
                session.merge(DayOff(on=on, name="Eid", is_off=is_off))

    def _act(self, now: dt.datetime) -> None:
        """One or two a day do what is theirs to do, as far as it is allowed."""
        for _ in range(self.chance.randrange(3)):
            name, act = self.chance.choice(ACTS)
            with suppress(DomainError), clock.at(now), self.database.write() as session:
                action = self.chance.choice(_open_ones(session))
                act(session, action, self.chance)
                self.acts[name] += 1


def _open_ones(session: Session) -> list[Action]:
    return list(session.scalars(sa.select(Action).where(col(Action.state).in_(OPEN)).order_by(col(Action.id))))


def _holder(session: Session, action: Action) -> Actor:
    held = sa.select(col(Holding.person_id)).where(
        col(Holding.post_id) == action.owner_post_id, col(Holding.until_on).is_(None), ~col(Holding.is_acting)
    )
    return _as(session, session.scalars(held).first())


def _with(session: Session, role: Role) -> Actor:
    return _as(session, session.scalars(sa.select(col(RoleGrant.person_id)).where(col(RoleGrant.role) == role)).first())


def _as(session: Session, person_id: int | None) -> Actor:
    viewer = viewers.by_person(session, person_id or 0)
    if viewer is None:
        raise DomainError
    return Actor(viewer)


def _submit(session: Session, action: Action, _chance: random.Random) -> None:
    updates.submit(session, _holder(session, action), action, words=Words(note="Done as agreed"))


def _block(session: Session, action: Action, _chance: random.Random) -> None:
    who = _holder(session, action)
    updates.block(session, who, action, block_reason=BlockReason.BUDGET, who_can_unblock="The budget office")


def _verify(session: Session, action: Action, _chance: random.Random) -> None:
    verifications.verify(session, _with(session, Role.VERIFIER), action)


def _return(session: Session, action: Action, _chance: random.Random) -> None:
    verifications.send_back(session, _with(session, Role.VERIFIER), action, reason="The figures are missing")


def _more_time(session: Session, action: Action, chance: random.Random) -> None:
    later = (action.due_on or clock.today(settings().zone)) + chance.randrange(5, 60) * _DAY
    secretariat = _with(session, Role.SECRETARIAT)
    closures.move_deadline(session, secretariat, action, due_on=later, reason="More time for the tender", is_past=True)


ACTS: tuple[tuple[str, Callable[[Session, Action, random.Random], object]], ...] = (
    ("acknowledge", lambda session, action, _: updates.acknowledge(session, _holder(session, action), action)),
    ("on_track", lambda session, action, _: updates.on_track(session, _holder(session, action), action)),
    ("block", _block),
    ("unblock", lambda session, action, _: updates.unblock(session, _holder(session, action), action)),
    ("submit", _submit),
    ("verify", _verify),
    ("return", _return),
    ("more_time", _more_time),
)


def standings(session: Session) -> list[Standing]:
    """Of actions whose post one person holds, and nobody else is going to."""
    zone = settings().zone
    open_seats = sa.select(col(Holding.post_id), col(Holding.person_id)).where(col(Holding.until_on).is_(None))
    seats = [tuple(row) for row in session.execute(open_seats)]
    moving = {*session.scalars(sa.select(col(PlannedSeat.post_id)))}
    moving |= {*session.scalars(sa.select(col(Holding.post_id)).where(col(Holding.until_on).is_not(None)))}
    holders = {post: person for post, person in seats if post not in moving}
    led = session.execute(sa.select(col(Post.id), col(Post.organisation_id)).where(col(Post.is_manager)))
    managing = {body: holders[post] for post, body in led if post in holders}
    granted = [(one.role, one.programme_id, one.person_id) for one in session.scalars(sa.select(RoleGrant))]
    found = []
    for action in _open_ones(session):
        holder = holders.get(action.owner_post_id or 0)
        if holder is None or action.assigned_at is None:
            continue
        assigned_on = clock.day(action.assigned_at, zone)
        has = {
            role: tuple(sorted({who for one, at, who in granted if one is role and at in (None, action.programme_id)}))
            for role in (Role.VERIFIER, Role.SECRETARIAT)
        }
        verifiers = tuple(one for one in has[Role.VERIFIER] if one not in {holder, action.submitted_by_id})
        manager = managing.get(action.lead_organisation_id or 0)
        found.append(
            Standing(
                action.id, action.state.value, action.due_on, action.deadline_version,
                max(assigned_on, clock.day(action.deadline_set_at, zone) or assigned_on), assigned_on,
                clock.day(action.blocked_at, zone), clock.day(action.submitted_at, zone), holder,
                (manager,) if manager else (), verifiers, has[Role.SECRETARIAT],
            )
        )  # fmt: skip
    return found
