"""How long the queue may take where so many a minute is the limit; without one there is nothing to reckon."""

import datetime as dt
from collections import Counter

import sqlalchemy as sa
from sqlmodel import Session, col

from app.config import settings
from app.models.notifications import Delivery, Envelope
from app.queries.mailing.domains import domain, with_readers

SINCE = sa.func.coalesce(col(Envelope.first_due_at), col(Envelope.due_at))
MINUTE = 65  # seconds in which as many leave as may in a minute: what is claimed takes a moment to be gone


def expected(session: Session, now: dt.datetime) -> dt.timedelta:
    """From when the first one that waits was due until the last one: also what has left since then had its turn."""
    of_all, of_domain = settings().mail_per_minute, settings().mail_per_domain_per_minute
    if not (of_all or of_domain):
        return dt.timedelta(0)
    counts = _by_domain(session, now)
    minutes = [counts.total() / of_all] if of_all else []
    minutes += [max(counts.values(), default=0) / of_domain] if of_domain else []
    return dt.timedelta(seconds=MINUTE * max(minutes))


def _by_domain(session: Session, now: dt.datetime) -> Counter[str]:
    waits = sa.and_(col(Envelope.state).in_((Delivery.QUEUED, Delivery.CLAIMED)), now >= SINCE)
    oldest = session.execute(sa.select(sa.func.min(SINCE)).where(waits)).scalar_one()
    if oldest is None:
        return Counter()
    name = domain(session)
    query = with_readers(sa.select(name, sa.func.count()).select_from(Envelope))
    rows = session.execute(query.where(sa.or_(waits, col(Envelope.sent_at) >= oldest)).group_by(name))
    return Counter({row[0]: row[1] for row in rows})
