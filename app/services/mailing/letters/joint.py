"""The letter about a bulk edit: what of it still stands for its reader, each action with what changed."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from app.domain.permissions import Role
from app.domain.sentences import joint_changes
from app.domain.texts import pick
from app.domain.workflow import OPEN, State
from app.mail.joint_letters import JointChanges
from app.mail.letters import Item, Reader
from app.mail.messages import ROWS
from app.models.actions import ActionSupport
from app.models.people import Holding
from app.queries.mailing import recipients
from app.queries.mailing.letters import item_of, post_titles
from app.queries.mailing.told import ToldAction
from app.queries.scope.seats import SEATED
from app.services.mailing.letters.acts import at_desk
from app.services.mailing.letters.case import Case, NoLongerWanted
from app.services.mailing.letters.keys import answers
from app.services.mailing.letters.mornings import NOTHING_LEFT
from app.wording import say_text


@dataclass(frozen=True)
class Change:
    """One action of the edit, as it was queued, and as it stands."""

    kind: str
    told: Mapping[str, Any]
    row: ToldAction
    is_owner: bool
    supporting_post_id: int | None  # the reader's

    @property
    def post_id(self) -> int | None:
        """The reader's post that it is about; none where they hear of it as a secretariat."""
        if self.kind == "link_moved":
            return self.told.get("former_post_id")
        return self.row.owner_post_id if self.is_owner else self.supporting_post_id

    @property
    def stands(self) -> bool:
        """As the letter about this action alone would look at it again."""
        if self.kind == "link_moved":
            return not self.is_owner
        if self.row.state not in OPEN:
            return False
        if self.kind == "deadline_moved":
            is_present = self.row.due_on is not None and self.row.due_on.isoformat() == self.told.get("to_on")
            return is_present and (self.is_owner or self.supporting_post_id is not None)
        return self.kind == "action_unheld" or (self.is_owner and self.row.state not in _PASSED_ON)


_PASSED_ON = frozenset({State.DECLINED, State.SUBMITTED})


def still_so(case: Case) -> list[Change]:
    """Raises NoLongerWanted once nothing of it stands."""
    queued: Any = case.envelope.params.get("changes") or []
    rows = case.table.told(change["action_id"] for change in queued)
    posts, supported = _posts(case), _supported(case, [change["action_id"] for change in queued])
    changes = [
        Change(told["kind"], told, rows[action_id], rows[action_id].owner_post_id in posts, supported.get(action_id))
        for told in queued
        if (action_id := told["action_id"]) in rows
    ]
    standing = [change for change in changes if change.stands and not _is_held_again(case, change)]
    if not standing:
        raise NoLongerWanted(NOTHING_LEFT)
    return standing


def load(case: Case) -> JointChanges:
    changes = still_so(case)
    return JointChanges(
        to=_reader(case, changes),
        today=case.today,
        items=tuple(_line(case, change) for change in changes[:ROWS]),
        total=len(changes),
        reason=case.envelope.words("reason"),
    )


def _line(case: Case, change: Change) -> Item:
    before = change.told.get("from_on")
    said = joint_changes.change(change.kind, dt.date.fromisoformat(before) if before else None)
    owner = change.row.owner_post_id if change.is_owner else None
    keys = answers(case, change.row, owner) if owner is not None else None
    return item_of(change.row, case.lang, case.today, note=say_text(said, case.lang), answers=keys)


def _reader(case: Case, changes: list[Change]) -> Reader:
    """Told because of the posts that it is about, whatever others they hold."""
    meant = dict.fromkeys(change.post_id for change in changes if change.post_id)
    if meant:
        named = post_titles(case.session, list(meant))
        lines = tuple(" · ".join(pick(title, case.lang)[0] for title in named[post_id]) for post_id in meant)
        return replace(case.to, role=Role.OWNER, of=lines, post=lines[0])
    if case.recipient.posts and not any(change.kind == "action_unheld" for change in changes):
        return replace(case.to, role=Role.OWNER, of=case.recipient.posts)
    programmes = (item_of(change.row, case.lang, case.today).programme for change in changes)
    return at_desk(case, Role.SECRETARIAT, programmes)


def _posts(case: Case) -> set[int]:
    held = sa.select(col(Holding.post_id)).where(col(Holding.person_id) == case.envelope.person_id, SEATED)
    return set(case.session.scalars(held))


def _supported(case: Case, action_ids: list[int]) -> dict[int, int]:
    """Of these actions those that a post of the reader supports, and which post."""
    mine = sa.select(col(Holding.post_id)).where(col(Holding.person_id) == case.envelope.person_id, SEATED)
    query = sa.select(col(ActionSupport.action_id), col(ActionSupport.post_id)).where(
        col(ActionSupport.action_id).in_(action_ids), col(ActionSupport.post_id).in_(mine)
    )
    return {row.action_id: row.post_id for row in case.session.execute(query)}


def _is_held_again(case: Case, change: Change) -> bool:
    if change.kind != "action_unheld":
        return False
    post_id = change.row.owner_post_id
    return case.table.once(("holder", post_id), lambda: recipients.holder(case.session, post_id)) is not None
