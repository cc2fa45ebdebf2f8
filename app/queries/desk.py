"""The follow-up desk: what needs the secretariat or a verifier today, counted in one statement, listed by section."""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.calendar import add_working_days
from app.domain.permissions import Role, Viewer
from app.domain.progress import Status
from app.domain.schedule import STALE_DAYS
from app.domain.titles import Titles
from app.domain.workflow import BlockReason, State, Verb
from app.models.actions import Action
from app.models.evidence import EvidenceItem
from app.models.people import Organisation, Post
from app.models.recommendations import Recommendation
from app.models.updates import Update
from app.queries import actions, calendar, outgoing, visible
from app.queries.actions import ActionRow
from app.queries.outgoing import Went

FEW, MANY = 8, 100
CONFIRMED_WITHIN = 5  # working days: from then on the ladder asks again too
_WORKING = (State.ASSIGNED, State.ACKNOWLEDGED, State.IN_PROGRESS, State.BLOCKED)


class Section(StrEnum):
    TO_ASSIGN = "to_assign"
    TO_VERIFY = "to_verify"
    WORDS = "words"
    UNCONFIRMED = "unconfirmed"
    BLOCKED = "blocked"
    SILENT = "silent"
    FAILED = "failed"
    UNANSWERED = "unanswered"
    UNPLANNED = "unplanned"
    TO_PUBLISH = "to_publish"


@dataclass(frozen=True, slots=True)
class Line:
    """An action that needs somebody."""

    row: ActionRow
    organisation: Titles | None
    post: Titles | None
    block_reason: BlockReason | None
    who_can_unblock: str


@dataclass(frozen=True, slots=True)
class Said:
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

    ref: str
    titles: Titles
    status: Status
    responded_at: dt.datetime | None
    created_at: dt.datetime

    def days(self, today: dt.date) -> int:
        return max(0, (today - (self.responded_at or self.created_at).date()).days)


@dataclass(frozen=True)
class Desk:
    counts: dict[Section, int]
    lines: dict[Section, list[Line]] = field(default_factory=dict)
    words: list[Said] = field(default_factory=list)
    recommendations: dict[Section, list[Unplanned]] = field(default_factory=dict)
    failed: list[Went] = field(default_factory=list)
    declared: dict[int, str] = field(default_factory=dict)  # what was said with the submission
    documents: dict[int, list[str]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def of(session: Session, viewer: Viewer, now: dt.datetime, today: dt.date, only: Section | None = None) -> Desk:
    """All sections with their first lines, or one of them at length."""
    conditions = _conditions(session, viewer, now, today)
    desk = Desk(_counts(session, viewer, now, conditions))
    limit = MANY if only else FEW
    for section in [only] if only else Section:
        if not desk.counts[section]:
            continue
        if section in _ACTIONS:
            desk.lines[section] = _lines(session, conditions[section], limit)
        elif section == Section.WORDS:
            desk.words.extend(_words(session, conditions[section], limit))
        elif section == Section.FAILED:
            desk.failed.extend(outgoing.failed(session, viewer, now)[:limit])
        else:
            desk.recommendations[section] = _recommendations(session, conditions[section], limit)
    ids = [line.row.id for line in desk.lines.get(Section.TO_VERIFY, ())]
    desk.declared.update(_declared(session, ids))
    for action_id, title in session.execute(_pieces(ids)) if ids else ():
        desk.documents.setdefault(action_id, []).append(title)
    return desk


_ACTIONS = frozenset(
    {
        Section.TO_ASSIGN,
        Section.TO_VERIFY,
        Section.UNCONFIRMED,
        Section.BLOCKED,
        Section.SILENT,
        Section.TO_PUBLISH,
    }
)


def _conditions(
    session: Session, viewer: Viewer, now: dt.datetime, today: dt.date
) -> dict[Section, sa.ColumnElement[bool]]:
    """What belongs where; verifiers see what is theirs to verify, the secretariat everything."""
    own = visible.held(col(Action.programme_id), viewer, Role.SECRETARIAT)
    state, heard = col(Action.state), sa.func.coalesce(col(Action.last_word_at), col(Action.assigned_at))
    patience = add_working_days(today, -CONFIRMED_WITHIN, calendar.around(session, today))
    asked = dt.datetime.combine(patience, dt.time.max, tzinfo=dt.UTC)
    parent = sa.select(col(Recommendation.id)).where(col(Recommendation.is_public))
    recommended = visible.held(col(Recommendation.programme_id), viewer, Role.SECRETARIAT)
    status = col(Recommendation.status)
    return {
        Section.TO_ASSIGN: own & state.in_((State.DRAFT, State.DECLINED)),
        Section.TO_VERIFY: visible.held(col(Action.programme_id), viewer, Role.SECRETARIAT, Role.VERIFIER)
        & (state == State.SUBMITTED),
        Section.UNCONFIRMED: own & (state == State.ASSIGNED) & (col(Action.assigned_at) <= asked),
        Section.BLOCKED: own & (state == State.BLOCKED),
        Section.SILENT: own & state.in_(_WORKING) & (heard <= now - dt.timedelta(days=STALE_DAYS)),
        Section.TO_PUBLISH: own
        & state.in_((*_WORKING, State.SUBMITTED, State.VERIFIED))
        & col(Action.published_at).is_(None)
        & col(Action.recommendation_id).in_(parent),
        Section.WORDS: visible.held(col(Update.programme_id), viewer, Role.SECRETARIAT)
        & col(Update.released_at).is_(None)
        & (col(Update.public_summary) != "")
        & (col(Update.withheld_reason) == ""),
        Section.UNANSWERED: recommended & (status == Status.AWAITING_RESPONSE),
        Section.UNPLANNED: recommended & (status == Status.ACCEPTED_NO_ACTION),
    }


def _counts(
    session: Session, viewer: Viewer, now: dt.datetime, conditions: dict[Section, sa.ColumnElement[bool]]
) -> dict[Section, int]:
    """One statement for all of them."""
    counted: list[Any] = []
    for section in Section:
        if section == Section.FAILED:
            counted.append(outgoing.count_failed(viewer, now))
            continue
        table: Any = Action if section in _ACTIONS else Update if section == Section.WORDS else Recommendation
        counted.append(sa.select(sa.func.count()).select_from(table).where(conditions[section]).scalar_subquery())
    row = session.execute(sa.select(*counted)).one()
    return dict(zip(Section, row, strict=True))


def _lines(session: Session, which: sa.ColumnElement[bool], limit: int) -> list[Line]:
    query = (
        sa.select(
            *actions.ROW,
            col(Organisation.titles),
            col(Post.titles),
            col(Action.block_reason),
            col(Action.who_can_unblock),
        )
        .outerjoin(Organisation, col(Organisation.id) == col(Action.lead_organisation_id))
        .outerjoin(Post, col(Post.id) == col(Action.owner_post_id))
        .where(which)
        .order_by(col(Action.due_on).asc().nulls_last(), col(Action.id))
        .limit(limit)
    )
    width = len(actions.ROW)
    return [Line(ActionRow(*row[:width]), *row[width:]) for row in session.execute(query)]


def _words(session: Session, which: sa.ColumnElement[bool], limit: int) -> list[Said]:
    query = (
        sa.select(
            col(Update.id),
            col(Action.ref),
            col(Action.titles),
            col(Update.at),
            col(Update.public_summary),
            col(Post.titles),
        )
        .join(Action, col(Action.id) == col(Update.action_id))
        .outerjoin(Post, col(Post.id) == col(Update.post_id))
        .where(which)
        .order_by(col(Update.id))
        .limit(limit)
    )
    return [Said(*row) for row in session.execute(query)]


def _recommendations(session: Session, which: sa.ColumnElement[bool], limit: int) -> list[Unplanned]:
    since = sa.func.coalesce(col(Recommendation.responded_at), col(Recommendation.created_at))
    columns = (Recommendation.ref, Recommendation.titles, Recommendation.status)
    query = (
        sa.select(*map(col, columns), col(Recommendation.responded_at), col(Recommendation.created_at))
        .where(which)
        .order_by(since, col(Recommendation.id))
        .limit(limit)
    )
    return [Unplanned(*row) for row in session.execute(query)]


def _declared(session: Session, ids: list[int]) -> dict[int, str]:
    """The words of the last submission of each."""
    last = (
        sa.select(sa.func.max(col(Update.id)))
        .where(col(Update.action_id).in_(ids), col(Update.verb) == Verb.SUBMIT)
        .group_by(col(Update.action_id))
    )
    words = sa.case((col(Update.note) != "", col(Update.note)), else_=col(Update.public_summary))
    query = sa.select(col(Update.action_id), words).where(col(Update.id).in_(last))
    return dict(session.execute(query).all()) if ids else {}


def _pieces(ids: list[int]) -> Any:
    query = sa.select(col(EvidenceItem.action_id), col(EvidenceItem.title)).where(col(EvidenceItem.action_id).in_(ids))
    return query.order_by(col(EvidenceItem.id))
