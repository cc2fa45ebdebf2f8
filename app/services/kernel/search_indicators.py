"""What stands in the index for an indicator: its name, its unit, and where the values that count come from."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.domain import references, searching
from app.domain.searching import SearchKind
from app.models.base import table_of
from app.models.indicators import Indicator, IndicatorValue
from app.models.meetings import Meeting
from app.models.people import Post
from app.models.recommendations import Recommendation
from app.services.kernel.search_tokens import IndexDocument, columns, document, narrowed, public, said
from app.statements import Statement

_OWN, _VALUE, _REC, _MEETING, _POST = (
    table_of(model) for model in (Indicator, IndicatorValue, Recommendation, Meeting, Post)
)


def documents(session: Session, ids: Sequence[int]) -> Iterator[IndexDocument]:
    sources: dict[int, list[str]] = defaultdict(list)
    for indicator_id, source in _SOURCES.rows(session, {"ids": ids}):
        sources[indicator_id].append(source)
    for row in _INDICATORS.rows(session, {"ids": ids}):
        row_id, programme_id, at, titles, unit, ref, keeper, body, *published = row
        seen = [searching.readers(programme_id), searching.readers(0), *_kept_by(keeper)]
        seen += public(programme_id, *(published if ref else published[:1]))
        beside = [*narrowed(SearchKind.INDICATOR, programme_id, at.year, body), *_below(ref)]
        text = said(titles), said(unit, *sources[row_id])
        yield document(SearchKind.INDICATOR, at, row_id, text, [*seen, *beside])


def _kept_by(post_id: int | None) -> list[str]:
    return [searching.holders(post_id)] if post_id else []


def _below(ref: str | None) -> list[str]:
    """Whoever looks for a recommendation by its reference finds what measures it, too."""
    reference = references.parse(ref) if ref else None
    return [searching.under(reference)] if reference else []


_IDS: Any = sa.bindparam("ids", expanding=True)
_INDICATORS = Statement(
    sa.select(
        *columns(_OWN, "id", "programme_id", "created_at", "titles", "unit"),
        _REC.c.ref,
        *columns(_OWN, "post_id"),
        _POST.c.organisation_id,
        _OWN.c.published_at,
        _REC.c.published_at.label("above_published_at"),
        _MEETING.c.published_at.label("meeting_published_at"),
    )
    .outerjoin(_REC, _REC.c.id == _OWN.c.recommendation_id)
    .outerjoin(_MEETING, _MEETING.c.id == _REC.c.meeting_id)
    .outerjoin(_POST, _POST.c.id == _OWN.c.post_id)
    .where(_OWN.c.id.in_(_IDS))
)
_SOURCES = Statement(
    sa.select(_VALUE.c.indicator_id, _VALUE.c.source)
    .where(_VALUE.c.indicator_id.in_(_IDS), _VALUE.c.is_current)
    .distinct()
)
