"""The follow-up desk: what needs the secretariat or a verifier today, counted in one statement, listed by section."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import schedule
from app.domain.calendar import add_working_days
from app.domain.permissions import Role, Viewer
from app.domain.progress import Status
from app.domain.texts import Titles
from app.domain.workflow import BlockReason, Verb
from app.models.evidence import EvidenceItem
from app.models.updates import Update
from app.queries.followup import desk_sections
from app.queries.followup.actions import ActionRow
from app.queries.followup.desk_sections import ACTIONS, DeskSection
from app.queries.mailing import outgoing
from app.queries.mailing.outgoing import LedgerLine
from app.queries.scope import calendar, cursors, ranges, visible

FEW, MANY = 6, 20  # of each section together, of one alone
TICKED = 100
CONFIRMED_WITHIN = 5  # working days: from then on the ladder asks again too


@dataclass(frozen=True, slots=True)
class DeskLine:
    """An action that needs somebody."""

    row: ActionRow
    organisation: Titles | None
    post: Titles | None
    block_reason: BlockReason | None
    who_can_unblock: str


@dataclass(frozen=True, slots=True)
class WordsToRelease:
    """Words that wait for their release."""

    id: int
    ref: str
    titles: Titles
    at: dt.datetime
    summary: str
    post: Titles | None


@dataclass(frozen=True, slots=True)
class Unplanned:
    """A recommendation that nobody has answered, or for which nothing is planned."""

    id: int
    ref: str
    titles: Titles
    status: Status
    responded_at: dt.datetime | None
    created_at: dt.datetime

    @property
    def since(self) -> dt.datetime:
        return self.responded_at or self.created_at

    def days(self, today: dt.date) -> int:
        return max(0, (today - clock.day(self.since, settings().zone)).days)


@dataclass
class Desk:
    """`counts` stop at one more than `ranges.MOST`; `next` is the cursor of the one section that is shown at length."""

    counts: dict[DeskSection, int]
    lines: dict[DeskSection, list[DeskLine]] = field(default_factory=dict)
    words: list[WordsToRelease] = field(default_factory=list)
    recommendations: dict[DeskSection, list[Unplanned]] = field(default_factory=dict)
    failed: list[LedgerLine] = field(default_factory=list)
    declared: dict[int, str] = field(default_factory=dict)  # what was said with the submission
    documents: dict[int, list[str]] = field(default_factory=dict)
    next: str = ""

    @property
    def total(self) -> int:
        return sum(min(count, ranges.MOST) for count in self.counts.values())

    @property
    def is_more(self) -> bool:
        """Whether there is more than the total says."""
        return any(count > ranges.MOST for count in self.counts.values())


@dataclass(frozen=True)
class _Asked:
    """Who looks when: what every section is read with."""

    programmes: dict[DeskSection, tuple[int, ...]]
    given: dict[str, object]  # values of the statements


def of(
    session: Session,
    viewer: Viewer,
    now: dt.datetime,
    today: dt.date,
    only: DeskSection | None = None,
    after: str = "",
) -> Desk:
    """All sections with their first lines, or a page of one of them."""
    asked = _asked(session, viewer, today)
    desk = Desk(_counts(session, viewer, now, asked))
    limit = MANY if only else FEW
    for section in [only] if only else DeskSection:
        if desk.counts[section]:
            _list(session, viewer, now, desk, section, asked, limit, after)
    ids = [line.row.id for line in desk.lines.get(DeskSection.TO_VERIFY, ())]
    if ids:
        desk.declared.update(_declared(session, ids))
        for action_id, title in session.execute(_PIECES, {"ids": ids}).all():
            desk.documents.setdefault(action_id, []).append(title)
    return desk


def _list(
    session: Session,
    viewer: Viewer,
    now: dt.datetime,
    desk: Desk,
    section: DeskSection,
    asked: _Asked,
    limit: int,
    cursor: str,
) -> None:
    """One row more than is shown tells that there are others."""
    if section == DeskSection.FAILED:
        after = cursors.number(cursor, only=section)
        went = outgoing.failed(session, viewer, now, after[1] if after else None, limit + 1)
        desk.failed, desk.next = went[:limit], cursors.following(went, limit, lambda last: (last.id, last.id))
        return
    point = desk_sections.point(section, cursor)
    query = desk_sections.listed(section, asked.programmes[section], limit + 1, *(() if point is None else point[:1]))
    rows = session.execute(query, asked.given | (point[1] if point else {})).all()
    if section in ACTIONS:
        width = desk_sections.WIDTH
        lines = [DeskLine(ActionRow(*row[1 : 1 + width]), *row[1 + width :]) for row in rows[:limit]]
        desk.lines[section] = lines
    elif section == DeskSection.WORDS:
        desk.words = [WordsToRelease(*row[1:]) for row in rows[:limit]]
    else:
        desk.recommendations[section] = [Unplanned(*row[1:]) for row in rows[:limit]]
    desk.next = cursors.following(rows, limit, lambda last: (last[0] or ranges.LAST, last[1]))


def _asked(session: Session, viewer: Viewer, today: dt.date) -> _Asked:
    """Verifiers see what is theirs to verify, the secretariat everything."""
    own = visible.programme_ids(session, viewer, Role.SECRETARIAT)
    both = visible.programme_ids(session, viewer, Role.SECRETARIAT, Role.VERIFIER)
    patience = add_working_days(today, -CONFIRMED_WITHIN, calendar.around(session, today))
    asked = clock.start(patience + dt.timedelta(days=1), settings().zone)
    programmes = {section: both if section == DeskSection.TO_VERIFY else own for section in DeskSection}
    silent = clock.start(schedule.fresh_from(today), settings().zone)
    return _Asked(programmes, {"asked": asked, "silent": silent})


def _counts(session: Session, viewer: Viewer, now: dt.datetime, asked: _Asked) -> dict[DeskSection, int]:
    """One statement for all of them."""
    counted = [
        outgoing.count_failed(viewer, now)
        if section == DeskSection.FAILED
        else desk_sections.counted(section, asked.programmes[section])
        for section in DeskSection
    ]
    row: Sequence[int] = session.execute(sa.select(*counted), asked.given).one()
    return dict(zip(DeskSection, row, strict=True))


def _declared(session: Session, ids: list[int]) -> dict[int, str]:
    """The words of the last submission of each."""
    return dict(session.execute(_DECLARED, {"ids": ids}).all())


_IDS: Any = sa.bindparam("ids", expanding=True)
_LAST = (
    sa.select(sa.func.max(col(Update.id)))
    .where(col(Update.action_id).in_(_IDS), col(Update.verb) == Verb.SUBMIT)
    .group_by(col(Update.action_id))
)
_DECLARED = sa.select(
    col(Update.action_id), sa.case((col(Update.note) != "", col(Update.note)), else_=col(Update.public_summary))
).where(col(Update.id).in_(_LAST))
_PIECES = (
    sa.select(col(EvidenceItem.action_id), col(EvidenceItem.title))
    .where(col(EvidenceItem.action_id).in_(_IDS))
    .order_by(col(EvidenceItem.id))
)
