"""The ledger of what went out, as far as a viewer answers for it.

Texts and sign-in mails are not in the lists; `text` gives one to whom may read all of it.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.domain.errors import NotFound
from app.domain.failed_mails import manner
from app.domain.permissions import Viewer
from app.models.actions import Action
from app.models.notifications import HAS_FAILED, Delivery, Envelope
from app.models.people import Person
from app.models.proposers import Proposer
from app.queries.mailing import ledgers
from app.queries.mailing.ledgers import LedgerScope
from app.queries.scope import ranges, visible

PAGE, FEW = 20, 6  # of the ledger, of failures
OPEN = col(Envelope.closed_at).is_(None)
_RECENT = dt.timedelta(days=30)
_Witness: Any = aliased(Person)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of the ledger: to whom, why, when, how it ended."""

    id: int
    kind: str
    period: str
    state: Delivery
    person_id: int | None
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
    seen_at: dt.datetime | None = None  # a failure that somebody looks after
    seen_by: str | None = None
    closed_at: dt.datetime | None = None  # ... or that is not sent any more
    closing: str = ""

    @property
    def is_failed(self) -> bool:
        return self.state in {Delivery.DEAD, Delivery.PARKED}

    @property
    def is_open_failure(self) -> bool:
        return self.is_failed and not self.closed_at


def failed(
    session: Session, viewer: Viewer, now: dt.datetime, before: int | None = None, most: int = FEW
) -> list[LedgerLine]:
    """What did not arrive, or perhaps not, in the last thirty days, and is not closed; the latest first."""
    which = _lost(now) if before is None else sa.and_(_lost(now), col(Envelope.id) < before)
    return _went(session, viewer, which, most)


def count_failed(scope: LedgerScope | None) -> Any:
    """How many of them, as an expression for a statement that counts other things too; it stops counting early.

    The statement is given `lost_since`.
    """
    if scope is None:
        return sa.literal(0)
    key = col(Envelope.id)
    lost: Any = sa.select(key.label("id"), key.label("key"))
    is_lost = ranges.said("message", HAS_FAILED), col(Envelope.ended_at) > sa.bindparam("lost_since")
    return ranges.counted([lost.where(*is_lost, OPEN, ledgers.NOT_SECRET, *ledgers.visible(scope))])


def how_many_failed(session: Session, viewer: Viewer, now: dt.datetime) -> int:
    """As many as MOST, and one more where there are more."""
    query = sa.select(count_failed(ledgers.scope(viewer)))
    count: int = session.execute(query, {"lost_since": lost_since(now)}).scalar_one()
    return count


def count_uncertain(session: Session, viewer: Viewer) -> int:
    """Of how many mails nobody knows whether they arrived."""
    scope = ledgers.scope(viewer)
    if scope is None:
        return 0
    parked = sa.and_(col(Envelope.state) == Delivery.PARKED, OPEN, ledgers.NOT_SECRET, *ledgers.visible(scope))
    return session.scalars(sa.select(sa.func.count()).select_from(Envelope).where(parked)).one()


def lost_since(now: dt.datetime) -> dt.datetime:
    return now - _RECENT


def _lost(now: dt.datetime) -> Any:
    return sa.and_(ranges.said("message", HAS_FAILED), OPEN, col(Envelope.ended_at) > lost_since(now))


class LedgerFilter(TypedDict, total=False):
    """Whose messages, about which action, of which kind; what is not named does not narrow."""

    person_id: int | None
    ref: str
    kind: str


def ledger(
    session: Session,
    viewer: Viewer,
    *,
    after: tuple[dt.datetime, int] | None = None,
    **narrowed: Unpack[LedgerFilter],
) -> list[LedgerLine]:
    """The latest first, one more than a page holds; `after`: created_at and id of the last line shown."""
    person_id, ref, kind = narrowed.get("person_id"), narrowed.get("ref"), narrowed.get("kind")
    wanted: list[Any] = [
        col(Envelope.id) < after[1] if after else None,
        col(Envelope.person_id) == person_id if person_id else None,
        col(Envelope.id).in_(ledgers.of_action(ref)) if ref else None,
        col(Envelope.kind) == kind if kind else None,
    ]
    return _went(session, viewer, sa.and_(sa.true(), *(one for one in wanted if one is not None)), PAGE + 1)


def require(session: Session, viewer: Viewer, message_id: int) -> None:
    """Raises NotFound where the message is not in the viewer's ledger."""
    one(session, viewer, message_id)


def one(session: Session, viewer: Viewer, message_id: int) -> LedgerLine:
    """Raises NotFound where it is not in the viewer's ledger."""
    found = _went(session, viewer, col(Envelope.id) == message_id, 1)
    if not found:
        raise NotFound
    return found[0]


def how_many_alike(session: Session, viewer: Viewer, line: LedgerLine) -> int:
    """Of the viewer's ledger, itself among them: those that failed in the same manner and are not closed."""
    scope, how = ledgers.scope(viewer), manner(line.reason)
    if scope is None:
        return 0
    is_lost = ranges.said("message", HAS_FAILED), OPEN, col(Envelope.state) == line.state
    said = sa.select(col(Envelope.reason), sa.func.count()).where(*is_lost, ledgers.NOT_SECRET, *ledgers.visible(scope))
    rows = session.execute(said.group_by(col(Envelope.reason)))
    return sum(count for reason, count in rows if manner(reason) == how)


def text(session: Session, viewer: Viewer, message_id: int) -> tuple[LedgerLine, str]:
    """One line of the ledger with its text, keys replaced; raises NotFound where a part of it may not be seen."""
    found = _went(session, viewer, sa.and_(col(Envelope.id) == message_id, ledgers.readable(viewer)), 1)
    if not found:
        raise NotFound
    return found[0], session.scalars(sa.select(col(Envelope.shown)).where(col(Envelope.id) == message_id)).one()


def reads(session: Session, viewer: Viewer, ids: Collection[int]) -> set[int]:
    """Those among these messages whose text the viewer may read."""
    query = sa.select(col(Envelope.id)).where(col(Envelope.id).in_(ids), ledgers.readable(viewer))
    return set(session.scalars(query)) if ids else set()


def opens(session: Session, viewer: Viewer, refs: Collection[str]) -> set[str]:
    """Those among these actions whose page the viewer may open."""
    query = sa.select(col(Action.ref)).where(col(Action.ref).in_(sorted(refs)), visible.actions(viewer))
    return set(session.scalars(query)) if refs else set()


_LEDGER: tuple[Any, ...] = (
    col(Envelope.id),
    col(Envelope.kind),
    col(Envelope.period),
    col(Envelope.state),
    col(Envelope.person_id),
    sa.func.coalesce(col(Person.name), col(Proposer.name)),
    sa.func.coalesce(sa.func.nullif(col(Envelope.address), ""), col(Person.email), col(Proposer.email), ""),
    col(Envelope.subject),
    col(Action.ref),
    col(Envelope.created_at),
    col(Envelope.due_at),
    col(Envelope.sent_at),
    col(Envelope.ended_at),
    col(Envelope.attempts),
    col(Envelope.reason),
    col(Envelope.acknowledged_at),
    col(_Witness.name),
    col(Envelope.closed_at),
    col(Envelope.closing),
)


def _went(session: Session, viewer: Viewer, which: Any, most: int) -> list[LedgerLine]:
    scope = ledgers.scope(viewer)
    if scope is None:
        return []
    query = (
        sa.select(*_LEDGER)
        .select_from(Envelope)
        .outerjoin(Person, col(Person.id) == col(Envelope.person_id))
        .outerjoin(Proposer, col(Proposer.id) == col(Envelope.proposer_id))
        .outerjoin(_Witness, col(_Witness.id) == col(Envelope.acknowledged_by_id))
        .outerjoin(Action, sa.and_(col(Envelope.about_kind) == "action", col(Action.id) == col(Envelope.about_id)))
        .where(which, ledgers.NOT_SECRET, *ledgers.visible(scope))
    )
    return [LedgerLine(*row) for row in session.execute(query.order_by(col(Envelope.id).desc()).limit(most))]
