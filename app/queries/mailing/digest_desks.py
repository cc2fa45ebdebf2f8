"""The week of a secretariat: what waits in its programmes, and the mails that failed in the window."""

from collections.abc import Collection, Set
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import schedule
from app.domain.digest_shapes import ROWS
from app.domain.permissions import Role, Viewer
from app.domain.questions import Side
from app.domain.workflow import State
from app.models.actions import Action
from app.models.extensions import IS_OPEN_REQUEST, ExtensionRequest
from app.models.questions import IS_OPEN_QUESTION, QuestionNote
from app.queries.mailing import digest_silent, failed_mails
from app.queries.mailing.digest_rows import DigestReader, DigestRows, Week
from app.queries.mailing.ladder_candidates import portions
from app.queries.mailing.ledgers import LedgerScope
from app.queries.scope.ranges import said


def programmes(viewer: Viewer) -> frozenset[int] | None:
    """Those whose secretariat the reader is; None: all of them."""
    ids = {grant.programme_id for grant in viewer.grants if grant.role is Role.SECRETARIAT}
    return None if None in ids else frozenset(one for one in ids if one)


def week(session: Session, one: DigestReader, viewer: Viewer, told: Set[int]) -> Week:
    """`told`: what stands in the reader's other parts. Each action is in the first section that has a reason for it."""
    mine = programmes(viewer)
    inside: Any = sa.true() if mine is None else col(Action.programme_id).in_(sorted(mine))
    quiet = clock.start(schedule.fresh_from(one.today), settings().zone)
    is_submitted = inside & (col(Action.state) == State.SUBMITTED)
    asking = _asking(session, inside) - told
    requests = asking - _among(session, is_submitted, asking)
    return Week(
        verification=_listed(session, is_submitted, col(Action.submitted_at), told),
        requests=DigestRows(tuple(sorted(requests)[:ROWS]), len(requests)),
        silence=digest_silent.rows(session, _whole(session, mine), quiet, told | requests),
        failures=DigestRows(*failed_mails.of_week(session, LedgerScope(mine), one.window, ROWS)),
        told=told | requests,
    )


def _whole(session: Session, mine: Collection[int] | None) -> Collection[int]:
    return digest_silent.known(session) if mine is None else mine


def _asking(session: Session, inside: Any) -> Set[int]:
    """Given back, asked more time for, or asked about: somebody has to decide, or to answer. They are few."""
    given_back = sa.select(col(Action.id)).where(inside, col(Action.state) == State.DECLINED)
    request, question = col(ExtensionRequest.action_id), col(QuestionNote.action_id)
    asked_more = sa.select(request).join(Action, col(Action.id) == request).where(inside, _IS_OPEN_REQUEST)
    asked_about = sa.select(question).join(Action, col(Action.id) == question)
    asked_about = asked_about.where(inside, sa.text(IS_OPEN_QUESTION), col(QuestionNote.side) == Side.OWNER)
    return frozenset(session.scalars(sa.union(given_back, asked_more, asked_about)))


_IS_OPEN_REQUEST = said("extension_request", IS_OPEN_REQUEST)


def _listed(session: Session, which: Any, order: Any, told: Collection[int]) -> DigestRows:
    """What is told elsewhere is looked up by its keys: of what is left only the first rows are read, and counted."""
    elsewhere = _among(session, which, told)
    query = sa.select(col(Action.id)).where(which).order_by(order, col(Action.id))
    ids = [found for found in session.scalars(query.limit(ROWS + len(elsewhere))) if found not in elsewhere]
    count = session.scalars(sa.select(sa.func.count()).select_from(Action).where(which)).one()
    return DigestRows(tuple(ids[:ROWS]), count - len(elsewhere))


def _among(session: Session, which: Any, ids: Collection[int]) -> Set[int]:
    """Which of these it is true of."""
    found: set[int] = set()
    for some in portions(ids):
        found.update(session.scalars(sa.select(col(Action.id)).where(col(Action.id).in_(some), which)))
    return found
