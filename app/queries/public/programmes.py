"""Programmes on the public pages."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotFound
from app.domain.periods import Rhythm
from app.domain.texts import Titles
from app.domain.translations import MadeOf
from app.models.meetings import Programme


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    id: int
    slug: str
    titles: Titles
    word_every: Rhythm | None
    made_of: dict[str, MadeOf]


_ROW = tuple(col(getattr(Programme, name)) for name in ProgrammeRow.__dataclass_fields__)


def public(session: Session, slug: str) -> ProgrammeRow:
    """The published programme at an address."""
    query = sa.select(*_ROW).where(col(Programme.slug) == slug, col(Programme.published_at).is_not(None))
    found = session.execute(query).first()
    if found is None:
        raise NotFound
    return ProgrammeRow(*found)
