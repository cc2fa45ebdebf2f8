"""What the holder of a post says of an action: receipt, progress, obstacles, done; and when its words become public."""

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import texts
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.workflow import ENDS, BlockReason, Need, Verb
from app.models.actions import Action
from app.models.updates import Update
from app.queries.followup import evidence_files
from app.queries.followup.actions import facts
from app.queries.mailing import recipients
from app.services.followup import evidence
from app.services.followup.evidence import Document
from app.services.followup.transitions import NO_WORDS, Words, carry_out, evidence_of, require_secretariat, tell
from app.services.kernel import audit
from app.services.kernel.audit import Actor

_SHOW_IT = N_(
    "A priority action needs a document that shows it: its file, its address, or the number of an official text"
)
_MOST = 500  # of what a day releases by itself, in one pass


def acknowledge(session: Session, actor: Actor, action: Action, *, words: Words = NO_WORDS) -> Update:
    return carry_out(session, actor, action, Verb.ACKNOWLEDGE, words=words)


def decline(session: Session, actor: Actor, action: Action, *, reason: str, public_summary: str = "") -> Update:
    """Give the action back to the secretariat, which hears why."""
    update = carry_out(session, actor, action, Verb.DECLINE, words=Words(reason, public_summary))
    tell(session, action, update, recipients.secretariat(session, action.programme_id))
    return update


def report(session: Session, actor: Actor, action: Action, *, words: Words) -> Update:
    return carry_out(session, actor, action, Verb.REPORT, words=words)


def on_track(session: Session, actor: Actor, action: Action, *, words: Words = NO_WORDS) -> Update:
    return carry_out(session, actor, action, Verb.ON_TRACK, words=words)


def block(
    session: Session,
    actor: Actor,
    action: Action,
    *,
    block_reason: BlockReason | None,
    who_can_unblock: str,
    words: Words = NO_WORDS,
) -> Update:
    """Say what stands in the way and who can remove it; the managers of the lead organisation hear at once."""

    unblocker = texts.one_line(who_can_unblock)

    def blocked(item: Action) -> None:
        item.block_reason, item.who_can_unblock = block_reason, unblocker

    given = {Need.BLOCK_REASON: block_reason, Need.WHO_CAN_UNBLOCK: unblocker}
    update = carry_out(
        session, actor, action, Verb.BLOCK, words=words, given=given, change=blocked, data={"reason": block_reason}
    )
    tell(session, action, update, recipients.managers(session, action.lead_organisation_id))
    return update


def unblock(session: Session, actor: Actor, action: Action, *, words: Words = NO_WORDS) -> Update:
    return carry_out(session, actor, action, Verb.UNBLOCK, words=words)


def submit(
    session: Session,
    actor: Actor,
    action: Action,
    *,
    words: Words,
    document: Document = Document(),
) -> Update:
    """Declare it done; a priority action needs a document that can be opened or looked up. The verifiers hear."""

    def check() -> None:
        if action.is_priority and not document.is_findable and not evidence_files.is_shown(session, action.id):
            field = "evidence_location" if document.title else "evidence_title"
            raise Refused(_SHOW_IT, field)

    def declared(item: Action) -> None:
        item.evidence = evidence_of(session, item)

    update = carry_out(session, actor, action, Verb.SUBMIT, words=words, check=check, change=declared)
    if document.name:
        evidence.add(session, actor, action, document, update)
    tell(session, action, update, _able_to_verify(session, actor, action))
    return update


def _able_to_verify(session: Session, actor: Actor, action: Action) -> list[int]:
    """Whom it makes sense to ask: nobody verifies what they submitted, recorded or named the evidence of."""
    stakes = facts(session, action).recorder_ids | {actor.person_id}
    return [person for person in recipients.verifiers(session, action.programme_id) if person not in stakes]


def release(session: Session, actor: Actor, update: Update) -> None:
    """Make the words of an update public; nobody loses the original."""
    require_secretariat(actor, update.programme_id)
    if not update.public_summary:
        raise Refused(N_("There are no words to release"))
    if update.released_at is None:
        update.released_at, update.released_by_id, update.withheld_reason = clock.now(), actor.person_id, ""
        evidence.follow(session, update)
        _follow_ending(session, update)
        audit.record(session, actor, "release", "update", update.id, update.programme_id)


def withhold(session: Session, actor: Actor, update: Update, *, reason: str) -> None:
    """Keep the words and their documents back, or take them off again; the reason stays in the record."""
    require_secretariat(actor, update.programme_id)
    if not reason.strip():
        raise Refused(N_("Give the reason: it is kept in the private record"), "reason")
    update.released_at, update.release_on, update.withheld_reason = None, None, texts.many_lines(reason)
    evidence.follow(session, update)
    _follow_ending(session, update)
    audit.record(session, actor, "withhold", "update", update.id, update.programme_id, reason=reason)


def _follow_ending(session: Session, update: Update) -> None:
    """Why an action ended stands beside its state as well: not a word longer than in its story."""
    ends = sa.select(sa.func.max(col(Update.id))).where(
        col(Update.action_id) == update.action_id, col(Update.verb).in_(sorted(ENDS))
    )
    action = session.get_one(Action, update.action_id)
    if action.state is ENDS.get(update.verb) and session.scalars(ends).one() == update.id:
        action.end_reason = update.public_summary if update.released_at else ""


def release_due(session: Session) -> int:
    """Release what the programme's policy releases by itself today; how many there were."""
    today = clock.today(settings().zone)
    due = sa.select(Update).where(col(Update.release_on) <= today, col(Update.released_at).is_(None))
    updates = session.scalars(due.limit(_MOST)).all()
    for update in updates:
        update.released_at, update.release_on = clock.now(), None
        evidence.follow(session, update)
        audit.record(session, audit.SERVICE, "release", "update", update.id, update.programme_id)
    return len(updates) + evidence.release_due(session, today, _MOST)
