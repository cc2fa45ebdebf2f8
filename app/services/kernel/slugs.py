"""Giving out slugs that never change, and the aliases that a renaming leaves."""

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from app.domain import references
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.texts import LANGS, Titles
from app.models.base import Table
from app.models.meetings import SlugAlias

KINDS = ("programme", "meeting", "organisation", "post", "theme")


def give(session: Session, table: type[Table], titles: Titles) -> str:
    """A free slug for a new row of `table`, from its first title in the order of LANGS, Latin ones first."""
    lang = next((lang for lang in ("fr", "en", "ar") if titles.get(lang)), LANGS[0])
    wanted = references.slugify(titles.get(lang, ""), lang)
    return references.unique(wanted, _taken(session, table, wanted))


def check(session: Session, table: type[Table], slug: str) -> str:
    """A slug that somebody typed; raises Refused when it is not ASCII words or is taken."""
    if slug != references.slugify(slug, "en"):
        raise Refused(N_("Use small Latin letters, digits and hyphens, for example fes-2024"), "slug")
    if slug in _taken(session, table, slug):
        raise Refused(N_("This address is taken: choose another"), "slug")
    return slug


def _taken(session: Session, table: type[SQLModel], wanted: str) -> set[str]:
    column = sa.column("slug", sa.String)
    rows = session.execute(sa.select(column).select_from(table).where(column.startswith(wanted, autoescape=True)))
    kind = str(getattr(table, "__tablename__", ""))
    aliases = session.execute(
        sa.select(col(SlugAlias.slug)).where(
            col(SlugAlias.kind) == kind, col(SlugAlias.slug).startswith(wanted, autoescape=True)
        )
    )
    return {row[0] for row in rows} | {row[0] for row in aliases}
