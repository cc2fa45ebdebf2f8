"""Who hears that a mail failed for good: those who answer for the post, and the programme's secretariat."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.models.actions import Action, Milestone
from app.models.notifications import Envelope, Reminder
from app.queries.mailing import directory, recipients
from app.services.kernel import outbox

KIND = "undeliverable"
# A failed notice of failure is never followed by another, and who signs in sees for himself that nothing comes.
_SILENT = frozenset({KIND, "sign_in"})


def tell(session: Session, message_id: int, now: dt.datetime) -> bool:
    """One notice per failing recipient and day to each of them; whether there is anybody."""
    failed = session.get_one(Envelope, message_id, populate_existing=True)
    if failed.kind in _SILENT:
        return False
    whom = failed.person_id or f"proposer{failed.proposer_id}"
    period = f"{whom}-{clock.day(now, settings().zone).isoformat()}"
    told = [person_id for person_id in _answering(session, failed) if person_id != failed.person_id]
    for person_id in told:
        outbox.enqueue(session, KIND, person_id, period, about=("message", message_id))
    return bool(told)


def _answering(session: Session, failed: Envelope) -> list[int]:
    about = _action(session, failed)
    if about is None:
        return directory.load(session).answering()
    organisation_id, programme_id = about
    # Who proposed it is known to the secretariat alone.
    managers = [] if failed.proposer_id else recipients.managers(session, organisation_id)
    return sorted({*managers, *directory.load(session).secretariat(programme_id)})


def _action(session: Session, failed: Envelope) -> tuple[int | None, int] | None:
    """Organisation and programme of the action that it is about, of the first one where it tells of several."""
    action_id = failed.about_id if failed.about_kind == "action" else _first(session, failed.id)
    query = sa.select(col(Action.lead_organisation_id), col(Action.programme_id)).where(col(Action.id) == action_id)
    row = session.execute(query).first()
    return (row[0], row[1]) if row else None


def _first(session: Session, message_id: int | None) -> int | None:
    query = (
        sa.select(sa.func.coalesce(col(Milestone.action_id), col(Reminder.subject_id)))
        .select_from(Reminder)
        .outerjoin(
            Milestone, sa.and_(col(Reminder.subject_kind) == "milestone", col(Milestone.id) == col(Reminder.subject_id))
        )
        .where(col(Reminder.message_id) == message_id, col(Reminder.subject_kind) != "indicator")
        .order_by(col(Reminder.id))
    )
    found: int | None = session.scalars(query).first()
    return found
