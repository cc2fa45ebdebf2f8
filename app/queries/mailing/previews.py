"""What goes out in the next seven days, if nothing changes, as far as a viewer answers for it; it records nothing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import digests, ladder
from app.domain.ladder import Audience, Kind
from app.domain.permissions import Viewer
from app.domain.texts import Titles
from app.models.actions import Milestone
from app.models.meetings import Programme
from app.models.notifications import Delivery, Envelope
from app.models.people import Person
from app.models.proposers import Proposer
from app.queries.mailing import digest_readers, indicator_candidates, ledgers, preview_candidates, reminders
from app.queries.mailing.directory import zone_of
from app.queries.mailing.ledgers import LedgerScope

SUBJECTS = 60  # open actions that one page looks at
_QUEUED = 50


@dataclass(frozen=True, slots=True)
class ComingStep:
    """One step of the ladder in a coming mail."""

    ref: str
    titles: Titles
    audience: Audience
    rung: str
    days: int  # from the deadline, or from what the rung counts from
    is_word: bool = False  # at intervals, counted from the end of the period


@dataclass(frozen=True, slots=True)
class ComingMail:
    """One mail to one person: a morning's reminders, a digest (without lines), or a message already queued."""

    on: dt.date
    person_id: int
    name: str
    kind: str
    lines: tuple[ComingStep, ...] = ()
    subject: str = ""  # of one that was written and put off


@dataclass(frozen=True)
class Preview:
    mails: list[ComingMail]
    next: str  # cursor of the actions that were not looked at, empty when all were


def preview(session: Session, viewer: Viewer, now: dt.datetime, after: str = "") -> Preview:
    """By day and person; empty for whoever answers for no programme.

    However many actions there are, so many of the open ones are looked at, those under way first; `after` is the cursor
    of the ones that follow. What depends on no action stands on the first page.
    """
    scope = ledgers.scope(viewer)
    if scope is None:
        return Preview([], "")
    programmes = scope.programme_ids
    if programmes is None:
        programmes = frozenset(known for known in session.scalars(sa.select(col(Programme.id))) if known)
    action_ids, following = preview_candidates.page(session, programmes, now, after, SUBJECTS)
    indicator_ids = [] if after else indicator_candidates.of_programmes(session, programmes)
    found = [*_reminders(session, scope, now, action_ids, indicator_ids)]
    if not after:
        found += [*_digests(session, scope, now), *_queued(session, scope, now)]
    return Preview(sorted(found, key=lambda one: (one.on, one.name, one.person_id, one.kind)), following)


def _reminders(
    session: Session, scope: LedgerScope, now: dt.datetime, action_ids: Sequence[int], indicator_ids: Sequence[int]
) -> Iterator[ComingMail]:
    by_mail: dict[tuple[dt.date, int], list[reminders.Obligation]] = defaultdict(list)
    stones = session.scalars(sa.select(col(Milestone.id)).where(col(Milestone.action_id).in_(action_ids)))
    among = [(kind, key) for kind in ("action", "part", "word") for key in action_ids]
    among += [("milestone", stone) for stone in stones if stone]
    among += [("indicator", indicator) for indicator in indicator_ids]
    for owed in reminders.coming(session, now, among=among):
        by_mail[owed.period, owed.person_id].append(owed)
    ids = {owed.action_id for mail in by_mail.values() for owed in mail}
    of_indicator = [owed.key for mail in by_mail.values() for owed in mail if owed.key.subject_kind == Kind.INDICATOR]
    named = indicator_candidates.named(session, {key.subject_id for key in of_indicator})
    measured = {key: ("", named[key.subject_id][0]) for key in of_indicator}
    told, names = ledgers.actions(session, scope, ids), digest_readers.names(session, {person for _, person in by_mail})
    for (on, person_id), mail in by_mail.items():
        lines = [_line(owed, *found) for owed in mail if (found := told.get(owed.action_id) or measured.get(owed.key))]
        if lines:
            yield ComingMail(on, person_id, names[person_id], "reminder", tuple(lines))


def _line(owed: reminders.Obligation, ref: str, titles: Titles) -> ComingStep:
    return ComingStep(ref, titles, owed.audience, owed.step.rung, owed.step.days, owed.key.subject_kind == Kind.WORD)


def _digests(session: Session, scope: LedgerScope, now: dt.datetime) -> Iterator[ComingMail]:
    """Whether a week will have something to tell is known when it comes."""
    end = now + dt.timedelta(ladder.HORIZON_DAYS)
    for reader in digest_readers.of(session, now, ledgers.weekly_readers(scope)):
        slot = digests.upcoming(now, reader.preference, reader.last)
        if slot.planned_at <= end:
            on = clock.day(max(slot.planned_at, now), reader.preference.zone)
            yield ComingMail(on, reader.person_id, reader.name, "digest")


def _queued(session: Session, scope: LedgerScope, now: dt.datetime) -> Iterator[ComingMail]:
    waiting = sa.and_(
        col(Envelope.state).in_({Delivery.QUEUED, Delivery.CLAIMED}), *ledgers.visible(scope), ledgers.NOT_SECRET
    )
    query = (
        sa.select(
            col(Envelope.due_at),
            sa.func.coalesce(col(Person.timezone), settings().timezone),
            sa.func.coalesce(col(Person.id), 0),
            sa.func.coalesce(col(Person.name), col(Proposer.name)),
            col(Envelope.kind),
            col(Envelope.subject),
        )
        .outerjoin(Person, col(Person.id) == col(Envelope.person_id))
        .outerjoin(Proposer, col(Proposer.id) == col(Envelope.proposer_id))
        .where(waiting, col(Envelope.due_at) <= now + dt.timedelta(ladder.HORIZON_DAYS))
        .order_by(col(Envelope.due_at), col(Envelope.id))
        .limit(_QUEUED)
    )
    for due_at, zone, person_id, name, kind, subject in session.execute(query):
        on = clock.day(max(due_at, now), zone_of(zone))
        yield ComingMail(on, person_id, name, kind, subject=subject)
