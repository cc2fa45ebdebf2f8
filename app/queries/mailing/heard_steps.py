"""What the ledger of the ladder has already, under the keys that are unique in it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.ladder import Step
from app.models.base import table_of
from app.models.notifications import Reminder
from app.queries.mailing import ladder_candidates
from app.queries.mailing.ladder_candidates import Candidate
from app.statements import Statement


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


Heard = frozenset[tuple[int, str, int, str, int]]  # keys, as the ledger has them
# The columns of the ledger that make a key.
LEDGER = ("person_id", "subject_kind", "subject_id", "step", "deadline_version")
_REMINDER = table_of(Reminder)
_OF_SUBJECTS = Statement(
    sa.select(*(_REMINDER.c[name] for name in LEDGER)).where(
        _REMINDER.c.subject_kind == sa.bindparam("kind"),
        _REMINDER.c.subject_id.in_(sa.bindparam("subjects", expanding=True)),
    )
)


def recorded(session: Session, candidates: Iterable[Candidate]) -> Heard:
    """The ledger's rows of these subjects."""
    by_kind = defaultdict(set)
    for candidate in candidates:
        by_kind[candidate.kind.value].add(candidate.subject_id)
    heard: set[Any] = set()
    for kind, ids in by_kind.items():
        for some in ladder_candidates.portions(ids):
            heard.update(map(tuple, _OF_SUBJECTS.rows(session, {"kind": kind, "subjects": some})))
    return frozenset(heard)
