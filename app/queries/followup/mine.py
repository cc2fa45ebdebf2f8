"""What the posts of one person owe: urgent first, each line with what its holder needs to answer in place."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import workflow
from app.domain.permissions import Viewer
from app.domain.texts import Titles
from app.domain.workflow import AWAITED, OPEN, BlockReason, Part, PartState, Verb
from app.models.actions import Action, ActionSupport, Milestone
from app.models.extensions import IS_OPEN_REQUEST, ExtensionRequest
from app.models.people import Post
from app.models.updates import Update
from app.queries.followup import actions, owed_actions, support_rows
from app.queries.followup.actions import ActionRow
from app.queries.followup.owed_actions import Keys, MineSection
from app.queries.followup.support_rows import SupportRow
from app.queries.scope import cursors, ranges

_SAYS = {Verb.PART_ON_TRACK: Verb.ON_TRACK, Verb.REPORT_PART: Verb.REPORT, Verb.PART_DONE: Verb.SUBMIT}
_OF_PART: Mapping[PartState, Mapping[Verb, Verb]] = {
    PartState.ASKED: _SAYS | {Verb.ACKNOWLEDGE_PART: Verb.ACKNOWLEDGE},
    PartState.ACKNOWLEDGED: _SAYS,
    PartState.UNDER_WAY: _SAYS,
    PartState.DONE: {Verb.REPORT_PART: Verb.REPORT},
}
FEW = 6  # lines of a section: all six of them stand on two screens


@dataclass(frozen=True, slots=True)
class Mine:
    """A line; `post` is whose it is, `due_on` the date of one's own part where one supports."""

    row: ActionRow
    is_owner: bool
    due_on: dt.date | None
    post: Titles | None
    block_reason: BlockReason | None
    who_can_unblock: str
    returned: str  # the reason, while the return is the last word
    milestones: tuple[Milestone, ...]
    part: SupportRow | None = None  # of a supporting post: its own
    is_asked: bool = False  # its post has asked for more time, and nobody has decided

    @property
    def possible(self) -> frozenset[Verb]:
        """In the words of an action; those of a supporting post are said of its part."""
        if self.is_owner:
            return workflow.possible(self.row.state, frozenset({Part.OWNER}))
        of_part = workflow.possible(self.row.state, frozenset({Part.CONTRIBUTOR}))
        state = self.part.state if self.part else PartState.UNDER_WAY
        return frozenset(verb for part_verb, verb in _OF_PART[state].items() if part_verb in of_part)

    def late(self, today: dt.date) -> int:
        is_awaited = self.row.state in AWAITED
        if self.part and self.due_on:
            return (
                max(0, (today - self.due_on).days)
                if self.part.state is not PartState.DONE and self.row.state in OPEN
                else 0
            )
        return max(0, (today - self.due_on).days) if self.due_on and is_awaited else 0


@dataclass(frozen=True)
class Shown:
    """A page of one section; `count` stops at one more than `ranges.MOST`, and is 0 where nobody counts."""

    lines: list[Mine] = field(default_factory=list)
    count: int = 0
    next: str = ""


@dataclass(frozen=True)
class MineSections:
    late: Shown
    week: Shown
    new: Shown  # to be confirmed
    waiting: Shown  # for verification, or for the secretariat
    later: Shown
    done: Shown

    @property
    def count(self) -> int:
        return sum(min(shown.count, ranges.MOST) for shown in (self.late, self.week, self.new))

    @property
    def is_more(self) -> bool:
        """Whether there is more than the count says."""
        return any(shown.count > ranges.MOST for shown in (self.late, self.week, self.new))

    @property
    def next_on(self) -> dt.date | None:
        coming = (*self.week.lines, *self.new.lines, *self.later.lines)
        return min((mine.due_on for mine in coming if mine.due_on), default=None)

    @property
    def refs(self) -> set[str]:
        shown = (self.late, self.week, self.new, self.waiting, self.later, self.done)
        return {mine.row.ref for part in shown for mine in part.lines}

    @property
    def places(self) -> dict[str, str]:
        """Of every action that waits for the person the one that is next once it is answered."""
        refs = [mine.row.ref for part in (self.late, self.week, self.new, self.later) for mine in part.lines]
        return dict(pairwise(refs))


def of(
    session: Session, viewer: Viewer, today: dt.date, given: Mapping[str, str] = MappingProxyType({}), few: int = FEW
) -> MineSections:
    """Five statements, one more where something is supported; `given`: cursors of sections not shown from the start."""
    found = owed_actions.found(session, viewer.post_ids, today, given, few)
    rows = _rows(session, viewer, [key.id for keys in found.values() for key in keys.page[:few]])
    return MineSections(**{part.value: _shown(part, keys, rows, few) for part, keys in found.items()})


def _shown(part: MineSection, keys: Keys, rows: dict[int, Mine], few: int) -> Shown:
    lines = [rows[key.id] for key in keys.page[:few] if key.id in rows]
    return Shown(
        lines,
        keys.total if part in owed_actions.COUNTED else 0,
        cursors.following(keys.page, few, lambda last: (last.key, last.id)),
    )


def _rows(session: Session, viewer: Viewer, ids: list[int]) -> dict[int, Mine]:
    returned, stones = _returned(session, ids), _milestones(session, ids)
    width = len(actions.ROW)
    lines = {}
    for found in session.execute(_LINES, {"ids": ids, "posts": sorted(viewer.post_ids)}) if ids else ():
        row, (part_on, *rest) = ActionRow(*found[:width]), found[width:]
        is_owner = row.owner_post_id in viewer.post_ids
        due_on = row.due_on if is_owner else part_on or row.due_on
        said = returned.get(row.id, ""), tuple(stones.get(row.id, ()))
        post, reason, who, asked = rest
        lines[row.id] = Mine(row, is_owner, due_on, post, reason, who, *said, is_asked=bool(asked))
    parts = support_rows.of(session, [row_id for row_id, line in lines.items() if not line.is_owner])
    for row_id, rows in parts.items():
        lines[row_id] = replace(lines[row_id], part=_own(rows, viewer))
    return lines


def _own(parts: list[SupportRow], viewer: Viewer) -> SupportRow | None:
    """Of several posts of theirs the one in whose name the story says it."""
    return min((part for part in parts if part.post_id in viewer.post_ids), key=_post, default=None)


def _post(part: SupportRow) -> int:
    return part.post_id or 0


_IDS: Any = sa.bindparam("ids", expanding=True)
_PART_ON = (
    sa.select(sa.func.min(col(ActionSupport.due_on)))
    .where(col(ActionSupport.action_id) == col(Action.id))
    .where(ranges.unindexed(col(ActionSupport.post_id)).in_(sa.bindparam("posts", expanding=True)))
    .scalar_subquery()
)
_IS_ASKED = (
    sa.select(sa.func.max(col(ExtensionRequest.id)))
    .where(col(ExtensionRequest.action_id) == col(Action.id), ranges.said("extension_request", IS_OPEN_REQUEST))
    .where(ranges.unindexed(col(ExtensionRequest.post_id)).in_(sa.bindparam("posts", expanding=True)))
    .correlate(Action)
    .scalar_subquery()
)
_LINES: Any = (
    sa.select(
        *actions.ROW, _PART_ON, col(Post.titles), col(Action.block_reason), col(Action.who_can_unblock), _IS_ASKED
    )
    .outerjoin(Post, col(Post.id) == col(Action.owner_post_id))
    .where(col(Action.id).in_(_IDS))
)


def _returned(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Why an action came back, where nothing has been said since."""
    return dict(session.execute(_RETURNED, {"ids": ids}).all())


_LAST = sa.select(sa.func.max(col(Update.id))).where(col(Update.action_id).in_(_IDS)).group_by(col(Update.action_id))
_RETURNED: Any = sa.select(col(Update.action_id), col(Update.note)).where(
    col(Update.id).in_(_LAST), col(Update.verb) == Verb.RETURN
)


def _milestones(session: Session, ids: Iterable[int]) -> dict[int, list[Milestone]]:
    stones: dict[int, list[Milestone]] = {}
    for stone in session.scalars(_STONES, {"ids": ids}):
        stones.setdefault(stone.action_id, []).append(stone)
    return stones


_STONES: Any = (
    sa.select(Milestone).where(col(Milestone.action_id).in_(_IDS)).order_by(col(Milestone.due_on), col(Milestone.id))
)
