"""Telling the team chats that reminders stand, or go again: queued once, tried a few times, then given up and shown.

A queue of its own beside the mails': whatever a chat does, no mail waits for it, and one chat waits for no other.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app import db
from app.channels import Courier, NotDelivered, Notice, sealing
from app.config import settings
from app.domain.messages import N_
from app.domain.sentences.chat_notes import GREEN, RED, title
from app.models.channels import ChannelNote, NoteState, TeamChannel
from app.models.notifications import Heartbeat
from app.queries.mailing import health
from app.queries.scope import ranges
from app.wording import say_text

Transaction = Callable[[], AbstractContextManager[Session]]
TOLD = "chats:followup"  # a heartbeat: what the chats know, and since when it has been otherwise
_CALM = dt.timedelta(minutes=5)  # a state that lasts is told, a moment is not
_BACK_OFF = tuple(dt.timedelta(minutes=minutes) for minutes in (2, 5, 15, 60))
_USE = dt.timedelta(hours=12)
_MOST = 4  # of a turn: the next one comes in a minute
_OTHER_KEY = N_("its address was kept under another key: remove the chat and add it again")


class Taken(NamedTuple):
    """A note in hand: its next try is written down before this one begins, so that whoever dies leaves it there."""

    id: int
    attempts: int
    kind: str
    address: bytes
    lang: str


def turn(read: Transaction, write: Transaction, courier: Courier, now: dt.datetime) -> Counter[str]:
    """Beside the mails, and after them. Where there is no chat nothing is written."""
    with read() as session:
        if session.scalars(sa.select(col(TeamChannel.id)).limit(1)).first() is None:
            return Counter()
    with write() as session:
        queued = look(session, now)
    return Counter(queued=queued, **tell(read, write, courier, now)._asdict())


def look(session: Session, now: dt.datetime) -> int:
    """Queue what is new of the follow-up's health, for every chat; how many notes were queued."""
    chats = list(session.scalars(sa.select(col(TeamChannel.id)).order_by(col(TeamChannel.id))))
    if not chats:
        return 0
    is_red = health.followup(session, now).is_red
    told = session.get(Heartbeat, TOLD, with_for_update=True, populate_existing=True)
    if told is None:
        _remember(session, now, is_red=False, since=now if is_red else None)
        return 0
    was_red, since = bool(told.detail.get("is_red")), told.detail.get("since")
    if is_red == was_red:
        if since is not None:
            _remember(session, now, is_red=was_red, since=None)
        return 0
    begun = min(dt.datetime.fromisoformat(since), now) if isinstance(since, str) else now  # clocks are set back
    if now - begun < _CALM:
        _remember(session, now, is_red=was_red, since=begun)
        return 0
    _remember(session, now, is_red=is_red, since=None)
    return _queue(session, chats, RED if is_red else GREEN, begun, now)


def _remember(session: Session, now: dt.datetime, *, is_red: bool, since: dt.datetime | None) -> None:
    row = {"at": now, "epoch": 0, "detail": {"is_red": is_red, "since": since.isoformat() if since else None}}
    insert = db.insert(session, Heartbeat).values(name=TOLD, **row)
    session.execute(insert.on_conflict_do_update(index_elements=["name"], set_=row))


def _queue(session: Session, chats: list[int], kind: str, begun: dt.datetime, now: dt.datetime) -> int:
    """What a chat has not heard yet of how it was before is over: told after this it would be untrue."""
    before = col(ChannelNote.kind).in_((RED, GREEN)), col(ChannelNote.state) == NoteState.WAITING
    session.execute(sa.update(ChannelNote).where(*before).values(state=NoteState.DEAD, ended_at=now))
    same = {"kind": kind, "period": begun.isoformat(timespec="seconds"), "state": NoteState.WAITING, "due_at": now}
    rows = [{"channel_id": chat, "attempts": 0, "reason": "", "created_at": now, **same} for chat in chats]
    session.execute(db.insert(session, ChannelNote).on_conflict_do_nothing(), rows)
    return len(rows)


class ToldCounts(NamedTuple):
    sent: int = 0
    dead: int = 0
    retried: int = 0


def tell(read: Transaction, write: Transaction, courier: Courier, now: dt.datetime) -> ToldCounts:
    """A few of those that are due, each in transactions of its own; nothing is locked while a chat is spoken to."""
    with read() as session:
        due = session.scalars(_due(now)).all()
    ends = [_tell(write, courier, now, note_id) for note_id in due]
    return ToldCounts(ends.count(NoteState.SENT), ends.count(NoteState.DEAD), ends.count(NoteState.WAITING))


def _due(now: dt.datetime) -> sa.Select[int]:
    waits = ranges.said("channel_note", "state = 'waiting'")
    query: sa.Select[int] = sa.select(col(ChannelNote.id)).where(waits, col(ChannelNote.due_at) <= now)
    return query.order_by(col(ChannelNote.due_at), col(ChannelNote.id)).limit(_MOST)


def _tell(write: Transaction, courier: Courier, now: dt.datetime, note_id: int) -> NoteState | None:
    with write() as session:
        taken = _take(session, now, note_id)
    if taken is None:
        return None
    try:
        address = sealing.opened(taken.address)
        if address is None:
            raise NotDelivered(_OTHER_KEY)
        courier.send(address, Notice(say_text(title(taken.kind), taken.lang), _link(taken.lang)))
        state, reason = NoteState.SENT, ""
    except NotDelivered as failure:
        is_over = taken.attempts > len(_BACK_OFF)
        state, reason = NoteState.DEAD if is_over else NoteState.WAITING, str(failure)
    with write() as session:
        _end(session, taken, state, reason, now)
    return state


def _take(session: Session, now: dt.datetime, note_id: int) -> Taken | None:
    """None where somebody else has it, or its use is over."""
    note = session.get(ChannelNote, note_id, with_for_update=True, populate_existing=True)
    if note is None or note.state != NoteState.WAITING or note.due_at > now:
        return None
    if now - note.created_at > _USE:
        note.state, note.ended_at = NoteState.DEAD, now
        return None
    note.due_at, note.attempts = now + _BACK_OFF[min(note.attempts, len(_BACK_OFF) - 1)], note.attempts + 1
    chat = session.get_one(TeamChannel, note.channel_id)
    return Taken(note.id, note.attempts, note.kind, chat.address, chat.lang)


def _end(session: Session, taken: Taken, state: NoteState, reason: str, now: dt.datetime) -> None:
    """Where it is another's by now, or over, it stays so."""
    mine = col(ChannelNote.id) == taken.id, col(ChannelNote.attempts) == taken.attempts
    ended, waits = None if state is NoteState.WAITING else now, col(ChannelNote.state) == NoteState.WAITING
    session.execute(sa.update(ChannelNote).where(*mine, waits).values(state=state, reason=reason, ended_at=ended))


def _link(lang: str) -> str:
    return f"{settings().base}/{lang}/workspace/setup/health"
