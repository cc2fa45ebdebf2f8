"""Everybody's list of actions in the workspace: one statement for fifty rows, filtered, by deadline, by cursor."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import schedule
from app.domain.errors import N_, Message, Senseless
from app.domain.marks import Flag, Marks, for_action
from app.domain.permissions import Viewer
from app.domain.titles import Titles
from app.domain.workflow import OPEN, BlockReason, Evidence, State
from app.models.actions import Action
from app.models.meetings import Meeting
from app.models.people import Organisation
from app.queries import cursors, visible

PER_PAGE = 50
OPEN_ONES, ALL = "open", "all"
_OWED = tuple(sorted(OPEN - {State.SUBMITTED, State.DECLINED}))
_EVERY = (OPEN_ONES, ALL, *State)
_marks = lru_cache(maxsize=2048)(for_action)  # a few hundred answers, asked for thousands of times


@dataclass(frozen=True)
class Filters:
    """As the address has them; empty: not asked for. Without a state: what is open."""

    state: str = OPEN_ONES
    organisation: str = ""
    meeting: str = ""
    overdue: str = ""

    @property
    def chosen(self) -> dict[str, str]:
        given = {"state": self.state, "organisation": self.organisation, "meeting": self.meeting}
        given["overdue"] = self.overdue
        return {key: value for key, value in given.items() if value and (key, value) != ("state", OPEN_ONES)}

    def without(self, name: str) -> dict[str, str]:
        return {key: value for key, value in self.chosen.items() if key != name}

    def checked(self) -> "Filters":
        """Raises Senseless for a value that is none of ours."""
        for name, known in (("state", _EVERY), ("overdue", ("", "1"))):
            if getattr(self, name) not in known:
                raise Senseless(Message(N_("There is no such filter. The others are kept.")), self.without(name))
        return self


@dataclass(slots=True)
class Listed:
    """One line: columns, not objects."""

    id: int
    ref: str
    titles: Titles
    state: State
    evidence: Evidence
    due_on: dt.date | None
    submitted_at: dt.datetime | None
    assigned_at: dt.datetime | None
    last_word_at: dt.datetime | None
    block_reason: BlockReason | None
    organisation: Titles | None

    def marks(self, today: dt.date) -> tuple[Marks, int, int]:
        """The marks, with the days late and silent that two of them count."""
        submitted_on = self.submitted_at.date() if self.submitted_at else None
        judged = schedule.judge(
            self.state, baseline_on=None, due_on=self.due_on, submitted_on=submitted_on, today=today
        )
        heard = self.last_word_at or self.assigned_at
        silence = max(0, (today - heard.date()).days) if heard else 0
        marks = _marks(self.state, judged, self.evidence, is_stale=silence >= schedule.STALE_DAYS)
        return marks, judged.days_late, silence if Flag.SILENT in marks.flags else 0


def page(session: Session, viewer: Viewer, filters: Filters, after: str, today: dt.date) -> list[Listed]:
    """A page and one line more, which tells that there are others; by deadline, what has none first."""
    query = _query(viewer, filters.state, bool(filters.organisation), bool(filters.meeting), bool(filters.overdue))
    if after:
        due_on, last_id = cursors.day(after, **filters.chosen) or (dt.date.min, 0)
        none = due_on == dt.date.min
        query = query.where(_no_date_after(last_id) if none else _after(due_on, last_id))
    given = {"organisation": filters.organisation, "meeting": filters.meeting, "today": filters.overdue and today}
    known = {name: value for name, value in given.items() if value}
    return [Listed(*row) for row in session.execute(query, known)]


def line(action: Action) -> Listed:
    """One action that is at hand already, as a line."""
    values = [*(getattr(action, name) for name in _COLUMNS), None]
    return Listed(*values)


def following(rows: Sequence[Listed]) -> str:
    """The cursor of the page after this one, empty at the end."""
    return cursors.following(rows, PER_PAGE, lambda last: (last.due_on or dt.date.min, last.id))


@lru_cache(maxsize=256)
def _query(viewer: Viewer, state: str, organisation: bool, meeting: bool, overdue: bool) -> sa.Select[Any]:
    """Made once for a viewer and a choice of filters: making it costs more than running it."""
    query = (
        sa.select(*(col(getattr(Action, name)) for name in _COLUMNS), col(Organisation.titles))
        .outerjoin(Organisation, col(Organisation.id) == col(Action.lead_organisation_id))
        .where(visible.in_workspace(viewer))
        .order_by(col(Action.due_on).asc().nulls_first(), col(Action.id))
        .limit(PER_PAGE + 1)
    )
    if state == OPEN_ONES:
        query = query.where(col(Action.state).in_(OPEN))
    elif state != ALL:
        query = query.where(col(Action.state) == State(state))
    if organisation:
        query = query.where(col(Organisation.slug) == sa.bindparam("organisation"))
    if meeting:
        held = sa.select(col(Meeting.id)).where(col(Meeting.slug) == sa.bindparam("meeting")).scalar_subquery()
        query = query.where(col(Action.meeting_id) == held)
    if overdue:
        query = query.where(col(Action.due_on) < sa.bindparam("today"), col(Action.state).in_(_OWED))
    return query


_COLUMNS = tuple(name for name in Listed.__dataclass_fields__ if name != "organisation")


def _after(due_on: dt.date, last_id: int) -> sa.ColumnElement[bool]:
    return sa.tuple_(col(Action.due_on), col(Action.id)) > sa.tuple_(sa.literal(due_on), sa.literal(last_id))


def _no_date_after(last_id: int) -> sa.ColumnElement[bool]:
    return sa.or_(col(Action.due_on).is_not(None), sa.and_(col(Action.due_on).is_(None), col(Action.id) > last_id))


def named(session: Session, viewer: Viewer, filters: Filters) -> dict[str, Titles]:
    """The titles of what the filters name; raises Senseless where they name nothing that the viewer may know of."""
    found: dict[str, Titles] = {}
    for name, table, known in (
        ("organisation", Organisation, sa.true()),
        ("meeting", Meeting, sa.or_(visible.meetings(viewer), _holds_mine(viewer))),
    ):
        slug = getattr(filters, name)
        if not slug:
            continue
        titles = session.scalars(sa.select(col(table.titles)).where(col(table.slug) == slug, known)).first()
        if titles is None:
            raise Senseless(Message(N_("There is no such filter. The others are kept.")), filters.without(name))
        found[name] = titles
    return found


def _holds_mine(viewer: Viewer) -> sa.ColumnElement[bool]:
    return sa.exists().where(col(Action.meeting_id) == col(Meeting.id), visible.in_workspace(viewer))


def offered(session: Session, viewer: Viewer) -> tuple[list[tuple[str, Titles]], list[tuple[str, Titles]]]:
    """The organisations and meetings of which the viewer has an action in the list."""
    mine = visible.in_workspace(viewer)
    leads = sa.select(col(Action.lead_organisation_id)).where(mine).distinct()
    held = sa.select(col(Action.meeting_id)).where(mine).distinct()
    bodies = sa.select(col(Organisation.slug), col(Organisation.titles)).where(col(Organisation.id).in_(leads))
    meetings = sa.select(col(Meeting.slug), col(Meeting.titles)).where(col(Meeting.id).in_(held))
    return (
        [(row[0], row[1]) for row in session.execute(bodies.order_by(col(Organisation.slug)))],
        [(row[0], row[1]) for row in session.execute(meetings.order_by(col(Meeting.held_on).desc(), col(Meeting.id)))],
    )
