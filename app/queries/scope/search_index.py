"""The index of search asked: the places of documents that hold the words, best first, by cursor, on either database."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import references, searching
from app.domain.references import Reference
from app.models.base import one_of
from app.models.searches import SearchWord
from app.search import expressions
from app.search.expressions import AllOf, AnyOf, Expression, Token, Without
from app.search.hits import Wanted
from app.search.words import beginning, fold, words

MOST_WORDS = 8
_ENDINGS = 20  # words that the last one may become
_SHORTEST = 3  # letters of a word that is not typed to its end
_NEWEST = 2**63 - 1
_LAST = "\U0010ffff"


@dataclass(frozen=True)
class Sought:
    """What was typed: of each word the stems that may stand for it, and the reference if it is one whole."""

    words: tuple[tuple[str, ...], ...]
    reference: Reference | None
    wanted: Wanted


class IndexPlace(NamedTuple):
    """The stage in which a document was found, and its place."""

    stage: int
    id: int


def read(session: Session, text: str) -> Sought:
    """The last word counts as begun unless a space follows it."""
    typed = [*words(text)][:MOST_WORDS]
    asked: list[tuple[str, ...]] = [(stem,) for stem in dict.fromkeys(word.stem for word in typed)]
    begun = beginning(typed[-1].folded) if typed and not text[-1:].isspace() else ""
    begun = begun if len(begun) >= _SHORTEST and begun.isalpha() else ""
    if begun:
        last = (typed[-1].stem,)
        asked = [*(one for one in asked if one != last), tuple(dict.fromkeys([*last, *_becoming(session, begun)]))]
    reference = references.parse(fold(text).strip())
    return Sought(
        tuple(asked),
        reference,
        Wanted(frozenset(stem for stems in asked for stem in stems), begun),
    )


def _becoming(session: Session, begun: str) -> Iterator[str]:
    known = col(SearchWord.word)
    query = sa.select(known).where(known >= begun, known < begun + _LAST).order_by(known).limit(_ENDINGS)
    yield from session.scalars(query)


def page(
    session: Session, sought: Sought, within: list[Expression], after: IndexPlace | None, limit: int
) -> list[IndexPlace]:
    """What has all words in its title, then all others; in each the newest first."""
    found: list[IndexPlace] = []
    start = after or IndexPlace(0, _NEWEST)
    dialect = session.get_bind().dialect.name
    for stage, (asked, walked) in enumerate(_stages(sought)):
        if stage < start.stage or len(found) >= limit:
            continue
        given = {
            "asked": expressions.written(AllOf((asked, *within)), for_sqlite=dialect == "sqlite"),
            "before": start.id if stage == start.stage else _NEWEST,
            "limit": limit - len(found),
        }
        found += [IndexPlace(stage, row_id) for (row_id,) in session.execute(_query(dialect, walked), given)]
    return found


class _Walked(Enum):
    """Which of the newest documents PostgreSQL looks at before it asks the index of words."""

    NONE = auto()
    TITLED = auto()
    ALL = auto()


def _stages(sought: Sought) -> list[tuple[Expression, _Walked]]:
    """A reference finds what it names and the actions below that: its parts as words would find half of the index."""
    if sought.reference:
        named = searching.of_reference(sought.reference), searching.under(sought.reference)
        return [(Token(token), _Walked.NONE) for token in named]
    titled = AllOf(tuple(expressions.any_of(map(searching.of_title, stems)) for stems in sought.words))
    anywhere = AllOf(tuple(expressions.any_of(stems) for stems in sought.words))
    return [(titled, _Walked.TITLED), (Without(anywhere, titled), _Walked.ALL)] if sought.words else []


def any_token(tokens: frozenset[str]) -> Expression:
    return AnyOf(tuple(Token(token) for token in sorted(tokens)) or (Token("_"),))


def _query(dialect: str, walked: _Walked) -> sa.TextClause:
    return _SQLITE if dialect == "sqlite" else _POSTGRESQL[walked]


# This index gives its rows out by their place, so that the first of them are enough.
_SQLITE = sa.text(
    "SELECT rowid FROM search_index WHERE search_index MATCH :asked AND rowid < :before"
    " ORDER BY rowid DESC LIMIT :limit"
)

# PostgreSQL's gives out all that match, and they are sorted: a word that stands everywhere is found sooner among the
# newest. Left to its planner, it walks all of them for a word that is rare, or reads the table: it knows how often a
# token stands, but neither which go together nor where in time. So the newest are walked, a few; the index is asked
# only where these don't fill the page, and what is asked for comes from a statement below, which it can't estimate,
# in a sub-select that OFFSET keeps apart.
WALKED = 300
_HOLDS = "array_to_tsvector(string_to_array(tokens, ' ')) @@ (SELECT CAST(:asked AS tsquery))"
_INDEXED = f"SELECT id FROM search_document WHERE {_HOLDS} OFFSET 0"  # noqa: S608 - our own words
_WALKING = """
    WITH newest AS MATERIALIZED (
        SELECT id FROM (
            SELECT id, tokens FROM search_document WHERE id < :before{which} ORDER BY id DESC LIMIT {walked}
        ) AS walked
        WHERE {holds} ORDER BY id DESC LIMIT :limit
    )
    SELECT id FROM newest WHERE (SELECT count(*) FROM newest) >= :limit
    UNION ALL (
        SELECT id FROM ({indexed}) AS indexed
        WHERE id < :before AND (SELECT count(*) FROM newest) < :limit ORDER BY id DESC LIMIT :limit
    )
    ORDER BY id DESC
"""


def _walking(which: str) -> sa.TextClause:
    return sa.text(_WALKING.format(which=which, walked=WALKED, holds=_HOLDS, indexed=_INDEXED))


_POSTGRESQL = {
    _Walked.NONE: sa.text(
        f"SELECT id FROM ({_INDEXED}) AS indexed WHERE id < :before ORDER BY id DESC LIMIT :limit"  # noqa: S608 - our own words
    ),
    _Walked.TITLED: _walking(f" AND {one_of('kind', searching.TITLED)}"),
    _Walked.ALL: _walking(""),
}
