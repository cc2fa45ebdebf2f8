"""The facts of actions that the sentences of public pages are made of, on the calendar of the place."""

import datetime as dt
from collections.abc import Sequence

from app import clock
from app.config import settings
from app.domain.progress import Status
from app.domain.sentences import next_steps
from app.domain.sentences.next_steps import NextStep
from app.domain.sentences.standing import ActionSituation
from app.queries.followup.actions import ActionRow


def of(row: ActionRow, verified_at: dt.datetime | None = None) -> ActionSituation:
    return ActionSituation(
        ref=row.ref,
        state=row.state,
        evidence=row.evidence,
        due_on=row.due_on,
        assigned_on=_day(row.assigned_at),
        last_word_on=_day(row.last_word_at),
        submitted_on=_day(row.submitted_at),
        verified_on=_day(verified_at),
        has_owner=row.owner_post_id is not None,
    )


def next_of_recommendation(
    status: Status, since: dt.datetime, actions: Sequence[ActionSituation], today: dt.date
) -> list[NextStep]:
    """`since`: from when its waiting is counted."""
    return next_steps.of_recommendation(status, clock.day(since, settings().zone), actions, today)


def _day(moment: dt.datetime | None) -> dt.date | None:
    return clock.day(moment, settings().zone) if moment else None
