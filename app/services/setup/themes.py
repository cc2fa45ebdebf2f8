"""Themes: made by whoever sets up; which ones a recommendation carries is its own affair."""

from sqlmodel import Session

from app.domain.texts import Titles, named
from app.models.recommendations import Theme
from app.services.kernel import audit, slugs
from app.services.kernel.audit import Actor
from app.services.setup.organisations import require_set_up


def create(session: Session, actor: Actor, *, titles: Titles) -> Theme:
    require_set_up(actor)
    titles = named(titles)
    theme = Theme(slug=slugs.give(session, Theme, titles), titles=titles)
    session.add(theme)
    session.flush()
    audit.record(session, actor, "create", "theme", theme.id, None, titles=titles)
    return theme
