"""Handover notes: for the post's holder, and for a secretariat what lies in its programmes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.domain import on_behalf
from app.domain.errors import NotFound
from app.domain.messages import Message
from app.domain.permissions import Role, Viewer
from app.domain.texts import Titles
from app.domain.workflow import State
from app.models.actions import Action
from app.models.evidence import EvidenceItem
from app.models.handovers import HandoverLine, HandoverNote
from app.models.people import Holding, Organisation, Person, Post
from app.models.updates import Update, Via
from app.queries.followup.declarations import LONGEST, ShownDocument
from app.queries.scope import visible

PER_PAGE = 25
_FORMER: Any = aliased(Person)


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """`former`: who held the post until then; `words`: of whoever decided the change."""

    id: int
    post: Titles
    organisation: Titles
    name: str
    former: str | None
    is_acting: bool
    made_on: dt.date
    words: str


@dataclass(frozen=True, slots=True)
class OpenLine:
    """An action as it stood on that day; `came`: how its last words came, where they were recorded on behalf."""

    documents: tuple[ShownDocument, ...]
    came: Message | None
    position: int
    ref: str
    titles: Titles
    is_part: bool
    state: State
    due_on: dt.date | None
    is_late: bool
    words: str
    said_at: dt.datetime | None


@dataclass(frozen=True)
class HandoverPage:
    """A page of the note: how many are late and open in all, and the number of the last line if more follow."""

    row: HandoverRow
    late: int
    open: int
    lines: list[OpenLine]
    next: int = 0


def listed(session: Session, viewer: Viewer, before: int = 0, post_id: int | None = None) -> list[HandoverRow]:
    """The newest first, one more than a page holds; of one post or of all that the viewer may read."""
    query = _ROWS.where(_readable(session, viewer)).order_by(col(HandoverNote.id).desc()).limit(PER_PAGE + 1)
    if before:
        query = query.where(col(HandoverNote.id) < before)
    if post_id is not None:
        query = query.where(col(HandoverNote.post_id) == post_id)
    return [HandoverRow(*row) for row in session.execute(query)]


def get(session: Session, viewer: Viewer, note_id: int, after: int = 0) -> HandoverPage:
    """Four statements. Actions that are not the viewer's to read in full are left out, as everywhere else."""
    found = session.execute(_ROWS.where(_readable(session, viewer), col(HandoverNote.id) == note_id)).first()
    if found is None:
        raise NotFound
    mine = _MINE.where(col(HandoverLine.note_id) == note_id, visible.with_notes(viewer))
    counted = mine.with_only_columns(sa.func.count(), sa.func.sum(sa.case((col(HandoverLine.is_late), 1), else_=0)))
    total, late = session.execute(counted).one()
    page = mine.outerjoin(Update, col(Update.id) == col(HandoverLine.update_id))
    page = page.where(col(HandoverLine.position) > after).order_by(col(HandoverLine.position)).limit(PER_PAGE + 1)
    rows = session.execute(page.with_only_columns(*_LINE)).all()
    documents = _documents(session, note_id, [row[0] for row in rows[:PER_PAGE]])
    lines = [_line(row, documents.get(row[0], ())) for row in rows[:PER_PAGE]]
    more = lines[-1].position if len(rows) > PER_PAGE else 0
    return HandoverPage(HandoverRow(*found), late or 0, total - (late or 0), lines, more)


def _line(row: Any, documents: tuple[ShownDocument, ...]) -> OpenLine:
    via, came_by, came_on = row[-3:]
    came = on_behalf.told(came_by, came_on) if via is Via.ON_BEHALF else None
    return OpenLine(documents, came, *row[1:-3])


def said(session: Session, note_id: int, action_ids: Sequence[int]) -> dict[int, tuple[str, tuple[str, ...]]]:
    """Of these actions the last words, and the titles of their documents: for the mail."""
    if not action_ids:
        return {}
    query = _MINE.outerjoin(Update, col(Update.id) == col(HandoverLine.update_id)).with_only_columns(
        col(HandoverLine.action_id), _SPOKEN
    )
    chosen = query.where(col(HandoverLine.note_id) == note_id, col(HandoverLine.action_id).in_(action_ids))
    documents = _documents(session, note_id, action_ids)
    words = {row[0]: row[1] for row in session.execute(chosen)}
    return {one: (words[one], tuple(title for title, _, _ in documents.get(one, ()))) for one in words}


def _readable(session: Session, viewer: Viewer) -> sa.ColumnElement[bool]:
    """Whoever is seated at the post now, and each secretariat of whose programme something was open."""
    own = visible.programme_ids(session, viewer, Role.SECRETARIAT)
    theirs = (
        sa.exists()
        .where(col(HandoverLine.note_id) == col(HandoverNote.id), col(Action.id) == col(HandoverLine.action_id))
        .where(col(Action.programme_id).in_(own))
        .correlate(HandoverNote)
    )
    return sa.or_(col(HandoverNote.post_id).in_(viewer.post_ids), theirs)


def _documents(session: Session, note_id: int, action_ids: Sequence[int]) -> dict[int, tuple[ShownDocument, ...]]:
    """What was there on that day; title, place, and the piece where it has a file."""
    found: dict[int, tuple[ShownDocument, ...]] = {}
    given = {"note": note_id, "ids": list(action_ids)}
    for action_id, *document in session.execute(_PIECES, given) if action_ids else ():
        found[action_id] = (*found.get(action_id, ()), (document[0], document[1], document[2]))
    return found


_ROWS: Any = (
    sa.select(
        col(HandoverNote.id),
        col(Post.titles),
        col(Organisation.titles),
        col(Person.name),
        _FORMER.name,
        col(Holding.is_acting),
        col(HandoverNote.made_on),
        col(Holding.handover_note),
    )
    .join(Holding, col(Holding.id) == col(HandoverNote.holding_id))
    .join(Person, col(Person.id) == col(Holding.person_id))
    .join(Post, col(Post.id) == col(HandoverNote.post_id))
    .join(Organisation, col(Organisation.id) == col(Post.organisation_id))
    .outerjoin(_FORMER, _FORMER.id == col(HandoverNote.former_id))
)
_MINE: Any = sa.select(HandoverLine).join(Action, col(Action.id) == col(HandoverLine.action_id))
_SPOKEN: Any = sa.func.substr(
    sa.func.coalesce(sa.case((col(Update.note) != "", col(Update.note)), else_=col(Update.public_summary)), ""),
    1,
    LONGEST + 1,
)
_LINE = (
    col(HandoverLine.action_id),
    col(HandoverLine.position),
    col(Action.ref),
    col(Action.titles),
    col(HandoverLine.is_part),
    col(HandoverLine.state),
    col(HandoverLine.due_on),
    col(HandoverLine.is_late),
    _SPOKEN,
    col(Update.at),
    col(Update.via),
    col(Update.came_by),
    col(Update.came_on),
)
_PIECES: Any = (
    sa.select(
        col(EvidenceItem.action_id),
        col(EvidenceItem.title),
        col(EvidenceItem.location),
        sa.case((col(EvidenceItem.file_key).is_not(None), col(EvidenceItem.id))),
    )
    .join(HandoverNote, col(HandoverNote.id) == sa.bindparam("note"))
    .where(col(EvidenceItem.action_id).in_(sa.bindparam("ids", expanding=True)))
    .where(col(EvidenceItem.created_at) <= col(HandoverNote.created_at))
    .order_by(col(EvidenceItem.id))
)
