"""The demonstration's mail: what is long past never leaves, the last days' goes out as it would have."""

import datetime as dt

from app import clock, jobs
from app.config import settings
from app.db import Database
from app.domain.messages import N_
from app.services.kernel import outbox

DAYS = 10
_SATURDAY = 5
PAST = N_("From before the demonstration was loaded: it was never sent")
_PASSES = (dt.time(8, 5), dt.time(16, 30))


def catch_up(database: Database, today: dt.date) -> None:
    """Run the passes of the last days under a set clock, then one now."""
    days = [today - dt.timedelta(days=back) for back in range(DAYS, 0, -1)]
    with database.write() as session:
        outbox.set_aside(session, _at(days[0], dt.time()), PAST)
    for day in (day for day in days if day.weekday() < _SATURDAY):
        for time in _PASSES:
            jobs.run_pass(_at(day, time))
    jobs.run_pass(clock.now())


def _at(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, settings().zone).astimezone(dt.UTC)
