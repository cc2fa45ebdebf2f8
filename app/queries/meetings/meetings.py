"""Programmes and meetings as their viewers may see them; the public list, and the report round its marks."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotFound
from app.domain.passages import CONTEXT, Excerpt
from app.domain.permissions import PUBLIC, Viewer
from app.domain.texts import Titles
from app.domain.translations import MadeOf
from app.models.base import table_of
from app.models.intake import Report
from app.models.meetings import Meeting, Programme
from app.models.recommendations import Recommendation
from app.queries.scope import locks, visible
from app.statements import Statement


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


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One line of a public list: columns, not objects."""

    id: int
    slug: str
    titles: Titles
    held_on: dt.date
    place: Titles
    region: str
    made_of: dict[str, MadeOf]


_MEETING, _PROGRAMME, _REPORT = (table_of(model) for model in (Meeting, Programme, Report))
_ROW = tuple(_MEETING.c[name] for name in MeetingRow.__dataclass_fields__)


def newest(
    session: Session, limit: int, *, before: tuple[dt.date, int] | None = None, programme_id: int | None = None
) -> list[MeetingRow]:
    """The public meetings, the latest first; `before`: the date and id of the last one shown."""
    given: dict[str, object] = {"most": limit, "programme_id": programme_id}
    if before:
        given |= {"held_on": before[0], "id": before[1]}
    query = _newest(is_before=before is not None, is_of_programme=programme_id is not None)
    return [MeetingRow(*row) for row in query.rows(session, given)]


@cache
def _newest(*, is_before: bool, is_of_programme: bool) -> Statement:
    """Made once: making a statement costs several times what running it does."""
    query: Any = sa.select(*_ROW).where(_MEETING.c.is_public)
    if is_of_programme:
        query = query.where(_MEETING.c.programme_id == sa.bindparam("programme_id"))
    if is_before:
        place = sa.bindparam("held_on", type_=sa.Date()), sa.bindparam("id", type_=sa.Integer())
        query = query.where(sa.tuple_(_MEETING.c.held_on, _MEETING.c.id) < sa.tuple_(*place))
    return Statement(query.order_by(_MEETING.c.held_on.desc(), _MEETING.c.id.desc()).limit(sa.bindparam("most")))


@dataclass(frozen=True, slots=True)
class MeetingHead:
    """What a public page says of a meeting itself; `report_length` is None where no report was taken in."""

    id: int
    slug: str
    titles: Titles
    held_on: dt.date
    place: Titles
    region: str
    made_of: dict[str, MadeOf]
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
    found = _HEAD.first(session, {"slug": slug})
    if found is None:
        raise NotFound
    return MeetingHead(*found)


_HEAD = Statement(
    sa.select(
        *_ROW,
        _MEETING.c.convenor,
        _MEETING.c.chair,
        _MEETING.c.participants,
        _PROGRAMME.c.slug,
        _PROGRAMME.c.titles,
        sa.func.length(_REPORT.c.text),
        _REPORT.c.sha256,
        _REPORT.c.lang,
        sa.func.coalesce(_REPORT.c.is_public, sa.false()),
    )
    .join(_PROGRAMME, _PROGRAMME.c.id == _MEETING.c.programme_id)
    .outerjoin(_REPORT, _REPORT.c.meeting_id == _MEETING.c.id)
    .where(_MEETING.c.slug == sa.bindparam("slug"), _MEETING.c.is_public)
)


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
        .order_by(start, col(Recommendation.id))
    )
    return [Excerpt(key, at, text, (begin, stop)) for key, at, text, begin, stop in session.execute(query).all()]
