"""The wording of mails: an administrator's words for a sentence in one language, and the way back to ours."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, db
from app.domain import permissions, wordings
from app.models.wordings import Wording
from app.queries.mailing.wordings import Worded
from app.queries.scope import locks
from app.services.kernel import audit, wording_faults
from app.services.kernel.audit import Actor
from app.services.kernel.conflicts import expect


def reword(session: Session, actor: Actor, worded: Worded, forms: Mapping[str, str], version: int | None) -> None:
    """The next mail that is written says it; raises Problems by form, and Stale where somebody else was faster."""
    permissions.require_administrator(actor.viewer)
    lines = wordings.checked(worded.lang, worded.ours, forms)
    row = _row(session, worded)
    expect(row, version, ("forms",))
    _say(session, actor, row, [] if tuple(lines) == worded.ours else lines)


def take_back(session: Session, actor: Actor, worded: Worded, version: int | None) -> None:
    """It is said in our words again."""
    permissions.require_administrator(actor.viewer)
    row = _row(session, worded)
    expect(row, version, ("forms",))
    _say(session, actor, row, [])


def take_back_all(session: Session, actor: Actor, mail: Sequence[Worded]) -> None:
    """Everything that a mail says in one language is said in our words again."""
    permissions.require_administrator(actor.viewer)
    for worded in sorted((one for one in mail if one.own), key=lambda one: one.sentence.text):
        _say(session, actor, _row(session, worded), [])


def remove(session: Session, actor: Actor, row: Wording) -> None:
    """Words for a sentence that is said no more."""
    permissions.require_administrator(actor.viewer)
    _say(session, actor, row, [])


def _row(session: Session, worded: Worded) -> Wording:
    """Locked; whoever rewords the same sentence at the same moment waits here, and then sees the other's words."""
    new = {"lang": worded.lang, "text": worded.sentence.text, "forms": [], "version": 0, "edited_at": clock.now()}
    session.execute(db.insert(session, Wording).values(**new).on_conflict_do_nothing())
    query = sa.select(Wording).where(col(Wording.lang) == worded.lang, col(Wording.text) == worded.sentence.text)
    return session.scalars(query.with_for_update(**locks.ROW), execution_options=locks.FRESH).one()


def _say(session: Session, actor: Actor, row: Wording, forms: list[str]) -> None:
    before = row.forms
    row.forms, row.version = forms, row.version + 1
    row.edited_at, row.edited_by_id = clock.now(), actor.person_id
    session.flush()
    wording_faults.forget(session, row.lang)
    audit.record(
        session, actor, "reword", "wording", row.id, None, lang=row.lang, text=row.text, before=before, after=forms
    )
