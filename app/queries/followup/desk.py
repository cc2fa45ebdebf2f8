"""The follow-up desk: what needs the secretariat or a verifier today, counted in one statement, listed by section."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app import clock
from app.config import settings
from app.domain import schedule
from app.domain.calendar import add_working_days
from app.domain.desk import DeskSection
from app.domain.permissions import Role, Viewer
from app.queries.followup import declarations, desk_sections, support_rows, vacant_posts
from app.queries.followup.actions import ActionRow
from app.queries.followup.declarations import Declaration
from app.queries.followup.desk_rows import DeskLine, QuestionOnDesk, RequestToDecide, Unplanned, WordsToRelease
from app.queries.followup.desk_sections import ACTIONS
from app.queries.followup.support_rows import SupportRow
from app.queries.followup.translations import TranslationLine
from app.queries.followup.vacant_posts import VacantPost
from app.queries.mailing import ledgers, outgoing
from app.queries.mailing.ledgers import LedgerScope
from app.queries.mailing.outgoing import LedgerLine
from app.queries.scope import calendar, cursors, ranges, visible
from app.statements import Statement

FEW, MANY = 6, 20  # of each section together, of one alone
ROWS = 40  # of all sections together: two screens, however many of them are full
TICKED = 100
CONFIRMED_WITHIN = 5  # working days: from then on the ladder asks again too


@dataclass
class Desk:
    """`counts` stop at one more than `ranges.MOST`; `next` is the cursor of the one section that is shown at length."""

    counts: dict[DeskSection, int]
    lines: dict[DeskSection, list[DeskLine]] = field(default_factory=dict)
    words: list[WordsToRelease] = field(default_factory=list)
    vacant: list[VacantPost] = field(default_factory=list)
    requests: list[RequestToDecide] = field(default_factory=list)
    questions: list[QuestionOnDesk] = field(default_factory=list)
    recommendations: dict[DeskSection, list[Unplanned]] = field(default_factory=dict)
    failed: list[LedgerLine] = field(default_factory=list)
    translations: list[TranslationLine] = field(default_factory=list)
    declarations: dict[int, Declaration] = field(default_factory=dict)
    reasons: dict[int, tuple[DeskSection, ...]] = field(default_factory=dict)
    parts: dict[int, list[SupportRow]] = field(default_factory=dict)
    few: int = FEW  # rows of a section, where it is not shown alone
    next: str = ""

    @property
    def total(self) -> int:
        return sum(min(count, ranges.MOST) for count in self.counts.values())

    @property
    def is_more(self) -> bool:
        """Whether there is more than the total says."""
        return any(count > ranges.MOST for count in self.counts.values())

    @property
    def places(self) -> dict[str, str]:
        """Of everything that is done where it stands the name of what follows it, which is next once it is done."""
        names = [name for section in DeskSection for name in self._names(section)]
        return dict(zip(names, [*names[1:], *names[-2:-1]], strict=False))

    def _names(self, section: DeskSection) -> Iterator[str]:
        yield from (f"p{post.id}" for post in self.vacant if section == DeskSection.VACANT)
        yield from (line.row.ref for line in self.lines.get(section, ()))
        yield from (f"r{asked.id}" for asked in self.requests if section == DeskSection.REQUESTS)
        yield from (f"q{one.id}" for one in self.questions if section == DeskSection.QUESTIONS and one.is_to_answer)
        yield from (f"w{said.id}" for said in self.words if section == DeskSection.WORDS)
        yield from (f"m{mail.id}" for mail in self.failed if section == DeskSection.FAILED)
        yield from (row.ref for row in self.recommendations.get(section, ()))


@dataclass(frozen=True)
class _Asked:
    """Who looks when: what every section is read with."""

    programmes: dict[DeskSection, tuple[int, ...]]
    asked: dt.datetime  # who was given an action before, and has not confirmed it
    silent: dt.datetime  # who said their last word before
    today: dt.date

    @property
    def given(self) -> dict[str, object]:
        """Values of the statements."""
        return {"asked": self.asked, "silent": self.silent, "today": self.today}


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
    counts = _counts(session, viewer, now, asked)
    desk = Desk(counts, few=_few(counts.values()))
    limit = MANY if only else desk.few
    for section in [only] if only else DeskSection:
        if desk.counts[section]:
            _list(session, viewer, now, desk, section, asked, limit, after)
    desk.declarations = declarations.of(session, [line.row.id for line in desk.lines.get(DeskSection.TO_VERIFY, ())])
    shown = [*(line for lines in desk.lines.values() for line in lines), *(said.line for said in desk.words)]
    shown += [*(request.line for request in desk.requests), *(question.line for question in desk.questions)]
    desk.reasons = {line.row.id: line.reasons(asked.asked, asked.silent, today) for line in shown}
    desk.parts = support_rows.of(session, [row_id for row_id, why in desk.reasons.items() if DeskSection.PARTS in why])
    return desk


def _few(counts: Collection[int]) -> int:
    """As many rows of each section as leave room for all the others."""
    return next(few for few in range(FEW, 0, -1) if sum(min(count, few) for count in counts) <= ROWS)


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
        went = outgoing.failed(session, viewer, now, _place(section, cursor), limit + 1)
        desk.failed, desk.next = went[:limit], cursors.following(went, limit, lambda last: (last.id, last.id))
        return
    if section == DeskSection.VACANT:
        _list_vacant(session, desk, asked, limit, cursor)
        return
    point = desk_sections.point(section, cursor)
    query = desk_sections.listed(section, asked.programmes[section], limit + 1, *(() if point is None else point[:1]))
    rows = query.rows(session, asked.given | (point[1] if point else {}))
    _put(desk, section, rows[:limit])
    desk.next = cursors.following(rows, limit, lambda last: (last[0] or ranges.LAST, last[1]))


def _put(desk: Desk, section: DeskSection, rows: Sequence[Any]) -> None:
    if section in ACTIONS:
        desk.lines[section] = [_line(row[1:]) for row in rows]
    elif section == DeskSection.WORDS:
        desk.words = [WordsToRelease(row[1], row[2], row[3], _line(row[4:])) for row in rows]
    elif section == DeskSection.REQUESTS:
        desk.requests = [RequestToDecide(_line(row[9:]), *row[1:9]) for row in rows]
    elif section == DeskSection.QUESTIONS:
        desk.questions = [QuestionOnDesk(_line(row[6:]), *row[1:6]) for row in rows]
    elif section == DeskSection.TRANSLATIONS:
        desk.translations = [TranslationLine(*row[1:]) for row in rows]
    else:
        desk.recommendations[section] = [Unplanned(*row[1:]) for row in rows]


def _place(section: DeskSection, cursor: str) -> int | None:
    place = cursors.number(cursor, only=section)
    return place[1] if place else None


def _list_vacant(session: Session, desk: Desk, asked: _Asked, limit: int, cursor: str) -> None:
    own, after = asked.programmes[DeskSection.VACANT], _place(DeskSection.VACANT, cursor)
    posts = vacant_posts.listed(session, own, after or 0, limit + 1)
    desk.vacant, desk.next = posts[:limit], cursors.following(posts, limit, lambda last: (last.id, last.id))


def _line(row: Sequence[Any]) -> DeskLine:
    width = desk_sections.WIDTH
    return DeskLine(ActionRow(*row[:width]), *row[width:])


def _asked(session: Session, viewer: Viewer, today: dt.date) -> _Asked:
    """Verifiers see what is theirs to verify, the secretariat everything."""
    own = visible.programme_ids(session, viewer, Role.SECRETARIAT)
    both = visible.programme_ids(session, viewer, Role.SECRETARIAT, Role.VERIFIER)
    patience = add_working_days(today, -CONFIRMED_WITHIN, calendar.around(session, today))
    asked = clock.start(patience + dt.timedelta(days=1), settings().zone)
    programmes = {section: both if section == DeskSection.TO_VERIFY else own for section in DeskSection}
    silent = clock.start(schedule.fresh_from(today), settings().zone)
    return _Asked(programmes, asked, silent, today)


def _counts(session: Session, viewer: Viewer, now: dt.datetime, asked: _Asked) -> dict[DeskSection, int]:
    """One statement for all of them."""
    statement = _counted(tuple(asked.programmes.items()), ledgers.scope(viewer))
    row = statement.first(session, asked.given | {"lost_since": outgoing.lost_since(now)})
    return dict(zip(DeskSection, row or (), strict=True))


@lru_cache(maxsize=32)
def _counted(programmes: tuple[tuple[DeskSection, tuple[int, ...]], ...], scope: LedgerScope | None) -> Statement:
    """Made once for all who answer for the same: making it costs more than running it."""
    return Statement(sa.select(*(_count(section, ids, scope) for section, ids in programmes)))


def _count(section: DeskSection, programmes: tuple[int, ...], scope: LedgerScope | None) -> Any:
    if section == DeskSection.FAILED:
        return outgoing.count_failed(scope)
    if section == DeskSection.VACANT:
        return vacant_posts.count(programmes)
    return desk_sections.counted(section, programmes)
