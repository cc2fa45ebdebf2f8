"""Themes: made by whoever sets up, renamed, merged; which ones a recommendation carries is its own affair."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import shared
from app.domain.errors import NotFound, Refused
from app.domain.messages import N_, Counted
from app.domain.places import ALL
from app.domain.texts import Titles, named
from app.models.base import table_of
from app.models.meetings import SlugAlias
from app.models.recommendations import RecommendationTheme, Theme
from app.queries.scope import locks
from app.queries.setup import ownership
from app.services.kernel import audit, changes, searches, slugs
from app.services.kernel.audit import Actor
from app.services.kernel.conflicts import expect
from app.services.setup.organisations import require_set_up

_OF = table_of(RecommendationTheme)


def create(session: Session, actor: Actor, *, titles: Titles) -> Theme:
    require_set_up(actor)
    titles = named(titles)
    owner = shared.home(actor.viewer)
    theme = Theme(slug=slugs.give(session, Theme, titles), titles=titles, owner_programme_id=owner)
    session.add(theme)
    session.flush()
    audit.record(session, actor, "create", "theme", theme.id, None, titles=titles)
    return theme


def edit(session: Session, actor: Actor, theme: Theme, *, titles: Titles, version: int | None = None) -> None:
    """Its address stays; raises Stale when somebody else renamed it in the meantime."""
    shared.require_change(actor.viewer, ownership.on_theme(session, theme))
    if session.get(Theme, theme.id, with_for_update=locks.ROW, populate_existing=True) is None:  # merged meanwhile
        raise NotFound
    expect(theme, version, ("titles",))
    theme.titles = named(titles)
    theme.version += 1
    session.flush()
    audit.record(session, actor, "edit", "theme", theme.id, None, titles=theme.titles)


def merge(session: Session, actor: Actor, theme: Theme, kept: Theme | None, *, is_meant: bool = False) -> None:
    """All recommendations move to the theme that is kept, and so does the address; only new acts lead back.

    Whoever chose the theme for a recommendation meanwhile waits, and finds that there is no such theme.
    """
    shared.require_change(actor.viewer, ownership.on_theme(session, theme))
    if kept is None or kept.id == theme.id:
        raise Refused(N_("Choose the other theme, which is kept"), "into")
    shared.require_change(actor.viewer, ownership.on_theme(session, kept))
    if len(session.scalars(_THESE, {"ids": (theme.id, kept.id)}).all()) < 2:
        raise NotFound
    moved = list(session.scalars(sa.select(_OF.c.recommendation_id).where(_OF.c.theme_id == theme.id)))
    if not is_meant:
        raise Refused(_asked_back(len(moved)), "is_meant")
    _move(session, theme.id, kept.id)
    _leave_address(session, theme, kept)
    searches.note_recommendations(session, moved)
    changes.note(session, ALL)
    audit.record(session, actor, "merge", "theme", theme.id, None, into=kept.id, titles=theme.titles, moved=moved)
    audit.record(session, actor, "take_in", "theme", kept.id, None, merged=theme.id)


_THESE: Any = (
    sa.select(col(Theme.id)).where(col(Theme.id).in_(sa.bindparam("ids", expanding=True))).order_by(col(Theme.id))
).with_for_update()


def _asked_back(moved: int) -> Counted:
    return Counted(
        "%(num)s recommendation moves, and no button takes that back. Tick that it is meant, and send again.",
        "%(num)s recommendations move, and no button takes that back. Tick that it is meant, and send again.",
        moved,
    )


def _move(session: Session, former: int, kept: int) -> None:
    """Where both stood, the kept one takes the better place."""
    old = _OF.alias("old")
    beside = sa.and_(old.c.recommendation_id == _OF.c.recommendation_id, old.c.theme_id == former)
    better = sa.select(old.c.position).where(beside).scalar_subquery()
    session.execute(
        sa.update(_OF)
        .where(_OF.c.theme_id == kept, sa.exists().where(beside), better < _OF.c.position)
        .values(position=better)
    )
    both = sa.select(old.c.recommendation_id).where(old.c.theme_id == kept)
    session.execute(sa.delete(_OF).where(_OF.c.theme_id == former, _OF.c.recommendation_id.in_(both)))
    session.execute(sa.update(_OF).where(_OF.c.theme_id == former).values(theme_id=kept))


def _leave_address(session: Session, theme: Theme, kept: Theme) -> None:
    """Also what led to the merged one leads on, in one step."""
    earlier = sa.update(SlugAlias).where(col(SlugAlias.kind) == "theme", col(SlugAlias.target_id) == theme.id)
    session.execute(earlier.values(target_id=kept.id))
    session.delete(theme)
    session.flush()
    session.add(SlugAlias(kind="theme", slug=theme.slug, target_id=kept.id))
    session.flush()


def hold(session: Session, theme_ids: list[int]) -> None:
    """Keep these from being merged until the transaction ends; raises NotFound where one is no more."""
    found = session.scalars(_KEPT, {"ids": sorted(set(theme_ids))}).all()
    if len(found) < len(set(theme_ids)):
        raise NotFound


_KEPT: Any = (
    sa.select(col(Theme.id)).where(col(Theme.id).in_(sa.bindparam("ids", expanding=True))).order_by(col(Theme.id))
).with_for_update(read=True, **locks.ROW)
