"""Themes: made by whoever sets up; which ones a recommendation carries is its own affair."""

from sqlmodel import Session

from app.domain.titles import Titles, named
from app.models.recommendations import Theme
from app.services import audit, slugs
from app.services.audit import Actor
from app.services.organisations import require_set_up


def create(session: Session, actor: Actor, *, titles: Titles) -> Theme:
    require_set_up(actor)
    titles = named(titles)
    theme = Theme(slug=slugs.give(session, Theme, titles), titles=titles)
    session.add(theme)
    session.flush()
    audit.record(session, actor, "create", "theme", theme.id or 0, None, titles=titles)
    return theme
