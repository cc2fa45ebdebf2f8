"""What the ledger of the ladder has already, under the keys that are unique in it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.ladder import Step
from app.models.notifications import Reminder
from app.queries.mailing import ladder_candidates
from app.queries.mailing.ladder_candidates import Candidate


class ReminderKey(NamedTuple):
    """What is unique in the ledger."""

    person_id: int
    subject_kind: str
    subject_id: int
    step: str
    version: int


def version(step: Step) -> int:
    """The deadline's version where the step hangs on the deadline; the other keys carry their own date."""
    return 0 if "@" in step.key else step.version


Heard = frozenset[ReminderKey]
# The columns of the ledger that make a key.
LEDGER = ("person_id", "subject_kind", "subject_id", "step", "deadline_version")


def recorded(session: Session, candidates: Iterable[Candidate]) -> Heard:
    """The ledger's rows of these subjects."""
    by_kind = defaultdict(set)
    for candidate in candidates:
        by_kind[candidate.kind.value].add(candidate.subject_id)
    heard: set[ReminderKey] = set()
    for kind, ids in by_kind.items():
        for some in ladder_candidates.portions(ids):
            query = sa.select(*(col(getattr(Reminder, name)) for name in LEDGER)).where(
                col(Reminder.subject_kind) == kind, col(Reminder.subject_id).in_(some)
            )
            heard.update(ReminderKey(*row) for row in session.execute(query))
    return frozenset(heard)
