"""The note that a change of holder leaves behind: what is open at the post, written in its very transaction."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain.workflow import OWED
from app.models.handovers import HandoverLine, HandoverNote
from app.models.people import Holding
from app.models.updates import Update
from app.queries.followup import post_duties
from app.services.kernel import outbox

_COLUMNS = ("note_id", "position", "action_id", "is_part", "state", "due_on", "is_late", "update_id")


def pass_on(session: Session, holding: Holding, former_id: int | None = None, plan_id: int = 0) -> None:
    """Keep what is open for whoever is seated now, and mail it to them; two statements, however much it is."""
    note = HandoverNote(
        holding_id=holding.id,
        post_id=holding.post_id,
        former_id=former_id,
        made_on=clock.today(settings().zone),
        created_at=clock.now(),
    )
    session.add(note)
    session.flush()
    lines = _lines(note.id, note.post_id, note.made_on)
    session.execute(sa.insert(HandoverLine).from_select(_COLUMNS, lines))
    outbox.enqueue(
        session, "handover", holding.person_id, str(holding.id), about=("post", holding.post_id),
        holding_id=holding.id, note_id=note.id, former_person_id=former_id, plan_id=plan_id,
    )  # fmt: skip


def _lines(note_id: int, post_id: int, today: dt.date) -> Any:
    """Late ones first, then by deadline; each with its last words."""
    found = post_duties.found_of(post_id)
    is_late: Any = sa.and_(found.c.state.in_(OWED), found.c.due_on.is_not(None), found.c.due_on < today)
    order = (sa.case((is_late, 0), else_=1), found.c.due_on.is_(None), found.c.due_on, found.c.id)
    spoken = sa.or_(col(Update.note) != "", col(Update.public_summary) != "")
    last = sa.select(sa.func.max(col(Update.id))).where(col(Update.action_id) == found.c.id, spoken)
    row = (found.c.id, found.c.is_part, found.c.state, found.c.due_on, sa.case((is_late, sa.true()), else_=sa.false()))
    position = sa.func.row_number().over(order_by=order)
    return sa.select(sa.literal(note_id), position, *row, last.correlate(found).scalar_subquery())
