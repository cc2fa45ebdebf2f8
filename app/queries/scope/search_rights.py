"""What somebody may find: tokens that the index is asked for, and the conditions of every list on what it gives."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import searching
from app.domain.permissions import Role, Viewer, has_role, managed
from app.domain.searching import SearchKind
from app.models.meetings import Programme
from app.models.questions import QuestionNote
from app.models.searches import SearchDocument
from app.models.updates import Update
from app.queries.scope import visible

_NOTED = (Role.SECRETARIAT, Role.VERIFIER)
_SETS_UP = (Role.ADMINISTRATOR, Role.SECRETARIAT)


def tokens(session: Session, viewer: Viewer) -> frozenset[str]:
    """One of these stands in every document that the viewer may find: so the index gives out few that they may not."""
    public = session.scalars(sa.select(col(Programme.id)).where(col(Programme.published_at).is_not(None)))
    found = {searching.everybody(programme_id) for programme_id in public}
    for grant in viewer.grants:
        programme_id = grant.programme_id or 0
        if grant.organisation_id is None and grant.region is None:
            found |= {searching.readers(programme_id)} if grant.role in (*_NOTED, Role.OBSERVER) else set()
            found |= {searching.note_readers(programme_id)} if grant.role in _NOTED else set()
        elif grant.role is Role.OBSERVER:
            found |= {searching.observers(grant.region)} if grant.region else set()
            found |= {searching.managers(grant.organisation_id)} if grant.organisation_id else set()
    found |= {searching.holders(post_id) for post_id in viewer.post_ids}
    found |= {searching.managers(organisation_id) for organisation_id in managed(viewer)}
    return frozenset(found | ({searching.SHARED} if has_role(viewer, *_SETS_UP) else set()))


def sight_of(viewer: Viewer) -> Viewer:
    """The viewer as far as it decides what they see: one for all who see the same."""
    return Viewer(0, viewer.grants, viewer.post_ids, viewer.organisation_ids_managed)


def condition(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Which documents the viewer may see, beside the rows that they are about: what the pages of these ask, too."""
    noted = visible.with_notes(viewer)
    released = sa.and_(col(Update.released_at).is_not(None), visible.actions(viewer))
    sets_up = sa.true() if has_role(viewer, *_SETS_UP) else sa.false()
    of = {
        SearchKind.MEETING: visible.meetings(viewer),
        SearchKind.RECOMMENDATION: visible.recommendations(viewer),
        SearchKind.ACTION: visible.actions(viewer),
        SearchKind.SAID: sa.or_(noted, released),
        SearchKind.NOTE: noted,
        SearchKind.BRIEF: noted,
        SearchKind.QUESTION: noted,
        SearchKind.INDICATOR: sa.or_(visible.kept_indicators(viewer), visible.public_indicators()),
        SearchKind.ORGANISATION: sets_up,
        SearchKind.POST: sets_up,
    }
    kind = col(SearchDocument.kind)
    return sa.or_(*(sa.and_(kind == one, may) for one, may in of.items()))


def of_document() -> tuple[Any, Any]:
    """The update and the action that a document is about, each by its id; null where it is about none.

    The question that it is about stands in the statement by `of_question`.
    """
    kind: Any = col(SearchDocument.kind)
    subject = col(SearchDocument.subject_id)
    update_id = sa.case((kind.in_([SearchKind.SAID, SearchKind.NOTE]), subject))
    action_id = sa.case(
        (kind.in_([SearchKind.ACTION, SearchKind.BRIEF]), subject),
        (kind == SearchKind.QUESTION, col(QuestionNote.action_id)),
        else_=col(Update.action_id),
    )
    return update_id, action_id


def of_question() -> Any:
    """The question, or the answer to one, that a document is about."""
    kind: Any = col(SearchDocument.kind)
    return col(QuestionNote.id) == sa.case((kind == SearchKind.QUESTION, col(SearchDocument.subject_id)))
