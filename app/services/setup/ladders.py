"""The ladder of a programme: edited, and given back to ours. What is past stays past: a new step begins tomorrow."""

from dataclasses import dataclass

from sqlmodel import Session

from app import clock
from app.config import settings
from app.domain import ladder_rules, ladders, permissions
from app.domain.errors import Stale
from app.domain.ladders import OURS, LadderDays
from app.domain.rungs import Ladder
from app.models.ladders import ProgrammeLadder
from app.models.meetings import Programme
from app.queries.mailing import ladders as kept
from app.queries.scope import locks
from app.services.kernel import audit
from app.services.kernel.audit import Actor


@dataclass(frozen=True)
class Which:
    """The actions of a programme that follow one ladder."""

    programme: Programme
    is_priority: bool = False


def edit(session: Session, actor: Actor, which: Which, days: LadderDays, *, version: int | None = None) -> None:
    """Raises Problems for days that the rules forbid, Stale when somebody else edited it in the meantime."""
    permissions.require_programme(actor.viewer, which.programme.id)
    ladder_rules.checked(days)
    session.refresh(which.programme, with_for_update=locks.ROW)  # of two first edits at once the second is stale
    row, today = kept.edited(session, which.programme.id, is_priority=which.is_priority), clock.today(settings().zone)
    _expect(row, version)
    since = ladders.armed(days, kept.standing(row), today)
    if row is None:
        row = ProgrammeLadder(programme_id=which.programme.id, is_priority=which.is_priority, since_on=today, version=0)
    row.days, row.since_on = ladders.kept(days), today
    row.since = {name: on.isoformat() for name, on in since.items()}
    row.version += 1
    session.add(row)
    session.flush()
    told = row.days | {"is_priority": which.is_priority}
    verb = "restore" if days == OURS else "edit"
    audit.record(session, actor, verb, "ladder", row.id, which.programme.id, **told)


def restore(session: Session, actor: Actor, which: Which, *, version: int | None = None) -> None:
    """Back to ours: as every edit it brings nothing back that is past."""
    edit(session, actor, which, OURS, version=version)


def proposed(row: ProgrammeLadder | None, days: LadderDays) -> Ladder:
    """What `edit` would make of it now: for the preview."""
    return ladders.built(days, ladders.armed(days, kept.standing(row), clock.today(settings().zone)))


def _expect(row: ProgrammeLadder | None, version: int | None) -> None:
    """Where nobody has edited it, the version is 0."""
    stands = row.version if row else 0
    if version is not None and version != stands:
        raise Stale({"version": stands, "days": ladders.kept(ladders.of(row.days) if row else OURS)})
