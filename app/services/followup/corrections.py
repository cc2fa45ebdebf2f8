"""Correcting the words of an answer: the public reads the new ones, and that they are; the record keeps the old."""

from sqlmodel import Session

from app import clock
from app.domain import permissions, texts
from app.domain.errors import NotAllowed, Refused, Stale
from app.domain.messages import N_
from app.domain.permissions import Role
from app.domain.undoing import ANSWERS
from app.domain.workflow import TABLE, Need
from app.models.actions import Action
from app.models.updates import Update, Via
from app.queries.followup.actions import facts
from app.queries.setup import posts
from app.services.followup import evidence
from app.services.followup.releases import public_from
from app.services.followup.transitions import record
from app.services.kernel.audit import Actor

_WITHOUT_WORDS = N_("This can't be said without a word: write what is true instead")
_THE_SAME = N_("These are the words that stand there already: change them, or leave the page")
_NEEDS_WORDS = frozenset(row.verb for row in TABLE if row.needs & {Need.NOTE, Need.REASON, Need.PUBLIC_REASON})


def correct(
    session: Session,
    actor: Actor,
    action: Action,
    update: Update,
    *,
    public_summary: str,
    note: str | None = None,
    lang: str = "",
    seen: int | None = None,
) -> None:
    """Put other words in the place of an answer's; without a `note`, one that said the same says the same again.

    What is public stays so, but for what comes by a mailed key or from an external partner: that waits for its
    release as its words did. `seen`: how often they had been corrected when the form was made.
    """
    _require(session, actor, action, update)
    if seen is not None and seen != update.corrections:
        raise Stale({"version": update.corrections, "public_summary": update.public_summary, "note": update.note})
    was = {"note": update.note, "public_summary": update.public_summary}
    summary = texts.many_lines(public_summary)
    said = texts.many_lines(note) if note is not None else _kept_note(update, summary)
    _require_words(update, was, {"note": said, "public_summary": summary})
    update.note, update.lang, update.corrections = said, lang or update.lang, update.corrections + 1
    if summary != update.public_summary:
        _release(session, actor, update, summary)
        update.public_summary, update.corrected_at = summary, clock.now()
    record(session, actor, "correct", action, update_id=update.id, was=was)


def may_correct(session: Session, actor: Actor, action: Action, update: Update) -> bool:
    """Its author, while the action concerns them, and the secretariat."""
    if _is_secretariat(actor, action.programme_id):
        return True
    is_author = update.person_id is not None and update.person_id == actor.person_id
    return is_author and bool(permissions.parts(actor.viewer, facts(session, action)))


def _require(session: Session, actor: Actor, action: Action, update: Update) -> None:
    if update.verb not in ANSWERS or not may_correct(session, actor, action, update):
        raise NotAllowed


def _kept_note(update: Update, summary: str) -> str:
    return summary if update.note == update.public_summary else update.note


def _require_words(update: Update, was: dict[str, str], words: dict[str, str]) -> None:
    if words == was:
        raise Refused(_THE_SAME)
    if update.verb in _NEEDS_WORDS and not any(words.values()) and update.milestone_word is None:
        raise Refused(_WITHOUT_WORDS)


def _release(session: Session, actor: Actor, update: Update, summary: str) -> None:
    """Withheld words stay withheld and waiting ones wait, whoever corrects them."""
    if update.withheld_reason or not summary:
        return
    if actor.via is Via.MAIL_LINK or not update.public_summary or _is_partners_own(session, actor, update):
        update.released_at, update.release_on = public_from(session, actor.via, update.programme_id, update.post_id)
        update.released_by_id = None
        evidence.follow(session, update)


def _is_partners_own(session: Session, actor: Actor, update: Update) -> bool:
    """Whether a partner itself puts other words in the place of what was released by hand."""
    by_partner = update.post_id is not None and posts.is_partners(session, update.post_id)
    return by_partner and not _is_secretariat(actor, update.programme_id)


def _is_secretariat(actor: Actor, programme_id: int) -> bool:
    return permissions.may(actor.viewer, programme_id, Role.SECRETARIAT)
