"""Pieces of evidence: attached by who owes the action, counted on its fourth axis."""

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain import permissions
from app.domain import titles as names
from app.domain.errors import N_, NotAllowed, Refused
from app.domain.workflow import Evidence, Part
from app.models.actions import Action
from app.models.evidence import EvidenceItem
from app.models.updates import Update, Via
from app.queries.actions import facts
from app.services import audit
from app.services.audit import Actor

_PARTS = frozenset({Part.OWNER, Part.CONTRIBUTOR, Part.SECRETARIAT})


def attach(session: Session, actor: Actor, action: Action, *, title: str, location: str = "") -> EvidenceItem:
    """Name a document and where it can be found: an address, or the number of an official text."""
    if not permissions.parts(actor.viewer, facts(session, action)) & _PARTS:
        raise NotAllowed
    if not names.one_line(title):
        raise Refused(N_("Name the document"), "evidence_title")
    item = EvidenceItem(
        action_id=action.id or 0,
        title=names.one_line(title)[:300],
        location=names.one_line(location)[:1000],
        person_id=actor.person_id or 0,
        created_at=clock.now(),
        # As with words: public at once from somebody signed in, by hand what came behind a mailed key.
        released_at=None if actor.via == Via.MAIL_LINK else clock.now(),
    )
    session.add(item)
    if action.evidence in (Evidence.NONE, Evidence.DECLARED):
        action.evidence = Evidence.DOCUMENTED
    session.flush()
    audit.record(session, actor, "attach", "action", action.id or 0, action.programme_id, evidence_id=item.id)
    return item


def release(session: Session, update: Update) -> None:
    """The pieces that came with an update become public with its words."""
    session.execute(
        sa.update(EvidenceItem)
        .where(col(EvidenceItem.action_id) == update.action_id, col(EvidenceItem.created_at) <= update.at)
        .where(col(EvidenceItem.released_at).is_(None))
        .values(released_at=clock.now())
        .execution_options(synchronize_session=False)
    )
