"""Themes in the set-up and in the forms that choose one; a former address leads to the theme that was kept."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import shared
from app.domain.errors import NotFound
from app.domain.permissions import Viewer
from app.domain.texts import Titles
from app.models.meetings import SlugAlias
from app.models.recommendations import Recommendation, RecommendationTheme, Theme
from app.queries.scope import name_search
from app.queries.setup import ownership, rooms

FEW = 30  # in a list to choose from; words find the others


@dataclass(frozen=True, slots=True)
class ThemeLine:
    id: int
    slug: str
    titles: Titles


@dataclass(frozen=True, slots=True)
class Offered:
    """Some themes to choose from, and whether there are others."""

    rows: list[ThemeLine]
    is_more: bool


_ROW = col(Theme.id), col(Theme.slug), col(Theme.titles)


def listed(session: Session, viewer: Viewer, after: tuple[str, int] | None = None) -> list[ThemeLine]:
    """By slug; one more than a page holds tells that there is another."""
    rooms.require(viewer)
    query = sa.select(*_ROW).order_by(col(Theme.slug)).limit(rooms.PER_PAGE + 1)
    return _lines(session, query.where(col(Theme.slug) > after[0]) if after else query)


def offered(session: Session, words: str = "", chosen: Collection[int] = ()) -> Offered:
    """A few, by words of their names, and the chosen ones."""
    query = sa.select(*_ROW).order_by(col(Theme.slug))
    found = _lines(
        session, query.where(*name_search.conditions(words, col(Theme.titles), col(Theme.slug))).limit(FEW + 1)
    )
    missing = set(chosen) - {row.id for row in found[:FEW]}
    kept = _lines(session, query.where(col(Theme.id).in_(missing))) if missing else []
    return Offered([*kept, *found[:FEW]], len(found) > FEW)


def get(session: Session, viewer: Viewer, slug: str) -> Theme:
    """By its address, or one that leads to it."""
    rooms.require(viewer)
    former = sa.select(col(SlugAlias.target_id)).where(col(SlugAlias.kind) == "theme", col(SlugAlias.slug) == slug)
    found = session.scalars(sa.select(Theme).where(sa.or_(col(Theme.slug) == slug, col(Theme.id).in_(former)))).first()
    if found is None:
        raise NotFound
    return found


def changeable(session: Session, viewer: Viewer, slug: str, *, lock: bool = False) -> Theme:
    """Raises NotAllowed where it is not the viewer's to change. Whoever merges locks both themes in their order."""
    del lock
    found = get(session, viewer, slug)
    shared.require_change(viewer, ownership.on_theme(session, found))
    return found


def carried(session: Session, theme_id: int) -> tuple[int, bool]:
    """How many recommendations carry it, and whether the public sees one of them."""
    mine = col(RecommendationTheme.theme_id) == theme_id
    counted = sa.select(sa.func.count()).where(mine).scalar_subquery()
    is_shown = sa.exists().where(
        mine, col(Recommendation.id) == col(RecommendationTheme.recommendation_id), col(Recommendation.is_public)
    )
    count, is_public = session.execute(sa.select(counted, is_shown)).one()
    return count, bool(is_public)


def of_recommendation(session: Session, recommendation_id: int) -> list[ThemeLine]:
    """The main one first."""
    mine = col(RecommendationTheme.recommendation_id) == recommendation_id
    query = sa.select(*_ROW).join(RecommendationTheme, col(RecommendationTheme.theme_id) == col(Theme.id)).where(mine)
    return _lines(session, query.order_by(col(RecommendationTheme.position)))


def _lines(session: Session, query: Any) -> list[ThemeLine]:
    return [ThemeLine(*row) for row in session.execute(query)]
