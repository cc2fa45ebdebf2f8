"""Which reminders take a reply, and the letter that asks its writer to confirm one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from sqlmodel import Session

from app import db
from app.config import settings
from app.domain.ladder import Audience, Kind
from app.domain.messages import N_
from app.domain.replies import ReplyState
from app.mail import signed_addresses
from app.mail.reply_letters import ReplyWaiting
from app.mail.signed_addresses import AddressUse
from app.models.replies import PendingReply, ReplyLine
from app.queries.mailing import recipients
from app.queries.mailing.ladder_candidates import Candidate
from app.queries.mailing.letters import item, post_line
from app.services.kernel.update_links import Bound
from app.services.mailing.letters.acts import NOT_HOLDER
from app.services.mailing.letters.case import Case, NoLongerWanted
from app.services.mailing.letters.keys import reply_key

SETTLED = N_("The reply was confirmed, thrown away or ran out")
_KINDS = frozenset({Kind.ACTION, Kind.WORD, Kind.PART})


class _Row(Protocol):
    @property
    def audience(self) -> str: ...


class Owed(Protocol):
    """A line of a morning."""

    @property
    def row(self) -> _Row: ...

    @property
    def candidate(self) -> Candidate: ...


def offered(case: Case, owed: Sequence[Owed]) -> str:
    """Where a reply to this mail goes, if it is about one thing of one post: of several nobody could tell which."""
    about = {(one.candidate.action_id, one.candidate.post_id) for one in owed}
    is_plain = all(one.row.audience == Audience.HOLDER and one.candidate.kind in _KINDS for one in owed)
    [(action_id, post_id), *others] = about
    plain = settings().reply_address
    if not plain or others or not is_plain or not action_id or not post_id or not case.keys:
        return ""
    until = max(when for row in case.keys if isinstance(when := row["expires_at"], dt.datetime))
    line = {"person_id": case.envelope.person_id, "post_id": post_id, "action_id": action_id, "expires_at": until}
    case.later.append(partial(_keep, message_id=case.envelope.id, line=line))
    return signed_addresses.made(plain, AddressUse.REPLY, case.envelope.id, settings().key)


def still_waiting(case: Case) -> PendingReply:
    reply = case.session.get_one(PendingReply, case.envelope.number("reply_id"), populate_existing=True)
    if reply.state is not ReplyState.WAITING:
        raise NoLongerWanted(SETTLED)
    if not recipients.is_seated(case.session, reply.post_id, case.envelope.person_id):
        raise NoLongerWanted(NOT_HOLDER)
    return reply


def load(case: Case) -> ReplyWaiting:
    reply = still_waiting(case)
    life = reply.expires_at - case.now
    post = " · ".join(post_line(case.session, reply.post_id, case.lang))
    return ReplyWaiting(
        to=replace(case.to, post=post),
        today=case.today,
        item=item(case.session, reply.action_id, case.lang, case.today),
        text=reply.text,
        days=max(life.days, 1),
        key=reply_key(case, Bound(case.envelope.person_id, reply.post_id, reply.action_id), life),
    )


def _keep(session: Session, message_id: int, line: dict[str, object]) -> None:
    """Written anew, as when it is sent again by hand, it is about what the new mail says."""
    insert = db.insert(session, ReplyLine).values(message_id=message_id, **line)
    session.execute(insert.on_conflict_do_update(index_elements=["message_id"], set_=line))
