"""Who holds what, who answers for whom and by which ladder, all at once: for passes over thousands of actions."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col

from app.config import settings
from app.domain.ladder import Audience, Ladder
from app.domain.permissions import Role
from app.models.people import Holding, Person, Post, RoleGrant
from app.queries.mailing import ladders
from app.queries.mailing.ladders import Ladders
from app.queries.scope.seats import ACTING_FIRST, SEATED

_ROLES = (Role.SECRETARIAT, Role.VERIFIER, Role.ADMINISTRATOR)
EVERYWHERE = None


@dataclass(frozen=True)
class Directory:
    """Active people only. `vacated` tells since when a post without a holder has had none, if it ever had one."""

    holders: dict[int, int] = field(default_factory=dict)  # post → person who is written to
    managers: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))  # organisation → people
    granted: dict[tuple[Role, int | None], list[int]] = field(default_factory=lambda: defaultdict(list))
    zones: dict[int, ZoneInfo] = field(default_factory=dict)
    hours: dict[int, int] = field(default_factory=dict)  # local, at which their reminders are due
    vacated: dict[int, dt.date] = field(default_factory=dict)
    seated: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))  # post → whoever may answer for it
    acting_since: dict[int, dt.date] = field(default_factory=dict)  # post → since when somebody acts for its holder
    stood_in: dict[int, frozenset[int]] = field(default_factory=dict)  # post → whoever acted there and does no longer
    ladders: Ladders = field(default_factory=dict)  # that programmes edited
    answers: dict[int, list[int]] = field(default_factory=dict, init=False)  # programme → its secretariat, once asked

    def ladder(self, programme_id: int, *, is_priority: bool) -> Ladder:
        return ladders.of(self.ladders, programme_id, is_priority=is_priority)

    def hearing(
        self,
        audience: Audience,
        programme_id: int,
        post_id: int | None,
        organisation_id: int | None,
        stakes: Collection[int | None],
    ) -> tuple[Audience, list[int]]:
        """Who is meant by the audience, and as what they hear; who has a stake doesn't verify. Nobody: secretariat."""
        if audience is Audience.HOLDER:
            holder = self.holders.get(post_id or 0)
            return audience, [holder] if holder else []
        people: Iterable[int] = ()
        if audience is Audience.MANAGER:
            people = self.managers.get(organisation_id or 0, ())
        elif audience is Audience.VERIFIER:
            people = (person for person in self.with_role(Role.VERIFIER, programme_id) if person not in stakes)
        found = sorted(set(people))
        return (audience, found) if found else (Audience.SECRETARIAT, self.secretariat(programme_id))

    def secretariat(self, programme_id: int) -> list[int]:
        """Those of the programme; where it has none, the administrators."""
        if programme_id not in self.answers:
            found = self.with_role(Role.SECRETARIAT, programme_id)
            self.answers[programme_id] = found or self.with_role(Role.ADMINISTRATOR, EVERYWHERE)
        return self.answers[programme_id]

    def answering(self) -> list[int]:
        """Who answers for what belongs to no programme: the administrators, else every secretariat."""
        secretariats = {one for (role, _), some in self.granted.items() if role is Role.SECRETARIAT for one in some}
        return self.with_role(Role.ADMINISTRATOR, EVERYWHERE) or sorted(secretariats)

    def with_role(self, role: Role, programme_id: int | None) -> list[int]:
        here, everywhere = self.granted.get((role, programme_id), ()), self.granted.get((role, EVERYWHERE), ())
        return sorted({*here, *everywhere})


def load(session: Session, posts: Collection[int] | None = None, bodies: Collection[int] = ()) -> Directory:
    """Four statements, whatever the size: of everybody, or of who holds these posts or manages these organisations."""
    directory = Directory(ladders=ladders.load(session))
    held = (
        sa.select(
            col(Post.id),
            col(Post.organisation_id),
            col(Post.is_manager),
            col(Person.id),
            col(Person.timezone),
            col(Person.reminder_hour),
            col(Holding.since_on),
            col(Holding.is_acting),
        )
        .select_from(Holding)
        .join(Post, col(Post.id) == col(Holding.post_id))
        .join(Person, col(Person.id) == col(Holding.person_id))
        .where(SEATED, col(Person.is_active))
    )
    if posts is not None:
        manages = sa.and_(col(Post.organisation_id).in_(bodies), col(Post.is_manager))
        held = held.where(sa.or_(col(Post.id).in_(posts), manages))
    for seat in session.execute(held.order_by(ACTING_FIRST, col(Holding.id))):
        _enter(directory, *seat)
    _load_roles(session, directory)
    _load_former(session, directory, posts)
    return directory


def _enter(
    directory: Directory, post_id: int, body_id: int, is_manager: bool, person_id: int, zone: str, *seat: Any
) -> None:
    """Of two at one post whoever acts comes first, and is the one who is written to."""
    hour, since_on, is_acting = seat
    directory.seated[post_id].add(person_id)
    directory.zones[person_id], directory.hours[person_id] = zone_of(zone), hour
    if post_id in directory.holders:
        return
    directory.holders[post_id] = person_id
    if is_acting:
        directory.acting_since[post_id] = since_on
    if is_manager:
        directory.managers[body_id].append(person_id)


def _load_former(session: Session, directory: Directory, posts: Collection[int] | None) -> None:
    whose = (col(Holding.post_id), col(Holding.person_id), col(Holding.is_acting))
    ended = sa.select(*whose, sa.func.max(col(Holding.until_on))).where(col(Holding.until_on).is_not(None))
    if posts is not None:
        ended = ended.where(col(Holding.post_id).in_(posts))
    for post_id, person_id, is_acting, until_on in session.execute(ended.group_by(*whose)):
        directory.vacated[post_id] = max(until_on, directory.vacated.get(post_id, until_on))
        if is_acting:
            directory.stood_in[post_id] = directory.stood_in.get(post_id, frozenset()) | {person_id}


def _load_roles(session: Session, directory: Directory) -> None:
    whose = (col(Person.id), col(Person.timezone), col(Person.reminder_hour))
    granted = (
        sa.select(col(RoleGrant.role), col(RoleGrant.programme_id), *whose)
        .join(Person, col(Person.id) == col(RoleGrant.person_id))
        .where(col(RoleGrant.role).in_(_ROLES), col(Person.is_active))
    )
    for role, programme_id, person_id, zone, hour in session.execute(granted):
        directory.granted[role, programme_id].append(person_id)
        directory.zones[person_id], directory.hours[person_id] = zone_of(zone), hour


def zone_of(name: str) -> ZoneInfo:
    """A zone that the tables no longer know must not stop the pass for everybody else."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return settings().zone
