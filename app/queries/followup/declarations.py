"""What a verifier has to judge of a declared action: what was said, and what is shown for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import on_behalf
from app.domain.messages import Message
from app.domain.workflow import Verb
from app.models.evidence import EvidenceItem
from app.models.updates import Update, Via

LONGEST = 600  # letters; all of them are on the action's page


@dataclass(frozen=True, slots=True)
class Declaration:
    """What was said with the submission, cut at LONGEST; its documents as pairs of title and place.

    `came`: how it came, where it was recorded on behalf.
    """

    words: str
    documents: tuple[tuple[str, str], ...]
    came: Message | None = None


def of(session: Session, ids: Sequence[int]) -> dict[int, Declaration]:
    """What is to be verified of each of these actions: the words of its last submission, and its documents."""
    if not ids:
        return {}
    said = {row[0]: row for row in session.execute(_DECLARED, {"ids": ids})}
    documents: dict[int, list[tuple[str, str]]] = {}
    for action_id, title, location in session.execute(_PIECES, {"ids": ids}).all():
        documents.setdefault(action_id, []).append((title, location))
    return {one: _declaration(said.get(one), tuple(documents.get(one, ()))) for one in ids}


def _declaration(said: Any, documents: tuple[tuple[str, str], ...]) -> Declaration:
    if said is None:
        return Declaration("", documents)
    _, words, via, came_by, came_on = said
    return Declaration(words, documents, on_behalf.told(came_by, came_on) if via is Via.ON_BEHALF else None)


_IDS: Any = sa.bindparam("ids", expanding=True)
_LAST = (
    sa.select(sa.func.max(col(Update.id)))
    .where(col(Update.action_id).in_(_IDS), col(Update.verb) == Verb.SUBMIT)
    .group_by(col(Update.action_id))
)
_SPOKEN: Any = sa.case((col(Update.note) != "", col(Update.note)), else_=col(Update.public_summary))
_DECLARED = sa.select(
    col(Update.action_id),
    sa.func.substr(_SPOKEN, 1, LONGEST + 1),
    col(Update.via),
    col(Update.came_by),
    col(Update.came_on),
).where(col(Update.id).in_(_LAST))
_PIECES = (
    sa.select(col(EvidenceItem.action_id), col(EvidenceItem.title), col(EvidenceItem.location))
    .where(col(EvidenceItem.action_id).in_(_IDS))
    .order_by(col(EvidenceItem.id))
)
