"""What a bulk edit tells: one letter a person, however many of the changed actions are theirs."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.sentences.joint_changes import KINDS
from app.models.people import Person
from app.services.kernel import outbox
from app.services.kernel.outbox import HeldBack

KIND = "changed_together"


@dataclass(frozen=True)
class JointMail:
    """A letter that leaves: to whom, and how many changes it tells."""

    name: str
    changes: int


def send(session: Session, held: Iterable[HeldBack], reason: str) -> list[JointMail]:
    """Queue them, and say to whom they go."""
    by_person: dict[int, dict[tuple[str, int], HeldBack]] = defaultdict(dict)
    others = []
    for one in held:
        if one.kind in KINDS:
            by_person[one.person_id][one.kind, one.subject_id] = one
        else:
            others.append(one)
    for one in others:
        outbox.release(session, one)
    for person_id, changes in sorted(by_person.items()):
        _letter(session, person_id, list(changes.values()), reason)
    counts = {person_id: len(changes) for person_id, changes in by_person.items()}
    for one in others:
        counts[one.person_id] = counts.get(one.person_id, 0) + 1
    return _named(session, counts)


def _letter(session: Session, person_id: int, changes: Sequence[HeldBack], reason: str) -> None:
    """A single change is told by the letter that any such change is told by."""
    first = changes[0]
    if len(changes) == 1:
        outbox.release(session, first)
        return
    told = [{"kind": one.kind, "action_id": one.subject_id, **_kept(one.params)} for one in changes]
    outbox.enqueue(session, KIND, person_id, first.period, about=first.about, changes=told, reason=reason)


def _kept(params: dict[str, Any]) -> dict[str, object]:
    return {name: params[name] for name in ("from_on", "to_on", "former_post_id") if name in params}


def _named(session: Session, counts: dict[int, int]) -> list[JointMail]:
    """The most concerned first."""
    people = sa.select(col(Person.id), col(Person.name)).where(col(Person.id).in_(counts))
    found = [JointMail(name, counts[person_id]) for person_id, name in session.execute(people)]
    return sorted(found, key=lambda mail: (-mail.changes, mail.name))
