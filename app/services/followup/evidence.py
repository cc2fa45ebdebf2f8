"""Pieces of evidence: attached by who owes the action, counted on its fourth axis, public with their words or alone."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, db
from app.domain import documents, permissions, texts
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.workflow import Evidence
from app.files.store import Arrived
from app.models.actions import Action
from app.models.evidence import EvidenceItem
from app.models.updates import Update
from app.queries.followup.actions import facts
from app.services.followup.releases import public_from
from app.services.followup.transitions import record, require_secretariat
from app.services.kernel import audit
from app.services.kernel.audit import Actor


@dataclass(frozen=True)
class Document:
    """What somebody shows: its name, and its file, its address or the number of an official text."""

    title: str = ""
    location: str = ""
    file: Arrived | None = None
    is_internal: bool = False

    @property
    def name(self) -> str:
        return texts.one_line(self.title) or (self.file.name if self.file else "")

    @property
    def is_findable(self) -> bool:
        """Whether it is more than a name: others can open it or look it up."""
        return self.file is not None or documents.is_findable(texts.one_line(self.location))


def attach(
    session: Session, actor: Actor, action: Action, *, title: str, location: str = "", update: Update | None = None
) -> EvidenceItem:
    """Name a document and where it can be found: an address, or the number of an official text."""
    return add(session, actor, action, Document(title, location), update)


def add(
    session: Session, actor: Actor, action: Action, document: Document, update: Update | None = None
) -> EvidenceItem:
    """With public words of an `update` it becomes public with them; alone as words would; what is internal never."""
    permissions.require_hand(actor.viewer, facts(session, action))
    if not document.name:
        raise Refused(N_("Name the document"), "evidence_title")
    if action.evidence in (Evidence.NONE, Evidence.DECLARED):
        action.evidence = Evidence.DOCUMENTED
    released_at, release_on = (None, None) if document.is_internal else _public_from(session, actor, action, update)
    item = db.store(
        session,
        EvidenceItem,
        action_id=action.id,
        update_id=update.id if update else None,
        title=document.name[:300],
        location=texts.one_line(document.location)[:1000],
        is_internal=document.is_internal,
        **_columns(document.file),
        person_id=actor.person_id or 0,
        created_at=clock.now(),
        released_at=released_at,
        release_on=release_on,
        withheld_reason="",
    )
    sha256 = {"sha256": item.file_sha256} if item.file_key else {}
    record(session, actor, "attach", action, evidence_id=item.id, update_id=item.update_id, **sha256)
    return item


def _columns(file: Arrived | None) -> dict[str, object]:
    """With the file in the store: from here on a row without it is impossible."""
    if file is None:
        return {"file_key": None, "file_name": "", "file_kind": "", "file_size": 0, "file_sha256": ""}
    file.keep()
    return {
        "file_key": file.key,
        "file_name": file.name,
        "file_kind": file.kind.value,
        "file_size": file.size,
        "file_sha256": file.sha256,
    }


def _public_from(
    session: Session, actor: Actor, action: Action, update: Update | None
) -> tuple[dt.datetime | None, dt.date | None]:
    if update and update.public_summary:
        return update.released_at, None
    return public_from(
        session, actor.via, action.programme_id, permissions.speaks_for(actor.viewer, facts(session, action))
    )


def follow(session: Session, update: Update) -> None:
    """What came with an update is public while its words are, but for what is internal or withheld on its own."""
    mine = sa.and_(
        col(EvidenceItem.update_id) == update.id,
        col(EvidenceItem.withheld_reason) == "",
        col(EvidenceItem.is_internal).is_(False),
    )
    session.execute(sa.update(EvidenceItem).where(mine).values(released_at=update.released_at))


def release(session: Session, actor: Actor, action: Action, item: EvidenceItem) -> None:
    """Make a piece public; one that came with words not before them."""
    require_secretariat(actor, action.programme_id)
    if item.is_internal:
        raise Refused(N_("It was sent as internal: it is never published"))
    words = session.get_one(Update, item.update_id) if item.update_id else None
    if words and words.public_summary and words.released_at is None:
        raise Refused(N_("It came with words that are not public: release them, and it follows"))
    if item.released_at is None:
        item.released_at, item.release_on, item.withheld_reason = clock.now(), None, ""
        record(session, actor, "release_evidence", action, evidence_id=item.id)


def withhold(session: Session, actor: Actor, action: Action, item: EvidenceItem, *, reason: str) -> None:
    """Keep a piece back, or take it off again, whatever becomes of its words; the reason stays in the record."""
    require_secretariat(actor, action.programme_id)
    if not reason.strip():
        raise Refused(N_("Give the reason: it is kept in the private record"), "reason")
    item.released_at, item.release_on, item.withheld_reason = None, None, texts.many_lines(reason)
    record(session, actor, "withhold_evidence", action, evidence_id=item.id, reason=reason)


def release_due(session: Session, today: dt.date, most: int) -> int:
    """Release the pieces that came alone and whose day has come; how many there were."""
    due = (
        sa.select(EvidenceItem, Action)
        .join(Action, col(Action.id) == col(EvidenceItem.action_id))
        .where(col(EvidenceItem.release_on) <= today, col(EvidenceItem.released_at).is_(None))
    )
    found = session.execute(due.limit(most)).all()
    for item, action in found:
        item.released_at, item.release_on = clock.now(), None
        record(session, audit.SERVICE, "release_evidence", action, evidence_id=item.id)
    return len(found)
