"""Programmes and meetings as their viewers may see them; the public list, and the report round its marks."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotFound
from app.domain.passages import CONTEXT, Excerpt
from app.domain.permissions import PUBLIC, Viewer
from app.domain.titles import Titles
from app.models.intake import Report
from app.models.meetings import Meeting, Programme, SlugAlias
from app.models.recommendations import Recommendation
from app.queries import locks, visible


def get(session: Session, viewer: Viewer, slug: str, *, lock: bool = False) -> Meeting:
    """The meeting at an address, if the viewer may know of it."""
    condition = col(Meeting.is_public) if viewer is PUBLIC else visible.meetings(viewer)
    query = sa.select(Meeting).where(col(Meeting.slug) == slug, condition)
    found = session.scalars(query.with_for_update(**locks.ROW) if lock else query).first()
    if found is None:
        raise NotFound
    return found


def get_programme(session: Session, viewer: Viewer, slug: str) -> Programme:
    found = session.scalars(sa.select(Programme).where(col(Programme.slug) == slug, visible.programmes(viewer))).first()
    if found is None:
        raise NotFound
    return found


def moved(session: Session, kind: str, slug: str) -> int | None:
    """What a former slug leads to."""
    query = sa.select(col(SlugAlias.target_id)).where(col(SlugAlias.kind) == kind, col(SlugAlias.slug) == slug)
    return session.scalars(query).first()


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One line of a public list: columns, not objects."""

    id: int
    slug: str
    titles: Titles
    held_on: dt.date
    place: Titles
    region: str


_ROW = tuple(col(getattr(Meeting, name)) for name in MeetingRow.__dataclass_fields__)


def newest(
    session: Session, limit: int, *, before: tuple[dt.date, int] | None = None, programme_id: int | None = None
) -> list[MeetingRow]:
    """The public meetings, the latest first; `before`: the date and id of the last one shown."""
    query: sa.Select[Any] = sa.select(*_ROW).where(col(Meeting.is_public))
    if programme_id is not None:
        query = query.where(col(Meeting.programme_id) == programme_id)
    if before:
        query = query.where(sa.tuple_(col(Meeting.held_on), col(Meeting.id)) < sa.tuple_(*before))
    ordered = query.order_by(col(Meeting.held_on).desc(), col(Meeting.id).desc()).limit(limit)
    return [MeetingRow(*row) for row in session.execute(ordered)]


@dataclass(frozen=True, slots=True)
class MeetingHead:
    """What a public page says of a meeting itself; `report_length` is None where no report was taken in."""

    id: int
    slug: str
    titles: Titles
    held_on: dt.date
    place: Titles
    region: str
    convenor: Titles
    chair: Titles
    participants: Titles
    programme_slug: str
    programme_titles: Titles
    report_length: int | None
    report_sha256: str | None
    report_lang: str | None
    is_report_public: bool


def head(session: Session, slug: str) -> MeetingHead:
    """The public meeting at an address."""
    query = (
        sa.select(
            *_ROW,
            col(Meeting.convenor),
            col(Meeting.chair),
            col(Meeting.participants),
            col(Programme.slug),
            col(Programme.titles),
            sa.func.length(col(Report.text)),
            col(Report.sha256),
            col(Report.lang),
            sa.func.coalesce(col(Report.is_public), sa.false()),
        )
        .join(Programme, col(Programme.id) == col(Meeting.programme_id))
        .outerjoin(Report, col(Report.meeting_id) == col(Meeting.id))
        .where(col(Meeting.slug) == slug, col(Meeting.is_public))
    )
    found = session.execute(query).first()
    if found is None:
        raise NotFound
    return MeetingHead(*found)


def excerpts(session: Session, meeting_id: int) -> list[Excerpt]:
    """The words round every public mark, of a report that is public as a whole; none of any other."""
    start, end = col(Recommendation.source_start), col(Recommendation.source_end)
    first = sa.case((start > CONTEXT, start - CONTEXT), else_=0)
    query = (
        sa.select(
            col(Recommendation.id),
            first,
            sa.func.substr(col(Report.text), first + 1, end - first + CONTEXT),
            start,
            end,
        )
        .join(Report, col(Report.meeting_id) == col(Recommendation.meeting_id))
        .where(col(Recommendation.meeting_id) == meeting_id, col(Recommendation.is_public), col(Report.is_public))
        .where(start.is_not(None), end.is_not(None))
    )
    return [Excerpt(key, at, text, (begin, stop)) for key, at, text, begin, stop in session.execute(query)]
