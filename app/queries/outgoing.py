"""What goes out in the next days, and the ledger of what went, as far as a viewer answers for it.

A preview records nothing. Texts and sign-in mails are not in the lists; `text` gives one to whom may read all of it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import digests, ladder
from app.domain.errors import NotFound
from app.domain.ladder import Audience
from app.domain.permissions import Viewer
from app.domain.titles import Titles
from app.models.actions import Action, Milestone
from app.models.meetings import Programme
from app.models.notifications import HAS_FAILED, Delivery, Message
from app.models.people import Person
from app.queries import ahead, ledgers, ranges, readers, reminders
from app.queries.directory import zone_of
from app.queries.ledgers import Scope

PAGE, FEW = 50, 20
SUBJECTS = 100  # open actions that one page of the preview looks at
_RECENT = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the ladder in a coming mail."""

    ref: str
    titles: Titles
    audience: Audience
    rung: str
    days: int  # from the deadline, or from what the rung counts from


@dataclass(frozen=True, slots=True)
class Coming:
    """One mail to one person: a morning's reminders, a digest (without lines), or a message already queued."""

    on: dt.date
    person_id: int
    name: str
    kind: str
    lines: tuple[Line, ...] = ()
    subject: str = ""  # of one that was written and put off


@dataclass(frozen=True)
class Preview:
    mails: list[Coming]
    next: str  # cursor of the actions that were not looked at, empty when all were


@dataclass(frozen=True, slots=True)
class Went:
    """One line of the ledger: to whom, why, when, how it ended."""

    id: int
    kind: str
    period: str
    state: Delivery
    person_id: int
    name: str
    address: str
    subject: str
    ref: str | None  # of the action it is about, if it is about one
    created_at: dt.datetime
    due_at: dt.datetime
    sent_at: dt.datetime | None
    ended_at: dt.datetime | None
    attempts: int
    reason: str


def preview(session: Session, viewer: Viewer, now: dt.datetime, after: str = "") -> Preview:
    """The next seven days by day and person, if nothing changes; empty for whoever answers for no programme.

    However many actions there are, so many of the open ones are looked at, those under way first; `after` is the cursor
    of the ones that follow. What depends on no action stands on the first page.
    """
    scope = ledgers.scope(viewer)
    if scope is None:
        return Preview([], "")
    programmes = scope.programme_ids
    if programmes is None:
        programmes = frozenset(known for known in session.scalars(sa.select(col(Programme.id))) if known)
    action_ids, following = ahead.page(session, programmes, now, after, SUBJECTS)
    found = [*_reminders(session, scope, now, action_ids)]
    if not after:
        found += [*_digests(session, scope, now), *_queued(session, scope, now)]
    return Preview(sorted(found, key=lambda one: (one.on, one.name, one.person_id, one.kind)), following)


def failed(
    session: Session, viewer: Viewer, now: dt.datetime, before: int | None = None, most: int = FEW
) -> list[Went]:
    """What did not arrive, or perhaps not, in the last thirty days; the latest first, behind a message."""
    which = _lost(now) if before is None else sa.and_(_lost(now), col(Message.id) < before)
    return _went(session, viewer, which, most)


def count_failed(viewer: Viewer, now: dt.datetime) -> Any:
    """How many of them, as an expression for a statement that counts other things too; it stops counting early."""
    scope = ledgers.scope(viewer)
    if scope is None:
        return sa.literal(0)
    key = col(Message.id)
    lost: Any = sa.select(key.label("id"), key.label("key"))
    return ranges.counted([lost.where(_lost(now), ledgers.NOT_SECRET, *ledgers.visible(scope))])


def _lost(now: dt.datetime) -> Any:
    return sa.and_(ranges.said("message", HAS_FAILED), col(Message.ended_at) > now - _RECENT)


def ledger(
    session: Session,
    viewer: Viewer,
    *,
    after: tuple[dt.datetime, int] | None = None,
    person_id: int | None = None,
    ref: str = "",
    kind: str = "",
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> list[Went]:
    """The latest first, one more than a page holds; `after`: created_at and id of the last line shown."""
    wanted: list[Any] = [
        col(Message.id) < after[1] if after else None,
        col(Message.person_id) == person_id if person_id else None,
        col(Message.id).in_(ledgers.of_action(ref)) if ref else None,
        col(Message.kind) == kind if kind else None,
        col(Message.created_at) >= since if since else None,
        col(Message.created_at) < until if until else None,
    ]
    return _went(session, viewer, sa.and_(sa.true(), *(one for one in wanted if one is not None)), PAGE + 1)


def text(session: Session, viewer: Viewer, message_id: int) -> tuple[Went, str]:
    """One line of the ledger with its text, keys replaced; raises NotFound where a part of it may not be seen."""
    scope = ledgers.scope(viewer)
    found = _went(session, viewer, col(Message.id) == message_id, 1)
    if not found or scope is None or not ledgers.reads(session, scope, viewer, message_id):
        raise NotFound
    return found[0], session.scalars(sa.select(col(Message.shown)).where(col(Message.id) == message_id)).one()


def _reminders(session: Session, scope: Scope, now: dt.datetime, action_ids: Sequence[int]) -> Iterator[Coming]:
    by_mail: dict[tuple[dt.date, int], list[reminders.Obligation]] = defaultdict(list)
    dated = sa.select(col(Milestone.id)).where(col(Milestone.due_on).is_not(None))
    stones = session.scalars(dated.where(col(Milestone.action_id).in_(action_ids)))
    among = [(kind, key) for kind in ("action", "part") for key in action_ids]
    among += [("milestone", stone) for stone in stones if stone]
    for owed in reminders.coming(session, now, among=among):
        by_mail[owed.period, owed.person_id].append(owed)
    ids = {owed.action_id for mail in by_mail.values() for owed in mail}
    told, names = ledgers.actions(session, scope, ids), readers.names(session, {person for _, person in by_mail})
    for (on, person_id), mail in by_mail.items():
        lines = [_line(owed, *told[owed.action_id]) for owed in mail if owed.action_id in told]
        if lines:
            yield Coming(on, person_id, names[person_id], "reminder", tuple(lines))


def _line(owed: reminders.Obligation, ref: str, titles: Titles) -> Line:
    return Line(ref, titles, owed.audience, owed.step.rung, owed.step.days)


def _digests(session: Session, scope: Scope, now: dt.datetime) -> Iterator[Coming]:
    """Whether a week will have something to tell is known when it comes."""
    end = now + dt.timedelta(ladder.HORIZON_DAYS)
    for shape in readers.SHAPES:
        for reader in readers.of(session, shape, now, ledgers.people(scope, shape)):
            slot = digests.upcoming(now, reader.preference, reader.last)
            if slot.planned_at <= end:
                on = max(slot.planned_at, now).astimezone(reader.preference.zone).date()
                yield Coming(on, reader.person_id, reader.name, f"digest_{shape}")


def _queued(session: Session, scope: Scope, now: dt.datetime) -> Iterator[Coming]:
    waiting = sa.and_(
        col(Message.state).in_({Delivery.QUEUED, Delivery.CLAIMED}), *ledgers.visible(scope), ledgers.NOT_SECRET
    )
    query = (
        sa.select(col(Message.due_at), col(Person.timezone), col(Person.id), col(Person.name), *_WAITING)
        .join(Person, col(Person.id) == col(Message.person_id))
        .where(waiting, col(Message.due_at) <= now + dt.timedelta(ladder.HORIZON_DAYS))
        .order_by(col(Message.due_at), col(Message.id))
        .limit(PAGE)
    )
    for due_at, zone, person_id, name, kind, subject in session.execute(query):
        on = max(due_at, now).astimezone(zone_of(zone)).date()
        yield Coming(on, person_id, name, kind, subject=subject)


_WAITING = (col(Message.kind), col(Message.subject))
_LEDGER: tuple[Any, ...] = (
    col(Message.id), col(Message.kind), col(Message.period), col(Message.state), col(Message.person_id),
    col(Person.name), sa.func.coalesce(sa.func.nullif(col(Message.address), ""), col(Person.email)),
    col(Message.subject), col(Action.ref), col(Message.created_at), col(Message.due_at), col(Message.sent_at),
    col(Message.ended_at), col(Message.attempts), col(Message.reason),
)  # fmt: skip


def _went(session: Session, viewer: Viewer, which: Any, most: int) -> list[Went]:
    scope = ledgers.scope(viewer)
    if scope is None:
        return []
    query = (
        sa.select(*_LEDGER)
        .select_from(Message)
        .join(Person, col(Person.id) == col(Message.person_id))
        .outerjoin(Action, sa.and_(col(Message.about_kind) == "action", col(Action.id) == col(Message.about_id)))
        .where(which, ledgers.NOT_SECRET, *ledgers.visible(scope))
    )
    return [Went(*row) for row in session.execute(query.order_by(col(Message.id).desc()).limit(most))]
