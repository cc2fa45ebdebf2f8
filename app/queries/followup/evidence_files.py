"""What an action's evidence really shows, and its files for those in the workspace."""

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import documents
from app.domain.permissions import Viewer
from app.models.evidence import EvidenceItem
from app.queries.followup import actions
from app.queries.scope import stored_files, visible
from app.queries.scope.stored_files import StoredFile


def shows(piece: EvidenceItem) -> bool:
    """Whether a piece is more than a name."""
    return piece.file_key is not None or documents.is_findable(piece.location)


def is_shown(session: Session, action_id: int) -> bool:
    """Whether the action has a piece that others can open or look up."""
    columns = col(EvidenceItem.file_key), col(EvidenceItem.location)
    pieces = session.execute(sa.select(*columns).where(col(EvidenceItem.action_id) == action_id))
    return any(key is not None or documents.is_findable(location) for key, location in pieces)


def of_viewer(session: Session, viewer: Viewer, ref: str, evidence_id: int) -> StoredFile:
    """Whoever sees no notes of the action opens what is public alone."""
    action = actions.get(session, viewer, ref)
    _, has_notes = visible.sight(session, viewer, action.id)
    return stored_files.of_piece(session, action.id, evidence_id, is_public=not has_notes)
