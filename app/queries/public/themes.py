"""What is public about a theme: the recommendations of all meetings that carry it, the newest first."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.errors import NotFound
from app.domain.texts import Titles
from app.domain.translations import MadeOf
from app.models.base import table_of
from app.models.recommendations import Recommendation, RecommendationTheme, Theme
from app.queries.meetings.recommendations import ROW, RecommendationRow

PER_PAGE = 25
_THEME, _OF, _REC = (table_of(model) for model in (Theme, RecommendationTheme, Recommendation))


@dataclass(frozen=True, slots=True)
class ThemeRow:
    id: int
    slug: str
    titles: Titles
    made_of: dict[str, MadeOf]


def get(session: Session, slug: str) -> ThemeRow:
    """Of a theme that nothing public carries nobody outside knows."""
    found = session.execute(_AT, {"slug": slug}).first()
    if found is None:
        raise NotFound
    return ThemeRow(*found)


def recommendations(session: Session, theme_id: int, before: int | None) -> list[RecommendationRow]:
    """One row more than a page tells that there is another."""
    given = {"theme_id": theme_id} | ({"before": before} if before else {})
    return [RecommendationRow(*row) for row in session.execute(_listed(is_before=before is not None), given)]


def is_shown() -> Any:
    """Whether the public may know of a theme."""
    return (
        sa.exists()
        .where(_OF.c.theme_id == _THEME.c.id, _REC.c.id == _OF.c.recommendation_id, _REC.c.is_public)
        .correlate(_THEME)
    )


_AT: Any = sa.select(*(_THEME.c[name] for name in ThemeRow.__dataclass_fields__)).where(
    _THEME.c.slug == sa.bindparam("slug"), is_shown()
)


@cache
def _listed(*, is_before: bool) -> Any:
    query: Any = sa.select(*ROW).join(_OF, _OF.c.recommendation_id == _REC.c.id)
    query = query.where(_OF.c.theme_id == sa.bindparam("theme_id"), _REC.c.is_public)
    if is_before:
        query = query.where(_OF.c.recommendation_id < sa.bindparam("before", type_=sa.Integer()))
    return query.order_by(_OF.c.recommendation_id.desc()).limit(PER_PAGE + 1)
