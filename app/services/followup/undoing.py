"""Undoing one's own answer within minutes: all is as if it had never been given, but for the record.

Only while nothing followed: no mail has left, nobody has touched the action since.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, db
from app.domain import permissions
from app.domain.errors import NotAllowed, TooLate
from app.domain.extensions import RequestOutcome
from app.domain.messages import N_
from app.domain.undoing import ANSWERS, PUT_BACK, PUT_BACK_OF_PART, settles_at
from app.domain.workflow import BlockReason, MilestoneWord, PartState, State, Verb
from app.models.actions import Action, ActionSupport, Milestone
from app.models.audit import AuditEvent
from app.models.base import table_of
from app.models.evidence import EvidenceItem
from app.models.extensions import ExtensionRequest
from app.models.notifications import Delivery, Envelope
from app.models.takebacks import KeptAnswer
from app.models.updates import Update, Via
from app.queries.followup import undoing
from app.queries.followup.actions import facts
from app.services.followup.part_days import settle
from app.services.kernel import audit, rollups, searches
from app.services.kernel.audit import Actor

TAKEN_BACK = N_("Taken back before it was told")
_TOO_LATE = N_("Five minutes have passed: it stands. Correct its words, or send another update.")
_MOVED_ON = N_("Somebody has acted on it since: it can't be undone any more. Look at its present state below.")
_TOLD = N_("A mail about it has left: it can't be undone any more. Correct its words, or send another update.")
_UNDONE = N_("It was undone already.")

Before = dict[str, object]


def before(session: Session, action: Action, verb: Verb, part_of: int | None) -> Before:
    """The action, and the part of that organisation where it is what is answered for, as plain values."""
    if verb not in ANSWERS:
        return {}
    was = _values(action, PUT_BACK)
    if part_of is None:
        return was
    return was | {"part": _values(session.get_one(ActionSupport, (action.id, part_of)), PUT_BACK_OF_PART)}


def _values(row: Action | ActionSupport, names: Sequence[str]) -> Before:
    found = {name: getattr(row, name) for name in names}
    return {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in found.items()}


def keep(session: Session, actor: Actor, first_id: int, answer: Update, was: Mapping[str, object]) -> None:
    """Keep what stood before a holder's answer, for as long as it can be undone; what is recorded on behalf can't."""
    if answer.verb not in ANSWERS or answer.via not in {Via.WORKSPACE, Via.MAIL_LINK} or actor.received:
        return
    values = {
        "update_id": answer.id,
        "first_id": first_id,
        "action_id": answer.action_id,
        "about": answer.action_id,
        "before": dict(was),
        "until_at": settles_at(answer.verb, answer.at),
        "undone_at": None,
    }
    session.connection().execute(_KEEP, values)


def told_at(session: Session, update: Update) -> dt.datetime | None:
    """When the letter about it may leave: at once, but for an answer that may still be undone."""
    kept = session.get(KeptAnswer, update.id) if update.verb in ANSWERS else None
    return kept.until_at if kept else None


def undo(session: Session, actor: Actor, action: Action, update_id: int) -> None:
    """Take the answer back; its entries, its documents and its mails go, its words stay in the record."""
    kept = undoing.kept(session, action, update_id)
    if kept.undone_at is not None:
        raise TooLate(_UNDONE)
    answer = session.get_one(Update, update_id)
    _require_own(session, actor, action, answer)
    letters = _letters(session, action, answer)
    _require_in_time(session, actor, kept, answer, letters)
    said = _said(session, answer)
    with rollups.moved(session, action):
        action.version += 1
        _put_back(session, action, kept.before, answer.part_of_id)
        answer.state_after = action.state
        _remove(session, kept, answer)
        session.flush()
        action.evidence = undoing.evidence_left(session, action)
    kept.undone_at, kept.before = clock.now(), {}
    for letter in letters:
        letter.state, letter.reason, letter.ended_at = Delivery.CANCELLED, TAKEN_BACK, clock.now()
    audit.record(session, actor, "undo_answer", "action", action.id, action.programme_id, after=action.state, **said)


def sweep(session: Session, before_: dt.datetime) -> int:
    """Forget what stood before answers that nobody can undo any more."""
    return db.deleted(session, sa.delete(KeptAnswer).where(col(KeptAnswer.until_at) < before_))


def _require_own(session: Session, actor: Actor, action: Action, answer: Update) -> None:
    """Whoever gave it, while they hold the post that they gave it for."""
    permissions.require(actor.viewer, facts(session, action), Verb.UNDO)
    if answer.person_id != actor.person_id or answer.post_id not in actor.viewer.post_ids:
        raise NotAllowed


def _require_in_time(
    session: Session, actor: Actor, kept: KeptAnswer, answer: Update, letters: Sequence[Envelope]
) -> None:
    if undoing.is_touched(session, kept, actor.person_id) or answer.released_by_id or answer.withheld_reason:
        raise TooLate(_MOVED_ON)
    if clock.now() >= kept.until_at:
        raise TooLate(_TOO_LATE)
    if any(letter.state is not Delivery.QUEUED or letter.attempts for letter in letters):
        raise TooLate(_TOLD)


def _letters(session: Session, action: Action, answer: Update) -> Sequence[Envelope]:
    """What was queued because of it; locked, so that none leaves meanwhile."""
    mine = sa.select(Envelope).where(
        col(Envelope.about_kind) == "action",
        col(Envelope.about_id) == action.id,
        col(Envelope.period) == f"u{answer.id}",
    )
    return session.scalars(mine.order_by(col(Envelope.id)).with_for_update()).all()


def _put_back(session: Session, action: Action, was: Mapping[str, Any], part_of: int | None) -> None:
    _set(action, {name: was[name] for name in PUT_BACK})
    if part_of is not None:
        _set(session.get_one(ActionSupport, (action.id, part_of)), was["part"])
        settle(session, action)
    lapsed = was.get("lapsed") or ()
    for request in session.scalars(sa.select(ExtensionRequest).where(col(ExtensionRequest.id).in_(lapsed))):
        request.outcome, request.decided_at = RequestOutcome.OPEN, None


def _set(row: Action | ActionSupport, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, None if value is None else _READ.get(name, _same)(value))


def _remove(session: Session, kept: KeptAnswer, answer: Update) -> None:
    """Its documents, the milestone that it ticked, what it implied; of itself an entry is left that says nothing."""
    if answer.milestone_word is MilestoneWord.REACHED:
        milestone = session.get_one(Milestone, answer.milestone_id)
        milestone.done_on, milestone.version = None, milestone.version + 1
    for piece in session.scalars(sa.select(EvidenceItem).where(col(EvidenceItem.update_id) == answer.id)):
        session.delete(piece)
    searches.forget(session, answer)
    answer.verb, answer.at, answer.note, answer.public_summary = Verb.UNDO, clock.now(), "", ""
    answer.percent = answer.released_at = answer.release_on = answer.milestone_id = answer.milestone_word = None
    implied = col(Update.action_id) == kept.action_id, col(Update.id) >= kept.first_id, col(Update.id) < answer.id
    for entry in session.scalars(sa.select(Update).where(*implied)):
        session.delete(entry)


def _said(session: Session, answer: Update) -> dict[str, object]:
    """What the record keeps of it."""
    pieces = sa.select(col(EvidenceItem.title)).where(col(EvidenceItem.update_id) == answer.id)
    return {
        "update_id": answer.id,
        "answer": answer.verb,
        "before": answer.state_after,
        "was": {"note": answer.note, "public_summary": answer.public_summary},
        "percent": answer.percent,
        "documents": list(session.scalars(pieces.order_by(col(EvidenceItem.id)))) or None,
    }


def _same(value: Any) -> Any:
    return value


_READ: Mapping[str, Callable[[Any], Any]] = {
    "state": State,
    "part_state": PartState,
    "block_reason": BlockReason,
    **{name: dt.datetime.fromisoformat for name in (*PUT_BACK, *PUT_BACK_OF_PART) if name.endswith("_at")},
}
_EVENTS = table_of(AuditEvent)
_KEEP = sa.insert(table_of(KeptAnswer)).values(
    event_id=sa.select(sa.func.max(_EVENTS.c.id))
    .where(_EVENTS.c.subject_kind == "action", _EVENTS.c.subject_id == sa.bindparam("about"))
    .scalar_subquery()
)
