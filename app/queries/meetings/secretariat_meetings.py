"""The meetings of a secretariat's own programmes, with what still has to be done on each."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import marks
from app.domain.marks import Marks
from app.domain.permissions import Role, Viewer
from app.domain.progress import ENDED, Response, Status
from app.domain.texts import Titles
from app.domain.workflow import State
from app.models.actions import Action
from app.models.base import table_of
from app.models.intake import Proposal, ProposalState, Report
from app.models.meetings import Meeting, Programme
from app.models.people import Organisation, Post
from app.models.recommendations import Recommendation
from app.queries.followup.actions import ROW, ActionRow
from app.queries.scope import cursors, visible

PAGE = 50
LINES = 25  # recommendations of one meeting, fewer where many actions stand below them
ROWS = 40  # both together
FOLDED = 4  # actions shown below one recommendation: its own page has all
_REFS = 20


@dataclass(frozen=True, slots=True)
class SecretariatMeeting:
    """One line of the list of meetings."""

    id: int
    slug: str
    titles: Titles
    held_on: dt.date
    region: str
    is_public: bool
    programme: Titles
    has_report: bool
    to_review: int
    recommendations: int


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One recommendation of a meeting."""

    id: int
    position: int
    ref: str
    titles: Titles
    response: Response
    status: Status
    is_priority: bool
    is_published: bool
    is_disputed: bool
    created_at: dt.datetime
    responded_at: dt.datetime | None

    @property
    def may_plan(self) -> bool:
        return self.status not in ENDED

    def marks(self) -> Marks:
        return marks.for_recommendation(self.status, {marks.Flag.DISPUTED} if self.is_disputed else ())

    def waited(self, today: dt.date) -> int:
        """Days since its response, else since it was taken in."""
        return max(0, (today - clock.day(self.responded_at or self.created_at, settings().zone)).days)


@dataclass(frozen=True, slots=True)
class Whole:
    """What a meeting holds in all, whichever of it a page shows."""

    recommendations: int
    is_waiting: bool  # something of it could be published and is not
    unpublished: int  # recommendations
    unpublished_actions: int  # assigned ones: drafts stay in the house
    lacking: list[str]  # the first drafts that can't be assigned yet


@dataclass(frozen=True, slots=True)
class OwnedAction:
    """An action below a recommendation, and the post that owns it."""

    row: ActionRow
    post: Titles | None
    organisation: Titles | None


def programmes(session: Session, viewer: Viewer) -> list[Programme]:
    """Those whose secretariat the viewer is."""
    query = sa.select(Programme).where(_own(col(Programme.id), viewer))
    return list(session.scalars(query.order_by(col(Programme.id))))


def meetings(session: Session, viewer: Viewer, after: tuple[dt.date, int] | None = None) -> list[SecretariatMeeting]:
    """The latest first, one more than a page holds; `after`: the date and id of the last one shown."""
    query = (
        sa.select(
            *(col(getattr(Meeting, name)) for name in ("id", "slug", "titles", "held_on", "region", "is_public")),
            col(Programme.titles),
            col(Report.id).is_not(None),
            _count(Proposal, col(Proposal.report_id) == col(Report.id), col(Proposal.state) == ProposalState.PROPOSED),
            _count(Recommendation, col(Recommendation.meeting_id) == col(Meeting.id)),
        )
        .join(Programme, col(Programme.id) == col(Meeting.programme_id))
        .outerjoin(Report, col(Report.meeting_id) == col(Meeting.id))
        .where(_own(col(Meeting.programme_id), viewer))
    )
    if after:
        query = query.where(sa.tuple_(col(Meeting.held_on), col(Meeting.id)) < sa.tuple_(*after))
    ordered = query.order_by(col(Meeting.held_on).desc(), col(Meeting.id).desc()).limit(PAGE + 1)
    return [SecretariatMeeting(*row) for row in session.execute(ordered)]


@dataclass(frozen=True, slots=True)
class FewActions:
    """The first actions below a recommendation, and how many others there are."""

    shown: list[OwnedAction]
    others: int


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """Recommendations of a meeting with what is planned under each, by its id; `next` is the cursor behind them."""

    lines: list[MeetingLine]
    planned: dict[int, FewActions]
    next: str


def page(session: Session, meeting: Meeting, after: tuple[int, int] | None = None) -> MeetingPage:
    """As many recommendations as fill a page together with their actions, one at least: two statements."""
    lines = recommendations(session, meeting, after)
    planned = actions(session, lines)
    heights = (1 + len(planned[line.id].shown) if line.id in planned else 1 for line in lines)
    few = min(LINES, sum(height <= ROWS for height in accumulate(heights)))
    return MeetingPage(lines[:few], planned, cursors.following(lines, few, lambda last: (last.position, last.id)))


def recommendations(session: Session, meeting: Meeting, after: tuple[int, int] | None = None) -> list[MeetingLine]:
    """In the order of the report, one more than a page holds; `after`: the position and id of the last one shown."""
    names = ("id", "position", "ref", "titles", "response", "status", "is_priority")
    query: sa.Select[Any] = sa.select(
        *(col(getattr(Recommendation, name)) for name in names),
        col(Recommendation.published_at).is_not(None),
        col(Recommendation.is_disputed),
        col(Recommendation.created_at),
        col(Recommendation.responded_at),
    ).where(col(Recommendation.meeting_id) == meeting.id)
    if after:
        query = query.where(sa.tuple_(col(Recommendation.position), col(Recommendation.id)) > sa.tuple_(*after))
    ordered = query.order_by(col(Recommendation.position), col(Recommendation.id)).limit(LINES + 1)
    return [MeetingLine(*row) for row in session.execute(ordered).all()]


def whole(session: Session, meeting: Meeting) -> Whole:
    """Drafts count as nothing to publish: they stay in the house."""
    of_meeting = col(Recommendation.meeting_id) == meeting.id
    below, is_draft = col(Action.meeting_id) == meeting.id, col(Action.state) == State.DRAFT
    count, unpublished, unpublished_actions = session.execute(
        sa.select(
            _number(Recommendation, of_meeting),
            _number(Recommendation, of_meeting, col(Recommendation.published_at).is_(None)),
            _number(Action, below, ~is_draft, col(Action.published_at).is_(None)),
        )
    ).one()
    lacks = sa.or_(col(Action.owner_post_id).is_(None), col(Action.due_on).is_(None))
    refs = sa.select(col(Action.ref)).where(below, is_draft, lacks).order_by(col(Action.id)).limit(_REFS)
    is_waiting = meeting.published_at is None or bool(unpublished or unpublished_actions)
    return Whole(count, is_waiting, unpublished, unpublished_actions, list(session.scalars(refs)))


def actions(session: Session, lines: Sequence[MeetingLine]) -> dict[int, FewActions]:
    """The first of those below these recommendations, drafts too."""
    parent, number = col(Action.recommendation_id), col(Action.number)
    place = sa.func.row_number().over(partition_by=parent, order_by=number).label("place")
    counted = sa.select(col(Action.id).label("id"), place, sa.func.count().over(partition_by=parent).label("count"))
    below = counted.where(parent.in_([line.id for line in lines])).subquery()
    query = sa.select(below.c.count, *_OWNED).select_from(_OWNERS).join(below, below.c.id == col(Action.id))
    found: dict[int, FewActions] = {}
    for count, *row in session.execute(query.where(below.c.place <= FOLDED).order_by(parent, number)):
        planned = _owned(row)
        found.setdefault(planned.row.recommendation_id, FewActions([], max(0, count - FOLDED))).shown.append(planned)
    return found


def below(session: Session, recommendation_id: int) -> list[OwnedAction]:
    """Those of one recommendation, drafts too, in the order of their numbers: for its secretariat."""
    query = _PLANNED.where(col(Action.recommendation_id) == recommendation_id)
    return _planned(session, query.order_by(col(Action.number)))


def actions_of(session: Session, viewer: Viewer, recommendation_id: int) -> list[OwnedAction]:
    """Those of one recommendation that the viewer sees, in the order of their numbers."""
    query = _PLANNED.where(col(Action.recommendation_id) == recommendation_id, visible.actions(viewer))
    return _planned(session, query.order_by(col(Action.number)))


_OWNED: tuple[Any, ...] = (col(Post.titles), col(Organisation.titles), *ROW)
_OWNERS: Any = (
    table_of(Action)
    .outerjoin(table_of(Post), col(Post.id) == col(Action.owner_post_id))
    .outerjoin(table_of(Organisation), col(Organisation.id) == col(Post.organisation_id))
)
_PLANNED: sa.Select[Any] = sa.select(*_OWNED).select_from(_OWNERS)


def _planned(session: Session, query: sa.Select[Any]) -> list[OwnedAction]:
    return [_owned(row) for row in session.execute(query)]


def _owned(row: Iterable[Any]) -> OwnedAction:
    post, body, *columns = row
    return OwnedAction(ActionRow(*columns), post, body)


def _own(column: Any, viewer: Viewer) -> sa.ColumnElement[bool]:
    whole = (grant for grant in viewer.grants if grant.organisation_id is None and grant.region is None)
    granted = {grant.programme_id for grant in whole if grant.role is Role.SECRETARIAT}
    if None in granted:
        return sa.true()
    return sa.false() if not granted else column.in_(granted)


def _number(table: Any, *conditions: sa.ColumnElement[bool]) -> Any:
    return sa.select(sa.func.count()).select_from(table).where(*conditions).scalar_subquery()


def _count(table: Any, *conditions: sa.ColumnElement[bool]) -> Any:
    counted = sa.select(sa.func.count()).select_from(table).where(*conditions)
    return counted.correlate(Meeting, Report).scalar_subquery()
