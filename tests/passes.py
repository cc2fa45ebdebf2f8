"""One pass of a job within the one session of a test."""

import datetime as dt
from contextlib import nullcontext

from sqlmodel import Session

from app.services.mailing import digests, reminders
from app.services.mailing.digests import DigestsPlanned
from app.services.mailing.reminders import Recorded


def plan_reminders(session: Session, now: dt.datetime) -> Recorded:
    return reminders.plan(lambda: nullcontext(session), lambda: nullcontext(session), now)


def plan_digests(session: Session, now: dt.datetime) -> DigestsPlanned:
    return digests.plan(lambda: nullcontext(session), lambda: nullcontext(session), now)
