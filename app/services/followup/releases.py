"""When words and documents become public: by whose they are, the door they came by, and the programme's policy."""

import datetime as dt

from sqlmodel import Session

from app import clock
from app.config import settings
from app.domain.calendar import add_working_days
from app.models.meetings import Programme, ReleasePolicy
from app.models.updates import Via
from app.queries.scope import calendar
from app.queries.setup import posts


def public_from(
    session: Session, via: Via, programme_id: int, post_id: int | None
) -> tuple[dt.datetime | None, dt.date | None]:
    """When words and documents are public: now, from a day on, or (neither) once somebody releases them.

    From somebody signed in at once; behind a mailed key as the programme's policy says; from an external partner's
    post always by hand.
    """
    if post_id is not None and posts.is_partners(session, post_id):
        return None, None
    if via != Via.MAIL_LINK:
        return clock.now(), None
    programme = session.get_one(Programme, programme_id)
    if programme.release_policy == ReleasePolicy.AT_ONCE:
        return clock.now(), None
    if programme.release_policy == ReleasePolicy.BY_HAND:
        return None, None
    today = clock.today(settings().zone)
    off = calendar.days_off(session, (today.year, today.year + 1))
    return None, add_working_days(today, programme.release_days, off)
