"""What a search is narrowed to: as an address says it, as tokens of the index, and under which names it is shown."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import searching
from app.domain.errors import InvalidQuery
from app.domain.messages import N_, Message
from app.domain.permissions import Viewer
from app.domain.progress import Status
from app.domain.searching import SearchKind
from app.domain.texts import Titles
from app.domain.workflow import State
from app.models.meetings import Programme, SlugAlias
from app.models.people import Organisation
from app.models.recommendations import Theme
from app.queries.scope import search_rights, visible
from app.search.expressions import Expression, Token
from app.statements import Statement

KINDS = tuple(kind for kind in SearchKind if kind is not SearchKind.BRIEF)  # a description counts as a note
LONGEST = 100
_YEARS = range(1956, 2157)
_STATES = frozenset({*map(str, State), *map(str, Status)})


@dataclass(frozen=True)
class SearchFilters:
    """As the address has them; empty: not asked for."""

    q: str = ""
    kind: str = ""
    programme: str = ""
    state: str = ""
    organisation: str = ""
    theme: str = ""
    year: str = ""

    @property
    def chosen(self) -> dict[str, str]:
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in given.items() if value}

    @property
    def narrowing(self) -> dict[str, str]:
        return self.without("q")

    def without(self, name: str) -> dict[str, str]:
        return {key: value for key, value in self.chosen.items() if key != name}

    def checked(self) -> "SearchFilters":
        """Raises InvalidQuery for a value that is none of ours."""
        is_year = self.year.isascii() and self.year.isdecimal() and len(self.year) == 4 and int(self.year) in _YEARS
        sound = {
            "q": len(self.q) <= LONGEST and "\0" not in self.q,
            "kind": self.kind in KINDS,
            "state": self.state in _STATES,
            "year": is_year,
        }
        for name in self.chosen:
            if not sound.get(name, True):
                raise _unknown(self, name)
        return self


@dataclass(frozen=True)
class NarrowedSearch:
    """What the filters name, by its titles, and the tokens that stand for them."""

    named: dict[str, Titles]
    tokens: list[Expression]


def narrowed(session: Session, viewer: Viewer, filters: SearchFilters) -> NarrowedSearch:
    """Raises InvalidQuery where they name nothing that the viewer may know of."""
    named: dict[str, Titles] = {}
    tokens: list[Expression] = [Token(token) for token in _own_tokens(filters)]
    for name, table, known, token in _NAMED:
        slug = getattr(filters, name)
        if not slug:
            continue
        query = sa.select(col(table.id), col(table.titles)).where(_called(table, name, slug), known(viewer))
        row = session.execute(query).first() if "\0" not in slug else None
        if row is None:
            raise _unknown(filters, name)
        named[name] = row[1]
        tokens.append(Token(token(row[0])))
    return NarrowedSearch(named, tokens)


def _called(table: Any, kind: str, slug: str) -> sa.ColumnElement[bool]:
    """Also by an address that it had before, or that was another theme's which was merged into it."""
    former = sa.select(col(SlugAlias.target_id)).where(col(SlugAlias.kind) == kind, col(SlugAlias.slug) == slug)
    return sa.or_(col(table.slug) == slug, col(table.id).in_(former))


def programmes(session: Session, viewer: Viewer) -> list[tuple[str, Titles]]:
    """Those to choose from."""
    return [(row[0], row[1]) for row in _offered(search_rights.sight_of(viewer)).rows(session, {})]


@lru_cache(maxsize=256)
def _offered(viewer: Viewer) -> Statement:
    query = sa.select(col(Programme.slug), col(Programme.titles)).where(visible.programmes(viewer))
    return Statement(query.order_by(col(Programme.slug)).limit(50))


def _own_tokens(filters: SearchFilters) -> list[str]:
    return [
        *([searching.of_kind(SearchKind(filters.kind))] if filters.kind else []),
        *([searching.of_state(filters.state)] if filters.state else []),
        *([searching.of_year(int(filters.year))] if filters.year else []),
    ]


def _anybody(_viewer: Viewer) -> sa.ColumnElement[bool]:
    return sa.true()


_Named = tuple[
    str,
    type[Programme] | type[Organisation] | type[Theme],
    Callable[[Viewer], sa.ColumnElement[bool]],
    Callable[[int], str],
]
_NAMED: tuple[_Named, ...] = (
    ("programme", Programme, visible.programmes, searching.in_programme),
    ("organisation", Organisation, _anybody, searching.led_by),
    ("theme", Theme, _anybody, searching.of_theme),
)


def _unknown(filters: SearchFilters, name: str) -> InvalidQuery:
    return InvalidQuery(Message(N_("There is no such filter. The others are kept.")), filters.without(name))
