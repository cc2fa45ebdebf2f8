"""Where a former slug leads on the public pages: addresses never die."""

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotFound
from app.models.meetings import Meeting, Programme, SlugAlias
from app.models.people import Organisation
from app.models.recommendations import Theme
from app.queries.public import themes

_SLUGS = {
    "programme": sa.select(col(Programme.slug)).join(SlugAlias, col(SlugAlias.target_id) == col(Programme.id)),
    "meeting": sa.select(col(Meeting.slug)).join(SlugAlias, col(SlugAlias.target_id) == col(Meeting.id)),
    "theme": sa.select(col(Theme.slug)).join(SlugAlias, col(SlugAlias.target_id) == col(Theme.id)),
    "organisation": sa.select(col(Organisation.slug)).join(SlugAlias, col(SlugAlias.target_id) == col(Organisation.id)),
}
_IS_PUBLIC = {
    "programme": col(Programme.published_at).is_not(None),
    "meeting": col(Meeting.is_public),
    "organisation": sa.true(),
    "theme": themes.is_shown(),
}


def current(session: Session, kind: str, slug: str) -> str:
    """The present slug of what was once called `slug`, if the public may know of it."""
    query = _SLUGS[kind].where(col(SlugAlias.kind) == kind, col(SlugAlias.slug) == slug, _IS_PUBLIC[kind])
    found = session.scalars(query).first()
    if found is None:
        raise NotFound
    return found
