"""What the pages behind mailed keys share: who acts, in which words, what stands now, and the way to the receipt."""

import datetime as dt
from typing import Any

from sqlmodel import Session

from app.config import settings
from app.deps import Reading
from app.domain import answering, verbs
from app.domain.answering import Situation, Whose
from app.domain.messages import Message
from app.i18n import dates
from app.models.updates import Update, Via
from app.queries.followup import receipts, update_keys
from app.queries.followup.receipts import Earlier
from app.queries.followup.update_keys import OpenedKey
from app.services.followup.answers import open_others
from app.services.followup.transitions import Words
from app.services.kernel.audit import Actor
from app.web.page import local_today


def actor(key: OpenedKey) -> Actor:
    return Actor(key.viewer, Via.MAIL_LINK)


def words(note: str, lang: str, **changes: Any) -> Words:
    """What is typed behind a mailed key is meant for the public, and waits for its release."""
    return Words(note=note, public_summary=note, lang=lang, **changes)


def way_to_receipt(session: Session, way: tuple[str, str], key: OpenedKey, done: Update) -> str:
    """`way`: the language and the key in the path. The receipt's own keys are kept, as hashes, with the act."""
    lang, token = way
    open_others(session, token, key, done)
    return f"/{lang}/u/{token}/receipts/{done.id}"


def said(session: Reading, key: OpenedKey) -> dict[str, object]:
    """The sentences over the question: the deadline, an earlier answer, what stands now."""
    whose, due_on = whose_deadline(session, key)
    today, answered = local_today(), receipts.earlier(session, key)
    now = _situation(key, due_on, today, _on(answered.answer.at) if answered else None)
    return {
        "deadline": answering.deadline(whose, due_on, today),
        "is_late": now.days_late > 0,
        "earlier": _earlier(answered, now) if answered else [],
        "standing": answering.standing(now),
        "publicity": answering.becomes_public(is_public=key.action.is_public, of_milestone=key.milestone is not None),
    }


def receipt_name(session: Reading, key: OpenedKey, update: Update) -> Message:
    """What was recorded, as the receipt calls it."""
    return verbs.name_of(update.verb, _day(update.at), whose_deadline(session, key)[1])


def receipt_said(session: Reading, key: OpenedKey, update: Update) -> list[Message]:
    """The sentences of the receipt: what of it is public, and what comes next."""
    public = answering.is_public_now(
        is_public=key.action.is_public,
        has_words=bool(update.public_summary),
        is_released=update.released_at is not None,
        release_on=update.release_on,
        of_milestone=key.milestone is not None,
    )
    next_one = answering.follows(update.verb, *whose_deadline(session, key), local_today())
    return [public, next_one] if next_one and not _is_reached(key) else [public]


def whose_deadline(session: Reading, key: OpenedKey) -> tuple[Whose, dt.date | None]:
    if key.milestone is not None:
        return Whose.MILESTONE, key.milestone.due_on
    part_on = update_keys.part_due_on(session, key)
    return (Whose.PART, part_on) if part_on else (Whose.ACTION, key.action.due_on)


def _is_reached(key: OpenedKey) -> bool:
    return key.milestone is not None and key.milestone.done_on is not None


def _earlier(found: Earlier, now: Situation) -> list[Message]:
    answer, since = found.answer, found.since
    messages = [answering.earlier(answer.verb, answer.milestone_word, _day(answer.at), now)]
    return [*messages, answering.since(since.verb, _day(since.at), now.due_on)] if since else messages


def _situation(key: OpenedKey, due_on: dt.date | None, today: dt.date, answered_on: dt.date | None) -> Situation:
    action = key.action
    return Situation(
        state=action.state,
        today=today,
        due_on=due_on,
        heard_on=_on(action.last_word_at),
        blocked_on=_on(action.blocked_at),
        block_reason=action.block_reason,
        submitted_on=_on(action.submitted_at),
        is_milestone=key.milestone is not None,
        reached_on=key.milestone.done_on if key.milestone else None,
        answered_on=answered_on,
    )


def _on(moment: dt.datetime | None) -> dt.date | None:
    return _day(moment) if moment else None


def _day(moment: dt.datetime) -> dt.date:
    return dates.day_of(moment, settings().zone)
