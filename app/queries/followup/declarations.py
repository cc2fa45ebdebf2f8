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

ShownDocument = tuple[str, str, int | None]
LONGEST = 600  # letters; all of them are on the action's page


@dataclass(frozen=True, slots=True)
class Declaration:
    """What was said with the submission, cut at LONGEST; its documents: title, place, piece where it has a file.

    `came`: how it came, where it was recorded on behalf.
    """

    words: str
    documents: tuple[ShownDocument, ...]
    came: Message | None = None


def of(session: Session, ids: Sequence[int]) -> dict[int, Declaration]:
    """What is to be verified of each of these actions: the words of its last submission, and its documents."""
    if not ids:
        return {}
    said = {row[0]: row for row in session.execute(_DECLARED, {"ids": ids})}
    documents: dict[int, list[ShownDocument]] = {}
    for action_id, title, place, piece in session.execute(_PIECES, {"ids": ids}).all():
        documents.setdefault(action_id, []).append((title, place, piece))
    return {one: _declaration(said.get(one), tuple(documents.get(one, ()))) for one in ids}


def _declaration(said: Any, documents: tuple[ShownDocument, ...]) -> Declaration:
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
    sa.select(
        col(EvidenceItem.action_id),
        col(EvidenceItem.title),
        col(EvidenceItem.location),
        sa.case((col(EvidenceItem.file_key).is_not(None), col(EvidenceItem.id))),
    )
    .where(col(EvidenceItem.action_id).in_(_IDS))
    .order_by(col(EvidenceItem.id))
)
