"""What was answered behind a mailed key, and what else its post owes: for the receipt, and for a second visit."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain import keys
from app.domain.answers import OF_PART
from app.domain.errors import NotFound
from app.domain.texts import Titles
from app.domain.workflow import AWAITED, Verb
from app.models.actions import Action
from app.models.notifications import UpdateLink
from app.models.updates import Update, Via
from app.queries.followup.update_keys import OpenedKey

OTHERS = 5
_ANSWERS = {verb for verb in Verb if verb.facts.is_word} | {Verb.DECLINE, Verb.ACKNOWLEDGE_PART, *OF_PART.values()}


class Other(NamedTuple):
    id: int
    ref: str
    titles: Titles
    due_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """The answer that this key's holder gave since the mail, and what somebody else did with the action since."""

    answer: Update
    since: Update | None


def receipt(session: Session, key: OpenedKey, update_id: int) -> Update:
    """An act of this person on what the key opens."""
    update = session.get(Update, update_id)
    about = key.milestone.id if key.milestone else None
    if update is None or _about(update) != (key.action.id, key.viewer.person_id, about):
        raise NotFound
    return update


def _about(update: Update) -> tuple[int, int | None, int | None]:
    return update.action_id, update.person_id, update.milestone_id


def earlier(session: Session, key: OpenedKey) -> Earlier | None:
    milestone_id = key.milestone.id if key.milestone else None
    mine = sa.select(Update).where(
        col(Update.action_id) == key.action.id,
        col(Update.person_id) == key.viewer.person_id,
        col(Update.post_id) == key.post_id,
        col(Update.at) > key.created_at,
        col(Update.verb).in_(_ANSWERS),
        col(Update.via) != Via.ON_BEHALF,
        col(Update.milestone_id).is_(None) if milestone_id is None else col(Update.milestone_id) == milestone_id,
    )
    answer = session.scalars(mine.order_by(col(Update.id).desc()).limit(1)).first()
    return Earlier(answer, _since(session, key, answer)) if answer else None


def _since(session: Session, key: OpenedKey, answer: Update) -> Update | None:
    """The latest act on the action after the answer, by whomever."""
    later = sa.select(Update).where(
        col(Update.action_id) == key.action.id,
        col(Update.id) > answer.id,
        col(Update.milestone_id).is_(None),
        col(Update.verb) != Verb.UNDO,
    )
    found: Update | None = session.scalars(later.order_by(col(Update.id).desc()).limit(1)).first()
    return found


def others(session: Session, key: OpenedKey) -> list[Other]:
    """What the same post still owes, the nearest first; behind a milestone's key its action as well."""
    query = sa.select(col(Action.id), col(Action.ref), col(Action.titles), col(Action.due_on)).where(
        col(Action.owner_post_id) == key.post_id, col(Action.state).in_(AWAITED)
    )
    if key.milestone is None:
        query = query.where(col(Action.id) != key.action.id)
    ordered = query.order_by(col(Action.due_on), col(Action.id)).limit(OTHERS)
    return [Other(*row) for row in session.execute(ordered)]


def key_to(token: str, update_id: int, action_id: int) -> str:
    """The key that the receipt of an answer shows to another action: told again each time, kept nowhere."""
    return keys.derived(token, f"receipt {update_id} action {action_id}")


def living(session: Session, tokens: Sequence[str]) -> set[str]:
    """Those of these keys that open something still."""
    hashes = {keys.hashed(token): token for token in tokens}
    query = sa.select(col(UpdateLink.token_hash)).where(
        col(UpdateLink.token_hash).in_(hashes),
        col(UpdateLink.revoked_at).is_(None),
        col(UpdateLink.expires_at) > clock.now(),
    )
    return {hashes[found] for found in session.scalars(query)}
